"""Fitting the reader's ranking, confidence and threshold on articles that it was not trained on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qa.candidates import Candidate
from qa.edges import trimmed, whole_words
from qa.evidence import Evidence, evidence_of
from qa.span_model import SpanModel
from qa.trained_reader import READINGS, Calibration, TrainedReader
from training.cases import Case

FALSE_ANSWERS = 0.25
"""Share of unanswerable questions that may be answered: what the threshold is set by.

Half of their weight is on questions whose subject is there and whose answer is not: those mislead."""
ANSWERABLE = 0.7
"""Share of the questions people ask that the articles answer, supposed where confidence becomes a
probability: in the cases it is fitted on every question stands once more as if its article were not there."""
RIGHT = 0.5
"""F1 of characters from which an answer counts as right."""
_RIDGE = 1.0
log = logging.getLogger(__name__)

Found = Sequence[tuple[Case, list[Candidate]]]
"""Cases with their candidates."""


def calibrate(model: SpanModel, cases: Sequence[Case]) -> Calibration:
    """Return the calibration fitted on `cases`: both rankings first, then confidence and threshold."""
    reader = TrainedReader(model, Calibration(), lambda word: 1.0)
    found = [(case, reader.candidates(case.question, case.hits)) for case in cases]
    found = [(case, candidates) for case, candidates in found if candidates]
    first = Calibration(ranking=fit_ranking(found))
    found = [(case, first.ranked(candidates)) for case, candidates in found]
    closer = [
        (case, [*reader.by_themselves(case.question, case.hits, some[:READINGS]), *some[READINGS:]])
        for case, some in found
    ]
    return fit(closer, first)


def fit(found: Found, first: Calibration) -> Calibration:
    """Fit what follows the first ranking, the READINGS best candidates having been read by themselves."""
    near = [(case, candidates[:READINGS]) for case, candidates in found]
    calibration = replace(first, reranking=fit_ranking(near))
    evidence, right = [], []
    for case, candidates in found:
        ranked = [*calibration.ranked(candidates[:READINGS]), *candidates[READINGS:]]
        evidence.append(evidence_of(case.question, ranked, case.hits, case.weigh))
        right.append(case.answerable and overlap(ranked[0], case) >= RIGHT)
    x, y = np.array(evidence), np.array(right, float)
    known = np.array([case.answerable for case, _ in found])
    near_miss = np.array([not case.example.answers for case, _ in found])
    removed = ~known & ~near_miss
    slope, bias = _confidence(x, y, (known, removed, near_miss))
    calibration = replace(calibration, weights=tuple(slope.tolist()), bias=bias)
    confidence = np.array([calibration.confidence(row) for row in x])
    threshold = _threshold(confidence[removed], confidence[near_miss])
    answered = known & (confidence >= threshold)
    log.info("rankings %s, %s", calibration.ranking, calibration.reranking)
    log.info("weights of standard evidence %s", (slope * x.std(0)).round(2))
    log.info(
        "%d cases; answerable: right %.3f, answered %.3f, right when answered %.3f; threshold %.3f: answered "
        "with the article removed %.3f, where only the answer is missing %.3f",
        len(y),
        y[known].mean(),
        answered.sum() / known.sum(),
        y[answered].mean(),
        threshold,
        (confidence[removed] >= threshold).mean(),
        (confidence[near_miss] >= threshold).mean(),
    )
    return replace(calibration, threshold=threshold)


def _confidence(
    x: Evidence, y: NDArray[np.float64], groups: tuple[NDArray[np.bool_], ...]
) -> tuple[NDArray[np.float64], float]:
    """Return the weights and the bias that make evidence (n, WIDTH) the probability of being right.

    `groups` are the cases that have an answer, those without their article, and the near misses. First the
    evidence is weighed to tell right from wrong, near misses counting as much as missing articles; then the
    sum is made a probability (Platt 1999) for questions as people ask them.
    """
    known, removed, near_miss = groups
    shares = [group.sum() / len(y) for group in groups]
    unknown = (1 - ANSWERABLE) / 2
    apart = known + removed + near_miss * (shares[1] / max(shares[2], 1e-6))
    asked = known * (ANSWERABLE / shares[0]) + removed * (unknown / shares[1])
    asked = asked + near_miss * (unknown / max(shares[2], 1e-6))
    mean, scale = x.mean(0), x.std(0) + 1e-6
    standard = (x - mean) / scale
    slope, bias = logistic(standard, y, apart)
    total = standard @ slope + bias
    (factor,), offset = logistic(total[:, None], y, asked)
    slope = slope * factor / scale
    return slope, float(bias * factor + offset - mean @ slope)


def _threshold(*groups: NDArray[np.float64]) -> float:
    """Return the confidence above which FALSE_ANSWERS of the groups lie, each group weighing the same."""
    values = np.concatenate(groups)
    weights = np.concatenate([np.full(len(group), 1 / len(group)) for group in groups if len(group)])
    order = np.argsort(-values)
    above = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(above, FALSE_ANSWERS)])


def fit_ranking(found: Found) -> tuple[float, ...]:
    """Fit the weights of `Candidate.ranked_by` by a listwise softmax over the sentences of a question."""
    import torch

    lists = []
    for case, spans in found:
        gain = np.array([overlap(span, case) for span in spans])
        if case.answerable and gain.max() >= RIGHT:
            features = torch.tensor(np.array([span.ranked_by for span in spans]))
            lists.append((features, torch.tensor(gain >= RIGHT)))
    weights = torch.full((lists[0][0].shape[1],), 0.5, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=60)

    def loss() -> float:
        optimizer.zero_grad()
        total = 0.02 * len(lists) / 100 * (weights**2).sum()
        for features, good in lists:
            scores = features @ weights
            total = total + scores.logsumexp(0) - scores[good].logsumexp(0)
        total.backward()  # type: ignore[no-untyped-call]
        return float(total.detach())

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return tuple(float(weight) for weight in weights.detach())


def overlap(candidate: Candidate, case: Case) -> float:
    """Return the best F1 (0–1) of the candidate's characters against those of an answer."""
    passage = candidate.hit.passage
    if passage.article_id != case.example.article.id:
        return 0.0
    span = trimmed(passage.text, *whole_words(passage.text, *candidate.span))
    start, end = span[0] + passage.start, span[1] + passage.start
    best = 0.0
    for gold_start, gold_end in case.example.answers:
        shared = min(end, gold_end) - max(start, gold_start)
        if shared > 0:
            best = max(best, 2 * shared / (end - start + gold_end - gold_start))
    return best


def logistic(
    x: Evidence, y: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Fit a logistic regression with a small ridge by Newton's method; return weights and bias.

    `x` has shape (n, features), `y` (n,), and `weights` (n,): how much each of them counts.
    """
    design = np.hstack([x, np.ones((len(x), 1))])
    beta = np.zeros(design.shape[1])
    ridge = np.diag([_RIDGE] * x.shape[1] + [0.0])
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        gradient = design.T @ (weights * (y - p)) - ridge @ beta
        hessian = (design * (weights * p * (1 - p))[:, None]).T @ design + ridge + 1e-9 * np.eye(len(beta))
        beta = beta + np.linalg.solve(hessian, gradient)
    return beta[:-1], float(beta[-1])
