"""Train the reader again: `python -m training reader DATA`, where DATA holds the training sets."""

from __future__ import annotations

import argparse
import logging
import random
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tokenizers import Tokenizer

from corpus.errors import PathMissing
from index.console import guarded, progress_bars
from index.e5 import prepare
from index.openvino_encoder import OpenVINOEncoder
from index.passage import Passage
from index.settings import Settings
from index.splitting import split
from index.store import Store, build
from qa.reader import ExtractiveReader
from qa.retrieval import HybridRetriever
from qa.span_model import FOLDER, SpanModel
from qa.weights import Weights
from training.calibration import calibrate
from training.cases import Case, retrieve
from training.examples import read_examples
from training.export import export, store_calibration
from training.selection import select, some_machine_made
from training.windows import is_held_out

HUMAN = ("arcd-train.json", "arquad.json", "belebele-eqa.json")
"""Written by people: ARCD's train half, ArQuAD, and the train half of Belebele made extractive."""
MACHINE = "aqad.json"
CALIBRATION_UNANSWERABLE = 300


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, calibrate, write the model, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training reader", description="Train the reader again.")
    parser.add_argument("data", type=Path, help=f"folder with {', '.join(HUMAN)} and {MACHINE}")
    parser.add_argument("--out", type=Path, default=FOLDER, help="default: %(default)s")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path("build/reader"),
        help="folder of the checkpoint (default: %(default)s)",
    )
    parser.add_argument("--minutes", type=float, default=60, help="end by then (default: %(default)s)")
    return guarded(_run, parser.parse_args(arguments))


def _run(options: argparse.Namespace) -> int:
    from training.span_network import SEED, SpanNetwork, train

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for name in (*HUMAN, MACHINE):
        if not (options.data / name).is_file():
            raise PathMissing(path=options.data / name)
    options.work.mkdir(parents=True, exist_ok=True)
    folder = prepare(Settings.from_environment().models)
    encoder = OpenVINOEncoder.load(folder)
    human = [example for name in HUMAN for example in read_examples(options.data / name)]
    machine = list(read_examples(options.data / MACHINE))
    taught = some_machine_made([example for example in machine if not is_held_out(example)], SEED)
    apart = [example for example in machine if is_held_out(example) and not example.answers]
    asked = [*human, *random.Random(SEED).sample(apart, min(CALIBRATION_UNANSWERABLE, len(apart)))]
    articles = {example.article.id: example.article for example in (*asked, *taught)}
    with TemporaryDirectory() as store:
        with progress_bars() as progress:
            build(store, articles.values(), embedder=encoder, progress=progress)
        with Store.open(store) as opened:
            snapshot = opened.snapshot()
            cases = list(retrieve(asked, HybridRetriever(snapshot, encoder)))
            windows = select(
                [example for example in human if not is_held_out(example)],
                taught,
                {case.example.question: _passages(case) for case in cases if not case.answerable},
                lambda article: split(article, encoder),
                Tokenizer.from_file(str(folder / "tokenizer.json")),
                SEED,
            )
            network = SpanNetwork(folder)
            train(network, windows, options.work, options.minutes)
            export(network, folder, options.out)
            model = SpanModel.load(folder, options.out)
            held_out = [case for case in cases if is_held_out(case.example)]
            sentences = ExtractiveReader(encoder, Weights.load(), snapshot.idf)
            store_calibration(options.out, calibrate(model, sentences, snapshot.idf, held_out))
    return 0


def _passages(case: Case) -> list[Passage]:
    return [hit.passage for hit in case.hits]
