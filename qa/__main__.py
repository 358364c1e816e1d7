"""Ask from the shell: `python -m qa "question"`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from corpus.errors import QuestionError, UsageError, in_each_language
from corpus.reading import lines_of
from index.console import guarded, language
from qa.assistant import Assistant
from qa.plain import answer_record
from qa.records import Answer
from qa.scope import Scope, parse_day

_NOT_A_QUESTION = {
    "ar": "السطر {line} من \u200e{path} ليس سؤالا بصيغة JSON",
    "fr": "La ligne {line} de {path} n'est pas une question en JSON",
    "en": "Line {line} of {path} is not a question in JSON",
}
_QUESTION_SHAPE = {
    "ar": 'اكتب في كل سطر مثل: {"id": 1, "question": "متى عُقد الاجتماع؟"}',
    "fr": 'Écrivez chaque ligne ainsi : {"id": 1, "question": "…"}',
    "en": 'Write each line like {"id": 1, "question": "…"}',
}
_SENT = {
    "ar": "تنبيه: الأسئلة والمقاطع تُرسل إلى \u200e{host}",
    "fr": "Attention : les questions et les passages sont envoyés à {host}",
    "en": "Note: questions and passages are sent to {host}",
}


def as_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as the shell prints it."""
    record = answer_record(answer)
    for citation in record["citations"]:
        del citation["publisher"]
    return record


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one question, or every line of a file; return the exit code."""
    code: int = guarded(_run, _parser().parse_args(arguments))
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m qa",
        description="Answer a question from the articles, with the passage that proves it.",
        epilog='Example: python -m qa --history "متى عُقد اجتماع ليون؟" -- "ومن ترأس الوفد المغربي؟"',
    )
    parser.add_argument("question", nargs="?", help="the question, in Arabic, French or English")
    parser.add_argument("--store", type=Path, metavar="DIR", help="the index to answer from")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--history", nargs="+", default=[], metavar="Q", help="earlier questions, oldest first; close with --"
    )
    parser.add_argument(
        "--publisher", action="append", default=[], metavar="P", help="ask its articles only; may be repeated"
    )
    parser.add_argument("--since", default="", metavar="DAY", help="ask articles published then or later")
    parser.add_argument("--until", default="", metavar="DAY", help="ask articles published then or earlier")
    parser.add_argument(
        "--llm-model", metavar="NAME", help="let this language model word the answer; what it adds is dropped"
    )
    parser.add_argument(
        "--llm-url",
        default="http://127.0.0.1:8080/v1",
        metavar="URL",
        help="the OpenAI-compatible server that runs the model; default: %(default)s",
    )
    parser.add_argument("--batch", type=Path, metavar="FILE.jsonl", help="answer every line of a file")
    return parser


def _run(options: argparse.Namespace) -> int:
    if (options.question is None) == (options.batch is None):
        _parser().error("give a question, or --batch FILE.jsonl")
    within = Scope(frozenset(options.publisher), parse_day(options.since), parse_day(options.until))
    if options.batch is not None:
        return _batch(options, within)
    assistant = _assistant(options)
    answer = assistant.ask(options.question, history=options.history, within=within)
    if options.json:
        _write(as_json(answer))
    else:
        print(answer.message)
        for citation in answer.citations:
            print(f"[{citation.number}] {citation.quote}")
            print(f"    {citation.article.source}")
    return 0


def _assistant(options: argparse.Namespace) -> Assistant:
    """Load the assistant, and the language model if one was named; say so when texts leave the machine."""
    if options.llm_model is None:
        return Assistant.load(store=options.store)
    from qa.llama import openai_like, phraser

    llm = openai_like(options.llm_url, options.llm_model)
    host = urlsplit(options.llm_url).hostname or ""
    if host not in ("localhost", "::1") and not host.startswith("127."):
        sys.stderr.write(f"{_SENT[language()].format(host=host)}\n")
    return Assistant.load(store=options.store, phraser=phraser(llm))


def _batch(options: argparse.Namespace, within: Scope) -> int:
    """Answer each line; a question that cannot be used gets its sentence in "error" and the rest goes on."""
    lines = list(_lines(options.batch))
    assistant = _assistant(options)
    refused = 0
    for line in lines:
        named = {"id": line["id"]} if "id" in line else {}
        try:
            history = line.get("history") or []
            record = as_json(assistant.ask(line["question"], history=history, within=within))
        except QuestionError as error:
            refused += 1
            record = {"question": line["question"], "error": error.sentence("ar")}
        _write({**named, **record})
    return 2 if refused else 0


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in lines_of(path):
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        if not _is_question(record):
            reason = in_each_language(_NOT_A_QUESTION, line=number, path=path)
            raise UsageError(reason=reason, remedy=_QUESTION_SHAPE)
        yield record


def _is_question(record: object) -> bool:
    if not isinstance(record, dict) or not isinstance(record.get("question"), str):
        return False
    history = record.get("history") or []
    return isinstance(history, list) and all(isinstance(turn, str) for turn in history)


def _write(record: dict[str, Any]) -> None:
    # A question may hold half a surrogate pair, which UTF-8 cannot: JSON can still spell it.
    line = json.dumps(record, ensure_ascii=False)
    if not line.isprintable():
        line = line.encode("utf-8", "backslashreplace").decode("utf-8")
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
