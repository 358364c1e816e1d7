"""The chat page in a real browser: what a person sees, presses and reads, and that no other host is asked."""

from __future__ import annotations

import os
import re
import shutil
import threading
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import pytest

from corpus.errors import QuestionTooLong
from tests.chat_page import HOSTILE, LYON, QUOTE, Proposing, Scripted, Shelf, answer, serving, silence

CHROMIUM = shutil.which("chromium")
if os.environ.get("JAWAB_BROWSER") != "required":
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium", allow_module_level=True)
    pytest.importorskip("playwright", reason="playwright is not installed: pip install playwright")
WIDE, PHONE = 1440, 360
PATIENCE = 120_000
"""Milliseconds: a machine that does other things as well is slow, not wrong."""
LONG = replace(LYON, id="long", title="مقال طويل", text=f"{'تمهيد. ' * 900}\n\n{QUOTE}\n\n{'خاتمة. ' * 900}")
MIXED = "قال Jean-Pierre Martin سنة 2030 إن الاجتماع مهم"


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


def ask(page, question, kind=".answered"):
    """Type a question, press Enter, and return the last message of the kind that comes."""
    before = page.locator(kind).count()
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    message = page.locator(kind).nth(before)
    message.wait_for()
    return message


def is_inside(inner, outer):
    """Whether the inner box stands within the outer box on the screen, at least its top."""
    return outer["y"] <= inner["y"] < outer["y"] + outer["height"]


def places(element, *words):
    """The x of the left edge of each word in the text of an element, on the screen."""
    return element.evaluate(
        """(element, words) => words.map(word => {
          const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
          for (let text; (text = walker.nextNode());) {
            const at = text.data.indexOf(word);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(text, at);
            range.setEnd(text, at + word.length);
            return range.getBoundingClientRect().x;
          }
        })""",
        list(words),
    )


# What is asked and read


def test_a_question_in_arabic_shows_its_answer_and_opens_on_the_marked_quote(visit, real):
    page = visit(real, width=PHONE)
    message = ask(page, "متى عُقد اجتماع ليون؟")
    assert "3 و4 شتنبر" in message.locator("strong").first.inner_text()
    quote = message.locator("blockquote").first.text_content()
    message.locator(".words .chip").first.click()
    marked = page.locator(".reader .article mark")
    assert marked.text_content() in quote
    assert len(page.locator(".reader .article").text_content()) > len(quote)
    assert is_inside(marked.bounding_box(), page.locator(".reader .article").bounding_box())


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_a_citation_scrolls_a_long_article_to_the_exact_characters(visit, pretended, width):
    page = visit(pretended, width=width)
    ask(page, "طويل").locator(".words .chip").click()
    article, marked = page.locator(".reader .article"), page.locator(".reader .article mark")
    assert marked.text_content() == QUOTE
    box, around = marked.bounding_box(), article.bounding_box()
    assert around["y"] <= box["y"] and box["y"] + box["height"] <= around["y"] + around["height"]
    assert article.evaluate("element => element.scrollTop") > 200
    page.keyboard.press("Escape")
    assert not article.is_visible()
    assert page.locator(".words .chip").evaluate("chip => chip === document.activeElement")


def test_a_wide_page_shows_the_source_beside_the_answer_and_a_narrow_one_waits_to_be_asked(visit, pretended):
    wide, narrow = visit(pretended, width=WIDE), visit(pretended, width=PHONE)
    message = ask(wide, "متى؟")
    wide.locator(".reader mark").wait_for()
    assert wide.locator(".reader").bounding_box()["x"] < message.bounding_box()["x"]
    assert wide.locator("#box textarea").evaluate("box => box === document.activeElement")
    ask(narrow, "متى؟")
    assert not narrow.locator(".reader").is_visible()


def test_a_question_the_articles_do_not_answer_gets_silence_and_what_came_closest(visit, pretended):
    message = ask(visit(pretended), "?", ".abstained")
    assert message.locator("strong, mark, blockquote").count() == 0
    assert "ليس جوابا" in message.locator(".closest h3").inner_text()
    message.locator(".closest summary").first.click()
    assert message.locator(".closest .article").first.inner_text()


def test_the_first_sight_tells_what_there_is_to_ask_and_a_press_on_an_example_asks_it(visit, pretended):
    page = visit(pretended)
    page.locator(".welcome .example").first.wait_for()
    held = page.locator(".welcome .holds").inner_text()
    assert "2" in held and "5 شتنبر 2024" in held and "24 نونبر 2025" in held
    assert "لا شيء يغادر جهازك" in page.locator(".welcome .privacy").inner_text()
    page.locator(".welcome .example").first.click()
    page.locator(".answered").wait_for()
    assert page.locator(".asked p").inner_text() == "متى عُقد اجتماع ليون؟"
    assert not page.locator(".welcome").is_visible()


def test_an_error_is_a_sentence_and_an_unexpected_one_can_be_asked_again(visit, pretended):
    page = visit(pretended)
    assert "5000" in ask(page, "خطأ", ".error").inner_text()
    ask(page, "عطل", ".error.failed").get_by_role("button").wait_for()
    assert ask(page, "متى؟").locator("strong").inner_text() == "3 و4 شتنبر"


def test_a_question_typed_before_the_chat_is_there_is_asked_once_it_is(browser, pretended):
    page = browser.new_page(locale="ar-MA")
    page.set_default_timeout(PATIENCE)
    held = []
    page.route("**/page/chat.js", lambda route: held.append(route))
    page.goto(pretended)
    page.fill("#box textarea", "متى؟")
    page.press("#box textarea", "Enter")
    page.wait_for_function("jawab.early.length")
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    page.locator(".answered").wait_for()
    assert page.locator(".asked p").inner_text() == "متى؟"
    page.close()


# A conversation


def test_a_follow_up_carries_the_questions_before_it_and_a_new_chat_does_not(visit, pretended, scripted):
    page = visit(pretended)
    ask(page, "الأول")
    page.locator(".next .example").click()
    page.locator(".answered").nth(1).wait_for()
    assert scripted.asked[-1] == ("ومن ترأس الوفد؟", ["الأول"], None)
    page.get_by_role("button", name="محادثة جديدة").click()
    assert page.locator(".turn").count() == 0
    page.reload()
    page.locator("#box textarea").wait_for()
    assert page.locator(".turn").count() == 0
    ask(page, "الثالث")
    assert scripted.asked[-1] == ("الثالث", [], None)


def test_two_chats_at_the_same_time_stay_apart(visit, pretended, scripted):
    one, other = visit(pretended), visit(pretended)
    ask(one, "سؤال هنا")
    ask(other, "سؤال هناك")
    ask(one, "وبعده؟")
    assert scripted.asked[-1] == ("وبعده؟", ["سؤال هنا"], None)
    assert other.locator(".turn").count() == 1


def test_a_reload_keeps_the_chat_and_its_citations_and_earlier_chats_can_be_opened(visit, pretended):
    page = visit(pretended, width=PHONE)
    ask(page, "متى؟")
    page.reload()
    page.locator(".answered .words .chip").click()
    assert page.locator(".reader mark").text_content() == QUOTE
    page.keyboard.press("Escape")
    page.get_by_role("button", name="محادثة جديدة").click()
    ask(page, "?", ".abstained")
    page.get_by_role("button", name="المحادثات السابقة").click()
    page.locator(".chats-menu").get_by_text("متى؟").click()
    assert page.locator(".asked p").all_inner_texts() == ["متى؟"]


def test_a_reload_in_the_middle_of_a_question_asks_it_again(visit, pretended, waiting, scripted):
    page = visit(pretended)
    page.locator(".scope summary").click()
    page.locator(".scope").get_by_label("جواب").check()
    waiting.let_go.clear()
    page.fill("#box textarea", "انتظر")
    page.press("#box textarea", "Enter")
    page.locator(".waiting").wait_for()
    page.reload()
    page.locator(".waiting").wait_for()
    waiting.let_go.set()
    page.locator(".answered").wait_for()
    assert page.locator(".asked p").all_inner_texts() == ["انتظر"]
    assert set(scripted.asked[-1][2].publishers) == {"جواب"}


def test_a_question_can_be_stopped_and_asked_again(visit, pretended, waiting):
    page = visit(pretended)
    waiting.let_go.clear()
    page.fill("#box textarea", "انتظر")
    page.press("#box textarea", "Enter")
    page.get_by_role("button", name="أوقف").click()
    page.locator(".stopped").wait_for()
    waiting.let_go.set()
    page.get_by_role("button", name="اسأل مرة أخرى").click()
    page.locator(".answered").wait_for()
    assert page.locator(".turn").count() == 1


def test_a_question_can_be_edited_and_what_came_after_it_goes(visit, pretended, scripted):
    page = visit(pretended)
    ask(page, "الأول")
    ask(page, "الثاني")
    page.locator(".asked").first.hover()
    page.get_by_role("button", name="عدّل السؤال").first.click()
    assert page.input_value("#box textarea") == "الأول"
    page.fill("#box textarea", "الأول مصححا")
    page.press("#box textarea", "Enter")
    page.locator(".asked p").get_by_text("الأول مصححا").wait_for()
    page.locator(".answered").wait_for()
    assert page.locator(".turn").count() == 1
    assert scripted.asked[-1] == ("الأول مصححا", [], None)


def test_answer_citation_and_link_are_copied_and_the_link_asks_the_question(visit, pretended):
    page = visit(pretended, permissions=["clipboard-read", "clipboard-write"])
    message = ask(page, "متى؟")

    def copied(name):
        message.get_by_role("button", name=name).click()
        page.get_by_role("status").get_by_text("نُسخ").wait_for()
        return page.evaluate("navigator.clipboard.readText()")

    assert copied("انسخ الجواب") == answer().message
    assert copied("انسخ الإحالة") == f"[1] «{QUOTE}» – «{LYON.title}»، جواب"
    shared = copied("انسخ رابط السؤال")
    other = visit(shared)
    other.locator(".answered").wait_for()
    assert other.locator(".asked p").inner_text() == "متى؟"
    assert "?q" not in other.url


def test_a_chat_is_downloaded_as_markdown_with_its_citations(visit, pretended):
    page = visit(pretended)
    ask(page, "متى؟")
    with page.expect_download() as download:
        page.get_by_role("button", name="تنزيل المحادثة").click()
    text = download.value.path().read_text("utf-8")
    assert "## متى؟" in text
    assert f"> {QUOTE}" in text
    assert LYON.title in text


def test_a_view_on_an_answer_is_kept_with_its_reason(visit, pretended, folder):
    page = visit(pretended)
    message = ask(page, "متى؟")
    message.get_by_role("button", name="جواب صحيح").click()
    message.locator(".reason textarea").fill("اليوم صحيح")
    message.get_by_role("button", name="أرسل").click()
    page.get_by_text("حُفظ رأيك").wait_for()
    assert "اليوم صحيح" in (folder / "feedback.jsonl").read_text("utf-8")


def test_a_question_is_limited_to_publishers_and_days(visit, pretended, scripted):
    page = visit(pretended)
    page.locator(".scope summary").click()
    page.locator(".scope").get_by_label("جواب").check()
    page.get_by_label("من يوم").fill("2024-09-01")
    assert "جواب · 2024-09-01" in page.locator(".scope .chosen").inner_text()
    ask(page, "متى؟")
    within = scripted.asked[-1][2]
    assert (set(within.publishers), within.since, within.until) == ({"جواب"}, date(2024, 9, 1), None)


# The articles


def test_an_article_is_added_asked_about_found_in_the_list_and_deleted(visit, real, tmp_path):
    page = visit(real)
    file = tmp_path / "cedar.md"
    file.write_text(
        "---\ntitle: غابة أرز جديدة في إفران\npublisher: بريد الأطلس\npublished: 2025-03-02\n---\n"
        "افتتح المرشد سعيد أزلماط محمية «تيزي نتاكوت» للأرز يوم 2 مارس 2025 قرب إفران.\n",
        "utf-8",
    )
    page.get_by_role("button", name="المقالات", exact=True).click()
    page.locator("#list li").first.wait_for()
    for said in (".added", ".duplicate"):
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="اختر ملفات").click()
        chooser.value.set_files(file)
        page.locator(f".addition {said}").wait_for()
    page.fill("#search :is(input, textarea)", "ارز افران")
    page.locator("#list .name").get_by_text("غابة أرز جديدة").wait_for()
    page.locator("#list li").nth(1).wait_for(state="detached")
    page.get_by_role("button", name="اسأل", exact=True).click()
    message = ask(page, "متى افتُتحت محمية تيزي نتاكوت للأرز؟")
    assert "غابة أرز جديدة" in message.locator(".sources").inner_text()
    page.get_by_role("button", name="المقالات", exact=True).click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=re.compile("احذف: غابة أرز")).click()
    page.get_by_text("لا مقال بهذه الكلمات").wait_for()


def test_a_dropped_file_that_cannot_be_read_is_refused_with_a_sentence(visit, real):
    page = visit(real)
    page.get_by_role("button", name="المقالات", exact=True).click()
    files = page.evaluate_handle(
        """() => {
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array([255, 254, 0, 110])], "bad.txt"));
          return files;
        }"""
    )
    page.locator("#dropzone").dispatch_event("drop", {"dataTransfer": files})
    assert "UTF-8" in page.locator(".addition .refused").inner_text()


# Languages and directions


def test_the_page_speaks_the_language_of_the_browser_and_can_be_switched(visit, pretended):
    page = visit(pretended, locale="fr-FR")
    root = page.locator("html")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == ("fr", "ltr")
    assert "Rien ne quitte votre machine" in page.locator(".welcome .privacy").inner_text()
    page.get_by_role("link", name="العربية").click()
    page.locator("html[lang=ar][dir=rtl]").wait_for()
    page.get_by_text("لا شيء يغادر جهازك").wait_for()


def test_french_words_and_numbers_inside_arabic_stand_where_they_are_read(visit, pretended):
    page = visit(pretended, locale="en-US", width=WIDE)
    page.fill("#box textarea", MIXED)
    page.press("#box textarea", "Enter")
    page.locator(".answered").wait_for()
    said, first, last, year, important = places(
        page.locator(".asked p"), "قال", "Jean-Pierre", "Martin", "2030", "مهم"
    )
    assert said > last > first > year > important


def test_an_english_question_reads_left_to_right_inside_the_arabic_page(visit, pretended):
    page = visit(pretended)
    example = page.get_by_text("When was the Lyon meeting?")
    first, last = places(example, "When", "meeting?")
    assert first < last
    example.click()
    first, last, mark = places(page.locator(".asked p"), "When", "meeting", "?")
    assert first < last < mark


def test_hostile_text_stays_text_in_the_browser(visit, pretended):
    page = visit(pretended, width=PHONE)
    message = ask(page, HOSTILE)
    assert page.locator(".asked p").text_content() == HOSTILE
    assert message.locator("blockquote").text_content() == HOSTILE
    message.locator(".words .chip").click()
    assert page.locator(".reader .article").text_content() == HOSTILE
    page.reload()
    page.locator(".answered").wait_for()
    for place in ("[role=log]", ".reader"):
        assert page.locator(f"{place} :is(script, img, iframe, a, .katex)").count() == 0
    assert page.title() == "جواب"


# The look


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_nothing_overflows_the_width_of_the_screen(visit, pretended, width):
    page = visit(pretended, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ask(page, "سؤالطويل" * 30)
    ask(page, "طويل")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="المقالات", exact=True).click()
    page.locator("#list li").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_new_question_is_brought_into_view(visit, pretended):
    page = visit(pretended, width=PHONE)
    for _ in range(3):
        ask(page, "متى؟")
    page.wait_for_timeout(1500)
    asked = page.locator(".asked").last.bounding_box()
    assert 0 <= asked["y"] < 400


def test_a_dark_screen_gets_a_dark_page_and_the_choice_is_kept(visit, pretended):
    page = visit(pretended, color_scheme="dark")

    def lightness():
        colour = page.evaluate(
            "getComputedStyle(document.querySelector('.gradio-container')).backgroundColor"
        )
        return sum(int(part) for part in re.findall(r"\d+", colour)[:3]) / 3

    assert lightness() < 60
    page.get_by_role("button", name="فاتح أو داكن").click()
    assert lightness() > 200
    page.reload()
    page.wait_for_selector("#box textarea")
    page.locator("body:not(.dark)").wait_for()
    assert lightness() > 200


def test_the_arabic_typeface_comes_with_the_page(visit, pretended):
    page = visit(pretended)
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('600 20px \"IBM Plex Sans Arabic\"', 'سؤال')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(visit, pretended, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(pretended, width=WIDE, color_scheme=scheme)

    def faults():
        found = Axe().run(page).response["violations"]
        return [
            (fault["id"], [node["html"][:150] for node in fault["nodes"]])
            for fault in found
            if fault["impact"] in ("serious", "critical")
        ]

    page.locator(".welcome .example").first.wait_for()
    assert faults() == []
    ask(page, "متى؟")
    ask(page, "?", ".abstained")
    page.locator(".scope summary").click()
    assert faults() == []
    page.get_by_role("button", name="المقالات", exact=True).click()
    page.locator("#list li").first.wait_for()
    assert faults() == []


def test_a_citation_can_be_opened_and_closed_with_the_keyboard_alone(visit, pretended):
    page = visit(pretended, width=PHONE)
    page.keyboard.type("متى؟")
    page.keyboard.press("Enter")
    page.locator(".answered").wait_for()
    page.locator(".asked p").click()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.words .chip')"):
            break
    page.keyboard.press("Enter")
    assert page.locator(".reader mark").is_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.chip')")


# What goes wrong


def test_the_page_survives_a_server_that_stops_and_starts_again(visit, scripted):
    with serving(scripted) as address:
        page = visit(address)
        ask(page, "متى؟")
    page.fill("#box textarea", "هل من أحد؟")
    page.press("#box textarea", "Enter")
    page.locator(".error.failed").wait_for()
    with serving(scripted, port=urlsplit(address).port):
        page.get_by_role("button", name="اسأل مرة أخرى").click()
        page.locator(".answered").nth(1).wait_for()
    assert page.locator(".asked p").all_inner_texts() == ["متى؟", "هل من أحد؟"]
