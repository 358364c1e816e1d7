"""Hybrid retrieval: the encoder's neighbours and the words' matches, fused by what words can say."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Literal, Protocol

import numpy as np
from index.store import Snapshot

from index.embedding import Embedder, Vectors
from index.passage import Hit

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

    def search(self, question: str, k: int = 5, legs: Legs = "both") -> list[Hit]:
        """Return at most k hits, best first; `legs` leaves one leg out, for measuring."""
        return self.find(question, k, legs).hits

    def find(self, question: str, k: int = 5, legs: Legs = "both") -> Found:
        """Search, and keep the question's vector, the share of its words that is known, and the time."""
        started = perf_counter()
        query = self._encoder.encode([question], "query")[0]
        encoded = perf_counter()
        words = self._snapshot.word_scores(question)
        if legs == "dense":
            hits = self._snapshot.search_vectors(query, k)
        elif legs == "words":
            hits = _best(np.arange(len(words.scores)), words.scores, k, self._snapshot)
        else:
            hits = self._fuse(query, words.scores, words.known_share, k)
        finished = perf_counter()
        return Found(hits, query, words.known_share, (encoded - started) * 1e3, (finished - encoded) * 1e3)

    def _fuse(self, query: Vectors, words: Vectors, known_share: float, k: int) -> list[Hit]: ...


def _best() -> list[Hit]: ...
