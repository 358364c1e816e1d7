"""Suggested questions: made of what an article says, and kept when the assistant answers them from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.records import Answer

if TYPE_CHECKING:
    from qa.assistant import Assistant

SUGGESTED = 3
EXAMPLES = 4


class Suggestions:
    """Makes questions, one thread at a time, and remembers them for each article and revision."""

    def __init__(self, assistant: Assistant) -> None:
        """Suggest what `assistant` can answer."""

    def after(self, answer: Answer) -> tuple[str, ...]:
        """Return at most SUGGESTED questions that the article cited (or the closest one) answers.

        In the language of the answer; none when nothing honest can be asked. Takes a second or two the first
        time: call it when the answer is already shown.
        """
        raise NotImplementedError

    def examples(self, language: str = "ar") -> tuple[str, ...]:
        """Return at most EXAMPLES questions on different articles of the whole collection.

        Takes some seconds the first time after each change of the collection.
        """
        raise NotImplementedError
