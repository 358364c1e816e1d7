"""Retrieval with both legs, and with one when the other has nothing to say."""

import numpy as np
import pytest

from corpus.article import Article
from index.lexical import WordScores
from index.passage import Passage
from qa.retrieval import HybridRetriever


class Scores:
    """A snapshot of three passages with the scores that a test gives them."""

    def __init__(self, dense, words, known_share):
        self.dense = np.array(dense, np.float32)
        self.words = WordScores(np.array(words, np.float32), known_share)

    def neighbours(self, vector, k):
        order = np.argsort(-self.dense, kind="stable")[: min(k, 2)]
        return order, self.dense[order]

    def vectors(self, ordinals):
        return self.dense[ordinals, np.newaxis]

    def word_scores(self, question):
        return self.words

    def passage(self, ordinal):
        return Passage(Article(str(ordinal), "", "text", "test"), 0, 4)


class Constant:
    fingerprint = "constant"

    def encode(self, texts, kind, progress=None):
        return np.ones((len(texts), 1), np.float32)


def order(snapshot, k=3, legs="both"):
    hits = HybridRetriever(snapshot, Constant()).search("question", k, legs)
    return [hit.passage.article_id for hit in hits]


def test_words_decide_between_passages_the_encoder_cannot_tell_apart():
    assert order(Scores([0.81, 0.80, 0.7], [0.0, 9.0, 1.0], known_share=1.0))[0] == "1"


def test_words_the_index_does_not_know_leave_the_order_to_the_encoder():
    assert order(Scores([0.81, 0.80, 0.7], [0.0, 9.0, 1.0], known_share=0.0)) == ["0", "1", "2"]


def test_a_passage_that_only_the_words_found_is_a_candidate_too():
    assert order(Scores([0.9, 0.8, 0.79], [0.1, 0.0, 9.0], known_share=1.0)) == ["0", "2", "1"]


def test_a_question_that_shares_no_word_is_answered_by_the_encoder_alone():
    snapshot = Scores([0.9, 0.8, 0.7], [0.0, 0.0, 0.0], known_share=0.0)
    assert order(snapshot, legs="words") == []
    assert order(snapshot, k=2) == ["0", "1"]


@pytest.mark.parametrize("legs", ["both", "dense"])
@pytest.mark.parametrize(
    "question", ["when did the meeting in Lyon take place?", "Quand a eu lieu la réunion de Lyon ?"]
)
def test_a_question_in_another_language_finds_the_arabic_passage(bot, question, legs):
    found = [hit.passage.article_id for hit in bot.retriever.search(question, 5, legs)]
    assert "lyon-eighth-meeting" in found


@pytest.mark.parametrize("legs", ["both", "dense", "words"])
def test_every_leg_returns_the_best_first_and_no_more_than_asked(bot, legs):
    hits = bot.retriever.search("متى عُقد اجتماع ليون؟", 4, legs)
    assert len(hits) == 4
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.passage.id for hit in hits}) == 4


def test_a_spelling_without_hamza_or_with_diacritics_finds_the_same_passage(bot):
    questions = ("أين يوجد مقر الإنتربول؟", "اين يوجد مقر الانتربول", "أَيْنَ يُوجَدُ مَقَرُّ الإنتربول؟")
    first = {bot.retriever.search(question, 1)[0].passage.id for question in questions}
    assert len(first) == 1
