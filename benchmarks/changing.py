"""A store built again when nothing changed, and one article added to it: what a day's update costs."""

from __future__ import annotations

import shutil
from functools import partial
from statistics import median

from benchmarks.bench import Bench
from benchmarks.collection import USUAL, recombined
from benchmarks.figures import Figure
from benchmarks.timing import median_seconds, seconds
from corpus.reading import bundled_articles
from index.store import Store, build

_REPEATS = 3


def measure(bench: Bench) -> list[Figure]:
    """Time both on a copy of the store, the rebuild from reading the file on; medians of three.

    There is no baseline: the aims are for a person who waits, on a collection of 1,000 articles.
    """
    folder = bench.folder / "changed"
    shutil.copytree(bench.built.folder, folder)

    def rebuild() -> None:
        build(folder, bench.collection.read(), embedder=bench.embedder)

    rebuilt = median_seconds(rebuild, repeats=_REPEATS)
    added = []
    with Store.open(folder) as store:
        for article in recombined(bundled_articles(), _REPEATS, seed=1):
            added.append(seconds(partial(store.add, [article], embedder=bench.embedder)))
    shutil.rmtree(folder)
    usual = bench.collection.size <= USUAL
    return [
        Figure(
            name="rebuild",
            what=f"build again, nothing changed in {bench.collection.size:,} articles",
            value=rebuilt,
            unit="s",
            at_most=2.0 if usual else None,
        ),
        Figure(
            name="add",
            what=f"one article added to {bench.collection.size:,}",
            value=median(added),
            unit="s",
            at_most=2.0 if usual else None,
        ),
    ]
