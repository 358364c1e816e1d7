"""The stamp of a projection: what it was made from, and the digest of every file that must stay as it is."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from index.lexical import rules

NAME = "stamp.json"
FORMAT = 1
CHROMA = "chroma"
CHROMA_DATABASE = "chroma.sqlite3"
"""Opening Chroma changes this file of its folder; the files of its graph stay as they were made."""


class ProjectionUnusable(Exception):
    """A projection is missing, damaged, stale or foreign; `str(error)` says which."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Made from `revision`, whose vectors `encoder` made; `worn` vectors were lost or changed since anew."""

    revision: int
    encoder: str
    passages: int
    worn: int


def write(folder: Path, stamp: Stamp) -> None:
    """Stamp a finished folder, and put all of it on the disk."""
    facts = {"format": FORMAT, "rules": rules(), "stamp": asdict(stamp), "files": _digests(folder)}
    (folder / NAME).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    files = [path for path in folder.rglob("*") if path.is_file()]
    folders = [path for path in folder.rglob("*") if path.is_dir()]
    for path in [*files, *([*folders, folder, folder.parent] if os.name == "posix" else [])]:
        descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def check(folder: Path) -> Stamp:
    """Read the stamp and every file it vouches for; raise ProjectionUnusable when one is not as it was."""
    try:
        facts = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if facts["format"] != FORMAT or facts["rules"] != rules():
            raise ProjectionUnusable("foreign")
        if _digests(folder) != facts["files"]:
            raise ProjectionUnusable("damaged")
        return Stamp(**facts["stamp"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ProjectionUnusable(str(error)) from error


def revision_of(folder: Path) -> int | None:
    """Return the number of the revision that a folder says it searches."""
    try:
        return int(json.loads((folder / NAME).read_text(encoding="utf-8"))["stamp"]["revision"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _digests(folder: Path) -> dict[str, str]:
    digests = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != NAME and not name.startswith(f"{CHROMA}/{CHROMA_DATABASE}"):
            with path.open("rb") as file:
                digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests
