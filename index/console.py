"""What every command does alike: mistakes in a sentence and exit code 2, progress on the error stream."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Literal, TypeVar

from corpus.errors import JawabError, UsageError, in_each_language

Options = TypeVar("Options")
Language = Literal["ar", "fr", "en"]
_STAGES = {
    "ar": {
        "prepare": "تهيئة النموذج",
        "split": "تقسيم المقالات",
        "encode": "ترميز المقاطع",
        "index": "فهرسة المقاطع",
    },
    "fr": {
        "prepare": "Préparation du modèle",
        "split": "Découpage",
        "encode": "Encodage",
        "index": "Indexation",
    },
    "en": {
        "prepare": "Preparing the model",
        "split": "Splitting articles",
        "encode": "Encoding passages",
        "index": "Indexing passages",
    },
}
_CANNOT_WRITE = {
    "ar": "تتعذر كتابة \u200e{path} ({why})",
    "fr": "Impossible d'écrire {path} ({why})",
    "en": "{path} cannot be written ({why})",
}
_ELSEWHERE = {
    "ar": "اختر ملفا آخر بالخيار ‎{option}",
    "fr": "Choisissez un autre fichier avec {option}",
    "en": "Choose another file with {option}",
}


def language() -> Language:
    """Return the language of the machine: Arabic, French, or else English."""
    locale = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return "ar" if locale.startswith("ar") else "fr" if locale.startswith("fr") else "en"


def guarded(command: Callable[[Options], int], options: Options) -> int:
    """Run a command and return its exit code: 2, and a sentence, for a mistake that a person can mend."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Arabic stops no command
    try:
        return command(options)
    except JawabError as error:
        sys.stderr.write(f"{error.sentence(language())}\n")
        return 2
    except KeyboardInterrupt:
        return 130


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that shows how far each stage of a build is, in a bar on the error stream."""
    from tqdm import tqdm

    bars: dict[str, tqdm[Any]] = {}

    def show(stage: str, done: int, total: int) -> None:
        if stage not in bars:
            for finished in bars.values():
                finished.close()
            name = _STAGES[language()].get(stage, stage)
            bars[stage] = tqdm(desc=name, total=total, file=sys.stderr, leave=False, disable=None)
        bars[stage].update(done - bars[stage].n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()


def positive(text: str) -> int:
    """Read the number of an option that counts something; raises ValueError below 1."""
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count


def write_report(path: Path, text: str, *, mode: str, option: str = "--json") -> None:
    """Write the file that an option names, opened in `mode`; raise UsageError when it cannot be written."""
    try:
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        why = error.strerror or str(error)
        reason = in_each_language(_CANNOT_WRITE, path=path, why=why)
        remedy = in_each_language(_ELSEWHERE, option=option)
        raise UsageError(reason=reason, remedy=remedy) from None
