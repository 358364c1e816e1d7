"""Numbers as they are written in Arabic: figures of every script, words, and both together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.arabic import fold_with_offsets

_UNITS = (
    "واحد|احد|واحده|احدي;اثنان|اثنين|اثنتان|اثنتين|اثنا|اثني|اثنتا|اثنتي|جوج;ثلاثه|ثلاث|تلاته;اربعه|اربع;خمسه|خمس"
    ";سته|ست;سبعه|سبع;ثمانيه|ثماني|ثمان|تمنيه;تسعه|تسع;عشره|عشر"
)
_TENS = "عشرون|عشرين;ثلاثون|ثلاثين;اربعون|اربعين;خمسون|خمسين;ستون|ستين;سبعون|سبعين;ثمانون|ثمانين;تسعون|تسعين"
_HUNDREDS = "ميه|مايه;ميتان|ميتين|مايتان|مايتين"
_VALUES: dict[str, int] = {
    **{name: n for n, names in enumerate(_UNITS.split(";"), 1) for name in names.split("|")},
    **{name: 10 * n for n, names in enumerate(_TENS.split(";"), 2) for name in names.split("|")},
    **{name: 100 * n for n, names in enumerate(_HUNDREDS.split(";"), 1) for name in names.split("|")},
}
# "ثلاثمائة" is one word: a unit joined to a hundred.
_VALUES |= {
    unit + hundred: 100 * _VALUES[unit]
    for unit in ("ثلاث", "اربع", "خمس", "ست", "سبع", "ثماني", "ثمان", "تسع")
    for hundred in ("ميه", "مايه")
}
_SCALES: dict[str, int] = {
    name: scale
    for scale, names in (
        (10**3, "الف|الاف|الفا"),
        (2 * 10**3, "الفان|الفين"),
        (10**6, "مليون|ملايين|مليونا"),
        (2 * 10**6, "مليونان|مليونين"),
        (10**9, "مليار|مليارات|مليارا"),
        (2 * 10**9, "ملياران|مليارين"),
    )
    for name in names.split("|")
}
HEDGES: Mapping[str, tuple[str, ...]] = {
    "about": ("حوالي", "نحو", "قرابة", "زهاء", "ما يقارب"),
    "more": ("أكثر من", "أزيد من", "ما يزيد عن", "ما يفوق"),
    "less": ("أقل من",),
}
"""What stands before a number that is not exact, by what it says."""
_FIGURE = r"[1-9]\d{0,2}(?:[ ,.\u066c\u00a0]\d{3})+(?!\d)|\d+(?:[.,\u066b]\d+)?"
_SCALE = rf"(?:{'|'.join(sorted(_SCALES, key=len, reverse=True))})(?!\w)"
_WORD = rf"(?:{'|'.join(sorted((*_VALUES, *_SCALES), key=len, reverse=True))})(?!\w)"
_AND = r"\s+(?:و\s?)?"
# Figures are joined only after a thousand or the like: "3 و4 شتنبر" are two numbers, "3 آلاف و200" is one.
_NUMBER = re.compile(
    rf"(?<![\w.,])(?:و(?!احد))?(?P<number>(?:(?:{_FIGURE})\s+)?{_SCALE}(?:{_AND}(?:(?:{_FIGURE})(?:\s+{_SCALE})?|{_WORD}))*"
    rf"|(?:{_FIGURE})|{_WORD}(?:{_AND}{_WORD})*)"
)
_MINUS = re.compile(r"(?:^|(?<![^\s(«]))[-−]$")
_PART = re.compile(rf"(?:و(?!احد)\s?)?(?:(?P<figure>{_FIGURE})|(?P<name>{_WORD}))")


@dataclass(frozen=True, slots=True)
class NumberMention:
    """A number at `text[start:end]` (code points) and its value."""

    start: int
    end: int
    value: float


def find_numbers(text: str) -> list[NumberMention]:
    """Return the numbers in `text`, in order.

    >>> [number.value for number in find_numbers("١٩٥ دولة، وثلاثة وعشرون وفدا، و2,5 مليون")]
    [195, 23, 2500000]
    """
    return list(_mentions(text))


def _mentions(text: str) -> Iterator[NumberMention]:
    key, offsets = fold_with_offsets(text)
    for match in _NUMBER.finditer(key):
        start, value = match.start("number"), _value(match["number"])
        if _MINUS.search(key, max(start - 2, 0), start):
            start, value = start - 1, -value
        yield NumberMention(offsets[start], offsets[match.end("number")], value)


def _value(words: str) -> float:
    """Return what a run of figures and number words is worth."""
    total, part = 0.0, 0.0
    for match in _PART.finditer(words):
        name = match["name"]
        if match["figure"]:
            part += _figure(match["figure"])
        elif name in _SCALES:
            total, part = total + (part or 1) * _SCALES[name], 0.0
        elif name in ("ميه", "مايه") and 0 < part < 10:
            part *= 100
        else:
            part += _VALUES[name]
    value = total + part
    return int(value) if value.is_integer() else value


def _figure(text: str) -> float:
    if re.fullmatch(r"[1-9]\d{0,2}(?:[ ,.\u066c\u00a0]\d{3})+", text):
        return float(re.sub(r"\D", "", text))
    return float(re.sub(r"[,\u066b]", ".", text))
