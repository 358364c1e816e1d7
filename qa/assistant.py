"""The assistant: a question, and the chat so far, become an answer with its proof or an honest silence."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from pathlib import Path
from time import perf_counter

from corpus.errors import QuestionTimedOut, StoreMissing
from corpus.reading import bundled_articles
from index.console import progress_bars
from index.passage import Hit, Passage
from index.settings import Settings
from index.store import Snapshot, Store, build
from qa.agreement import compare
from qa.collection import Collection
from qa.conversation import complete
from qa.messages import abstention, answer_message
from qa.networks import Networks
from qa.phrasing import Phraser
from qa.question import Question, check_question, understand
from qa.reader import Reader, Reading
from qa.records import Answer, Citation
from qa.retrieval import Found, HybridRetriever, Retriever
from qa.scope import Scope
from qa.small_talk import reply
from qa.trained_reader import Calibration, TrainedReader

PASSAGES_READ = 8
"""Passages handed to the reader; the right one is among them for 95–99 % of measured questions."""
CLOSEST = 3
TIME_LIMIT = 30
"""Seconds after which a question is given up, looked at before passages are read; most take half of one."""


@dataclass(frozen=True, slots=True)
class Considered:
    """An answer, and what it was made of: the passages found and what was read in them, both best first.

    `question` is the one that was read: as it was asked, or completed by the conversation.
    """

    answer: Answer
    hits: Sequence[Hit] = ()
    readings: Sequence[Reading] = ()
    question: Question | None = None


class Assistant:
    """Answers questions from one store; `ask` may be called from several threads at once."""

    def __init__(
        self,
        store: Store,
        networks: Networks,
        calibration: Calibration,
        phraser: Phraser | None = None,
    ) -> None:
        self._store = store
        self._networks = networks
        self._calibration = calibration
        self._phraser = phraser
        self.collection = Collection(store, networks.encoder)
        self._lock = threading.Lock()
        self._pinned: tuple[Snapshot, HybridRetriever, Reader] | None = None

    @classmethod
    def load(
        cls,
        *,
        store: Path | str | None = None,
        encoder: str | None = None,
        phraser: Phraser | None = None,
        wait: bool = True,
    ) -> Assistant:
        """Open a store and the networks that answer from it.

        Without `store`: the default one, made of the bundled articles when it is not there yet. `encoder`
        is a sentence-transformers model name or folder; without it, the default encoder. `phraser` lets a
        language model word the answers (`qa.llama.phraser`); without it, none is used. Without `wait`, the
        articles can be listed at once, and whatever is needed to answer is opened by the first question or
        by `warm`.

        Raises StoreError or ModelError, each saying what to do.
        """
        settings = Settings.from_environment(store=store, encoder=encoder)
        networks = Networks.of(settings)
        try:
            opened = Store.open(settings.store, fingerprint=networks.fingerprint)
        except StoreMissing:
            if store is not None:
                raise
            with progress_bars() as progress:
                build(settings.store, bundled_articles(), embedder=networks.encoder(), progress=progress)
            opened = Store.open(settings.store, fingerprint=networks.fingerprint)
        assistant = cls(opened, networks, Calibration.load(), phraser)
        if wait:
            assistant.warm()
        return assistant

    def warm(self) -> None:
        """Open whatever is needed to answer, unless it is open; raises StoreError or ModelError."""
        with ThreadPoolExecutor() as pool:
            # Most of opening a network is compiling, which leaves the interpreter to the index.
            reader, encoder = pool.submit(self._networks.reader), pool.submit(self._networks.encoder)
            self._store.snapshot()
            reader.result()
            encoder.result()
        self._pin()

    @property
    def retriever(self) -> HybridRetriever:
        """The retriever over the newest revision."""
        return self._pin()[1]

    @property
    def article_count(self) -> int:
        """The number of articles in the newest revision."""
        return self._pin()[0].revision.articles

    @property
    def revision(self) -> int:
        """The number of the revision that answers now; a change of the articles raises it."""
        return self._pin()[0].revision.number

    def ask(
        self, question: str, *, history: Sequence[Answer | str] = (), within: Scope | None = None
    ) -> Answer:
        """Answer a question from the articles, or abstain; `history` is the conversation, oldest first.

        `within` leaves articles out; nothing outside it is found, read or shown. A greeting or the like gets
        a reply as `message`, with no claim about the articles.

        Raises QuestionError when the question cannot be used, or takes longer than TIME_LIMIT.
        """
        made = self.consider(question, history=history, within=within)
        if self._phraser is None or made.question is None:
            return made.answer
        return self._phraser.phrase(made.question, made.answer, made.readings, self._calibration.threshold)

    def consider(
        self, question: str, *, history: Sequence[Answer | str] = (), within: Scope | None = None
    ) -> Considered:
        """Answer as `ask` does without a language model, and keep what the answer was made of.

        For measuring: the readings are there whether the answer was withheld or not.
        """
        started = perf_counter()
        if (small_talk := reply(question)) is not None:
            message, language = small_talk
            return Considered(Answer(question, None, (), (), 0.0, language=language, message=message))
        completed = complete(question, history)
        asked = check_question(question, completed)
        _, retriever, reader = self._pin()
        understood = read_as = understand(asked)
        found, readings = self._try(understood, retriever, reader, within, started)
        searched = [found]
        if completed is not None:
            fuller = replace(understand(completed), kind=understood.kind, language=understood.language)
            more, others = self._try(fuller, retriever, reader, within, started)
            searched.append(more)
            if _confidence(others) > _confidence(readings):
                found, readings, read_as = more, others, fuller
        answer = self._answer(understood, found.hits, readings, self._calibration.threshold)
        finished = perf_counter()
        total = (finished - started) * 1e3
        encode, retrieve = sum(one.encode_ms for one in searched), sum(one.retrieve_ms for one in searched)
        read = total - encode - retrieve
        times = {"encode": encode, "retrieve": retrieve, "read": read, "total": total}
        timed = replace(answer, question=asked, milliseconds=times)
        return Considered(timed, found.hits, readings, read_as)

    def retrieve(self, question: str, k: int = PASSAGES_READ, *, within: Scope | None = None) -> list[Hit]:
        """Return the k passages that would be read for a question, best first."""
        return self.retriever.find(check_question(question), k, within=within).hits

    def read(self, question: str, passages: Sequence[Passage]) -> Answer:
        """Answer from these passages alone, without abstaining: the reader measured by itself."""
        understood = understand(check_question(question))
        hits = [Hit(passage, 1.0) for passage in passages]
        return self._answer(understood, hits, self._pin()[2].read(understood, hits), threshold=0.0)

    def _try(
        self,
        question: Question,
        retriever: Retriever,
        reader: Reader,
        within: Scope | None,
        started: float,
    ) -> tuple[Found, list[Reading]]:
        found = retriever.find(question.text, PASSAGES_READ, within=within)
        if perf_counter() - started > TIME_LIMIT:
            raise QuestionTimedOut(limit=TIME_LIMIT)
        return found, reader.read(question, found.hits)

    def _answer(
        self, question: Question, hits: Sequence[Hit], readings: Sequence[Reading], threshold: float
    ) -> Answer:
        confidence = _confidence(readings)
        if not readings or confidence < threshold:
            message = abstention(question.language)
            return Answer(
                question.text, None, (), (), confidence, question.language, message, tuple(hits[:CLOSEST])
            )
        verdict = compare(readings, question.kind)
        number = count(1)
        said = [
            (group[0].text, tuple(Citation(next(number), r.passage.article, *r.sentence) for r in group))
            for group in (verdict.agreeing, verdict.contradicting)
            if group
        ]
        return Answer(
            question.text,
            text=" / ".join(text for text, _ in said),
            spans=tuple(text for text, _ in said) if len(said) > 1 else verdict.agreeing[0].items,
            citations=tuple(citation for _, citations in said for citation in citations),
            confidence=confidence,
            language=question.language,
            message=answer_message(said, question.language),
        )

    def _pin(self) -> tuple[Snapshot, HybridRetriever, Reader]:
        """Return what answers from the newest committed revision, made once for each.

        While another thread opens the newest it is the one before: nobody waits for a change.
        """
        snapshot = self._store.snapshot(wait=False)
        with self._lock:
            if self._pinned is None or self._pinned[0] is not snapshot:
                encoder, model = self._networks.encoder(), self._networks.reader()
                reader = TrainedReader(model, self._calibration, snapshot.idf)
                self._pinned = (snapshot, HybridRetriever(snapshot, encoder), reader)
            return self._pinned


def answer(question: str, *, history: Sequence[Answer | str] = ()) -> Answer:
    """Answer from the bundled articles, or whatever the default store holds.

    >>> answer("متى عُقد اجتماع ليون؟").text  # doctest: +SKIP
    '3 و4 شتنبر'
    """
    return _default().ask(question, history=history)


@cache
def _default() -> Assistant:
    return Assistant.load()


def _confidence(readings: Sequence[Reading]) -> float:
    return readings[0].confidence if readings else 0.0
