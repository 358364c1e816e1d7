"""Suggested questions: drafted from an article, and kept when the assistant answers them from it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from corpus.article import Article
from corpus.errors import JawabError
from qa.drafts import Draft, drafts
from qa.question import Language
from qa.records import Answer

if TYPE_CHECKING:
    from qa.assistant import Assistant

SUGGESTED = 3
EXAMPLES = 4
_QUESTIONS_TRIED = 6
"""Questions put to the assistant for one article, each of which costs as much as a person's."""
_ARTICLES_SEEN = 64
_TRIED_IN_EACH = 2
_TRIED_IN_ALL = 12
_ARTICLES_HELD = 512
_GOLDEN = 0.618


class Suggestions:
    """Makes questions and remembers them for each article and revision; safe to share between threads."""

    def __init__(self, assistant: Assistant) -> None:
        """Suggest what `assistant` can answer."""
        self._assistant = assistant
        self._kept: OrderedDict[tuple[object, ...], tuple[tuple[str, Draft], ...]] = OrderedDict()
        self._making, self._choosing = Lock(), Lock()
        self._chosen: dict[Language, tuple[int, tuple[str, ...]]] = {}

    def after(self, answer: Answer) -> tuple[str, ...]:
        """Return at most SUGGESTED questions that the article cited (or the closest one) answers.

        In the language of the answer; none when nothing honest can be asked, or while questions are made for
        somebody else. Takes a second or two the first time: call it when the answer is already shown.
        """
        language = _known(answer.language)
        articles = [citation.article for citation in answer.citations]
        articles += [hit.passage.article for hit in answer.closest]
        if not articles:
            return self.examples(language)[:SUGGESTED]
        key = (self._assistant.revision, articles[0].id, language)
        made = self._kept.get(key)
        if made is None:
            if not self._making.acquire(blocking=False):
                return ()
            try:
                some = islice(drafts(articles[0]), _QUESTIONS_TRIED)
                made = tuple(self._made(articles[0], some, language, SUGGESTED + 1))
                self._kept[key] = made
                if len(self._kept) > _ARTICLES_HELD:
                    self._kept.popitem(last=False)
            finally:
                self._making.release()
        said = [(one.start, one.end) for one in answer.citations if one.article.id == articles[0].id]
        new = [question for question, draft in made if not _overlaps(draft.sentence, said)]
        return tuple(question for question in new if question != answer.question)[:SUGGESTED]

    def examples(self, language: str = "ar") -> tuple[str, ...]:
        """Return at most EXAMPLES questions on different articles of the whole collection.

        Takes some seconds the first time after each change of the collection.
        """
        known = _known(language)
        with self._choosing:
            revision = self._assistant.revision
            made = self._chosen.get(known)
            if made is None or made[0] != revision:
                made = self._chosen[known] = revision, tuple(self._choose(known))
            return made[1]

    def _choose(self, language: Language) -> list[str]:
        """Return a question on each of some articles from all over the collection."""
        collection = self._assistant.collection
        listed = collection.articles()
        count = min(len(listed), _ARTICLES_SEEN)
        chosen: list[str] = []
        tried = 0
        for number in sorted(range(count), key=lambda n: n * _GOLDEN % 1):  # the first few are far apart
            article = collection.article(listed[number * len(listed) // count].id)
            if article is None:
                continue
            some = list(islice(drafts(article), _TRIED_IN_EACH))
            tried += len(some)
            chosen += [question for question, _ in self._made(article, some, language, 1)]
            if len(chosen) == EXAMPLES or tried >= _TRIED_IN_ALL:
                break
        return chosen

    def _made(
        self, article: Article, some: Iterable[Draft], language: Language, wanted: int
    ) -> Iterator[tuple[str, Draft]]:
        """Yield the first questions that the assistant answers from the article as the article does."""
        for draft in some:
            question = draft.asked(language)
            if question is None:
                continue
            try:
                answer = self._assistant.consider(question).answer  # no language model
            except JawabError:
                return  # a suggestion is not worth an error
            if draft.answered_by(answer, article):
                yield question, draft
                wanted -= 1
            if not wanted:
                return


def _known(language: str) -> Language:
    return "fr" if language == "fr" else "en" if language == "en" else "ar"


def _overlaps(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)
