"""Passages are slices of the article, in order, whole, and no longer than the encoder reads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article
from index.splitting import split
from tests.hashing import HashingEmbedder

EMBEDDER = HashingEmbedder()
SENTENCE = "عُقد الاجتماع في مدينة ليون الفرنسية يومي 3 و4 شتنبر."


def article(text: str, title: str = "") -> Article:
    return Article(id="a", title=title, text=text, source="test")


class CharacterCounter(HashingEmbedder):
    """Counts a token per character, so that long words are cut too."""

    def count_tokens(self, text: str) -> int:
        return len(text)


ODD_TEXT = st.text(
    st.sampled_from(
        [*"ابتة ،؛؟.!:,1٢", "\u064f", "\u0640", "\n", "\t", "\u00a0", "\u200f", "\u202b", "\u200d"]
    )
    | st.sampled_from(["👩", "🏽", "\U0001f1f2", "é", "\ufeff", "\x1c", "\x85", "\u2028", "a"])
    | st.characters(),
    max_size=400,
)


@settings(deadline=None)  # the first call imports LlamaIndex
@given(ODD_TEXT, st.integers(32, 60))
def test_passages_follow_each_other_and_leave_out_white_space_only(text, chunk_size):
    subject = article(text)
    end = 0
    for passage in split(subject, CharacterCounter(), chunk_size=chunk_size):
        assert passage.text == text[passage.start : passage.end]
        assert passage.text.strip()
        assert not text[end : passage.start].strip()
        end = passage.end
    assert not text[end:].strip()


@settings(deadline=None)  # the first call imports LlamaIndex
@given(st.lists(st.sampled_from(["و" * 50, "س.", "م،", "ن", "\n", " ", "1,5"]), max_size=80))
def test_no_passage_is_longer_than_asked(pieces):
    for passage in split(article("".join(pieces)), CharacterCounter(), chunk_size=40):
        assert len(passage.text) <= 40


def test_a_short_article_is_one_passage_without_the_white_space_around_it():
    passages = split(article(f"\n  {SENTENCE} \n"), EMBEDDER)
    assert [passage.text for passage in passages] == [SENTENCE]


@pytest.mark.parametrize("text", ["", " ", "\n\u00a0\t\u2028"])
def test_a_text_of_white_space_has_no_passage(text):
    assert split(article(text), EMBEDDER) == []


def test_a_long_article_is_cut_after_whole_sentences():
    text = " ".join([SENTENCE, "هل حضر الوفد المغربي؟", "نعم!"] * 20)
    passages = split(article(text), EMBEDDER, chunk_size=40)
    assert len(passages) > 5
    assert all(passage.text[-1] in ".؟!" for passage in passages)
    assert all(EMBEDDER.count_tokens(passage.text) <= 40 for passage in passages)


def test_a_long_sentence_is_cut_at_its_clauses_but_not_inside_a_number():
    text = "بلغت قيمة العقود الموقعة 1,500,000 درهم، " * 30
    passages = split(article(text), EMBEDDER, chunk_size=40)
    assert len(passages) > 3
    assert all(passage.text.endswith("درهم،") for passage in passages)


def test_paragraphs_stay_together_when_they_fit():
    paragraphs = [" ".join([SENTENCE] * 3) for _ in range(6)]
    passages = split(article("\n\n".join(paragraphs)), EMBEDDER, chunk_size=40)
    assert [passage.text for passage in passages] == paragraphs


@pytest.mark.parametrize("character", ["بُّ", "👩🏽‍🚀", "e\u0301"])
def test_a_cut_never_falls_inside_what_people_see_as_one_character(character):
    for shift in range(len(character)):
        text = "ا" * shift + character * 60
        for passage in split(article(text), CharacterCounter(), chunk_size=32)[1:]:
            assert (passage.start - shift) % len(character) == 0


def test_a_long_title_leaves_less_room_for_the_text():
    text = " ".join([SENTENCE] * 40)
    for title in ("", "عنوان " * 300):
        for passage in split(article(text, title.strip()), EMBEDDER):
            assert EMBEDDER.count_tokens(passage.embedding_text) <= EMBEDDER.max_tokens


def test_the_same_article_gives_the_same_passage_ids():
    first, second = (split(article(" ".join([SENTENCE] * 50), "عنوان"), EMBEDDER) for _ in range(2))
    assert [passage.id for passage in first] == [passage.id for passage in second]
