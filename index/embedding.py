"""The seam to any text encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Kind = Literal["query", "passage"]
Progress = Callable[[int], None]
"""Called with the number of texts finished since the last call."""


class Embedder(Protocol):
    """Turns texts into unit vectors whose dot product is their similarity."""

    @property
    def fingerprint(self) -> str:
        """Name the weights and the preprocessing; vectors of two fingerprints are never mixed."""

    @property
    def max_tokens(self) -> int:
        """The longest text it reads, in its own tokens; what is longer is cut."""

    def encode(self, texts: Sequence[str], kind: Kind, progress: Progress | None = None) -> Vectors:
        """Return an array of shape (len(texts), d), float32, rows of length 1."""

    def count_tokens(self, text: str) -> int:
        """Count the tokens `text` costs, special tokens left out."""


def well_formed(text: str) -> str:
    """Replace each half of a surrogate pair by "?": tokenizers refuse them, and lose the whole batch."""
    return text.encode("utf-8", "replace").decode()
