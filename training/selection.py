"""Which windows the reader is trained on: every human question, hard negatives, some machine-made ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from tokenizers import Tokenizer

from corpus.article import Article
from index.passage import Passage
from qa.edges import at_word_borders, trimmed
from training.examples import Example
from training.windows import Window, tidy_question, varied, windows_of

MACHINE_ANSWERED = 1500
MACHINE_UNANSWERABLE = 1200
_LONGEST_MACHINE_ANSWER = 80
"""Characters; longer machine-aligned spans are mostly half a clause too long."""

Cut = Callable[[Article], list[Passage]]


def some_machine_made(examples: Sequence[Example], seed: int) -> list[Example]:
    """Return AQAD questions: answered ones whose span is whole words, and unanswerable ones."""
    rng = random.Random(seed)
    answered = [example for example in examples if example.answers and _is_whole(example)]
    unanswerable = [example for example in examples if not example.answers]
    return [
        *rng.sample(answered, min(MACHINE_ANSWERED, len(answered))),
        *rng.sample(unanswerable, min(MACHINE_UNANSWERABLE, len(unanswerable))),
    ]


def select(
    human: Sequence[Example],
    machine: Sequence[Example],
    wrong: Mapping[str, Sequence[Passage]],
    cut: Cut,
    tokenizer: Tokenizer,
    seed: int,
) -> list[Window]:
    """Return the windows; `wrong` holds what retrieval finds for a question in other articles, best first.

    A human question comes with the passage that answers it and with one of the first three wrong ones; a
    machine-made one with its own passage, which answers or does not.
    """
    rng = random.Random(seed)
    windows: list[Window] = []
    for group, example in enumerate([*human, *machine]):
        nearest = list(wrong.get(example.question, ()))[:3] if group < len(human) else []
        passages = [*_own(example, cut(example.article), rng), *(nearest and [rng.choice(nearest)])]
        question = varied(tidy_question(example.question), rng)
        windows += windows_of(example, passages, tokenizer, question=question, group=group)
    return windows


def _own(example: Example, passages: Sequence[Passage], rng: random.Random) -> list[Passage]:
    """Return the passage that holds the answer, or any where there is none."""
    if not example.answers:
        return [rng.choice(passages)]
    start, end = trimmed(example.article.text, *example.answers[0])
    return [passage for passage in passages if passage.start <= start and end <= passage.end][:1]


def _is_whole(example: Example) -> bool:
    text = example.article.text
    start, end = trimmed(text, *example.answers[0])
    return 0 < end - start < _LONGEST_MACHINE_ANSWER and at_word_borders(text, start, end)
