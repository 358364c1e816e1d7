"""Articles from files: Markdown with front matter, plain text and JSON lines; files and folders."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from corpus.article import Article
from corpus.cleaning import split_page, tidy
from corpus.errors import BadArticle, NothingToRead, NotText, PathMissing, in_each_language
from corpus.sentences import sentence_spans

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"\A\s*#{1,3}\s+(?P<title>\S.*)$\n?", re.MULTILINE)
_TITLE_LENGTH = 90

_Words = dict[str, str]
_USED: _Words = {
    "ar": "المعرّف «{id}» مستعمل في \u200e{other}",
    "fr": "l'identifiant « {id} » sert déjà dans {other}",
    "en": 'the id "{id}" is already used by {other}',
}
_UNCLOSED: _Words = {
    "ar": "لا ينتهي رأس الملف بسطر ---",
    "fr": "son en-tête n'est pas fermé par une ligne ---",
    "en": "its front matter has no closing --- line",
}
_NOT_YAML: _Words = {
    "ar": "رأس الملف ليس YAML سليما ({first})",
    "fr": "son en-tête n'est pas du YAML ({first})",
    "en": "its front matter is not YAML ({first})",
}
_NOT_FIELDS: _Words = {
    "ar": "رأس الملف ليس قائمة أسماء وقيم",
    "fr": "son en-tête n'est pas une liste de noms et de valeurs",
    "en": "its front matter is not a list of names and values",
}
_NOT_JSON: _Words = {
    "ar": "السطر ليس JSON",
    "fr": "la ligne n'est pas du JSON",
    "en": "the line is not JSON",
}
_NO_TEXT: _Words = {"ar": "لا نص فيه", "fr": "il n'a pas de texte", "en": "it has no text"}
_BAD_DAY: _Words = {
    "ar": "تاريخ النشر «\u200e{day}» ليس مكتوبا هكذا: \u200e2025-11-24",
    "fr": "la date de publication « {day} » n'est pas écrite comme 2025-11-24",
    "en": 'the day of publication "{day}" is not written like 2025-11-24',
}


@dataclass(frozen=True, slots=True)
class Read:
    """An article that was read; `named` tells whether its id is its own, and not made of its file's name."""

    article: Article
    named: bool


def read_articles(path: Path | str) -> list[Article]:
    """Read every article of a file, or of a folder and the folders in it, in the order of their names.

    Read are `.md` (front matter: id, title, source, url, publisher, published), `.txt` (a scraped page: it
    may hold several articles) and `.jsonl` (an article a line, the same fields and `text`). Ids are unique.

    Raises PathMissing, NothingToRead, NotText or BadArticle, naming the file.
    """
    return [read.article for read in read_named(path)]


def read_named(path: Path | str) -> list[Read]:
    """Read as `read_articles` does, and tell which articles name their own ids."""
    root = Path(path)
    if not _is_there(root):
        raise PathMissing(path=root)
    if root.is_file() and root.suffix.lower() not in _READERS:
        raise NotText(path=root)
    found: dict[str, Read] = {}
    for file in [root] if root.is_file() else files_of(root):
        name = file.stem if root.is_file() else file.relative_to(root).with_suffix("").as_posix()
        for read in _READERS[file.suffix.lower()](file, name):
            article = read.article
            if article.id in found:
                other = found[article.id].article.source
                raise BadArticle(path=file, reason=in_each_language(_USED, id=article.id, other=other))
            found[article.id] = read
    if not found:
        raise NothingToRead(path=root)
    return list(found.values())


def bundled_articles() -> list[Article]:
    """Read the articles that ship with the product."""
    return read_articles(Path(str(files("corpus") / "articles")))


def files_of(folder: Path) -> list[Path]:
    """Return the files in a folder, and in the folders in it, that may hold articles, by name."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.suffix.lower() in _READERS
        and file.is_file()
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )


def lines_of(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text file that hold something, with their numbers from 1.

    Raises PathMissing, NotText, or BadArticle when the file cannot be opened.
    """
    if not _is_there(file) or file.is_dir():
        raise PathMissing(path=file)
    for number, line in enumerate(_text_of(file).split("\n"), start=1):
        if line.strip():
            yield number, line


def _is_there(path: Path) -> bool:
    """Tell whether there is something at a path; a name too long or a closed folder holds nothing."""
    try:
        return path.exists()
    except OSError:
        return False


def _text_of(file: Path) -> str:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotText(path=file) from None
    except OSError as error:
        raise BadArticle(path=file, reason=error.strerror or str(error)) from None
    if "\0" in text:
        raise NotText(path=file)
    return text.replace("\r\n", "\n")


def _read_markdown(file: Path, name: str) -> Iterator[Read]:
    text = _text_of(file)
    fields: dict[str, Any] = {}
    front = _FRONT_MATTER.match(text)
    if front:
        fields = _front_matter(front["yaml"], file)
        text = text[front.end() :]
    elif text.startswith("---\n"):
        raise BadArticle(path=file, reason=_UNCLOSED)
    heading = _HEADING.match(text)
    if heading:
        fields.setdefault("title", heading["title"].strip())
        text = text[heading.end() :]
    yield _article(fields, tidy(text), file, name)


def _front_matter(text: str, file: Path) -> dict[str, Any]:
    try:
        fields = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        first = str(error).splitlines()[0]
        raise BadArticle(path=file, reason=in_each_language(_NOT_YAML, first=first)) from None
    if not isinstance(fields, dict):
        raise BadArticle(path=file, reason=_NOT_FIELDS)
    return fields


def _read_text(file: Path, name: str) -> Iterator[Read]:
    raw = _text_of(file)
    for number, section in enumerate(split_page(raw), start=1):
        title = section.title or opening(section.text)
        article = Article(
            id=name if number == 1 else f"{name}#{number}",
            title=title,
            text=section.text,
            source=str(file),
            publisher=section.publisher,
        )
        yield Read(article, named=False)


def _read_lines(file: Path, name: str) -> Iterator[Read]:
    for number, line in lines_of(file):
        place = f"{file}:{number}"
        try:
            fields = json.loads(line)
        except ValueError:
            raise BadArticle(path=place, reason=_NOT_JSON) from None
        if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
            raise BadArticle(path=place, reason=_NO_TEXT)
        yield _article(fields, tidy(fields["text"]), file, f"{name}#{number}", place)


def _article(fields: Mapping[str, Any], text: str, file: Path, name: str, place: str = "") -> Read:
    if not text:
        raise BadArticle(path=place or file, reason=_NO_TEXT)

    def text_field(key: str) -> str | None:
        value = fields.get(key)
        return tidy(str(value)) if value is not None and str(value).strip() else None

    own = text_field("id")
    article = Article(
        id=own or name,
        title=text_field("title") or opening(text),
        text=text,
        source=text_field("source") or str(file),
        url=text_field("url"),
        publisher=text_field("publisher"),
        published=_day(fields.get("published"), place or str(file)),
    )
    return Read(article, named=own is not None)


def _day(value: object, place: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if value is None or not str(value).strip():
        return None
    for parse in (datetime.fromisoformat, lambda text: datetime.strptime(text, "%d/%m/%Y")):
        with suppress(ValueError):
            return parse(str(value).strip()).date()
    raise BadArticle(path=place, reason=in_each_language(_BAD_DAY, day=value))


def opening(text: str) -> str:
    """Return the first words of the text, for an article whose title is not known."""
    start, end = next(iter(sentence_spans(text)), (0, 0))
    first = text[start:end].rstrip(".")
    if len(first) <= _TITLE_LENGTH:
        return first
    return first[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip("،؛, ") + "…"


_READERS = {".md": _read_markdown, ".txt": _read_text, ".jsonl": _read_lines}
