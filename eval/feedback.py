"""What people judged in the chat page, as cases to ask again; `qa.feedback` says how the file is made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from corpus.errors import UsageError, in_each_language
from corpus.reading import lines_of
from eval.cases import Case, QuestionSet
from index.console import language
from index.store import Store
from qa.feedback import FILE

_Words = dict[str, str]
_INCOMPLETE: _Words = {
    "ar": "{path}:{line}: «{question}» حُكم على جوابه بالخطأ؛ اكتب الجواب الصحيح في expected ومعرّف مقاله في "
    "article_id، أو [] في expected إن لم يكن في المقالات",
    "fr": "{path}:{line} : « {question} » a été mal répondu ; écrivez la bonne réponse dans expected et "
    "l'id de son article dans article_id, ou [] dans expected si aucun article ne la donne",
    "en": '{path}:{line}: "{question}" was answered badly; write the right answer in expected and the '
    "id of its article in article_id, or [] in expected when no article holds it",
}
_GONE: _Words = {
    "ar": "{path}:{line}: «{question}» لم يعد مقاله ({article}) في الفهرس، فلن يُسأل",
    "fr": "{path}:{line} : « {question} » : son article ({article}) n'est plus dans l'index, elle est omise",
    "en": '{path}:{line}: "{question}" is left out: its article ({article}) is no longer in the index',
}
_NOTHING: _Words = {
    "ar": "ليس في \u200e{path} سؤال كامل واحد ({count} سطرا)",
    "fr": "Aucune question complète dans {path} ({count} lignes)",
    "en": "There is no complete question in {path} ({count} lines)",
}
_COMPLETE: _Words = {
    "ar": "قيّم أجوبة في صفحة المحادثة، أو أكمل expected وarticle_id في أسطره",
    "fr": "Jugez des réponses dans la page, ou complétez expected et article_id dans ses lignes",
    "en": "Judge answers in the chat page, or complete expected and article_id in its lines",
}
_WRONG: _Words = {
    "ar": "السطر {line} من \u200e{path} ليس تقييما بصيغة JSON",
    "fr": "La ligne {line} de {path} n'est pas un jugement en JSON",
    "en": "Line {line} of {path} is not a judgement in JSON",
}
_CORRECT: _Words = {
    "ar": "صححه أو احذفه ثم أعد المحاولة",
    "fr": "Corrigez-la ou supprimez-la et recommencez",
    "en": "Correct it or delete it and try again",
}


def questions_judged(path: Path, store: Path) -> tuple[QuestionSet, list[str]]:
    """Return the complete cases of a feedback file, to ask of `store`, and a sentence on each other one.

    The empty path stands for the file in the store's folder. A thumb down waits for a person to write what
    is right; a case whose article has gone from the store is left out.

    Raises ArticleError where the file cannot be read, StoreError, or UsageError for a wrong line and when
    nothing is complete.
    """
    path = store / FILE if path == Path() else path
    lines = _lines(path)
    with Store.open(store) as opened:
        held = {article.id for article in opened.snapshot().listed}
    cases, left_out = [], []
    for number, fields in lines.items():
        named = {
            "path": path,
            "line": number,
            "question": fields["question"],
            "article": fields["article_id"],
        }
        case = _case(number, fields)
        if case is None:
            left_out.append(_INCOMPLETE[language()].format(**named))
        elif case.article_id and case.article_id not in held:
            left_out.append(_GONE[language()].format(**named))
        else:
            cases.append(case)
    if not cases:
        raise _usage(_NOTHING, _COMPLETE, path=path, count=len(lines))
    return QuestionSet(path.name, tuple(cases), ()), left_out


def _lines(path: Path) -> dict[int, dict[str, Any]]:
    """Read the lines by number, the last one for each question and what was asked before it."""
    latest: dict[tuple[str, ...], tuple[int, dict[str, Any]]] = {}
    for number, line in lines_of(path):
        fields = _fields(line)
        if fields is None:
            raise _usage(_WRONG, _CORRECT, path=path, line=number)
        latest[(*fields["history"], fields["question"])] = number, fields
    return dict(latest.values())


def _fields(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("question"), str):
        return None
    fields = {"article_id": None, "language": None, "expected": None, "history": [], "also": [], **found}
    lists = [fields["history"], fields["also"], fields["expected"] or []]
    if not all(isinstance(some, list) and all(isinstance(text, str) for text in some) for some in lists):
        return None
    return fields if isinstance(fields["article_id"], str | None) else None


def _case(number: int, fields: dict[str, Any]) -> Case | None:
    """Make a case of a line, or return None where a person has to say what is right."""
    expected, article_id = fields["expected"], fields["article_id"]
    if expected is None or (expected and not article_id):
        return None
    return Case(
        id=f"feedback-{number}",
        question=fields["question"],
        answers=tuple(expected),
        unanswerable=not expected,
        article_id=article_id if expected else None,
        also=tuple(fields["also"]) if expected else (),
        lang=fields["language"],
        tags=("good" if fields.get("good") else "corrected",),
        history=tuple(fields["history"]),
    )


def _usage(reason: _Words, remedy: _Words, **details: object) -> UsageError:
    return UsageError(reason=in_each_language(reason, **details), remedy=remedy)
