"""Questions after retrieval: what hard negatives are taken from and the confidence is fitted on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from corpus.errors import QuestionError
from index.passage import Hit
from qa.assistant import PASSAGES_READ
from qa.matching import Weigh
from qa.question import Question, check_question, understand
from qa.retrieval import HybridRetriever
from training.examples import Example

_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Case:
    """A question and the passages found for it; `answerable` is False where its article was taken out.

    `weigh` tells how rare a word is in the collection that was searched.
    """

    example: Example
    question: Question
    hits: list[Hit]
    answerable: bool
    weigh: Weigh


def retrieve(examples: Iterable[Example], retriever: HybridRetriever, weigh: Weigh) -> Iterator[Case]:
    """Retrieve for every example: with its article, and once more as if the article were not there.

    The second kind is how a question looks when the collection has nothing, but for how rare its words are
    there; an example without answers is one whose subject is there and whose answer is not.
    """
    for example in examples:
        try:
            question = understand(check_question(example.question))
        except QuestionError:
            continue
        found = retriever.find(question.text, PASSAGES_READ + _DEPTH)
        hits, answerable = found.hits[:PASSAGES_READ], bool(example.answers)
        case = Case(example, question, hits, answerable, weigh)
        yield case
        if example.answers:
            others = [hit for hit in found.hits if hit.passage.article_id != example.article.id]
            yield replace(case, hits=others[:PASSAGES_READ], answerable=False)
