"""The collection: the articles of one store as a person keeps them, added, searched and deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock

from corpus.arabic import fold, words
from corpus.article import Article
from corpus.errors import UsageError
from corpus.reading import Read
from index.change import silent
from index.embedding import Embedder
from index.revisions import Listed, text_key
from index.store import Progress, Snapshot, Store
from qa.incoming import MAX_BYTES, MAX_CHARACTERS, MAX_FILES, Refusal, pasted, read_files

__all__ = [
    "MAX_BYTES",
    "MAX_CHARACTERS",
    "MAX_FILES",
    "Addition",
    "Collection",
    "Duplicate",
    "Listed",
    "Overview",
    "Refusal",
]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article that was not added: the text of `of`, which the collection holds, is the same."""

    title: str
    source: str
    of: Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What came of adding: `changed` are articles that took the place of an earlier version."""

    added: tuple[Listed, ...] = ()
    changed: tuple[Listed, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """What a collection holds: how many articles, whose, their first and last day, how many are dated."""

    articles: int
    publishers: tuple[str, ...]
    first: date | None
    last: date | None
    dated: int


class Collection:
    """Adds to a store and deletes from it while others ask it; may be called from several threads.

    Adding runs in the caller's thread; in one process one change waits for the other. Questions go on being
    answered from the revision before, until the new one is committed and open.
    """

    def __init__(self, store: Store, embedder: Callable[[], Embedder]) -> None:
        """Keep the articles of `store`; `embedder` gives what makes their vectors, when one is to be made."""
        self._store, self._embedder = store, embedder
        self._changing = Lock()

    @property
    def folder(self) -> Path:
        """The folder of the store, where feedback is kept as well."""
        return self._store.path

    def overview(self) -> Overview:
        """Say what the newest revision holds."""
        listed = self._store.listed()
        publishers = {article.publisher for article in listed if article.publisher}
        days = [article.published for article in listed if article.published]
        first, last = min(days, default=None), max(days, default=None)
        return Overview(len(listed), tuple(sorted(publishers)), first, last, len(days))

    def articles(self, search: str = "") -> list[Listed]:
        """Return the articles in the order they were added, with id, title, publisher, day and so on.

        With `search`, those in whose title, publisher, day or source every word of it is found, however the
        Arabic is spelled. Texts are not read.
        """
        wanted = words(search)
        found = []
        for article in self._store.listed():
            key = _key(article) if wanted else ""
            if all(word in key for word in wanted):
                found.append(article)
        return found

    def article(self, article_id: str) -> Article | None:
        """Read one article whole, or return None when there is none with this id."""
        return _article(self._newest(), article_id)

    def add(self, paths: Iterable[Path | str], *, progress: Progress = silent) -> Addition:
        """Add the articles of files (or folders) of the kinds that `corpus.reading` reads.

        What is wrong with one file is in `refused`; the others are added. The source of an article that
        names none is the name of its file, never the folder. An article takes the place of the one with the
        id it names, or of one that came in a file of the same name with the same title. `progress` is called
        with "read" (files), "split" (articles), "encode" and "index" (passages); what it raises stops the
        adding, and nothing is added.

        Raises UsageError beyond MAX_FILES or MAX_BYTES, StoreBusy naming another process that writes,
        StoreForeign, StoreReadOnly or ModelError; the collection is then as it was.
        """
        incoming, refused = read_files(map(Path, paths), progress)
        return self._add(incoming, refused, progress)

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

        Its id is made of its words: adding it twice is a duplicate, or a change when another title,
        publisher, day or address comes with it. An empty or too long text is in `refused`. Raises as `add`
        does.
        """
        try:
            incoming = pasted(text, title, publisher, published, url)
        except UsageError as error:
            return Addition(refused=(Refusal(title, error),))
        kept = self.article(incoming.article.id)
        if kept and not (title or publisher or published or url):
            incoming = replace(incoming, article=kept)
        return self._add([incoming], [], progress)

    def delete(self, ids: Iterable[str], *, progress: Progress = silent) -> int:
        """Delete articles; return how many there were. `python -m index rollback` brings them back.

        Raises StoreBusy or StoreReadOnly.
        """
        with self._changing:
            report = self._store.remove(ids, progress=progress)
            self._store.snapshot()
        return report.removed

    def _newest(self) -> Snapshot:
        return self._store.snapshot(wait=False)

    def _add(self, incoming: Sequence[Read], refused: Sequence[Refusal], progress: Progress) -> Addition:
        if not incoming:
            return Addition(refused=tuple(refused))
        with self._changing:
            snapshot = self._store.snapshot()
            given = _given(incoming, snapshot)
            unique = {article.id: article for article in reversed(given)}
            report = self._store.add(reversed(unique.values()), embedder=self._embedder(), progress=progress)
            # Opened here, so that nobody who asks has to.
            self._store.snapshot()
            after = {article.id: article for article in self._store.listed()}
        rows = {article.id: article.row for article in snapshot.listed}
        same = dict(report.duplicates)
        added, changed, duplicates = [], [], []
        for article in given:
            now = after.get(same.get(article.id, article.id))
            if now is None:
                continue  # another process has deleted it already
            if article.id in same or rows.get(article.id) == now.row:
                duplicates.append(Duplicate(article.title, article.source, now))
            elif article.id in rows:
                changed.append(now)
            else:
                added.append(now)
            rows[article.id] = now.row  # the second of two that are one is a duplicate of the first
        return Addition(
            added=tuple(added), changed=tuple(changed), duplicates=tuple(duplicates), refused=tuple(refused)
        )


def _given(incoming: Iterable[Read], snapshot: Snapshot) -> list[Article]:
    """Return the articles, each with an id that none has that is not a version of it.

    In files of one name, the title tells whether one is a version of the other.
    """
    given: list[Article] = []
    texts: dict[str, bytes] = {}
    for one in incoming:
        article, text = one.article, text_key(one.article)
        kept = None if one.named else _article(snapshot, article.id)
        other = kept is not None and fold(kept.title) != fold(article.title) and text_key(kept) != text
        if other or texts.get(article.id, text) != text:
            article = replace(article, id=f"{article.id}-{text.hex()[:8]}")
        texts[article.id] = text
        given.append(article)
    return given


def _article(snapshot: Snapshot, article_id: str) -> Article | None:
    passages = snapshot.passages_of(article_id)
    return passages[0].article if passages else None


def _key(article: Listed) -> str:
    """Return what a search looks through: a key, in which every spelling of a word is one."""
    day = article.published.isoformat() if article.published else ""
    return fold(f"{article.title} {article.publisher or ''} {article.source} {article.id} {day}")
