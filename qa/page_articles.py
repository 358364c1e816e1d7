"""The articles as the page shows them: the list, and what came of adding files or a text, as HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, Protocol

from corpus.errors import JawabError
from index.revisions import Listed
from index.store import Progress
from qa.collection import Addition, Duplicate, Overview, Refusal
from qa.incoming import MAX_BYTES, MAX_FILES
from qa.page_frame import holdings
from qa.page_texts import say
from qa.rendering import icon, name_text, paragraph, safe
from qa.translation import day_text

SHOWN = 200
"""Articles in the list at once; searching finds the others."""


class Kept(Protocol):
    """What keeps the articles: a `Collection`."""

    def overview(self) -> Overview:
        """Say what is held."""

    def articles(self, search: str = "") -> list[Listed]:
        """Return the articles in which the words are found."""

    def add(self, paths: Sequence[Path | str], *, progress: Progress = ...) -> Addition:
        """Add the articles of files."""

    def add_text(self, text: str, *, title: str = "", progress: Progress = ...) -> Addition:
        """Add a text."""

    def delete(self, ids: Sequence[str]) -> int:
        """Delete articles."""


def add_in_steps(
    kept: Kept, paths: Sequence[str] | None, text: str, title: str, language: str
) -> Iterator[str]:
    """Add files or a text, and yield the progress, then what came of it, as HTML."""
    steps: SimpleQueue[tuple[str, int, int] | Addition | JawabError | Exception] = SimpleQueue()

    def progress(step: str, done: int, total: int) -> None:
        steps.put((step, done, total))

    def work() -> None:
        try:
            if paths:
                steps.put(kept.add(paths, progress=progress))
            else:
                steps.put(kept.add_text(text, title=title, progress=progress))
        except Exception as error:  # handed to the page's thread, which raises what is not for a person
            steps.put(error)

    yield progress_html("read", 0, 0, language)
    Thread(target=work, daemon=True).start()
    while True:
        step = steps.get()
        while isinstance(step, tuple) and not steps.empty():
            step = steps.get()
        if isinstance(step, tuple):
            yield progress_html(*step, language)
        elif isinstance(step, Addition):
            yield addition_html(step, language)
            return
        elif isinstance(step, JawabError):
            yield f'<div class="jawab error">{paragraph(step.sentence(language))}</div>'
            return
        else:
            raise step


def unexpected_html(language: str) -> str:
    """Render that something failed which no person can mend but by trying again."""
    return f'<div class="jawab error" role="alert">{paragraph(say("unexpected", language))}</div>'


def limits(language: str) -> dict[str, Any]:
    """Return how many files and bytes are taken at once, and the sentence that refuses more."""
    said = say("too_much", language, files=MAX_FILES, megabytes=MAX_BYTES // 1_000_000)
    return {"files": MAX_FILES, "bytes": MAX_BYTES, "refusal": said}


def progress_html(step: str, done: int, total: int, language: str) -> str:
    """Render how far the adding is: a bar, and what it counts."""
    label = say(step, language)
    count = f" {say('progress', language, done=done, total=total)}" if total else ""
    known = f' max="{total}" value="{done}"' if total else ""
    bar = f'<progress aria-label="{label}"{known}></progress>'
    return f'<div class="jawab adding" role="status"><p dir="auto">{label}{count}</p>{bar}</div>'


def addition_html(addition: Addition, language: str) -> str:
    """Render what was added, what was there already, and what was refused and why."""
    added = [*addition.added, *addition.changed]
    parts = [
        _group("added", [_listed_line(article, language) for article in added], language),
        _group("duplicate", [_twice(item, language) for item in addition.duplicates], language),
        _group("refused", [_refused(item, language) for item in addition.refused], language),
    ]
    return f'<div class="jawab addition" role="status">{"".join(parts)}</div>'


def delete_wanted(kept: Kept, wanted: object) -> None:
    """Delete the articles that a browser names, whatever it sent; raises JawabError."""
    ids = wanted.get("delete") if isinstance(wanted, Mapping) else None
    kept.delete([item for item in ids if isinstance(item, str)] if isinstance(ids, list) else [])


def shelf_html(kept: Kept, wanted: object, language: str) -> tuple[str, str]:
    """Render what is held, and the list of what a browser looks for, whatever it sent."""
    search = str(wanted.get("search", ""))[:200] if isinstance(wanted, Mapping) else ""
    found = articles_html(kept.articles(search), language, search)
    return collection_html(kept.overview(), language), found


def articles_html(articles: Sequence[Listed], language: str, search: str = "") -> str:
    """Render the list of articles in which `search` is found, each with a button that deletes it."""
    if not articles:
        none = say("none_found" if search.strip() else "none_yet", language)
        return f'<div class="jawab list">{paragraph(none, "hint")}</div>'
    items = "".join(
        f"<li><div>{_listed_line(article, language)}</div>{_delete(article, language)}</li>"
        for article in articles[:SHOWN]
    )
    more = say("more", language, shown=SHOWN, total=len(articles)) if len(articles) > SHOWN else ""
    return f'<div class="jawab list"><ul>{items}</ul>{paragraph(more, "hint") if more else ""}</div>'


def collection_html(overview: Overview, language: str) -> str:
    """Render the title of the list, and what the collection holds."""
    title = f"<h2>{say('list_title', language)}</h2>"
    return f'<div class="jawab">{title}<p class="hint" dir="auto">{holdings(overview, language)}</p></div>'


def _listed_line(article: Listed, language: str) -> str:
    day = day_text(article.published, language) if article.published else ""
    parts = (name_text(article.publisher or ""), day, say("passages", language, article.passages))
    about = " · ".join(f"<bdi>{part}</bdi>" for part in parts if part)
    return f'<p class="name" dir="auto">{name_text(article.title)}</p><p class="hint">{about}</p>'


def _delete(article: Listed, language: str) -> str:
    label = f"{say('delete', language)}: {name_text(article.title)}"
    sure = safe(say("delete_sure", language, article.title))
    return (
        f'<button type="button" class="tool" data-delete="{safe(article.id)}" data-sure="{sure}" '
        f'aria-label="{label}" title="{say("delete", language)}">{icon("delete")}</button>'
    )


def _twice(item: Duplicate, language: str) -> str:
    return paragraph(say("duplicate_of", language, item.title, item.of.title))


def _refused(item: Refusal, language: str) -> str:
    return paragraph(item.error.sentence(language))


def _group(name: str, items: Sequence[str], language: str) -> str:
    if not items:
        return ""
    lines = "".join(f"<li>{item}</li>" for item in items[:SHOWN])
    return f'<section class="{name}"><h3>{say(name, language, len(items))}</h3><ul>{lines}</ul></section>'
