"""The assistant inside LlamaIndex components that know nothing of it."""

import asyncio

import pytest
from llama_index.core import Settings as LlamaSettings
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.indices.query.query_transform.base import IdentityQueryTransform
from llama_index.core.llms import MockLLM
from llama_index.core.postprocessor import SimilarityPostprocessor
from llama_index.core.query_engine import RetrieverQueryEngine, TransformQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.tools import QueryEngineTool

from qa.llama import query_engine, retriever
from qa.scope import Scope

QUESTION = "متى عُقد اجتماع ليون؟"


def test_nodes_are_slices_of_articles_with_their_source(bot):
    nodes = retriever(bot, top_k=3).retrieve(QUESTION)
    hits = bot.retrieve(QUESTION, 3)
    assert [node.node.get_content() for node in nodes] == [hit.passage.text for hit in hits]
    assert [node.node_id for node in nodes] == [hit.passage.id for hit in hits]
    assert nodes[0].metadata["article_id"] == "lyon-eighth-meeting"
    assert isinstance(retriever(bot), BaseRetriever)


def test_the_retriever_feeds_a_foreign_query_engine(bot):
    engine = RetrieverQueryEngine(
        retriever=retriever(bot),
        response_synthesizer=get_response_synthesizer(llm=MockLLM(), response_mode="compact"),
        node_postprocessors=[SimilarityPostprocessor(similarity_cutoff=0.0)],
    )
    response = engine.query(QUESTION)
    assert "شتنبر" in str(response)  # the mock model repeats its prompt: the passages reached it
    assert response.source_nodes[0].metadata["article_id"] == "lyon-eighth-meeting"


def test_the_retriever_is_fused_with_others(bot):
    both = [retriever(bot, top_k=2), retriever(bot, top_k=4)]
    fused = QueryFusionRetriever(both, llm=MockLLM(), num_queries=1, similarity_top_k=4, use_async=False)
    assert fused.retrieve(QUESTION)[0].metadata["article_id"] == "lyon-eighth-meeting"


def test_the_query_engine_answers_inside_a_tool_and_a_transform(bot):
    engine = TransformQueryEngine(query_engine(bot), IdentityQueryTransform())
    output = QueryEngineTool.from_defaults(engine, name="articles", description="Arabic articles").call(
        QUESTION
    )
    assert "شتنبر" in output.content
    response = engine.query(QUESTION)
    quote = response.source_nodes[0].node.get_content()
    assert quote == bot.ask(QUESTION).citations[0].quote
    assert response.metadata["text"] in quote


def test_a_scope_holds_for_both(bot):
    nobody = Scope(publishers=frozenset({"جريدة أخرى"}))
    assert retriever(bot, within=nobody).retrieve(QUESTION) == []
    assert query_engine(bot, within=nobody).query(QUESTION).metadata["abstained"]


def test_silence_has_no_source_nodes(bot):
    response = query_engine(bot).query("ما عاصمة اليابان؟")
    assert response.source_nodes == [] and response.metadata["abstained"]


def test_the_query_engine_answers_asynchronously(bot):
    assert str(asyncio.run(query_engine(bot).aquery(QUESTION))) == bot.ask(QUESTION).message


def test_the_global_settings_of_llama_index_are_neither_read_nor_set(bot, monkeypatch):
    before = LlamaSettings._llm, LlamaSettings._embed_model
    monkeypatch.setattr(type(LlamaSettings), "llm", property(lambda _: pytest.fail("read")))
    monkeypatch.setattr(type(LlamaSettings), "embed_model", property(lambda _: pytest.fail("read")))
    retriever(bot).retrieve(QUESTION)
    query_engine(bot).query(QUESTION)
    assert (LlamaSettings._llm, LlamaSettings._embed_model) == before
