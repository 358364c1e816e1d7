"""The learned numbers of the extractive reader: its two rankings and its confidence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.features import EVIDENCE_WIDTH, SENTENCE_WIDTH, SPAN_WIDTH, Array


@dataclass(frozen=True, slots=True)
class Weights:
    """A linear ranking of sentences, a one-layer network for phrases, and a logistic confidence.

    Fitted by `python -m training` on the training sets only. Below the `threshold` of confidence (0–1) the
    answer is withheld.
    """

    sentence: Array
    span_hidden: Array
    span_bias: Array
    span_out: Array
    evidence_mean: Array
    evidence_scale: Array
    evidence: Array
    evidence_bias: float
    threshold: float

    @classmethod
    def load(cls) -> Weights:
        """Read the weights that ship with the product."""
        return cls.from_json(json.loads((files("qa") / "reader.json").read_text("utf-8")))

    @classmethod
    def blank(cls, hidden: int = 1) -> Weights:
        """Return weights that prefer nothing, from which fitting starts."""
        return cls(
            sentence=np.zeros(SENTENCE_WIDTH, np.float32),
            span_hidden=np.zeros((SPAN_WIDTH, hidden), np.float32),
            span_bias=np.zeros(hidden, np.float32),
            span_out=np.zeros(hidden, np.float32),
            evidence_mean=np.zeros(EVIDENCE_WIDTH, np.float32),
            evidence_scale=np.ones(EVIDENCE_WIDTH, np.float32),
            evidence=np.zeros(EVIDENCE_WIDTH, np.float32),
            evidence_bias=0.0,
            threshold=0.5,
        )

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Weights:
        """Make weights of what `to_json` wrote."""
        arrays: dict[str, Any] = {
            name: np.array(value, np.float32) if isinstance(value, list) else value
            for name, value in record.items()
        }
        return cls(**arrays)

    def to_json(self) -> dict[str, Any]:
        """Return plain lists and numbers, rounded to what float32 can tell apart when summed."""
        return {
            name: [_round(row) for row in value] if isinstance(value, np.ndarray) else value
            for name in self.__slots__
            for value in (getattr(self, name),)
        }

    def score_sentences(self, features: Array) -> Array:
        """Return one score per row of features, higher is better."""
        return np.asarray(features @ self.sentence, np.float32)

    def score_spans(self, features: Array) -> Array:
        """Return one score per row of features, higher is better."""
        hidden = np.maximum(features @ self.span_hidden + self.span_bias, 0)
        return np.asarray(hidden @ self.span_out, np.float32)

    def confidence(self, evidence: NDArray[np.float32]) -> float:
        """Return the probability (0–1) that the answer is right, given the evidence for it."""
        standard = (evidence - self.evidence_mean) / self.evidence_scale
        return float(1 / (1 + np.exp(-(standard @ self.evidence + self.evidence_bias))))


def _round(row: Any) -> Any:
    return [round(float(v), 5) for v in row] if np.ndim(row) else round(float(row), 5)
