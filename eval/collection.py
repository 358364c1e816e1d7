"""The collection that a question set is asked of: made once, kept in the user's cache, opened again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.article import Article
from corpus.errors import UsageError
from corpus.reading import read_articles
from eval.cases import Case, QuestionSet, context_id
from index.database import FORMAT
from index.encoders import load_encoder
from index.passage import Passage
from index.settings import Settings
from index.store import Snapshot, Store, build
from qa.assistant import Assistant

_NOT_HELD = {
    "ar": "لا يضم الفهرس {store} مقالات {count} من الأسئلة، أولها {first}",
    "fr": "L'index {store} n'a pas l'article de {count} questions, dont {first}",
    "en": "The index {store} lacks the article of {count} questions, the first being {first}",
}
_WITHOUT_STORE = {
    "ar": "أعد الأمر بدون ‎--store ليُبنى فهرس من ملف الأسئلة",
    "fr": "Recommencez sans --store : un index est fait du fichier de questions",
    "en": "Run it without --store: an index is then made of the question file",
}


@dataclass(frozen=True, slots=True)
class Collection:
    """An assistant over the articles, the cases to ask it, and the passages of each gold article by its id."""

    assistant: Assistant
    cases: Sequence[Case]
    passages: Mapping[str, Sequence[Passage]]
    counts: Mapping[str, int]


def gather(
    questions: QuestionSet,
    settings: Settings,
    *,
    store: Path | None = None,
    distractors: Path | None = None,
    distractor_limit: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Collection:
    """Open a collection of the articles of `questions` and of the first `distractor_limit` `distractors`.

    It is built in the user's cache under the hash of its articles and of the encoder, so the next run on the
    same ones encodes nothing. `store` is an index to ask as it is, in which a gold article is found by its id
    or by its words. `progress` is called with the number of passages encoded since the last call.

    Raises ArticleError, StoreError or ModelError, and UsageError when `store` lacks a gold article.
    """
    folder = store or _build(
        [*questions.articles, *(read_articles(distractors)[:distractor_limit] if distractors else ())],
        settings,
        progress,
    )
    assistant = Assistant.load(store=folder, encoder=settings.encoder)
    snapshot = Store.open(folder).snapshot()
    cases = _resolve(questions, snapshot, folder)
    golds = {case.article_id for case in cases if case.gold}
    return Collection(
        assistant,
        cases,
        {article_id: snapshot.passages_of(article_id) for article_id in golds if article_id},
        {"articles": snapshot.revision.articles, "passages": snapshot.revision.passages},
    )
