"""What the measurements share, each part made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter

from benchmarks.collection import Collection
from eval.cases import BUNDLED, load
from index.change import Progress, silent
from index.embedding import Embedder, Kind
from index.store import BuildReport, Store, build
from qa.retrieval import HybridRetriever

Stock = Callable[[Sequence[str], Kind], object]
"""The encoder as most programs run it: sentence-transformers on PyTorch, in 32 bits, 32 texts a batch."""

_BATCH = 32


@dataclass(frozen=True, slots=True)
class Built:
    """A store of the collection, and how long it took from reading the file to the last file written."""

    folder: Path
    report: BuildReport
    seconds: float


class Bench:
    """A collection, an encoder and the folder of its weights, and a folder to write to."""

    def __init__(
        self,
        collection: Collection,
        embedder: Embedder,
        model: Path,
        folder: Path,
        *,
        stock: Stock | None = None,
        progress: Progress = silent,
    ) -> None:
        self.collection, self.embedder, self.model, self.folder = collection, embedder, model, folder
        self.progress = progress
        self._stock = stock

    @cached_property
    def stock(self) -> Stock:
        """The same weights, run the stock way."""
        return self._stock or stock_encoder(self.model)

    @cached_property
    def built(self) -> Built:
        """The store of the whole collection, built from its file."""
        folder = self.folder / "store"
        started = perf_counter()
        report = build(folder, self.collection.read(), embedder=self.embedder, progress=self.progress)
        return Built(folder, report, perf_counter() - started)

    @cached_property
    def store(self) -> Store:
        """That store, open."""
        return Store.open(self.built.folder, fingerprint=self.embedder.fingerprint)

    @cached_property
    def retriever(self) -> HybridRetriever:
        """The product's retrieval over that store."""
        return HybridRetriever(self.store.snapshot(), self.embedder)

    @cached_property
    def questions(self) -> list[str]:
        """Questions that people asked: those of the bundled set that stand alone, each once."""
        cases = load(BUNDLED).cases
        return list(dict.fromkeys(case.question for case in cases if not case.history))


def stock_encoder(folder: Path) -> Stock:
    """Open a sentence-transformers folder the stock way."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def encode(texts: Sequence[str], kind: Kind) -> object:
        return model.encode(list(texts), prompt_name=kind, batch_size=_BATCH, show_progress_bar=False)

    return encode
