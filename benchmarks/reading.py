"""What the reader makes of the passages found, against the same network the stock way."""

from __future__ import annotations

from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.timing import both
from index.passage import Passage
from qa.assistant import PASSAGES_READ

QUESTIONS = 63


def measure(bench: Bench) -> list[Figure]:
    """Time the network on all passages read for a question, from their text on, against PyTorch in 32 bits.

    Both tokenise; PyTorch reads all passages as one batch. The second ratio is of the fastest tenths, as
    where the question is encoded.
    """
    network, _ = bench.reader
    found = [
        (question, [hit.passage for hit in bench.retriever.search(question, PASSAGES_READ)])
        for question in bench.questions[:QUESTIONS]
    ]

    def theirs(read: tuple[str, list[Passage]]) -> object:
        return bench.plain(*read)

    def ours(read: tuple[str, list[Passage]]) -> object:
        return network.see(*read)

    baseline, taken = both(theirs, ours, found)
    count = f"{PASSAGES_READ} passages read, {len(taken.seconds)} questions"
    return [
        Figure(name="read", what=count, value=taken.median * 1e3, unit="ms"),
        Figure(name="torch", what="the same by PyTorch in 32 bits", value=baseline.median * 1e3, unit="ms"),
        Figure(
            name="ratio",
            what="passages read ÷ PyTorch",
            value=taken.median / baseline.median,
            unit="×",
            at_most=0.35,
        ),
        Figure(
            name="undisturbed_ratio",
            what="the same, each at its fastest tenth",
            value=taken.undisturbed / baseline.undisturbed,
            unit="×",
            at_most=0.35,
        ),
    ]
