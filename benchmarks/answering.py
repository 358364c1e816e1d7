"""From a question to its answer, in a large collection."""

from __future__ import annotations

from statistics import median

from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.timing import each

WARM_UPS = 5
_LARGE_ENOUGH = 9_000
"""Articles from which on the aims hold: of 10,000 news articles some have the same text and are kept once."""


def measure(bench: Bench) -> list[Figure]:
    """Time `Assistant.ask` for every question of the bundled set, whose articles lie among many others.

    One question after the other, each once; a follow-up, with its conversation, is often read twice. There
    is no baseline: the aims are for a person who waits.
    """
    assistant = bench.assistant(bench.large)
    for question in bench.questions[:WARM_UPS]:
        assistant.ask(question)
    reading = []

    def ask(turn: tuple[str, tuple[str, ...]]) -> None:
        question, history = turn
        reading.append(assistant.ask(question, history=history).milliseconds.get("read", 0.0))

    times = each(ask, bench.conversations)
    held = assistant.article_count >= _LARGE_ENOUGH
    asked = f"{len(times.seconds)} questions to {assistant.article_count:,} articles"
    return [
        Figure(
            name="p50",
            what=f"answer, half of {asked}",
            value=times.median,
            unit="s",
            at_most=0.5 if held else None,
        ),
        Figure(
            name="p95",
            what="answer, 95 % of them within",
            value=times.slow,
            unit="s",
            at_most=1.0 if held else None,
        ),
        Figure(name="read", what="of it reading, half of them within", value=median(reading), unit="ms"),
    ]
