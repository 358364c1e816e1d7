"""The lexical index: Arabic spelled in many ways meets itself, and the arrays are bm25s's own."""

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import lexical
from index.analysis import FUNCTION_WORDS, content_words, stem, terms, word_terms
from index.lexical import K1, QUESTION_WORDS, B, Postings, WordIndex
from index.lexicon import heard_words

TEXTS = [
    "عُقد الاجتماع الثامن لرؤساء المكاتب المركزية الوطنية في مدينة ليون الفرنسية يومي 3 و4 شتنبر.",
    "أعلنت الشركة عن خط بحري جديد يربط ميناء أكادير الفرنسي الطراز بميناء دكار.",
    "فاز المنتخب المغربي بكأس العرب في قطر بعد مباراة مثيرة.",
    "Le port de Tanger Med a ouvert en 2007.",
]


@pytest.fixture
def index(tmp_path):
    Postings.of(TEXTS).save(tmp_path / "words")
    return WordIndex.open(tmp_path / "words")


def best(index, question):
    return int(np.argmax(index.scores(question).scores))


@pytest.mark.parametrize(
    "question",
    [
        "متى عُقد اجتماع ليون؟",
        "متي عقد إجتماع ليون",
        "فوقاش كان الإجتماع ديال ليون",
        "الاِجتِمـاع بلیون",
        "اجتماع سبتمبر",
        "اجتماعات أيلول",
    ],
)
def test_a_question_in_another_spelling_dialect_or_month_name_finds_the_passage(index, question):
    assert best(index, question) == 0


def test_latin_words_are_found_whatever_their_case_accents_and_plural(index):
    assert best(index, "les ports de TÁNGER") == 3


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("when was the meeting in Lyon?", 0),
        ("when was the lyon meeting", 0),
        ("Quelle ligne relie Agadir à Dakar ?", 1),
        ("شحال من بلد فين كاين Lyon", 0),
        ("fo9ach rbe7 lmaghrib f Qatar", 2),
        ("What did Morocco win?", 2),
    ],
)
def test_names_and_countries_in_latin_letters_are_found_by_their_sound(index, question, passage):
    assert best(index, question) == passage


def test_only_the_names_of_a_sentence_are_listened_to_and_where_there_are_none_what_is_not_translated():
    assert heard_words("When did Hammouchi visit the port of Agadir?") == ["hammouchi", "agadir"]
    assert heard_words("when did the zxqvi visit oulmes") == ["zxqvi", "oulmes"]
    assert heard_words("فوقاش زار Zxqvi port ديال Oulmes") == ["zxqvi", "oulmes"]
    assert heard_words("3lach mcha Zxqvi l Oulmes") == ["3lach", "mcha", "zxqvi", "oulmes"]
    assert heard_words("متى زار حموشي أكادير سنة 2025؟") == []


def test_sounds_change_nothing_for_a_question_in_arabic_letters(index, tmp_path, monkeypatch):
    monkeypatch.setattr(lexical, "sound_terms", lambda word: ())
    Postings.of(TEXTS).save(tmp_path / "deaf")
    deaf = WordIndex.open(tmp_path / "deaf")
    for question in ("متى عقد اجتماع ليون؟", "خط بحري بين اكادير و دكار 2007"):
        ours, theirs = index.scores(question), deaf.scores(question)
        assert np.array_equal(ours.scores, theirs.scores) and ours.known_share == theirs.known_share


@pytest.mark.parametrize(("word", "root"), [("والاجتماعات", "اجتماع"), ("بالمدينه", "مدين"), ("في", "في")])
def test_a_stem_loses_article_particles_and_endings_but_never_its_last_two_letters(word, root):
    assert stem(word) == root


@given(st.text("ابتةهيىواللمن", min_size=1, max_size=8))
def test_no_word_is_stemmed_to_less_than_it_has(word):
    assert min(len(word), 2) <= len(stem(word)) <= len(word)
    assert word_terms(word)[0] == word


@pytest.mark.parametrize(
    "question",
    ["شكون هو؟", "فين كاينة", "متى كان ذلك؟", "who is he", "Où est-ce ?", "إزاي ده", "شو هاد", "وش هو"],
)
def test_words_that_only_ask_are_no_content(question):
    assert content_words(question) == []


@pytest.mark.parametrize("word", ["دول", "زعماء", "إمام", "الأم", "ولي", "والي", "حق", "فرح"])
def test_names_of_things_are_content_even_when_they_look_like_function_words(word):
    assert content_words(word)


def test_function_words_are_folded():
    assert {"متي", "الي", "ايه", "ou"} <= FUNCTION_WORDS


def test_the_scores_are_those_of_bm25s(index):
    vocabulary = {}
    ids = [[vocabulary.setdefault(term, len(vocabulary)) for term in terms(text)] for text in TEXTS]
    expected = bm25s.BM25(k1=K1, b=B, method="lucene")
    expected.index((ids, vocabulary), show_progress=False)
    for question in ("اجتماع ليون", "خط بحري", "Tanger Med"):
        distinct = list(dict.fromkeys(terms(question)))
        assert np.allclose(index.scores(question).scores, expected.get_scores(distinct), atol=1e-5)


def test_a_question_in_a_language_the_articles_do_not_use_is_hardly_known(index):
    assert index.scores("الاجتماع في مدينة ليون").known_share == 1
    assert index.scores("Wann wurde das achte Treffen abgehalten?").known_share < 0.1
    assert 0.3 < index.scores("اجتماع طوكيو").known_share < 0.9


@pytest.mark.parametrize("question", ["", "؟!", "😀", "من في على", "🙂 ..."])
def test_a_question_without_words_scores_nothing(index, question):
    words = index.scores(question)
    assert not words.scores.any()
    assert words.known_share == 0


def test_an_index_of_nothing_answers_nothing(tmp_path):
    Postings.of([]).save(tmp_path / "words")
    index = WordIndex.open(tmp_path / "words")
    assert len(index.scores("اجتماع ليون").scores) == len(index) == 0
    assert np.isfinite(index.idf("اجتماع"))


def test_rare_words_weigh_more_than_common_ones_and_unknown_ones_most(index):
    assert index.idf("فرنسيه") < index.idf("قطر") == index.idf("طوكيو")


def test_a_very_long_question_is_read_up_to_its_first_words(index):
    assert best(index, "اجتماع ليون " + " ".join(f"كلمه{i}" for i in range(QUESTION_WORDS * 50))) == 0
    beyond = " ".join(f"كلمه{i}" for i in range(QUESTION_WORDS)) + " قطر"
    assert index.scores(beyond).scores[2] == 0


WORDS = st.sampled_from("اجتماع ليون ميناء اكادير المغرب مغربي 2025 port".split())
BATCH = st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=6)


@settings(deadline=None)
@given(BATCH, BATCH, st.data())
def test_a_change_gives_the_arrays_that_a_fresh_index_would_have(first, more, data):
    keep = np.array([data.draw(st.booleans()) for _ in first], dtype=bool)
    changed = Postings.of(first).followed_by(more, keep)
    fresh = Postings.of([text for text, kept in zip(first, keep, strict=True) if kept] + more)
    for name in ("codes", "starts", "ordinals", "counts", "lengths"):
        assert np.array_equal(getattr(changed, name), getattr(fresh, name)), name
