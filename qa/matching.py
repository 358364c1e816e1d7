"""How well the words of a text carry the words of a question, whatever their spelling or script."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.arabic import fold
from corpus.dates import MONTHS
from corpus.names import countries, same_name
from index.analysis import stem as stem_of

Weigh = Callable[[str], float]
"""Gives a folded word its inverse document frequency."""

_LATIN = re.compile("^[a-z]")
_ROOT_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question, the Arabic it stands for when that is known, and its weight."""

    key: str
    weight: float
    arabic: tuple[str, ...] = ()


def terms_of(words: Sequence[str], weigh: Weigh) -> list[Term]:
    """Give each content word its weight; months and countries in French and English get their Arabic.

    A Latin word is weighed by its Arabic; one without any counts as a rare word of the collection.
    """
    found = []
    for word in dict.fromkeys(words):
        arabic = _arabic_of(word) if _LATIN.match(word) else ()
        weight = max((weigh(key) for name in arabic for key in name.split()), default=weigh(word))
        found.append(Term(word, weight, arabic))
    return found


@lru_cache(maxsize=4096)
def _arabic_of(word: str) -> tuple[str, ...]:
    if word in MONTHS:
        return tuple(
            name for name, number in MONTHS.items() if number == MONTHS[word] and not _LATIN.match(name)
        )
    name = countries().get(word)
    return (fold(name),) if name else ()


@lru_cache(maxsize=1 << 17)
def related(term: str, word: str) -> float:
    """Return 1 for the same word, less for the same stem or a shared beginning, 0 for another word."""
    if term == word:
        return 1.0
    if _LATIN.match(term) and not _LATIN.match(word):
        return 1.0 if same_name(term, word) else 0.0
    if term.isdigit() or word.isdigit():
        return 1.0 if re.sub(r"\D", "", term) == re.sub(r"\D", "", word) else 0.0
    stem, other = stem_of(term), stem_of(word)
    if stem == other:
        return 0.9
    grams, others = _grams(stem), _grams(other)
    share = 2 * len(grams & others) / (len(grams) + len(others)) if grams and others else 0.0
    return share if share >= _ROOT_SHARE else 0.0


def match_words(terms: Sequence[Term], words: Sequence[str]) -> NDArray[np.float32]:
    """Return an array of shape (terms, words): how related each pair is, 0 to 1."""
    matches = np.zeros((len(terms), len(words)), dtype=np.float32)
    for i, term in enumerate(terms):
        for j, word in enumerate(words):
            matches[i, j] = related(term.key, word)
        for name in term.arabic:
            parts = name.split()
            for j in range(len(words) - len(parts) + 1):
                near = min(related(part, words[j + k]) for k, part in enumerate(parts))
                if near:
                    matches[i, j : j + len(parts)] = np.maximum(matches[i, j : j + len(parts)], near)
    return matches


def _grams(word: str) -> frozenset[str]:
    return frozenset(word[i : i + 3] for i in range(len(word) - 2))
