"""What can be seen of a sentence and of a phrase without reading them: the numbers the reader weighs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from corpus.names import country_names
from index.function_words import FUNCTION_WORDS
from qa.lexicon import GIVEN_NAMES, PLACE_CUES, PREPOSITIONS, ROLES
from qa.matching import Weigh
from qa.question import Kind
from qa.spans import Phrase, Word, segments

Array = NDArray[np.float32]
KINDS: tuple[Kind, ...] = get_args(Kind)

SENTENCE_WIDTH = 12
SPAN_WIDTH = 42 + len(KINDS)
EVIDENCE_WIDTH = 14


def sentence_features(
    *,
    similarity: Array,
    passage_score: Array,
    coverage: Array,
    around: Array,
    title: Array,
    length: Array,
    first: Array,
    has_kind: Array,
) -> Array:
    """Return an array of shape (sentences, 12) from one number per sentence.

    `similarity` is the cosine with the question; `passage_score` the retriever's; `coverage`, `around`
    and `title` the weight of the question's words found in the sentence, in its neighbours and in the
    title (0–1); `has_kind` 1, 0 or −1: a phrase of the kind asked for, no such kind, none though asked for.
    """
    return np.stack(
        [
            similarity * 10,
            (similarity - similarity.max()) * 10,
            (similarity - similarity.mean()) * 10,
            passage_score,
            passage_score - passage_score.max(),
            coverage,
            coverage - coverage.max(),
            np.maximum(around, coverage) - coverage,
            title,
            np.log1p(length) - 2.5,
            first,
            has_kind,
        ],
        axis=1,
    ).astype(np.float32)


def evidence_features(
    *,
    similarity: float,
    chosen: Array,
    sentence_share: float,
    coverage: float,
    around: float,
    missing: float,
    known_share: float,
    span_score: float,
    mass: float,
    foreign: bool,
) -> Array:
    """Return what speaks for and against the sentence chosen, shape (EVIDENCE_WIDTH,).

    Nothing in it depends on the size of the collection. `chosen` is what was seen of the sentence;
    `coverage` and `around` the weight of the question's words in it, and in its passage and title (0–1);
    `missing` the weight of the heaviest word found in neither; `mass` how much of the phrases'
    probability lies in it. Words of a French or English question are rarely found, hence `foreign` twice.
    """
    return np.array(
        [
            similarity,
            chosen[1],
            chosen[2],
            sentence_share,
            coverage,
            around,
            missing,
            known_share,
            span_score,
            mass,
            float(foreign),
            chosen[11],
            foreign * similarity,
            foreign * around,
        ],
        dtype=np.float32,
    )


def span_features(
    text: str,
    sentence: Sequence[Word],
    found: Sequence[Phrase],
    matched: Array,
    *,
    kind: Kind,
    weigh: Weigh,
    sentence_score: float,
) -> Array:
    """Return an array of shape (phrases, SPAN_WIDTH); `matched` is each word's share in the question."""
    n = len(sentence)
    first = np.array([p.first for p in found])
    last = np.array([p.last for p in found])
    length = last - first + 1
    keys = [word.key for word in sentence]

    def flags(values: Sequence[bool]) -> Array:
        return np.array(values, dtype=np.float32)

    number = flags([word.is_number for word in sentence])
    function = flags([key in FUNCTION_WORDS for key in keys])
    within = flags([key in PREPOSITIONS for key in keys])
    place_cue = flags([key in PLACE_CUES for key in keys])
    role = flags([key in ROLES for key in keys])
    given = flags([key in GIVEN_NAMES for key in keys])
    article = flags([key.startswith("ال") for key in keys])
    attached = flags([key[:1] in "بل" and len(key) > 3 for key in keys])
    joined = flags([key[:1] == "و" and len(key) > 3 for key in keys])
    latin = flags([key[:1].isascii() and key[:1].isalpha() for key in keys])
    country = flags([_is_country(key) for key in keys])
    rarity = np.array([weigh(key) for key in keys], dtype=np.float32)
    starts, ends = np.zeros(n, np.float32), np.zeros(n, np.float32)
    for part in segments(text, sentence):
        starts[part.first] = ends[part.last] = 1
    opened = flags([text[w.start - 1 : w.start] in tuple('«"“(') and w.start > 0 for w in sentence])
    closed = flags([text[w.end : w.end + 1] in tuple('»"”)') for w in sentence])

    def mean(values: Array) -> Array:
        total = np.concatenate([[0], np.cumsum(values)])
        return np.asarray((total[last + 1] - total[first]) / length, dtype=np.float32)

    def before(values: Array) -> Array:
        return np.where(first > 0, values[np.maximum(first - 1, 0)], 0)

    def after(values: Array) -> Array:
        return np.where(last < n - 1, values[np.minimum(last + 1, n - 1)], 0)

    left, right = _distances(matched, first, last)
    kinds = np.zeros((len(found), len(KINDS)), np.float32)
    kinds[:, KINDS.index(kind)] = 1
    columns = [
        *(length == size for size in (1, 2, 3, 4)),
        (length >= 5) & (length <= 6),
        (length >= 7) & (length <= 9),
        length >= 10,
        np.log(length),
        flags([p.is_date for p in found]),
        flags([p.is_date for p in found]) * (length > 1),
        number[first],
        number[last],
        mean(number),
        starts[first],
        ends[last],
        starts[first] * ends[last],
        mean(ends) * length - ends[last],
        before(within),
        before(function),
        before(matched),
        before(role),
        before(place_cue) + place_cue[first],
        before(number),
        after(function),
        after(matched),
        after(joined),
        after(article),
        function[first],
        function[last],
        article[first],
        attached[first],
        joined[first],
        mean(country),
        np.maximum(given[first], mean(given)),
        mean(latin),
        opened[first] * closed[last],
        opened[first] + closed[last],
        mean(matched),
        left,
        right,
        mean(rarity) / 10,
        np.full(len(found), sentence_score),
    ]
    return np.concatenate([np.stack(columns, axis=1), kinds], axis=1).astype(np.float32)


def _is_country(key: str) -> bool:
    names = country_names()
    return key in names or (key[:1] in "بول" and key[1:] in names)


def _distances(matched: Array, first: NDArray[np.int64], last: NDArray[np.int64]) -> tuple[Array, Array]:
    """Return how near (1 next to it, towards 0) the closest matched word stands on each side of a phrase."""
    n = len(matched)
    near_left, near_right = np.zeros(n + 1, np.float32), np.zeros(n + 1, np.float32)
    for i in range(n):
        near_left[i + 1] = max(near_left[i] * 0.75, matched[i])
        near_right[n - 1 - i] = max(near_right[n - i] * 0.75, matched[n - 1 - i])
    return near_left[first], near_right[last + 1]
