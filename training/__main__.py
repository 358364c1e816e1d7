"""Train the reader again: `python -m training DATA`, where DATA holds `train/` and `news/`."""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tokenizers import Tokenizer

from corpus.article import Article
from corpus.errors import PathMissing
from corpus.reading import read_articles
from index.console import guarded, progress_bars
from index.e5 import prepare
from index.openvino_encoder import OpenVINOEncoder
from index.passage import Passage
from index.settings import Settings
from index.splitting import split
from index.store import Store, build
from qa.retrieval import HybridRetriever
from qa.span_model import FOLDER, SpanModel
from training.calibration import calibrate
from training.cases import Case, retrieve
from training.examples import Example, read_examples
from training.export import export, store_calibration
from training.news import read_questions
from training.selection import Key, Selection, some_machine_made
from training.windows import is_held_out

HUMAN = ("train/arcd-train.json", "train/arquad.json", "train/belebele-eqa.json")
"""Written by people: ARCD's train half, ArQuAD, and the train half of Belebele made extractive."""
MACHINE = "train/aqad.json"
NEWS = ("news/ant.jsonl", "news/moroccan.jsonl")
CALIBRATION_UNANSWERABLE = 300
CALIBRATION_CASES = 1500
OTHER_NEWS = 1500
"""News articles without questions that retrieval can be wrong about."""
log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, calibrate, write the model, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Train the reader again.")
    parser.add_argument("data", type=Path, help=f"folder with {', '.join((*HUMAN, MACHINE, *NEWS))}")
    parser.add_argument("--out", type=Path, default=FOLDER, help="default: %(default)s")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path("build/reader"),
        help="folder of the checkpoint (default: %(default)s)",
    )
    parser.add_argument(
        "--minutes", type=float, default=60, help="end each of the two phases by then (default: %(default)s)"
    )
    return guarded(_run, parser.parse_args(arguments))


def _run(options: argparse.Namespace) -> int:
    from training.span_network import SEED, Phase, SpanNetwork, Training

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for name in (*HUMAN, MACHINE, *NEWS):
        if not (options.data / name).is_file():
            raise PathMissing(path=options.data / name)
    options.work.mkdir(parents=True, exist_ok=True)
    folder = prepare(Settings.from_environment().models)
    encoder = OpenVINOEncoder.load(folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    rng = random.Random(SEED)

    human = [example for name in HUMAN for example in read_examples(options.data / name)]
    machine = list(read_examples(options.data / MACHINE))
    apart = [example for example in machine if is_held_out(example) and not example.answers]
    apart = rng.sample(apart, min(CALIBRATION_UNANSWERABLE, len(apart)))
    taught = some_machine_made([example for example in machine if not is_held_out(example)], SEED)
    network = SpanNetwork(folder)
    training = Training(network, options.work)
    with ExitStack() as stores:
        articles = [example.article for example in (*human, *apart, *taught)]
        encyclopedic = _cases([*human, *apart], articles, encoder, stores)
        cut = cache(lambda article: split(article, encoder))
        selection = Selection(_wrong(encyclopedic), cut, tokenizer)
        seen = [example for example in human if not is_held_out(example)]
        asked = [*((example, 1) for example in seen), *((example, 0) for example in taught)]
        training.run(0, Phase(selection.windows(asked, SEED), options.minutes))

        news = {article.id: article for name in NEWS for article in read_articles(options.data / name)}
        own = list(read_questions(news))
        read = sorted({example.article.id for example in own})
        others = rng.sample([article for article in news.values() if article.id not in read], OTHER_NEWS)
        reported = _cases(own, [*(news[name] for name in read), *others], encoder, stores)
        wrong = _wrong(encyclopedic) | _wrong(reported)
        selection = Selection(wrong, cut, tokenizer)
        asked = [(example, 1) for example in own if not is_held_out(example)]
        asked += [(example, 1) for example in seen]
        training.run(1, Phase(selection.windows(asked, SEED + 1), options.minutes, last=True))

        export(network, folder, options.out)
        model = SpanModel.load(folder, options.out)
        held_out = [case for case in (*encyclopedic, *reported) if is_held_out(case.example)]
        held_out = rng.sample(held_out, min(CALIBRATION_CASES, len(held_out)))
        store_calibration(options.out, calibrate(model, held_out))
    return 0


def _cases(
    examples: Sequence[Example], articles: Iterable[Article], encoder: OpenVINOEncoder, stores: ExitStack
) -> list[Case]:
    """Return the examples with what is found for them among the articles."""
    path = stores.enter_context(TemporaryDirectory())
    with progress_bars() as progress:
        build(path, {one.id: one for one in articles}.values(), embedder=encoder, progress=progress)
    snapshot = stores.enter_context(Store.open(path)).snapshot()
    cases = list(retrieve(examples, HybridRetriever(snapshot, encoder), snapshot.idf))
    log.info("%d questions retrieved for", len(examples))
    return cases


def _wrong(cases: Sequence[Case]) -> dict[Key, list[Passage]]:
    """Return what is found for a question when its article is not there, or does not answer."""
    return {
        (case.example.article.id, case.example.question): [hit.passage for hit in case.hits]
        for case in cases
        if not case.answerable
    }


if __name__ == "__main__":
    sys.exit(main())
