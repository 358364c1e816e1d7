"""Our retrieval, against a LlamaIndex `VectorStoreIndex` on Chroma with the same encoder."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from benchmarks.bench import Bench
from benchmarks.figures import Figure, Unmeasured
from benchmarks.timing import both
from corpus.article import Article
from index.store import Snapshot, Store, build
from qa.retrieval import HybridRetriever

if TYPE_CHECKING:
    from llama_index.core.retrievers import BaseRetriever

QUESTIONS = 200
PASSAGES = 5


def measure(bench: Bench) -> list[Figure]:
    """Ask for articles by their titles, which neither side has indexed; time both, and count the found.

    Both hold the same passages and the same vectors of them: what differs is the search. An article counts
    as found when one of its passages comes first, or among the first five. In a collection of made articles
    a title tells nothing, so only the times are given.

    Raises Unmeasured without LlamaIndex's package for Chroma.
    """
    try:
        import llama_index.vector_stores.chroma  # noqa: F401 - before a build that would be in vain
    except ImportError:
        raise Unmeasured("pip install llama-index-vector-stores-chroma") from None
    folder = bench.folder / "untitled"
    untitled = [replace(article, title="") for article in bench.collection.read()]
    build(folder, untitled, embedder=bench.embedder, progress=bench.progress)
    with Store.open(folder) as store:
        snapshot = store.snapshot()
        our_retriever, their_retriever = HybridRetriever(snapshot, bench.embedder), _llama(bench, snapshot)

        def ours(question: str) -> list[str]:
            return [hit.passage.article_id for hit in our_retriever.search(question, PASSAGES)]

        def theirs(question: str) -> list[str]:
            return [found.node.metadata["article"] for found in their_retriever.retrieve(question)]

        titled = _titled(bench.collection.read(), snapshot)
        baseline, taken = both(theirs, ours, [article.title for article in titled])
        figures = [
            Figure(name="retrieve", what="question to five passages", value=taken.median * 1e3, unit="ms"),
            Figure(
                name="llama", what="the same by LlamaIndex on Chroma", value=baseline.median * 1e3, unit="ms"
            ),
            Figure(
                name="ratio",
                what="ours ÷ LlamaIndex on Chroma",
                value=taken.median / baseline.median,
                unit="×",
            ),
        ]
        if bench.collection.real:
            asked = f"article found by its title, {len(titled)} asked"
            for name, who, find in (("", "ours", ours), ("llama_", "LlamaIndex", theirs)):
                found = [(article.id, find(article.title)) for article in titled]
                for depth in (1, PASSAGES):
                    share = sum(gold in ids[:depth] for gold, ids in found) / len(found)
                    unit = f"recall@{depth}"
                    figures.append(
                        Figure(name=f"{name}{unit}", what=f"{asked}: {who}", value=share, unit=unit)
                    )
        return figures


def _titled(articles: list[Article], snapshot: Snapshot) -> list[Article]:
    """Choose articles at random; of two with one text the store keeps one, and asks for no other."""
    kept = {article.id for article in snapshot.articles()}
    asked = [article for article in articles if article.title and article.id in kept]
    return Random(0).sample(asked, min(QUESTIONS, len(asked)))


def _llama(bench: Bench, snapshot: Snapshot) -> BaseRetriever:
    """Put the passages of a snapshot, with the vectors they have, into an index of LlamaIndex."""
    from chromadb import PersistentClient
    from chromadb.config import Settings
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.schema import TextNode
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from index.llama import JawabEmbedding

    client = PersistentClient(str(bench.folder / "llama"), settings=Settings(anonymized_telemetry=False))
    collection = client.create_collection("passages", embedding_function=None)
    nodes = []
    for ordinal, vector in enumerate(snapshot.vectors(range(len(snapshot)))):
        passage = snapshot.passage(ordinal)
        nodes.append(
            TextNode(
                id_=passage.id,
                text=passage.text,
                metadata={"article": passage.article_id},
                embedding=vector.tolist(),
            )
        )
    index = VectorStoreIndex(
        nodes=nodes,
        storage_context=StorageContext.from_defaults(
            vector_store=ChromaVectorStore(chroma_collection=collection)
        ),
        embed_model=JawabEmbedding(bench.embedder),
    )
    return index.as_retriever(similarity_top_k=PASSAGES)
