"""Questions while articles are being added, against the same questions when nothing else is done."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from time import perf_counter

from benchmarks.bench import Bench
from benchmarks.collection import USUAL
from benchmarks.figures import Figure
from benchmarks.timing import Times, each
from index.exchange import export_articles

IDLE = 60
"""Questions asked while nothing is added, before it; as many are asked after it."""
_WARM_UPS = 5


def measure(bench: Bench) -> list[Figure]:
    """Ask one question after the other while another thread adds 1,000 articles, as the chat page does.

    The idle questions are asked before and after, so that a machine that gets busier does not favour
    either; after it there are twice as many articles, a small price beside reading.
    """
    folder, file = bench.folder / "growing", bench.folder / "more.jsonl"
    shutil.copytree(bench.built.folder, folder)
    added = export_articles(bench.collection.others(min(USUAL, bench.collection.size)), file)
    assistant = bench.assistant(folder)
    idle_questions = bench.questions[:IDLE]
    each(assistant.ask, bench.questions[:_WARM_UPS])
    before = each(assistant.ask, idle_questions)
    with ThreadPoolExecutor(1) as pool:
        started = perf_counter()
        adding = pool.submit(assistant.collection.add, [file])
        busy = each(assistant.ask, _until(adding.done, bench.questions))
        adding.result()
        taken = perf_counter() - started
    idle = Times([*before.seconds, *each(assistant.ask, idle_questions).seconds])
    return [
        Figure(name="seconds", what=f"adding {added:,} articles while questions come", value=taken, unit="s"),
        Figure(
            name="p95",
            what=f"answer meanwhile, 95 % of {len(busy.seconds)} within",
            value=busy.slow,
            unit="s",
        ),
        Figure(
            name="idle",
            what=f"answer before and after, 95 % of {len(idle.seconds)}",
            value=idle.slow,
            unit="s",
        ),
        Figure(
            name="ratio",
            what="95 % of answers while adding ÷ idle",
            value=busy.slow / idle.slow,
            unit="×",
            at_most=2.5,
        ),
        Figure(
            name="median_ratio",
            what="the same, half of the answers",
            value=busy.median / idle.median,
            unit="×",
        ),
    ]


def _until(done: Callable[[], bool], questions: Sequence[str]) -> Iterator[str]:
    """Yield questions over and over, at least one, until something is done."""
    for question in cycle(questions):
        yield question
        if done():
            return
