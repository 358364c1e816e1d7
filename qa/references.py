"""A source as one line that can be pasted under a text, and an answer with its sources as Markdown."""

from __future__ import annotations

import re

from corpus.article import Article
from corpus.errors import JawabError
from qa.messages import QUOTES
from qa.page_texts import say
from qa.records import Answer
from qa.scope import Scope
from qa.translation import day_text

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
_BLOCK = re.compile(r"^(\s*)(\d*)(?=[-+=>]|(?<=\d)[.)]\s)", re.MULTILINE)
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_FIRST_STRONG_ISOLATE, _POP = "\u2068", "\u2069"


def reference(article: Article, language: str) -> str:
    """Return title, publisher, day and address of an article in one line, without its quote.

    >>> reference(Article("a", "اجتماع ليون", "نص", "a.md", publisher="جواب"), "ar")
    '«اجتماع ليون»، جواب'
    """
    parts = [QUOTES[language].format(_isolated(article.title or article.source, language))]
    if article.publisher:
        parts.append(_isolated(article.publisher, language))
    if article.published:
        parts.append(day_text(article.published, language))
    if article.url:
        parts.append(article.url)
    return ("، " if language == "ar" else ", ").join(parts)


def turn_markdown(
    question: str, outcome: Answer | JawabError, language: str, within: Scope | None = None
) -> str:
    """Return a question and what came of it as Markdown in which every text of others stays text."""
    lines = [f"## {_escaped(question)}", ""]
    if within:
        lines += [_escaped(say("limited", language, " · ".join(_named(within, language)))), ""]
    if isinstance(outcome, JawabError):
        return "\n".join([*lines, _escaped(outcome.sentence(language)), ""])
    if outcome.text is None:
        return "\n".join([*lines, _escaped(outcome.message), ""])
    numbers = "".join(f"[{citation.number}]" for citation in outcome.citations)
    lines += [f"**{_escaped(outcome.text)}** {numbers}", ""]
    for citation in outcome.citations:
        quote = _escaped(citation.quote).replace("\n", "\n> ")
        source = _escaped(reference(citation.article, language))
        lines += [f"> {quote}", f"> — [{citation.number}] {source}", ""]
    return "\n".join(lines)


def _named(scope: Scope, language: str) -> list[str]:
    """Return the publishers and days of a scope as a person reads them."""
    days = {"since": scope.since, "until": scope.until}
    publishers = [_isolated(name, language) for name in sorted(scope.publishers)]
    chosen = [f"{say(name, language)} {day_text(day, language)}" for name, day in days.items() if day]
    return [*publishers, *chosen]


def without_controls(text: str) -> str:
    """Return a text without the controls that would turn what stands beside it."""
    return _BIDI_CONTROLS.sub("", text)


def _isolated(text: str, language: str) -> str:
    """Return a name that keeps its direction to itself; in Arabic lines nothing need be added."""
    bare = " ".join(without_controls(text).split())
    return bare if language == "ar" else f"{_FIRST_STRONG_ISOLATE}{bare}{_POP}"


def _escaped(text: str) -> str:
    return _BLOCK.sub(r"\1\2\\", _SPECIAL.sub(r"\\\1", text))
