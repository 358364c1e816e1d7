"""Questions drafted from what an article says, each with what its answer has to say.

A dated sentence that opens with its verb, as most of Arabic news does, becomes a question when the date goes
and "متى" comes in front; a measured one, with "كم"; one that says who said something, with "من".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from corpus.arabic import fold, without_marks, words
from corpus.article import Article
from corpus.dates import DateMention, find_dates
from corpus.numbers import NumberMention, find_numbers
from corpus.sentences import sentence_spans
from corpus.typography import set_french
from index.analysis import content_words
from qa.conversation import needs_context
from qa.question import Language, content_terms
from qa.records import Answer

_FEWEST_TERMS, _MOST_WORDS = 4, 16

_WHEN: dict[Language, str] = {
    "ar": "متى {}؟",
    "fr": set_french("Quand a eu lieu le fait suivant : « {} » ?"),
    "en": "When did the following happen: “{}”?",
}  # no word that points to an earlier question: a suggestion is asked in the middle of a chat
_HOW_MUCH, _WHO = "كم {}؟", "من {}؟"
# Folded verbs in the past tense, third person, that news opens with; a feminine subject adds a ت.
_HAPPENED = (
    "دشن|انطلق|احتضن|افتتح|اختتم|اعتمد|صادق|وقع|صنف|ادرج|سجل|بدا|استقبل|اعطي|انتقل|ولد|دخل|نزل|عاش|اهتز|نجح|منح"
    "|اقر|عقد|انعقد|فاز|توفي|توفيت|نظم|شهد|زار|استضاف|اصدر|صدر|انضم|انتخب|عين|تاسس|اسس|بني|شيد|اطلق|اكتشف"
    "|حصل|وصل|غادر|التقي|التقت|اجتمع|شارك|ترشح|تبني|تبنت|فتح|اعيد|الغي|نشر|عرض|قدم|اعتقل|اوقف|جري|جرت"
    "|حقق|توج|انهي|انتهي|انتهت|استانف|تسلم|تولي|تولت|تم|اختير|حدث|اندلع|ضرب|غزا|استقل|هاجر|عاد|كرم|اجري"
)
_MEASURED = (
    "بلغ|يبلغ|تبلغ|ناهز|يناهز|تناهز|تجاوز|يتجاوز|تتجاوز|يرتفع|ترتفع|يستغرق|تستغرق|استغرق|دام|كلف|يكلف|تكلف"
)
_SAID = "اكد|اعلن|اوضح|صرح|قال|ذكر|كشف|افاد|اعتبر|ابرز"
_OPENS = re.compile(rf"(?:و|ف)?(?:قد\s+)?(?P<verb>(?:{_HAPPENED})ت?)(?!\w)")
_OPENS_MEASURED = re.compile(rf"(?:و|ف)?(?:قد\s+)?(?P<verb>(?:{_MEASURED})ت?)(?!\w)")
_SAYS = re.compile(
    rf"(?:و|ف)?(?:قد\s+)?(?P<verb>{_SAID})ت?\s+(?P<who>.{{4,90}}?)(?<!الي)(?<!علي)\s+(?P<what>(?:ب?ان|عن)\s+ال.+)"
)  # a definite subject follows: "أن يوضح" is not what was said
"""Matched against a key that has a letter for each of the sentence, so that offsets hold."""
_BEFORE_DATE = re.compile(
    r"[\s،]*(?:(?:في|الي|منذ|خلال|بتاريخ|من|وذلك|و?ف?في)\s+)*(?:(?:يوم|يومي|ايام|ليله|صباح|مساء|سنه|عام|شهر|صيف|شتاء"
    r"|ربيع|خريف|فاتح)\s*)*$"
)
_HEDGES = re.compile(r"\s*(?:حوالي|نحو|قرابه|زهاء|اكثر من|ازيد من|ما يقارب|ما يناهز|الي|ل)?\s*$")
# A clause that opens like this says more, and is no part of what was dated.
_SAYS_MORE = re.compile(
    r"(?:و|ف)|(?:بعد|قبل|حين|عندما|علي ان|اذ|مما|حيث|ثم|الذي|التي|قبل|في|من|كما|تتويجا|لت|لي|بل|لكن|اي)\b"
)
# "ها" in "مجالها" names what an earlier sentence said, but not after "التي" or in these words.
_POINTS = re.compile(r"(?<!الذي )(?<!التي )\b\w{2,}(?:ها|هما|هم|هن|ه)\b")
# What an earlier sentence named, when no word that follows says which one.
_GENERIC = re.compile(
    r"\b(?:ب|ل|و)?ال(?:منظمه|مدينه|مملكه|شركه|وزاره|موسسه|بلاد|دوله|حكومه|رييس|وزير|مسوول|مصدر|فريق|مشروع|قرار|لجنه"
    r"|هييه|وثيقه|جريده|موقع|مركب|ميناء)(?!\s+ال(?!ي\b))(?!\w)"
)
_NOT_POINTING = frozenset("الله وجه مياه تجاه اتجاه شبه فيه الفقه".split())
_REPORTS = re.compile(r"\bب?ان\b")  # the date may be of what was said, not of its being said
_RELATIVE = re.compile(r"\b(?:اليوم|امس|غدا|الان|الجاري|الحالي|ال(?:مقبل|قادم|ماضي|منصرم|سابق|تالي)ه?)\b")
_SEPARATOR = re.compile(r"[؛:!؟?\n]|[،.](?!\d)")

Gold = DateMention | NumberMention | frozenset[str]
"""What was taken out of a clause: a date, a number, or the folded words that name somebody."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A clause that was dated or measured, at `sentence` (offsets of the article), and what was taken out."""

    clause: str
    sentence: tuple[int, int]
    gold: Gold

    def asked(self, language: Language) -> str | None:
        """Return the question in a language, or None where it cannot be put in it."""
        if isinstance(self.gold, DateMention):
            return _WHEN[language].format(self.clause)
        if language != "ar":
            return None
        return (_HOW_MUCH if isinstance(self.gold, NumberMention) else _WHO).format(self.clause)

    def answered_by(self, answer: Answer, article: Article) -> bool:
        """Tell whether an answer says what was taken out, and proves it with the article."""
        if answer.text is None or all(one.article.id != article.id for one in answer.citations):
            return False
        if isinstance(self.gold, DateMention):
            return any(self.gold.agrees_with(date) for date in find_dates(answer.text))
        if isinstance(self.gold, NumberMention):
            return any(number.value == self.gold.value for number in find_numbers(answer.text))
        said = set(content_words(answer.text))
        return 2 * len(said & self.gold) > len(said)


def drafts(article: Article) -> Iterator[Draft]:
    """Yield what can be asked of an article, in its order; no clause twice."""
    seen = set()
    for start, end in sentence_spans(article.text):
        sentence = without_marks(article.text[start:end])
        for clause, gold in chain[tuple[str, Gold]](_dated(sentence), _measured(sentence), _said(sentence)):
            if clause not in seen and _stands_alone(clause):
                seen.add(clause)
                yield Draft(clause, (start, end), gold)


def _dated(sentence: str) -> Iterator[tuple[str, DateMention]]:
    """Yield the clause around the first date of a sentence, when it opens with a verb.

    >>> next(_dated("وفي يونيو 2019 بدأ العمل في ميناء طنجة المتوسط 2، لترتفع الطاقة."))[0]
    'بدأ العمل في ميناء طنجة المتوسط 2'
    """
    date = next(iter(find_dates(sentence)), None)
    if date is None or not (date.year or date.days):
        return
    before, after = sentence[: date.start], sentence[date.end :]
    lead = _BEFORE_DATE.search(_key(before))
    before = before[: lead.start()] if lead else before
    head, *aside = _SEPARATOR.split(before)
    first, *rest = _SEPARATOR.split(after)
    between_commas = lead is not None and "،" in lead.group()
    if aside and not between_commas:
        return  # another clause stands between the verb and the date
    if not before.strip(" وف"):
        head = first.strip()  # the date opens the sentence
    elif first.strip():
        head = f"{head.strip()} {first.strip()}"
    elif between_commas:
        going_on = rest[0].strip() if rest else ""
        head = head.strip() if _SAYS_MORE.match(_key(going_on)) else f"{head.strip()} {going_on}"
    opened = _OPENS.match(_key(head))
    if (
        opened
        and not _REPORTS.search(_key(head))
        and not any(date.agrees_with(other) for other in find_dates(head))
    ):
        yield head[opened.start("verb") :].strip(), date


def _measured(sentence: str) -> Iterator[tuple[str, NumberMention]]:
    """Yield the clause before the first number of a sentence, when it opens with a verb that measures."""
    number = next(iter(find_numbers(sentence)), None)
    opened = _OPENS_MEASURED.match(_key(sentence))
    if number is None or opened is None or any(date.start < number.end for date in find_dates(sentence)):
        return
    before = sentence[opened.start("verb") : number.start]
    hedge = _HEDGES.search(_key(before))
    clause = before[: hedge.start()] if hedge else before
    if not _SEPARATOR.search(clause):
        yield clause.strip(), number


def _said(sentence: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what somebody said, of a sentence that opens with it, and the words that name who it was.

    >>> next(_said("وأعلنت شركة أطلس مارين أن الخط البحري الجديد يربط أكادير بدكار."))[0]
    'أعلن أن الخط البحري الجديد يربط أكادير بدكار'
    """
    says = _SAYS.match(_key(sentence))
    if says:
        verb = sentence[slice(*says.span("verb"))]
        what = sentence[slice(*says.span("what"))].strip().rstrip(".")
        if _SEPARATOR.search(what):
            return  # where it ends cannot be told
        yield f"{verb} {what}", frozenset(content_words(sentence[slice(*says.span("who"))]))


def _key(text: str) -> str:
    """Fold letter by letter, so that what is found stands at the same place in the text."""
    return "".join(folded if len(folded := fold(letter)) == 1 else letter for letter in text)


def _stands_alone(clause: str) -> bool:
    """Tell whether a clause can be understood without the sentences around it, and read at a glance."""
    pointing = set(_POINTS.findall(clause)) - _NOT_POINTING
    return (
        not pointing
        and clause.count('"') % 2 == 0
        and clause.count("«") == clause.count("»")
        and not needs_context(clause)
        and not _RELATIVE.search(_key(clause))
        and not _GENERIC.search(_key(clause))
        and len(content_terms(clause)) >= _FEWEST_TERMS
        and len(words(clause)) <= _MOST_WORDS
    )
