"""What the measurements share, each part made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter

from benchmarks.collection import LARGE, Collection
from corpus.reading import bundled_articles
from eval.cases import BUNDLED, load
from eval.collection import collect
from index.change import Progress, silent
from index.embedding import Embedder, Kind
from index.passage import Passage
from index.store import BuildReport, Store, build
from qa.assistant import Assistant
from qa.networks import Networks
from qa.retrieval import HybridRetriever
from qa.span_model import SpanModel
from qa.trained_reader import Calibration

Stock = Callable[[Sequence[str], Kind], object]
"""The encoder as most programs run it: sentence-transformers on PyTorch, in 32 bits, 32 texts a batch."""

See = Callable[[str, Sequence[Passage]], object]
"""A network of the reader: makes something of a question and all the passages that are read for it."""

_BATCH = 32


@dataclass(frozen=True, slots=True)
class Built:
    """A store of the collection, and how long it took from reading the file to the last file written."""

    folder: Path
    report: BuildReport
    seconds: float


class Bench:
    """A collection, an encoder and the folder of its weights, and a folder to write to.

    `cache` is a folder where the store of `large` articles stays for the next time. What runs the encoder's
    and the reader's weights the stock way, and the reader itself, are loaded unless they are given.
    """

    def __init__(
        self,
        collection: Collection,
        embedder: Embedder,
        model: Path,
        folder: Path,
        *,
        cache: Path,
        large: int = LARGE,
        stock: Stock | None = None,
        plain: See | None = None,
        reader: tuple[SpanModel, Calibration] | None = None,
        progress: Progress = silent,
    ) -> None:
        self.collection, self.embedder, self.model, self.folder = collection, embedder, model, folder
        self.progress = progress
        self._cache, self._large = cache, large
        self._stock, self._plain, self._reader = stock, plain, reader

    @cached_property
    def stock(self) -> Stock:
        """The same weights, run the stock way."""
        return self._stock or stock_encoder(self.model)

    @cached_property
    def plain(self) -> See:
        """The reader's network as it was trained, run the stock way."""
        from benchmarks.plain_reader import plain_reader

        return self._plain or plain_reader(self.model)

    @cached_property
    def reader(self) -> tuple[SpanModel, Calibration]:
        """The reader's network, and how sure it may be."""
        return self._reader or (SpanModel.load(self.model), Calibration.load())

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
    def large(self) -> Path:
        """The store of the bundled articles among `large` others, which hold no answer to `questions`.

        It is the one that `python -m eval --distractors` makes of the same articles, and is kept with it:
        10,000 articles take minutes to encode.
        """
        others = self.collection.first(self._large)
        return collect(bundled_articles(), self.embedder, self._cache, self.progress, among=others)

    def assistant(self, store: Path) -> Assistant:
        """Return the product's assistant over a store."""
        opened = Store.open(store, fingerprint=self.embedder.fingerprint)
        reader, calibration = self.reader
        return Assistant(opened, Networks(lambda: self.embedder, lambda: reader), calibration)

    @cached_property
    def questions(self) -> list[str]:
        """Questions that people asked: those of the bundled set that stand alone, each once."""
        return [question for question, history in self.conversations if not history]

    @cached_property
    def conversations(self) -> list[tuple[str, tuple[str, ...]]]:
        """All questions of the bundled set, each with what was asked before it."""
        return list(dict.fromkeys((case.question, case.history) for case in load(BUNDLED).cases))


def stock_encoder(folder: Path) -> Stock:
    """Open a sentence-transformers folder the stock way."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def encode(texts: Sequence[str], kind: Kind) -> object:
        return model.encode(list(texts), prompt_name=kind, batch_size=_BATCH, show_progress_bar=False)

    return encode
