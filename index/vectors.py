"""Where the nearest vectors are found: exactly, in memory, or in a Chroma collection on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.client import Client

Neighbour = tuple[str, float]
"""The id of a passage, and the cosine between its vector and the one asked for."""

_COLLECTION = "passages"
_BATCH = 1000
_COMPARED, _ROUNDING, _MISSED_AT_MOST = 10, 1e-3, 0.3
_EF = 200  # how many candidates a search keeps: the most neighbours it can find, and its recall


class VectorsUnusable(Exception):
    """A vector store failed; `str(error)` has the reason it gave."""


class VectorStore(Protocol):
    """Finds the vectors nearest to one."""

    def __len__(self) -> int:
        """Count the vectors."""

    def search(self, vector: NDArray[np.float32], k: int) -> list[Neighbour]:
        """Return the `k` nearest to `vector` of shape (d,), or all when there are fewer, nearest first."""


class ExactVectors:
    """Compares with every vector: the yardstick of other stores, and fast enough for a few thousand."""

    def __init__(self, ids: Sequence[str], vectors: Vectors) -> None:
        self._ids, self._vectors = ids, vectors

    def __len__(self) -> int:
        return len(self._ids)

    def search(self, vector: NDArray[np.float32], k: int) -> list[Neighbour]:
        """See `VectorStore.search`; equal cosines stand in the order of the ids given."""
        if not len(self):
            return []
        cosines = self._vectors @ vector
        return [(self._ids[i], float(cosines[i])) for i in np.argsort(-cosines, kind="stable")[:k]]


class ChromaVectors:
    """A Chroma collection in a folder of its own; safe to share among threads and reading processes.

    Everything is written through before a change returns (`sync_threshold`), so that the files of the
    graph never change while they are only read.
    """

    def __init__(self, client: Client, collection: Collection) -> None:
        self._client, self._collection = client, collection
        self._size = collection.count()

    @classmethod
    def create(
        cls, folder: Path, batches: Iterable[tuple[Sequence[str], Vectors]], size: int
    ) -> ChromaVectors:
        """Fill a new collection with `size` vectors and their ids; raise VectorsUnusable when it fails."""
        with ExitStack() as failed:
            with _translated():
                client = _client(folder)
                failed.callback(client.close)
                collection = client.create_collection(
                    _COLLECTION,
                    embedding_function=None,
                    configuration={
                        "hnsw": {"space": "cosine", "ef_search": _EF, "sync_threshold": max(size, 2)}
                    },
                )
            for ids, vectors in batches:  # what fails there is no failure of Chroma
                with _translated():
                    _upsert(collection, ids, vectors)
            with _translated():
                filled = cls(client, collection)
            failed.pop_all()
            return filled

    @classmethod
    def open(cls, folder: Path) -> ChromaVectors:
        """Open what `create` filled; raise VectorsUnusable when it cannot be."""
        with _translated(), ExitStack() as failed:
            client = _client(folder)
            failed.callback(client.close)
            store = cls(client, client.get_collection(_COLLECTION, embedding_function=None))
            failed.pop_all()
            return store

    @classmethod
    def change(
        cls, folder: Path, removed: Sequence[str], ids: Sequence[str], vectors: Vectors
    ) -> ChromaVectors:
        """Open, take `removed` out, put `ids` in or in place of what they were; raise VectorsUnusable."""
        with _translated():
            store = cls.open(folder)
            store._collection.modify(
                configuration={"hnsw": {"sync_threshold": max(len(removed) + len(ids), 2)}}
            )
            store.close()  # the threshold holds from the next opening
            store = cls.open(folder)
            for start in range(0, len(removed), _BATCH):
                store._collection.delete(ids=list(removed[start : start + _BATCH]))
            _upsert(store._collection, ids, vectors)
            return cls(store._client, store._collection)

    def __len__(self) -> int:
        return self._size

    def search(self, vector: NDArray[np.float32], k: int) -> list[Neighbour]:
        """See `VectorStore.search`; raises VectorsUnusable."""
        k = min(k, self._size)
        if not k:
            return []
        with _translated():
            found = self._collection.query(
                query_embeddings=vector[np.newaxis], n_results=k, include=["distances"]
            )
        distances = found["distances"] or [[]]
        return [(id_, 1 - distance) for id_, distance in zip(found["ids"][0], distances[0], strict=True)]

    def close(self) -> None:
        """Let the files go; what is closed is not used again."""
        self._client.close()


def agree(vectors: VectorStore, some: ExactVectors, samples: Vectors) -> bool:
    """Tell whether `vectors` finds, near each of `samples`, what exact search over `some` of them finds.

    An approximate search may miss one, or a few of many; it finds as many as asked, and the same cosines.
    """
    missed = expected = 0
    for sample in samples:
        found = dict(vectors.search(sample, _COMPARED))
        if len(found) < min(len(vectors), _COMPARED):
            return False
        farthest = min(found.values())
        for id_, cosine in some.search(sample, _COMPARED):
            if id_ in found and abs(found[id_] - cosine) > _ROUNDING:
                return False
            nearer = cosine > farthest + _ROUNDING
            expected += nearer
            missed += nearer and id_ not in found
    return missed <= max(1, expected * _MISSED_AT_MOST)


def _client(folder: Path) -> Client:
    from chromadb import PersistentClient
    from chromadb.config import Settings

    client = PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    return cast("Client", client)  # its declared type has no close()


def _upsert(collection: Collection, ids: Sequence[str], vectors: Vectors) -> None:
    for start in range(0, len(ids), _BATCH):
        collection.upsert(ids=list(ids[start : start + _BATCH]), embeddings=vectors[start : start + _BATCH])


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except VectorsUnusable:
        raise
    except Exception as error:
        raise VectorsUnusable(str(error)) from error
    except BaseException as error:
        # What panics inside Chroma is no Exception in Python.
        if type(error).__name__ != "PanicException":
            raise
        raise VectorsUnusable(str(error)) from error
