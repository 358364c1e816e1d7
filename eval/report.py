"""What the scores of a run say together: numbers for a program, a table for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from eval.confidence import calibration, expected_error, judged
from eval.metrics import auroc, mean, percentile, wilson
from eval.score import Removed, Score

SECTIONS = {
    "retrieval": ("recall@1", "recall@5", "mrr@10", "ndcg@10"),
    "reranked": ("recall@1", "recall@5", "mrr@10", "ndcg@10"),
    "answer": ("exact_match", "f1", "gold_passage_exact_match", "gold_passage_f1", "right"),
    "citations": ("right",),
    "abstention": ("answered", "false_answers"),
}
_NOT_SHARES = {"mrr@10", "ndcg@10", "f1", "gold_passage_f1"}
_STEPS = ("encode", "retrieve", "read", "total")


@dataclass(frozen=True, slots=True)
class Report:
    """The scores of one run, from which every number is derived.

    `collection` counts what the questions were asked of, such as {"articles": 28, "passages": 91}.
    """

    name: str
    scores: Sequence[Score]
    collection: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return every number on 0–1 (times in milliseconds), in total, by slice and by case."""
        total = numbers(self.scores)
        total["counts"] |= self.collection
        slices = {name: {"n": len(members), **numbers(members)} for name, members in self.slices().items()}
        return {**total, "slices": slices, "cases": [score.as_json() for score in self.scores]}

    def slices(self) -> dict[str, list[Score]]:
        """Return the scores of each slice: languages first, then kinds, then tags, each by name."""
        names = {name for score in self.scores for name in score.case.slices}
        order = {"lang": 0, "kind": 1}
        ranked = sorted(names, key=lambda name: (order.get(name.split(":")[0], 2), name))
        return {name: [score for score in self.scores if name in score.case.slices] for name in ranked}


def numbers(scores: Sequence[Score]) -> dict[str, Any]:
    """Derive the numbers of `scores`; a number that none of them is measured on is None.

    "intervals" are Wilson's 95 % intervals of the numbers that are shares.
    """
    result: dict[str, Any] = {}
    intervals: dict[str, dict[str, list[float]]] = {}
    for section, names in SECTIONS.items():
        values = {name: _values(scores, section, name) for name in names}
        result[section] = {name: mean(found) for name, found in values.items()}
        shares = {
            name: wilson(round(sum(found)), len(found))
            for name, found in values.items()
            if name not in _NOT_SHARES
        }
        intervals[section] = {name: list(interval) for name, interval in shares.items() if interval}
    result["abstention"]["auroc"] = auroc(
        [score.confidence for score in scores if score.case.answerable and score.confidence is not None],
        [score.confidence for score in scores if score.case.unanswerable and score.confidence is not None],
    )
    answers = judged(scores)
    bins = calibration(answers)
    result["calibration"] = {
        "n": len(answers),
        "expected_error": expected_error(bins),
        "bins": [asdict(one) for one in bins],
    }
    result["milliseconds"] = {step: _times(scores, step) for step in _STEPS}
    legs = dict.fromkeys(leg for score in scores for leg in score.legs)
    if legs:
        result["legs"] = {
            leg: {
                name: mean([score.legs[leg][name] for score in scores if leg in score.legs])
                for name in SECTIONS["retrieval"]
            }
            for leg in legs
        }
    kinds = dict.fromkeys(kind for score in scores for kind in score.removed)
    if kinds:
        result["removed"] = {
            kind: _silence([(score, score.removed[kind]) for score in scores if kind in score.removed])
            for kind in kinds
        }
    result["intervals"] = intervals
    result["counts"] = {
        "questions": len(scores),
        "answerable": sum(score.case.answerable for score in scores),
        "unanswerable": sum(score.case.unanswerable for score in scores),
        "retrieval_only": sum(not (score.case.answerable or score.case.unanswerable) for score in scores),
    }
    return result


def _silence(pairs: Sequence[tuple[Score, Removed]]) -> dict[str, Any]:
    """Hold each question against itself with its answer taken out of the collection.

    An answer then is false, also where the words of a gold answer were found elsewhere (`said_anyway`).
    """
    false = [removed.text is not None for _, removed in pairs]
    return {
        "n": len(pairs),
        "auroc": auroc(
            [score.confidence for score, _ in pairs if score.confidence is not None],
            [removed.confidence for _, removed in pairs],
        ),
        "false_answers": mean(false),
        "interval": list(wilson(sum(false), len(false)) or ()),
        "said_anyway": mean([removed.said_anyway for _, removed in pairs]),
    }


def _values(scores: Iterable[Score], section: str, name: str) -> list[float]:
    key = f"{section}.{name}"
    return [score.measured[key] for score in scores if key in score.measured]


def _times(scores: Iterable[Score], step: str) -> dict[str, float | None]:
    times = [score.milliseconds[step] for score in scores if step in score.milliseconds]
    return {"p50": percentile(times, 50), "p95": percentile(times, 95)}
