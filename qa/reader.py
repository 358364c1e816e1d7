"""The reader: which words of the passages found answer the question, and how likely they are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.passage import Hit, Passage
from qa.edges import enumerated
from qa.question import Question


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer found: `article.text[start:end]`, inside the sentence `sentence` (offsets of the article).

    `confidence` (0–1) is the probability that it is right, and that the articles hold the answer at all.
    """

    passage: Passage
    start: int
    end: int
    sentence: tuple[int, int]
    confidence: float
    is_list: bool = False

    @property
    def text(self) -> str:
        """The words of the answer."""
        return self.passage.article.text[self.start : self.end]

    @property
    def items(self) -> tuple[str, ...]:
        """The parts of an enumeration, or the answer as its only part."""
        return tuple(enumerated(self.text)) if self.is_list else (self.text,)


class Reader(Protocol):
    """Reads the passages found for a question."""

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Reading]:
        """Return readings, best first."""
