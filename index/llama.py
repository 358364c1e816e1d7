"""LlamaIndex embeddings on both sides: any of theirs as our encoder, and our encoder as one of theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr

from corpus.errors import ModelFailed
from index.embedding import Embedder, Kind, Progress, Vectors


def _estimate(text: str) -> int:
    """Estimate a count of tokens: Arabic costs a multilingual vocabulary one for about three characters."""
    return -(-len(text) // 3)


class LlamaIndexEncoder:
    """A LlamaIndex embedding as an `Embedder`.

    `fingerprint` names the model in a store, by default with its class and `model_name`; give one when these
    do not tell two models apart. `count_tokens` is the model's own count; without one it is estimated.
    """

    def __init__(
        self,
        embedding: BaseEmbedding,
        *,
        max_tokens: int = 512,
        fingerprint: str | None = None,
        count_tokens: Callable[[str], int] = _estimate,
    ) -> None:
        self._embedding, self._max_tokens, self._count_tokens = embedding, max_tokens, count_tokens
        self._fingerprint = fingerprint or f"{type(embedding).__name__}:{embedding.model_name}"

    @property
    def fingerprint(self) -> str:
        """Name the model."""
        return self._fingerprint

    @property
    def max_tokens(self) -> int:
        """The longest text it reads, in tokens."""
        return self._max_tokens

    def count_tokens(self, text: str) -> int:
        """Count the tokens of `text`."""
        return self._count_tokens(text)

    def encode(self, texts: Sequence[str], kind: Kind, progress: Progress | None = None) -> Vectors:
        """Return an array of shape (len(texts), d), float32, rows of length 1.

        Raise `ModelFailed` for whatever the embedding raises, and when what it gives is not one vector of
        finite numbers, other than zero, for each text.
        """
        vectors: list[list[float]] = []
        size = self._embedding.embed_batch_size
        for start in range(0, len(texts), size):
            batch = list(texts[start : start + size])
            vectors += self._embed(batch, kind)
            if progress:
                progress(len(batch))
        try:
            found = np.array(vectors, np.float32).reshape(len(texts), -1 if vectors else 0)
        except ValueError as error:
            raise self._failed("vectors of different lengths") from error
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        if not np.all(np.isfinite(lengths) & (lengths > 0)):
            raise self._failed("a vector without direction")
        return np.asarray(found / lengths, np.float32)

    def _embed(self, batch: list[str], kind: Kind) -> list[list[float]]:
        try:
            if kind == "query":
                vectors = [self._embedding.get_query_embedding(text) for text in batch]
            else:
                vectors = self._embedding.get_text_embedding_batch(batch)
        except Exception as error:  # an embedding may call any library or service
            raise self._failed(str(error).partition("\n")[0] or type(error).__name__) from error
        if len(vectors) != len(batch):
            raise self._failed(f"{len(vectors)} vectors for {len(batch)} texts")
        return vectors

    def _failed(self, reason: str) -> ModelFailed:
        return ModelFailed(name=self._fingerprint, reason=reason)


class JawabEmbedding(BaseEmbedding):
    """An `Embedder` as a LlamaIndex embedding, for an index, a retriever or a query engine of theirs."""

    _encoder: Embedder = PrivateAttr()

    def __init__(self, encoder: Embedder, **options: Any) -> None:
        super().__init__(model_name=encoder.fingerprint, **options)
        self._encoder = encoder

    @classmethod
    def class_name(cls) -> str:
        """Name the class as LlamaIndex stores it."""
        return "JawabEmbedding"

    def _embeddings(self, texts: list[str], kind: Kind) -> list[list[float]]:
        vectors: list[list[float]] = self._encoder.encode(texts, kind).tolist()
        return vectors

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._embeddings([query], "query")[0]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._embeddings([text], "passage")[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._embeddings(texts, "passage")

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return await asyncio.to_thread(self._get_text_embedding, text)

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)
