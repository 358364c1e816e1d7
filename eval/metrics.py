"""What one prediction is worth against its gold answers, and what many of them say together."""

from __future__ import annotations

import math
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from corpus.sentences import sentence_spans

_LETTERS = str.maketrans("أإآٱىؤئ", "اااايوي")
_TATWEEL = "\u0640"
_ARTICLE = "ال"
_RIGHT_F1 = 0.5
_Z95 = 1.959963984540054


def normalise(text: str) -> str:
    """Return the words of `text` as exact match and F1 compare them, joined by single spaces.

    SQuAD's normalisation with Arabic in the place of English: gone are diacritics, tatweel, invisible
    marks, punctuation of every script and the definite article at the start of a word; أ إ آ ٱ count as
    ا, ى and ئ as ي, ؤ as و; digits of every script count as 0–9; Latin letters lose their case.

    >>> normalise("في «الرِّباط»، يوم ٢٤ شتنبر")
    'في رباط يوم 24 شتنبر'
    """
    kept = []
    for character in unicodedata.normalize("NFKC", text).casefold():
        category = unicodedata.category(character)
        if category in ("Mn", "Me", "Cf", "Cs") or category.startswith("P"):
            continue
        if character == _TATWEEL or character in string.punctuation:
            continue
        decimal = unicodedata.decimal(character, None)
        kept.append(character if decimal is None else str(decimal))
    words = "".join(kept).translate(_LETTERS).split()
    return " ".join(_without_article(word) for word in words)


def _without_article(word: str) -> str:
    # "الى" (for "إلى") has no article: something must be left of the word.
    return word[2:] if word.startswith(_ARTICLE) and len(word) > 3 else word


def exact_match(prediction: str, gold: str) -> float:
    """Return 1.0 when both are the same words after normalisation, else 0.0."""
    return float(normalise(prediction) == normalise(gold))


def f1(prediction: str, gold: str) -> float:
    """Return SQuAD's F1 (0–1) of the words of `prediction` and `gold`, each counted as often as it occurs."""
    said, wanted = normalise(prediction).split(), normalise(gold).split()
    if not said or not wanted:
        return float(said == wanted)
    shared = (Counter(said) & Counter(wanted)).total()
    return 2 * shared / (len(said) + len(wanted))


def best(measure: Callable[[str, str], float], prediction: str | None, golds: Sequence[str]) -> float:
    """Return the maximum of `measure` over the gold answers; silence (None) is worth 0.0."""
    if prediction is None:
        return 0.0
    return max((measure(prediction, gold) for gold in golds), default=0.0)


def says(prediction: str | None, golds: Sequence[str]) -> bool:
    """Tell whether `prediction` would be taken for the answer by a person who knows it.

    It is when its F1 against some gold is at least 0.5, with figures of that gold and no others, or when it
    holds all the words of some gold in one piece and is itself at most a sentence.

    >>> says("عُقد الاجتماع يومي 3 و4 شتنبر بمدينة ليون.", ["3 و4 شتنبر"])
    True
    >>> says("25 نونبر 2025", ["24 نونبر 2025"])
    False
    """
    if prediction is None:
        return False
    if any(f1(prediction, gold) >= _RIGHT_F1 and _figures_fit(prediction, gold) for gold in golds):
        return True
    said = f" {normalise(prediction)} "
    wanted = (normalise(gold) for gold in golds)
    return len(sentence_spans(prediction)) <= 1 and any(gold and f" {gold} " in said for gold in wanted)


def _figures_fit(prediction: str, gold: str) -> bool:
    """Tell whether the figures said are among those of the gold answer, and some are said if it has any."""
    said, wanted = ({*re.findall(r"\d+", normalise(text))} for text in (prediction, gold))
    return said <= wanted and bool(said) == bool(wanted)


def wilson(successes: int, trials: int) -> tuple[float, float] | None:
    """Return Wilson's 95 % interval of a share, or None without trials.

    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference.
    """
    if not trials:
        return None
    share, square = successes / trials, _Z95**2
    middle = share + square / (2 * trials)
    spread = _Z95 * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    low, high = ((middle + sign * spread) / (1 + square / trials) for sign in (-1, 1))
    return max(0.0, low), min(1.0, high)


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Return how often a positive scores above a negative, a tie counting half; None when one is empty."""
    if not positives or not negatives:
        return None
    ordered = np.sort(np.asarray(negatives, dtype=np.float64))
    scores = np.asarray(positives, dtype=np.float64)
    below = np.searchsorted(ordered, scores, side="left")
    not_above = np.searchsorted(ordered, scores, side="right")
    return float((below + not_above).sum() / (2 * len(scores) * len(ordered)))


def percentile(values: Iterable[float], percent: float) -> float | None:
    """Return the value that `percent` (0–100) of `values` do not exceed, interpolated; None without any."""
    array = np.fromiter(values, dtype=np.float64)
    return float(np.percentile(array, percent)) if array.size else None


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, or None without values."""
    return math.fsum(values) / len(values) if values else None
