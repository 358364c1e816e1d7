"""The trained reader behind the `Reader` protocol: ranks sentences, takes spans, says how sure it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.embedding import Vectors
from index.passage import Hit
from qa.candidates import Candidate, SentenceView, Views, candidates
from qa.edges import trimmed, whole_enumeration, whole_words
from qa.evidence import WIDTH, Evidence, evidence_of
from qa.matching import Weigh
from qa.question import Kind, Question
from qa.reader import ExtractiveReader, Reading
from qa.span_model import FOLDER, SpanModel

_READINGS = 5


@dataclass(frozen=True, slots=True)
class Calibration:
    """How candidates are ranked, and a logistic regression from evidence to the probability of being right.

    Fitted on articles kept out of training. `ranking` are the weights of `Candidate.ranked_by`; below
    `threshold` (0–1) an answer is withheld.
    """

    ranking: tuple[float, ...] = (1.0, 1.0, 1.0)
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
    """A network reads the question with every passage at once; the best span of a sentence is a reading.

    Sentences are ranked by the network together with `sentences`, whose view of them – the encoder's
    similarity, the words in common – also serves questions in a language unlike the articles'.
    """

    def __init__(
        self, model: SpanModel, calibration: Calibration, sentences: ExtractiveReader, weigh: Weigh
    ) -> None:
        """`weigh` knows how rare a word is in the collection that is read."""
        self._model, self._calibration = model, calibration
        self._sentences, self._weigh = sentences, weigh

    def read(
        self, question: Question, query: Vectors, hits: Sequence[Hit], known_share: float
    ) -> list[Reading]:
        """Return readings of the likeliest sentences, best first."""
        ranked = sorted(self.candidates(question, query, hits), key=self._calibration.score, reverse=True)
        if not ranked:
            return []
        evidence = evidence_of(question, ranked, hits, self._weigh)
        confidence = self._calibration.confidence(evidence)
        top = self._calibration.score(ranked[0])
        return [
            _reading(question.kind, one, confidence * float(np.exp(self._calibration.score(one) - top)))
            for one in ranked[:_READINGS]
        ]

    def candidates(self, question: Question, query: Vectors, hits: Sequence[Hit]) -> list[Candidate]:
        """Return the best span of each sentence, in no order."""
        seen = self._model.see(question.text, [hit.passage for hit in hits])
        return candidates(hits, seen, self._views(question, query, hits), question.kind)

    def _views(self, question: Question, query: Vectors, hits: Sequence[Hit]) -> Views:
        matcher = self._sentences.matcher(question)
        sentences = self._sentences.sentences(matcher, hits)
        if not sentences:
            return {}
        rows = self._sentences.see_sentences(question.kind, matcher, sentences, query)
        scores = self._sentences.weights.score_sentences(rows)
        shares = scores - scores.max() - np.log(np.exp(scores - scores.max()).sum())
        return {
            (sentence.hit.passage.article_id, sentence.start): SentenceView(
                float(share), float(row[0]), float(row[1])
            )
            for sentence, row, share in zip(sentences, rows, shares, strict=True)
        }


def _reading(kind: Kind, candidate: Candidate, confidence: float) -> Reading:
    passage, sentence = candidate.hit.passage, candidate.sentence
    text = passage.text
    span = trimmed(text, *whole_words(text, *candidate.span))
    if kind == "yesno":
        span = sentence
    elif kind == "list":
        first, last = whole_enumeration(text[: sentence[1]], *span)
        span = trimmed(text, max(first, sentence[0]), last)
    start = passage.start
    place = (sentence[0] + start, sentence[1] + start)
    return Reading(passage, span[0] + start, span[1] + start, place, confidence)
