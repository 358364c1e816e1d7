"""What a chat sends and is sent: states of a turn, views on answers, and an exported chat that stays text."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from corpus.errors import JawabError, QuestionTooLong, UsageError
from qa.page_chat import ChatDesk, Request
from qa.plain import answer_record, closest_record
from qa.references import reference, turn_markdown
from qa.scope import Scope
from tests.chat_page import HOSTILE, LYON, QUOTE, Proposing, Scripted, answer, silence


@pytest.fixture
def desk(tmp_path):
    return ChatDesk(Scripted(), Proposing(following=["ومن؟"]), tmp_path)


def test_a_turn_is_searched_for_then_answered_and_then_followed_by_questions(desk):
    searching, answered = desk.reply({"id": "t", "question": "متى؟"}, "ar")
    assert (searching["state"], answered["state"]) == ("searching", "done")
    assert QUOTE in answered["html"]
    assert desk.following("t") == ["ومن؟"]


def test_an_error_ends_the_turn_with_a_sentence_and_proposes_nothing(tmp_path):
    refusing = Scripted(lambda question: QuestionTooLong(length=9, limit=1))
    desk = ChatDesk(refusing, Proposing(following=["؟"]), tmp_path)
    *_, last = desk.reply({"id": "t", "question": "متى؟"}, "fr")
    assert "trop longue" in last["html"]
    assert desk.following("t") == []


@pytest.mark.parametrize(
    "sent", [None, 7, "متى؟", [], {}, {"id": None, "question": None, "history": "x", "publishers": 3}]
)
def test_whatever_a_browser_sends_is_a_request_or_a_sentence(desk, sent):
    *_, last = desk.reply(sent, "en")
    assert last["state"] == "done"


def test_only_the_latest_earlier_questions_are_handed_on_and_each_is_cut():
    request = Request.of({"question": "ومن؟", "history": [*(str(n) for n in range(50)), 5, "x" * 99_999]})
    assert len(request.history) == 12
    assert request.history[-2] == "49"
    assert len(request.history[-1]) == 2000


def test_a_scope_is_read_and_a_wrong_day_is_refused_with_a_right_one():
    within = Request.of({"publishers": ["جواب"], "since": "2024-09-05", "until": ""}).within
    assert within == Scope(frozenset({"جواب"}), date(2024, 9, 5))
    assert Request.of({"publishers": [], "since": None}).within is None
    with pytest.raises(UsageError, match="2025-11-24"):
        Request.of({"since": "أمس"})


def test_a_view_is_kept_with_its_answer_and_the_questions_before_it(desk, tmp_path):
    list(desk.reply({"id": "t", "question": "ومن؟", "history": ["متى؟"]}, "ar"))
    kept, said = desk.judge("t", True, "صحيح", "ar")
    assert kept and "شكرا" in said
    (line,) = (tmp_path / "feedback.jsonl").read_text("utf-8").splitlines()
    kept = json.loads(line)
    assert (kept["good"], kept["reason"], kept["history"]) == (True, "صحيح", ["متى؟"])


def test_a_view_on_an_answer_that_is_no_longer_held_says_so(desk):
    kept, said = desk.judge("another", False, "", "en")
    assert not kept and "again" in said


def test_a_view_that_cannot_be_written_is_a_sentence(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way", "utf-8")
    desk = ChatDesk(Scripted(), Proposing(), blocked)
    list(desk.reply({"id": "t", "question": "متى؟"}, "ar"))
    kept, said = desk.judge("t", True, "", "en")
    assert not kept and "--store" in said


def test_the_record_of_an_answer_is_json_with_exact_places():
    record = json.loads(json.dumps(answer_record(answer())))
    (citation,) = record["citations"]
    assert LYON.text[citation["start"] : citation["end"]] == citation["quote"] == QUOTE
    silent = answer_record(silence())
    assert silent["abstained"] and silent["text"] is None
    assert closest_record(silence().closest[0])["article_id"] == LYON.id


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ar", "«عنوان»، جواب، 5 شتنبر 2024، https://example.org"),
        ("fr", "«\xa0\u2068عنوان\u2069\xa0», \u2068جواب\u2069, 5 septembre 2024, https://example.org"),
        ("en", "“\u2068عنوان\u2069”, \u2068جواب\u2069, 5 September 2024, https://example.org"),
    ],
)
def test_a_reference_is_one_line_in_the_form_of_its_language(language, line):
    article = replace(
        LYON, title="\u202eعن\nوان".replace("\n", ""), published=date(2024, 9, 5), url="https://example.org"
    )
    assert reference(article, language) == line


def test_an_exported_turn_carries_question_words_quote_and_source():
    lines = turn_markdown("متى؟", answer(), "ar").splitlines()
    assert lines[0] == "## متى؟"
    assert "**3 و4 شتنبر** [1]" in lines
    assert f"> {QUOTE}" in lines
    assert f"> — [1] «{LYON.title}»، {LYON.publisher}" in lines


def test_an_exported_text_cannot_become_markup():
    article = replace(LYON, text=HOSTILE, title=HOSTILE)
    exported = turn_markdown(f"# {HOSTILE}\n# ثان", answer(article, quote=HOSTILE, span="<script>"), "ar")
    for markup in ("<script", "<img", "**نجوم", "[رابط](", "$$x"):
        assert markup not in exported.replace("\\<", "").replace("\\*", "").replace("\\[", "").replace(
            "\\$", ""
        )
    assert len([line for line in exported.splitlines() if line.startswith("#")]) == 1


def test_an_exported_number_does_not_begin_a_list():
    article = replace(LYON, text="2025. عام", title="عنوان")
    assert "> 2025\\. عام" in turn_markdown("متى؟", answer(article, quote="2025. عام", span="عام"), "ar")


def test_an_exported_turn_says_where_it_looked():
    within = Scope(frozenset({"جواب", "#هسبريس"}), date(2024, 9, 5), date(2024, 9, 30))
    lines = turn_markdown("متى؟", silence(), "ar", within).splitlines()
    assert lines[2] == "اقتصر البحث على: \\#هسبريس · جواب · من يوم 5 شتنبر 2024 · إلى يوم 30 شتنبر 2024"
    assert "Search limited to" not in turn_markdown("متى؟", silence(), "en", None)


def test_an_answer_carries_the_language_it_was_rendered_in_and_where_it_looked(desk):
    *_, last = desk.reply({"id": "t", "question": "متى؟", "publishers": ["جواب"]}, "fr")
    assert last["language"] == "fr"
    assert "Recherche limitée" in last["markdown"]


@pytest.mark.parametrize("outcome", [silence(), QuestionTooLong(length=9, limit=1)])
def test_silence_and_errors_are_exported_as_their_sentence(outcome):
    said = outcome.sentence("ar") if isinstance(outcome, JawabError) else outcome.message
    assert said.split("(")[0] in turn_markdown("متى؟", outcome, "ar")
