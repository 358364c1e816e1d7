"""What every test shares: the network is refused, the store is real, and one real assistant is made once.

The tests of the page share a browser, and a page whose assistant says what it is told to.
"""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from corpus.errors import QuestionTooLong
from corpus.reading import bundled_articles
from index.encoders import load_encoder
from index.settings import Settings
from index.store import build
from qa import Assistant
from tests.browser import CHROMIUM, PATIENCE
from tests.chat_page import HOSTILE, LYON, QUOTE, Proposing, Scripted, Shelf, answer, serving, silence
from tests.offline import sitecustomize  # noqa: F401 - refuses connections from here on

OFFLINE = Path(__file__).parent / "offline"
LONG = replace(LYON, id="long", title="مقال طويل", text=f"{'تمهيد. ' * 900}\n\n{QUOTE}\n\n{'خاتمة. ' * 900}")


@pytest.fixture(scope="session")
def encoder():
    """The real default encoder, prepared once in the user's cache."""
    return load_encoder(Settings())


@pytest.fixture(scope="session")
def bundled_store(encoder, tmp_path_factory):
    """A store of the bundled articles."""
    path = tmp_path_factory.mktemp("bundled") / "store"
    build(path, bundled_articles(), embedder=encoder)
    return path


@pytest.fixture(scope="session")
def bot(bundled_store):
    """The real assistant over the bundled articles."""
    return Assistant.load(store=bundled_store)


@pytest.fixture
def environment(tmp_path):
    """The environment of a child process that cannot reach the network and has a data folder of its own."""
    return {
        **os.environ,
        "PYTHONPATH": f"{OFFLINE}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
        "JAWAB_REFUSED": str(tmp_path / "refused.txt"),
        "JAWAB_STORE": str(tmp_path / "default-store"),
        "LANG": "en_US.UTF-8",
        "PYTHONIOENCODING": "utf-8",
    }


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "chromium is not installed: apt-get install chromium"
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=as_root)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """Open an address in a browser of some language and width; no other host may be asked until the end."""
    opened, requested, failures = [], [], []

    def open_page(address, locale="ar-MA", width=1280, context=None, **options):
        context = context or browser.new_context(
            locale=locale, viewport={"width": width, "height": 800}, **options
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("request", lambda request: requested.append(request.url))
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(address)
        page.wait_for_selector("#box textarea")
        page.wait_for_selector("body[data-view=ask]")
        opened.append(context)
        return page

    yield open_page
    for context in opened:
        context.close()
    hosts = {urlsplit(url).hostname for url in requested if urlsplit(url).scheme not in ("data", "blob")}
    assert hosts == {"127.0.0.1"}
    assert failures == []


@pytest.fixture(scope="module")
def real(bot, tmp_path_factory):
    folder = tmp_path_factory.mktemp("views")
    with serving(bot, collection=bot.collection, folder=folder) as address:
        yield address


class Waiting:
    """What a scripted question waits for, so that a test can act while it is being answered."""

    def __init__(self):
        self.let_go = threading.Event()


@pytest.fixture(scope="module")
def waiting():
    return Waiting()


@pytest.fixture(scope="module")
def scripted(waiting):
    hostile = replace(LYON, id="h", title=HOSTILE, text=HOSTILE, source="h.md", url="javascript:alert(1)")
    replies = {
        HOSTILE: answer(hostile, quote=HOSTILE, span="<script>"),
        "?": silence("en"),
        "طويل": answer(LONG),
        "عنوان": answer(replace(LYON, id="u", title="rapport_annuel_" * 12)),
        "خطأ": QuestionTooLong(length=5000, limit=1000),
        "عطل": RuntimeError("not for a person"),
    }

    def reply(question):
        if question == "انتظر":
            waiting.let_go.wait(20)
        return replies.get(question) or answer()

    return Scripted(reply)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("scripted")


@pytest.fixture(scope="module")
def pretended(scripted, folder):
    dated = [replace(LYON, published=date(2024, 9, 5)), replace(LONG, published=date(2025, 11, 24))]
    suggestions = Proposing(["متى عُقد اجتماع ليون؟", "When was the Lyon meeting?"], ["ومن ترأس الوفد؟"])
    with serving(scripted, collection=Shelf(*dated), suggestions=suggestions, folder=folder) as address:
        yield address
