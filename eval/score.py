"""The score: what the assistant did with one case, and what that is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eval.cases import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One case, what was said to it and its measures.

    `measured` maps "section.name" (as "answer.f1") to a number on 0–1, and holds only what the case is
    measured on: an unanswerable question has no F1, one without known answers nothing but retrieval.
    `legs` are the retrieval measures of each leg, when asked for. `ranking` and `cited` are article ids.
    `refused` is the sentence with which the question was turned down, if it was.
    """

    case: Case
    measured: Mapping[str, float]
    ranking: tuple[str, ...] = ()
    text: str | None = None
    gold_passage_text: str | None = None
    cited: tuple[str, ...] = ()
    confidence: float | None = None
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    legs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    refused: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the case and its measures, the measures under the sections they belong to."""
        sections: dict[str, dict[str, float]] = {}
        for key, value in self.measured.items():
            section, _, name = key.partition(".")
            sections.setdefault(section, {})[name] = value
        case = self.case
        return {
            "id": case.id,
            "question": case.question,
            "history": list(case.history),
            "lang": case.lang,
            "kind": case.kind,
            "slices": list(case.slices),
            "answers": list(case.answers),
            "unanswerable": case.unanswerable,
            "gold": sorted(case.gold),
            "text": self.text,
            "confidence": self.confidence,
            "cited": list(self.cited),
            "ranking": list(self.ranking),
            "gold_passage_text": self.gold_passage_text,
            "refused": self.refused,
            **sections,
            "legs": {leg: dict(values) for leg, values in self.legs.items()},
            "milliseconds": dict(self.milliseconds),
        }
