"""What each revision of a store holds, read from its database and written to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article
from corpus.errors import StoreDamaged
from index.database import Database
from index.embedding import Vectors
from index.passage import Passage

PASSAGE = np.dtype([("id", "S24"), ("row", "<i8"), ("article", "<i8"), ("start", "<i4"), ("end", "<i4")])
"""One passage of a revision: its id, its row and its article's, and its offsets in code points."""

_FIELDS = "id, title, text, source, url, publisher, published"
_IN_ONE_QUERY = 900
_VISIBLE = "born <= ? AND (died IS NULL OR died > ?)"


@dataclass(frozen=True, slots=True)
class Revision:
    """A committed state: `encoder` is the fingerprint of its vectors, `projection` the folder to search."""

    number: int
    made: str
    encoder: str
    projection: str | None
    articles: int
    passages: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What tells whether an article of the current revision is the one given: no text, but its digests."""

    row: int
    id: str
    digest: bytes
    text_key: bytes
    recipe: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An article as a list shows it: all of it but its text, and the number of its passages."""

    row: int
    id: str
    title: str
    source: str
    url: str | None
    publisher: str | None
    published: date | None
    passages: int


def digest(article: Article) -> bytes:
    """Hash every field of an article; raises UnicodeEncodeError when one holds half a surrogate pair."""
    return _digest(_fields(article))


def _fields(article: Article) -> list[str | None]:
    *others, published = astuple(article)
    return [*others, published.isoformat() if published else None]


def _digest(fields: Sequence[str | None]) -> bytes:
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).digest()


def text_key(article: Article) -> bytes:
    """Hash the words of the text alone: the same story under another id or title has the same key."""
    return hashlib.sha256(" ".join(article.text.split()).encode()).digest()


def vector_key(encoder: str, text: str) -> bytes:
    """Name the vector that the encoder with this fingerprint gives a text."""
    return hashlib.sha256(f"{encoder}\0{text}".encode()).digest()[:16]


class Revisions:
    """Reads revisions; writes inside a transaction of the database it is given."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._run = database.run

    @property
    def folder(self) -> Path:
        """The folder of the store."""
        return self._database.folder

    def current(self) -> Revision:
        """Return the newest committed revision."""
        return Revision(*self._run("SELECT * FROM revisions ORDER BY number DESC LIMIT 1")[0])

    def all(self) -> list[Revision]:
        """Return the revisions still kept, oldest first."""
        return [Revision(*row) for row in self._run("SELECT * FROM revisions ORDER BY number")]

    def kept(self, revision: int) -> list[Kept]:
        """Return the articles of a revision, in order, as what identifies them."""
        query = f"SELECT row, id, digest, text_key, recipe FROM articles WHERE {_VISIBLE} ORDER BY row"
        return [Kept(*row) for row in self._run(query, (revision, revision))]

    def listed(self, revision: int) -> tuple[Listed, ...]:
        """Return the articles of a revision, in order, without reading their texts."""
        query = (
            "SELECT row, id, title, source, url, publisher, published, "
            "(SELECT count(*) FROM passages p WHERE p.article = a.row) "
            f"FROM articles a WHERE {_VISIBLE} ORDER BY row"
        )
        rows = self._run(query, (revision, revision))
        return tuple(
            Listed(*(*about, day and date.fromisoformat(day), passages)) for *about, day, passages in rows
        )

    def article(self, row: int) -> Article:
        """Read one article; raises StoreDamaged when its words are not those that were indexed."""
        found = self._run(f"SELECT {_FIELDS}, digest FROM articles WHERE row = ?", (row,))
        if not found:
            raise StoreDamaged(path=self.folder, reason=f"articles.row {row}")
        return self._checked(found[0])

    def row_of(self, article_id: str, revision: int) -> int:
        """Return the row of an article in a revision, or -1."""
        query = f"SELECT row FROM articles WHERE id = ? AND {_VISIBLE}"
        return next((row for (row,) in self._run(query, (article_id, revision, revision))), -1)

    def articles(self, revision: int) -> Iterator[Article]:
        """Read the articles of a revision, in order."""
        for kept in self.kept(revision):
            yield self.article(kept.row)

    def _checked(self, row: Sequence[Any]) -> Article:
        id_, title, text, source, url, publisher, published, expected = row
        if _digest(row[:-1]) != expected:
            raise StoreDamaged(path=self.folder, reason=f"sha256 ≠ {id_}")
        day = date.fromisoformat(published) if published else None
        return Article(id_, title, text, source, url, publisher, day)

    def passages(self, revision: int) -> NDArray[np.void]:
        """Return the passages of a revision as records of PASSAGE, in the order of their rows."""
        rows = self._run(
            'SELECT p.id, p.row, p.article, p.start, p."end" FROM passages p JOIN articles a '
            f"ON a.row = p.article WHERE {_VISIBLE} ORDER BY p.row",
            (revision, revision),
        )
        return np.array([(row[0].encode(), *row[1:]) for row in rows], dtype=PASSAGE)

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """Return the vectors of the passages at `rows`, of shape (len(rows), d), float32."""
        query = "SELECT p.row, v.vector FROM passages p JOIN vectors v ON v.key = p.vector WHERE p.row IN"
        found: dict[int, bytes] = dict(self._in(query, rows))
        try:
            blobs = b"".join(found[row] for row in rows)
            return np.frombuffer(blobs, dtype="<f4").reshape(len(rows), -1 if blobs else 0)
        except (KeyError, ValueError) as error:
            raise StoreDamaged(path=self.folder, reason=f"vectors: {error}") from error

    def vector_keys(self, rows: Sequence[int]) -> dict[int, bytes]:
        """Return the key of each passage's vector, by row."""
        return dict(self._in("SELECT row, vector FROM passages WHERE row IN", rows))

    def encoded(self, keys: Sequence[bytes]) -> set[bytes]:
        """Return those of `keys` whose vector is kept."""
        return {key for (key,) in self._in("SELECT key FROM vectors WHERE key IN", keys)}

    def _in(self, query: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(values), _IN_ONE_QUERY):
            some = values[start : start + _IN_ONE_QUERY]
            yield from self._run(f"{query} ({','.join('?' * len(some))})", some)

    def add_vectors(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Keep vectors under their keys; changes no revision."""
        rows = [(key, vector.astype("<f4").tobytes()) for key, vector in zip(keys, vectors, strict=True)]
        self._database.run_many("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def add_article(
        self, article: Article, passages: Sequence[Passage], *, born: int, recipe: str, encoder: str
    ) -> None:
        """Let an article and its passages be part of the revisions from `born` on."""
        row = self._database.insert(
            f"INSERT INTO articles ({_FIELDS}, digest, text_key, recipe, born) VALUES ({_marks(11)})",
            (*_fields(article), digest(article), text_key(article), recipe, born),
        )
        self._database.run_many(
            f'INSERT INTO passages (id, article, start, "end", vector) VALUES ({_marks(5)})',
            [(p.id, row, p.start, p.end, vector_key(encoder, p.embedding_text)) for p in passages],
        )

    def copy_article(self, row: int, *, born: int) -> None:
        """Let an article that died be part of the revisions from `born` on, again."""
        fields = f"{_FIELDS}, digest, text_key, recipe"
        copy = self._database.insert(
            f"INSERT INTO articles ({fields}, born) SELECT {fields}, ? FROM articles WHERE row = ?",
            (born, row),
        )
        self._run(
            'INSERT INTO passages (id, article, start, "end", vector) SELECT id, ?, start, "end", vector '
            "FROM passages WHERE article = ? ORDER BY row",
            (copy, row),
        )

    def end_articles(self, rows: Iterable[int], *, died: int) -> None:
        """Let articles be part of no revision from `died` on."""
        self._database.run_many("UPDATE articles SET died = ? WHERE row = ?", [(died, row) for row in rows])

    def begin(self, number: int, encoder: str) -> Revision:
        """Record a new revision of the articles that are alive now."""
        self._run(
            "INSERT INTO revisions SELECT ?, datetime('now'), ?, NULL, "
            "(SELECT count(*) FROM articles WHERE died IS NULL), "
            "(SELECT count(*) FROM passages p JOIN articles a ON a.row = p.article WHERE a.died IS NULL)",
            (number, encoder),
        )
        self._run("DELETE FROM revisions WHERE number = 0")  # the empty beginning is nothing to go back to
        return self.current()

    def set_projection(self, revision: int, name: str) -> None:
        """Name the folder that searches a revision."""
        self._run("UPDATE revisions SET projection = ? WHERE number = ?", (name, revision))

    def forget_before(self, oldest: int) -> None:
        """Delete what no revision from `oldest` on holds."""
        self._run(
            "DELETE FROM passages WHERE article IN (SELECT row FROM articles WHERE died <= ?)", (oldest,)
        )
        self._run("DELETE FROM articles WHERE died <= ?", (oldest,))
        self._run("DELETE FROM vectors WHERE key NOT IN (SELECT vector FROM passages)")
        self._run("DELETE FROM revisions WHERE number < ?", (oldest,))


def _marks(count: int) -> str:
    return ", ".join("?" * count)
