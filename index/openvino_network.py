"""A graph compiled for the processor: lists of token ids in, arrays out, from any number of threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from queue import SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.quiet_openvino import ov

_STEP = 8
"""Lengths are padded to a multiple of it: the first text of a new length costs 10 ms, eight tokens 0.5 ms."""
_ROUNDED_TOGETHER = 128


class Network:
    """The one output of a graph with the inputs `input_ids` and `attention_mask`.

    `hint` is OpenVINO's: "LATENCY" gives every core to one request, "THROUGHPUT" a core or a few to each of
    several. What is multiplied with weights of 8 bits is rounded to 8 bits as well where the processor has
    instructions for it (VNNI), in groups of _ROUNDED_TOGETHER numbers; all else is computed in float32.
    `compiling` is called when the compilation starts: for its 0.3 s it leaves the interpreter to other
    threads.
    """

    def __init__(
        self,
        graph: Any,
        *,
        padding: int,
        hint: str = "LATENCY",
        compiling: Callable[[], None] = lambda: None,
    ) -> None:
        self._graph, self._padding = graph, padding
        compiling()
        try:
            compiled = _compile(graph, hint, _ROUNDED_TOGETHER)
        except RuntimeError:
            # Where oneDNN has fewer instructions than OpenVINO counts on, nothing is rounded on the way.
            compiled = _compile(graph, hint, 0)
        self.streams = int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
        self.width = int(compiled.output(0).partial_shape[-1].get_length())
        self._idle: SimpleQueue[Any] = SimpleQueue()
        for _ in range(self.streams):
            self._idle.put(compiled.create_infer_request())

    def each(self, batches: Sequence[Sequence[Sequence[int]]]) -> Iterator[NDArray[np.float32]]:
        """Yield the output for each of some batches, in order; as many are computed at once as can be."""
        if self.streams == 1 or len(batches) == 1:
            yield from map(self, batches)
            return
        with ThreadPoolExecutor(self.streams) as pool:
            yield from pool.map(self, batches)

    @cached_property
    def for_many(self) -> Network:
        """The same graph compiled for throughput, on first use, in 0.3 s."""
        return Network(self._graph, padding=self._padding, hint="THROUGHPUT")

    def __call__(self, token_ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return the output for some texts, best of similar lengths; wait for a free request if need be."""
        longest = max(map(len, token_ids))
        shape = len(token_ids), -(-longest // _STEP) * _STEP
        ids, mask = np.full(shape, self._padding, np.int64), np.zeros(shape, np.int64)
        for row, tokens in enumerate(token_ids):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        request = self._idle.get()
        try:
            results = request.infer({"input_ids": ids, "attention_mask": mask}, share_inputs=True)
            output: NDArray[np.float32] = results[0]
            return output
        finally:
            self._idle.put(request)


def _compile(graph: Any, hint: str, rounded_together: int) -> Any:
    """Compile and run once: what the processor cannot do shows only then."""
    config = {
        "PERFORMANCE_HINT": hint,
        "INFERENCE_PRECISION_HINT": "f32",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(rounded_together),
    }
    compiled = ov.Core().compile_model(graph, "CPU", config)
    probe = np.ones((1, _STEP), np.int64)
    compiled.create_infer_request().infer({"input_ids": probe, "attention_mask": probe})
    return compiled
