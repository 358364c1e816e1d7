"""A snapshot: one revision of a store to read and to search, whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article
from corpus.errors import StoreDamaged
from index.embedding import Vectors
from index.lexical import WordScores
from index.passage import Passage
from index.projection import Projection
from index.revisions import Listed, Revision, Revisions
from index.vectors import VectorsUnusable

_ARTICLES_HELD = 4096

Ordinals = NDArray[np.intp]
"""Passages of a snapshot by number: 0 to len(snapshot) - 1, the same as long as the snapshot lives."""


class Snapshot:
    """What a store held at one revision; safe to share among threads."""

    def __init__(self, revisions: Revisions, projection: Projection) -> None:
        self._revisions = revisions
        self._projection = projection
        self._table = projection.passages
        self._by_id = np.argsort(self._table["id"])
        self._sorted_ids = self._table["id"][self._by_id]
        self._article = lru_cache(maxsize=_ARTICLES_HELD)(revisions.article)

    @property
    def revision(self) -> Revision:
        """The revision it is of."""
        return self._projection.revision

    def __len__(self) -> int:
        return len(self._table)

    def passage(self, ordinal: int) -> Passage:
        """Return one passage, read from the database when its article is not held yet."""
        record = self._table[ordinal]
        return Passage(self._article(int(record["article"])), int(record["start"]), int(record["end"]))

    def articles(self) -> Iterator[Article]:
        """Read every article, in the order they were added."""
        return self._revisions.articles(self.revision.number)

    @cached_property
    def listed(self) -> tuple[Listed, ...]:
        """Every article as a list shows it, in the order they were added; read once."""
        return self._revisions.listed(self.revision.number)

    def belong_to(self, rows: Iterable[int]) -> NDArray[np.bool_]:
        """Tell of each passage, by ordinal, whether its article is at one of `rows`."""
        return np.isin(self._table["article"], np.fromiter(rows, np.int64))

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article, in order; none when there is no such article."""
        row = self._revisions.row_of(article_id, self.revision.number)
        return [self.passage(int(ordinal)) for ordinal in np.flatnonzero(self._table["article"] == row)]

    def neighbours(self, vector: Vectors, k: int) -> tuple[Ordinals, NDArray[np.float32]]:
        """Return the ordinals of the `k` passages nearest to `vector` (d,), and their cosines, best first."""
        try:
            found = self._projection.vectors.search(vector, k)
        except VectorsUnusable as error:
            raise StoreDamaged(path=self._revisions.folder, reason=str(error)) from error
        cosines = np.array([cosine for _, cosine in found], dtype=np.float32)
        return self._ordinals([id_ for id_, _ in found]), cosines

    def _ordinals(self, ids: Sequence[str]) -> Ordinals:
        wanted = np.array([id_.encode() for id_ in ids], dtype=self._sorted_ids.dtype)
        return self._by_id[np.searchsorted(self._sorted_ids, wanted)]

    def vectors(self, ordinals: Sequence[int] | Ordinals) -> Vectors:
        """Return the vectors of some passages, of shape (len(ordinals), d), as they were encoded."""
        rows = self._table["row"][np.asarray(ordinals, dtype=np.intp)]
        return self._revisions.vectors(rows.tolist())

    def similarities(self, vector: Vectors, ordinals: Sequence[int] | Ordinals) -> NDArray[np.float32]:
        """Return the exact cosine of `vector` (d,) with some passages, shape (len(ordinals),)."""
        if not len(ordinals):
            return np.zeros(0, dtype=np.float32)
        return self.vectors(ordinals) @ vector

    def word_scores(self, question: str) -> WordScores:
        """Return the BM25 of every passage, by ordinal, and how much of the question the index knows."""
        return self._projection.words.scores(question)

    def idf(self, word: str) -> float:
        """Return the inverse document frequency of a folded word among the passages."""
        return self._projection.words.idf(word)
