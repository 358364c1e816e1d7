"""The lexical projection: BM25 over the terms of `index.analysis`, in arrays that bm25s reads in place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.analysis import (
    FUNCTION_WORDS,
    content_words,
    is_latin,
    sound_terms,
    terms,
    word_terms,
)
from index.lexicon import heard_words, translations

if TYPE_CHECKING:
    from bm25s import BM25  # type: ignore[import-untyped]

K1 = 0.7
B = 0.8
"""Chosen on the training sets of ARCD, ArQuAD and Belebele; 1.5 and 0.75 lose 0.7 points of nDCG@10."""

QUESTION_WORDS = 64
"""A question is read up to this many different content words: its cost is bounded however long it is."""

_ARRAYS = ("codes", "counts", "lengths")  # ours; the other three have the names bm25s gives them
_DATA, _INDICES, _INDPTR = "data.csc.index", "indices.csc.index", "indptr.csc.index"

Array = NDArray[Any]


@cache
def rules() -> str:
    """Name what was done to texts to index them: indexes of other rules say nothing about a question."""
    probe = terms("زار عبد اللطيف حموشي مدينةَ ليون يومي ٣ و4 شتنبر 2025 للقاء Interpol")
    probe += [term for word in content_words("بمدينة ليون") for term in sound_terms(word)]
    return hashlib.sha256(repr((K1, B, probe, sorted(FUNCTION_WORDS))).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class WordScores:
    """BM25 of every passage for one question.

    `scores` has shape (passages,), by ordinal; 0 means that no term is shared. `known_share` (0–1) is the
    share of the question's idf mass that the index knows: near 0 for a question in another language than
    the articles, whose scores then say nothing.
    """

    scores: NDArray[np.float32]
    known_share: float


@dataclass(frozen=True, slots=True)
class Postings:
    """Which term stands how often in which passage, by term.

    `codes` (terms,): the 64-bit codes of the terms, ascending. Term t stands in the passages
    `ordinals[starts[t]:starts[t + 1]]`, ascending, as often as `counts` says there. `lengths` (passages,):
    how many terms a passage has.
    """

    codes: Array
    starts: Array
    ordinals: Array
    counts: Array
    lengths: Array

    @classmethod
    def of(cls, texts: Iterable[str]) -> Postings:
        """Analyse `texts`, in the order of their ordinals."""
        codes, counts, lengths = [_NO_CODES], [_NO_CODES], []
        sizes = []
        for text in texts:
            content = content_words(text)
            found = [_codes(word_terms(word)) for word in content]
            heard = [_codes(sound_terms(word)) for word in content if not is_latin(word)]
            unique, occurrences = np.unique(np.concatenate([_NO_CODES, *found, *heard]), return_counts=True)
            codes.append(unique)
            counts.append(occurrences)
            sizes.append(len(unique))
            lengths.append(sum(map(len, found)))
        every = np.concatenate(codes)
        ordinals = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        order = np.argsort(every, kind="stable")
        unique, frequencies = np.unique(every, return_counts=True)
        return cls(
            unique,
            _starts(frequencies),
            ordinals[order],
            np.minimum(np.concatenate(counts), 0xFFFF).astype(np.uint16)[order],
            np.array(lengths, dtype=np.int32),
        )

    def followed_by(self, texts: Iterable[str], keep: NDArray[np.bool_]) -> Postings:
        """Return these postings without the passages that `keep` (passages,) leaves out, then `texts`.

        Costs one pass over the arrays; only `texts` are analysed.
        """
        new = Postings.of(texts)
        kept = keep[self.ordinals]
        before = np.concatenate([[0], np.cumsum(kept)])[self.starts]
        frequencies = np.diff(before)
        living = frequencies > 0
        codes = np.union1d(self.codes[living], new.codes)
        old_at = np.searchsorted(codes, self.codes[living])
        new_at = np.searchsorted(codes, new.codes)
        old_frequency = np.zeros(len(codes), dtype=np.int64)
        old_frequency[old_at] = frequencies[living]
        new_frequency = np.zeros(len(codes), dtype=np.int64)
        new_frequency[new_at] = np.diff(new.starts)
        starts = _starts(old_frequency + new_frequency)
        # Within a term the kept passages come first and the new ones, whose ordinals are higher, after them.
        to_old = _runs(starts[:-1], old_frequency)
        to_new = _runs(starts[:-1] + old_frequency, new_frequency)
        ordinals = np.empty(starts[-1], dtype=np.int32)
        ordinals[to_old] = (np.cumsum(keep) - 1)[self.ordinals[kept]]
        ordinals[to_new] = new.ordinals + np.count_nonzero(keep)
        counts = np.empty(starts[-1], dtype=np.uint16)
        counts[to_old] = self.counts[kept]
        counts[to_new] = new.counts
        return Postings(codes, starts, ordinals, counts, np.concatenate([self.lengths[keep], new.lengths]))

    def save(self, folder: Path) -> None:
        """Write the arrays and their BM25 scores; `bm25s.BM25.load(folder, load_vocab=False)` reads them."""
        folder.mkdir()
        frequencies = np.diff(self.starts)
        weights = np.repeat(_idf(frequencies, len(self.lengths)), frequencies)
        mean = max(float(self.lengths.mean()) if len(self.lengths) else 0.0, 1.0)
        saturation = K1 * (1 - B + B * self.lengths / mean)
        scores = weights * self.counts / (self.counts + saturation[self.ordinals])
        arrays = {_DATA: scores.astype(np.float32), _INDICES: self.ordinals, _INDPTR: self.starts}
        arrays |= {name: getattr(self, name) for name in _ARRAYS}
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array)
        parameters = {"k1": K1, "b": B, "method": "lucene", "num_docs": len(self.lengths)}
        (folder / "params.index.json").write_text(json.dumps(parameters), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Postings:
        """Map the arrays that `save` wrote."""
        names = ("codes", _INDPTR, _INDICES, "counts", "lengths")
        return cls(*(np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in names))


class WordIndex:
    """Answers questions from the arrays of a folder, which it maps; safe to share among threads."""

    def __init__(self, bm25: BM25, codes: Array) -> None:
        self._bm25 = bm25
        self._codes = codes
        self._starts: Array = bm25.scores["indptr"]
        self._ordinals: Array = bm25.scores["indices"]
        self._weights: Array = bm25.scores["data"]
        self._size = int(bm25.scores["num_docs"])

    @classmethod
    def open(cls, folder: Path) -> WordIndex:
        """Map the arrays that `Postings.save` wrote."""
        from bm25s import BM25

        bm25 = BM25.load(folder, mmap=True, load_vocab=False)
        for name in ("data", "indices", "indptr"):
            bm25.scores[name] = np.asarray(bm25.scores[name])
        return cls(bm25, np.asarray(np.load(folder / "codes.npy", mmap_mode="r")))

    def __len__(self) -> int:
        return self._size

    def scores(self, question: str) -> WordScores:
        """Score every passage; terms the question repeats count once."""
        distinct = list(dict.fromkeys(content_words(question)))[:QUESTION_WORDS]
        if not distinct or not self._size:
            return WordScores(np.zeros(self._size, dtype=np.float32), 0.0)
        others = [_codes(word_terms(word)) for word in distinct if not is_latin(word)]
        codes = np.unique(np.concatenate([_NO_CODES, *others]))
        known = [self._known(codes)]
        unknown = float(len(codes) - len(known[0]))
        heard = heard_words(question)
        translated: dict[int, float] = {}
        for word in distinct:
            said = self._translated(word)
            for term, weight in said.items():
                translated[term] = max(weight, translated.get(term, 0.0))
            if is_latin(word):
                own = word_terms(word)
                known.append(self._known(_codes(own + sound_terms(word) if word in heard else own)))
                if not len(known[-1]) and not said:
                    unknown += len(own)
        ids = np.unique(np.concatenate(known))
        scores: NDArray[np.float32] = self._bm25.get_scores_from_ids(ids.tolist())
        mass = float(self._idfs(ids).sum())
        for term, weight in translated.items():
            if term not in ids:
                postings = slice(self._starts[term], self._starts[term + 1])
                scores[self._ordinals[postings]] += weight * self._weights[postings]
                mass += weight * float(self._idfs(np.array([term]))[0])
        unknown *= float(_idf(np.array([1]), self._size)[0])
        return WordScores(scores, mass / (mass + unknown) if mass else 0.0)

    def _translated(self, word: str) -> dict[int, float]:
        """Return the numbers of the terms that say a word otherwise, and what each weighs."""
        said = translations(word)
        return {int(term): weight for root, weight in said for term in self._known(_codes((f"~{root}",)))}

    def _idfs(self, ids: Array) -> NDArray[np.float64]:
        return _idf(self._starts[ids + 1] - self._starts[ids], self._size)

    def _known(self, codes: Array) -> NDArray[np.intp]:
        """Return the numbers of those terms that the index has."""
        if not len(self._codes):
            return np.empty(0, np.intp)
        places = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        known: NDArray[np.intp] = places[self._codes[places] == codes]
        return known

    def idf(self, word: str) -> float:
        """Return the inverse document frequency of a folded word's stem; the highest when it is unknown."""
        code = _codes(word_terms(word))[1]  # the word itself comes first, its stem second
        place = int(np.searchsorted(self._codes, code))
        known = place < len(self._codes) and self._codes[place] == code
        frequency = self._starts[place + 1] - self._starts[place] if known else 1
        return float(_idf(np.array([frequency]), self._size)[0])


def _idf(frequencies: Array, passages: int) -> NDArray[np.float64]:
    """Return the idf that Lucene gives terms that stand in so many of the passages."""
    weights: NDArray[np.float64] = np.log1p((passages - frequencies + 0.5) / (frequencies + 0.5))
    return weights


_NO_CODES: Array = np.empty(0, dtype=np.uint64)


@lru_cache(maxsize=1 << 16)
def _codes(terms: tuple[str, ...]) -> Array:
    """Return 64-bit codes for terms; among a million terms two meet once in 37 million."""
    digests = [hashlib.blake2b(term.encode(), digest_size=8).digest() for term in terms]
    codes: Array = np.frombuffer(b"".join(digests), dtype="<u8")
    return codes


def _starts(frequencies: Array) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(frequencies)]).astype(np.int64)


def _runs(starts: Array, lengths: Array) -> Array:
    """Return the numbers starts[i], starts[i] + 1, … (lengths[i] of them), for every i, in one array."""
    ends = np.cumsum(lengths)
    places: Array = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - lengths), lengths)
    return places
