"""The chat page without a browser: what is rendered, what is served, and how it refuses to start."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from subprocess import PIPE

import pytest

import app
from corpus.errors import QuestionTooLong
from qa.rendering import outcome_html, question_html
from tests.chat_page import HOSTILE, LYON, QUOTE, Scripted, answer, free_port, serving, silence

ROOT = Path(app.__file__).parent


class Parsed(HTMLParser):
    """The tags, links and texts of a piece of HTML; `under[".x y"]` is the text in y inside of class x."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.under, self._open = [], [], {}, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") for name in attributes)
        self._open.append((tag, [tag, *(f".{name}" for name in (attributes.get("class") or "").split())]))

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        names = [name for _, named in self._open for name in named]
        for key in {*names, *(f"{outer} {inner}" for outer in names for inner in names)}:
            self.under[key] = self.under.get(key, "") + data


def test_an_answer_shows_its_words_its_quote_and_its_source():
    published = replace(LYON, published=date(2024, 9, 5))
    page = Parsed(outcome_html(answer(published), "ar"))
    assert page.under["strong"] == "3 و4 شتنبر"
    assert page.under["blockquote"] == QUOTE
    assert page.under["blockquote mark"] == "3 و4 شتنبر"
    assert page.under[".source"] == "[1] الاجتماع الثامن ينعقد في ليون · جواب · 5 شتنبر 2024"


def test_the_quote_is_marked_inside_the_whole_article():
    page = Parsed(outcome_html(answer(), "ar"))
    assert page.under[".article"] == LYON.text
    assert page.under[".article mark"] == QUOTE


def test_an_english_answer_keeps_the_date_that_its_message_translates():
    shown = Parsed(outcome_html(answer(language="en"), "ar")).under["strong"]
    assert "3–4 September" in shown
    assert "3 و4 شتنبر" in shown


def test_words_that_need_no_translation_are_shown_alone():
    shown = Parsed(outcome_html(answer(span="ليون", language="en"), "en")).under["strong"]
    assert shown == "ليون"


def test_the_words_are_marked_where_they_are_words_and_not_inside_others():
    text = "في سنة 2030 حضر 30 وفدا."
    html = outcome_html(answer(replace(LYON, text=text), quote=text, span="30"), "ar")
    assert "2030 حضر <mark>30</mark> وفدا" in html


def test_a_hostile_article_stays_text_in_every_place_it_appears():
    article = replace(LYON, title=HOSTILE, text=HOSTILE, publisher=HOSTILE, url="javascript:alert(1)")
    page = Parsed(outcome_html(answer(article, quote=HOSTILE, span="<script>"), "ar"))
    known = {"div", "p", "strong", "blockquote", "mark", "span", "bdi", "cite", "details", "summary"}
    assert set(page.tags) == known
    assert page.links == []
    assert page.under[".article"] == page.under["blockquote"] == HOSTILE


def test_a_hostile_question_stays_text():
    page = Parsed(question_html(HOSTILE))
    assert page.tags == ["div", "p"]
    assert page.under["p"] == HOSTILE


def test_a_title_with_bidi_controls_cannot_turn_the_names_beside_it():
    page = Parsed(outcome_html(answer(replace(LYON, title="\u202eعنوان\u2069")), "ar"))
    assert page.under["cite"] == "عنوان"


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://example.org/?a=1&b=2", True),
        ("HTTP://EXAMPLE.ORG", True),
        ("javascript:alert(1)", False),
        ("//example.org", False),
        ("file:///etc/passwd", False),
        (' https://example.org" onclick="x', False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url, linked):
    page = Parsed(outcome_html(answer(replace(LYON, url=url)), "ar"))
    assert page.links == ([url] if linked else [])


def test_abstaining_shows_what_came_closest_and_marks_nothing():
    page = Parsed(outcome_html(silence(), "ar"))
    assert "ليس جوابا" in page.under[".closest"]
    assert page.under[".closest .article"] == LYON.text[:20]
    assert not {"strong", "mark", "blockquote"} & set(page.tags)


def test_one_article_is_named_once_among_the_closest():
    twice = silence()
    page = Parsed(outcome_html(replace(twice, closest=twice.closest * 2), "fr"))
    assert page.under["cite"] == LYON.title


def test_an_error_is_a_sentence_in_the_language_of_the_page():
    error = QuestionTooLong(length=5000, limit=1000)
    for language in app.LANGUAGES:
        assert Parsed(outcome_html(error, language)).under["p"] == error.sentence(language)


def test_half_a_surrogate_pair_and_a_very_long_question_can_still_be_shown():
    assert "\ufffd" in question_html("ما\ud83dهذا")
    assert len(question_html("س" * 1_000_000)) < 1000


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
    assert app.preferred_language(accepted) == language


def test_a_port_in_use_is_a_sentence_and_exit_code_2(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert app.main(["--port", str(taken.getsockname()[1])]) == 2
    assert "--port" in capsys.readouterr().err


def test_a_store_that_is_not_there_is_a_sentence_and_exit_code_2(tmp_path, capsys):
    assert app.main(["--store", str(tmp_path / "none"), "--port", str(free_port())]) == 2
    assert "index build" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--host", "256.1.1.1"]])
def test_an_address_that_cannot_be_is_a_sentence_and_exit_code_2(arguments, capsys):
    assert app.main(arguments) == 2
    assert arguments[1] in capsys.readouterr().err


@pytest.fixture(scope="module")
def scripted():
    replies = {"?": silence("en"), "x" * 2000: QuestionTooLong(length=2000, limit=1000)}
    return Scripted(lambda question: replies.get(question, answer()))


@pytest.fixture(scope="module")
def address(scripted):
    with serving(scripted) as url:
        yield url


@pytest.fixture
def client(address):
    from gradio_client import Client

    return Client(address, verbose=False, analytics_enabled=False)


def shown(result):
    """The HTML of the last message in what /ask returned."""
    return result[1][-1]["content"][0]["value"]


def test_the_front_door_leads_to_the_page_in_the_language_of_the_browser(address):
    import httpx

    reply = httpx.get(f"{address}?q=1", headers={"accept-language": "fr"})
    assert (reply.status_code, reply.headers["location"]) == (307, "fr?q=1")
    for language in app.LANGUAGES:
        assert "جواب" in httpx.get(f"{address}{language}").text


def test_a_question_is_answered_over_the_named_endpoint(client):
    page = Parsed(shown(client.predict("متى عُقد اجتماع ليون؟", api_name="/ask")))
    assert page.under["blockquote"] == QUOTE


def test_an_error_is_answered_as_a_sentence_and_the_chat_goes_on(client):
    refused = Parsed(shown(client.predict("x" * 2000, api_name="/ask")))
    assert "2000" in refused.under["p"]
    assert Parsed(shown(client.predict("متى؟", api_name="/ask"))).under["blockquote"] == QUOTE


def test_a_chat_hands_its_earlier_answers_on_and_knows_nothing_of_another_chat(address, client, scripted):
    from gradio_client import Client

    other = Client(address, verbose=False, analytics_enabled=False)
    client.predict("متى عُقد اجتماع ليون؟", api_name="/ask")
    other.predict("سؤال آخر", api_name="/ask")
    client.predict("ومن ترأس الوفد؟", api_name="/ask")
    (first, none), (second, nothing), (third, history) = scripted.asked[-3:]
    assert (first, second, third) == ("متى عُقد اجتماع ليون؟", "سؤال آخر", "ومن ترأس الوفد؟")
    assert none == nothing == []
    assert history == [answer()]


def test_every_example_question_is_answered_by_the_bundled_articles(bot):
    answers = [bot.ask(example).text or "" for example in app.EXAMPLES]
    for text, fact in zip(answers, ("شتنبر", "195", "1921", "1993"), strict=True):
        assert fact in text


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
