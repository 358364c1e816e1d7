"""Building a store from a file of articles, against encoding alone, the stock way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.timing import seconds
from corpus.article import Article
from index.embedding import Embedder
from index.passage import Passage
from index.splitting import split

SAMPLE = 300
"""Passages the baseline encodes, of articles chosen at random: the whole collection would take minutes."""


def measure(bench: Bench) -> list[Figure]:
    """Time a build – read, split, encode, store, project – against stock encoding in batches of 32.

    Half of the baseline runs before the build and half after it, so that a machine that gets busier does
    not favour either.
    """
    sample = list(_sample(bench.collection.read(), bench.embedder))
    halves = sample[::2], sample[1::2]
    bench.stock(sample[:1], "passage")
    before = seconds(lambda: bench.stock(halves[0], "passage"))
    built = bench.built
    after = seconds(lambda: bench.stock(halves[1], "passage"))
    baseline = len(sample) / (before + after)
    ours = built.report.encoded / built.seconds
    return [
        Figure(
            name="seconds", what=f"build of {built.report.added:,} articles", value=built.seconds, unit="s"
        ),
        Figure(
            name="throughput",
            what=f"build, {built.report.encoded:,} passages encoded",
            value=ours,
            unit="passages/s",
        ),
        Figure(
            name="stock",
            what=f"stock encoding alone, {len(sample)} passages, batches of 32",
            value=baseline,
            unit="passages/s",
        ),
        Figure(
            name="ratio", what="build ÷ stock encoding alone", value=ours / baseline, unit="×", at_least=2.5
        ),
    ]


def _sample(articles: Sequence[Article], embedder: Embedder) -> Iterator[str]:
    """Yield what the encoder reads of the passages of random articles."""
    shuffled = Random(0).sample(articles, len(articles))
    passages: list[Passage] = []
    for article in shuffled:
        passages += split(article, embedder)
        if len(passages) >= SAMPLE:
            break
    yield from (passage.embedding_text for passage in passages[:SAMPLE])
