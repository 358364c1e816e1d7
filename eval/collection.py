"""The collection that a question set is asked of: made once, kept in the user's cache, opened again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.article import Article
from corpus.errors import UsageError
from corpus.reading import read_articles
from eval.cases import Case, QuestionSet, context_id
from index.change import silent
from index.database import FORMAT
from index.embedding import Embedder
from index.encoders import load_encoder
from index.passage import Passage
from index.revisions import digest
from index.settings import Settings
from index.snapshot import Snapshot
from index.store import Progress, Store, build
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
    """An assistant, the cases to ask it, and the passages of each gold article by the article's id."""

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
    progress: Progress = silent,
) -> Collection:
    """Open a collection of the articles of `questions` and of the first `distractor_limit` `distractors`.

    It is built in the user's cache under the hash of its articles and of the encoder, so the next run on the
    same ones encodes nothing. `store` is an index to ask as it is, in which a gold article is found by its id
    or by its words. `progress` follows the build, as in `index.store.build`.

    Raises ArticleError, StoreError or ModelError, and UsageError when `store` lacks a gold article.
    """
    folder = store
    if folder is None:
        others = read_articles(distractors)[:distractor_limit] if distractors else []
        cache = settings.models.parent / "eval"
        folder = collect([*questions.articles, *others], load_encoder(settings), cache, progress)
    assistant = Assistant.load(store=folder, encoder=settings.encoder)
    with Store.open(folder) as opened:
        snapshot = opened.snapshot()
        cases = resolve(questions.cases, snapshot, folder)
        golds = {case.article_id for case in cases if case.article_id and case.gold}
        return Collection(
            assistant,
            cases,
            {article_id: snapshot.passages_of(article_id) for article_id in golds},
            {"articles": snapshot.revision.articles, "passages": snapshot.revision.passages},
        )


def collect(articles: Sequence[Article], encoder: Embedder, cache: Path, progress: Progress = silent) -> Path:
    """Return the store in `cache` that holds these articles by this encoder, built if it is not there."""
    name = hashlib.sha256(f"{FORMAT}\0{encoder.fingerprint}".encode())
    for article in articles:
        name.update(digest(article))
    folder = cache / name.hexdigest()[:16]
    # Built at every run, which costs nothing: an interrupted build is completed, new rules are followed.
    build(folder, articles, embedder=encoder, progress=progress)
    return folder


def resolve(cases: Sequence[Case], snapshot: Snapshot, store: Path) -> list[Case]:
    """Return the cases with each gold article under the id it has in `snapshot`, found by id or by words.

    Raises UsageError, naming `store`, when one is not there.
    """
    held: dict[str, str] = {}
    for article in snapshot.articles():
        held[context_id(article.text)] = held[article.id] = article.id
    lacking = [case.id for case in cases if case.gold and case.article_id not in held]
    if lacking:
        raise UsageError(
            reason={
                language: sentence.format(store=store, count=len(lacking), first=lacking[0])
                for language, sentence in _NOT_HELD.items()
            },
            remedy=_WITHOUT_STORE,
        )
    return [
        replace(case, article_id=held[case.article_id]) if case.article_id in held else case for case in cases
    ]
