"""A change of a store: passages are cut, vectors made, and all of it committed with what searches it."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from corpus.article import Article
from corpus.errors import ModelFailed, StoreError, StoreReadOnly, UsageError, in_each_language
from index import projection, stamp
from index.database import Database
from index.embedding import Embedder, Vectors
from index.lock import is_pinned, remove_unless_pinned
from index.passage import Passage
from index.revisions import Revision, Revisions, vector_key
from index.splitting import split
from index.vectors import VectorsUnusable

PROJECTIONS = "projections"
KEPT_REVISIONS = 5
"""Revisions that can be gone back to; what only older ones held is deleted."""

_ENCODED_AT_ONCE = 256  # texts whose vectors are committed together: what a kill can lose

_NO_REVISION = {
    "ar": "لا توجد نسخة سابقة بالرقم {number}",
    "fr": "La révision {number} n'est pas une révision antérieure",
    "en": "Revision {number} is not an earlier one",
}
_SEE_STATUS = {
    "ar": "يعرض النسخ الباقية الأمر: python -m index status",
    "fr": "Celles qui restent se voient avec : python -m index status",
    "en": "Those that are kept are listed by: python -m index status",
}

Progress = Callable[[str, int, int], object]
"""Called with a stage ("split", "encode" or "index"), how much of it is done, and how much there is to do.

The first stage counts articles, the others passages.
"""


def silent(stage: str, done: int, total: int) -> None:
    """Take no note of progress."""


def cut(
    articles: Sequence[Article], embedder: Embedder, chunk_size: int, progress: Progress
) -> list[tuple[Article, list[Passage]]]:
    """Split articles into their passages."""
    cut = []
    for done, article in enumerate(articles, start=1):
        cut.append((article, split(article, embedder, chunk_size=chunk_size)))
        progress("split", done, len(articles))
    return cut


def encode(passages: Iterable[Passage], embedder: Embedder, database: Database, progress: Progress) -> int:
    """Encode the passages whose text no vector is kept of, and commit the vectors as they are made.

    Vectors are kept by content and belong to no revision yet: a build that is interrupted finds them
    again. Returns how many were encoded; raises ModelFailed when what comes back are not unit vectors.
    """
    revisions = Revisions(database)
    texts = {vector_key(embedder.fingerprint, p.embedding_text): p.embedding_text for p in passages}
    for key in revisions.encoded(list(texts)):
        del texts[key]
    waiting = sorted(texts.items(), key=lambda item: len(item[1]))  # alike in length: little padding
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        progress("encode", done, len(waiting))

    for start in range(0, len(waiting), _ENCODED_AT_ONCE):
        keys, some = zip(*waiting[start : start + _ENCODED_AT_ONCE], strict=True)
        vectors = embedder.encode(some, "passage", count)
        _check(vectors, len(some), embedder.fingerprint)
        with database.transaction():
            revisions.add_vectors(keys, vectors)
    return len(waiting)


def _check(vectors: Vectors, count: int, name: str) -> None:
    if vectors.ndim != 2 or len(vectors) != count:
        raise ModelFailed(name=name, reason=f"shape {vectors.shape}")
    if not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-2):
        raise ModelFailed(name=name, reason="norm ≠ 1")


def commit(
    database: Database, encoder: str, change: Callable[[Revisions, int], object], progress: Progress
) -> Revision:
    """Make a new revision of what `change` does to the articles, with its projection, or nothing at all.

    Raises StoreReadOnly when there is no room or no right to write.
    """
    revisions = Revisions(database)
    current = revisions.current()
    home = database.folder / PROJECTIONS
    previous = home / current.projection if current.projection else None
    with _new_projection(home) as name, database.transaction():
        change(revisions, current.number + 1)
        revision = revisions.begin(current.number + 1, encoder)
        make_projection(home / name, revisions, revision, previous=previous, progress=progress)
        revisions.set_projection(revision.number, name)
    with suppress(StoreError):  # what is left over now is deleted after the next change
        _forget(database)
    return revision


def go_back(database: Database, to: int | None, progress: Progress) -> Revision:
    """Make a new revision equal to revision `to`, by default the one before the current."""
    revisions = Revisions(database)
    *earlier, current = revisions.all()
    target = next((revision for revision in reversed(earlier) if to in (None, revision.number)), None)
    if target is None:
        number = current.number - 1 if to is None else to
        reason = in_each_language(_NO_REVISION, number=number)
        raise UsageError(reason=reason, remedy=_SEE_STATUS)
    then = {(kept.id, kept.digest, kept.recipe): kept.row for kept in revisions.kept(target.number)}
    now = {(kept.id, kept.digest, kept.recipe): kept.row for kept in revisions.kept(current.number)}

    def restore(revisions: Revisions, number: int) -> None:
        revisions.end_articles([row for article, row in now.items() if article not in then], died=number)
        for article, row in then.items():
            if article not in now:
                revisions.copy_article(row, born=number)

    return commit(database, target.encoder, restore, progress)


def repair(database: Database, revision: Revision) -> None:
    """Put a new projection in the place of an unusable one, unless another process just did."""
    revisions = Revisions(database)
    home = database.folder / PROJECTIONS
    if revisions.current() == revision:
        with _new_projection(home) as name:
            make_projection(home / name, revisions, revision)
            revisions.set_projection(revision.number, name)
        _remove_projections(home, revisions.all())


@contextmanager
def _new_projection(home: Path) -> Iterator[str]:
    """Name a new folder in `home`, deleted when what happens inside fails."""
    name = secrets.token_hex(8)
    try:
        yield name
    except BaseException:
        shutil.rmtree(home / name, ignore_errors=True)
        raise


def make_projection(
    folder: Path,
    revisions: Revisions,
    revision: Revision,
    *,
    previous: Path | None = None,
    progress: Progress = silent,
) -> None:
    """Build a projection; raise StoreReadOnly when it cannot be written."""

    def indexed(done: int, total: int) -> None:
        progress("index", done, total)

    try:
        projection.build(folder, revisions, revision, previous=previous, progress=indexed)
    except OSError as error:
        raise StoreReadOnly(path=revisions.folder, reason=error.strerror or str(error)) from error
    except VectorsUnusable as error:
        raise StoreReadOnly(path=revisions.folder, reason=str(error)) from error


def _forget(database: Database) -> None:
    """Delete the projections that nobody reads or goes back to, and what only forgotten revisions held."""
    revisions = Revisions(database)
    kept = revisions.all()[-KEPT_REVISIONS:]
    oldest = min([kept[0].number, *_remove_projections(database.folder / PROJECTIONS, kept)])
    with database.transaction():
        revisions.forget_before(oldest)
    database.run("PRAGMA wal_checkpoint(TRUNCATE)")


def _remove_projections(home: Path, kept: Sequence[Revision]) -> list[int]:
    """Delete all projections but those of the last two revisions; return the revisions still being read."""
    wanted = {revision.projection for revision in kept[-2:]}
    read = []
    for folder in home.iterdir():
        if is_pinned(folder / stamp.NAME):
            read.append(stamp.revision_of(folder) or 0)
        elif folder.name not in wanted:
            remove_unless_pinned(folder, stamp.NAME)
    return read
