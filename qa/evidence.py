"""What speaks for and against an answer: the numbers its confidence is drawn from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.arabic import words
from corpus.dates import find_dates
from corpus.numbers import find_numbers
from index.passage import Hit
from qa.agreement import says_the_same
from qa.candidates import Candidate
from qa.matching import Matcher, Weigh, terms_of
from qa.question import Question

Evidence = NDArray[np.float64]
WIDTH = 13
_LEAST_LOG_PROBABILITY = -20.0


def evidence_of(
    question: Question,
    ranked: Sequence[Candidate],
    hits: Sequence[Hit],
    weigh: Weigh,
) -> Evidence:
    """Return the evidence for the best of the `ranked` candidates, shape (WIDTH,).

    The size of the collection shows in it only by how rare words are. `hits` are in the retriever's order.
    The words of a French or English question are found less often, hence the numbers beside the coverage.
    """
    best = ranked[0]
    passage = best.hit.passage
    answer = passage.text[slice(*best.span)]
    # Articles that say the same share the probability between them: together they are surer, not less sure.
    same = [
        one for one in ranked if one is best or says_the_same(answer, one.hit.passage.text[slice(*one.span)])
    ]
    others = [one.answers for one in ranked if all(one.hit is not it.hit for it in same)]
    log_probability = float(np.logaddexp.reduce([one.log_probability for one in same]))
    matcher = Matcher(terms_of(question.terms, question.names, weigh))
    matches = matcher.match(words(f"{passage.article.title} {passage.text}"))
    found = matches.max(axis=1, initial=0)
    near = passage.text[max(best.span[0] - 120, 0) : best.span[1] + 120]
    coverage = matcher.coverage(matches)
    foreign = float(question.language != "ar")
    return np.array(
        [
            best.answers,
            best.answers - max(others, default=best.answers),
            max(log_probability, _LEAST_LOG_PROBABILITY),
            max(one.answers for one in ranked),
            float(np.exp(log_probability)),
            float(best.hit is hits[0]),
            coverage,
            float(((1 - found) * matcher.weights).max(initial=0) / max(matcher.weights.sum(), 1e-6)),
            matcher.coverage(matcher.match(words(near))),
            _kind_fits(question, answer),
            foreign,
            foreign * coverage,
            best.answers if best.alone is None else best.alone,
        ]
    )


def _kind_fits(question: Question, answer: str) -> float:
    """Return 1 when the answer is of the kind asked for, less than 0 when not, 0 when that cannot be told."""
    if question.kind == "date":
        return 1.0 if find_dates(answer) or any(c.isdigit() for c in answer) else -1.0
    if question.kind == "number":
        return 1.0 if find_numbers(answer) else -0.5
    return 0.0
