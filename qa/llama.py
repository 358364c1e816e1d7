"""LlamaIndex, both ways: the assistant as its retriever and query engine, its LLMs to word our answers."""

from __future__ import annotations

import asyncio
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.llms import LLM, ChatMessage, MessageRole
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from corpus.article import Article
from corpus.errors import UsageError, in_each_language
from index.passage import Passage
from qa.assistant import Assistant
from qa.phrasing import Phraser
from qa.scope import Scope

TIME_LIMIT = 60.0
"""Seconds that a language model gets to word an answer."""
_REPLY_TOKENS = 300

_UNANSWERED = {
    "ar": "لم يصغ النموذج اللغوي الجواب ({why})، فبقي بألفاظ المقالات",
    "fr": "Le modèle de langue n'a pas rédigé la réponse ({why}) ; elle reste dans les mots des articles",
    "en": "The language model did not word the answer ({why}); it stays in the articles' words",
}
_START_IT = {
    "ar": "شغّل خادم النموذج وأعد السؤال، أو استغن عنه",
    "fr": "Lancez le serveur du modèle et reposez la question, ou passez-vous-en",
    "en": "Start the model's server and ask again, or go without it",
}
_NO_PACKAGE = {
    "ar": "حزمة llama-index-llms-openai-like غير مثبتة",
    "fr": "Le paquet llama-index-llms-openai-like n'est pas installé",
    "en": "The package llama-index-llms-openai-like is not installed",
}
_INSTALL_IT = {
    "ar": "ثبتها بالأمر: pip install '.[llm]'",
    "fr": "Installez-le avec : pip install '.[llm]'",
    "en": "Install it with: pip install '.[llm]'",
}
_NO_ADDRESS = {
    "ar": "«\u200e{url}» ليس عنوان خادم",
    "fr": "« {url} » n'est pas l'adresse d'un serveur",
    "en": '"{url}" is not the address of a server',
}
_WRITE_ADDRESS = {
    "ar": "اكتبه هكذا: \u200ehttp://127.0.0.1:8080/v1",
    "fr": "Écrivez-la comme http://127.0.0.1:8080/v1",
    "en": "Write it like http://127.0.0.1:8080/v1",
}


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

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


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
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}


def retriever(assistant: Assistant, *, top_k: int = 5, within: Scope | None = None) -> PassageRetriever:
    """Return the assistant's retrieval, inside a scope if one is given, as a LlamaIndex `BaseRetriever`."""
    return PassageRetriever(assistant, top_k=top_k, within=within)


def query_engine(assistant: Assistant, *, within: Scope | None = None) -> AnswerEngine:
    """Return the assistant as a LlamaIndex query engine whose `source_nodes` carry the passages."""
    return AnswerEngine(assistant, within=within)


def phraser(llm: LLM, *, time_limit: float = TIME_LIMIT) -> Phraser:
    """Let any LlamaIndex LLM word answers: `Assistant.load(phraser=phraser(llm))`.

    An LLM that fails, or takes longer than `time_limit` seconds, leaves the answer as it was found.
    """

    def write(instructions: str, request: str) -> str:
        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=instructions),
            ChatMessage(role=MessageRole.USER, content=request),
        ]
        said: SimpleQueue[str | Exception] = SimpleQueue()

        def chat() -> None:
            try:
                said.put(llm.chat(messages).message.content or "")
            except Exception as error:  # any library may be behind an LLM, and raise what it likes
                said.put(error)

        # A daemon: an LLM that hangs holds neither the answer nor the end of the program.
        Thread(target=chat, daemon=True).start()
        try:
            outcome = said.get(timeout=time_limit)
        except Empty:
            outcome = TimeoutError(f"{time_limit:g} s")
        if isinstance(outcome, Exception):
            why = " ".join(f"{type(outcome).__name__}: {outcome}".split())[:200]
            reason = in_each_language(_UNANSWERED, why=why)
            raise UsageError(reason=reason, remedy=_START_IT) from outcome
        return outcome

    return Phraser(write)


def openai_like(url: str, model: str) -> LLM:
    """Return the LLM behind an OpenAI-compatible server (llama.cpp, Ollama, vLLM), asked without any key.

    Raise UsageError when `url` is none, or the package that speaks to it is not installed.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        reason = in_each_language(_NO_ADDRESS, url=url)
        raise UsageError(reason=reason, remedy=_WRITE_ADDRESS)
    try:
        import httpx
        from llama_index.llms.openai_like import OpenAILike
    except ImportError as error:
        raise UsageError(reason=_NO_PACKAGE, remedy=_INSTALL_IT) from error
    return OpenAILike(  # type: ignore[call-arg]  # http_client is taken, though it is no field
        model=model,
        api_base=url,
        # Without one, a person's key for another service would be taken from the environment and sent.
        api_key="none",
        is_chat_model=True,
        temperature=0.0,
        max_tokens=_REPLY_TOKENS,
        timeout=TIME_LIMIT,
        max_retries=0,
        # The address that was named and no other: no proxy of the environment, no redirection.
        http_client=httpx.Client(trust_env=False, follow_redirects=False, timeout=TIME_LIMIT),
    )


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
