"""Whether articles say the same: readings that support the best one, and one that contradicts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.arabic import words
from corpus.dates import DateMention, find_dates
from corpus.numbers import find_numbers
from index.analysis import stem
from index.function_words import FUNCTION_WORDS
from qa.question import Kind
from qa.reader import Reading

SUPPORTING = 0.2
"""Share of the best reading's confidence that one which says the same must have."""
CONTRADICTING = 0.5
"""The same for one that says otherwise; both sentences must then be about the same."""
_SAME_SUBJECT = 0.5
_COMPARED: frozenset[Kind] = frozenset({"date", "number"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the articles say: readings of the same answer, the best first, and of another one, if any."""

    agreeing: tuple[Reading, ...]
    contradicting: tuple[Reading, ...] = ()


def compare(readings: Sequence[Reading], kind: Kind) -> Verdict:
    """Sort readings (best first, at least one) into what supports the best and what contradicts it.

    Only dates and numbers are held against each other, and only where both sentences are about the same;
    each article is heard once.
    """
    best, *others = readings
    agreeing, contradicting, heard = [best], [], {best.passage.article_id}
    for other in others:
        if other.passage.article_id in heard:
            continue
        share = other.confidence / max(best.confidence, 1e-9)
        if share >= SUPPORTING and says_the_same(best.text, other.text):
            agreeing.append(other)
            heard.add(other.passage.article_id)
        elif kind in _COMPARED and share >= CONTRADICTING and _contradict(best, other):
            contradicting.append(other)
            heard.add(other.passage.article_id)
    return Verdict(tuple(agreeing), tuple(contradicting[:1]))


def says_the_same(one: str, other: str) -> bool:
    """Tell whether two answers are the same date, the same number of the same, or the same words."""
    first, second = _said(one), _said(other)
    if first.content == second.content:
        return True
    if first.date and second.date:
        as_precise = bool(first.date.days) == bool(second.date.days)
        beside = first.beside_date <= second.beside_date or second.beside_date <= first.beside_date
        return as_precise and beside and first.date.agrees_with(second.date)
    if first.date or second.date or first.number is None:
        return False
    return first.number == second.number and _same_unit(first, second)


def _contradict(best: Reading, other: Reading) -> bool:
    """Tell whether two readings give different values of the same thing."""
    first, second = _said(best.text), _said(other.text)
    if first.date and second.date:
        differ = first.date.differs_from(second.date)
    elif first.date or second.date or first.number is None or second.number is None:
        return False
    else:
        differ = first.number != second.number and _same_unit(first, second)
    return differ and _same_subject(best, other)


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer's words, and the one date or the one number in it."""

    content: tuple[str, ...]
    date: DateMention | None
    beside_date: frozenset[str]
    number: float | None


@lru_cache(maxsize=512)  # one answer is held against many
def _said(text: str) -> _Said:
    dates, numbers = find_dates(text), find_numbers(text)
    date = dates[0] if len(dates) == 1 else None
    beside = f"{text[: date.start]} {text[date.end :]}" if date else ""
    number = numbers[0].value if len(numbers) == 1 else None
    return _Said(tuple(_content(text)), date, frozenset(_content(beside)), number)


def _same_unit(one: _Said, other: _Said) -> bool:
    """Tell whether what is counted is the same, or left open by one of the two."""
    first, second = (
        {stem(word) for word in said.content if not any(c.isdigit() for c in word)} for said in (one, other)
    )
    return not first or not second or bool(first & second)


def _same_subject(best: Reading, other: Reading) -> bool:
    one, two = (
        {stem(word) for word in _content(reading.passage.article.text[slice(*reading.sentence)])}
        - {stem(word) for word in _content(reading.text)}
        for reading in (best, other)
    )
    return len(one & two) >= _SAME_SUBJECT * max(min(len(one), len(two)), 1)


def _content(text: str) -> list[str]:
    return [word for word in words(text) if word not in FUNCTION_WORDS]
