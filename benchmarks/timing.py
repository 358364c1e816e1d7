"""Time taken, measured so that a busy machine is unfair to neither side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter, sleep
from typing import TypeVar

from eval.metrics import percentile

Input = TypeVar("Input")

_WARM_UPS = 3
_REST = 0.005
"""Seconds between two calls: threads that one side leaves spinning would otherwise slow the other down."""


def seconds(call: Callable[[], object]) -> float:
    """Return how long one call takes."""
    started = perf_counter()
    call()
    return perf_counter() - started


def median_seconds(call: Callable[[], object], *, repeats: int) -> float:
    """Return the median of some calls."""
    return median(seconds(call) for _ in range(repeats))


@dataclass(frozen=True, slots=True)
class Times:
    """The seconds of some calls."""

    seconds: Sequence[float]

    @property
    def median(self) -> float:
        """Half of the calls take at most this."""
        return median(self.seconds)

    @property
    def slow(self) -> float:
        """95 % of the calls take at most this; of fewer than 20 calls it is about the slowest."""
        return percentile(self.seconds, 95) or 0.0

    @property
    def undisturbed(self) -> float:
        """A tenth of the calls take at most this: near what a machine with nothing else to do would show."""
        return sorted(self.seconds)[len(self.seconds) // 10]


def both(
    baseline: Callable[[Input], object], ours: Callable[[Input], object], inputs: Sequence[Input]
) -> tuple[Times, Times]:
    """Time the baseline and ours over the same inputs.

    They take turns, and turns at being first, so that load that comes and goes falls on both. The first
    inputs only warm up, unless there are no others.
    """
    warm_ups = inputs[:_WARM_UPS]
    for warm_up in warm_ups:
        baseline(warm_up)
        ours(warm_up)
    timed: tuple[list[float], list[float]] = ([], [])
    for number, value in enumerate(inputs[len(warm_ups) :] or inputs):
        turns = ((baseline, timed[0]), (ours, timed[1]))
        for call, taken in reversed(turns) if number % 2 else turns:
            sleep(_REST)
            taken.append(seconds(partial(call, value)))
    return Times(timed[0]), Times(timed[1])


def each(call: Callable[[Input], object], inputs: Iterable[Input]) -> Times:
    """Time a call with each of the inputs, one after the other."""
    return Times([seconds(partial(call, value)) for value in inputs])


def at_once(calls: Sequence[Callable[[], Times]]) -> tuple[Times, float]:
    """Make calls in threads that start together; return the times of all, and the seconds until the last.

    Raises what a call raised.
    """
    with ThreadPoolExecutor(len(calls)) as pool:
        started = perf_counter()
        done = [future.result() for future in [pool.submit(call) for call in calls]]
        return Times([taken for times in done for taken in times.seconds]), perf_counter() - started
