"""The passage: a slice of an article, and a hit: a passage with a score."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from corpus.article import Article


@dataclass(frozen=True, slots=True)
class Passage:
    """The slice `article.text[start:end]`; offsets are Unicode code points."""

    article: Article
    start: int
    end: int

    @property
    def article_id(self) -> str:
        """The id of the article it is cut from."""
        return self.article.id

    @property
    def text(self) -> str:
        """The words of the passage, verbatim."""
        return self.article.text[self.start : self.end]

    @property
    def id(self) -> str:
        """A stable id: the same article text and offsets give the same id on every machine."""
        key = f"{self.article.id}\0{self.start}\0{self.end}\0{self.text}"
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:24]

    @property
    def embedding_text(self) -> str:
        """What the encoder and the lexical index read: the title gives a passage its subject."""
        return f"{self.article.title}\n{self.text}" if self.article.title else self.text


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question; a higher `score` is better."""

    passage: Passage
    score: float
