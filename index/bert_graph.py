"""BERT as an OpenVINO graph, built straight from the weights of a model folder: no export, no torch.

Devlin et al. 2019, https://arxiv.org/abs/1810.04805; Reimers and Gurevych 2019 for the pooling,
https://arxiv.org/abs/1908.10084. Tensors bear the names of a Hugging Face `BertModel`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.quiet_openvino import ov

Weights = Mapping[str, NDArray[np.floating]]
_TYPES = {"F32": "<f4", "F16": "<f2"}
_MASKED = np.float32(-1e4)  # far below any score, and inside the range of 16 bits

op = ov.opset13


def read_weights(path: Path) -> dict[str, NDArray[np.floating]]:
    """Map the tensors of a .safetensors file into memory without copying them.

    The format: 8 bytes with the length of a JSON header, the header, the tensors.
    Raise ValueError or KeyError when the file is something else.
    """
    # Copy on write: OpenVINO only shares memory it could write to. Nothing is ever written.
    file = np.memmap(path, dtype=np.uint8, mode="c")
    start = 8 + int(file[:8].view("<u8")[0])
    header: dict[str, Any] = json.loads(file[8:start].tobytes())
    header.pop("__metadata__", None)
    weights = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        tensor = file[start + first : start + last].view(_TYPES[entry["dtype"]])
        weights[name] = tensor.reshape(entry["shape"])
    return weights


def bert(weights: Weights, *, layers: int, heads: int, epsilon: float) -> Any:
    """Build the `openvino.Model` of an encoder that is pooled into unit vectors.

    Inputs, both int64 of shape (texts, tokens): `input_ids` and `attention_mask`, which is 0 on padding.
    Outputs, float32: `sentence_embedding` (texts, hidden), rows of length 1, the mean over the tokens; and
    `last_hidden_state` (texts, tokens, hidden). Remove the result that is not wanted before compiling.
    The model reads the memory of `weights`: keep them as long as the model is compiled from it.
    """
    builder = _Builder(weights, heads, epsilon)
    ids, mask = _input("input_ids"), _input("attention_mask")
    attended = op.convert(mask, "f32")
    hidden = builder.embed(ids)
    bias = op.multiply(op.subtract(op.constant(np.float32(1)), op.unsqueeze(attended, _ints(1, 2))), _MASKED)
    for layer in range(layers):
        hidden = builder.layer(f"encoder.layer.{layer}", hidden, bias)
    hidden.output(0).set_names({"last_hidden_state"})
    pooled = _unit(_mean(hidden, attended))
    pooled.output(0).set_names({"sentence_embedding"})
    return ov.Model([pooled, hidden], [ids, mask], "bert")


def in_8_bits(weight: NDArray[np.floating]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Round a matrix (rows, columns) to whole numbers of -127 to 127, and a scale (rows, 1) for each row.

    OpenVINO multiplies these as whole numbers, having rounded what they are multiplied with in the same way
    when it comes along: dynamic quantisation, as in Dettmers et al. 2022, https://arxiv.org/abs/2208.07339.
    """
    exact = weight.astype(np.float32)
    scales = np.maximum(np.maximum(exact.max(1), -exact.min(1)), np.finfo(np.float32).tiny)[:, None] / 127
    exact /= scales
    return np.rint(exact, out=exact).astype(np.int8), scales


class _Builder:
    """Lays the nodes; a method takes the name of a group of tensors and the nodes that it reads."""

    def __init__(self, weights: Weights, heads: int, epsilon: float) -> None:
        self._weights, self._heads, self._epsilon = weights, heads, epsilon
        self._hidden = weights["embeddings.word_embeddings.weight"].shape[1]

    def _weight(self, name: str) -> Any:
        node = op.constant(self._weights[name], shared_memory=True)
        if self._weights[name].dtype == np.float32:
            return node
        node = op.convert(node, "f32")
        node.get_rt_info()["decompression"] = True  # leaves the table of word embeddings in 16 bits
        return node

    def _linear(self, name: str, x: Any) -> Any:
        rows, scales = in_8_bits(self._weights[f"{name}.weight"])
        weight = op.multiply(op.convert(op.constant(rows), "f32"), op.constant(scales))
        return op.add(op.matmul(x, weight, False, True), self._weight(f"{name}.bias"))

    def _normalise(self, name: str, x: Any) -> Any:
        normal = op.mvn(x, _ints(-1), True, self._epsilon, "inside_sqrt")
        return op.add(op.multiply(normal, self._weight(f"{name}.weight")), self._weight(f"{name}.bias"))

    def embed(self, ids: Any) -> Any:
        """Add the embeddings of the tokens, of their positions from 0, and of token type 0."""
        zero, one = op.constant(np.int64(0)), op.constant(np.int64(1))
        length = op.gather(op.shape_of(ids), one, zero)
        words = op.gather(self._weight("embeddings.word_embeddings.weight"), ids, zero)
        positions = op.gather(
            self._weight("embeddings.position_embeddings.weight"),
            op.range(zero, length, one, output_type="i64"),
            zero,
        )
        kind = op.gather(self._weight("embeddings.token_type_embeddings.weight"), zero, zero)
        return self._normalise("embeddings.LayerNorm", op.add(words, op.add(positions, kind)))

    def layer(self, name: str, x: Any, bias: Any) -> Any:
        """Add one layer: attention and feed-forward, each normalised after its residual."""
        attention = f"{name}.attention"
        query, key, value = (self._split(f"{attention}.self.{part}", x) for part in ("query", "key", "value"))
        context = op.transpose(op.scaled_dot_product_attention(query, key, value, bias), _ints(0, 2, 1, 3))
        joined = op.reshape(context, _ints(0, 0, self._hidden), True)
        attended = op.add(self._linear(f"{attention}.output.dense", joined), x)
        x = self._normalise(f"{attention}.output.LayerNorm", attended)
        inner = op.gelu(self._linear(f"{name}.intermediate.dense", x), "erf")
        return self._normalise(
            f"{name}.output.LayerNorm", op.add(self._linear(f"{name}.output.dense", inner), x)
        )

    def _split(self, name: str, x: Any) -> Any:
        shape = _ints(0, 0, self._heads, self._hidden // self._heads)
        return op.transpose(op.reshape(self._linear(name, x), shape, True), _ints(0, 2, 1, 3))


def _mean(hidden: Any, attended: Any) -> Any:
    attended = op.unsqueeze(attended, _ints(-1))
    total = op.reduce_sum(op.multiply(hidden, attended), _ints(1))
    return op.divide(total, op.reduce_sum(attended, _ints(1)))


def _unit(vectors: Any) -> Any:
    squares = op.reduce_sum(op.multiply(vectors, vectors), _ints(1), keep_dims=True)
    return op.divide(vectors, op.sqrt(squares))


def _input(name: str) -> Any:
    node = op.parameter([-1, -1], np.int64, name=name)
    node.output(0).set_names({name})
    return node


def _ints(*values: int) -> Any:
    return op.constant(np.array(values, np.int64))
