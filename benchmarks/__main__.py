"""Measure from the shell: `python -m benchmarks`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.bench import Bench
from benchmarks.collection import FULL, LARGE, USUAL, Collection, gather
from benchmarks.figures import HEADINGS, Figure, Unmeasured, row, rows
from eval.collection import cache
from index.console import guarded, positive, progress_bars, write_report
from index.e5 import prepare
from index.encoders import load_encoder
from index.settings import Settings

MEASUREMENTS = (
    "building",
    "question",
    "words",
    "llama",
    "changing",
    "reading",
    "answering",
    "indexing",
    "clients",
    "starting",
    "size",
)
"""The modules of this package that measure, in the order they run: the first builds what others use."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print every figure beside its aim; return the exit code."""
    return guarded(_run, _parser().parse_args(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure speed and size, against stock tools in the same run where there are any.",
        epilog="Examples: python -m benchmarks · python -m benchmarks --only question words --json out.json",
    )
    parser.add_argument("--full", action="store_true", help=f"{FULL:,} articles instead of {USUAL:,}")
    parser.add_argument("--articles", type=Path, metavar="FILE.jsonl", help="measure with these articles")
    parser.add_argument("--limit", type=positive, metavar="N", help="with the first N articles only")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write every figure to a file")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=MEASUREMENTS,
        default=MEASUREMENTS,
        metavar="NAME",
        help=f"measure only some of: {', '.join(MEASUREMENTS)}",
    )
    return parser


def _run(options: argparse.Namespace) -> int:
    if options.json:
        write_report(options.json, "", mode="a")  # better known before the run than after it
    settings = Settings(models=Settings.from_environment().models)
    embedder, load = load_encoder(settings), _load()
    with TemporaryDirectory(prefix="jawab-benchmarks-") as name, progress_bars() as progress:
        folder = Path(name)
        count = options.limit or (FULL if options.full else USUAL)
        collection = gather(folder, articles=options.articles, count=count)
        bench = Bench(
            collection,
            embedder,
            prepare(settings.models),
            folder,
            cache=cache(settings),
            large=options.limit or (FULL if options.full else LARGE),
            progress=progress,
        )
        print(f"{collection.size:,} articles: {collection.name}")
        print(f"{_machine()}\n{load}\n")
        print(row(HEADINGS))
        report = {name: _measured(name, bench) for name in MEASUREMENTS if name in options.only}
    if options.json:
        write_report(options.json, _as_json(collection, load, report), mode="w")
    return 0


def _measured(name: str, bench: Bench) -> list[Figure]:
    """Take one measurement and print it."""
    measure: Callable[[Bench], list[Figure]] = import_module(f"benchmarks.{name}").measure
    try:
        figures = measure(bench)
    except Unmeasured as error:
        figures = []
        print(f"{name}\n  not measured: {error}", flush=True)
    else:
        print("\n".join([name, *(f"  {line}" for line in rows(figures))]), flush=True)
    return figures


def _machine() -> str:
    model = platform.machine()
    with_names = Path("/proc/cpuinfo")
    if with_names.exists():
        lines = with_names.read_text().splitlines()
        model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), model)
    return f"{os.cpu_count()} cores, {model}, Python {platform.python_version()}"


def _load() -> str:
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    busy = (
        "" if load < cores / 2 else ": the machine is busy, which flatters ratios to PyTorch; measure again"
    )
    return f"load at the start: {load:.1f}{busy}"


def _as_json(collection: Collection, load: str, report: Mapping[str, Sequence[Figure]]) -> str:
    content: dict[str, Any] = {
        "collection": {"name": collection.name, "articles": collection.size},
        "machine": _machine(),
        "load": load,
        "figures": {
            name: {figure.name: figure.as_json() for figure in figures} for name, figures in report.items()
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
