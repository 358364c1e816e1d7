"""Candidate answers inside a sentence: dates, numbers, names, quotations and the phrases between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.arabic import fold
from corpus.dates import find_dates
from corpus.names import country_names

LONGEST = 14
"""Words in the longest phrase tried; the human-made training answers have 3.5 to 5.2 words on average."""
HOLDING = 0.25
"""How much of a phrase's worth is that it holds the answer, against its F1 with it."""
_LIKELY = 300
_WORD = re.compile(r"[^\W_](?:[^\s،؛,;:()\[\]«»\"“”!؟?…|/]*[^\W_])?[%٪]?|[^\W_]")
_BREAK = re.compile(r"[،؛,;:()\[\]«»\"“”!؟?…|/–]|\.(?:\s|$)|\s-\s")
_NUMBER = re.compile(r"^(?:[وبل]|ال|ال?ـ)*\d+(?:[.,/]\d+)*[%٪]?$")
_NUMBER_WORDS = re.compile(
    r"^(?:[وبل])?(?:ال)?(?:واحد|احد|احدي|اثنان|اثنين|اثنتين|ثلاث|ثلاثه|اربع|اربعه|خمس|خمسه|ست|سته|سبع|سبعه|ثمان|ثماني"
    r"|ثمانيه|تسع|تسعه|عشر|عشره|عشرون|عشرين|ثلاثون|ثلاثين|اربعون|اربعين|خمسون|خمسين|ستون|ستين|سبعون|سبعين"
    r"|ثمانون|ثمانين|تسعون|تسعين|ميه|مايه|ميات|ميتين|ميتي|الف|الاف|مليون|ملايين|مليار|مليارات|نصف|ربع|ثلث)$"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: where it stands (code points), its folded form, and what kind it is."""

    start: int
    end: int
    key: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """Words `first` to `last` (included) of a sentence, with no punctuation between them."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """A candidate: words `first` to `last` (included); `is_date` when it is exactly a date."""

    first: int
    last: int
    is_date: bool = False


def split_words(text: str, start: int, end: int) -> list[Word]:
    """Return the words of `text[start:end]`, with offsets into the whole text."""
    found = []
    for match in _WORD.finditer(text, start, end):
        key = fold(match.group())
        if key:
            number = bool(_NUMBER.match(key) or _NUMBER_WORDS.match(key))
            found.append(Word(match.start(), match.end(), key, number))
    return found


def segments(text: str, sentence: Sequence[Word]) -> list[Segment]:
    """Return the runs of words that no punctuation interrupts."""
    found, first = [], 0
    for i in range(1, len(sentence)):
        if _BREAK.search(text, sentence[i - 1].end, sentence[i].start):
            found.append(Segment(first, i - 1))
            first = i
    if sentence:
        found.append(Segment(first, len(sentence) - 1))
    return found


def phrases(text: str, sentence: Sequence[Word]) -> list[Phrase]:
    """Return every candidate of a sentence: dates, runs inside a segment, and runs of whole segments."""
    if not sentence:
        return []
    found = {(p.first, p.last): p for p in _dates(text, sentence)}
    parts = segments(text, sentence)
    for part in parts:
        for first in range(part.first, part.last + 1):
            for last in range(first, min(part.last, first + LONGEST - 1) + 1):
                found.setdefault((first, last), Phrase(first, last))
        found.setdefault((part.first, part.last), Phrase(part.first, part.last))
    for i, opening in enumerate(parts):
        for closing in parts[i + 1 : i + 9]:
            # A list or a clause with commas: from a word near the first comma to a segment's end.
            for first in range(max(opening.first, opening.last - 3), opening.last + 1):
                found.setdefault((first, closing.last), Phrase(first, closing.last))
            found.setdefault((opening.first, closing.last), Phrase(opening.first, closing.last))
    return list(found.values())


def choose(found: Sequence[Phrase], weights: NDArray[np.float32], kind: str) -> Phrase:
    """Return the phrase that shares most with whatever the answer may be: minimum Bayes risk.

    `weights` has shape (phrases,), higher for a likelier answer. Where one phrase is clearly best it is
    chosen; where several overlap, the one that holds them (Kumar and Byrne 2004, for F1 and containment).
    A yes/no question is answered by the whole sentence.
    """
    first, last = np.array([p.first for p in found]), np.array([p.last for p in found])
    if kind == "yesno":
        return Phrase(int(first.min()), int(last.max()))
    likely = np.argsort(-weights, kind="stable")[:_LIKELY]
    first, last, share = first[likely], last[likely], weights[likely] / weights[likely].sum()
    length = last - first + 1
    shared = np.minimum(last[:, None], last) - np.maximum(first[:, None], first) + 1
    f1 = 2 * np.maximum(shared, 0) / (length[:, None] + length)
    holds = (first[:, None] <= first) & (last[:, None] >= last)
    gain = (1 - HOLDING) * f1 + HOLDING * holds
    best = int(likely[np.argmax(gain @ share)])
    return found[best]


def list_items(text: str) -> tuple[str, ...]:
    """Return the items of a list in words, each a slice of `text`; what is no list is one item.

    >>> list_items("بولندا، صربيا، والدنمارك وسويسرا")
    ('بولندا', 'صربيا', 'الدنمارك', 'سويسرا')
    """
    parts = [part.strip() for part in re.split(r"[،,؛;]", text)]
    if len(parts) < 2:
        return (text,)
    *others, final = [_without_and(part) for part in parts if part]
    halves = re.split(r"\s+(?=و)", final)
    split_final = len(halves) == 2 and _without_and(halves[1]) != halves[1]
    return (*others, halves[0], _without_and(halves[1])) if split_final else (*others, final)


def _without_and(item: str) -> str:
    """Take a joined "and" off, where what follows is surely a word: "وسويسرا", not "واشنطن"."""
    rest = item[1:]
    if item.startswith("و") and (rest.startswith("ال") or fold(rest) in country_names()):
        return rest
    return item


def _dates(text: str, sentence: Sequence[Word]) -> list[Phrase]:
    start, end = sentence[0].start, sentence[-1].end
    dates = []
    for date in find_dates(text[start:end]):
        inside = [
            i for i, w in enumerate(sentence) if w.start < start + date.end and w.end > start + date.start
        ]
        if inside:
            dates.append(Phrase(inside[0], inside[-1], is_date=True))
    return dates
