"""The commands as a person types them, each in a process of its own that cannot reach the network."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

KEYS = {
    *("question", "text", "spans", "abstained", "confidence"),
    *("language", "message", "citations", "milliseconds"),
}
CITATION_KEYS = {
    *("number", "article_id", "title", "source", "url"),
    *("published", "quote", "start", "end"),
}


@pytest.fixture
def run(environment, bundled_store):
    def call(*arguments, store=True, **more):
        command = [sys.executable, "-m", *map(str, arguments)]
        if store:
            command[3:3] = ["--store", str(bundled_store)] if arguments[0] == "qa" else []
        return subprocess.run(
            command, env={**environment, **more}, capture_output=True, text=True, timeout=120
        )

    return call


def test_a_question_is_answered_in_one_line_with_its_quote_below(run):
    done = run("qa", "متى عُقد اجتماع ليون؟")
    assert done.returncode == 0, done.stderr
    first, *proofs = done.stdout.splitlines()
    assert "شتنبر" in first and "[1]" in first
    quotes, sources = proofs[::2], proofs[1::2]
    assert [quote.split()[0] for quote in quotes] == [f"[{n}]" for n in range(1, len(quotes) + 1)]
    assert any("lyon-eighth-meeting.md" in source for source in sources)


def test_json_has_the_promised_shape_whether_it_answers_or_not(run):
    for question, abstained in (("متى عُقد اجتماع ليون؟", False), ("ما عاصمة اليابان؟", True)):
        done = run("qa", "--json", question)
        record = json.loads(done.stdout)
        assert set(record) == KEYS
        assert record["abstained"] is abstained and (record["text"] is None) is abstained
        assert done.returncode == 0
        assert all(set(citation) == CITATION_KEYS for citation in record["citations"])


def test_history_is_taken_from_the_command_line(run):
    done = run("qa", "--history", "متى عُقد اجتماع ليون؟", "--", "ومن ترأس الوفد المغربي؟")
    assert "الحموشي" in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("scope", "abstained"),
    [
        (("--publisher", "جواب"), False),
        (("--publisher", "جريدة أخرى"), True),
        (("--since", "2025-01-01"), True),
    ],
)
def test_only_articles_of_the_publishers_and_days_named_are_asked(run, scope, abstained):
    record = json.loads(run("qa", "--json", *scope, "متى عُقد اجتماع ليون؟").stdout)
    assert record["abstained"] is abstained


def test_a_batch_answers_every_line_and_says_which_could_not_be_used(run, tmp_path: Path):
    lines = [
        {"id": "a", "question": "متى عُقد اجتماع ليون؟"},
        {"question": "ومن ترأس الوفد المغربي؟", "history": ["متى عُقد اجتماع ليون؟"]},
        {"id": 3, "question": "😀"},
        {"id": 4, "question": "متى \ud800 عقد"},
        {"id": 5, "question": "ما عاصمة اليابان؟"},
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", "utf-8")
    done = run("qa", "--batch", file)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record.get("id") for record in records] == ["a", None, 3, 4, 5]
    assert ["error" in record for record in records] == [False, False, True, True, False]
    assert records[4]["abstained"]
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("qa", ""), "question is empty"),
        (("qa", "ا" * 20_000), "too long"),
        (("qa", "12345"), "no word"),
        (("qa", "😀"), "no word"),
        (("qa", "会议什么时候举行"), "no word"),
        (("qa", "من في على"), "no word"),
        (("qa", "--since", "أمس", "متى عُقد اجتماع ليون؟"), "2025-11-24"),
        (("qa", "--batch", "/nowhere.jsonl"), "/nowhere.jsonl"),
        (("qa", "--batch", "/dev/null/x"), "/dev/null/x"),
        (("index", "build", "/nowhere"), "/nowhere"),
        (("index", "status", "--store", "/nowhere"), "index build"),
        (("eval", "/nowhere.json"), "/nowhere.json"),
    ],
)
def test_a_mistake_gets_a_sentence_and_exit_code_2(run, arguments, words):
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert len(done.stderr.splitlines()) <= 2


@pytest.mark.parametrize(("locale", "word"), [("ar_MA.UTF-8", "السؤال"), ("fr_FR.UTF-8", "question est")])
def test_mistakes_are_told_in_the_language_of_the_machine(run, locale, word):
    assert word in run("qa", "", LANG=locale, LC_ALL=locale).stderr


@pytest.mark.parametrize("command", [("qa",), ("index",), ("index", "build"), ("eval",)])
def test_every_command_has_help_with_an_example(run, command):
    done = run(*command, "--help", store=False)
    assert done.returncode == 0
    assert "xample" in done.stdout


def test_a_store_that_does_not_exist_is_named(run, tmp_path: Path):
    done = run("qa", "--store", tmp_path / "none", "متى عُقد اجتماع ليون؟", store=False)
    assert done.returncode == 2
    assert "index build" in done.stderr
