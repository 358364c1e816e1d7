"""The chat page in a real browser: no turn, view, choice or deletion is lost, whatever is pressed."""

from __future__ import annotations

import threading
from dataclasses import replace

from qa.collection import Addition
from tests.browser import WITH_BROWSER, ask
from tests.chat_page import LYON, Proposing, Scripted, Shelf, serving

pytestmark = WITH_BROWSER


def begin(page, question):
    """Type a question and press Enter; its answer is not waited for."""
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    page.locator(".waiting").wait_for()


def press(page, name, nth=0):
    """Press a button."""
    page.get_by_role("button", name=name, exact=True).nth(nth).click()


def open_chat(page, question):
    """Open the earlier chat that begins with a question."""
    press(page, "المحادثات السابقة")
    page.locator(".chats-menu").get_by_text(question, exact=True).click()


def questions(page):
    """The questions of the chat, as they stand."""
    return page.locator(".asked p").all_inner_texts()


def has_focus(page, selector):
    """Whether what the selector names has the cursor."""
    return page.evaluate("selector => document.activeElement.matches(selector)", selector)


# Chats


def test_another_chat_can_ask_while_a_question_waits_and_its_answer_is_kept(visit, pretended, waiting):
    page = visit(pretended)
    waiting.let_go.clear()
    begin(page, "انتظر")
    press(page, "محادثة جديدة")
    ask(page, "متى؟")
    open_chat(page, "انتظر")
    page.locator(".waiting").wait_for()
    press(page, "محادثة جديدة")
    waiting.let_go.set()
    page.wait_for_function(
        "Object.values(localStorage).some(kept => kept.includes('انتظر') && kept.includes('done'))"
    )
    open_chat(page, "انتظر")
    page.locator(".answered").wait_for()
    assert questions(page) == ["انتظر"]


def test_two_tabs_with_one_chat_lose_no_turn(visit, pretended, waiting):
    one = visit(pretended)
    ask(one, "الأول")
    other = visit(pretended, context=one.context)
    ask(other, "الثاني")
    one.locator(".answered").nth(1).wait_for()
    waiting.let_go.clear()
    begin(one, "انتظر")
    ask(other, "الثالث")
    waiting.let_go.set()
    one.locator(".answered").nth(2).wait_for()
    for page, latest in ((one, "انتظر"), (other, "الثالث")):
        page.reload()
        page.locator(".answered").nth(2).wait_for()
        assert questions(page) == ["الأول", "الثاني", latest]


def test_an_edit_that_is_given_up_leaves_every_turn(visit, pretended):
    page = visit(pretended)
    ask(page, "الأول")
    ask(page, "الثاني")
    for give_up in (lambda: page.fill("#box textarea", ""), lambda: page.keyboard.press("Escape")):
        page.locator(".asked").first.hover()
        press(page, "عدّل السؤال")
        page.locator(".turn.editing").wait_for()
        give_up()
        assert page.locator(".turn.editing").count() == 0
    ask(page, "الثالث")
    assert questions(page) == ["الأول", "الثاني", "الثالث"]


def test_an_older_question_that_is_asked_again_leaves_what_came_after_it(visit, pretended):
    page = visit(pretended)
    ask(page, "عطل", ".error.failed")
    ask(page, "متى؟")
    press(page, "اسأل مرة أخرى")
    page.locator(".error.failed").nth(1).wait_for()
    assert questions(page) == ["عطل", "متى؟", "عطل"]


def test_a_question_under_way_is_said_to_be_in_the_way_and_escape_leaves_the_cursor(
    visit, pretended, waiting
):
    page = visit(pretended)
    waiting.let_go.clear()
    begin(page, "انتظر")
    page.fill("#box textarea", "متى؟")
    page.press("#box textarea", "Enter")
    page.get_by_role("status").get_by_text("انتظر هذا الجواب").wait_for()
    waiting.let_go.set()
    page.locator(".answered").wait_for()
    page.keyboard.press("Escape")
    assert has_focus(page, "#box textarea") and page.input_value("#box textarea") == "متى؟"
    press(page, "المحادثات السابقة")
    page.locator(".chats-menu .kept").focus()
    page.keyboard.press("Escape")
    assert has_focus(page, "[data-do=chats][aria-expanded=false]")


# Articles that come and go


def test_a_chosen_publisher_stays_chosen_when_another_comes_before_it(visit):
    assistant, first = Scripted(), replace(LYON, id="a", publisher="أخبار")
    shelf = Shelf(first, LYON)
    shelf.additions = [Addition(added=tuple(shelf.articles()[:1]))]
    with serving(assistant, collection=shelf) as address:
        page = visit(address)
        page.locator(".scope summary").click()
        page.locator(".scope").get_by_label("جواب").check()
        page.get_by_label("إلى يوم").fill("2025-11-24")
        shelf.held["b"] = replace(LYON, id="b", publisher="بريد")
        press(page, "المقالات")
        page.get_by_label("أو الصق نص مقال").fill("نص قصير")
        press(page, "أضف النص")
        page.locator(".choice").nth(2).wait_for(state="attached")
        page.wait_for_function("!document.querySelector('#adding textarea').value")
        press(page, "اسأل")
        assert page.get_by_label("أخبار").is_visible()
        assert page.locator(".choice:has(:checked)").all_inner_texts() == ["جواب"]
        assert page.locator(".scope .chosen").inner_text() == "جواب · إلى يوم 24 نونبر 2025"
        ask(page, "متى؟")
    assert set(assistant.asked[-1][2].publishers) == {"جواب"}


class Slow(Shelf):
    """A collection that deletes when it is let."""

    let_go = threading.Event()

    def delete(self, ids):
        self.let_go.wait(20)
        return super().delete(ids)


def test_each_confirmed_deletion_is_made_and_the_page_tells_what_is_left(visit):
    shelf = Slow(*(replace(LYON, id=name, title=name) for name in ("أول", "ثان", "ثالث")))
    with serving(Scripted(), collection=shelf) as address:
        page = visit(address)
        page.on("dialog", lambda dialog: dialog.accept())
        press(page, "المقالات")
        for name in ("أول", "ثان", "ثالث"):
            press(page, f"احذف: {name}")
            page.locator("#list li[aria-busy=true]").get_by_text(name, exact=True).wait_for()
        shelf.let_go.set()
        page.get_by_text("لا مقالات بعد.").wait_for()
        press(page, "اسأل")
        page.locator(".welcome").get_by_text("عدد المقالات: 0").wait_for()
        assert page.locator(".choice").count() == 0
    assert shelf.held == {}


class Pondering(Proposing):
    """Proposals that take as long as they are let."""

    def __init__(self):
        super().__init__()
        self.begun, self.let_go = threading.Event(), threading.Event()
        self.let_go.set()

    def examples(self, language="ar"):
        self.begun.set()
        self.let_go.wait(20)
        return super().examples(language)


def test_what_changes_while_the_welcome_is_made_anew_is_told_by_it_as_well(visit):
    shelf = Shelf(LYON, replace(LYON, id="b", title="ثان", publisher="بريد"))
    proposals = Pondering()
    with serving(Scripted(), collection=shelf, suggestions=proposals) as address:
        page = visit(address)
        page.on("dialog", lambda dialog: dialog.accept())
        page.locator(".choice").nth(1).wait_for(state="attached")
        press(page, "المقالات")
        page.locator("#list li").nth(1).wait_for()
        proposals.begun.clear()
        proposals.let_go.clear()
        press(page, f"احذف: {LYON.title}")
        assert proposals.begun.wait(20)
        press(page, "احذف: ثان")
        page.get_by_text("لا مقالات بعد.").wait_for()
        proposals.let_go.set()
        page.locator(".welcome").get_by_text("عدد المقالات: 0").wait_for(state="attached")
    assert shelf.held == {}
