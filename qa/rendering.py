"""A chat as HTML: the words that answer, the quote that proves them, and the article around the quote.

Every text of a person or an article is escaped and stands in a block of its own: it stays text, and its
direction ends where it ends, bidi controls included.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from babel.dates import format_date

from corpus.article import Article
from corpus.errors import JawabError
from index.passage import Hit, Passage
from qa.records import Answer, Citation

_LONGEST_SHOWN = 500
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_PURPOSE = {
    "ar": "اسأل، فتجيبك المقالات بكلماتها وتريك أين قالتها.",
    "fr": "Posez une question : les articles répondent avec leurs mots, et montrent où.",
    "en": "Ask a question: the articles answer in their own words, and show you where.",
}
_PRIVACY = {
    "ar": "لا شيء يغادر جهازك",
    "fr": "Rien ne quitte votre machine",
    "en": "Nothing leaves your machine",
}
_COUNT = {"ar": "عدد المقالات: {}", "fr": "Articles : {}", "en": "Articles: {}"}
_WAIT = {"ar": "أبحث في المقالات…", "fr": "Je cherche dans les articles…", "en": "Looking in the articles…"}
_WHOLE = {"ar": "المقال كاملا", "fr": "L'article entier", "en": "The whole article"}
_CLOSEST = {
    "ar": "أقرب ما وُجد في المقالات، وليس جوابا:",
    "fr": "Ce qui s'en approche le plus dans les articles, sans être une réponse :",
    "en": "The closest found in the articles, which is not an answer:",
}
_LOCALES = {"ar": "ar_MA", "fr": "fr", "en": "en"}


def header_html(articles: int, language: str) -> str:
    """Render the name of the page, what it is for, and how many articles it answers from."""
    promise = f"{_PRIVACY[language]} · {_COUNT[language].format(articles)}"
    body = f'<h1>جواب</h1><p dir="auto">{_PURPOSE[language]}</p><p dir="auto" class="source">{promise}</p>'
    return f'<header class="jawab" dir="{"rtl" if language == "ar" else "ltr"}">{body}</header>'


def question_html(question: str) -> str:
    """Render what a person asked; a very long question is cut."""
    shown = question if len(question) <= _LONGEST_SHOWN else f"{question[:_LONGEST_SHOWN]}…"
    return _card("asked", _text(_safe(shown)))


def outcome_html(outcome: Answer | JawabError | None, language: str) -> str:
    """Render an answer with its proof, an abstention with what came closest, an error, or the wait for it.

    Labels and errors are in `language`, that of the page: "ar", "fr" or "en".
    """
    if outcome is None:
        return _card("waiting", _text(_WAIT[language]))
    if isinstance(outcome, JawabError):
        return _card("error", _text(_safe(outcome.sentence(language))))
    if outcome.text is None:
        return _card("abstained", _text(_safe(outcome.message)) + _closest_html(outcome.closest, language))
    words = f"<strong>{_safe(_words(outcome))}</strong>"
    proofs = (_citation_html(citation, outcome.spans, language) for citation in outcome.citations)
    return _card("answered", _text(words) + "".join(proofs))


def _words(answer: Answer) -> str:
    """Return what the message says before its citation numbers: the words, and a date also translated."""
    text = answer.text or ""
    end_of_text = answer.message.find(text) + len(text)
    said = answer.message[: answer.message.find(f" [{answer.citations[0].number}]", end_of_text)]
    return said if text in said and said.strip("\u2067\u2069") != text else text


def _citation_html(citation: Citation, spans: Sequence[str], language: str) -> str:
    """Render the quote with the answer's words marked, its source, and the article with the quote marked."""
    pieces, rest = "", citation.quote
    for span in spans:
        as_word = re.search(rf"(?<!\w){re.escape(span)}(?!\w)", rest)
        found = as_word or re.search(re.escape(span), rest)
        if found:
            pieces += f"{_safe(rest[: found.start()])}<mark>{_safe(span)}</mark>"
            rest = rest[found.end() :]
    text = citation.article.text
    before, after = _safe(text[: citation.start]), _safe(text[citation.end :])
    article = f"{before}<mark>{_safe(citation.quote)}</mark>{after}"
    return (
        f'<blockquote dir="auto">{pieces}{_safe(rest)}</blockquote>'
        f"<p>{_source_html(citation.article, language, citation.number)}</p>"
        f"<details><summary>{_WHOLE[language]}</summary>"
        f'<div class="article" dir="auto" tabindex="0">{article}</div>'
        "</details>"
    )


def _closest_html(hits: Sequence[Hit], language: str) -> str:
    """Render the passages that came closest, one of each article, closed under its source."""
    closest: dict[str, Passage] = {}
    for hit in hits:
        closest.setdefault(hit.passage.article_id, hit.passage)
    passages = "".join(
        f"<details><summary>{_source_html(passage.article, language)}</summary>"
        f'<div class="article" dir="auto" tabindex="0">{_safe(passage.text)}</div></details>'
        for passage in closest.values()
    )
    return f'<div class="closest"><p>{_CLOSEST[language]}</p>{passages}</div>' if hits else ""


def _source_html(article: Article, language: str, number: int | None = None) -> str:
    """Render the number, title, publisher and date of a source; the title is a link only to http(s)."""
    title = f"<cite>{_name(article.title or article.source)}</cite>"
    if article.url and re.match(r"https?://", article.url, re.IGNORECASE):
        title = f'<a href="{_safe(article.url)}" target="_blank" rel="noopener noreferrer">{title}</a>'
    day = article.published
    published = format_date(day, "d MMMM y", locale=_LOCALES[language]) if day else ""
    parts = (title, _name(article.publisher or ""), published)
    shown = " · ".join(f"<bdi>{part}</bdi>" for part in parts if part)
    return f'<span class="source">{f"[{number}] " if number else ""}{shown}</span>'


def _name(text: str) -> str:
    """Escape a name that shares its line: without the controls that would turn what follows it."""
    return _safe(_BIDI_CONTROLS.sub("", text))


def _card(kind: str, body: str) -> str:
    return f'<div class="jawab {kind}">{body}</div>'


def _text(inner: str) -> str:
    return f'<p dir="auto">{inner}</p>'


def _safe(text: str) -> str:
    """Escape a text; half a surrogate pair, which no page can be sent, becomes U+FFFD."""
    return escape(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
