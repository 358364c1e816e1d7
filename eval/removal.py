"""Silence measured by removal: each question asked again when what holds its answer is not there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.article import Article
from corpus.errors import QuestionError
from eval.cases import Case
from eval.metrics import normalise, says
from eval.run import Assistant
from eval.score import Removal, Removed
from index.embedding import Embedder
from index.store import Store

REMOVALS: tuple[Removal, ...] = ("article", "paragraph")


@dataclass(frozen=True, slots=True)
class Cut:
    """What is taken out for some questions: articles by their ids, and paragraphs of articles that stay."""

    gone: frozenset[str]
    shortened: tuple[Article, ...] = ()

    def applied(self, articles: Iterable[Article]) -> list[Article]:
        """Return the articles that are left, the shortened ones in their places."""
        shortened = {article.id: article for article in self.shortened}
        return [shortened.get(one.id, one) for one in articles if one.id not in self.gone]


def cut_for(
    case: Case,
    removal: Removal,
    articles: Mapping[str, Article],
    documents: Mapping[str, Collection[str]],
) -> Cut:
    """Return what has to go so that the gold article, or only its gold paragraph, is not there.

    An article is all that `documents` puts together with the gold one; its paragraphs are then articles of
    the collection. One that stands there whole, as the bundled ones do, loses the lines that hold a gold
    answer – all of its lines when the words of none are found, or nothing else would be left.
    """
    parts = {id_: documents.get(id_, (id_,)) for id_ in case.gold}
    if removal == "article":
        return Cut(frozenset(part for together in parts.values() for part in together))
    gone, shortened = set(), []
    for id_, together in sorted(parts.items()):
        text = _without_answers(articles[id_].text, case.answers) if len(together) == 1 else ""
        if text and text != articles[id_].text:
            shortened.append(replace(articles[id_], text=text))
        else:
            gone.add(id_)
    return Cut(frozenset(gone), tuple(shortened))


def ask_without(
    cases: Sequence[Case],
    removal: Removal,
    store: Store,
    embedder: Embedder,
    assistant: Assistant,
    documents: Mapping[str, Collection[str]],
    *,
    progress: Callable[[int], object] = lambda done: None,
) -> dict[str, Removed]:
    """Ask each answerable case when its answer is gone; return what was said, by the id of the case.

    The articles are really taken out of `store`, from which `assistant` answers, so that no count of words
    remembers them: give a copy. Questions with the same articles to take out are asked of one revision.
    `progress` is called with 1 after every case.
    """
    held = {article.id: article for article in store.articles()}
    alike: dict[Cut, list[Case]] = {}
    for case in cases:
        if case.answerable and case.gold:
            # An `also` that the store does not hold has nothing to take out.
            known = replace(case, also=tuple(id_ for id_ in case.also if id_ in held))
            alike.setdefault(cut_for(known, removal, held, documents), []).append(case)
    said = {}
    for cut, some in alike.items():
        store.build(cut.applied(held.values()), embedder=embedder)
        for case in some:
            said[case.id] = _ask(case, assistant)
            progress(1)
    return said


def _ask(case: Case, assistant: Assistant) -> Removed:
    try:
        answer = assistant.consider(case.question, history=case.history).answer
    except QuestionError:
        return Removed(None, 0.0, said_anyway=False)
    return Removed(answer.text, answer.confidence, says(answer.text, case.answers))


def _without_answers(text: str, answers: Iterable[str]) -> str:
    wanted = [f" {words} " for words in map(normalise, answers) if words]
    kept = [line for line in text.split("\n") if not any(words in f" {normalise(line)} " for words in wanted)]
    return "\n".join(kept).strip()
