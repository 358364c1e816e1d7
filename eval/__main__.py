"""Measure from the shell: `python -m eval [SET|FILE.json]`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from eval.cases import BUNDLED, load
from eval.collection import Collection, copied, gather
from eval.curve import check_drawing, draw
from eval.feedback import questions_judged
from eval.removal import REMOVALS, ask_without
from eval.report import Report
from eval.run import LEGS, run
from eval.score import Removal, Removed, Score
from eval.table import render
from index.console import guarded, positive, progress_bars, write_report
from index.encoders import load_encoder
from index.settings import Settings
from index.store import Store
from qa.assistant import Assistant


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure one set and print its numbers; return the exit code."""
    return guarded(_run, _parser().parse_args(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval",
        description="Ask every question of a set, and measure retrieval, answers, citations and silence.",
        epilog="Examples: python -m eval · python -m eval questions.json --json report.json --legs "
        "· python -m eval --feedback",
    )
    parser.add_argument(
        "set",
        nargs="?",
        default=BUNDLED,
        metavar="SET|FILE.json",
        help='"bundled" (the default), or a SQuAD-shaped file, whose contexts are then the articles',
    )
    parser.add_argument(
        "--feedback",
        nargs="?",
        type=Path,
        const=Path(),
        metavar="FILE.jsonl",
        help="ask the index what was judged in the chat page (default: the feedback beside the index)",
    )
    parser.add_argument("--json", type=Path, metavar="OUT", help="write every number, question by question")
    parser.add_argument(
        "--store", type=Path, metavar="DIR", help="ask this index as it is; it must hold the gold articles"
    )
    parser.add_argument("--limit", type=positive, metavar="N", help="ask N questions, evenly spread")
    parser.add_argument(
        "--distractors", type=Path, metavar="FILE.jsonl", help="add these articles to the collection"
    )
    parser.add_argument("--distractor-count", type=positive, metavar="N", help="add only the first N of them")
    parser.add_argument(
        "--remove",
        action="append",
        choices=REMOVALS,
        default=[],
        help="ask each answerable question again when its gold article, or only the paragraph, is not there; "
        "may be given twice",
    )
    parser.add_argument(
        "--curve", type=Path, metavar="OUT.png", help="draw how often answers are wrong at every coverage"
    )
    parser.add_argument("--legs", action="store_true", help="measure each leg of the retrieval alone as well")
    parser.add_argument(
        "--dense-only", action="store_true", help="measure the encoder's ranking alone; nothing is answered"
    )
    return parser


def _run(options: argparse.Namespace) -> int:
    if (options.store or options.feedback) and options.distractors:
        _parser().error("--distractors makes a new collection, --store takes one as it is: give one of them")
    if options.dense_only and (options.remove or options.curve):
        _parser().error("--dense-only answers nothing: --remove and --curve want answers")
    if options.curve:
        check_drawing()
        write_report(options.curve, "", mode="a", option="--curve")
    settings = Settings.from_environment()
    if options.feedback:
        options.store = options.store or settings.store
        questions, left_out = questions_judged(options.feedback, options.store)
        for sentence in left_out:
            print(sentence, file=sys.stderr)
    else:
        questions = load(options.set)
    if options.limit:
        questions = questions.sample(options.limit)
    if options.json:
        write_report(options.json, "", mode="a")  # better known before the run than after it
    with progress_bars() as progress:
        collection = gather(
            questions,
            settings,
            store=options.store,
            distractors=options.distractors,
            distractor_count=options.distractor_count,
            progress=progress,
        )
    with _bar(len(collection.cases), questions.name) as bar:
        scores = run(
            collection.cases,
            collection.assistant,
            collection.passages,
            legs=LEGS if options.legs else (),
            dense_only=options.dense_only,
            progress=bar.update,
        )
    removed = {removal: _ask_without(collection, removal, settings) for removal in options.remove}
    report = Report(questions.name, _with_removed(scores, removed), collection.counts)
    print(render(report))
    if options.json:
        write_report(
            options.json, json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n", mode="w"
        )
    if options.curve:
        draw(report, options.curve)
    return 0


def _ask_without(collection: Collection, removal: Removal, settings: Settings) -> dict[str, Removed]:
    """Ask the cases of a copy of the collection, out of which their gold articles or paragraphs are taken."""
    asked = sum(case.answerable and bool(case.gold) for case in collection.cases)
    with (
        copied(collection.folder) as folder,
        Store.open(folder) as store,
        _bar(asked, f"without the {removal}") as bar,
    ):
        return ask_without(
            collection.cases,
            removal,
            store,
            load_encoder(settings),
            Assistant.load(store=folder, encoder=settings.encoder),
            collection.documents,
            progress=bar.update,
        )


def _with_removed(scores: Sequence[Score], removed: Mapping[Removal, Mapping[str, Removed]]) -> list[Score]:
    return [
        replace(
            score,
            removed={kind: said[score.case.id] for kind, said in removed.items() if score.case.id in said},
        )
        for score in scores
    ]


def _bar(total: int, name: str) -> tqdm[Any]:
    return tqdm(total=total, desc=name, file=sys.stderr, disable=None)


if __name__ == "__main__":
    sys.exit(main())
