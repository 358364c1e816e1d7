"""What comes in: files and pasted texts become articles, as many as are taken in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from corpus.article import Article
from corpus.cleaning import tidy
from corpus.errors import JawabError, NothingToRead, UsageError, in_each_language
from corpus.reading import Read, files_of, opening, read_named
from index.embedding import well_formed
from index.revisions import text_key
from index.store import Progress

MAX_FILES = 200
"""Files added at once."""
MAX_BYTES = 50_000_000
"""Their size together."""
MAX_CHARACTERS = 500_000
"""The longest article, or pasted text, in characters: a book of some 250 pages."""

_Words = dict[str, str]
_TOO_MANY: _Words = {
    "ar": "عدد الملفات {count}، والحد الأقصى في المرة الواحدة {limit}",
    "fr": "{count} fichiers, c'est plus que les {limit} acceptés à la fois",
    "en": "{count} files are more than the {limit} that are taken at once",
}
_TOO_LARGE: _Words = {
    "ar": "حجم الملفات {count} ميغابايت، والحد الأقصى في المرة الواحدة {limit}",
    "fr": "{count} Mo, c'est plus que les {limit} Mo acceptés à la fois",
    "en": "{count} MB are more than the {limit} MB that are taken at once",
}
_IN_PARTS: _Words = {
    "ar": "أضفها على دفعات",
    "fr": "Ajoutez-les en plusieurs fois",
    "en": "Add them in several goes",
}
_TOO_LONG: _Words = {
    "ar": "النص طويل جدا (عدد حروفه {count}، والحد الأقصى {limit})",
    "fr": "Le texte est trop long ({count} caractères, {limit} au plus)",
    "en": "The text is too long ({count} characters, {limit} at most)",
}
_SHORTEN: _Words = {
    "ar": "قسّمه إلى مقالات ثم أعد المحاولة",
    "fr": "Divisez-le en articles et recommencez",
    "en": "Divide it into articles and try again",
}
_NO_TEXT: _Words = {"ar": "لا نص هنا", "fr": "Il n'y a pas de texte", "en": "There is no text"}
_PASTE: _Words = {
    "ar": "الصق نص المقال ثم أعد المحاولة",
    "fr": "Collez le texte de l'article et recommencez",
    "en": "Paste the article's text and try again",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file, or a text, that was not added; `error.sentence(language)` says why and what to do."""

    source: str
    error: JawabError


def read_files(paths: Iterable[Path], progress: Progress) -> tuple[list[Read], list[Refusal]]:
    """Read the articles of files and folders; what is wrong with one file leaves the others alone.

    Raises UsageError beyond MAX_FILES or MAX_BYTES.
    """
    files = [place for path in paths for place in _files(path)]
    _check(files)
    incoming: list[Read] = []
    refused: list[Refusal] = []
    for done, (file, name) in enumerate(files, start=1):
        try:
            if file.is_dir():
                raise NothingToRead(path=file)
            for read in read_named(file):
                if too_long := _too_long(read.article.text):
                    refused.append(Refusal(read.article.title, too_long))
                else:
                    incoming.append(_without_path(read, file, name))
        except JawabError as error:
            refused.append(Refusal(name, _without_folder(error, file)))
        progress("read", done, len(files))
    return incoming, refused


def pasted(
    text: str, title: str = "", publisher: str = "", published: date | None = None, url: str = ""
) -> Read:
    """Make an article of a text that was pasted; its id is made of its words, whatever its title.

    Raises UsageError when it is empty or longer than MAX_CHARACTERS.
    """
    text = tidy(well_formed(text))
    if not text:
        raise UsageError(reason=_NO_TEXT, remedy=_PASTE)
    if too_long := _too_long(text):
        raise too_long
    title, publisher, url = (" ".join(tidy(well_formed(field)).split()) for field in (title, publisher, url))
    title = title or opening(text)
    article = Article("", title, text, title, url or None, publisher or None, published)
    return Read(replace(article, id=f"text-{text_key(article).hex()[:16]}"), named=True)


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file with the name a person knows it by; a folder without any stands for itself."""
    inside = files_of(path) if path.is_dir() else []
    if not inside:
        yield path, path.name
    for file in inside:
        yield file, file.relative_to(path.parent).as_posix()


def _check(files: Sequence[tuple[Path, str]]) -> None:
    if len(files) > MAX_FILES:
        raise _usage(_TOO_MANY, len(files), MAX_FILES, _IN_PARTS)
    size = sum(file.stat().st_size for file, _ in files if file.is_file())
    if size > MAX_BYTES:
        raise _usage(_TOO_LARGE, -(-size // 1_000_000), MAX_BYTES // 1_000_000, _IN_PARTS)


def _too_long(text: str) -> UsageError | None:
    return _usage(_TOO_LONG, len(text), MAX_CHARACTERS, _SHORTEN) if len(text) > MAX_CHARACTERS else None


def _usage(reason: _Words, count: int, limit: int, remedy: _Words) -> UsageError:
    sentences = in_each_language(reason, count=count, limit=limit)
    return UsageError(reason=sentences, remedy=remedy)


def _without_path(read: Read, file: Path, name: str) -> Read:
    """Name the file as a source by the name that a person knows it by."""
    if read.article.source != str(file):
        return read
    return replace(read, article=replace(read.article, source=name))


def _without_folder(error: JawabError, file: Path) -> JawabError:
    """Name the file alone: the folder of an upload says nothing to a person, and is nobody's business."""

    def bare(detail: object) -> object:
        if isinstance(detail, dict):
            return {key: bare(value) for key, value in detail.items()}
        return str(detail).replace(f"{file.parent}/", "")

    return type(error)(**{name: bare(detail) for name, detail in error.details.items()})
