"""The collection: the articles of one store as a person keeps them, added, searched and deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpus.article import Article
from corpus.errors import JawabError
from index.change import silent
from index.embedding import Embedder
from index.revisions import Listed
from index.store import Progress, Store


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article that was not added: the text of `of`, which the collection holds, is the same."""

    title: str
    source: str
    of: Listed


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file, or a text, that was not added; `error.sentence(language)` says why and what to do."""

    source: str
    error: JawabError


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What came of adding: `changed` are articles that took the place of others with the id they name."""

    added: tuple[Listed, ...] = ()
    changed: tuple[Listed, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """What a collection holds: how many articles, whose, and their first and last day of publication."""

    articles: int
    publishers: tuple[str, ...]
    first: date | None
    last: date | None


class Collection:
    """Adds to a store and deletes from it while others ask it; may be called from several threads.

    Adding runs in the caller's thread; in one process one change waits for the other. Questions go on being
    answered from the revision before, until the new one is committed and open.
    """

    def __init__(self, store: Store, embedder: Embedder) -> None:
        """Keep the articles of `store`, whose vectors `embedder` makes."""

    @property
    def folder(self) -> Path:
        """The folder of the store, where feedback is kept as well."""
        raise NotImplementedError

    def overview(self) -> Overview:
        """Say what the newest revision holds."""
        raise NotImplementedError

    def articles(self, search: str = "") -> list[Listed]:
        """Return the articles in the order they were added, with id, title, publisher, published and so on.

        With `search`, those in whose title, publisher or source every word of it is found, however the
        Arabic is spelled. Texts are not read.
        """
        raise NotImplementedError

    def article(self, article_id: str) -> Article | None:
        """Read one article whole, or return None when there is none with this id."""
        raise NotImplementedError

    def add(self, paths: Iterable[Path | str], *, progress: Progress = silent) -> Addition:
        """Add the articles of files (or folders) of the kinds that `corpus.reading` reads.

        What is wrong with one file is in `refused`; the others are added. The source of an article that
        names none is the name of its file, never the folder. `progress` is called with "read" (files),
        "split" (articles), "encode" and "index" (passages); what it raises stops the adding, and nothing
        is added.

        Raises UsageError beyond MAX_FILES or MAX_BYTES, StoreBusy naming another process that writes,
        StoreForeign, StoreReadOnly or ModelError; the collection is then as it was.
        """
        raise NotImplementedError

    def add_text(
        self,
        text: str,
        *,
        title: str = "",
        publisher: str = "",
        published: date | None = None,
        url: str = "",
        progress: Progress = silent,
    ) -> Addition:
        """Add a text that was pasted; its first words are its title unless one is given.

        Its id is made of its words, so that adding it twice is a duplicate. An empty or too long text is
        in `refused`. Raises as `add` does.
        """
        raise NotImplementedError

    def delete(self, ids: Iterable[str], *, progress: Progress = silent) -> int:
        """Delete articles; return how many there were. `python -m index rollback` brings them back.

        Raises StoreBusy or StoreReadOnly.
        """
        raise NotImplementedError
