"""The lexical leg, against bm25s used directly on the same terms."""

from __future__ import annotations

from collections.abc import Sequence

from bm25s import BM25  # type: ignore[import-untyped]

from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.timing import both
from index.analysis import content_words, is_latin, terms
from index.lexical import K1, B
from index.lexicon import translations
from index.snapshot import Snapshot


def measure(bench: Bench) -> list[Figure]:
    """Time BM25 of every passage for a question, from its text on, ours against `BM25.get_scores`.

    Both cut the question into the same terms first. Ours looks them up in arrays mapped from the disk, and
    also finds out how much of the question the index knows; bm25s holds its vocabulary as a dict.
    """
    snapshot = bench.store.snapshot()
    bm25 = raw(snapshot)
    baseline, ours = both(
        lambda question: bm25.get_scores(list(dict.fromkeys(terms(question)))),
        snapshot.word_scores,
        untranslated(bench.questions),
    )
    return [
        Figure(name="words", what="words of a question scored", value=ours.median * 1e3, unit="ms"),
        Figure(name="bm25s", what="the same by bm25s alone", value=baseline.median * 1e3, unit="ms"),
        Figure(
            name="ratio", what="words scored ÷ bm25s alone", value=ours.median / baseline.median, unit="×"
        ),
    ]


def untranslated(questions: Sequence[str]) -> list[str]:
    """Leave out the questions with words that ours translates or listens to: terms that bm25s has not."""
    return [
        question
        for question in questions
        if not any(is_latin(word) or translations(word) for word in content_words(question))
    ]


def raw(snapshot: Snapshot) -> BM25:
    """Index the passages of a snapshot with bm25s as it comes, by their terms and our parameters."""
    bm25 = BM25(method="lucene", k1=K1, b=B)
    texts = (snapshot.passage(ordinal).embedding_text for ordinal in range(len(snapshot)))
    bm25.index([terms(text) for text in texts], show_progress=False)
    return bm25
