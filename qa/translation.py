"""What Arabic words say in French and English, where that is certain: dates, numbers, places, units."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date, get_day_names, get_month_names
from babel.numbers import format_decimal

from corpus.arabic import fold, words
from corpus.dates import DateMention, find_dates
from corpus.numbers import HEDGES, NumberMention, find_numbers
from qa.question import Language

LOCALES: dict[str, str] = {"ar": "ar_MA", "fr": "fr", "en": "en"}
_BEFORE_DATE = frozenset("في يوم يومي ايام بتاريخ عام سنه خلال بين من مساء صباح شهر".split())
_WEEKDAYS = "الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت الاحد".split()
# Folded nouns that are counted, in the forms they take after a number: French, English.
_COUNTED: tuple[tuple[str, str, str], ...] = (
    ("دوله|دول|بلد|بلدا|بلدان", "pays", "countries"),
    ("عضو|عضوا|اعضاء", "membres", "members"),
    ("شخص|شخصا|اشخاص", "personnes", "people"),
    ("قتيل|قتيلا|قتلي", "morts", "dead"),
    ("جريح|جريحا|جرحي|مصاب|مصابا|مصابين", "blessés", "injured"),
    ("مشارك|مشاركا|مشاركين|مشاركون", "participants", "participants"),
    ("الف نسمه|نسمه", "habitants", "inhabitants"),
    ("عام|عاما|اعوام|سنه|سنوات|سنين", "ans", "years"),
    ("شهر|شهرا|اشهر|شهور", "mois", "months"),
    ("اسبوع|اسبوعا|اسابيع", "semaines", "weeks"),
    ("يوم|يوما|ايام", "jours", "days"),
    ("ساعه|ساعات", "heures", "hours"),
    ("دقيقه|دقايق", "minutes", "minutes"),
    ("كيلومتر|كيلومترا|كيلومترات|كلم|كم", "km", "km"),
    ("متر|مترا|امتار|م", "m", "m"),
    ("كيلوغرام|كيلوغراما|كيلوغرامات|كغ|كيلو", "kg", "kg"),
    ("طن|طنا|اطنان", "tonnes", "tonnes"),
    ("هكتار|هكتارا|هكتارات", "hectares", "hectares"),
    ("درهم|درهما|دراهم", "dirhams", "dirhams"),
    ("دينار|دينارا|دنانير", "dinars", "dinars"),
    ("دولار|دولارا|دولارات", "dollars", "dollars"),
    ("يورو|اورو", "euros", "euros"),
    ("في الميه|في المايه|بالميه|بالمايه|%|٪", "%", "%"),
    ("درجه|درجات", "degrés", "degrees"),
    ("مقعد|مقعدا|مقاعد", "sièges", "seats"),
    ("صوت|صوتا|اصوات", "voix", "votes"),
    ("هدف|هدفا|اهداف", "buts", "goals"),
    ("مره|مرات", "fois", "times"),
    ("وفد|وفدا|وفود", "délégations", "delegations"),
    ("مذكره|مذكرات", "mémorandums", "memoranda"),
)
# Cities that Unicode CLDR does not name: Arabic, French, English.
_CITIES: tuple[tuple[str, str, str], ...] = (
    ("الرباط", "Rabat", "Rabat"),
    ("مراكش", "Marrakech", "Marrakesh"),
    ("فاس", "Fès", "Fez"),
    ("طنجة", "Tanger", "Tangier"),
    ("أكادير", "Agadir", "Agadir"),
    ("مكناس", "Meknès", "Meknes"),
    ("وجدة", "Oujda", "Oujda"),
    ("تطوان", "Tétouan", "Tetouan"),
    ("الصويرة", "Essaouira", "Essaouira"),
    ("الداخلة", "Dakhla", "Dakhla"),
    ("ورزازات", "Ouarzazate", "Ouarzazate"),
    ("سوسة", "Sousse", "Sousse"),
    ("صفاقس", "Sfax", "Sfax"),
    ("ليون", "Lyon", "Lyon"),
    ("مرسيليا", "Marseille", "Marseille"),
    ("جنيف", "Genève", "Geneva"),
    ("برشلونة", "Barcelone", "Barcelona"),
    ("الإسكندرية", "Alexandrie", "Alexandria"),
    ("مكة المكرمة", "La Mecque", "Mecca"),
)
_UNITS = {
    name: {"fr": french, "en": english} for names, french, english in _COUNTED for name in names.split("|")
}
_HEDGES: dict[str, dict[Language, str]] = {
    fold(hedge): {"fr": french, "en": english}
    for hedges, french, english in (
        ((*HEDGES["about"], "تقريبا"), "environ", "about"),
        (HEDGES["more"], "plus de", "more than"),
        (HEDGES["less"], "moins de", "less than"),
    )
    for hedge in hedges
}
_HEDGE = "|".join(sorted(_HEDGES, key=len, reverse=True))
_ALL = re.compile(r"\s*[،,؛;]\s*|\s+و(?=\w)")


def in_language(text: str, language: Language) -> str | None:
    """Return what the Arabic words say in French or English, or None where that is not certain.

    >>> in_language("يومي 3 و4 شتنبر الجاري", "en"), in_language("حوالي 195 دولة", "fr")
    ('3–4 September', 'environ 195 pays')
    >>> in_language("مصر والمغرب", "en"), in_language("اتفاق", "en")
    ('Egypt, Morocco', None)
    """
    if language == "ar":
        return None
    return _date(text, language) or _number(text, language) or _places(text, language)


def day_text(day: date, language: str) -> str:
    """Write a day as the readers of a language do, months as in Morocco.

    >>> day_text(date(2024, 9, 5), "ar")
    '5 شتنبر 2024'
    """
    written = format_date(day, "d MMMM y", locale=LOCALES[language])
    return _first_of_month(written) if language == "fr" else written


def _written(mention: DateMention, language: Language, weekday: str = "") -> str:
    """Write the parts that a date names, in the order all three languages share: day, month, year."""
    month = get_month_names("wide", locale=LOCALES[language])[mention.month] if mention.month else ""
    days = "–".join(str(day) for day in mention.days)
    if language == "fr" and month:
        days = _first_of_month(days)
    return " ".join(part for part in (weekday, days, month, str(mention.year or "")) if part)


def _first_of_month(days: str) -> str:
    """Write the first day as French does: 1er janvier."""
    return re.sub(r"^1(?!\d)", "1er", days)


def _date(text: str, language: Language) -> str | None:
    dates = find_dates(text)
    if len(dates) != 1:
        return None
    (mention,) = dates
    before, after = words(text[: mention.start]), words(text[mention.end :])
    named = [place for place, name in enumerate(_WEEKDAYS) if name in words(text)]
    beside = _BEFORE_DATE.issuperset({*before} - {*_WEEKDAYS}) and {*_WEEKDAYS}.issuperset(after)
    if mention.hijri or not beside or len(named) > 1:
        return None
    weekday = get_day_names("wide", locale=LOCALES[language])[named[0]] if named else ""
    return _written(mention, language, weekday) or None


def _number(text: str, language: Language) -> str | None:
    numbers = find_numbers(text)
    if len(numbers) != 1:
        return None
    (number,) = numbers
    key = " ".join(re.findall(r"[\w%٪]+", fold(text[: number.start])))
    unit = " ".join(re.findall(r"[\w%٪]+", fold(text[number.end :])))
    hedge = re.fullmatch(rf"(?:ب|ل)?({_HEDGE})?", key)
    if hedge is None or (unit and unit not in _UNITS):
        return None
    said = [_HEDGES[hedge[1]][language]] if hedge[1] else []
    said.append(_figures(number, language))
    if unit:
        said.append(_UNITS[unit][language])
    return " ".join(said)


def _figures(number: NumberMention, language: Language) -> str:
    """Write a value; from 10,000 on with separators, so that a year stays a year."""
    plain = number.value < 10_000 and float(number.value).is_integer()
    return str(number.value) if plain else format_decimal(number.value, locale=LOCALES[language])


def _places(text: str, language: Language) -> str | None:
    known = _place_names()
    names = [" ".join(words(part)) for part in _ALL.split(text) if part.strip()]
    names = [name.removeprefix("مدينه ").removeprefix("دوله ") for name in names]
    if not names or not all(name in known for name in names):
        return None
    return ", ".join(known[name][language] for name in names)


@cache
def _place_names() -> dict[str, dict[Language, str]]:
    """Return countries and cities by the folded Arabic name, with and without its article.

    Countries, and the cities that stand for a time zone, are from Unicode CLDR, by Babel.
    """
    arabic, french, english = Locale("ar", "MA"), Locale("fr"), Locale("en")
    named = list(_CITIES)
    for code, name in arabic.territories.items():
        if len(code) == 2 and code in french.territories and code in english.territories:
            named.append((name, french.territories[code], english.territories[code]))
    for zone, names in arabic.time_zones.items():
        if "city" in names:
            plain = zone.rpartition("/")[2].replace("_", " ")
            spoken = (locale.time_zones.get(zone, {}).get("city", plain) for locale in (french, english))
            named.append((names["city"], *spoken))
    found: dict[str, dict[Language, str]] = {}
    for name, in_french, in_english in named:
        key = " ".join(words(name))
        for spelled in (key, key.removeprefix("ال"), f"ال{key.removeprefix('ال')}"):
            found.setdefault(spelled, {"fr": in_french, "en": in_english})
    return found
