"""A projection: a folder that searches one revision, made from the database and checked against it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article
from index import stamp
from index.lexical import Postings, WordIndex
from index.lock import pin
from index.passage import Passage
from index.revisions import PASSAGE, Revision, Revisions
from index.stamp import CHROMA, CHROMA_DATABASE, ProjectionUnusable, Stamp
from index.vectors import ChromaVectors, ExactVectors, VectorStore, VectorsUnusable, agree

_PASSAGES, _WORDS = "passages.npy", "words"
_BATCH = 1000
_WORN = 0.25  # a collection that lost or changed this share of its vectors is made anew
_SAMPLES, _POOL = 4, 4096

Table = NDArray[np.void]
Indexed = Callable[[int, int], object]
"""Called with how many passages are indexed, and how many there are."""


@dataclass(eq=False)
class Projection:
    """What answers for one revision; nobody deletes its folder while this object lives.

    `passages` has a record (`index.revisions.PASSAGE`) for each passage, by ordinal.
    """

    revision: Revision
    passages: Table
    words: WordIndex
    vectors: VectorStore


def build(
    folder: Path,
    revisions: Revisions,
    revision: Revision,
    *,
    previous: Path | None = None,
    progress: Indexed = lambda done, total: None,
) -> None:
    """Make the projection of `revision` in the new `folder`, and put all of it on the disk.

    With a sound `previous` projection it costs what changed since, and copying what did not. Raises
    OSError or VectorsUnusable, and leaves what it wrote, which nothing refers to.
    """
    folder.mkdir(parents=True)
    table = revisions.passages(revision.number)
    np.save(folder / _PASSAGES, table)
    earlier = _Earlier.load(previous)
    _build_words(folder / _WORDS, revisions, table, earlier)
    worn = _change_vectors(folder / CHROMA, revisions, table, earlier) if earlier else None
    if worn is None:
        shutil.rmtree(folder / CHROMA, ignore_errors=True)
        batches = _batches(revisions, table, progress)
        ChromaVectors.create(folder / CHROMA, batches, len(table)).close()
    stamp.write(folder, Stamp(revision.number, revision.encoder, len(table), worn or 0))


def open_projection(
    folder: Path, revisions: Revisions, revision: Revision, *, temporary: Path | None = None
) -> Projection:
    """Open and check a projection; the folder `temporary` is deleted with the object.

    Checked are its stamp, the digest of every file that only its making changes, the number of vectors,
    and the neighbours of some passages against exact search. Raises ProjectionUnusable.
    """
    with ExitStack() as closed_later:
        if temporary:
            closed_later.callback(shutil.rmtree, temporary, ignore_errors=True)
        try:
            closed_later.enter_context(pin(folder / stamp.NAME))
            made = stamp.check(folder)
            if (made.revision, made.encoder) != (revision.number, revision.encoder):
                raise ProjectionUnusable("stale")
            table = _table(folder)
            words = WordIndex.open(folder / _WORDS)
            vectors = ChromaVectors.open(_writable(folder / CHROMA, closed_later))
            closed_later.callback(vectors.close)
            if not (len(table) == len(words) == len(vectors) == revision.passages):
                raise ProjectionUnusable("passages are missing")
            if not _agrees(vectors, revisions, table):
                raise ProjectionUnusable("neighbours differ from exact search")
        except (OSError, ValueError, LookupError, TypeError, VectorsUnusable) as error:
            raise ProjectionUnusable(str(error)) from error
        projection = Projection(revision, table, words, vectors)
        weakref.finalize(projection, closed_later.pop_all().close)
        return projection


@dataclass(frozen=True)
class _Earlier:
    """A sound projection of an earlier revision, to start from."""

    folder: Path
    table: Table
    worn: int

    @classmethod
    def load(cls, folder: Path | None) -> _Earlier | None:
        if folder is None:
            return None
        try:
            return cls(folder, _table(folder), stamp.check(folder).worn)
        except (OSError, ValueError, LookupError, TypeError, ProjectionUnusable):
            return None


def _build_words(folder: Path, revisions: Revisions, table: Table, earlier: _Earlier | None) -> None:
    if earlier:
        keep = np.isin(earlier.table["row"], table["row"])
        fresh = ~np.isin(table["row"], earlier.table["row"])
        old = Postings.load(earlier.folder / _WORDS)
        postings = old.followed_by(_texts(revisions, table[fresh]), keep)  # new rows have higher numbers
    else:
        postings = Postings.of(_texts(revisions, table))
    postings.save(folder)


def _texts(revisions: Revisions, table: Table) -> Iterator[str]:
    article: Article | None = None
    row = None
    for passage in table:
        if article is None or passage["article"] != row:
            row = int(passage["article"])
            article = revisions.article(row)
        yield Passage(article, int(passage["start"]), int(passage["end"])).embedding_text


def _batches(
    revisions: Revisions, table: Table, progress: Indexed
) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
    for start in range(0, len(table), _BATCH):
        some = table[start : start + _BATCH]
        yield _ids(some), revisions.vectors(some["row"].tolist())
        progress(start + len(some), len(table))


def _change_vectors(folder: Path, revisions: Revisions, table: Table, earlier: _Earlier) -> int | None:
    """Copy the earlier collection and change it; return how many vectors it lost or changed so far.

    None when that does not work, or is not worth it.
    """
    old, new = _keyed(earlier.table, table, revisions), _keyed(table, earlier.table, revisions)
    removed = [id_ for id_ in old if id_ not in new]
    changed = [id_ for id_, (_, key) in new.items() if id_ not in old or old[id_][1] != key]
    worn = earlier.worn + len(removed) + sum(id_ in old for id_ in changed)
    if worn > _WORN * len(table) or len(changed) > len(table) / 2:
        return None
    try:
        shutil.copytree(earlier.folder / CHROMA, folder, ignore=shutil.ignore_patterns(f"{CHROMA_DATABASE}*"))
        _copy_database(earlier.folder / CHROMA / CHROMA_DATABASE, folder / CHROMA_DATABASE)
        vectors = revisions.vectors([new[id_][0] for id_ in changed])
        with closing(ChromaVectors.change(folder, removed, changed, vectors)) as store:
            sound = len(store) == len(table) and _agrees(store, revisions, table)
    except (sqlite3.Error, VectorsUnusable):
        return None
    return worn if sound else None


def _keyed(table: Table, other: Table, revisions: Revisions) -> dict[str, tuple[int, bytes | None]]:
    """Return the row and vector key of each passage by id, for the rows that `other` does not have."""
    mine = table[~np.isin(table["row"], other["row"])]
    keys = revisions.vector_keys(mine["row"].tolist())
    return {id_: (row, keys.get(row)) for id_, row in zip(_ids(mine), mine["row"].tolist(), strict=True)}


def _copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite file that other processes may have open."""
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def _agrees(vectors: VectorStore, revisions: Revisions, table: Table) -> bool:
    """Compare the neighbours of some passages with exact search over some thousands of the vectors kept."""
    last = len(table) - 1
    picked = np.unique(np.linspace(0, last, min(len(table), _SAMPLES)).astype(int))
    pool = np.union1d(picked, np.linspace(0, last, min(len(table), _POOL)).astype(int))
    exact = revisions.vectors(table["row"][pool].tolist())
    return agree(vectors, ExactVectors(_ids(table[pool]), exact), exact[np.searchsorted(pool, picked)])


def _table(folder: Path) -> Table:
    table: Table = np.asarray(np.load(folder / _PASSAGES, mmap_mode="r"))
    if table.dtype != PASSAGE:
        raise ProjectionUnusable("foreign")
    return table


def _ids(table: Table) -> list[str]:
    return [id_.decode() for id_ in table["id"].tolist()]


def _writable(folder: Path, closed_later: ExitStack) -> Path:
    """Return the folder, or a copy of it where Chroma, which writes when it opens, may write."""
    if os.access(folder, os.W_OK) and os.access(folder / CHROMA_DATABASE, os.W_OK):
        return folder
    private = closed_later.enter_context(tempfile.TemporaryDirectory(prefix="jawab-"))
    copy = Path(private) / CHROMA
    shutil.copytree(folder, copy, copy_function=shutil.copyfile)
    copy.chmod(0o700)
    for inner in copy.rglob("*"):
        if inner.is_dir():
            inner.chmod(0o700)
    return copy
