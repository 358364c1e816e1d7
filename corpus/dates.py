"""Dates as they are written in Arabic, French and English: where they stand and what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.arabic import fold_with_offsets

# Month names as folded keys: Morocco, Egypt, the Levant and Iraq, Tunisia and Algeria, French, English.
_MONTH_NAMES = (
    "يناير|جانفي|كانون الثاني|janvier|january",
    "فبراير|شباط|فيفري|fevrier|february",
    "مارس|اذار|mars|march",
    "ابريل|نيسان|افريل|avril|april",
    "ماي|مايو|ايار|mai|may",
    "يونيو|يونيه|حزيران|جوان|juin|june",
    "يوليوز|يوليو|يوليه|تموز|جويليه|juillet|july",
    "غشت|اغسطس|اب|اوت|aout|august",
    "شتنبر|سبتمبر|ايلول|septembre|september",
    "اكتوبر|تشرين الاول|octobre|october",
    "نونبر|نوفمبر|تشرين الثاني|novembre|november",
    "دجنبر|ديسمبر|كانون الاول|decembre|december",
)
_HIJRI = (
    "محرم|صفر|ربيع الاول|ربيع الثاني|ربيع الاخر|جمادي الاولي|جمادي الثانيه|جمادي الاخره|رجب|شعبان|رمضان"
    "|شوال|ذو القعده|ذي القعده|ذو الحجه|ذي الحجه"
).replace(" ", r"\s+")
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split("|")}
"""The number (1–12) of a month by its folded name, whatever country writes it."""

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True)).replace(" ", r"\s+")
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_WEEKDAY = r"(?:الاثنين|الثلاثاء?|الاربعاء?|الخميس|الجمعه|السبت|الاحد)"
_NEAR = r"(?:الجاري|الحالي|المقبل|القادم|الماضي|المنصرم|الفارط)"
_YEAR = r"(?:1\d{3}|20\d{2})"
_PATTERN = re.compile(
    rf"""(?<![\w.,/])(?:
      (?:(?:(?:اليوم|يوم)\s+)?{_WEEKDAY}،?\s+(?={_DAY}\D))?
      (?:(?P<days>{_DAY}(?:\s*(?:-|–|و|الي|حتي|,|،|and|et|au|to)\s*{_DAY})*)\s+(?:من\s+)?(?:شهر\s+)?)?
      (?:(?P<month>{_MONTH})(?:\s*[/(]\s*(?:{_MONTH})\s*\)?)?|(?P<hijri>{_HIJRI}))(?!\w)
      (?:\s+(?:من\s+)?(?:عام\s+|سنه\s+)?(?P<year>{_YEAR})(?!\d)|\s+(?P<near>{_NEAR}))?
    | (?P<iso>{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d))
    | (?P<slashed>{_DAY}/(?:0?[1-9]|1[0-2])/{_YEAR})
    | (?P<alone>{_YEAR})(?![\w%٪]|[.,]\d|-\d\d?-)
    | (?:عام|سنه|سنتي|عامي|العام|السنه)\s+(?P<named>\d{{3,4}})(?![\w%٪]|[.,]\d)
    | (?:القرن|القرون)\s+(?P<century>(?:ال)?\w+(?:\s+عشر)?)
    | (?:(?:اليوم|امس|يوم|مساء|صباح)\s+)?(?P<relative>{_WEEKDAY}(?:\s+{_NEAR})?)(?!\w)
    )""",
    re.VERBOSE,
)
# "ماي", "اب" and "مارس" are also other words: alone, without a day or a year, they are no date.
_AMBIGUOUS = {"ماي", "اب", "مارس", "اوت", "جوان", "may", "mars", "march", "mai", "صفر"}


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date at `text[start:end]` (code points) and the parts it names; what it leaves open is None or ().

    `hijri` is the folded name of an Islamic month; day and year are then those of its calendar.
    """

    start: int
    end: int
    days: tuple[int, ...] = ()
    month: int | None = None
    year: int | None = None
    hijri: str | None = None

    def agrees_with(self, other: DateMention) -> bool:
        """Tell whether some part is named by both, and every such part is the same."""
        both = self._named_by_both(other)
        return bool(both) and all(mine == theirs for mine, theirs in both)

    def differs_from(self, other: DateMention) -> bool:
        """Tell whether a part that both name is another: 3 September and 4 September 2025 differ."""
        return any(mine != theirs for mine, theirs in self._named_by_both(other))

    def _named_by_both(self, other: DateMention) -> list[tuple[object, object]]:
        names = ("year", "month", "hijri", "days")
        pairs = ((getattr(self, name), getattr(other, name)) for name in names)
        return [(mine, theirs) for mine, theirs in pairs if mine and theirs]


def find_dates(text: str) -> list[DateMention]:
    """Return the dates mentioned in `text`, in order, not overlapping.

    >>> text = "عُقد يومي 3 و4 شتنبر الجاري بليون"
    >>> [(text[d.start:d.end], d.days, d.month) for d in find_dates(text)]
    [('3 و4 شتنبر الجاري', (3, 4), 9)]
    """
    return list(_mentions(text))


def _mentions(text: str) -> Iterator[DateMention]:
    key, offsets = fold_with_offsets(text)
    for match in _PATTERN.finditer(key):
        month = " ".join(match["month"].split()) if match["month"] else None
        if {month, match["hijri"]} & _AMBIGUOUS and not (match["days"] or match["year"]):
            continue
        end = offsets[match.end()]
        while end > 0 and text[end - 1].isspace():
            end -= 1
        days: tuple[int, ...] = ()
        number = MONTHS[month] if month else None
        year = match["year"] or match["alone"] or match["named"]
        if match["iso"]:
            year, month_text, day_text = match["iso"].split("-")
            days, number = (int(day_text),), int(month_text)
        elif match["slashed"]:
            day_text, month_text, year = match["slashed"].split("/")
            days, number = (int(day_text),), int(month_text)
        elif match["days"]:
            days = tuple(int(day) for day in re.findall(r"\d+", match["days"]))
        start = match.start("named") if match["named"] else match.start()
        hijri = " ".join(match["hijri"].split()) if match["hijri"] else None
        yield DateMention(offsets[start], end, days, number, int(year) if year else None, hijri)
