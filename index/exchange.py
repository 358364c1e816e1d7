"""Articles of a store in and out of a file: one JSON object a line, every field as it is kept."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from corpus.article import Article
from corpus.errors import BadArticle, NothingToRead, UsageError, in_each_language
from corpus.reading import lines_of

_NAMES = tuple(field.name for field in fields(Article))
_NEEDED = ("id", "title", "text", "source")
_CANNOT_WRITE = {
    "ar": "تتعذر كتابة الملف \u200e{path} ({why})",
    "fr": "Impossible d'écrire le fichier {path} ({why})",
    "en": "The file {path} cannot be written ({why})",
}
_ELSEWHERE = {
    "ar": "اختر ملفا آخر ثم أعد المحاولة",
    "fr": "Choisissez un autre fichier et recommencez",
    "en": "Choose another file and try again",
}
_NOT_OURS = {
    "ar": "السطر ليس مقالا صدّره الأمر python -m index export",
    "fr": "la ligne n'est pas un article exporté par python -m index export",
    "en": "the line is not an article exported by python -m index export",
}


def export_articles(articles: Iterable[Article], file: Path) -> int:
    """Write articles to `file`, which is replaced when all of them are written; return how many they are.

    Raises UsageError when the file cannot be written.
    """
    beside = file.parent / f".{file.name}.{os.getpid()}"
    count = 0
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as lines:
            for article in articles:
                record = asdict(article)
                record["published"] = article.published and article.published.isoformat()
                lines.write(json.dumps(record, ensure_ascii=False) + "\n")
                count += 1
            lines.flush()
            os.fsync(lines.fileno())
        beside.replace(file)
    except OSError as error:
        reason = in_each_language(_CANNOT_WRITE, path=file, why=error.strerror or str(error))
        raise UsageError(reason=reason, remedy=_ELSEWHERE) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return count


def import_articles(file: Path) -> list[Article]:
    """Read what `export_articles` wrote, exactly; raise PathMissing, NotText, BadArticle or NothingToRead."""
    articles = [_article(line, f"{file}:{number}") for number, line in lines_of(file)]
    if not articles:
        raise NothingToRead(path=file)
    return articles


def _article(line: str, place: str) -> Article:
    try:
        record: dict[str, Any] = json.loads(line)
        known: dict[str, Any] = {name: record.get(name) for name in _NAMES}
        if not all(isinstance(value, str | None) for value in known.values()) or None in map(
            known.get, _NEEDED
        ):
            raise TypeError
        day = known.pop("published")
        return Article(**known, published=date.fromisoformat(day) if day else None)
    except (ValueError, TypeError, AttributeError):
        raise BadArticle(path=place, reason=_NOT_OURS) from None
