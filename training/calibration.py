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
from qa.trained_reader import Calibration, TrainedReader
from training.cases import Case

FALSE_ANSWERS = 0.22
"""Share of unanswerable questions that may be answered: what the threshold is set by.

Half of their weight is on questions whose subject is there and whose answer is not: those mislead."""
RIGHT = 0.5
"""F1 of characters from which an answer counts as right."""
_RIDGE = 1.0
log = logging.getLogger(__name__)


def calibrate(model: SpanModel, cases: Sequence[Case]) -> Calibration:
    """Return the calibration fitted on `cases`: the ranking first, then confidence and threshold."""
    reader = TrainedReader(model, Calibration(), lambda word: 1.0)
    found = [(case, reader.candidates(case.question, case.hits)) for case in cases]
    return fit([(case, spans) for case, spans in found if spans])


def fit(found: Sequence[tuple[Case, list[Candidate]]]) -> Calibration:
    """Fit on cases with their candidates."""
    calibration = Calibration(ranking=fit_ranking(found))
    evidence, right = [], []
    for case, spans in found:
        ranked = sorted(spans, key=calibration.score, reverse=True)
        evidence.append(evidence_of(case.question, ranked, case.hits, case.weigh))
        right.append(case.answerable and overlap(ranked[0], case) >= RIGHT)
    x, y = np.array(evidence), np.array(right, float)
    mean, scale = x.mean(0), x.std(0) + 1e-6
    slope, bias = logistic((x - mean) / scale, y)
    weights = tuple((slope / scale).tolist())
    calibration = replace(calibration, weights=weights, bias=float(bias - mean @ (slope / scale)))
    confidence = np.array([calibration.confidence(row) for row in x])
    known = np.array([case.answerable for case, _ in found])
    near_miss = np.array([not case.example.answers for case, _ in found])
    threshold = _threshold(confidence[~known & ~near_miss], confidence[near_miss])
    answered = known & (confidence >= threshold)
    log.info("ranking %s, weights of standard evidence %s", calibration.ranking, slope.round(2))
    log.info(
        "%d cases; answerable: right %.3f, answered %.3f, right when answered %.3f; threshold %.3f: answered "
        "with the article removed %.3f, where only the answer is missing %.3f",
        len(y),
        y[known].mean(),
        answered.sum() / known.sum(),
        y[answered].mean(),
        threshold,
        (confidence[~known & ~near_miss] >= threshold).mean(),
        (confidence[near_miss] >= threshold).mean(),
    )
    return replace(calibration, threshold=threshold)


def _threshold(*groups: NDArray[np.float64]) -> float:
    """Return the confidence above which FALSE_ANSWERS of the groups lie, each group weighing the same."""
    values = np.concatenate(groups)
    weights = np.concatenate([np.full(len(group), 1 / len(group)) for group in groups if len(group)])
    order = np.argsort(-values)
    above = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(above, FALSE_ANSWERS)])


def fit_ranking(found: Sequence[tuple[Case, list[Candidate]]]) -> tuple[float, ...]:
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


def logistic(x: Evidence, y: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Fit a logistic regression with a small ridge by Newton's method; return weights and bias."""
    design = np.hstack([x, np.ones((len(x), 1))])
    beta = np.zeros(design.shape[1])
    ridge = np.diag([_RIDGE] * x.shape[1] + [0.0])
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        gradient = design.T @ (y - p) - ridge @ beta
        hessian = (design * (p * (1 - p))[:, None]).T @ design + ridge + 1e-9 * np.eye(len(beta))
        beta = beta + np.linalg.solve(hessian, gradient)
    return beta[:-1], float(beta[-1])
