"""An encoder for tests: texts that share words have near vectors; it counts what it was asked to encode."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence

import numpy as np

from corpus.arabic import words
from index.embedding import Kind, Progress, Vectors

DIMENSIONS = 64


class HashingEmbedder:
    """Sums a fixed random direction per folded word; `pause` seconds per text makes it as slow as a model."""

    max_tokens = 512

    def __init__(self, fingerprint: str = "hashing-1", *, pause: float = 0.0) -> None:
        self.fingerprint = fingerprint
        self.encoded: list[str] = []
        self._pause = pause

    def encode(self, texts: Sequence[str], kind: Kind, progress: Progress | None = None) -> Vectors:
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in words(text) or [""]:
                seed = hashlib.blake2b(f"{self.fingerprint} {word}".encode(), digest_size=8).digest()
                row += np.random.default_rng(int.from_bytes(seed)).standard_normal(DIMENSIONS)
            row /= np.linalg.norm(row)
            time.sleep(self._pause)
            if kind == "passage":
                self.encoded.append(text)
            if progress:
                progress(1)
        return vectors

    def count_tokens(self, text: str) -> int:
        return len(text.split())
