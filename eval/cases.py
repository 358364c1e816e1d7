"""The questions of a set, read from the bundled file or from any SQuAD-shaped one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from corpus.article import Article
from corpus.errors import PathMissing, UsageError, in_each_language
from corpus.reading import bundled_articles

BUNDLED = "bundled"

_Words = dict[str, str]
_NOT_JSON: _Words = {
    "ar": "الملف \u200e{path} ليس JSON سليما ({what})",
    "fr": "Le fichier {path} n'est pas du JSON ({what})",
    "en": "The file {path} is not JSON ({what})",
}
_WRONG: _Words = {
    "ar": "في ملف الأسئلة \u200e{path} الحقل \u200e{where} ناقص أو ليس من النوع المطلوب ({kind})",
    "fr": "Dans le fichier de questions {path}, {where} manque ou n'est pas du type attendu ({kind})",
    "en": "In the question file {path}, {where} is missing or not of the kind it should be ({kind})",
}
_TWO_TEXTS: _Words = {
    "ar": "في ملف الأسئلة \u200e{path} يسمي المعرّف «{id}» نصين مختلفين، أحدهما في \u200e{where}",
    "fr": "Dans le fichier de questions {path}, « {id} » désigne deux textes, dont celui de {where}",
    "en": 'In the question file {path}, "{id}" names two texts, one of them in {where}',
}
_NO_CONTEXT: _Words = {
    "ar": "في ملف الأسئلة \u200e{path} للسؤال \u200e{where} جواب ولا نص له",
    "fr": "Dans le fichier de questions {path}, {where} a une réponse mais pas de texte",
    "en": "In the question file {path}, {where} has an answer but no context",
}
_NO_QUESTIONS: _Words = {
    "ar": "ليس في الملف \u200e{path} أي سؤال",
    "fr": "Le fichier {path} ne contient aucune question",
    "en": "The file {path} holds no question",
}
_SHAPE = "data[].paragraphs[].{context, qas[].{id, question, answers[].text}}"
_REMEDY: _Words = {
    "ar": f"اجعله على شكل SQuAD: {_SHAPE}",
    "fr": f"Donnez-lui la forme de SQuAD : {_SHAPE}",
    "en": f"Give it SQuAD's shape: {_SHAPE}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question and what is known of it.

    `answers` are acceptable wordings, empty for a question that is `unanswerable` or measured for retrieval
    only. `article_id` is the article it was written on (None where there is none) and `also` others that
    hold the answer. `history` are the questions asked before it, oldest first.
    """

    id: str
    question: str
    answers: tuple[str, ...] = ()
    unanswerable: bool = False
    article_id: str | None = None
    also: tuple[str, ...] = ()
    lang: str | None = None
    kind: str | None = None
    tags: tuple[str, ...] = ()
    history: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the collection holds its answer and the answer is known."""
        return bool(self.answers)

    @property
    def gold(self) -> frozenset[str]:
        """The ids of the articles that hold the answer."""
        if self.unanswerable or self.article_id is None:
            return frozenset()
        return frozenset((self.article_id, *self.also))

    @property
    def slices(self) -> tuple[str, ...]:
        """The slices of the report it counts in: "lang:ary", "kind:date" and its own tags."""
        named = (("lang", self.lang), ("kind", self.kind))
        return (*(f"{name}:{value}" for name, value in named if value), *self.tags)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Cases, and the articles they are asked of.

    `documents` are the ids of articles that are paragraphs of one document, for documents of several.
    """

    name: str
    cases: tuple[Case, ...]
    articles: tuple[Article, ...]
    documents: tuple[frozenset[str], ...] = ()

    def sample(self, limit: int) -> QuestionSet:
        """Keep at most `limit` cases, evenly spread and the same every time, over all the articles."""
        count = len(self.cases)
        if count <= limit:
            return self
        return replace(self, cases=tuple(self.cases[i * count // limit] for i in range(limit)))


def load(name: str) -> QuestionSet:
    """Read the set "bundled", asked of the bundled articles, or a SQuAD-shaped file (v1 or v2).

    A file's contexts become its articles, without their titles; those of one entry are one document. Read
    as well, where a file has them, are `lang`, `kind`, `slice`, `history` and `also` of a question and
    `article_id` of an entry.

    Raises PathMissing, or UsageError naming the place in the file.
    """
    if name == BUNDLED:
        path = Path(str(files("eval") / "bundled.json"))
        return replace(_read(path), name=BUNDLED, articles=tuple(bundled_articles()))
    return _read(Path(name))


def context_id(context: str) -> str:
    """Name a context by its words, so that the same one has the same id in every file."""
    return hashlib.sha256(" ".join(context.split()).encode()).hexdigest()[:16]


def _read(path: Path) -> QuestionSet:
    articles: dict[str, Article] = {}
    cases: dict[str, Case] = {}
    documents = []
    for entry in _Node(_json(path), path, "").children("data"):
        document = set()
        for paragraph in entry.children("paragraphs"):
            article = _article(entry, paragraph)
            if article and _differ(article, articles.setdefault(article.id, article)):
                raise paragraph.error(_TWO_TEXTS, id=article.id)
            if article:
                document.add(article.id)
            for question in paragraph.children("qas", optional=True):
                case = _case(question, article.id if article else None, len(cases) + 1)
                if case.id in cases:  # files joined from several sources may use an id twice
                    case = replace(case, id=f"{case.id}#{len(cases) + 1}")
                cases[case.id] = case
        if len(document) > 1:
            documents.append(frozenset(document))
    if not cases:
        raise _usage(_NO_QUESTIONS, path=path)
    return QuestionSet(path.name, tuple(cases.values()), tuple(articles.values()), tuple(documents))


def _json(path: Path) -> object:
    if not path.exists():
        raise PathMissing(path=path)
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise _usage(_NOT_JSON, path=path, what=error) from None


def _article(entry: _Node, paragraph: _Node) -> Article | None:
    context = paragraph.text("context")
    if not context.strip():
        return None
    given = entry.text("article_id", optional=True)
    # Not the file as its source: files that ask different questions of the same contexts share a collection.
    return Article(id=given or context_id(context), title="", text=context, source="")


def _differ(one: Article, other: Article) -> bool:
    return context_id(one.text) != context_id(other.text)


def _case(question: _Node, article_id: str | None, number: int) -> Case:
    unanswerable = question.fields.get("is_impossible") is True
    answers = [answer.text("text") for answer in question.children("answers", optional=True)]
    if article_id is None and answers and not unanswerable:
        raise question.error(_NO_CONTEXT)
    return Case(
        id=str(question.fields.get("id") or number),
        question=question.text("question"),
        answers=() if unanswerable else tuple(answer for answer in answers if answer.strip()),
        unanswerable=unanswerable,
        article_id=article_id,
        also=question.texts("also"),
        lang=question.text("lang", optional=True) or None,
        kind=question.text("kind", optional=True) or None,
        tags=question.texts("slice"),
        history=question.texts("history"),
    )


@dataclass(frozen=True, slots=True)
class _Node:
    """A JSON value and where it stands in the file, so that a wrong field can be named."""

    value: Any
    path: Path
    where: str

    @property
    def fields(self) -> dict[str, Any]:
        """The value, which must be an object."""
        if not isinstance(self.value, dict):
            raise self.error(_WRONG, kind="{}")
        return self.value

    def children(self, key: str, *, optional: bool = False) -> Iterator[_Node]:
        for number, child in enumerate(self._get(key, list, optional) or ()):
            yield _Node(child, self.path, f"{self._place(key)}[{number}]")

    def text(self, key: str, *, optional: bool = False) -> str:
        return _clean(self._get(key, str, optional) or "")

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of strings, or one string alone."""
        if isinstance(self.fields.get(key), str):
            return (self.text(key),)
        found = self._get(key, list, True) or []
        if not all(isinstance(item, str) for item in found):
            raise _usage(_WRONG, path=self.path, where=self._place(key), kind='["…"]')
        return tuple(map(_clean, found))

    def error(self, reason: _Words, **details: object) -> UsageError:
        return _usage(reason, path=self.path, where=self.where or "{}", **details)

    def _get(self, key: str, kind: type, optional: bool) -> Any:
        found = self.fields.get(key)
        if isinstance(found, kind) or (optional and found is None):
            return found
        expected = "[…]" if kind is list else '"…"'
        raise _usage(_WRONG, path=self.path, where=self._place(key), kind=expected)

    def _place(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key


def _clean(text: str) -> str:
    # JSON can spell half a surrogate pair.
    return text.encode("utf-8", "ignore").decode("utf-8")


def _usage(reason: _Words, **details: object) -> UsageError:
    return UsageError(reason=in_each_language(reason, **details), remedy=_REMEDY)
