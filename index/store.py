"""The store: articles go in, a snapshot of their newest revision comes out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Self

from corpus.article import Article
from corpus.errors import StoreBusy, StoreDamaged, StoreError, StoreForeign, StoreMissing, StoreReadOnly
from index import change
from index.change import PROJECTIONS, Progress, silent
from index.database import Database
from index.embedding import Embedder
from index.lock import writing
from index.plan import Plan, compare, recipe
from index.projection import Projection, open_projection
from index.revisions import Listed, Revision, Revisions
from index.snapshot import Snapshot
from index.splitting import CHUNK_SIZE
from index.stamp import ProjectionUnusable

__all__ = ["BuildReport", "Progress", "Snapshot", "Store", "build"]

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a change did: counts of articles, the passages there are now, and how many were encoded for it.

    `duplicates` are pairs of ids: an article left out, and the one that has the same text.
    """

    revision: int
    added: int
    changed: int
    unchanged: int
    removed: int
    duplicates: tuple[tuple[str, str], ...]
    passages: int
    encoded: int
    seconds: float


def build(
    path: Path | str,
    articles: Iterable[Article],
    *,
    embedder: Embedder,
    chunk_size: int = CHUNK_SIZE,
    progress: Progress = silent,
) -> BuildReport:
    """Let the store at `path`, made when it is not there, hold these articles and no others."""
    with Store.create(path) as store:
        return store.build(articles, embedder=embedder, chunk_size=chunk_size, progress=progress)


class Store:
    """A folder of articles, made to be searched; readers are never disturbed by its one writer.

    Several processes and threads may use one folder. Every change is a revision: all of it is kept, even
    when the machine stops in the next moment, or none of it is.
    """

    def __init__(self, path: Path, database: Database, *, fingerprint: str | None = None) -> None:
        self.path = path
        self._database = database
        self._revisions = Revisions(database)
        self._fingerprint = fingerprint
        self._snapshot: Snapshot | None = None
        self._opening = Lock()
        self._listed = lru_cache(maxsize=1)(self._revisions.listed)

    @classmethod
    def open(cls, path: Path | str, *, fingerprint: str | None = None) -> Self:
        """Open a store; with the `fingerprint` of an encoder, one whose vectors that encoder made.

        Raises StoreMissing, StoreForeign, StoreDamaged or StoreReadOnly.
        """
        store = cls(Path(path), Database.open(Path(path)), fingerprint=fingerprint)
        try:
            store._known(store._revisions.current())
        except StoreError:
            store.close()
            raise
        return store

    @classmethod
    def create(cls, path: Path | str) -> Self:
        """Open a store, made empty when it is not there; raises StoreReadOnly as well."""
        folder = Path(path)
        with suppress(StoreMissing):
            return cls.open(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreReadOnly(path=folder, reason=error.strerror or str(error)) from error
        with writing(folder):
            Database.create(folder)
        return cls.open(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the files go; its snapshots read no more."""
        self._snapshot = None
        self._database.close()

    def revisions(self) -> list[Revision]:
        """Return the revisions that can be gone back to, oldest first, and the current one at the end."""
        return self._revisions.all()

    def articles(self) -> Iterator[Article]:
        """Read the articles of the newest revision, in the order they were added."""
        return self._revisions.articles(self._revisions.current().number)

    def listed(self) -> tuple[Listed, ...]:
        """List the articles of the newest revision, in the order they were added; needs no projection."""
        return self._listed(self._revisions.current().number)

    def snapshot(self, *, wait: bool = True) -> Snapshot:
        """Return the newest revision to search: the same object as long as it is the newest.

        Its projection is checked when it is first opened, and made again from the database, without
        encoding, when it is missing, damaged, stale or foreign. Without `wait`, it is the revision before
        while another thread does that. Raises StoreForeign or StoreDamaged.
        """
        held = self._snapshot
        if held and held.revision.number == self._known(self._revisions.current()).number:
            return held
        if wait or held is None:
            self._opening.acquire()
        elif not self._opening.acquire(blocking=False):
            return held
        try:
            current = self._known(self._revisions.current())
            if self._snapshot is None or self._snapshot.revision.number != current.number:
                self._snapshot = Snapshot(self._revisions, self._open_projection())
            return self._snapshot
        finally:
            self._opening.release()

    def _known(self, revision: Revision) -> Revision:
        if self._fingerprint and revision.encoder not in ("", self._fingerprint):
            raise StoreForeign(path=self.path, made_by=revision.encoder, expected=self._fingerprint)
        return revision

    def _open_projection(self) -> Projection:
        repaired = False
        for _ in range(_ATTEMPTS):
            current = self._revisions.current()
            try:
                folder = self.path / PROJECTIONS / (current.projection or "none")
                return open_projection(folder, self._revisions, current)
            except ProjectionUnusable:
                if self._revisions.current() != current:
                    continue  # a writer was faster, and has tidied it away
            if repaired:
                break
            try:
                with self._writing() as database:
                    change.repair(database, current)
                repaired = True
            except (StoreBusy, StoreReadOnly):
                break
        return self._temporary_projection()

    def _temporary_projection(self) -> Projection:
        """Make a projection for this process alone, where the store cannot be written now."""
        current = self._revisions.current()
        folder = Path(tempfile.mkdtemp(prefix="jawab-"))
        try:
            change.make_projection(folder / "projection", self._revisions, current)
            return open_projection(folder / "projection", self._revisions, current, temporary=folder)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, ProjectionUnusable):
                raise StoreDamaged(path=self.path, reason=str(error)) from error
            raise

    def build(
        self,
        articles: Iterable[Article],
        *,
        embedder: Embedder,
        chunk_size: int = CHUNK_SIZE,
        again: bool = False,
        progress: Progress = silent,
    ) -> BuildReport:
        """Hold these articles and no others; what did not change costs nothing, nor does a text seen before.

        With `again`, vectors that another encoder made are replaced. Raises BadArticle, StoreForeign,
        StoreBusy, StoreReadOnly or ModelError; the store is then as it was.
        """
        return self._put(articles, embedder, chunk_size, progress, replace=True, again=again)

    def add(
        self,
        articles: Iterable[Article],
        *,
        embedder: Embedder,
        chunk_size: int = CHUNK_SIZE,
        progress: Progress = silent,
    ) -> BuildReport:
        """Hold these articles too; one whose id is known replaces the one there. Raises as `build` does."""
        return self._put(articles, embedder, chunk_size, progress, replace=False, again=False)

    def _put(
        self,
        articles: Iterable[Article],
        embedder: Embedder,
        chunk_size: int,
        progress: Progress,
        *,
        replace: bool,
        again: bool,
    ) -> BuildReport:
        started = perf_counter()
        encoder, rules = embedder.fingerprint, recipe(embedder, chunk_size)
        with self._writing() as database:
            revisions = Revisions(database)
            current = revisions.current()
            if current.encoder not in ("", encoder) and not again:
                raise StoreForeign(path=self.path, made_by=current.encoder, expected=encoder)
            plan = compare(articles, revisions.kept(current.number), rules, replace=replace)
            cut = change.cut(plan.new, embedder, chunk_size, progress)
            passages = [passage for _, some in cut for passage in some]
            encoded = change.encode(passages, embedder, database, progress)

            def put(revisions: Revisions, number: int) -> None:
                revisions.end_articles(plan.ended, died=number)
                for article, some in cut:
                    revisions.add_article(article, some, born=number, recipe=rules, encoder=encoder)

            if plan.new or plan.ended or current.encoder != encoder:
                current = change.commit(database, encoder, put, progress)
        return _report(current, plan, encoded, perf_counter() - started)

    def remove(self, ids: Iterable[str], *, progress: Progress = silent) -> BuildReport:
        """Hold the articles with these ids no more; ids that are not there are passed over."""
        started = perf_counter()
        leaving = set(ids)
        with self._writing() as database:
            current = Revisions(database).current()
            gone = [kept.row for kept in Revisions(database).kept(current.number) if kept.id in leaving]
            plan = Plan(ended=gone, removed=len(gone), unchanged=current.articles - len(gone))

            def end(revisions: Revisions, number: int) -> None:
                revisions.end_articles(gone, died=number)

            if gone:
                current = change.commit(database, current.encoder, end, progress)
        return _report(current, plan, 0, perf_counter() - started)

    def rollback(self, to: int | None = None, *, progress: Progress = silent) -> Revision:
        """Make a new revision equal to revision `to`, by default the one before the current; return it.

        Nothing is encoded. Raises UsageError when that revision is not kept.
        """
        with self._writing() as database:
            return change.go_back(database, to, progress)

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        with writing(self.path):
            database = Database.open(self.path, writable=True)
            try:
                yield database
            finally:
                database.close()


def _report(revision: Revision, plan: Plan, encoded: int, seconds: float) -> BuildReport:
    return BuildReport(
        revision=revision.number,
        added=plan.added,
        changed=plan.changed,
        unchanged=plan.unchanged,
        removed=plan.removed,
        duplicates=tuple(plan.duplicates),
        passages=revision.passages,
        encoded=encoded,
        seconds=seconds,
    )
