"""The sentences a person reads, in Arabic, French and English."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.article import Article
from corpus.typography import set_french
from qa.question import Language
from qa.records import Citation
from qa.translation import day_text, in_language

_ABSTAINED: dict[Language, str] = {
    "ar": "لا أجد في المقالات جوابا عن هذا السؤال.",
    "fr": "Les articles ne contiennent pas de réponse à cette question.",
    "en": "The articles do not hold an answer to this question.",
}
_DISAGREE: dict[Language, str] = {
    "ar": "تختلف المقالات:",
    "fr": set_french("Les articles se contredisent :"),
    "en": "The articles disagree:",
}
_SEPARATOR: dict[Language, str] = {"ar": "؛ ", "fr": set_french(" ; "), "en": "; "}
QUOTES: dict[str, str] = {"ar": "«{}»", "fr": set_french("« {} »"), "en": "“{}”"}
_RIGHT_TO_LEFT_ISOLATE, _POP = "\u2067", "\u2069"


def abstention(language: Language) -> str:
    """Say plainly that the articles do not hold the answer."""
    return _ABSTAINED[language]


def answer_message(said: Sequence[tuple[str, tuple[Citation, ...]]], language: Language) -> str:
    """Return the answer as one line: the words, the citation numbers, and each source with its date.

    `said` are the answers with their citations: one, or two that contradict each other. In French and
    English a date, a number or a place is written in that language, and Arabic words are isolated, so that
    they do not turn the line around.
    """
    parts = [_said(text, citations, language) for text, citations in said]
    return parts[0] if len(parts) == 1 else f"{_DISAGREE[language]} {_SEPARATOR[language].join(parts)}"


def with_sources(text: str, citations: Sequence[Citation], language: Language) -> str:
    """Return a text that carries its citation numbers, and behind it each source, once, with its date."""
    sources = dict.fromkeys(_source(citation.article, language) for citation in citations)
    return f"{text} – {_SEPARATOR[language].join(sources)}"


def _said(text: str, citations: tuple[Citation, ...], language: Language) -> str:
    numbers = " ".join(f"[{citation.number}]" for citation in citations)
    return with_sources(f"{_words(text, language)} {numbers}", citations, language)


def _words(text: str, language: Language) -> str:
    if language == "ar":
        return text
    rendered = in_language(text, language)
    return f"{rendered} ({_isolate(text)})" if rendered else _isolate(text)


def _source(article: Article, language: Language) -> str:
    title = article.title if language == "ar" else _isolate(article.title)
    parts = [QUOTES[language].format(title)]
    if article.publisher:
        parts.append(article.publisher if language == "ar" else _isolate(article.publisher))
    if article.published:
        parts.append(day_text(article.published, language))
    return ("، " if language == "ar" else ", ").join(parts)


def _isolate(text: str) -> str:
    return f"{_RIGHT_TO_LEFT_ISOLATE}{text}{_POP}"
