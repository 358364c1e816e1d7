"""A run: every case put to an assistant, and scored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from corpus.errors import QuestionError
from eval.cases import Case
from eval.metrics import best, exact_match, f1, says
from eval.retrieval import DEPTH, contexts, measure
from eval.score import Score
from index.passage import Hit, Passage
from qa.assistant import Considered
from qa.conversation import complete
from qa.records import Answer

Leg = Literal["both", "dense", "words"]
LEGS: tuple[Leg, ...] = ("dense", "words", "both")
PASSAGES = 50
"""How many passages are ranked, so that ten contexts of several passages each are among them."""


class Retriever(Protocol):
    """What finds passages, with each of its legs alone when asked."""

    def search(self, question: str, k: int, *, legs: Leg = "both") -> list[Hit]:
        """Return the best `k` passages, best first."""


class Assistant(Protocol):
    """What answers; `qa.Assistant` is one."""

    @property
    def retriever(self) -> Retriever:
        """What finds its passages."""

    def consider(self, question: str, *, history: Sequence[Answer | str] = ()) -> Considered:
        """Answer from the whole collection, or abstain, and tell what was read."""

    def retrieve(self, question: str, k: int) -> list[Hit]:
        """Return the `k` passages it would read, best first."""

    def read(self, question: str, passages: Sequence[Passage]) -> Answer:
        """Answer from these passages, without abstaining."""


@dataclass(slots=True)
class _Outcome:
    """What the assistant did with one case."""

    asked: bool = False
    considered: Considered | None = None
    gold_passage_answer: Answer | None = None
    rankings: dict[str, list[str]] = field(default_factory=dict)
    refused: str | None = None


def run(
    cases: Sequence[Case],
    assistant: Assistant,
    passages: Mapping[str, Sequence[Passage]],
    *,
    legs: Sequence[Leg] = (),
    dense_only: bool = False,
    progress: Callable[[int], object] | None = None,
) -> list[Score]:
    """Put each case to `assistant` and score it; the scores are in the order of the cases.

    `passages` are those of each article that holds an answer, by article id. `legs` are measured for
    retrieval besides. With `dense_only` the encoder alone is measured: its ranking is the retrieval, and
    nothing is asked. `progress` is called with 1 after every case. A question that is turned down
    (QuestionError) counts as one that was not answered.
    """
    outcomes = []
    for case in cases:
        outcomes.append(_rank(case, assistant, legs, dense_only))
        if not dense_only:
            _ask(case, assistant, passages, outcomes[-1])
        if progress:
            progress(1)
    return _score(cases, outcomes, legs)


def _standing(case: Case) -> str:
    """Return the question with its subject: what ranks and reads passages knows no conversation."""
    return complete(case.question, case.history) or case.question


def _rank(case: Case, assistant: Assistant, legs: Sequence[Leg], dense_only: bool) -> _Outcome:
    outcome = _Outcome()
    if case.gold:
        question, search = _standing(case), assistant.retriever.search
        with _turned_down(outcome):
            outcome.rankings[""] = contexts(
                search(question, PASSAGES, legs="dense")
                if dense_only
                else assistant.retrieve(question, PASSAGES)
            )
            for leg in legs:
                outcome.rankings[leg] = contexts(search(question, PASSAGES, legs=leg))
    return outcome


def _ask(
    case: Case, assistant: Assistant, passages: Mapping[str, Sequence[Passage]], outcome: _Outcome
) -> None:
    if case.answerable or case.unanswerable:
        outcome.asked = True
        with _turned_down(outcome):
            outcome.considered = assistant.consider(case.question, history=case.history)
            outcome.rankings["reranked"] = _reranked(outcome.considered, outcome.rankings.get("", []))
    if case.answerable and case.article_id:
        with _turned_down(outcome):
            outcome.gold_passage_answer = assistant.read(_standing(case), passages[case.article_id])


def _reranked(considered: Considered, ranking: Sequence[str]) -> list[str]:
    """Rank articles by what was read in them, best first; those without a reading follow as they were."""
    read = (reading.passage.article_id for reading in considered.readings)
    return list(dict.fromkeys((*read, *ranking)))[:DEPTH]


@contextmanager
def _turned_down(outcome: _Outcome) -> Iterator[None]:
    try:
        yield
    except QuestionError as error:
        outcome.refused = str(error)


def _score(cases: Sequence[Case], outcomes: Sequence[_Outcome], legs: Iterable[Leg]) -> list[Score]:
    golds = [case.gold for case in cases]
    retrieval = {
        leg: measure([outcome.rankings.get(leg, []) for outcome in outcomes], golds)
        for leg in ("", "reranked", *legs)
    }
    scores = []
    for number, (case, outcome) in enumerate(zip(cases, outcomes, strict=True)):
        measured: dict[str, float] = {}
        if case.gold:
            measured |= {f"retrieval.{name}": value for name, value in retrieval[""][number].items()}
        if case.gold and outcome.asked:
            measured |= {f"reranked.{name}": value for name, value in retrieval["reranked"][number].items()}
        answer = outcome.considered.answer if outcome.considered else None
        read = outcome.gold_passage_answer
        cited = tuple(citation.article.id for citation in answer.citations) if answer else ()
        if outcome.asked:
            measured |= _judge(case, answer, read, cited)
        best, best_right = _best(case, outcome.considered, measured)
        scores.append(
            Score(
                case=case,
                measured=measured,
                ranking=tuple(outcome.rankings.get("", ())),
                reranking=tuple(outcome.rankings.get("reranked", ())),
                text=answer.text if answer else None,
                best=best,
                best_right=best_right,
                gold_passage_text=read.text if read else None,
                cited=cited,
                confidence=answer.confidence if answer else 0.0 if outcome.asked else None,
                milliseconds=answer.milliseconds if answer else {},
                legs={leg: retrieval[leg][number] for leg in legs if case.gold},
                refused=outcome.refused,
            )
        )
    return scores


def _judge(case: Case, answer: Answer | None, read: Answer | None, cited: Sequence[str]) -> dict[str, float]:
    """Return what an answer is worth; an answer without a citation is not rightly cited."""
    text = answer.text if answer else None
    if case.unanswerable:
        return {"abstention.false_answers": float(text is not None)}
    rightly_cited = bool(cited) and case.gold.issuperset(cited)
    judged = {
        "answer.exact_match": best(exact_match, text, case.answers),
        "answer.f1": best(f1, text, case.answers),
        "answer.right": float(says(text, case.answers) and rightly_cited),
        "answer.gold_passage_exact_match": best(exact_match, read.text if read else None, case.answers),
        "answer.gold_passage_f1": best(f1, read.text if read else None, case.answers),
        "abstention.answered": float(text is not None),
    }
    if text is not None:
        judged["citations.right"] = float(rightly_cited)
    return judged


def _best(
    case: Case, considered: Considered | None, measured: Mapping[str, float]
) -> tuple[str | None, bool | None]:
    """Return what was thought likeliest, and whether it is right; what was said is judged as it was said."""
    if considered is None:
        return None, None
    if considered.answer.text is not None:
        return considered.answer.text, measured.get("answer.right") == 1.0
    if not considered.readings:
        return None, None
    likeliest = considered.readings[0]
    held = likeliest.passage.article_id in case.gold
    return likeliest.text, held and says(likeliest.text, case.answers)
