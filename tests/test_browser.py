"""The chat page in a real browser: what a person sees, clicks and reads, and that no other host is asked."""

from __future__ import annotations

import os
import shutil
from urllib.parse import urlsplit

import pytest

from tests.chat_page import HOSTILE, LYON, QUOTE, Scripted, answer, serving, silence

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install playwright"
)
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed: apt-get install chromium runs these tests"
)


@pytest.fixture(scope="module")
def browser():
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=as_root)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """Open an address in a browser of some language and width; no other host may be asked until the end."""
    opened, requested, failures = [], [], []

    def open_page(address, locale="ar-MA", width=1280):
        context = browser.new_context(locale=locale, viewport={"width": width, "height": 800})
        page = context.new_page()
        page.on("request", lambda request: requested.append(request.url))
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(address)
        page.wait_for_selector("#box textarea")
        opened.append(context)
        return page

    yield open_page
    for context in opened:
        context.close()
    hosts = {urlsplit(url).hostname for url in requested if urlsplit(url).scheme not in ("data", "blob")}
    assert hosts == {"127.0.0.1"}
    assert failures == []


@pytest.fixture(scope="module")
def real(bot):
    with serving(bot) as address:
        yield address


@pytest.fixture(scope="module")
def scripted():
    hostile = type(LYON)(id="h", title=HOSTILE, text=HOSTILE, source="h.md", url="javascript:alert(1)")
    replies = {HOSTILE: answer(hostile, quote=HOSTILE, span="<script>"), "?": silence("en")}
    return Scripted(lambda question: replies.get(question, answer()))


@pytest.fixture(scope="module")
def pretended(scripted):
    with serving(scripted) as address:
        yield address


def ask(page, question, kind=".answered"):
    """Type a question, press Enter, and return the last message of the kind that comes."""
    before = page.locator(kind).count()
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    message = page.locator(kind).nth(before)
    message.wait_for()
    return message


def is_inside(inner, outer):
    """Whether the top of the inner box stands within the outer box on the screen."""
    return outer["y"] <= inner["y"] < outer["y"] + outer["height"]


def reading_direction(element):
    """Which of the first and last characters of an element's one line stands on the left."""
    first, last = element.evaluate(
        """element => {
          const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
          return [0, text.data.trimEnd().length - 1].map(at => {
            const range = document.createRange();
            range.setStart(text, at);
            range.setEnd(text, at + 1);
            return range.getBoundingClientRect().x;
          });
        }"""
    )
    return "left to right" if first < last else "right to left"


def test_a_question_in_arabic_shows_its_answer_and_opens_on_the_marked_quote(visit, real):
    page = visit(real, width=390)
    message = ask(page, "متى عُقد اجتماع ليون؟")
    assert "3 و4 شتنبر" in message.locator("strong").inner_text()
    quote = message.locator("blockquote").inner_text()
    assert "ليون" in quote
    assert "[1]" in message.locator(".source").inner_text()
    message.locator("summary").click()
    marked = message.locator(".article mark")
    assert marked.inner_text() == quote
    assert len(message.locator(".article").inner_text()) > len(quote)
    page.wait_for_timeout(200)
    assert is_inside(marked.bounding_box(), page.get_by_role("log").bounding_box())


def test_a_question_the_articles_do_not_answer_gets_silence_and_what_came_closest(visit, real):
    message = ask(visit(real), "ما عاصمة اليابان؟", ".abstained")
    assert message.locator("strong, mark, blockquote").count() == 0
    assert "ليس جوابا" in message.locator(".closest > p").inner_text()
    message.locator(".closest summary").first.click()
    assert message.locator(".closest .article").first.inner_text()


def test_a_click_on_an_example_asks_it(visit, real):
    page = visit(real)
    page.locator("button.example").first.click()
    page.locator(".answered").wait_for()
    assert page.locator(".asked").inner_text() == "متى عُقد اجتماع ليون؟"


def test_the_page_speaks_the_language_of_the_browser_and_can_be_switched(visit, pretended):
    page = visit(pretended, locale="fr-FR")
    root = page.locator("html")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == ("fr", "ltr")
    assert "Rien ne quitte votre machine" in page.locator("header.jawab").inner_text()
    assert "30" in page.locator("header.jawab").inner_text()
    page.get_by_role("link", name="العربية").click()
    page.locator("html[lang=ar][dir=rtl]").wait_for()
    page.get_by_text("لا شيء يغادر جهازك").wait_for()


def test_hostile_text_stays_text_in_the_browser(visit, pretended):
    page = visit(pretended)
    message = ask(page, HOSTILE)
    assert page.locator(".asked p").text_content() == HOSTILE
    assert message.locator("blockquote").text_content() == HOSTILE
    assert message.locator(".article").text_content() == HOSTILE
    assert page.locator("[role=log] :is(script, img, iframe, a, .katex)").count() == 0
    assert page.title() == "جواب"


def test_an_english_question_reads_left_to_right_inside_the_arabic_page(visit, pretended):
    page = visit(pretended)
    question = page.get_by_text("When was the Hassan II mosque")
    assert reading_direction(question) == "left to right"
    question.click()
    assert reading_direction(page.locator(".asked p")) == "left to right"


def test_a_new_question_is_brought_into_view_after_a_long_article(visit, pretended):
    page = visit(pretended, width=360)
    for _ in range(3):
        ask(page, "متى؟").locator("summary").click()
    ask(page, "?", ".abstained")
    page.wait_for_timeout(1000)
    asked = page.locator(".asked").last.bounding_box()
    assert is_inside(asked, page.get_by_role("log").bounding_box())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("document.documentElement.scrollHeight") <= 800


def test_a_cleared_chat_is_forgotten(visit, pretended, scripted):
    page = visit(pretended)
    ask(page, "الأول")
    ask(page, "الثاني")
    assert scripted.asked[-1][1] == [answer()]
    page.locator("[role=log]").locator("xpath=..").get_by_role("button").first.click()
    page.locator(".asked").first.wait_for(state="detached")
    ask(page, "الثالث")
    assert scripted.asked[-1] == ("الثالث", [])


def test_an_open_article_stays_open_when_the_next_answer_comes(visit, pretended):
    page = visit(pretended)
    first = ask(page, "متى؟")
    first.locator("summary").click()
    ask(page, "ومتى؟")
    assert first.locator(".article mark").is_visible()
    assert first.locator(".article mark").inner_text() == QUOTE
