"""What a question asks for: its language, the kind of answer, and the words that carry its subject."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from corpus.arabic import arabic_share, fold, without_marks, words
from corpus.darija import from_chat
from corpus.errors import QuestionEmpty, QuestionNotText, QuestionTooLong, QuestionWithoutWords
from corpus.names import written_as_names
from index.function_words import FUNCTION_WORDS

Language = Literal["ar", "fr", "en"]
Kind = Literal["date", "number", "place", "person", "list", "reason", "manner", "yesno", "other"]
MAX_LENGTH = 1000
"""The longest question accepted, in characters; the longest of 8,000 real ones seen has 400."""

_FRENCH = re.compile(
    r"\b(?:qui|que|quoi|quel\w*|quand|ou|combien|comment|pourquoi|est|sont|le|la|les|des|du|une?|dans|sur|avec"
    r"|pour|par|etait|ont|aux?|ce|cette|ces|il|elle|c|d|l|qu|merci|bonjour|bonsoir"
    r"|salut|aide|revoir)\b"
)
_QUOTED = re.compile('[«“"][^»”"]*[»”"]')
_ENGLISH = re.compile(
    r"\b(?:who\w*|what|when|where|which|why|how|is|are|was|were|did|does|do|has|have|the|of|in|on|at|to|for|by"
    r"|with|from|an?|and|many|much)\b"
)
# Folded patterns, tried in order: the first that matches names the kind. Darija, Egyptian, Levantine
# and Gulf question words stand beside the standard ones.
_START = r"^(?:و|ف|او|and|et)?\s*"
_WHICH = r"\b(?:اي|اشمن|شمن|انا|what|which|quel|quelle|quels|quelles)\s+(?:ال)?"
_PLACE = (
    r"(?:مدينه|دوله|بلد|بلاد|مكان|قاره|عاصمه|منطقه|قريه|اقليم|جهه|ولايه"
    r"|city|country|place|town|continent|ville|pays|lieu)\b"
)
_TIME = (
    r"(?:سنه|عام|يوم|ايام|تاريخ|شهر|وقت|ساعه|قرن|تواريخ"
    r"|year|date|dates|day|days|month|annee|jour|jours|mois)\b"
)
_MANY = (
    r"(?:دول|بلدان|مدن|مجالات|مواضيع|محاور|جرائم|تهديدات|مذكرات|منظمات|موانئ|اهداف|تحديات|مهام"
    r"|countries|cities|states|topics|themes|crimes|threats|organi[sz]ations|ports|memorand\w+|agreements|issues"
    r"|pays|villes|themes|menaces|organisations|accords|sujets|etats|memorandums)\b"
)
_AMOUNT = (
    r"(?:عدد|مجموع|نسبه|سعر|ثمن|طول|مساحه|ارتفاع|قيمه|عمر|مسافه"
    r"|number|total|percentage|height|length|population|price|area|distance|nombre|pourcentage|hauteur|prix)\b"
)
_WHAT_IS = (
    r"\b(?:ما|شنو|ايه|what|quel|quelle|quels|quelles)\s+(?:(?:هو|هي|is|was|are|est|etait|sont)\s+)?"
    r"(?:ال|the |l |le |la |les )?"
)
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("yesno", _START + r"(?:هل|واش|ياك|is|are|was|were|did|does|do|has|have|can|will|est ce que)\b"),
    ("list", rf"{_WHICH}(?:\w+\s+)?{_MANY}|{_WHAT_IS}(?:\w+\s+)?{_MANY}|^(?:اذكر|name|list|citez)\b"),
    (
        "number",
        r"\b(?:كم|بكم|شحال|بشحال|اشحال|كام|بكام|قديش|اديش|قداش|چم|how (?:many|much|old|long|far|tall|big)"
        rf"|combien)\b|{_WHAT_IS}{_AMOUNT}",
    ),
    (
        "date",
        r"\b(?:متي|امتي|ايمتي|ايمته|فوقاش|وقتاش|امته|امتا|فوقتاش|when|quand)\b"
        rf"|{_WHICH}{_TIME}|{_WHAT_IS}{_TIME}",
    ),
    (
        "place",
        r"\b(?:اين|فين|وين|فاين|منين|لوين|لفين|where)\b|^(?:d )?ou\b"
        rf"|{_WHICH}{_PLACE}|{_WHAT_IS}{_PLACE}",
    ),
    (
        "person",
        rf"{_START}(?:من|لمن|مع من|معامن|مع مين|بمن|الي من)\b|\b(?:شكون|مين|منو|who|whom|whose)\b"
        rf"|{_START}(?:(?:avec|a|par|de) )?qui\b|{_WHAT_IS}(?:اسم|سميه|name of the|nom du)\b",
    ),
    ("reason", r"\b(?:لماذا|علاش|لماش|ليش|ليه|لم|why|pourquoi)\b|\b(?:ما|شنو)\s+(?:هو\s+)?(?:ال)?سبب\b"),
    ("manner", r"\b(?:كيف|كيفاش|ازاي|شلون|كفاش|how|comment)\b"),
)
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood: `language` to answer in, `kind` of answer, folded content `terms` in order.

    `text` is without vowel signs and tatweel, which few articles have and the models read badly, and has the
    question words of Darija in Arabic letters.

    `names` are the terms written as names, with a capital inside the sentence or a digit.
    """

    text: str
    language: Language
    kind: Kind
    terms: tuple[str, ...]
    names: frozenset[str] = frozenset()


def check_question(text: str, completed: str | None = None) -> str:
    """Return the question trimmed, or raise the QuestionError that says why it cannot be used.

    `completed` is the question with the subject of its conversation: "ولماذا؟" is a question after another.

    A question needs a word to look for: digits, emoji, function words ("من في على") or a script other
    than Arabic and Latin have none.
    """
    trimmed = text.strip()
    if not trimmed:
        raise QuestionEmpty()
    if len(trimmed) > MAX_LENGTH:
        raise QuestionTooLong(length=len(trimmed), limit=MAX_LENGTH)
    if any(unicodedata.category(character) == "Cs" or character == "\0" for character in trimmed):
        raise QuestionNotText()
    if not content_terms(completed or trimmed):
        raise QuestionWithoutWords()
    return trimmed


def content_terms(text: str) -> tuple[str, ...]:
    """Return the folded words that name the subject, function and question words left out."""
    return tuple(
        word
        for word in words(text)
        if word not in FUNCTION_WORDS and re.search("[a-z\u0621-\u064a]", word) and len(word) > 1
    )


def understand(text: str) -> Question:
    """Tell the language and the kind of answer of a question that `check_question` let through."""
    language = language_of(text)
    text = without_marks(from_chat(text))
    key = re.sub(r"[^\w]+", " ", fold(text)).strip()
    kind: Kind = next((kind for kind, pattern in _PATTERNS if pattern.search(key)), "other")
    return Question(text, language, kind, content_terms(text), _names(text))


def _names(text: str) -> frozenset[str]:
    return frozenset(key for name in written_as_names(text) for key in words(name) if len(key) > 1)


def language_of(text: str) -> Language:
    """Return the language to answer in: Arabic (Darija in Latin letters too), French or English.

    Words in quotation marks are somebody else's, unless there are no others.

    >>> language_of("شكون هو Hammouchi؟"), language_of("Où se tient la session ?"), language_of("chkoun?")
    ('ar', 'fr', 'ar')
    """
    own = _QUOTED.sub(" ", text)
    text = own if any(character.isalpha() for character in own) else text
    if from_chat(text) != text or arabic_share(text) >= 0.3 or not any(map(str.isalpha, text)):
        return "ar"
    key = re.sub(r"[^\w]+", " ", fold(text))
    french, english = len(_FRENCH.findall(key)), len(_ENGLISH.findall(key))
    if french == english:
        return "fr" if re.search("[éèêàçùâîôûœ]", text.lower()) else "en"
    return "fr" if french > english else "en"
