"""The chat page without a browser: what is served to pages and programs, and how it refuses to start."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from subprocess import PIPE

import pytest

import app
from corpus.errors import ModelDamaged, QuestionTooLong, UsageError
from qa.page_server import check_mcp, preferred_language
from qa.page_texts import LANGUAGES
from qa.scope import Scope
from tests.chat_page import LYON, QUOTE, Scripted, answer, free_port, serving

ROOT = Path(app.__file__).parent


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "ar"),
        ("ar-MA,ar;q=0.9,fr;q=0.8", "ar"),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("de,en-US;q=0.7", "en"),
        ("zgh, *;q=0.1", "ar"),
    ],
)
def test_the_page_speaks_the_first_language_the_browser_names_that_it_knows(accepted, language):
    assert preferred_language(accepted) == language


def test_a_port_in_use_is_a_sentence_and_exit_code_2(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert app.main(["--port", str(taken.getsockname()[1])]) == 2
    assert "--port" in capsys.readouterr().err


def test_a_store_that_is_not_there_is_a_sentence_and_exit_code_2(tmp_path, capsys):
    assert app.main(["--store", str(tmp_path / "none"), "--port", str(free_port())]) == 2
    assert "index build" in capsys.readouterr().err


def test_a_network_that_cannot_be_opened_is_a_sentence_and_exit_code_2(bundled_store, monkeypatch, capsys):
    def damaged(folder):
        raise ModelDamaged(path=folder)

    monkeypatch.setattr("qa.networks.SpanModel.load", damaged)
    port = free_port()
    assert app.main(["--store", str(bundled_store), "--port", str(port)]) == 2
    said = capsys.readouterr().err
    assert "make setup" in said and "Traceback" not in said
    with socket.create_server(("127.0.0.1", port)):
        pass  # the page is not served any more


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--host", "256.1.1.1"]])
def test_an_address_that_cannot_be_is_a_sentence_and_exit_code_2(arguments, capsys):
    assert app.main(arguments) == 2
    assert arguments[1] in capsys.readouterr().err


@pytest.fixture(scope="module")
def scripted():
    def reply(question):
        if len(question) >= 2000:
            return QuestionTooLong(length=len(question), limit=1000)
        return replace(answer(), question=question)

    return Scripted(reply)


@pytest.fixture(scope="module")
def address(scripted):
    with serving(scripted) as url:
        yield url


@pytest.fixture
def client(address):
    from gradio_client import Client

    return Client(address, verbose=False, analytics_enabled=False)


def test_the_front_door_leads_to_the_page_in_the_language_of_the_browser(address):
    import httpx

    reply = httpx.get(f"{address}?q=1", headers={"accept-language": "fr"})
    assert (reply.status_code, reply.headers["location"]) == (307, "fr?q=1")
    for language in LANGUAGES:
        assert "جواب" in httpx.get(f"{address}{language}").text


def test_a_browser_asks_each_time_whether_a_module_of_the_page_is_still_the_same(address):
    import httpx

    first = httpx.get(f"{address}page/chat.js")
    assert first.headers["cache-control"] == "no-cache"
    again = httpx.get(f"{address}page/chat.js", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


def test_a_question_is_answered_over_the_named_endpoint(client):
    said = client.predict("متى عُقد اجتماع ليون؟", api_name="/ask")
    (citation,) = said["citations"]
    assert said["text"] == "3 و4 شتنبر"
    assert citation["quote"] == QUOTE == LYON.text[citation["start"] : citation["end"]]
    assert citation["title"] == LYON.title


def test_the_articles_are_listed_and_searched_over_the_named_endpoint(client):
    (article,) = client.predict(api_name="/articles")
    assert (article["article_id"], article["publisher"]) == (LYON.id, LYON.publisher)
    assert client.predict("مراكش", api_name="/articles") == []


def test_an_error_is_answered_as_a_sentence_and_the_next_question_is_answered(client):
    with pytest.raises(Exception, match="2000"):
        client.predict("x" * 2000, api_name="/ask")
    with pytest.raises(Exception, match="2025-11-24"):
        client.predict("متى؟", since="أمس", api_name="/ask")
    assert client.predict("متى؟", api_name="/ask")["text"] == "3 و4 شتنبر"


def test_a_request_carries_its_own_history_and_scope(client, scripted):
    client.predict("ومن؟", history=["متى؟"], publishers=["جواب"], since="2024-01-31", api_name="/ask")
    client.predict("سؤال آخر", api_name="/ask")
    (_, history, within), (_, none, everywhere) = scripted.asked[-2:]
    assert (history, within) == (["متى؟"], Scope(frozenset({"جواب"}), date(2024, 1, 31)))
    assert (none, everywhere) == ([], None)


def test_eight_clients_at_once_get_the_answers_to_their_own_questions(address):
    from gradio_client import Client

    clients = [Client(address, verbose=False, analytics_enabled=False) for _ in range(8)]
    jobs = [client.submit(f"متى {number}؟", api_name="/ask") for number, client in enumerate(clients)]
    assert [job.result(timeout=30)["question"] for job in jobs] == [f"متى {number}؟" for number in range(8)]


def test_only_the_two_endpoints_are_offered_to_programs(client):
    assert set(client.view_api(return_format="dict")["named_endpoints"]) == {"/ask", "/articles"}


def test_the_same_two_are_tools_of_the_mcp_server():
    import asyncio

    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def use(address):
        async with streamable_http_client(address) as (read, write, _), ClientSession(read, write) as session:
            await session.initialize()
            tools = {tool.name: tool.inputSchema["properties"] for tool in (await session.list_tools()).tools}
            said = await session.call_tool("ask", {"question": "متى؟"})
            return tools, said.content[0].text

    with serving(Scripted(), mcp=True) as address:
        tools, said = asyncio.run(use(f"{address}gradio_api/mcp/"))
    assert {"ask", "articles"} == set(tools)
    assert "history" in tools["ask"]
    assert QUOTE in said


def test_a_password_from_the_environment_is_asked_of_pages_and_programs(monkeypatch):
    import httpx
    from gradio_client import Client

    monkeypatch.setenv("JAWAB_PASSWORD", "سر")
    with serving(Scripted()) as address:
        refused = httpx.post(f"{address}gradio_api/call/ask", json={"data": ["متى؟"]})
        assert refused.status_code == 401
        allowed = Client(address, auth=("jawab", "سر"), verbose=False, analytics_enabled=False)
        assert allowed.predict("متى؟", api_name="/ask")["text"] == "3 و4 شتنبر"


def test_the_command_serves_the_page_asks_no_other_host_and_ends_quietly(bundled_store, environment):
    import httpx

    port = str(free_port())
    command = [sys.executable, "app.py", "--store", str(bundled_store), "--port", port]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=PIPE,
        stderr=PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        assert process.stdout.readline().strip() == f"http://127.0.0.1:{port}"
        assert httpx.get(f"http://127.0.0.1:{port}/ar").status_code == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert not Path(environment["JAWAB_REFUSED"]).exists()


def test_tools_over_mcp_without_their_package_are_refused_with_what_to_install(monkeypatch):
    monkeypatch.setattr("qa.page_server.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install '\.\[mcp\]'"):
        check_mcp()
