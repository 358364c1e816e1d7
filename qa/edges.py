"""Where an answer begins and ends: whole words, without the punctuation around them."""

from __future__ import annotations

import re
import unicodedata

from corpus.arabic import fold
from corpus.names import country_names
from corpus.numbers import HEDGES, find_numbers

Span = tuple[int, int]

_EDGES = " \t\n\u00a0.,،؛;:!؟?\"'«»“”‘’()[]{}-–—…*/\u200f\u200e"
_CLOSES = {")": "(", "]": "[", "»": "«", "”": "“", "}": "{"}
_OPENS = {opening: closing for closing, opening in _CLOSES.items()}
_SEPARATOR = re.compile(r"\s*[،؛,;]\s*")
_HEDGES = "|".join(hedge.replace("أ", "[أا]") for hedges in HEDGES.values() for hedge in hedges)
_HEDGE = re.compile(rf"(?<!\w)[بلو]?(?:{_HEDGES})\s+$")
_MINUS = re.compile(r"(?<!\w)[-−](?=\d)")
_ITEM_WORDS = 5
_NOT_AND = frozenset(fold(word) for word in ("والي", "والد", "والدة", "والده", "والدته", "والدها", "والدي"))
"""Governor, father, mother: words that look like an "and" and an article."""
_AND_ITEMS = re.compile(r"(?:\s+و[^\s،؛,;.]{2,})+")


def trimmed(text: str, start: int, end: int) -> Span:
    """Take punctuation and white space off the ends of a span, but no bracket whose partner stays inside.

    >>> trimmed("في «الرباط (المغرب)»،", 2, 21)
    (4, 19)
    """
    while start < end and text[end - 1] in _EDGES:
        if (opening := _CLOSES.get(text[end - 1])) and opening in text[start : end - 1].lstrip(_EDGES):
            break
        end -= 1
    while start < end and text[start] in _EDGES:
        if (closing := _OPENS.get(text[start])) and closing in text[start + 1 : end]:
            break
        if _MINUS.match(text, start):
            break
        start += 1
    return start, end


def whole_words(text: str, start: int, end: int) -> Span:
    """Extend a span to the borders of the words it cuts."""
    while 0 < start < len(text) and _in_word(text[start - 1]) and _in_word(text[start]):
        start -= 1
    while 0 < end < len(text) and _in_word(text[end - 1]) and _in_word(text[end]):
        end += 1
    return start, end


def with_hedge(text: str, start: int, end: int) -> Span:
    """Extend a number over the "about" or "more than" before it: without it the answer would claim more.

    >>> with_hedge("حضره حوالي 300 شخص", 11, 18)
    (5, 18)
    """
    hedge = _HEDGE.search(text, max(start - 20, 0), start)
    numbers = find_numbers(text[start:end]) if hedge else []
    return (hedge.start(), end) if hedge and numbers and numbers[0].start == 0 else (start, end)


def at_word_borders(text: str, start: int, end: int) -> bool:
    """Tell whether a span neither begins nor ends inside a word."""
    return whole_words(text, start, end) == (start, end)


def whole_enumeration(text: str, start: int, end: int) -> Span:
    """Extend a span over the neighbouring items of the list it is part of.

    An item is a few words between commas; the last one may be joined by "and".

    >>> text = "شاركت بولندا، صربيا، والدنمارك وسويسرا، ثم انتهى اللقاء بعد يومين من العمل."
    >>> first, last = whole_enumeration(text, 6, 19)
    >>> text[first:last]
    'بولندا، صربيا، والدنمارك وسويسرا'
    """
    while comma := _SEPARATOR.match(text, end):
        following = _SEPARATOR.search(text, comma.end())
        item = text[comma.end() : following.start() if following else len(text)].rstrip(_EDGES)
        if not item or len(item.split()) > _ITEM_WORDS:
            break
        end = comma.end() + len(item)
    if joined := _AND_ITEMS.match(text, end):
        end = joined.end()
    while before := re.search(r"\s*[،؛,;]\s*$", text[:start]):
        opening = max((mark.end() for mark in _SEPARATOR.finditer(text, 0, before.start())), default=-1)
        if opening < 0 or len(text[opening : before.start()].split()) > _ITEM_WORDS:
            break
        start = opening
    return start, end


def enumerated(text: str) -> list[str]:
    """Return the items of an enumeration, without the commas and the "and" between them.

    "و" is an "and" only before the article or the name of a country: "وزارة" begins with it.

    >>> enumerated("بولندا، وزارة الصحة، والدنمارك وسويسرا")
    ['بولندا', 'وزارة الصحة', 'الدنمارك', 'سويسرا']
    """
    items: list[str] = []
    for part in filter(None, _SEPARATOR.split(text)):
        for place, piece in enumerate(re.split(r"\s+(?=و)", part)):
            bare = piece.removeprefix("و")
            first = fold(piece.split(" ", 1)[0])
            named = bare.startswith("ال") and first not in _NOT_AND
            if bare != piece and (named or fold(bare) in country_names()):
                items.append(bare)
            elif place == 0:
                items.append(piece)
            else:
                items[-1] = f"{items[-1]} {piece}"
    return items


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) == "Mn"
