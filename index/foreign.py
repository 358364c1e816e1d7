"""A store that another version or another encoder made: its articles, and a store of ours in its place."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from itertools import count
from pathlib import Path

from corpus.article import Article
from corpus.errors import StoreDamaged, StoreForeign, StoreReadOnly
from index.change import Progress, silent
from index.database import FILE
from index.embedding import Embedder
from index.lock import writing
from index.store import BuildReport, Store, build


def build_again(
    path: Path, articles: Sequence[Article] | None, *, embedder: Embedder, progress: Progress = silent
) -> BuildReport:
    """Encode the store at `path` with this encoder: `articles`, or when they are None those it holds.

    A store of another encoder keeps its earlier revisions. One of another format stays beside the new one,
    under its name and ".old". Raises as `Store.build`.
    """
    try:
        store = Store.open(path)
    except StoreForeign:
        return _replace(path, articles, embedder, progress)
    with store:
        given = list(store.articles()) if articles is None else articles
        return store.build(given, embedder=embedder, again=True, progress=progress)


def _replace(
    path: Path, articles: Sequence[Article] | None, embedder: Embedder, progress: Progress
) -> BuildReport:
    beside = path.with_name(f"{path.name}.new-{os.getpid()}")
    names = (path.with_name(f"{path.name}.old{number or ''}") for number in count())
    old = next(name for name in names if not name.exists())
    try:
        with writing(path):
            given = _articles(path) if articles is None else articles
            report = build(beside, given, embedder=embedder, progress=progress)
            path.rename(old)
            beside.rename(path)
    except OSError as error:
        raise StoreReadOnly(path=path.parent, reason=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return report


def _articles(path: Path) -> list[Article]:
    """Read the living articles of a database whose format we do not know, but whose table has our columns."""
    columns = "id, title, text, source, url, publisher, published"
    query = f"SELECT {columns} FROM articles WHERE died IS NULL ORDER BY row"
    try:
        with closing(sqlite3.connect(f"{(path / FILE).resolve().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute(query).fetchall()
        return [
            Article(id_, title, text, source, url, publisher, date.fromisoformat(day) if day else None)
            for id_, title, text, source, url, publisher, day in rows
        ]
    except (sqlite3.Error, ValueError) as error:
        raise StoreDamaged(path=path, reason=str(error)) from error
