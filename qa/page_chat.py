"""What the chat page asks for and is given: requests out of JSON, answers into JSON, views on answers kept.

A chat lives in its browser: each request carries the earlier questions, and the server keeps nothing of it
but its latest answers, for a while, so that a person can judge them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from corpus.errors import JawabError
from qa.feedback import record_feedback
from qa.page_texts import say
from qa.records import Answer
from qa.references import turn_markdown
from qa.rendering import outcome_html
from qa.scope import Scope, parse_day

_EARLIER = 12
"""Earlier questions that are handed on; a follow-up looks back no further."""
_LONGEST = 2_000
"""Characters kept of an earlier question."""
_ANSWERS_KEPT = 500


class Asked(Protocol):
    """What answers: an `Assistant`."""

    def ask(
        self, question: str, *, history: Sequence[Answer | str] = (), within: Scope | None = None
    ) -> Answer:
        """Answer a question."""


class Examples(Protocol):
    """What proposes questions: `Suggestions`."""

    def examples(self, language: str = "ar") -> tuple[str, ...]:
        """Return questions to begin with."""

    def after(self, answer: Answer) -> tuple[str, ...]:
        """Return questions to ask after an answer."""


@dataclass(frozen=True, slots=True)
class Request:
    """A question as the page sends it: `id` names its turn in the chat."""

    id: str
    question: str
    history: tuple[str, ...] = ()
    within: Scope | None = None

    @classmethod
    def of(cls, value: object) -> Request:
        """Read a request from JSON, whatever was sent; raises UsageError on what is not a day."""
        fields = value if isinstance(value, Mapping) else {}
        history = [text[:_LONGEST] for text in _texts(fields.get("history"))]
        return cls(
            id=str(fields.get("id", ""))[:64],
            question=str(fields.get("question", "")),
            history=tuple(history[-_EARLIER:]),
            within=scope_of(fields.get("publishers"), fields.get("since"), fields.get("until")),
        )


def scope_of(publishers: object, since: object, until: object) -> Scope | None:
    """Return the scope of a question, None for every article; raises UsageError on what is not a day."""
    return (
        Scope(frozenset(_texts(publishers)), *(parse_day(str(day or "")) for day in (since, until))) or None
    )


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []


class ChatDesk:
    """Answers the requests of the chat page, each in the language it asks for, for any number of chats."""

    def __init__(self, assistant: Asked, suggestions: Examples, feedback: Path) -> None:
        """Answer with `assistant`, and keep what people think of its answers in the folder `feedback`."""
        self._assistant = assistant
        self._suggestions = suggestions
        self._feedback = feedback
        self._answers: OrderedDict[str, tuple[Answer, tuple[str, ...]]] = OrderedDict()
        self._lock = threading.Lock()

    def reply(self, value: object, language: str) -> Iterator[dict[str, Any]]:
        """Yield the states of a turn: it is searched for, then answered or refused with a sentence."""
        fields = value if isinstance(value, Mapping) else {}
        turn: dict[str, Any] = {"id": fields.get("id", "")}
        yield {**turn, "state": "searching", "html": ""}
        outcome: Answer | JawabError
        within = None
        try:
            request = Request.of(value)
            within = request.within
            outcome = self._assistant.ask(request.question, history=request.history, within=request.within)
        except JawabError as error:
            outcome = error
        turn |= {
            "state": "done",
            "language": language,
            "html": outcome_html(outcome, language),
            "markdown": turn_markdown(str(fields.get("question", "")), outcome, language, within),
        }
        if isinstance(outcome, Answer):
            self._keep(request, outcome)
        yield turn

    def answer(
        self, question: str, history: object, publishers: object, since: object, until: object
    ) -> Answer:
        """Answer a question of a program, within the limits of the page; raises JawabError."""
        fields = {"history": history, "publishers": publishers, "since": since, "until": until}
        request = Request.of({"question": question, **fields})
        return self._assistant.ask(request.question, history=request.history, within=request.within)

    def following(self, turn: str) -> list[str]:
        """Return questions to ask after the answer of a turn: none when it is not held any more."""
        kept = self._kept(turn)
        return list(self._suggestions.after(kept[0])) if kept else []

    def judge(self, turn: str, good: bool, reason: str, language: str) -> tuple[bool, str]:
        """Keep what a person thinks of the answer of a turn; return whether it is kept, and what to show."""
        kept = self._kept(turn)
        if kept is None:
            return False, say("forgotten", language)
        try:
            record_feedback(kept[0], good, reason, self._feedback, history=kept[1])
        except JawabError as error:
            return False, error.sentence(language)
        return True, say("thanks", language)

    def _kept(self, turn: str) -> tuple[Answer, tuple[str, ...]] | None:
        with self._lock:
            return self._answers.get(turn)

    def _keep(self, request: Request, answer: Answer) -> None:
        with self._lock:
            self._answers[request.id] = (answer, request.history)
            while len(self._answers) > _ANSWERS_KEPT:
                self._answers.popitem(last=False)
