"""The two networks that answer: the encoder, which finds passages, and the reader, which reads them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Self

from index import manifest
from index.e5 import prepare
from index.embedding import Embedder
from index.encoders import load_encoder
from index.settings import Settings
from qa.span_model import SpanModel


class Networks:
    """Opens each network when it is first asked for, once; safe to share between threads."""

    def __init__(
        self,
        open_encoder: Callable[[], Embedder],
        open_reader: Callable[[], SpanModel],
        fingerprint: str | None = None,
    ) -> None:
        """Take what opens them, and the encoder's fingerprint where it is known before."""
        self._open_encoder, self._open_reader = open_encoder, open_reader
        self._fingerprint = fingerprint
        self._encoder: Embedder | None = None
        self._reader: SpanModel | None = None
        self._opening_encoder, self._opening_reader = Lock(), Lock()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return those that the settings name, the default encoder made ready. Raises ModelError."""
        folder = prepare(settings.models)
        fingerprint = manifest.read(folder).fingerprint if settings.encoder is None else None
        # Whatever encoder retrieves, the reader shares its first layers with the default one.
        return cls(partial(load_encoder, settings), partial(SpanModel.load, folder), fingerprint)

    @property
    def fingerprint(self) -> str:
        """The encoder's fingerprint; it is opened only when that cannot be told otherwise."""
        return self._fingerprint or self.encoder().fingerprint

    def encoder(self) -> Embedder:
        """Return the encoder; raises ModelError."""
        with self._opening_encoder:
            if self._encoder is None:
                self._encoder = self._open_encoder()
            return self._encoder

    def reader(self) -> SpanModel:
        """Return the reader; raises ModelError."""
        with self._opening_reader:
            if self._reader is None:
                self._reader = self._open_reader()
            return self._reader
