"""The chat page: a question goes in, and a person sees the words that answer, the quote and the whole article."""

from __future__ import annotations

import argparse
import os
import re
import socket
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from corpus.article import Article
from corpus.errors import JawabError, UsageError
from index.passage import Hit
from qa.answer import Answer, Citation

if TYPE_CHECKING:
    import gradio as gr
    from starlette.types import ASGIApp, Receive, Scope, Send

LANGUAGES = {"ar": "العربية", "fr": "Français", "en": "English"}
"""The languages of the page, each under its own path; the first is the default."""
_WORDS = {
    "purpose": (
        "اسأل، فتجيبك المقالات بكلماتها وتريك أين قالتها.",
        "Posez une question : les articles répondent avec leurs mots, et montrent où.",
        "Ask a question: the articles answer in their own words, and show you where.",
    ),
    "privacy": ("لا شيء يغادر جهازك.", "Rien ne quitte votre machine.", "Nothing leaves your machine."),
    "count": ("عدد المقالات: {}", "Articles : {}", "Articles: {}"),
    "ask": ("اكتب سؤالك هنا", "Écrivez votre question", "Type your question"),
    "article": ("المقال كاملا", "L'article entier", "The whole article"),
    "closest": (
        "أقرب ما وُجد في المقالات، وليس جوابا:",
        "Ce qui s'en approche le plus, sans être une réponse :",
        "The closest found in the articles, not an answer:",
    ),
}
EXAMPLES = (
    "متى عُقد اجتماع ليون؟",
    "شحال كتوصل السرعة ديال البراق؟",
    "Quand l'insuline a-t-elle été découverte ?",
    "Which countries will host the 2030 World Cup?",
)
"""One question in Arabic, Darija, French and English; the bundled articles answer each."""
_FONTS = ["Noto Naskh Arabic", "Noto Sans Arabic", "Segoe UI", "Tahoma", "sans-serif"]
_CSS = """
.jawab p, .jawab blockquote, .jawab .article { margin: 0; text-align: start; line-height: 1.8; overflow-wrap: anywhere }
.jawab .article, .jawab .asked { white-space: pre-wrap; unicode-bidi: plaintext }
"""
_HEAD = """<script>
const page = location.pathname.split("/").pop();
document.documentElement.lang = page;
document.documentElement.dir = page === "ar" ? "rtl" : "ltr";
document.addEventListener("toggle", ({ target }) =>
  target.open && target.querySelector("mark")?.scrollIntoView({ block: "center" }), true);
</script>"""


class Asked(Protocol):
    """What the page needs of an assistant."""

    @property
    def article_count(self) -> int:
        """The number of articles it answers from."""

    def ask(self, question: str, *, history: Sequence[Answer | str] = ()) -> Answer:
        """Answer a question, or raise JawabError."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a chat and what came of it; None while it is being answered."""

    question: str
    outcome: Answer | JawabError | None = None


def words(language: str) -> dict[str, str]:
    """Return the labels of the page in "ar", "fr" or "en"."""
    column = list(LANGUAGES).index(language)
    return {name: row[column] for name, row in _WORDS.items()}


def preferred_language(accepted: str) -> str:
    """Return the first page language in an Accept-Language header by its weights, else Arabic.

    >>> preferred_language("de, en;q=0.5, fr;q=0.8")
    'fr'
    """
    weighed = []
    for choice in accepted.split(","):
        tag, _, weight = choice.partition(";")
        match = re.fullmatch(r"\s*q=([01](?:\.\d*)?)\s*", weight)
        weighed.append((-float(match[1]) if match else -1.0, tag.strip().lower().split("-")[0]))
    ranked = [tag for weight, tag in sorted(weighed, key=lambda choice: choice[0]) if weight]
    return next((tag for tag in ranked if tag in LANGUAGES), next(iter(LANGUAGES)))


def safe(text: str) -> str:
    """Escape a text for the page; half a surrogate pair, which cannot be sent, becomes U+FFFD."""
    return escape(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def question_html(question: str) -> str:
    """Render what a person asked; a very long question is cut."""
    shown = question if len(question) <= 500 else question[:500] + "…"
    return f'<div class="jawab"><p class="asked" dir="auto">{safe(shown)}</p></div>'


def outcome_html(outcome: Answer | JawabError, language: str) -> str:
    """Render an answer with its proof, an abstention with what came closest, or an error's sentence."""
    if isinstance(outcome, JawabError):
        parts = [f'<p class="error" dir="auto">{safe(outcome.sentence(language))}</p>']
    elif outcome.text is None:
        parts = [f'<p dir="auto">{safe(outcome.message)}</p>', _closest(outcome.closest, language)]
    else:
        parts = [f'<p class="words" dir="auto"><strong>{safe(_said(outcome))}</strong></p>']
        parts += [_cited(citation, outcome.spans, language) for citation in outcome.citations]
    return f'<div class="jawab">{"".join(parts)}</div>'


def _said(answer: Answer) -> str:
    """Return what the message says before its first citation number: the words, and a date also translated."""
    text = answer.text or ""
    after = answer.message.find(text) + len(text)
    said = answer.message[: answer.message.find(f" [{answer.citations[0].number}]", after)]
    return said if text in said and said.strip("\u2067\u2069") != text else text


def _cited(citation: Citation, spans: Sequence[str], language: str) -> str:
    """Render the quote with the answer's words marked, its source, and the article with the quote marked."""
    text = citation.article.text
    before, quote, after = text[: citation.start], citation.quote, text[citation.end :]
    pieces, rest = [], quote
    for span in spans:
        found = re.search(rf"(?<!\w){re.escape(span)}(?!\w)", rest) or re.search(re.escape(span), rest)
        if found:
            pieces.append(f"{safe(rest[: found.start()])}<mark>{safe(span)}</mark>")
            rest = rest[found.end() :]
    return (
        f'<blockquote dir="auto">{"".join(pieces)}{safe(rest)}</blockquote>'
        f'<p class="source"><span>[{citation.number}]</span> {_source(citation.article, language)}</p>'
        f"<details><summary>{words(language)['article']}</summary>"
        f'<div class="article" dir="auto" tabindex="0">{safe(before)}<mark>{safe(quote)}</mark>{safe(after)}</div>'
        "</details>"
    )


def _source(article: Article, language: str) -> str:
    """Render title, publisher and date, each a box of its own: a bidi control in one cannot turn the others."""
    title = f"<cite>{safe(article.title or article.source)}</cite>"
    if re.match(r"https?://", article.url or "", re.IGNORECASE):
        title = f'<a href="{safe(article.url or "")}" target="_blank" rel="noopener noreferrer">{title}</a>'
    parts = [title, safe(article.publisher or "")]
    if article.published:
        from babel.dates import format_date

        parts.append(format_date(article.published, "d MMMM y", locale=_LOCALES[language]))
    return " · ".join(f'<span dir="auto">{part}</span>' for part in parts if part)


def _closest(hits: Sequence[Hit], language: str) -> str:
    """Render the passages that came closest, each closed under its source; an article is named once."""
    first = {hit.passage.article_id: hit.passage for hit in reversed(hits)}
    passages = [first[key] for key in dict.fromkeys(hit.passage.article_id for hit in hits)]
    items = "".join(
        f"<details><summary>{_source(passage.article, language)}</summary>"
        f'<div class="article" dir="auto">{safe(passage.text)}</div></details>'
        for passage in passages
    )
    return f'<div class="closest"><p>{words(language)["closest"]}</p>{items}</div>' if items else ""


def build_page(assistant: Asked) -> gr.Blocks:
    """Lay out one page for each language; a chat's turns live in its browser session alone."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import gradio as gr

    pages = gr.Blocks(title="جواب", analytics_enabled=False, fill_height=True)
    for language in LANGUAGES:
        with pages.route(LANGUAGES[language], language):
            _lay_out(gr, pages, assistant, language)
    return pages
