"""The assistant as LlamaIndex objects: a retriever and a query engine that foreign components can use."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from corpus.article import Article
from index.passage import Passage
from qa.assistant import Assistant
from qa.scope import Scope


class PassageRetriever(BaseRetriever):
    """Our hybrid retrieval as a LlamaIndex retriever; node ids are passage ids."""

    def __init__(self, assistant: Assistant, *, top_k: int = 5, within: Scope | None = None) -> None:
        """Retrieve `top_k` passages a question; an own callback manager keeps the global Settings out."""
        self._assistant = assistant
        self._within = within
        self._top_k = top_k
        super().__init__(callback_manager=CallbackManager([]))

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._assistant.retrieve(query_bundle.query_str, self._top_k, within=self._within)
        return [_node(h.passage.article, h.passage.start, h.passage.end, h.score) for h in hits]


class AnswerEngine(BaseQueryEngine):
    """Our assistant as a LlamaIndex query engine: the response is its message, the nodes its quotes."""

    def __init__(self, assistant: Assistant, *, within: Scope | None = None) -> None:
        """Answer from `assistant`."""
        self._assistant = assistant
        self._within = within
        super().__init__(callback_manager=CallbackManager([]))

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._assistant.ask(query_bundle.query_str, within=self._within)
        return Response(
            response=answer.message,
            source_nodes=[_node(c.article, c.start, c.end, answer.confidence) for c in answer.citations],
            metadata={"text": answer.text, "abstained": answer.abstained, "confidence": answer.confidence},
        )

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}


def retriever(assistant: Assistant, *, top_k: int = 5, within: Scope | None = None) -> PassageRetriever:
    """Return the assistant's retrieval, inside a scope if one is given, as a LlamaIndex `BaseRetriever`."""
    return PassageRetriever(assistant, top_k=top_k, within=within)


def query_engine(assistant: Assistant, *, within: Scope | None = None) -> AnswerEngine:
    """Return the assistant as a LlamaIndex query engine whose `source_nodes` carry the passages."""
    return AnswerEngine(assistant, within=within)


def _node(article: Article, start: int, end: int, score: float) -> NodeWithScore:
    metadata = {
        "article_id": article.id,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "publisher": article.publisher,
        "published": article.published and article.published.isoformat(),
        "start": start,
        "end": end,
    }
    # Offsets and ids are for programs; an LLM or an embedding that reads the node wants words only.
    hidden = ["article_id", "url", "start", "end"]
    node = TextNode(
        id_=Passage(article, start, end).id,
        text=article.text[start:end],
        metadata=metadata,
        excluded_embed_metadata_keys=hidden,
        excluded_llm_metadata_keys=hidden,
    )
    return NodeWithScore(node=node, score=score)
