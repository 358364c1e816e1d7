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
from index.analysis import root_of, stem
from index.lexicon import translations

Weigh = Callable[[str], float]
"""Gives a folded word its inverse document frequency."""

_LATIN = re.compile("^[a-z]")
_ARABIC_MONTHS = {name: number for name, number in MONTHS.items() if not _LATIN.match(name)}
_SHARED_TRIGRAMS = 0.6
_UNTRANSLATED = 0.15
"""What a word in Latin letters weighs that is no name and has no translation: no article need hold it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question, the Arabic it stands for when that is known, and its weight.

    `roots` are those of Arabic words that may translate it, where it is not known what it stands for.
    """

    key: str
    weight: float
    arabic: tuple[str, ...] = ()
    roots: frozenset[str] = frozenset()


def terms_of(words: Sequence[str], names: frozenset[str], weigh: Weigh) -> list[Term]:
    """Give each content word its weight; words in French and English get their Arabic where it is known.

    `names` are the words written as names: in another script they weigh as much as a rare Arabic word,
    since their sound can be found in the articles; words of that script without a translation hardly count.
    """
    return [_term(word, word in names, weigh) for word in dict.fromkeys(words)]


def _term(word: str, is_name: bool, weigh: Weigh) -> Term:
    if not _LATIN.match(word):
        return Term(word, weigh(word))
    arabic = _arabic_of(word)
    if arabic:
        return Term(word, max(weigh(key) for name in arabic for key in name.split()), arabic)
    if is_name:
        return Term(word, weigh(word))
    said = translations(word)
    if not said:
        return Term(word, weigh(word) * _UNTRANSLATED)
    weight = max(weigh(root) * likely for root, likely in said)
    return Term(word, weight, roots=frozenset(root for root, _ in said))


@lru_cache(maxsize=4096)
def _arabic_of(word: str) -> tuple[str, ...]:
    if word in MONTHS:
        return tuple(name for name, number in _ARABIC_MONTHS.items() if number == MONTHS[word])
    name = countries().get(word)
    return (fold(name),) if name else ()


class Matcher:
    """Compares the terms of one question with words, each different word once."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = terms
        self.weights = np.array([term.weight for term in terms], np.float32)
        self._columns: dict[str, NDArray[np.float32]] = {}

    def match(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (terms, words): how related each pair is, 0 to 1."""
        if not words or not self.terms:
            return np.zeros((len(self.terms), len(words)), np.float32)
        matches = np.stack([self._column(word) for word in words], axis=1)
        for i, term in enumerate(self.terms):
            for parts in (name.split() for name in term.arabic if " " in name):
                for j in range(len(words) - len(parts) + 1):
                    if all(related(part, words[j + k]) for k, part in enumerate(parts)):
                        matches[i, j : j + len(parts)] = 1
        return matches

    def coverage(self, matches: NDArray[np.float32]) -> float:
        """Return the share (0–1) of the terms' weight found in words matched before."""
        total = self.weights.sum()
        if not total or not matches.size:
            return 0.0
        return float(matches.max(axis=1) @ self.weights / total)

    def _column(self, word: str) -> NDArray[np.float32]:
        column = self._columns.get(word)
        if column is None:
            column = np.array([self._relation(term, word) for term in self.terms], np.float32)
            self._columns[word] = column
        return column

    @staticmethod
    def _relation(term: Term, word: str) -> float:
        single = [name for name in term.arabic if " " not in name]
        if term.roots and root_of(word) in term.roots:
            return 1.0
        return max(related(form, word) for form in (term.key, *single))


def related(term: str, word: str) -> float:
    """Return 1 for the same word, less for the same stem or many shared trigrams, 0 for another word."""
    if term == word:
        return 1.0
    if _LATIN.match(term):
        return 1.0 if not _LATIN.match(word) and same_name(term, word) else 0.0
    if term.isdigit() or word.isdigit():
        return 0.0
    (root, grams), (other, others) = _shape(term), _shape(word)
    if root == other:
        return 0.9
    if not grams or not others:
        return 0.0
    share = 2 * len(grams & others) / (len(grams) + len(others))
    return share if share >= _SHARED_TRIGRAMS else 0.0


@lru_cache(maxsize=1 << 16)
def _shape(word: str) -> tuple[str, frozenset[str]]:
    root = stem(word)
    return root, frozenset(root[i : i + 3] for i in range(len(root) - 2))
