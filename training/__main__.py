"""Fit the reader's weights again: `python -m training DATA`, where DATA holds the training sets."""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from corpus.errors import PathMissing
from index.console import guarded, progress_bars
from index.embedding import Embedder, Kind, Progress, Vectors
from index.encoders import load_encoder
from index.settings import Settings
from index.store import Store, build
from qa.reader import ExtractiveReader
from qa.retrieval import HybridRetriever
from qa.weights import Weights
from training.cases import retrieve
from training.examples import Example, read_examples
from training.reader import SEED, fit

HUMAN = ("arcd-train.json", "arquad.json", "belebele-eqa.json")
"""Written by people: ARCD's train half, ArQuAD, and the train half of Belebele made extractive."""
MACHINE = "aqad.json"
"""AQAD's spans are machine-aligned and often wrong; only its unanswerable questions are used."""
MACHINE_ARTICLES = 700
UNANSWERABLE = 1200


class _Remembering:
    """An encoder that encodes a text once: the same sentences come with many questions."""

    def __init__(self, encoder: Embedder) -> None:
        self._encoder = encoder
        self._known: dict[tuple[Kind, str], Vectors] = {}

    @property
    def fingerprint(self) -> str:
        return self._encoder.fingerprint

    @property
    def max_tokens(self) -> int:
        return self._encoder.max_tokens

    def encode(self, texts: Sequence[str], kind: Kind, progress: Progress | None = None) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if (kind, text) not in self._known]
        for text, vector in zip(new, self._encoder.encode(new, kind, progress) if new else (), strict=True):
            self._known[kind, text] = vector
        return np.stack([self._known[kind, text] for text in texts])

    def count_tokens(self, text: str) -> int:
        return self._encoder.count_tokens(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, write the weights, and return the exit code; `reader DATA` trains the neural reader instead."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["reader"]:
        from training.command import main as train_reader

        return train_reader(given[1:])
    parser = argparse.ArgumentParser(prog="python -m training", description="Fit the reader's weights again.")
    parser.add_argument("data", type=Path, help=f"folder with {', '.join(HUMAN)} and {MACHINE}")
    parser.add_argument("--out", type=Path, default=Path("qa/reader.json"), help="default: %(default)s")
    return guarded(_run, parser.parse_args(given))


def _run(options: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for name in (*HUMAN, MACHINE):
        if not (options.data / name).is_file():
            raise PathMissing(path=options.data / name)
    human = [example for name in HUMAN for example in read_examples(options.data / name)]
    machine = _some_articles(read_examples(options.data / MACHINE), MACHINE_ARTICLES)
    unanswerable = [example for example in machine if not example.answers]
    chosen = random.Random(SEED).sample(unanswerable, min(UNANSWERABLE, len(unanswerable)))
    encoder = _Remembering(load_encoder(Settings.from_environment()))
    articles = {example.article.id: example.article for example in (*human, *machine)}
    with TemporaryDirectory() as folder:
        with progress_bars() as progress:
            build(folder, articles.values(), embedder=encoder, progress=progress)
        with Store.open(folder) as store:
            snapshot = store.snapshot()
            seen = list(retrieve([*human, *chosen], HybridRetriever(snapshot, encoder)))
            random.Random(SEED).shuffle(seen)
            weights = fit(seen, ExtractiveReader(encoder, Weights.blank(), snapshot.idf))
    options.out.write_text(json.dumps(weights.to_json()) + "\n", "utf-8")
    return 0


def _some_articles(examples: Iterable[Example], count: int) -> list[Example]:
    listed = list(examples)
    ids = sorted({example.article.id for example in listed})
    kept = set(random.Random(SEED).sample(ids, min(count, len(ids))))
    return [example for example in listed if example.article.id in kept]


if __name__ == "__main__":
    sys.exit(main())
