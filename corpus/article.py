"""The article: clean text with where and when it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is indexed and quoted.

    `text` is the cleaned text: cleaning only deletes, so every sentence in it stands in the source.
    `source` is the file or URL it was read from; `published` is the day of publication, when known
    (a day mentioned *inside* the text is not a day of publication).
    """

    id: str
    title: str
    text: str
    source: str
    url: str | None = None
    publisher: str | None = None
    published: date | None = None
