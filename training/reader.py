"""Fit the extractive reader: its rankings of sentences and phrases, its confidence and threshold."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from qa.features import EVIDENCE_WIDTH, SENTENCE_WIDTH, SPAN_WIDTH, Array
from qa.reader import ExtractiveReader, Sentence
from qa.weights import Weights
from training.cases import Case
from training.examples import Example

HIDDEN = 48
SEED = 13
BATCH = 32
FALSE_ANSWERS = 0.2
"""Share of unanswerable training questions that may be answered: what the threshold is set by."""
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Lists:
    """Lists of candidates of which each has a share of being right: what a ranking is learned from."""

    features: list[Array] = field(default_factory=list)
    targets: list[Array] = field(default_factory=list)

    def add(self, features: Array, gain: Array) -> None:
        """Add one list, unless nothing in it is right."""
        if gain.sum() > 0:
            self.features.append(features)
            self.targets.append((gain / gain.sum()).astype(np.float32))


def fit(seen: Sequence[Case], reader: ExtractiveReader) -> Weights:
    """Return weights fitted on `seen`; `reader` is any reader over the same collection, for what it sees."""
    sentence = _fit_sentences(seen, reader)
    weights = replace(reader.weights, sentence=sentence)
    weights = _fit_phrases(seen, reader.with_weights(weights))
    return _fit_confidence(seen, reader.with_weights(weights))


def _fit_sentences(seen: Sequence[Case], reader: ExtractiveReader) -> Array:
    lists = Lists()
    for one in seen:
        if one.answerable:
            matcher = reader.matcher(one.question)
            sentences = reader.sentences(matcher, one.hits)
            gain = np.array([_holds(s, one.example) for s in sentences], np.float32)
            lists.add(reader.see_sentences(one.question.kind, matcher, sentences, one.query), gain)
    log.info("sentences: %d lists", len(lists.features))
    (layer,) = fit_ranking(lists, SENTENCE_WIDTH, hidden=0, epochs=12)
    return np.asarray(layer[0])


def _fit_phrases(seen: Sequence[Case], reader: ExtractiveReader) -> Weights:
    lists = Lists()
    for one in seen:
        if not one.answerable:
            continue
        features, gains = [], []
        best, _ = reader.best_sentences(one.question, reader.matcher(one.question), one.query, one.hits)
        for (sentence, _), score in best:
            candidates, values = reader.see_phrases(one.question.kind, sentence, score)
            text_gain = [
                _gain(sentence.words[p.first].start, sentence.words[p.last].end, sentence, one.example)
                for p in candidates
            ]
            features.append(values)
            gains.append(np.array(text_gain, np.float32))
        if features:
            gain = np.concatenate(gains)
            # The nearest phrase is the right one, if it is near enough to teach anything.
            lists.add(np.concatenate(features), (gain >= max(gain.max() - 0.02, 0.6)).astype(np.float32))
    log.info("phrases: %d lists", len(lists.features))
    hidden, bias, out = fit_ranking(lists, SPAN_WIDTH, hidden=HIDDEN, epochs=12)
    return replace(reader.weights, span_hidden=hidden.T, span_bias=bias, span_out=out[0])


def _fit_confidence(seen: Sequence[Case], reader: ExtractiveReader) -> Weights:
    import torch

    evidence, right, answerable = [], [], []
    for one in seen:
        if not one.hits:
            continue
        readings, facts = reader.read_with_evidence(one.question, one.query, one.hits, one.known_share)
        if not readings:
            continue
        best = readings[0]
        held = one.answerable and best.passage.article_id == one.example.article.id
        spans = one.example.answers
        right.append(float(held and any(best.sentence[0] < e and s < best.sentence[1] for s, e in spans)))
        answerable.append(one.answerable)
        evidence.append(facts)
    x, y = np.stack(evidence), np.array(right, np.float32)
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-6
    torch.manual_seed(SEED)
    model = torch.nn.Linear(EVIDENCE_WIDTH, 1)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=200)
    inputs, targets = torch.from_numpy((x - mean) / scale).float(), torch.from_numpy(y)

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        value = torch.nn.functional.binary_cross_entropy_with_logits(model(inputs)[:, 0], targets)
        value = value + 1e-3 * model.weight.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    confidence = torch.sigmoid(model(inputs)[:, 0]).detach().numpy()
    known = np.array(answerable)
    threshold = float(np.quantile(confidence[~known], 1 - FALSE_ANSWERS))
    log.info(
        "confidence: %d questions, %.3f right; at %.3f: answered %.3f, false answers %.3f; weights %s",
        len(y),
        y[known].mean(),
        threshold,
        (confidence[known] >= threshold).mean(),
        (confidence[~known] >= threshold).mean(),
        model.weight.detach().numpy().round(2),
    )
    return replace(
        reader.weights,
        evidence_mean=mean.astype(np.float32),
        evidence_scale=scale.astype(np.float32),
        evidence=model.weight.detach().numpy()[0],
        evidence_bias=float(model.bias.detach()),
        threshold=threshold,
    )


def _holds(sentence: Sentence, example: Example) -> bool:
    same = sentence.hit.passage.article_id == example.article.id
    return same and any(sentence.start < end and start < sentence.end for start, end in example.answers)


def _gain(start: int, end: int, sentence: Sentence, example: Example) -> float:
    """Return the best F1 (0–1) of the characters `start:end` against the answers' characters."""
    if sentence.hit.passage.article_id != example.article.id:
        return 0.0
    best = 0.0
    for gold_start, gold_end in example.answers:
        shared = min(end, gold_end) - max(start, gold_start)
        if shared > 0:
            best = max(best, 2 * shared / (end - start + gold_end - gold_start))
    return best


def fit_ranking(lists: Lists, width: int, *, hidden: int, epochs: int) -> list[NDArray[np.float32]]:
    """Fit a listwise softmax ranking (linear when `hidden` is 0) with AdamW and return its arrays."""
    import torch

    torch.manual_seed(SEED)
    linear, network = torch.nn.Linear, torch.nn.Sequential
    layers = (
        network(linear(width, hidden), torch.nn.ReLU(), linear(hidden, 1, bias=False))
        if hidden
        else network(linear(width, 1, bias=False))
    )
    order = np.arange(len(lists.features))
    batches = len(order) // BATCH + 1
    optimizer = torch.optim.AdamW(layers.parameters(), weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-2, total_steps=epochs * batches)
    rng = np.random.default_rng(SEED)
    for epoch in range(epochs):
        rng.shuffle(order)
        total = 0.0
        for batch in np.array_split(order, batches):
            scores = layers(torch.from_numpy(np.concatenate([lists.features[i] for i in batch])))[:, 0]
            loss, at = torch.zeros(()), 0
            for i in batch:
                size = len(lists.targets[i])
                target = torch.from_numpy(lists.targets[i])
                loss = loss - (target * scores[at : at + size].log_softmax(0)).sum()
                at += size
            optimizer.zero_grad()
            (loss / len(batch)).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        log.info("epoch %d: loss %.4f", epoch + 1, total / len(order))
    return [parameter.detach().numpy().copy() for parameter in layers.parameters()]
