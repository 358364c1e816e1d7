"""How far a confidence can be trusted: its calibration error, and the risk taken at every coverage."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.score import Score

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of like confidence: how many, their mean confidence, and the share of them that is right."""

    n: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Point:
    """What comes of answering the `answered` surest questions: the share answered, the share of it wrong."""

    answered: int
    coverage: float
    risk: float


def judged(scores: Sequence[Score]) -> list[tuple[float, bool]]:
    """Return the confidence of each likeliest answer, given or withheld, and whether it is right."""
    return [
        (score.confidence, score.best_right)
        for score in scores
        if score.confidence is not None and score.best_right is not None
    ]


def calibration(answers: Sequence[tuple[float, bool]], bins: int = BINS) -> list[Bin]:
    """Put answers into bins of equal count by confidence, least first; fewer answers than bins give none."""
    if len(answers) < bins:
        return []
    ordered = np.array(sorted(answers), dtype=np.float64)
    return [Bin(len(part), *map(float, part.mean(axis=0))) for part in np.array_split(ordered, bins)]


def expected_error(bins: Sequence[Bin]) -> float | None:
    """Return how far confidence is from being right in the mean over answers (0–1), None without bins.

    The expected calibration error of Guo et al. 2017, https://arxiv.org/abs/1706.04599, over bins of equal
    count instead of equal width: few answers are very sure. Chance adds to it:
    a perfect confidence on n answers shows up to 0.4 × √(bins / n).
    """
    total = sum(one.n for one in bins)
    return math.fsum(one.n * abs(one.confidence - one.right) for one in bins) / total if total else None


def risk_coverage(answers: Sequence[tuple[float, bool]], asked: int) -> list[Point]:
    """Return the risk at every coverage that some threshold gives, the least coverage first.

    `asked` counts the questions, those with nothing to answer among them. El-Yaniv and Wiener 2010,
    https://jmlr.org/papers/v11/el-yaniv10a.html.
    """
    ordered = sorted(answers, key=lambda answer: -answer[0])
    points, wrong = [], 0
    for answered, (confidence, right) in enumerate(ordered, start=1):
        wrong += not right
        if answered == len(ordered) or ordered[answered][0] != confidence:  # no threshold parts equals
            points.append(Point(answered, answered / asked, wrong / answered))
    return points
