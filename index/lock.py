"""Who may write a store, and which of its folders are being read: locks that die with their process."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from corpus.errors import StoreBusy, StoreReadOnly

if sys.platform != "win32":
    import fcntl

_LOCK, _OWNER = "writer.lock", "writer.json"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the one writer of a store; a killed writer's lock is free again.

    Raises StoreBusy, naming the process that writes, or StoreReadOnly.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise StoreBusy(path=folder, owner=_owner(folder)) from None
    except (OSError, NotImplementedError) as error:
        raise StoreReadOnly(path=folder, reason=_reason(error)) from error
    try:
        owner = {"process": os.getpid(), "host": socket.gethostname()}
        try:
            (folder / _OWNER).write_text(json.dumps(owner), encoding="utf-8")
        except OSError as error:
            raise StoreReadOnly(path=folder, reason=_reason(error)) from error
        yield
    finally:
        lock.release()


def _owner(folder: Path) -> str:
    try:
        owner = json.loads((folder / _OWNER).read_text(encoding="utf-8"))
        return f"{owner['process']} @ {owner['host']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "?"


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def pin(file: Path) -> BinaryIO:
    """Hold `file` so that nobody removes its folder until what is returned is closed.

    Raises OSError when it is gone or going. Where files have no shared locks, an open file is lock enough.
    """
    held = file.open("rb")
    if sys.platform != "win32":
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            held.close()
            raise
    return held


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold `file` against every pin; raises BlockingIOError when it is pinned, by this process too."""
    if sys.platform == "win32" or not file.exists():
        yield
        return
    with file.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def is_pinned(file: Path) -> bool:
    """Tell whether any process, this one too, holds `file`."""
    try:
        with _alone(file):
            return False
    except BlockingIOError:
        return True


def remove_unless_pinned(folder: Path, file: str) -> None:
    """Delete `folder` unless somebody holds `folder/file`; what cannot be deleted waits for the next time."""
    gone = folder.with_name(f"{folder.name}.gone")
    with suppress(OSError):
        # Renamed first: who comes now finds nothing rather than half of it, and where files have no
        # shared locks, renaming a folder that is in use fails.
        with _alone(folder / file):
            folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
