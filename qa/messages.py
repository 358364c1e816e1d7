"""The sentences a person reads, in Arabic, French and English."""

from __future__ import annotations

from babel.dates import get_month_names

from corpus.arabic import words
from corpus.article import Article
from corpus.dates import DateMention, find_dates
from qa.question import Language
from qa.records import Citation

_ABSTAINED: dict[Language, str] = {
    "ar": "لا أجد في المقالات جوابا عن هذا السؤال.",
    "fr": "Les articles ne contiennent pas de réponse à cette question.",
    "en": "The articles do not hold an answer to this question.",
}
_LOCALES: dict[Language, str] = {"ar": "ar_MA", "fr": "fr", "en": "en"}
_QUOTES: dict[Language, str] = {"ar": "«{}»", "fr": "« {} »", "en": "“{}”"}
_BEFORE_DATE = frozenset("في يوم يومي ايام بتاريخ عام سنه خلال بين من مساء صباح شهر".split())
_RIGHT_TO_LEFT_ISOLATE, _POP = "\u2067", "\u2069"


def abstention(language: Language) -> str:
    """Say plainly that the articles do not hold the answer."""
    return _ABSTAINED[language]


def answer_message(text: str, citations: tuple[Citation, ...], language: Language) -> str:
    """Return the answer as one line: the words, the citation numbers, and each source with its date.

    In French and English a date is written in that language, and Arabic words are isolated, so that
    they do not turn the line around.
    """
    numbers = " ".join(f"[{citation.number}]" for citation in citations)
    sources = list(dict.fromkeys(_source(citation.article, language) for citation in citations))
    return f"{_words(text, language)} {numbers} – {'; '.join(sources)}"


def _words(text: str, language: Language) -> str:
    if language == "ar":
        return text
    dates = find_dates(text)
    if len(dates) == 1 and _only_date(text, dates[0]):
        written = _date(dates[0], language)
        if written:
            return f"{written} ({_isolate(text)})"
    return _isolate(text)


def _only_date(text: str, date: DateMention) -> bool:
    """Tell whether a text is a date and nothing but the words that lead up to one: "يومي 3 و4 شتنبر"."""
    return _BEFORE_DATE.issuperset(words(text[: date.start] + " " + text[date.end :]))


def _date(date: DateMention, language: Language) -> str:
    """Write the parts a date names, in the order French and English share: day, month, year."""
    month = get_month_names("wide", locale=_LOCALES[language])[date.month] if date.month else ""
    days = "–".join(str(day) for day in date.days)
    return " ".join(part for part in (days, month, str(date.year or "")) if part)


def _source(article: Article, language: Language) -> str:
    title = article.title if language == "ar" else _isolate(article.title)
    parts = [_QUOTES[language].format(title)]
    if article.publisher:
        parts.append(article.publisher if language == "ar" else _isolate(article.publisher))
    if article.published:
        month = get_month_names("wide", locale=_LOCALES[language])[article.published.month]
        parts.append(f"{article.published.day} {month} {article.published.year}")
    return ("، " if language == "ar" else ", ").join(parts)


def _isolate(text: str) -> str:
    return f"{_RIGHT_TO_LEFT_ISOLATE}{text}{_POP}"
