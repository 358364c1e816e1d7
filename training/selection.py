"""Which windows the reader is trained on: questions with the passage that answers and with hard negatives."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from corpus.article import Article
from index.passage import Passage
from qa.edges import at_word_borders, trimmed
from training.examples import Example
from training.windows import Window, cropped, tidy_question, varied, windows_of

MACHINE_ANSWERED = 6000
MACHINE_UNANSWERABLE = 3000
_LONGEST_MACHINE_ANSWER = 80
"""Characters; longer machine-aligned spans are mostly half a clause too long."""
_NEAREST = 5
"""Negatives are drawn from this many of the best passages that do not answer."""
_SHORTEST_CROP, _LONGEST_CROP = 72, 168

Key = tuple[str, str]
"""An example's article id and question."""


def some_machine_made(examples: Sequence[Example], seed: int) -> list[Example]:
    """Return AQAD questions: answered ones whose span is whole words, and unanswerable ones."""
    rng = random.Random(seed)
    answered = [example for example in examples if example.answers and _is_whole(example)]
    unanswerable = [example for example in examples if not example.answers]
    return [
        *rng.sample(answered, min(MACHINE_ANSWERED, len(answered))),
        *rng.sample(unanswerable, min(MACHINE_UNANSWERABLE, len(unanswerable))),
    ]


@dataclass(frozen=True, slots=True)
class Selection:
    """Makes windows: `wrong` holds what retrieval finds for a question besides the answer, best first."""

    wrong: Mapping[Key, Sequence[Passage]]
    cut: Callable[[Article], list[Passage]]
    tokenizer: Tokenizer

    def windows(
        self, asked: Sequence[tuple[Example, float]], seed: int, *, whole: float = 1.0
    ) -> list[Window]:
        """Return the windows of examples, each with its own passage.

        The number beside an example is how many more windows, without the answer, it has on average. A share
        of `whole` windows keeps all of its passage; the others are cropped to some length, which teaches the
        same in half the time.
        """
        rng = random.Random(seed)
        found: list[Window] = []
        for group, (example, negatives) in enumerate(asked):
            found_for = self.wrong.get((example.article.id, example.question), ())
            own, others = self._own(example, found_for, rng)
            near = [*others, *found_for[:_NEAREST]]
            near = [passage for passage in dict.fromkeys(near) if passage not in own]
            passages = [*own, *rng.sample(near, min(int(negatives + rng.random()), len(near)))]
            question = varied(tidy_question(example.question), rng, example.language)
            found += windows_of(example, passages, self.tokenizer, question=question, group=group)
        return [
            window
            if rng.random() < whole
            else cropped(window, rng.randint(_SHORTEST_CROP, _LONGEST_CROP), rng)
            for window in found
        ]

    def _own(
        self, example: Example, found: Sequence[Passage], rng: random.Random
    ) -> tuple[list[Passage], list[Passage]]:
        """Return the passage that holds the answer, and the article's others.

        Where there is no answer, it is the passage that is found first: the likeliest to mislead.
        """
        passages = self.cut(example.article)
        if not example.answers:
            own = [next((passage for passage in found if passage in passages), rng.choice(passages))]
        else:
            start, end = trimmed(example.article.text, *example.answers[0])
            own = [passage for passage in passages if passage.start <= start and end <= passage.end][:1]
        return own, [passage for passage in passages if passage not in own]


def _is_whole(example: Example) -> bool:
    text = example.article.text
    start, end = trimmed(text, *example.answers[0])
    return 0 < end - start < _LONGEST_MACHINE_ANSWER and at_word_borders(text, start, end)
