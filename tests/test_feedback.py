"""Feedback: kept line by line whoever writes at once, and asked again as evaluation cases."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from corpus.errors import PathMissing, StoreReadOnly, UsageError
from eval.__main__ import main
from eval.feedback import questions_judged
from index.store import build
from qa.feedback import FILE, MAX_REASON, record_feedback
from tests.chat_page import LYON, answer, silence
from tests.hashing import HashingEmbedder


@pytest.fixture
def store(tmp_path):
    build(tmp_path / "store", [LYON], embedder=HashingEmbedder())
    return tmp_path / "store"


def lines(folder):
    return [json.loads(line) for line in (folder / FILE).read_text("utf-8").split("\n") if line]


def test_a_line_says_what_was_asked_said_cited_and_thought_of_it(tmp_path):
    said = answer()
    record_feedback(said, True, " صحيح ", tmp_path, history=["ما الإنتربول؟", silence()])
    (line,) = lines(tmp_path)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "good": True,
        "reason": "صحيح",
        "question": "متى؟",
        "history": ["ما الإنتربول؟", "؟"],
        "language": "ar",
        "text": "3 و4 شتنبر",
        "spans": ["3 و4 شتنبر"],
        "confidence": 0.9,
        "citations": [
            {
                "article_id": "lyon",
                "title": LYON.title,
                "start": said.citations[0].start,
                "end": said.citations[0].end,
                "quote": said.citations[0].quote,
            }
        ],
        "expected": ["3 و4 شتنبر"],
        "article_id": "lyon",
        "also": [],
    }


@pytest.mark.parametrize(
    ("said", "good", "expected", "article_id"),
    [(answer(), False, None, None), (silence(), True, [], None), (silence(), False, None, None)],
)
def test_a_thumb_up_says_what_is_right_and_a_thumb_down_leaves_it_to_a_person(
    tmp_path, said, good, expected, article_id
):
    record_feedback(said, good, "", tmp_path)
    (line,) = lines(tmp_path)
    assert (line["expected"], line["article_id"]) == (expected, article_id)


@pytest.mark.parametrize("reason", ["سطر\nوسطر\u2028آخر\r", '"{}\\', "نصف \ud800 حرف", "ا" * 5_000])
def test_any_reason_stays_in_its_line_and_is_of_bounded_length(tmp_path, reason):
    record_feedback(answer(), True, reason, tmp_path)
    record_feedback(answer(), True, reason, tmp_path)
    assert len((tmp_path / FILE).read_bytes().split(b"\n")) == 3
    assert all(0 < len(line["reason"]) <= MAX_REASON for line in lines(tmp_path))


def test_a_line_that_was_cut_short_does_not_spoil_the_next(tmp_path):
    (tmp_path / FILE).write_text('{"good": tr', "utf-8")
    record_feedback(answer(), True, "", tmp_path)
    first, second = (tmp_path / FILE).read_text("utf-8").splitlines()
    assert first == '{"good": tr' and json.loads(second)["good"]


def test_threads_and_processes_that_write_at_once_lose_and_mix_nothing(tmp_path, environment):
    program = (
        "import sys\nfrom pathlib import Path\nfrom qa.feedback import record_feedback\n"
        "from qa.records import Answer\n"
        "for n in range(10):\n"
        "    said = Answer('متى؟', None, (), (), 0.0, 'ar', '')\n"
        "    record_feedback(said, True, f'{sys.argv[2]} {n} ' + 'ا' * 900, Path(sys.argv[1]))\n"
    )
    others = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), str(n)], env=environment)
        for n in range(3)
    ]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: record_feedback(answer(), True, f"here {n}", tmp_path), range(30)))
    assert [other.wait(60) for other in others] == [0, 0, 0]
    reasons = {line["reason"].rstrip("ا ") for line in lines(tmp_path)}
    assert reasons == {f"here {n}" for n in range(30)} | {f"{p} {n}" for p in range(3) for n in range(10)}


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "taken").touch()
    with pytest.raises(StoreReadOnly, match="taken"):
        record_feedback(answer(), True, "", tmp_path / "taken")


# --- cases ---------------------------------------------------------------------------------------------


def test_good_answers_and_good_silences_become_cases(store):
    record_feedback(answer(), True, "", store, history=["ما ليون؟"])
    record_feedback(silence(), True, "", store)
    questions, left_out = questions_judged(store / FILE, store)
    right, silent = questions.cases
    assert (right.question, right.history, right.answers) == ("متى؟", ("ما ليون؟",), ("3 و4 شتنبر",))
    assert right.gold == {"lyon"} and right.answerable
    assert silent.unanswerable and not silent.gold
    assert not left_out


def test_a_bad_answer_waits_for_a_person_who_is_told_where_and_how(store):
    record_feedback(silence(), True, "", store)
    record_feedback(replace(answer(), question="متى عُقد؟"), False, "خطأ", store)
    questions, (sentence,) = questions_judged(store / FILE, store)
    assert len(questions.cases) == 1
    for part in (f"{FILE}:2", "متى عُقد؟", "expected", "article_id"):
        assert part in sentence


@pytest.mark.parametrize(
    ("written", "answers", "unanswerable"),
    [
        ({"expected": ["4 شتنبر"], "article_id": "lyon"}, ("4 شتنبر",), False),
        ({"expected": []}, (), True),
    ],
)
def test_a_line_that_a_person_completed_is_a_case(store, written, answers, unanswerable):
    record_feedback(answer(), False, "", store)
    (line,) = lines(store)
    (store / FILE).write_text(json.dumps({**line, **written}) + "\n", "utf-8")
    (case,) = questions_judged(store / FILE, store)[0].cases
    assert (case.answers, case.unanswerable) == (answers, unanswerable)


def test_the_last_judgement_of_a_question_counts(store):
    record_feedback(silence(), True, "", store)
    record_feedback(answer(), True, "", store)
    record_feedback(answer(), False, "", store)
    questions, left_out = questions_judged(store / FILE, store)
    assert [case.question for case in questions.cases] == ["؟"]
    assert len(left_out) == 1


def test_a_case_whose_article_was_deleted_is_left_out_and_said(store):
    gone = replace(LYON, id="gone", text=LYON.text)
    record_feedback(silence(), True, "", store)
    record_feedback(answer(article=gone), True, "", store)
    questions, (sentence,) = questions_judged(store / FILE, store)
    assert len(questions.cases) == 1
    assert "gone" in sentence


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"good": true}',
        '{"question": "؟", "expected": "x"}',
        '{"question": "؟", "history": [1]}',
        '{"question": "؟", "article_id": 3}',
    ],
)
def test_a_line_that_is_no_judgement_is_named(store, line):
    record_feedback(answer(), True, "", store)
    with (store / FILE).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    with pytest.raises(UsageError, match="Line 3"):
        questions_judged(store / FILE, store)


def test_where_nothing_is_complete_or_judged_a_sentence_says_so(store):
    with pytest.raises(PathMissing):
        questions_judged(store / FILE, store)
    record_feedback(answer(), False, "", store)
    with pytest.raises(UsageError, match="expected and article_id"):
        questions_judged(store / FILE, store)


def test_one_command_asks_again_what_was_judged(bot, bundled_store, tmp_path, capsys):
    record_feedback(bot.ask("متى عُقد اجتماع ليون؟"), True, "", tmp_path)
    record_feedback(bot.ask("ما عاصمة اليابان؟"), True, "", tmp_path)
    record_feedback(bot.ask("من أعلن عن خط أكادير دكار؟"), False, "لا", tmp_path)
    report = tmp_path / "report.json"
    arguments = ["--feedback", str(tmp_path / FILE), "--store", str(bundled_store), "--json", str(report)]
    assert main(arguments) == 0
    assert f"{FILE}:3" in capsys.readouterr().err
    scores = json.loads(report.read_text("utf-8"))
    assert scores["counts"]["questions"] == 2
    assert scores["answer"]["exact_match"] == 1.0 and scores["abstention"]["false_answers"] == 0.0


def test_without_a_file_the_feedback_beside_the_index_is_asked(bundled_store, capsys):
    assert main(["--feedback", "--store", str(bundled_store)]) == 2
    assert str(bundled_store / FILE) in capsys.readouterr().err
