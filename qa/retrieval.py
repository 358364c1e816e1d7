"""Hybrid retrieval: the encoder's neighbours and the words' matches, fused by what words can say."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedding import Embedder, Vectors
from index.passage import Hit
from index.store import Snapshot

Scores = NDArray[np.float32]
Legs = Literal["both", "dense", "words"]
DEPTH = 100
"""Candidates each leg brings to the fusion."""


@dataclass(frozen=True, slots=True)
class Found:
    """The hits for a question, best first, and what the search learned of the question on its way."""

    hits: list[Hit]
    query: Vectors
    known_share: float
    encode_ms: float
    retrieve_ms: float


class Retriever(Protocol):
    """Finds the passages that may hold the answer."""

    def search(self, question: str, k: int) -> list[Hit]:
        """Return at most k hits, best first."""


class HybridRetriever:
    """Sums the min-max scores of both legs, the lexical one weighted by what the index knows of the words.

    A question in another language shares hardly a word with the articles; given the full weight, the few
    it does share would halve the quality. Its weight is therefore the share of the question's inverse
    document frequency that falls on indexed words (`known_share`).
    """

    def __init__(self, snapshot: Snapshot, encoder: Embedder) -> None:
        self._snapshot = snapshot
        self._encoder = encoder

    def encode(self, question: str) -> Vectors:
        """Return the question's vector, shape (d,)."""
        vector: Vectors = self._encoder.encode([question], "query")[0]
        return vector

    def search(self, question: str, k: int = 5, legs: Legs = "both") -> list[Hit]:
        """Return at most k hits, best first; `legs` leaves one leg out, for measuring."""
        return self.find(question, k, legs).hits

    def find(self, question: str, k: int = 5, legs: Legs = "both") -> Found:
        """Search, and keep the question's vector, the share of its words that is known, and the time."""
        started = perf_counter()
        query = self.encode(question)
        encoded = perf_counter()
        words = self._snapshot.word_scores(question)
        if legs == "dense":
            ordinals, scores = self._snapshot.neighbours(query, k)
        elif legs == "words":
            ordinals = _highest(words.scores, k)
            scores = words.scores[ordinals]
        else:
            ordinals, scores = self._fuse(query, words.scores, words.known_share, max(k, DEPTH))
        hits = [
            Hit(self._snapshot.passage(int(ordinal)), float(score))
            for ordinal, score in zip(ordinals[:k], scores[:k], strict=True)
        ]
        finished = perf_counter()
        return Found(hits, query, words.known_share, (encoded - started) * 1e3, (finished - encoded) * 1e3)

    def _fuse(
        self, query: Vectors, words: Scores, known_share: float, depth: int
    ) -> tuple[NDArray[np.intp], Scores]:
        """Return the ordinals of the candidates of both legs and their scores (0–1), best first."""
        near, similarity = self._snapshot.neighbours(query, depth)
        matching = np.setdiff1d(_highest(words, depth), near, assume_unique=True)
        ordinals = np.concatenate([near, matching]).astype(np.intp)
        if not len(ordinals):
            return ordinals, np.zeros(0, np.float32)
        dense = np.concatenate([similarity, self._snapshot.similarities(query, matching)])
        lexical = words[ordinals]
        fused = (_min_max(dense) + known_share * _min_max(lexical)) / (1 + known_share)
        scores = fused.astype(np.float32)
        order = np.argsort(-scores, kind="stable")
        return ordinals[order], scores[order]


def _highest(scores: Scores, k: int) -> NDArray[np.intp]:
    """Return the ordinals of the k highest scores above 0, best first, the earlier one first among equals."""
    k = min(k, len(scores))
    best = np.argpartition(-scores, k - 1)[:k] if k < len(scores) else np.arange(len(scores))
    best = best[scores[best] > 0]
    return np.asarray(best[np.lexsort((best, -scores[best]))], np.intp)


def _min_max(values: Scores) -> Scores:
    low, high = values.min(), values.max()
    return np.asarray((values - low) / (high - low) if high > low else np.ones_like(values), np.float32)
