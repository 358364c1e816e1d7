"""The trained reader behind the `Reader` protocol: ranks sentences, takes spans, says how sure it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.passage import Hit
from qa.candidates import Candidate, candidates
from qa.edges import trimmed, whole_enumeration, whole_words, with_hedge
from qa.evidence import WIDTH, Evidence, evidence_of
from qa.matching import Weigh
from qa.question import Kind, Question
from qa.reader import Reading
from qa.span_model import FOLDER, SpanModel

_READINGS = 5


@dataclass(frozen=True, slots=True)
class Calibration:
    """How candidates are ranked, and a logistic regression from evidence to the probability of being right.

    Fitted on articles kept out of training. `ranking` are the weights of `Candidate.ranked_by`; below
    `threshold` (0–1) an answer is withheld.
    """

    ranking: tuple[float, ...] = (1.0, 1.0, 0.0)
    weights: tuple[float, ...] = (0.0,) * WIDTH
    bias: float = 0.0
    threshold: float = 0.5

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Calibration:
        """Read what was stored beside the weights."""
        record = json.loads((folder / "reader.json").read_text("utf-8"))["calibration"]
        return cls(tuple(record["ranking"]), tuple(record["weights"]), record["bias"], record["threshold"])

    def score(self, candidate: Candidate) -> float:
        """Return what the candidate is ranked by, higher is better."""
        return float(candidate.ranked_by @ np.array(self.ranking))

    def confidence(self, evidence: Evidence) -> float:
        """Return the probability (0–1) that the answer is right."""
        return float(1 / (1 + np.exp(-(evidence @ np.array(self.weights) + self.bias))))


class TrainedReader:
    """A network reads the question with every passage at once; the best span of a sentence is a reading."""

    def __init__(self, model: SpanModel, calibration: Calibration, weigh: Weigh) -> None:
        """`weigh` knows how rare a word is in the collection that is read."""
        self._model, self._calibration, self._weigh = model, calibration, weigh

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Reading]:
        """Return readings of the likeliest sentences, best first."""
        ranked = sorted(self.candidates(question, hits), key=self._calibration.score, reverse=True)
        if not ranked:
            return []
        evidence = evidence_of(question, ranked, hits, self._weigh)
        confidence = self._calibration.confidence(evidence)
        top = self._calibration.score(ranked[0])
        return [
            _reading(question.kind, one, confidence * float(np.exp(self._calibration.score(one) - top)))
            for one in ranked[:_READINGS]
        ]

    def candidates(self, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
        """Return the best span of each sentence, in no order."""
        seen = self._model.see(question.text, [hit.passage for hit in hits])
        return candidates(hits, seen, question.kind)


def _reading(kind: Kind, candidate: Candidate, confidence: float) -> Reading:
    passage, sentence = candidate.hit.passage, candidate.sentence
    text = passage.text
    span = trimmed(text, *whole_words(text, *candidate.span))
    if kind == "yesno":
        span = sentence
    elif kind == "number":
        span = with_hedge(text, *span)
    elif kind == "list":
        first, last = whole_enumeration(text[: sentence[1]], *span)
        span = trimmed(text, max(first, sentence[0]), last)
    start = passage.start
    place = (sentence[0] + start, sentence[1] + start)
    return Reading(passage, span[0] + start, span[1] + start, place, confidence, kind == "list")
