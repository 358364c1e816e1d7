"""The best span of every sentence that the network has read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.sentences import sentence_spans
from index.passage import Hit, Passage
from qa.edges import Span
from qa.question import Kind
from qa.span_model import Seen

LONGEST = 30
"""Tokens of the longest answer."""
HOLDING = 0.2
"""How much of a span's worth is that it holds the answer, against its F1 with it, where answers are long."""
_SHORT: frozenset[Kind] = frozenset({"date", "number", "place", "person"})
_LIKELY = 40
_LEAST_LOG_PROBABILITY = -24.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """The best span of a sentence, both in offsets of `passage.text`.

    Its log probability is among the spans of all passages; `answers` is the logit that the passage answers,
    `alone` that its sentence does, where that was read by itself.
    """

    hit: Hit
    sentence: Span
    span: Span
    log_probability: float
    answers: float
    alone: float | None = None

    @property
    def ranked_by(self) -> NDArray[np.float64]:
        """What candidates are ranked by: the network's two views, the retriever's score, and `alone`.

        Shape (3,), or (4,) where the sentence was read by itself.
        """
        views = [max(self.log_probability, _LEAST_LOG_PROBABILITY), self.answers, self.hit.score]
        return np.array(views if self.alone is None else [*views, self.alone], np.float64)

    @property
    def by_itself(self) -> Passage:
        """The sentence as a passage."""
        passage = self.hit.passage
        return Passage(passage.article, passage.start + self.sentence[0], passage.start + self.sentence[1])


def candidates(hits: Sequence[Hit], seen: Sequence[Seen], kind: Kind) -> list[Candidate]:
    """Return the best span of each sentence for a question of that kind, each sentence once."""
    read = [(hit, one) for hit, one in zip(hits, seen, strict=True) if one.pair.offsets]
    if not read:
        return []
    mass = _log_sum([one.start for _, one in read]) + _log_sum([one.end for _, one in read])
    holding = 0.0 if kind in _SHORT else HOLDING
    found: dict[tuple[str, int], Candidate] = {}
    for hit, one in read:
        passage = hit.passage
        offsets = np.array(one.pair.offsets)
        for sentence in sentence_spans(passage.text):
            inside = np.flatnonzero((offsets[:, 0] < sentence[1]) & (offsets[:, 1] > sentence[0]))
            key = passage.article_id, passage.start + sentence[0]
            if not len(inside) or key in found:
                continue
            first, last, score = _best_span(one.start[inside], one.end[inside], holding)
            # A token may reach over the border of two sentences that no space divides.
            start, end = int(offsets[inside[first], 0]), int(offsets[inside[last], 1])
            span = max(start, sentence[0]), min(end, sentence[1])
            found[key] = Candidate(hit, sentence, span, score - mass, one.answers)
    return list(found.values())


def _best_span(
    start: NDArray[np.float32], end: NDArray[np.float32], holding: float
) -> tuple[int, int, float]:
    """Return the first and last token of the best span, and the score of the likeliest one.

    The best is the one that shares most tokens with whatever the answer may be: minimum Bayes risk for F1
    and containment (Kumar and Byrne 2004).
    """
    places = np.arange(len(start))
    scores = start[:, None] + end[None, :]
    length = places[None, :] - places[:, None] + 1
    scores = np.where((length > 0) & (length <= LONGEST), scores, -np.inf).ravel()
    likely = np.argsort(-scores, kind="stable")[:_LIKELY]
    likely = likely[np.isfinite(scores[likely])]
    first, last = np.divmod(likely, len(start))
    share = np.exp(scores[likely] - scores[likely[0]])
    length = last - first + 1
    shared = np.maximum(np.minimum(last[:, None], last) - np.maximum(first[:, None], first) + 1, 0)
    gain = (1 - holding) * 2 * shared / (length[:, None] + length) + holding * (shared == length)
    best = int(np.argmax(gain @ share))
    return int(first[best]), int(last[best]), float(scores[likely[0]])


def _log_sum(parts: Sequence[NDArray[np.float32]]) -> float:
    values = np.concatenate(parts)
    top = float(values.max())
    return top + float(np.log(np.exp(values - top).sum()))
