"""A reader's network for tests: the first word with a digit answers, where the question's words stand."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from corpus.arabic import words
from index.store import Store
from qa.assistant import Assistant
from qa.evidence import WIDTH
from qa.networks import Networks
from qa.pairs import Pair
from qa.question import content_terms
from qa.span_model import Seen
from qa.trained_reader import Calibration
from tests.hashing import HashingEmbedder

SURE = Calibration(weights=(1.0, *(0.0,) * (WIDTH - 1)), bias=-6.0)
"""Confident in a passage that holds all the words of the question, and in no other."""


class FirstFigure:
    """Stands where a `SpanModel` stands; answers with a logit of 0 to 10, the share of the words found."""

    def see(self, question, passages):
        return [self._see(set(content_terms(question)), passage) for passage in passages]

    def _see(self, asked, passage):
        offsets = [match.span() for match in re.finditer(r"\S+", passage.text)]
        figures = [any(c.isdigit() for c in passage.text[start:end]) for start, end in offsets]
        logits = np.full(len(offsets), -9.0, np.float32)
        logits[figures.index(True) if any(figures) else 0] = 9.0
        found = asked & set(words(passage.embedding_text))
        pair = Pair([0] * (len(offsets) + 1), 1, offsets)
        return Seen(pair, logits, logits, 10.0 * len(found) / max(len(asked), 1))


def assistant(path: Path, embedder: HashingEmbedder | None = None) -> Assistant:
    """An assistant over the store at `path`, made when it is not there, that needs no trained model."""
    networks = Networks(lambda: embedder or HashingEmbedder(), FirstFigure)  # type: ignore[arg-type]
    return Assistant(Store.create(path), networks, SURE)
