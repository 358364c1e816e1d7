"""The score: what the assistant did with one case, and what that is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from eval.cases import Case

Removal = Literal["article", "paragraph"]
"""What is taken out of the collection, to see whether the assistant then stays silent."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What was said to a case when what holds its answer was taken out: `text` is None for silence.

    `said_anyway` tells that a gold answer was given all the same: it stands elsewhere in the collection too.
    """

    text: str | None
    confidence: float
    said_anyway: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One case, what was said to it and its measures.

    `measured` maps "section.name" (as "answer.f1") to a number on 0–1, and holds only what the case is
    measured on: an unanswerable question has no F1, one without known answers nothing but retrieval.
    `legs` are the retrieval measures of each leg, when asked for. `ranking`, `reranking` (by what was read)
    and `cited` are article ids. `best` is what was thought likeliest, given or withheld, and `best_right`
    whether it is right; None when nothing was read. `removed` holds what was said without what was taken
    out. `refused` is the sentence with which the question was turned down, if it was.
    """

    case: Case
    measured: Mapping[str, float]
    ranking: tuple[str, ...] = ()
    reranking: tuple[str, ...] = ()
    text: str | None = None
    best: str | None = None
    best_right: bool | None = None
    gold_passage_text: str | None = None
    cited: tuple[str, ...] = ()
    confidence: float | None = None
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    legs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    removed: Mapping[Removal, Removed] = field(default_factory=dict)
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
            "best": self.best,
            "best_right": self.best_right,
            "cited": list(self.cited),
            "ranking": list(self.ranking),
            "reranking": list(self.reranking),
            "gold_passage_text": self.gold_passage_text,
            "refused": self.refused,
            **sections,
            "legs": {leg: dict(values) for leg, values in self.legs.items()},
            "removed": {kind: asdict(removed) for kind, removed in self.removed.items()},
            "milliseconds": dict(self.milliseconds),
        }
