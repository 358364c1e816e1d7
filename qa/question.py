"""What a question asks for: its language, the kind of answer, and the words that carry its subject."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from corpus.arabic import arabic_share, fold, words
from corpus.errors import QuestionEmpty, QuestionNotText, QuestionTooLong, QuestionWithoutWords
from index.function_words import FUNCTION_WORDS

Language = Literal["ar", "fr", "en"]
Kind = Literal["date", "number", "place", "person", "list", "reason", "manner", "yesno", "other"]
MAX_LENGTH = 1000
"""The longest question accepted, in characters; the longest of 8,000 real ones seen has 400."""

_FRENCH = re.compile(
    r"\b(?:qui|que|quoi|quel\w*|quand|ou|combien|comment|pourquoi|est|sont|le|la|les|des|du|une?|dans|sur|avec"
    r"|pour|par|etait|ont|aux?|ce|cette|ces|il|elle|c|d|l|qu)\b"
)
_ENGLISH = re.compile(
    r"\b(?:who\w*|what|when|where|which|why|how|is|are|was|were|did|does|do|has|have|the|of|in|on|at|to|for|by"
    r"|with|from|an?|and|many|much)\b"
)
# Folded patterns, tried in order: the first that matches names the kind. Darija, Egyptian, Levantine
# and Gulf question words stand beside the standard ones.
_START = r"^(?:و|ف|او|and|et)?\s*"
_PLACES = (
    r"(?:مدينه|دوله|بلد|بلاد|مكان|قاره|عاصمه|منطقه|قريه|اقليم|جهه|ولايه|city|country|place|town|continent|ville|pays)"
)
_TIMES = r"(?:سنه|عام|يوم|ايام|تاريخ|شهر|وقت|ساعه|قرن|تواريخ|year|date|dates|day|days|month|annee|jour|jours|mois)"
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("yesno", _START + r"(?:هل|واش|ياك|is|are|was|were|did|does|do|has|have|can|will|est ce qu\w*)\b(?! que)"),
    (
        "list",
        r"\b(?:اي|اشمن|شمن|ما هي|ماهي|شنو هي|شنو هما|شنوما|من هم|شكون هما|اذكر|عدد لي|ايه هي)\s+(?:هي\s+)?(?:من\s+)?"
        r"(?:ال)?(?:دول|بلدان|مدن|مجالات|مواضيع|محاور|جرائم|جراءم|تهديدات|مذكرات|دول|منظمات|موانئ|موانء|اهداف|تحديات|مهام)\b"
        r"|\b(?:which|what)\s+(?:\w+\s+)?(?:countries|cities|states|topics|themes|crimes|threats|organi[sz]ations|ports"
        r"|memoranda|memorandums|agreements|issues)\b|^(?:name|list)\b"
        r"|\bquel(?:le)?s\s+(?:(?:sont|etaient)\s+(?:les\s+)?)?(?:\w+\s+)?"
        r"(?:pays|villes|themes|crimes|menaces|organisations|accords|sujets|etats|memorandums)\b",
    ),
    (
        "number",
        r"\b(?:كم|بكم|شحال|بشحال|اشحال|كام|بكام|قديش|اديش|قداش|چم|how (?:many|much|old|long|far|tall|big)|combien)\b"
        r"|\b(?:ما|شنو|ما هو|شنو هو|كم)\s+(?:هو\s+)?(?:عدد|مجموع|نسبه|سعر|ثمن|طول|مساحه|ارتفاع|قيمه|عمر|مسافه)\b"
        r"|\bwhat (?:is|was) the (?:number|total|percentage|height|length|population|price|area|distance)\b"
        r"|\bquel(?:le)? (?:est|etait) (?:le|la|l)\s*(?:nombre|total|pourcentage|hauteur|longueur|prix|distance)\b",
    ),
    (
        "date",
        r"\b(?:متي|امتي|ايمتي|ايمته|فوقاش|وقتاش|امته|امتا|فوقتاش|when|quand)\b"
        rf"|\b(?:اي|اشمن|شمن|انا|اما)\s+(?:ال)?{_TIMES}\b|\b(?:what|which|quel|quelle|quels|quelles)\s+{_TIMES}\b"
        rf"|\b(?:ما|شنو|ما هو|شنو هو|what is the|what was the|quelle est la)\s+(?:هو\s+)?(?:تاريخ|date)\b",
    ),
    (
        "place",
        r"\b(?:اين|فين|وين|فاين|منين|لوين|لفين|where|ou (?:est|se|a|sont|ont|s|etait|la|le|les|l|va|vont))\b"
        rf"|\b(?:اي|اشمن|شمن|انا)\s+{_PLACES}\b|\b(?:what|which|quel|quelle|dans quel|dans quelle)\s+{_PLACES}\b"
        rf"|{_START}(?:ما|ما هي|شنو هي|شنو|ما هو)\s+(?:هي\s+|هو\s+)?(?:ال)?{_PLACES}\b",
    ),
    (
        "person",
        rf"{_START}(?:من|مين|شكون|منو|لمن|مع من|معامن|مع مين|بمن|الي من)\b|\b(?:شكون|مين|منو)\b|\b(?:who|whom|whose|qui)\b"
        r"|^(?:ما|شنو)\s+(?:هو\s+)?(?:اسم|سميه|سميت)\b|\bwhat (?:is|was) the name of the\b",
    ),
    ("reason", r"\b(?:لماذا|علاش|لماش|ليش|ليه|لم|why|pourquoi)\b|\b(?:ما|شنو)\s+(?:هو\s+)?(?:ال)?سبب\b"),
    ("manner", r"\b(?:كيف|كيفاش|ازاي|شلون|كفاش|how|comment)\b"),
)
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood: `language` to answer in, `kind` of answer, folded content `terms` in order."""

    text: str
    language: Language
    kind: Kind
    terms: tuple[str, ...]


def check_question(text: str) -> str:
    """Return the question trimmed, or raise the QuestionError that says why it cannot be used.

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
    if not content_terms(trimmed):
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
    key = re.sub(r"[^\w]+", " ", fold(text)).strip()
    kind = next((kind for kind, pattern in _PATTERNS if pattern.search(key)), "other")
    return Question(text, language_of(text), kind, content_terms(text))


def language_of(text: str) -> Language:
    """Return the language to answer in: Arabic (its dialects too), French or English.

    >>> language_of("شكون هو Hammouchi؟"), language_of("Où se tient la session ?")
    ('ar', 'fr')
    """
    if arabic_share(text) >= 0.3 or not any(character.isalpha() for character in text):
        return "ar"
    key = re.sub(r"[^\w]+", " ", fold(text))
    french, english = len(_FRENCH.findall(key)), len(_ENGLISH.findall(key))
    if french == english:
        return "fr" if re.search("[éèêàçùâîôûœ]", text.lower()) else "en"
    return "fr" if french > english else "en"
