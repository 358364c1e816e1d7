"""The pictures of the page in the README: `python -m docs.screenshots` takes them anew, offline."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import app
from corpus.reading import bundled_articles
from index.encoders import load_encoder
from index.settings import Settings
from index.store import build
from qa import Assistant
from qa.suggestions import Suggestions

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).parent
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 780}


def main() -> None:
    """Serve the bundled articles and take the pictures."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        blocks = app.build_page(_product(Path(folder)))
        app.serve(blocks, "127.0.0.1", port)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"] if os.geteuid() == 0 else []
            )
            _take_all(browser, f"http://127.0.0.1:{port}/")
            browser.close()
        blocks.close(verbose=False)


def _product(folder: Path) -> app.Product:
    build(folder / "store", bundled_articles(), embedder=load_encoder(Settings.from_environment()))
    assistant = Assistant.load(store=folder / "store")
    return app.Product(assistant, assistant.collection, Suggestions(assistant), folder)


def _take_all(browser: Browser, address: str) -> None:
    page = _open(browser, f"{address}ar", WIDE, "light")
    page.locator(".welcome .example").first.wait_for()
    _take(page, "welcome-ar")
    _ask(page, "متى عُقد اجتماع ليون؟")
    _take(page, "answer-ar")
    page.get_by_role("button", name="المقالات", exact=True).click()
    page.locator("#list li").first.wait_for()
    _take(page, "articles-ar")
    page = _open(browser, f"{address}en", WIDE, "dark")
    _ask(page, "When was the Hassan II mosque inaugurated?")
    _take(page, "answer-en-dark")
    page = _open(browser, f"{address}ar", PHONE, "dark")
    _ask(page, "شحال من دولة عضو فالإنتربول؟")
    _take(page, "phone-answer-ar-dark")
    page.locator(".words .chip").first.click()
    _take(page, "phone-source-ar-dark")
    page = _open(browser, f"{address}en", PHONE, "light")
    _ask(page, "What is the capital of Japan?")
    _take(page, "phone-silence-en")


def _open(browser: Browser, address: str, size: dict[str, int], scheme: str) -> Page:
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(address)
    page.wait_for_selector("#box textarea")
    return page


def _ask(page: Page, question: str) -> None:
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    page.locator(".outcome[data-shown=done]").last.wait_for()


def _take(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(3000)  # what is proposed to ask next comes after the answer
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
