"""A chat as HTML: the words that answer, the quote that proves them, and the article around the quote.

Every text of a person or an article is escaped and stands in a block of its own: it stays text, and its
direction ends where it ends, bidi controls included.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from unicodedata import bidirectional

from corpus.article import Article
from corpus.errors import JawabError
from index.passage import Hit, Passage
from qa.page_texts import say
from qa.question import Language
from qa.records import Answer, Citation
from qa.references import reference, without_controls
from qa.translation import day_text, in_language

_ICONS = {
    "copy": "M9 9h11v12H9zM5 15H4V3h11v1",
    "cite": "M7 7h4v5c0 3-1 4-3 5M15 7h4v5c0 3-1 4-3 5",
    "share": "M10 14a4 4 0 0 0 6 0l4-4a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-4 4a4 4 0 0 0 6 6l1-1",
    "good": "M7 11v9H4v-9zM7 11l4-8c2 0 3 1 2 4l-1 3h6c2 0 2 2 2 3l-2 6c0 1-1 1-2 1H7",
    "bad": "M17 13V4h3v9zM17 13l-4 8c-2 0-3-1-2-4l1-3H6c-2 0-2-2-2-3l2-6c0-1 1-1 2-1h9",
    "close": "M6 6l12 12M18 6L6 18",
    "edit": "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
    "new": "M12 5v14M5 12h14",
    "chats": "M12 7v5l3 2M3 12a9 9 0 1 0 3-7L3 8M3 3v5h5",
    "export": "M12 3v12M7 10l5 5 5-5M4 20h16",
    "theme": "M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z",
    "delete": "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
}


def outcome_html(outcome: Answer | JawabError, language: str) -> str:
    """Render an answer with its proof, an abstention with what came closest, or an error.

    Labels and errors are in `language`, that of the page: "ar", "fr" or "en".
    """
    if isinstance(outcome, JawabError):
        return _card("error", paragraph(outcome.sentence(language)))
    if outcome.text is None:
        return _card("abstained", paragraph(outcome.message) + _closest_html(outcome.closest, language))
    quotes = "".join(_quote_html(citation, outcome.spans, language) for citation in outcome.citations)
    passages = "".join(_passage_html(citation, outcome.spans, language) for citation in outcome.citations)
    body = _words_html(outcome, language) + quotes + _sources_html(outcome.citations, language)
    return _card("answered", body + _tools_html(outcome, language) + passages)


def paragraph(text: str, kind: str = "") -> str:
    """Render a text as a paragraph that takes its direction from its first letter."""
    named = f' class="{kind}"' if kind else ""
    return f'<p dir="auto"{named}>{safe(text)}</p>'


def icon(name: str) -> str:
    """Render a line drawing that says nothing to a screen reader."""
    path = f'<path d="{_ICONS[name]}"></path>'
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{path}</svg>'


def name_text(text: str) -> str:
    """Escape a name that shares its line: without the controls that would turn what follows it."""
    return safe(without_controls(text))


def safe(text: str) -> str:
    """Escape a text; half a surrogate pair, which no page can be sent, becomes U+FFFD."""
    return escape(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _words_html(answer: Answer, language: str) -> str:
    """Render the words that answer, in bold, with the numbers of the citations that carry them."""
    said = _claims(answer)
    intro = paragraph(say("disagree", language), "intro") if len(said) > 1 else ""
    return intro + "".join(
        f'<p dir="auto" class="words">{_in_words(words, answer)}'
        f"{''.join(_chip(citation, language) for citation in citations)}</p>"
        for words, citations in said
    )


def _claims(answer: Answer) -> list[tuple[str, list[Citation]]]:
    """Return what is said with the citations that carry it: one answer, or two that contradict each other."""
    if answer.text != " / ".join(answer.spans) or len(answer.spans) < 2:
        return [(answer.text or "", list(answer.citations))]
    # The citations come in the order of the claims; each claim's first quote holds its words.
    claims: list[tuple[str, list[Citation]]] = [(answer.spans[0], [])]
    for citation in answer.citations:
        following = answer.spans[len(claims) :]
        if claims[-1][1] and following and following[0] in citation.quote:
            claims.append((following[0], []))
        claims[-1][1].append(citation)
    return claims


def _in_words(words: str, answer: Answer) -> str:
    """Render the words in bold, or what they say in the language of the question where that is sure."""
    language: Language = answer.language  # type: ignore[assignment]
    translated = in_language(words, language)
    if not translated:
        return f"<strong>{safe(words)}</strong>"
    return f'<strong>{safe(translated)}</strong><bdi class="own" lang="ar">{safe(words)}</bdi>'


def _chip(citation: Citation, language: str) -> str:
    label = f"{say('open', language, citation.number)}: {without_controls(citation.article.title)}"
    return (
        f'<button type="button" class="chip" data-open="{citation.number}" aria-label="{safe(label)}">'
        f"{citation.number}</button>"
    )


def _quote_html(citation: Citation, spans: Sequence[str], language: str) -> str:
    """Render the quote with the answer's words marked."""
    marked = _with_spans(citation.quote, spans, "mark")
    chip = _chip(citation, language) if citation.number > 1 else ""
    return f'<blockquote dir="auto"{_in_arabic(citation.quote)}>{marked}{chip}</blockquote>'


def _with_spans(text: str, spans: Sequence[str], tag: str) -> str:
    """Escape a text, each span in it inside a tag: where it is a word of its own, if it is one."""
    pieces, rest = "", text
    for span in spans:
        as_word = re.search(rf"(?<!\w){re.escape(span)}(?!\w)", rest)
        found = as_word or re.search(re.escape(span), rest)
        if found:
            pieces += f"{safe(rest[: found.start()])}<{tag}>{safe(span)}</{tag}>"
            rest = rest[found.end() :]
    return pieces + safe(rest)


def _sources_html(citations: Sequence[Citation], language: str) -> str:
    """Render each article used once, in order, under the numbers of its citations."""
    by_article: dict[str, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.article.id, []).append(citation)
    items = "".join(
        f'<li class="source">{"".join(_chip(citation, language) for citation in used)} '
        f"{_source_html(used[0].article, language)}</li>"
        for used in by_article.values()
    )
    return f'<ul class="sources" aria-label="{say("sources", language)}">{items}</ul>'


def _source_html(article: Article, language: str) -> str:
    """Render title, publisher, date and address of a source."""
    name = article.title or article.source
    title = f"<cite{_in_arabic(name)}>{name_text(name)}</cite>"
    return " · ".join(part for part in (f"<bdi>{title}</bdi>", _about(article, language)) if part)


def _about(article: Article, language: str) -> str:
    """Render publisher, date and address of an article; only http(s) addresses become links."""
    published = day_text(article.published, language) if article.published else ""
    parts = [name_text(article.publisher or ""), published]
    if article.url and re.match(r"https?://", article.url, re.IGNORECASE):
        address = f'href="{safe(article.url)}" target="_blank" rel="noopener noreferrer"'
        parts.append(f"<a {address}>{say('original', language)}</a>")
    return " · ".join(f"<bdi>{part}</bdi>" for part in parts if part)


def _direction(text: str) -> str:
    """Return "rtl" or "ltr" by the first letter; `dir="auto"` would not look into what is isolated."""
    kinds = (bidirectional(character) for character in text)
    return next(("ltr" if kind == "L" else "rtl" for kind in kinds if kind in ("L", "R", "AL")), "auto")


def _in_arabic(text: str) -> str:
    """Return the attribute that has an Arabic text read out as Arabic on a page in another language."""
    return ' lang="ar"' if _direction(text) == "rtl" else ""


def _passage_html(citation: Citation, spans: Sequence[str], language: str) -> str:
    """Render the whole article with the quote marked, not shown before its number is pressed."""
    title, text = citation.article.title, citation.article.text
    quote = _with_spans(citation.quote, spans, "b")
    before, after = safe(text[: citation.start]), safe(text[citation.end :])
    copied = safe(f"«{citation.quote}» – {reference(citation.article, language)}")
    return (
        f'<template data-passage="{citation.number}">'
        f'<h2 dir="auto"{_in_arabic(title)}>{name_text(title)}</h2>'
        f'<p class="source" dir="{_direction(text)}">{_about(citation.article, language)}</p>'
        f'<div class="article" tabindex="0" dir="auto"{_in_arabic(text)}>'
        f"{before}<mark>{quote}</mark>{after}</div>"
        f'<div class="tools">{_tool("cite", say("copy_citation", language), copied, " labelled")}</div>'
        "</template>"
    )


def _tools_html(answer: Answer, language: str) -> str:
    """Render what can be done with an answer: copy it, copy its sources, share the question, judge it."""
    sources = "\n".join(
        f"[{citation.number}] «{citation.quote}» – {reference(citation.article, language)}"
        for citation in answer.citations
    )
    copies = _tool("copy", say("copy_answer", language), safe(answer.message)) + _tool(
        "cite", say("copy_citation", language), safe(sources)
    )
    return f'<div class="tools">{copies}{share_and_judge_html(language)}</div>'


def share_and_judge_html(language: str) -> str:
    """Render the buttons that share a question and judge its answer."""
    return "".join(
        f'<button type="button" class="tool" data-do="{name}" aria-label="{say(name, language)}" '
        f'title="{say(name, language)}">{icon(name)}</button>'
        for name in ("share", "good", "bad")
    )


def _tool(name: str, label: str, copied: str, kind: str = "") -> str:
    return (
        f'<button type="button" class="tool{kind}" data-copy="{copied}" aria-label="{label}" title="{label}">'
        f"{icon(name)}{f'<span>{label}</span>' if kind else ''}</button>"
    )


def _closest_html(hits: Sequence[Hit], language: str) -> str:
    """Render the passages that came closest, one of each article, closed under its source."""
    closest: dict[str, Passage] = {}
    for hit in hits:
        closest.setdefault(hit.passage.article_id, hit.passage)
    if not closest:
        return ""
    passages = "".join(
        f'<details><summary class="source">{_source_html(passage.article, language)}</summary>'
        f'<div class="article" tabindex="0" dir="auto"{_in_arabic(passage.text)}>{safe(passage.text)}</div>'
        "</details>"
        for passage in closest.values()
    )
    tools = f'<div class="tools">{share_and_judge_html(language)}</div>'
    return (
        f'{paragraph(say("rephrase", language), "hint")}<section class="closest">'
        f"<h3>{say('closest', language)}</h3>{passages}</section>{tools}"
    )


def _card(kind: str, body: str) -> str:
    return f'<div class="jawab {kind}">{body}</div>'
