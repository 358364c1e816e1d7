"""Hybrid retrieval: the encoder's neighbours and the words' matches, fused by what words can say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from time import perf_counter
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.darija import in_standard_words
from index.embedding import Embedder, Vectors
from index.passage import Hit
from index.store import Snapshot
from qa.adapter import load_adapter
from qa.question import language_of
from qa.scope import Scope

Scores = NDArray[np.float32]
Legs = Literal["both", "dense", "words"]
DEPTH = 100
"""Candidates each leg brings to the fusion."""
_WIDEST = 200  # the most neighbours that the vectors' graph is good for
_SCOPES_HELD = 16
_BESIDE = ThreadPoolExecutor(4, "words")  # as many as questions are answered at once

Among = NDArray[np.bool_]
"""Which passages may be found, by ordinal."""


@dataclass(frozen=True, slots=True)
class Found:
    """The hits for a question, best first, and the time they took."""

    hits: list[Hit]
    encode_ms: float
    retrieve_ms: float


class Retriever(Protocol):
    """Finds the passages that may hold the answer."""

    def find(self, question: str, k: int, *, within: Scope | None = None) -> Found:
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
        self._adapter = load_adapter(encoder.fingerprint)
        self._among = lru_cache(_SCOPES_HELD)(partial(_passages_in, snapshot))

    def encode(self, question: str) -> Vectors:
        """Return the question's vector, shape (d,)."""
        vector: Vectors = self._encoder.encode([in_standard_words(question)], "query")[0]
        return self._adapter(vector) if self._adapter and language_of(question) != "ar" else vector

    def search(self, question: str, k: int = 5, legs: Legs = "both") -> list[Hit]:
        """Return at most k hits, best first; `legs` leaves one leg out, for measuring."""
        return self.find(question, k, legs).hits

    def find(self, question: str, k: int = 5, legs: Legs = "both", *, within: Scope | None = None) -> Found:
        """Search, and keep the time.

        With `within`, k passages of the articles inside it are found, unless they have fewer.
        """
        started = perf_counter()
        query = self.encode(question)
        encoded = perf_counter()
        among = self._among(within) if within else None
        if legs == "dense":
            ordinals, scores = self._neighbours(query, k, among)
        elif legs == "words":
            matches = self._matches(question, k, among)
            ordinals, scores = matches.best, matches.scores[matches.best]
        else:
            depth = max(k, DEPTH)
            matching = _BESIDE.submit(self._matches, question, depth, among)  # a millisecond each
            near = self._neighbours(query, depth, among)
            ordinals, scores = _fuse(query, near, matching.result())
        hits = [
            Hit(self._snapshot.passage(int(ordinal)), float(score))
            for ordinal, score in zip(ordinals[:k], scores[:k], strict=True)
        ]
        finished = perf_counter()
        return Found(hits, (encoded - started) * 1e3, (finished - encoded) * 1e3)

    def _neighbours(self, query: Vectors, k: int, among: Among | None) -> tuple[NDArray[np.intp], Scores]:
        """Return the ordinals of the k passages nearest to the question, and their cosines, best first."""
        if among is None:
            return self._snapshot.neighbours(query, k)
        near, cosines = self._snapshot.neighbours(query, max(k, _WIDEST))
        inside = among[near]
        if np.count_nonzero(inside) >= k:
            return near[inside][:k], cosines[inside][:k]
        # Too few of the nearest are inside: all that are inside are compared.
        ordinals = np.flatnonzero(among)
        cosines = self._snapshot.similarities(query, ordinals)
        order = np.argsort(-cosines, kind="stable")[:k]
        return ordinals[order], cosines[order]

    def _matches(self, question: str, k: int, among: Among | None) -> _Matches:
        words = self._snapshot.word_scores(question)
        scores = words.scores if among is None else words.scores * among
        best = _highest(scores, k)
        return _Matches(scores, words.known_share, best, self._snapshot.vectors(best))


@dataclass(frozen=True, slots=True)
class _Matches:
    """The lexical leg: the scores of all passages by ordinal, and the vectors (k, d) of the k best."""

    scores: Scores
    known_share: float
    best: NDArray[np.intp]
    vectors: Vectors


def _fuse(
    query: Vectors, neighbours: tuple[NDArray[np.intp], Scores], matches: _Matches
) -> tuple[NDArray[np.intp], Scores]:
    """Return the ordinals of the candidates of both legs and their scores (0–1), best first."""
    near, similarity = neighbours
    new = ~np.isin(matches.best, near)
    ordinals = np.concatenate([near, matches.best[new]]).astype(np.intp)
    if not len(ordinals):
        return ordinals, np.zeros(0, np.float32)
    dense = np.concatenate([similarity, matches.vectors[new] @ query]) if new.any() else similarity
    lexical = matches.scores[ordinals]
    fused = (_min_max(dense) + matches.known_share * _min_max(lexical)) / (1 + matches.known_share)
    scores = fused.astype(np.float32)
    order = np.argsort(-scores, kind="stable")
    return ordinals[order], scores[order]


def _passages_in(snapshot: Snapshot, scope: Scope) -> Among:
    return snapshot.belong_to(article.row for article in snapshot.listed if scope.holds(article))


def _highest(scores: Scores, k: int) -> NDArray[np.intp]:
    """Return the ordinals of the k highest scores above 0, best first, the earlier one first among equals."""
    k = min(k, len(scores))
    best = np.argpartition(-scores, k - 1)[:k] if k < len(scores) else np.arange(len(scores))
    best = best[scores[best] > 0]
    return np.asarray(best[np.lexsort((best, -scores[best]))], np.intp)


def _min_max(values: Scores) -> Scores:
    low, high = values.min(), values.max()
    return np.asarray((values - low) / (high - low) if high > low else np.ones_like(values), np.float32)
