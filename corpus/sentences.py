"""Where sentences begin and end in Arabic, French and English text."""

from __future__ import annotations

import re

Span = tuple[int, int]

_END = re.compile(r"[.!?؟…۔]+[\"'»”’)\]]*|\n+")
# A point inside a number (3.5), a list number (1.) or an initial (د. م. U.S.) ends nothing.
_INITIAL = re.compile(r"(?:^|[\s(«\"“.])(?:[^\W\d_]|[Dd]r|M[rm]e?s?)$")


def sentence_spans(text: str) -> list[Span]:
    """Return the [start, end) of each sentence, in code points, without the white space around it.

    >>> text = "عُقد الاجتماع يوم 3.5؟ نعم. حضره د. علي!"
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['عُقد الاجتماع يوم 3.5؟', 'نعم.', 'حضره د. علي!']
    """
    spans: list[Span] = []
    start = 0
    for mark in _END.finditer(text):
        if _ends_sentence(text, start, mark):
            _add(text, start, mark.end(), spans)
            start = mark.end()
    _add(text, start, len(text), spans)
    return spans


def _ends_sentence(text: str, start: int, mark: re.Match[str]) -> bool:
    if mark.group()[0] != ".":
        return True
    after = text[mark.end() : mark.end() + 1]
    before = text[max(start, mark.start() - 4) : mark.start()]
    if len(mark.group()) == 1:
        if after and not after.isspace() and (after.isdigit() or "a" <= after.lower() <= "z"):
            return False
        if _INITIAL.search(before) or text[start : mark.start()].strip().isdigit():
            return False
    following = text[mark.end() :].lstrip(" ")[:1]
    return not ("a" <= following <= "z")


def _add(text: str, start: int, end: int, spans: list[Span]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append((start, end))
