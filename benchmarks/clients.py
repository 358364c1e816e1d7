"""Several programs that ask the chat page at once, against one alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial

from benchmarks.bench import Bench
from benchmarks.figures import Figure, Unmeasured
from benchmarks.serving import PAGE, environment, served
from benchmarks.timing import Times, at_once, each

CLIENTS = 8
QUESTIONS = 12
"""Questions that each of the eight asks; the one alone asks as many as they do together."""
Ask = Callable[[str], object]


def measure(bench: Bench) -> list[Figure]:
    """Start the chat page over the store, and ask it through its endpoint `/ask`."""
    with served(environment(bench.built.folder), *PAGE) as (address, _):
        return compare(address, bench.questions)


def compare(address: str, questions: Sequence[str], *, each_asks: int = QUESTIONS) -> list[Figure]:
    """Let one client ask, then eight at once, then the one again; each asks without a pause.

    The one asks half of its questions before the eight and half after them, so that a machine that gets
    busier favours neither. The clients run beside the page and want some of the same processor.
    Raises Unmeasured when the page does not answer.
    """
    wanted = [questions[number % len(questions)] for number in range(CLIENTS * each_asks)]
    try:
        asks = [_client(address) for _ in range(CLIENTS)]
        for ask in asks:
            ask(wanted[0])
        before = each(asks[0], wanted[::2])
        shares = (wanted[number::CLIENTS] for number in range(CLIENTS))
        eight, wall = at_once([partial(each, ask, some) for ask, some in zip(asks, shares, strict=True)])
        one = Times([*before.seconds, *each(asks[0], wanted[1::2]).seconds])
    except ValueError as error:  # what gradio_client raises, also for a question that fails on the page
        raise Unmeasured(f"the page gave no answer: {error}") from error
    alone, together = len(one.seconds) / sum(one.seconds), len(eight.seconds) / wall
    return [
        Figure(
            name="one",
            what=f"one client, {len(one.seconds)} questions",
            value=alone,
            unit="answers/s",
        ),
        Figure(
            name="eight",
            what=f"{CLIENTS} clients, {len(eight.seconds)} questions",
            value=together,
            unit="answers/s",
        ),
        Figure(
            name="ratio",
            what=f"throughput of {CLIENTS} clients ÷ 1 client",
            value=together / alone,
            unit="×",
            at_least=0.95,
        ),
        Figure(name="p50", what="one client, half of its answers", value=one.median, unit="s"),
        Figure(name="p95", what=f"{CLIENTS} clients, 95 % of their answers", value=eight.slow, unit="s"),
        Figure(
            name="wait_ratio",
            what=f"95 % of answers to {CLIENTS} ÷ half of those to 1",
            value=eight.slow / one.median,
            unit="×",
            at_most=10,
        ),
    ]


def _client(address: str) -> Ask:
    os.environ |= {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}  # both are read on import
    from gradio_client import Client  # type: ignore[import-untyped]

    client = Client(
        address,
        verbose=False,
        download_files=False,
        analytics_enabled=False,
        httpx_kwargs={"trust_env": False, "timeout": 120},
    )
    return partial(client.predict, api_name="/ask")
