"""Follow-up questions: what a question leaves out, taken from the conversation before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.arabic import fold
from qa.question import content_terms
from qa.records import Answer
from qa.small_talk import topic_of

_JOINED = re.compile(
    r"^(?:و(?=من|متي|اين|كم|ما|كيف|لماذا|فين|شحال|فوقاش|شكون|شنو|علاش|هل|واش|مع|في|اي)|and\b|et\b|also\b)"
)
_POINTING = re.compile(
    r"\b(?:فيه|فيها|منه|منها|عنه|عنها|معه|معها|معهم|به|بها|له|لها|عليه|عليها|هناك|هنالك|تما|خلاله|خلالها|بينهم"
    r"|هو|هي|هم|هذا|هذه|هاد|هداك|هديك|ذلك|تلك|نفسه|نفسها|ديالو|ديالها|ديالهم"
    r"|it|its|there|that|this|those|these|they|them|their|he|she|him|his|her|then"
    r"|il|elle|ils|elles|y|lui|leur|leurs|cela|celui|celle|cette|ces|ce|son|sa|ses|la bas)\b"
)
_FEW = 1
_SUBJECT_TERMS = 8


def needs_context(question: str) -> bool:
    """Tell whether a question points back: it opens with "and", has a pronoun, or hardly a word."""
    key = fold(question).strip()
    return bool(_JOINED.search(key) or _POINTING.search(key)) or len(content_terms(question)) <= _FEW


def complete(question: str, history: Sequence[Answer | str]) -> str | None:
    """Return the question with the subject of the conversation before it, or None when it stands alone.

    The subject is the words of the latest earlier question that stood alone, and of those that followed it.

    >>> complete("ومن ترأس الوفد المغربي؟", ["متى عُقد اجتماع ليون؟"])
    'عقد اجتماع ليون ومن ترأس الوفد المغربي؟'
    """
    if not history or not needs_context(question):
        return None
    own = set(content_terms(question))
    subject: list[str] = []
    for turn in reversed(history):
        earlier = turn.question if isinstance(turn, Answer) else turn
        if topic_of(earlier):
            continue
        terms = [term for term in content_terms(earlier) if term not in own]
        subject = [*terms, *(term for term in subject if term not in terms)]
        if not needs_context(earlier):
            break
    return f"{' '.join(subject[:_SUBJECT_TERMS])} {question}" if subject else None
