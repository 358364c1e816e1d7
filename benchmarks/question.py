"""From a question to five passages, against encoding the question alone, the stock way."""

from __future__ import annotations

from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.timing import both

QUESTIONS = 63


def measure(bench: Bench) -> list[Figure]:
    """Time `HybridRetriever.search` against stock sentence-transformers making the question's vector.

    The baseline is what any pipeline on that encoder pays before it has searched anything. The questions
    are the bundled set's; whether the collection holds their answers changes no time. PyTorch suffers more
    than OpenVINO where other programs want the same cores, hence the second ratio, of the fastest tenths.
    """
    baseline, ours = both(
        lambda question: bench.stock([question], "query"),
        bench.retriever.search,
        bench.questions[:QUESTIONS],
    )
    return [
        Figure(name="retrieve", what="question to five passages", value=ours.median * 1e3, unit="ms"),
        Figure(
            name="stock", what="stock encoding of the question alone", value=baseline.median * 1e3, unit="ms"
        ),
        Figure(
            name="ratio",
            what="question to five passages ÷ stock encoding",
            value=ours.median / baseline.median,
            unit="×",
            at_most=0.4,
        ),
        Figure(
            name="undisturbed_ratio",
            what="the same, each at its fastest tenth",
            value=ours.undisturbed / baseline.undisturbed,
            unit="×",
            at_most=0.4,
        ),
    ]
