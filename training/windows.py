"""Training windows: questions paired with passages, each with its answer or with none."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from tokenizers import Tokenizer

from corpus.arabic import fold, has_arabic, without_marks
from index.passage import Passage
from qa.edges import trimmed
from qa.pairs import pair_up
from training.examples import Example

LONGEST_ANSWER = 40
"""Tokens; a longer span teaches where a paragraph begins, not what answers."""
_DIALECTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?:ف[يى] أي|ف[يى] اي|في أيّ) (?:عام|سنة|تاريخ|يوم)|متى", ("فوقاش", "إمتى", "امتى", "وقتاش", "ايمتى")),
    (r"كم عدد|كم", ("شحال", "شحال من", "كام", "قديش", "كم")),
    (r"أين|اين", ("فين", "وين")),
    (r"من هو|من هي|مَن|من", ("شكون", "شكون هو", "مين")),
    (r"ماذا|ما هو|ما هي|ما", ("شنو", "شنو هو", "شنو هي", "ايه هو", "شو", "إيه")),
    (r"لماذا", ("علاش", "ليش", "ليه")),
    (r"كيف", ("كيفاش", "ازاي", "كيف")),
)


@dataclass(frozen=True, slots=True)
class Window:
    """A pair's token ids; its text is the tokens `first:last`, its answer the tokens `answer`, ends included.

    Windows of one question share `group`.
    """

    ids: list[int]
    first: int
    last: int
    answer: tuple[int, int] | None
    group: int


def is_held_out(example: Example) -> bool:
    """Tell whether the example's article is in the tenth of documents kept for validation and calibration."""
    return crc32((example.document or example.article.id).encode()) % 10 == 0


def tidy_question(question: str) -> str:
    """Take off what ARCD's questions carry from the form they were written in."""
    return re.sub(r"([؟?])\s*\S{0,2}$", r"\1", question.lstrip("- ").strip())


def varied(question: str, rng: random.Random, language: str = "ar") -> str:
    """Return the question as people type it: at times in dialect, without hamzas, accents or question mark.

    Vowel marks always go, as they do before a question is read.
    """
    question = without_marks(question)
    if language == "ar" and rng.random() < 0.2:
        for pattern, words in _DIALECTS:
            changed, count = re.subn(rf"^(?:{pattern})(?=\s)", rng.choice(words), question, count=1)
            if count:
                question = changed
                break
    if rng.random() < 0.25:
        question = re.sub("[أإآ]", "ا", question)
    if rng.random() < 0.1:
        question = question.replace("ة ", "ه ").replace("ى ", "ي ")
    if rng.random() < 0.3:
        question = question.rstrip(" ؟?.")
    if has_arabic(question):
        return question
    if language == "fr" and rng.random() < 0.2:
        question = "".join(c for c in unicodedata.normalize("NFD", question) if not unicodedata.combining(c))
    return question.lower() if rng.random() < 0.2 else question


def windows_of(
    example: Example,
    passages: Sequence[Passage],
    tokenizer: Tokenizer,
    *,
    question: str,
    group: int,
) -> list[Window]:
    """Pair a question with passages; those of its article that hold an answer are positives.

    Another passage that holds the words of an answer is left out: nobody said whether it answers.
    """
    spans = [trimmed(example.article.text, *span) for span in example.answers]
    said = [fold(example.article.text[start:end]) for start, end in spans]
    found = []
    for passage, pair in zip(passages, pair_up(tokenizer, question, passages), strict=True):
        if not pair.offsets:
            continue
        last = pair.first + len(pair.offsets)
        own = passage.article_id == example.article.id
        answer = (
            _tokens(pair.offsets, [(s - passage.start, e - passage.start) for s, e in spans]) if own else None
        )
        if answer is not None and answer[1] - answer[0] < LONGEST_ANSWER:
            answer = answer[0] + pair.first, answer[1] + pair.first
        elif any(words in fold(passage.text) for words in said):
            continue
        else:
            answer = None
        found.append(Window(pair.ids, pair.first, last, answer, group))
    return found


def _tokens(offsets: Sequence[tuple[int, int]], spans: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the first and last token of the first span that is not empty and lies among the tokens."""
    for start, end in spans:
        inside = [n for n, (left, right) in enumerate(offsets) if left < end and start < right]
        if start < end and inside and start >= 0 and end <= offsets[-1][1]:
            return inside[0], inside[-1]
    return None


def cropped(window: Window, room: int, rng: random.Random) -> Window:
    """Return the window with at most `room` tokens of its passage, its answer anywhere among them."""
    if window.last - window.first <= room:
        return window
    low, high = window.first, window.last - room
    if window.answer is not None:
        low, high = max(low, window.answer[1] + 1 - room), min(high, window.answer[0])
    start = rng.randint(low, high)
    moved = start - window.first
    answer = window.answer and (window.answer[0] - moved, window.answer[1] - moved)
    ids = [*window.ids[: window.first], *window.ids[start : start + room], *window.ids[window.last :]]
    return Window(ids, window.first, window.first + room, answer, window.group)


def batches(windows: Sequence[Window], tokens: int, seed: int) -> list[list[Window]]:
    """Return batches of similar lengths within a budget of padded tokens, windows of a question together."""
    groups: dict[int, list[Window]] = {}
    for window in windows:
        groups.setdefault(window.group, []).append(window)
    rng = random.Random(seed)
    order = list(groups.values())
    rng.shuffle(order)
    order.sort(key=_longest)
    found: list[list[Window]] = [[]]
    for group in order:
        if found[-1] and (len(found[-1]) + len(group)) * _longest(group) > tokens:
            found.append([])
        found[-1].extend(group)
    rng.shuffle(found)
    return found


def _longest(windows: Sequence[Window]) -> int:
    return max(len(window.ids) for window in windows)
