"""Train the reader again: `python -m training DATA`, where DATA holds `train/` and `news/`."""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections.abc import Container, Iterable, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import chain
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
from training.selection import Key, Selection, some_machine_made
from training.windows import is_held_out
from training.written import read_questions

HUMAN = ("train/arcd-train.json", "train/arquad.json", "train/belebele-eqa.json")
"""Written by people: ARCD's train half, ArQuAD, and the train half of Belebele made extractive."""
MACHINE = "train/aqad.json"
NEWS = ("news/ant.jsonl", "news/moroccan.jsonl")
CALIBRATION_UNANSWERABLE = 300
CALIBRATION_CASES = 1500
SMALL_COLLECTION = 25
"""Articles of the small collections among those that the confidence is fitted on."""
NEGATIVES = 0.6
"""Passages that do not answer, on average, beside the one that does."""
MANY_NEGATIVES = 2.0
"""As many in the last phase, where passages are ranked against one another as the reader ranks them."""
WHOLE, MOSTLY_WHOLE = 0.15, 0.5
LAST_PEAK = 0.6
"""Where the learning rate of the last phase starts, in shares of the highest one."""
LAST_SHARE = 0.3
"""Of the last phase in the weights that are kept: it teaches to rank, and forgets a little how to cut."""
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
        "--minutes",
        type=float,
        default=60,
        help="end each of the phases by then (default: %(default)s)",
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
        held = {example.article.id for example in (*human, *machine) if is_held_out(example)}
        selection = Selection(_wrong(encyclopedic, held), cut, tokenizer)
        seen = [example for example in human if not is_held_out(example)]
        asked = [*((example, 1.0) for example in seen), *((example, 0.0) for example in taught)]
        training.run(0, Phase(selection.windows(asked, SEED), options.minutes))

        news = {article.id: article for name in NEWS for article in read_articles(options.data / name)}
        known = {example.article.id: example.article for example in (*human, *machine)}
        documents = {example.article.id: example.document for example in (*human, *machine)}
        own = list(read_questions(known | news, documents=documents))
        of_news = [example for example in own if example.article.id in news]
        read = {example.article.id: example.article for example in of_news}
        others = rng.sample([article for article in news.values() if article.id not in read], OTHER_NEWS)
        reported = _cases(of_news, [*read.values(), *others], encoder, stores)
        written = [example for example in own if example.article.id not in news]
        described = _cases(written, known.values(), encoder, stores)
        held |= {example.article.id for example in own if is_held_out(example)}
        wrong = _wrong([*encyclopedic, *reported, *described], held)
        selection = Selection(wrong, cut, tokenizer)
        asked = [(example, NEGATIVES) for example in own if not is_held_out(example)]
        asked += [(example, 1.0) for example in seen]
        training.run(1, Phase(selection.windows(asked, SEED + 1, whole=0.0), options.minutes))
        training.run(2, Phase(selection.windows(asked, SEED + 2, whole=WHOLE), options.minutes, falling=True))
        asked = [(example, MANY_NEGATIVES) for example, _ in asked]
        ranked = selection.windows(asked, SEED + 3, whole=MOSTLY_WHOLE)
        training.run(3, Phase(ranked, options.minutes, falling=True, peak=LAST_PEAK))
        training.average({2: 1 - LAST_SHARE, 3: LAST_SHARE})

        export(network, folder, options.out)
        training.forget()
        model = SpanModel.load(folder, options.out)
        kept = [example for example in of_news if is_held_out(example)]
        few = _in_small_collections(kept, encoder, stores)
        held_out = [
            [case for case in cases if is_held_out(case.example)] for cases in (encyclopedic, reported, few)
        ]
        even = [rng.sample(cases, min(CALIBRATION_CASES // 3, len(cases))) for cases in held_out]
        store_calibration(options.out, calibrate(model, [case for cases in even for case in cases]))
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


def _in_small_collections(
    examples: Sequence[Example], encoder: OpenVINOEncoder, stores: ExitStack
) -> list[Case]:
    """Return what is found for the examples where there are only a few articles."""
    by_article: dict[str, list[Example]] = {}
    for example in examples:
        by_article.setdefault(example.article.id, []).append(example)
    asked = list(by_article.values())
    found = []
    for first in range(0, len(asked), SMALL_COLLECTION):
        some = asked[first : first + SMALL_COLLECTION]
        found += _cases(list(chain(*some)), [same[0].article for same in some], encoder, stores)
    return found


def _wrong(cases: Sequence[Case], held: Container[str]) -> dict[Key, list[Passage]]:
    """Return what is found for a question when its article is not there, or does not answer.

    Nothing is learned of the articles in `held`, not even that they do not answer.
    """
    return {
        (case.example.article.id, case.example.question): [
            hit.passage for hit in case.hits if hit.passage.article_id not in held
        ]
        for case in cases
        if not case.answerable
    }


if __name__ == "__main__":
    sys.exit(main())
