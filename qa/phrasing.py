"""An answer worded by a language model, of which only what the passages prove is kept."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from corpus.arabic import fold
from corpus.errors import JawabError
from corpus.sentences import sentence_spans
from index.passage import Passage
from qa.agreement import compare
from qa.messages import with_sources
from qa.prompt import INSTRUCTIONS, request
from qa.question import Question
from qa.reader import Reading
from qa.records import Answer, Citation
from qa.support import says, supports

Write = Callable[[str, str], str]
"""A language model: instructions and a request in, what it writes out; raises a JawabError when it cannot."""

LONGEST_REPLY = 4000
"""Characters of a reply that are looked at."""
SENTENCES = 3
"""Sentences kept at most: an answer is short."""

_THOUGHTS = re.compile(r"^.*</think>", re.DOTALL)
_NUMBERS = r"(?:\[[\d\s,،]+\]\s*)+"
_NUMBERS_AFTER_POINT = re.compile(rf"([.!؟?…]+)[ \t]*({_NUMBERS})")
_LEAD = re.compile(r"^(?:(?:ال)?(?:جواب|إجابة)\s*:|\d+[.)-]\s|-)\s*")
_PUNCTUATION = set(".,،؛;:!؟?\"'«»“”‘’()[]/%٪-–—…\n ")
_ENDS = " .،؛;:!…-–—"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    numbers: tuple[int, ...]


class Phraser:
    """Lets a language model word an answer that was found, and checks every sentence it writes."""

    def __init__(self, write: Write) -> None:
        """Word answers with `write`; `qa.llama.phraser` makes one of any LlamaIndex LLM."""
        self._write = write

    def phrase(
        self, question: Question, answer: Answer, readings: Sequence[Reading], threshold: float
    ) -> Answer:
        """Return the answer with the model's words as its message, or as it is when they cannot be proved.

        The model sees the passages in which the reader found the answer (`readings`, best first: the one
        given, those that say the same, and those of at least the confidence `threshold`). A sentence is kept
        when it cites one of them, and `qa.support.supports` it by the very sentence where the reader found
        the answer, with a neighbour at most; other citations and other sentences are dropped. What is left
        must say the answer found and quote its words: the model may put it otherwise, not put another in its
        place. Silence, contradictions, and questions in French or English, whose sentences could not be held
        against Arabic word for word, are left to the reader alone.
        """
        if answer.abstained or question.language != "ar":
            return answer
        verdict = compare(readings, question.kind)
        if verdict.contradicting:
            return answer
        sure = (one for one in readings if one.confidence >= threshold and one not in verdict.agreeing)
        proofs: dict[Passage, list[Reading]] = {}
        for reading in (*verdict.agreeing, *sure):
            proofs.setdefault(reading.passage, []).append(reading)
        started = perf_counter()
        try:
            reply = self._write(INSTRUCTIONS, request(question.text, "، ".join(answer.spans), list(proofs)))
        except JawabError as error:
            log.warning(error.sentence(question.language))
            reply = ""
        worded = _checked(reply, question, answer, list(proofs.values()))
        took = (perf_counter() - started) * 1e3
        times = {**answer.milliseconds, "phrase": took, "total": answer.milliseconds.get("total", 0.0) + took}
        return replace(worded, milliseconds=times)


def _checked(reply: str, question: Question, answer: Answer, proofs: list[list[Reading]]) -> Answer:
    """Return the answer in the sentences of the reply that are proved, if these say it."""
    citations: list[Citation] = []
    kept: list[tuple[str, str]] = []
    for sentence in _sentences(reply):
        windows = [
            window
            for number in sentence.numbers
            if 1 <= number <= len(proofs)
            and (window := _proof(sentence.text, question.text, proofs[number - 1]))
        ]
        if windows and len(kept) < SENTENCES:
            numbers = sorted({_cite(citations, window) for window in windows})
            kept.append((sentence.text, " ".join(f"[{number}]" for number in numbers)))
    said = ". ".join(text for text, _ in kept)
    quoted = all(any(span in citation.quote for citation in citations) for span in answer.spans)
    if not kept or not quoted or not all(says(said, span) for span in answer.spans):
        return answer
    cited = ". ".join(f"{text} {numbers}" for text, numbers in kept)
    message = with_sources(cited, citations, question.language)
    return replace(answer, citations=tuple(citations), message=message)


def _sentences(reply: str) -> Iterator[_Sentence]:
    """Yield each different sentence of a reply that asks nothing, with the numbers it cites."""
    seen = set()
    text = _NUMBERS_AFTER_POINT.sub(r" \2\1 ", _plain(_THOUGHTS.sub("", reply)[:LONGEST_REPLY]))
    for start, end in sentence_spans(text):
        cited = text[start:end]
        numbers = [int(n) for group in re.findall(_NUMBERS, cited) for n in re.findall(r"\d+", group)]
        bare = re.sub(r"\s+(?=[،؛,;.])", "", " ".join(re.sub(_NUMBERS, " ", cited).split()))
        bare = _LEAD.sub("", bare).strip(_ENDS)
        if bare and not bare.endswith(("؟", "?")) and (key := fold(bare)) not in seen:
            seen.add(key)
            yield _Sentence(bare, tuple(dict.fromkeys(numbers)))


def _plain(text: str) -> str:
    """Keep letters, digits and common punctuation: no vowel signs, Markdown, emoji or marks of direction."""
    return "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if character.isalnum() or character in _PUNCTUATION
    )


def _proof(sentence: str, question: str, readings: Sequence[Reading]) -> Citation | None:
    """Return the smallest piece of the passage that proves a sentence, around an answer that was read."""
    for reading in readings:
        article = reading.passage.article
        for start, end in _windows(reading):
            if supports(article.text[start:end], sentence, title=article.title, question=question):
                return Citation(0, article, start, end)
    return None


def _windows(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield the sentence that was read, then with the one before it, then with the one after it."""
    first, last = reading.sentence
    yield first, last
    passage = reading.passage
    spans = [(passage.start + start, passage.start + end) for start, end in sentence_spans(passage.text)]
    before = [start for start, _ in spans if start < first]
    after = [end for _, end in spans if end > last]
    if before:
        yield before[-1], last
    if after:
        yield first, after[0]


def _cite(citations: list[Citation], window: Citation) -> int:
    """Add a citation, or widen the one that it overlaps; return its number."""
    for place, other in enumerate(citations):
        if other.article.id == window.article.id and window.start < other.end and other.start < window.end:
            start, end = min(other.start, window.start), max(other.end, window.end)
            citations[place] = replace(other, start=start, end=end)
            return other.number
    citations.append(replace(window, number=len(citations) + 1))
    return len(citations)
