"""Learn the lexicon: `python -m training.lexicon DATA`, from questions written in several languages.

IBM model 1 (Brown et al. 1993) tells which words go together in two questions about one fact: expectation
maximisation over the probability that a word stands for one of Standard Arabic. It takes seconds.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from index.analysis import content_words, is_latin, root_of
from index.console import guarded
from index.lexicon import FILE
from training.asked import command, read_asked
from training.windows import is_held_out
from training.written import read_facts

FOREIGN, DIALECTS = ("fr", "en"), ("ary", "arz", "apc", "ars")
ROUNDS = 8
LEAST, MOST = 0.1, 4
"""Translations of a word are at least this probable, and at most so many."""
FEWEST = 3
"""Questions that have a word, at least; rarer words help nothing, and would be half of the lexicon."""
WEIGHT = 0.5
"""A translation weighs its probability to this power: what a word often goes with finds articles too."""
log = logging.getLogger(__name__)

Words = tuple[str, ...]
Pair = tuple[Words, Words]
Lexicon = Mapping[str, Sequence[tuple[str, float]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn from the facts whose articles are not kept apart, write, and return the exit code."""
    parser = command("training.lexicon", "Learn the lexicon.", FILE)
    return guarded(_run, parser.parse_args(arguments))


def _run(options: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    asked, _ = read_asked(options.data)
    apart = {example.article.id for example in asked if is_held_out(example)}
    facts = [fact for fact in read_facts() if fact["article"] not in apart]
    foreign = learn(_pairs(facts, FOREIGN, latin=True))
    dialects = learn(_pairs(facts, DIALECTS, latin=False))
    own = {word: roots for word, roots in dialects.items() if all(root != word for root, _ in roots)}
    log.info("%d words of %s, %d of %s", len(foreign), FOREIGN, len(own), DIALECTS)
    write({**foreign, **own}, options.out)
    return 0


def _pairs(facts: Iterable[Mapping[str, str]], languages: Sequence[str], *, latin: bool) -> list[Pair]:
    """Return the roots of each question in some languages, beside those of the one in Standard Arabic."""
    return [
        (_roots(fact[language], latin=latin), _roots(fact["ar"], latin=False))
        for fact in facts
        for language in languages
        if "ar" in fact and language in fact
    ]


def _roots(question: str, *, latin: bool) -> Words:
    """Return the roots of the words of one script, once each; a month has one in all of them."""
    found = (root_of(word) for word in content_words(question) if is_latin(word) == latin)
    return tuple(dict.fromkeys(root for root in found if not root.isdigit()))


def learn(pairs: Iterable[Pair], *, rounds: int = ROUNDS, fewest: int = FEWEST) -> Lexicon:
    """Return the likeliest roots of Standard Arabic for each word, with their weights (0–1), likeliest first.

    `pairs` are the words of a question, and the roots of the same question in Standard Arabic.
    """
    pairs = [pair for pair in pairs if all(pair)]
    often = Counter(word for words, _ in pairs for word in words)
    foreign, arabic = ({word for pair in pairs for word in pair[side]} for side in (0, 1))
    # The empty word, in front of all others, stands for what has nothing to do with any word of the question.
    words, roots = ["", *sorted(foreign)], sorted(arabic)
    word_of, root_of = ({word: n for n, word in enumerate(one)} for one in (words, roots))
    cells = [
        (word_of[word] * len(roots) + root_of[root], place)
        for place, (root, besides) in enumerate((root, pair[0]) for pair in pairs for root in pair[1])
        for word in ("", *besides)
    ]
    code, place = np.array(cells).T
    unique, cell = np.unique(code, return_inverse=True)
    of = unique // len(roots)
    probability = np.ones(len(unique))
    for _ in range(rounds):
        likely = probability[cell]
        share = likely / np.bincount(place, likely)[place]
        expected = np.bincount(cell, share)
        probability = expected / np.bincount(of, expected)[of]
    found: dict[str, list[tuple[str, float]]] = {}
    for at in np.lexsort((unique, -probability, of)):
        known = found.setdefault(words[of[at]], [])
        if probability[at] >= LEAST and len(known) < MOST:
            known.append((roots[unique[at] % len(roots)], float(probability[at] ** WEIGHT)))
    return {word: known for word, known in found.items() if known and often[word] >= fewest}


def write(lexicon: Lexicon, path: Path) -> None:
    """Write a line for each word: it, and each of its roots with a weight, between tabs."""
    lines = (
        "\t".join((word, *(f"{root} {weight:.2f}" for root, weight in roots))) + "\n"
        for word, roots in sorted(lexicon.items())
    )
    path.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
