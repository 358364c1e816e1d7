"""Whether a sentence says nothing but what a piece of an article says: its words, figures, dates, doubts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from corpus.arabic import fold, fold_with_offsets
from corpus.dates import MONTHS, DateMention, find_dates
from corpus.numbers import NumberMention, find_numbers
from index.analysis import FUNCTION_WORDS, stem
from qa.matching import related

_SAME_STEM = 0.9
"""How related words of one stem are, and a name in two scripts; for trigrams, Holland (هولندا) is Poland."""
_SAID = 0.75
"""Share of an answer's words that a text must hold to say it; its figures and dates must be there all."""
_NEAR = 3
"""Words on either side of a number in which what it counts, and how roughly, is looked for."""

_TOKEN = re.compile(r"[^\W_]+|[%٪]")
_MONTH_WORDS = {word for name in MONTHS for word in name.split()}
# Words under which the next content word is not plainly said.
_UNDER = {
    joint + word: sense
    for sense, words in (
        ("not", "لا لم لن ليس ليست ليسوا لست غير دون بدون عدم"),
        ("some", "بعض"),
        ("if", "إذا لو لولا"),
        ("but", "إلا سوى"),
        ("will", "سوف"),
    )
    for word in fold(words).split()
    for joint in ("", "و", "ف")
}
# Function words that change what is said: a sentence may not bring its own.
_WEIGHTY = frozenset(
    fold(
        "قبل بعد ضد مع فوق تحت داخل خارج بين منذ حتى خلال كل كلا جميع كافة فقط رغم"
        " يمكن يجب ينبغي ربما لعل ليت نعم بلى أول آخر"
    ).split()
)
# Words that present an answer and claim nothing; as stems.
_NEUTRAL = frozenset(stem(word) for word in fold("جواب إجابة مقطع مقال نص عدد بلغ بلغت يبلغ تبلغ").split())
# Words that only announce a date, before one.
_DATING = frozenset(
    joint + word
    for word in fold("يوم يومي أيام عام عامي سنة سنتي شهر شهري تاريخ").split()
    for joint in ("", "ب", "و", "ل")
)
_PERCENT = frozenset(fold("% ٪ المائة المئة بالمائة بالمئة").split())
_ROUGHLY = {
    joint + word: size
    for size, words in (
        ("about", "حوالي نحو زهاء قرابة تقريبا يناهز تناهز يقارب تقارب"),
        ("more", "أكثر أزيد فوق يتجاوز تتجاوز تجاوز تجاوزت يفوق تفوق"),
        ("less", "أقل دون يقل تقل"),
    )
    for word in fold(words).split()
    for joint in ("", "ب", "و", "ل", "ف")
}
_AFTERWARDS = {fold("تقريبا")}
# Who says it, and that it is said: "قال", "وأضافت", "يتوقع", "ربما" … on folded words.
_REPORTED = re.compile(
    "[وف]?(?:[يت]?(?:قال|قول|صرح|اكد|وكد|اوضح|وضح|اضاف|ضيف|اشار|شير|اعتبر|عتبر|زعم|ادعي|دعي|توقع|رتقب|رجح|حذر)(?:ت|وا)?"
    "|(?:ال)?(?:متوقع|مرتقب|محتمل|مرجح|مزعوم)ه?|[يت]ري|ربما|لعل|يمكن|يحتمل|مفادها?)"
)
_Mention: TypeAlias = "DateMention | NumberMention | _Token"
_FUTURE = re.compile("[وف]?س[يتن]")
# What Arabic writes before a word, and behind it, folded; the second also makes other forms of a verb.
_BEFORE = frozenset("وفبلكيتن")
_DERIVING = _BEFORE | {"ان", "ين", "تن", "من"}
_BEHIND = frozenset(["", *"ا ت وا ه ها هم ي يه ين ون ان ات نا تا".split()])


@dataclass(frozen=True, slots=True)
class _Token:
    """A folded word at `text[start:end]`; `content` is what it claims, if it claims anything by itself."""

    text: str
    start: int
    end: int
    content: str | None = None


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    under: str | None


@dataclass(frozen=True, slots=True)
class _Number:
    """A number, the word right after it, what it may count (words after it or before), and how roughly."""

    value: float
    counted: str | None
    counts: tuple[str, ...]
    roughly: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Statement:
    words: tuple[_Word, ...]
    numbers: tuple[_Number, ...]
    dates: tuple[DateMention, ...]
    reported: bool

    @property
    def figures(self) -> set[float]:
        """Every number, and every year that stands without a month."""
        return {number.value for number in self.numbers} | {
            date.year for date in self.dates if date.year and not date.month
        }


def supports(evidence: str, sentence: str, *, title: str = "", question: str = "") -> bool:
    """Tell whether `evidence`, a piece of the article `title`, says all that an Arabic `sentence` says.

    Every content word, and every word that changes the sense ("قبل", "كل"), must be held by the evidence or
    by the title, denied, supposed ("إذا") or limited ("بعض") in the one as in the other; every number with
    its value, with what it counts and with its "حوالي"; every date with the parts it names; and what the
    evidence reports ("قال", "يتوقع") must be reported. Words may differ by what is written onto them, those
    of the `question` by their form too: "عُقد" is held by "ينعقد". No word is held by its future.
    Order is not looked at: who did what to whom, inside one sentence, goes unchecked.

    >>> supports("احتضنت ليون الاجتماع يومي 3 و4 شتنبر.", "احتضنت ليون الاجتماع في 3 سبتمبر")
    True
    >>> supports("احتضنت ليون الاجتماع يومي 3 و4 شتنبر.", "احتضنت ليون الاجتماع في 5 سبتمبر")
    False
    """
    claim, held = _statement(sentence), _statement(evidence)
    if not (claim.words or claim.numbers or claim.dates) or (held.reported and not claim.reported):
        return False
    words = (*held.words, *_statement(title).words)
    asked = [word.text for word in _statement(question).words]
    return (
        all(_holds_date(held, date) for date in claim.dates)
        and all(_holds_number(held, number) for number in claim.numbers)
        and all(_holds_word(words, word, asked) for word in claim.words)
    )


def says(text: str, answer: str) -> bool:
    """Tell whether a text says an answer: all of its figures and dates, and three of four of its words.

    >>> [says(text, "عبد اللطيف الحموشي") for text in ("قاده عبد اللطيف الحموشي", "قاده الحموشي")]
    [True, False]
    """
    wanted, said = _statement(answer), _statement(text)
    if not (wanted.words or wanted.numbers or wanted.dates):
        return fold(answer) in fold(text)
    spoken = sum(any(_related(word.text, other.text) for other in said.words) for word in wanted.words)
    return (
        all(_holds_date(said, date) for date in wanted.dates)
        and {number.value for number in wanted.numbers} <= said.figures
        and spoken >= _SAID * len(wanted.words)
    )


@lru_cache(maxsize=256)
def _statement(text: str) -> _Statement:
    dates = tuple(date for date in find_dates(text) if date.days or date.month or date.year)
    numbers = [one for one in find_numbers(text) if not _within(one, dates)]
    tokens = _tokens(text, dates, numbers)
    return _Statement(
        words=tuple(_words(tokens)),
        numbers=tuple(_number(one, tokens) for one in numbers),
        dates=dates,
        reported=any(_REPORTED.fullmatch(token.text) for token in tokens),
    )


def _tokens(text: str, dates: Sequence[DateMention], numbers: Sequence[NumberMention]) -> list[_Token]:
    key, offsets = fold_with_offsets(text)
    tokens = [_Token(fold(m.group()), offsets[m.start()], offsets[m.end()]) for m in _TOKEN.finditer(key)]
    counting = [_within(token, numbers) for token in tokens]
    dating = [_within(token, dates) for token in tokens]
    for i, token in enumerate(tokens):
        if not (
            counting[i]
            or (dating[i] and (token.text in _MONTH_WORDS or _has_digit(token.text)))
            or (token.text in _DATING and any(dating[i + 1 : i + 2]))
            or (token.text in _ROUGHLY and any(counting[max(i - 1, 0) : i + 1 + _NEAR]))
        ):
            tokens[i] = replace(token, content=_content(token.text))
    return tokens


def _content(token: str) -> str | None:
    """Return what a token claims: itself, a function word that changes the sense, or None."""
    if token in _PERCENT:
        return "%"
    bare = _bare(token, _WEIGHTY)
    if bare in _WEIGHTY:
        return bare
    return None if token in FUNCTION_WORDS or len(token) == 1 or stem(token) in _NEUTRAL else token


def _words(tokens: Iterable[_Token]) -> Iterator[_Word]:
    """Yield the content words with what they are under ("لم", "بعض"); that itself, if no word follows it."""
    over = None
    for token in tokens:
        if token.text in _UNDER:
            over = token.text
        elif token.content:
            yield _Word(token.content, _UNDER[over] if over else None)
            over = None
    if over:
        yield _Word(over, _UNDER[over])


def _number(mention: NumberMention, tokens: Sequence[_Token]) -> _Number:
    places = [i for i, token in enumerate(tokens) if _within(token, [mention])]
    before = tokens[max(places[0] - _NEAR, 0) : places[0]]
    after = tokens[places[-1] + 1 : places[-1] + 1 + _NEAR]
    if [token.content for token in after[:2]] == [None, "%"]:  # "في المائة"
        after = after[1:]
    counted = after[0].content if after else None
    around = {token.text for token in before} | {token.text for token in after[:1]} & _AFTERWARDS
    return _Number(
        mention.value,
        counted,
        tuple(token.content for token in (after if counted else (*before, *after)) if token.content),
        frozenset(_ROUGHLY[word] for word in around if word in _ROUGHLY),
    )


def _bare(token: str, among: frozenset[str]) -> str:
    """Return a word of the set without the "and" or "so" written onto it, or the token as it is."""
    return token[1:] if token[:1] in ("و", "ف") and token[1:] in among else token


def _has_digit(token: str) -> bool:
    return any(character.isdigit() for character in token)


def _within(one: _Mention, spans: Iterable[_Mention]) -> bool:
    """Tell whether what stands at [start, end) shares a character with any of the spans."""
    return any(one.start < span.end and one.end > span.start for span in spans)


def _holds_word(words: Iterable[_Word], word: _Word, asked: Iterable[str]) -> bool:
    forms = [question for question in asked if _inflected(word.text, question, _DERIVING, 3)]
    return any(
        other.under == word.under
        and (
            _related(word.text, other.text)
            or any(_inflected(other.text, question, _DERIVING, 3) for question in forms)
        )
        for other in words
    )


def _related(word: str, other: str) -> bool:
    """Tell whether two words are one: equal, of one stem, one name, or one with something written onto it."""
    if word == other or word in _WEIGHTY or _has_digit(word):
        return word == other
    return related(word, other) >= _SAME_STEM or _inflected(word, other, _BEFORE, 4)


def _inflected(word: str, other: str, before: Set[str], least: int) -> bool:
    """Tell whether one word is the other with letters behind it, or before it if it has `least` of its own.

    A verb is not the same in the future.
    """
    short, long = sorted((word, other), key=len)
    onto, found, behind = long.partition(short)
    if not found or len(short) < 3 or behind not in _BEHIND:
        return False
    if _FUTURE.match(long) and not _FUTURE.match(short):
        return False
    return not onto or (onto in before and len(short) >= least)


def _holds_number(held: _Statement, number: _Number) -> bool:
    same = [other for other in held.numbers if other.value == number.value]
    if not same:
        return number.value in held.figures
    return any(
        number.roughly == other.roughly
        and (number.counted is None or any(_related(number.counted, word) for word in other.counts))
        for other in same
    )


def _holds_date(held: _Statement, date: DateMention) -> bool:
    """Tell whether one date has every part that `date` names; a year alone may stand as a number."""
    if date.year and not date.month and not date.days and date.year in held.figures:
        return True
    return any(
        set(date.days) <= set(other.days)
        and date.month in (None, other.month)
        and date.year in (None, other.year)
        for other in held.dates
    )
