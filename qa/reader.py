"""The reader: which words of the passages found answer the question, and how likely they are right."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.arabic import words as folded_words
from corpus.dates import find_dates
from corpus.sentences import sentence_spans
from index.embedding import Embedder, Vectors
from index.passage import Hit, Passage
from qa.features import (
    EVIDENCE_WIDTH,
    SENTENCE_WIDTH,
    SPAN_WIDTH,
    Array,
    evidence_features,
    sentence_features,
    span_features,
)
from qa.matching import Matcher, Weigh, terms_of
from qa.question import Kind, Question
from qa.spans import Phrase, Word, choose, phrases, split_words
from qa.weights import Weights

SENTENCES_READ = 4
"""Sentences searched for the words of the answer; the others are only ranked."""
_PASSAGES_KEPT = 512


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer found: `article.text[start:end]`, inside the sentence `sentence` (offsets of the article).

    `confidence` (0–1) is the probability that it is right, and that the articles hold the answer at all.
    """

    passage: Passage
    start: int
    end: int
    sentence: tuple[int, int]
    confidence: float

    @property
    def text(self) -> str:
        """The words of the answer."""
        return self.passage.article.text[self.start : self.end]


class Reader(Protocol):
    """Reads the passages found for a question."""

    def read(
        self, question: Question, query: Vectors, hits: Sequence[Hit], known_share: float
    ) -> list[Reading]:
        """Return readings, best first; `query` is the question's vector, shape (d,).

        `known_share` (0–1) is how much of the question's words the collection knows.
        """


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, its words, and how much of each word the question asks about."""

    hit: Hit
    start: int
    end: int
    words: list[Word]
    matched: Array
    coverage: float


class Place(NamedTuple):
    """A sentence, and its row in what was seen of all sentences."""

    sentence: Sentence
    row: int


class ExtractiveReader:
    """Ranks the sentences of the passages, then the phrases of the best sentences, by learned weights.

    A sentence is seen through the encoder, the question's words and the kind of answer asked for; a phrase
    through its length, borders, kind and neighbours (after Rajpurkar et al. 2016, section 5, without a
    parser). No neural reading: the weights are a few thousand numbers.
    """

    def __init__(self, encoder: Embedder, weights: Weights, weigh: Weigh) -> None:
        self._encoder = encoder
        self._weights = weights
        self._weigh = weigh
        self._vectors: OrderedDict[tuple[str, ...], Vectors] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def weights(self) -> Weights:
        """The learned numbers it ranks by."""
        return self._weights

    def with_weights(self, weights: Weights) -> ExtractiveReader:
        """Return a reader of the same collection with other weights, for fitting them."""
        return ExtractiveReader(self._encoder, weights, self._weigh)

    def read(
        self, question: Question, query: Vectors, hits: Sequence[Hit], known_share: float
    ) -> list[Reading]:
        """Return one reading for each of the best sentences, best first."""
        return self.read_with_evidence(question, query, hits, known_share)[0]

    def read_with_evidence(
        self, question: Question, query: Vectors, hits: Sequence[Hit], known_share: float
    ) -> tuple[list[Reading], Array]:
        """Read, and return what the confidence was drawn from, shape (EVIDENCE_WIDTH,)."""
        matcher = self.matcher(question)
        best, seen = self.best_sentences(question, matcher, query, hits)
        parts = []
        for place, share in best:
            candidates, features = self.see_phrases(question.kind, place.sentence, share)
            if candidates:
                parts.append((place, candidates, self._weights.score_spans(features)))
        if not parts:
            return [], np.zeros(EVIDENCE_WIDTH, np.float32)
        top = max(float(values.max()) for *_, values in parts)
        raised = [np.exp(values - top) for *_, values in parts]
        total = sum(float(values.sum()) for values in raised)
        masses = [float(values.sum()) / total for values in raised]
        order = sorted(range(len(parts)), key=lambda i: -masses[i])
        place = parts[order[0]][0]
        around = self._around(matcher, place.sentence)
        evidence = evidence_features(
            similarity=float(seen[:, 0].max()),
            chosen=seen[place.row],
            sentence_share=float(np.exp(best[0][1])),
            coverage=place.sentence.coverage,
            around=float(around @ matcher.weights / max(matcher.weights.sum(), 1e-6)),
            missing=float(((1 - around) * matcher.weights).max(initial=0) / 10),
            known_share=known_share,
            span_score=top,
            mass=masses[order[0]],
            foreign=question.language != "ar",
        )
        confidence = self._weights.confidence(evidence)
        readings = []
        for i in order:
            place, candidates, _ = parts[i]
            phrase = choose(candidates, raised[i], question.kind)
            readings.append(_reading(place.sentence, phrase, confidence * masses[i] / masses[order[0]]))
        return readings, evidence

    def best_sentences(
        self, question: Question, matcher: Matcher, query: Vectors, hits: Sequence[Hit]
    ) -> tuple[list[tuple[Place, float]], Array]:
        """Return the sentences worth searching with their log share, best first, and what was seen of all."""
        sentences = self.sentences(matcher, hits)
        if not sentences:
            return [], np.zeros((0, SENTENCE_WIDTH), np.float32)
        seen = self.see_sentences(question.kind, matcher, sentences, query)
        scores = self._weights.score_sentences(seen)
        shares = np.log(_softmax(scores) + 1e-9)
        order = np.argsort(-scores, kind="stable")[:SENTENCES_READ]
        return [(Place(sentences[i], int(i)), float(shares[i])) for i in order], seen

    def matcher(self, question: Question) -> Matcher:
        """Return what compares the question's content words, weighted for this collection, with others."""
        return Matcher(terms_of(question.terms, question.names, self._weigh))

    def sentences(self, matcher: Matcher, hits: Sequence[Hit]) -> list[Sentence]:
        """Return every sentence of the passages, once each."""
        found: dict[tuple[str, int], Sentence] = {}
        for hit in hits:
            passage = hit.passage
            for start, end in sentence_spans(passage.text):
                start, end = start + passage.start, end + passage.start
                if (passage.article_id, start) not in found:
                    parts = split_words(passage.article.text, start, end)
                    matches = matcher.match([word.key for word in parts])
                    matched = matches.max(axis=0, initial=0)
                    found[passage.article_id, start] = Sentence(
                        hit, start, end, parts, matched, matcher.coverage(matches)
                    )
        return list(found.values())

    def _around(self, matcher: Matcher, sentence: Sentence) -> Array:
        """Return how well each term is found in the passage and the title of a sentence, shape (terms,)."""
        passage = sentence.hit.passage
        matches = matcher.match(folded_words(f"{passage.article.title} {passage.text}"))
        return np.asarray(matches.max(axis=1, initial=0), np.float32)

    def see_sentences(
        self, kind: Kind, matcher: Matcher, sentences: Sequence[Sentence], query: Vectors
    ) -> Array:
        """Return the features of the sentences, shape (sentences, 12)."""
        texts = [s.hit.passage.article.text[s.start : s.end] for s in sentences]
        coverage = np.array([s.coverage for s in sentences], np.float32)
        around = np.zeros_like(coverage)
        for i, sentence in enumerate(sentences):
            for j in (i - 1, i + 1):
                if 0 <= j < len(sentences) and sentences[j].hit is sentence.hit:
                    around[i] = max(around[i], coverage[j])
        titles = {
            title: matcher.coverage(matcher.match(folded_words(title)))
            for title in {s.hit.passage.article.title for s in sentences}
        }
        return sentence_features(
            similarity=self._encode(sentences) @ query,
            passage_score=np.array([s.hit.score for s in sentences], np.float32),
            coverage=coverage,
            around=around,
            title=np.array([titles[s.hit.passage.article.title] for s in sentences], np.float32),
            length=np.array([len(s.words) for s in sentences], np.float32),
            first=np.array([float(s.start == 0) for s in sentences], np.float32),
            has_kind=np.array([_has_kind(kind, text, s) for text, s in zip(texts, sentences, strict=True)]),
        )

    def see_phrases(self, kind: Kind, sentence: Sentence, score: float) -> tuple[list[Phrase], Array]:
        """Return the candidate answers of a sentence and their features."""
        text = sentence.hit.passage.article.text
        candidates = phrases(text, sentence.words)
        if not candidates:
            return [], np.zeros((0, SPAN_WIDTH), np.float32)
        features = span_features(
            text,
            sentence.words,
            candidates,
            sentence.matched,
            kind=kind,
            weigh=self._weigh,
            sentence_score=score,
        )
        return candidates, features

    def _encode(self, sentences: Sequence[Sentence]) -> Vectors:
        """Encode sentences, passage by passage, keeping the vectors of passages met lately.

        What stands in a batch together moves the last bits of its vectors: a passage is always one batch,
        so that an answer never depends on what was asked before.
        """
        parts = []
        for _, group in groupby(sentences, key=lambda sentence: sentence.hit.passage):
            texts = tuple(s.hit.passage.article.text[s.start : s.end] for s in group)
            with self._lock:
                vectors = self._vectors.get(texts)
            if vectors is None:
                vectors = self._encoder.encode(texts, "passage")
            with self._lock:
                self._vectors[texts] = vectors
                self._vectors.move_to_end(texts)
                while len(self._vectors) > _PASSAGES_KEPT:
                    self._vectors.popitem(last=False)
            parts.append(vectors)
        return np.concatenate(parts)


def _reading(sentence: Sentence, phrase: Phrase, confidence: float) -> Reading:
    start, end = sentence.words[phrase.first].start, sentence.words[phrase.last].end
    return Reading(sentence.hit.passage, start, end, (sentence.start, sentence.end), confidence)


def _has_kind(kind: Kind, text: str, sentence: Sentence) -> float:
    if kind == "date":
        return 1.0 if find_dates(text) else -1.0
    if kind == "number":
        return 1.0 if any(word.is_number for word in sentence.words) else -1.0
    return 0.0


def _softmax(values: NDArray[np.floating]) -> NDArray[np.floating]:
    raised = np.exp(values - values.max())
    return np.asarray(raised / raised.sum())
