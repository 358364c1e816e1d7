"""Feedback: a thumb and a reason for an answer, kept in a local file that becomes evaluation cases.

A line of the file `feedback.jsonl` is a JSON object, in UTF-8:

    {"time": "2025-11-24T09:30:00+00:00", "good": true, "reason": "…",
     "question": "متى عُقد اجتماع ليون؟", "history": ["…"], "language": "ar",
     "text": "3 و4 شتنبر", "spans": ["3 و4 شتنبر"], "confidence": 0.93,
     "citations": [{"article_id": "lyon", "title": "…", "start": 120, "end": 190, "quote": "…"}],
     "expected": ["3 و4 شتنبر"], "article_id": "lyon"}

`text` is null for an answer that abstained. `expected` is what the assistant should have said: the wordings
that are right, [] where it should have stayed silent, null where a person has to write it – and, in
`article_id`, the article that says it – before the line is a case of `python -m eval --feedback`. A thumb up
fills in both, a thumb down neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qa.records import Answer

FILE = "feedback.jsonl"


def record_feedback(
    answer: Answer, good: bool, reason: str, folder: Path, *, history: Sequence[Answer | str] = ()
) -> None:
    """Append a line to `feedback.jsonl` in `folder`, and put it on the disk before returning.

    `history` is the conversation before the question, without which a follow-up cannot be asked again. Safe
    for several threads and processes. Only MAX_REASON characters of `reason` are kept. Raises StoreReadOnly.
    """
    raise NotImplementedError
