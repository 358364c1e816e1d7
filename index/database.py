"""The truth of a store: articles, passages and vectors of its kept revisions in one SQLite file."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any

from corpus.errors import StoreBusy, StoreDamaged, StoreError, StoreForeign, StoreMissing, StoreReadOnly

FILE = "articles.sqlite"
FORMAT = 1
_APPLICATION = 0x4A415741  # "JAWA": tells our files from other SQLite files
_BUSY_SECONDS = 20.0

# A row of `articles` is visible in the revisions from `born` up to, but not including, `died`; its
# passages with it. Vectors are kept by content, so what was encoded once is never encoded again.
_SCHEMA = """
CREATE TABLE revisions (
    number INTEGER PRIMARY KEY, made TEXT NOT NULL, encoder TEXT NOT NULL, projection TEXT,
    articles INTEGER NOT NULL, passages INTEGER NOT NULL);
CREATE TABLE articles (
    row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    source TEXT NOT NULL, url TEXT, publisher TEXT, published TEXT,
    digest BLOB NOT NULL, text_key BLOB NOT NULL, recipe TEXT NOT NULL,
    born INTEGER NOT NULL, died INTEGER);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, article INTEGER NOT NULL REFERENCES articles,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL);
CREATE INDEX articles_id ON articles (id);
CREATE INDEX articles_died ON articles (died);
CREATE INDEX passages_article ON passages (article);
"""


class Database:
    """A connection that many threads may share; every SQLite error leaves it as a StoreError."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self._connection = connection
        self._lock = RLock()

    @classmethod
    def open(cls, folder: Path, *, writable: bool = False) -> Database:
        """Connect to the database of the store in `folder`, to read it unless `writable`.

        Raises StoreMissing, StoreForeign (another format), StoreDamaged or StoreReadOnly.
        """
        file = folder / FILE
        try:
            there = file.is_file()
        except OSError as error:
            raise StoreReadOnly(path=folder, reason=error.strerror or str(error)) from error
        if not there:
            raise StoreMissing(path=folder)
        with _translated(folder):
            connection = _connect(file, "rw") if writable else _connect_to_read(file)
        database = cls(folder, connection)
        try:
            database._check_format()
            database.run(f"PRAGMA query_only = {'OFF' if writable else 'ON'}")
        except StoreError:
            database.close()
            raise
        return database

    @classmethod
    def create(cls, folder: Path) -> None:
        """Make an empty database, in one transaction; leave one that is there as it is."""
        with _translated(folder):
            connection = _connect(folder / FILE, "rwc")
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("BEGIN IMMEDIATE")
                if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    for statement in _SCHEMA.split(";"):
                        connection.execute(statement)
                    connection.execute("INSERT INTO revisions VALUES (0, datetime('now'), '', NULL, 0, 0)")
                    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                    connection.execute(f"PRAGMA user_version = {FORMAT}")
                connection.execute("COMMIT")
            finally:
                connection.close()

    def _check_format(self) -> None:
        ((application,),) = self.run("PRAGMA application_id")
        ((version,),) = self.run("PRAGMA user_version")
        if not application and not self.run("SELECT 1 FROM sqlite_master LIMIT 1"):
            raise StoreMissing(path=self.folder)  # killed before its first transaction ended
        if application != _APPLICATION:
            raise StoreDamaged(path=self.folder, reason=f"{FILE}: application_id {application}")
        if version != FORMAT:
            raise StoreForeign(path=self.folder, made_by=f"format {version}", expected=f"format {FORMAT}")

    def run(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        """Execute a statement and return its rows."""
        with self._lock, _translated(self.folder):
            return self._connection.execute(statement, values).fetchall()

    def run_many(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Execute a statement once for each of `rows`."""
        with self._lock, _translated(self.folder):
            self._connection.executemany(statement, rows)

    def insert(self, statement: str, values: Sequence[object]) -> int:
        """Execute an INSERT and return the number of the row."""
        with self._lock, _translated(self.folder):
            return int(self._connection.execute(statement, values).lastrowid or 0)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what happens inside one change: all of it is kept, on the disk, or nothing."""
        with self._lock:
            self.run("BEGIN IMMEDIATE")
            try:
                yield
                self.run("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.rollback()
                raise

    def close(self) -> None:
        """Let the file go; closing twice does nothing."""
        with self._lock:
            self._connection.close()


class _Connection(sqlite3.Connection):
    """A connection that can be referred to weakly."""


def _connect(file: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{file.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        factory=_Connection,
    )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _connect_to_read(file: Path) -> sqlite3.Connection:
    """Read in place, or from a private copy where SQLite cannot: on a full disk, or one that is read-only.

    To read beside a writer it needs shared memory in the same folder, found there or made.
    """
    for mode in ("rw", "ro"):
        with suppress(sqlite3.OperationalError):
            connection = _connect(file, mode)
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")
            return connection
    private = Path(tempfile.mkdtemp(prefix="jawab-"))
    try:
        for part in (file, file.with_name(f"{FILE}-wal")):
            if part.exists():
                shutil.copyfile(part, private / part.name)
        connection = _connect(private / FILE, "rw")
    except BaseException:
        shutil.rmtree(private, ignore_errors=True)
        raise
    weakref.finalize(connection, shutil.rmtree, private, ignore_errors=True)
    return connection


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
        raise
    except sqlite3.DatabaseError as error:
        reason, code = str(error), getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreBusy(path=folder, owner="SQLite") from error
        if code in _CANNOT_WRITE:
            raise StoreReadOnly(path=folder, reason=reason) from error
        raise StoreDamaged(path=folder, reason=reason) from error
    except OSError as error:
        raise StoreReadOnly(path=folder, reason=error.strerror or str(error)) from error


_CANNOT_WRITE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_IOERR,
}
