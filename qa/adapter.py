"""The query adapter: it moves the vector of a French or English question towards the Arabic that answers.

A linear layer on the encoder's vectors of questions, fitted with the passages held still: nothing that is
indexed changes. Among thousands of articles the encoder alone ranks Arabic passages for a French question
much worse than for an Arabic one; the layer makes up for part of that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from corpus.errors import ModelDamaged
from index import manifest
from index.bert_graph import read_weights
from index.embedding import Vectors

FOLDER = Path(__file__).parent / "query_adapter"
TENSORS, RECORD = "model.safetensors", "adapter.json"


@dataclass(frozen=True, slots=True)
class QueryAdapter:
    """Adds `vector @ weight + bias` to a vector; `weight` has shape (d, d), `bias` (d,)."""

    weight: Vectors
    bias: Vectors

    def __call__(self, vector: Vectors) -> Vectors:
        """Return the vector (d,) moved, of length 1 again."""
        moved = vector + vector @ self.weight + self.bias
        adapted: Vectors = (moved / np.linalg.norm(moved)).astype(np.float32)
        return adapted


@lru_cache(maxsize=4)
def load_adapter(fingerprint: str, folder: Path = FOLDER) -> QueryAdapter | None:
    """Return the adapter in `folder` if it was fitted on the encoder with that fingerprint, else None.

    Raise ModelDamaged when its file is not as it was written.
    """
    record = json.loads((folder / RECORD).read_text("utf-8"))
    if record["encoder"] != fingerprint:
        return None
    path = folder / TENSORS
    if not path.is_file() or manifest.digest(path) != record["sha256"]:
        raise ModelDamaged(path=path)
    tensors = read_weights(path)
    return QueryAdapter(tensors["weight"].astype(np.float32), tensors["bias"].astype(np.float32))
