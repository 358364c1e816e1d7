"""The collection that a question set is asked of: made once, kept in the user's cache, opened again."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.article import Article
from corpus.errors import UsageError
from corpus.reading import read_articles
from eval.cases import Case, QuestionSet, context_id
from index import stamp
from index.change import PROJECTIONS, silent
from index.database import FILE, FORMAT
from index.embedding import Embedder
from index.encoders import load_encoder
from index.lock import is_pinned
from index.passage import Passage
from index.revisions import digest
from index.settings import Settings
from index.snapshot import Snapshot
from index.store import Progress, Store, build
from qa.assistant import Assistant

KEPT, LARGEST = 16, 4_000_000_000
"""Collections kept in the cache, and their bytes together: 10,000 news articles have some 200 million."""
_NOT_HELD = {
    "ar": "لا يضم الفهرس \u200e{store} مقالات {count} من الأسئلة، أولها \u200e{first}",
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
    """An assistant, the cases to ask it, and the passages of each gold article by the article's id.

    `documents` gives, by the id of each article that is a paragraph, the ids of all the paragraphs of the
    document it is in.
    """

    folder: Path
    assistant: Assistant
    cases: Sequence[Case]
    passages: Mapping[str, Sequence[Passage]]
    counts: Mapping[str, int]
    documents: Mapping[str, frozenset[str]] = field(default_factory=dict)


def gather(
    questions: QuestionSet,
    settings: Settings,
    *,
    store: Path | None = None,
    distractors: Path | None = None,
    distractor_count: int | None = None,
    progress: Progress = silent,
) -> Collection:
    """Open a collection of the articles of `questions` and of the first `distractor_count` `distractors`.

    It is built in the user's cache, so the next run on the same articles encodes nothing. `store` is an
    index to ask as it is, in which a gold article is found by its id or by its words. `progress` follows
    the build, as in `index.store.build`.

    Raises ArticleError, StoreError or ModelError, and UsageError when `store` lacks a gold article.
    """
    folder = store
    if folder is None:
        others = read_articles(distractors)[:distractor_count] if distractors else []
        folder = collect(questions.articles, load_encoder(settings), cache(settings), progress, among=others)
    assistant = Assistant.load(store=folder, encoder=settings.encoder)
    with Store.open(folder) as opened:
        snapshot = opened.snapshot()
        cases = resolve(questions.cases, snapshot, folder)
        golds = {case.article_id for case in cases if case.article_id and case.gold}
        held = ids_held(snapshot.articles())
        together = [frozenset(held[id_] for id_ in ids if id_ in held) for ids in questions.documents]
        return Collection(
            folder,
            assistant,
            cases,
            {article_id: snapshot.passages_of(article_id) for article_id in golds},
            {"articles": snapshot.revision.articles, "passages": snapshot.revision.passages},
            {id_: document for document in together for id_ in document},
        )


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """Give a copy of a store to take articles out of, deleted afterwards."""
    with TemporaryDirectory(prefix="jawab-eval-") as name:
        yield Path(shutil.copytree(folder, Path(name) / "store"))


def cache(settings: Settings) -> Path:
    """Return the folder of the collections that are kept."""
    return settings.models.parent / "eval"


def collect(
    articles: Sequence[Article],
    encoder: Embedder,
    cache: Path,
    progress: Progress = silent,
    *,
    among: Sequence[Article] = (),
) -> Path:
    """Return the store in `cache` that holds these articles by this encoder, built if it is not there.

    Its name is the hash of its articles and of the encoder. `among` are articles that other collections
    share: they have a store of their own, from which this one starts, and are encoded once for all. Of the
    collections not used for longest, those beyond KEPT or LARGEST are deleted.
    """
    folder = cache / _name([*articles, *among], encoder)
    if articles and among and not folder.exists():
        shared = collect(among, encoder, cache, progress)
        half = Path(shutil.copytree(shared, folder.with_suffix(f".{os.getpid()}")))
        with suppress(OSError):  # another process was faster: what is left is forgotten in its time
            half.rename(folder)
    # Built at every run, which costs nothing: an interrupted build is completed, new rules are followed.
    build(folder, [*articles, *among], embedder=encoder, progress=progress)
    os.utime(folder)
    _forget(cache)
    return folder


def _name(articles: Iterable[Article], encoder: Embedder) -> str:
    name = hashlib.sha256(f"{FORMAT}\0{encoder.fingerprint}".encode())
    for article in articles:
        name.update(digest(article))
    return name.hexdigest()[:16]


def _forget(cache: Path) -> None:
    """Delete the collections not used for longest, except the newest and those that somebody reads."""
    folders = sorted((file.parent for file in cache.glob(f"*/{FILE}")), key=_used, reverse=True)
    total = 0
    for number, folder in enumerate(folders):
        total += sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        stamps = (folder / PROJECTIONS).glob(f"*/{stamp.NAME}")
        if number and (number >= KEPT or total > LARGEST) and not any(map(is_pinned, stamps)):
            shutil.rmtree(folder, ignore_errors=True)


def _used(folder: Path) -> float:
    return folder.stat().st_mtime


def ids_held(articles: Iterable[Article]) -> dict[str, str]:
    """Return the id of each article by its id, and by the name of its words as `context_id` gives it."""
    held = {}
    for article in articles:
        held[context_id(article.text)] = held[article.id] = article.id
    return held


def resolve(cases: Sequence[Case], snapshot: Snapshot, store: Path) -> list[Case]:
    """Return the cases with each gold article under the id it has in `snapshot`, found by id or by words.

    Raises UsageError, naming `store`, when one is not there.
    """
    held = ids_held(snapshot.articles())
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
