"""The answer: the words that answer, the sentence a person reads, and the citations that prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.article import Article
from index.passage import Hit


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote: `article.text[start:end]`, in Unicode code points, numbered from 1 in order of use."""

    number: int
    article: Article
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The cited words, verbatim; never stored, so it cannot drift from the article."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says to one question.

    `text` is plain and short, in the article's words, or None when it abstains; `spans` are its parts.
    `message` is the sentence a person reads, in the question's `language` ("ar", "fr" or "en"), with
    citation numbers. `confidence` (0–1) is the probability that the answer is right. `closest` are
    passages shown but not claimed. `milliseconds` has "encode", "retrieve", "read" and "total", and "phrase"
    where a language model was asked to word it.
    """

    question: str
    text: str | None
    spans: tuple[str, ...]
    citations: tuple[Citation, ...]
    confidence: float
    language: str
    message: str
    closest: tuple[Hit, ...] = ()
    milliseconds: Mapping[str, float] = field(default_factory=dict, compare=False)

    @property
    def abstained(self) -> bool:
        """Whether the articles do not hold the answer."""
        return self.text is None
