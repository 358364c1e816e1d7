"""Words that articles say otherwise: what is learned, what it finds, and how a question is reworded."""

import pytest

from corpus.article import Article
from corpus.names import likeness
from index import lexical
from index.analysis import is_latin, root_of
from index.lexical import Postings, WordIndex
from index.lexicon import FILE, heard_words, translations
from index.passage import Passage
from qa.matching import Matcher, terms_of
from qa.rewording import reworded
from training.lexicon import LEAST, MOST, WEIGHT, learn, write

MEETING = "ترأس المدير العام حموشي الوفد المغربي في اجتماع ليون"
VICTORY = "فاز المنتخب بالبطولة بعد مباراة مثيرة"


def passage(text, title=""):
    return Passage(Article(id="a", title=title, text=text, source="a test"), 0, len(text))


def pairs(*questions):
    return [(tuple(foreign.split()), tuple(arabic.split())) for foreign, arabic in questions]


def test_words_that_always_meet_translate_one_another():
    lexicon = learn(
        pairs(
            ("reunion lyon", "اجتماع ليون"),
            ("reunion rabat", "اجتماع رباط"),
            ("port rabat", "ميناء رباط"),
            ("port lyon", "ميناء ليون"),
        ),
        rounds=30,
        fewest=2,
    )
    best = {word: roots[0] for word, roots in lexicon.items()}
    assert {word: root for word, (root, _) in best.items()} == {
        "reunion": "اجتماع", "lyon": "ليون", "rabat": "رباط", "port": "ميناء",
    }  # fmt: skip
    assert all(weight > 0.9 for _, weight in best.values())


def test_a_word_that_met_another_once_among_many_is_not_its_translation():
    one = pairs(*[("a b c d", "و ز ح ط")])
    many = pairs(*[("a", "و")] * 5)
    assert [root for root, _ in learn(one + many)["a"]] == ["و"]


def test_what_is_written_is_in_the_order_of_words_and_says_how_likely(tmp_path):
    write({"b": [("باب", 0.5), ("بيت", 0.25)], "a": [("دار", 1.0)]}, tmp_path / "words.tsv")
    assert (tmp_path / "words.tsv").read_text("utf-8") == "a\tدار 1.00\nb\tباب 0.50\tبيت 0.25\n"


def test_the_lexicon_holds_only_words_that_are_said_otherwise():
    lines = FILE.read_text("utf-8").splitlines()
    assert len(lines) > 5_000 and lines == sorted(lines, key=lambda line: line.split("\t")[0])
    for line in lines:
        word, *roots = line.split("\t")
        found = [(root, float(weight)) for root, weight in (pair.rsplit(" ", 1) for pair in roots)]
        assert 1 <= len(found) <= MOST and all(round(LEAST**WEIGHT, 2) <= weight <= 1 for _, weight in found)
        assert not any(is_latin(root) or root == word for root, _ in found), line


@pytest.mark.parametrize(
    ("word", "translation"),
    [
        ("meeting", "اجتماع"),
        ("reunion", "اجتماع"),
        ("police", "شرطه"),
        ("hopital", "مستشفي"),
        ("بغا", "يريد"),
    ],
)
def test_common_words_have_their_translation(word, translation):
    assert root_of(translation) in [said for said, _ in translations(word)]


def test_a_translation_finds_the_article_and_weighs_less_than_the_word(tmp_path):
    Postings.of([VICTORY, MEETING, "قطار سريع جديد"]).save(tmp_path / "words")
    index = WordIndex.open(tmp_path / "words")
    for question in ("who led the delegation to the meeting?", "qui dirigeait la délégation à la réunion ?"):
        found = index.scores(question)
        assert found.scores.argmax() == 1 and found.scores[2] == 0 and 0 < found.known_share <= 1
    assert index.scores("meeting").scores[1] < index.scores("اجتماع").scores[1]


def test_a_question_whose_words_stand_as_they_are_is_scored_as_without_the_lexicon(tmp_path, monkeypatch):
    Postings.of([VICTORY, MEETING]).save(tmp_path / "words")
    index = WordIndex.open(tmp_path / "words")
    with_it = index.scores("متى كان اجتماع ليون؟")
    monkeypatch.setattr(lexical, "translations", lambda word: ())
    without = index.scores("متى كان اجتماع ليون؟")
    assert (with_it.scores == without.scores).all() and with_it.known_share == without.known_share


def test_a_word_that_is_translated_is_not_taken_for_a_name_unless_it_is_written_as_one():
    assert heard_words("when was the meeting of zxqvi") == ["zxqvi"]
    assert heard_words("When was the Meeting of Zxqvi?") == ["meeting", "zxqvi"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is Hammouchi?", "Who is حموشي?"),
        ("Who led the Moroccan delegation in Lyon?", "Who led the المغربي الوفد in ليون?"),
        ("Qui a dirigé la délégation ?", "Qui a dirigé la الوفد ?"),
        ("شكون هو Hammouchi؟", "شكون هو حموشي؟"),
        ("Who won in Paris?", "Who won in Paris?"),
        ("متى كان الاجتماع؟", "متى كان الاجتماع؟"),
    ],
)
def test_latin_words_are_put_as_the_passages_have_them_and_others_stay(question, expected):
    assert reworded(question, [passage(MEETING)]) == expected


def test_a_country_is_put_in_arabic_also_where_no_passage_has_it():
    assert reworded("What did Belgium win?", [passage(VICTORY)]) == "What did بلجيكا win?"


def test_abbreviations_are_not_listened_to_and_titles_are_read():
    assert reworded("What is the HMCH?", [passage(MEETING)]) == "What is the HMCH?"
    assert reworded("Who is Hammouchi?", [passage(VICTORY, "حموشي في ليون")]) == "Who is حموشي?"


def test_names_that_sound_almost_alike_are_told_from_those_that_cannot_be_one():
    assert likeness("Marrakech", "بمراكش") > likeness("Marrakech", "مركوش") > 0.5
    assert likeness("Lyon", "لندن") == 0


def test_a_translated_word_of_the_question_covers_its_arabic():
    terms = terms_of(("delegation", "qwerty"), frozenset(), lambda word: 4.0)
    matcher = Matcher(terms)
    assert terms[0].weight > terms[1].weight
    found = matcher.match(["الوفد", "المغربي"])
    assert found[0].tolist() == [1.0, 0.0] and not found[1].any()
