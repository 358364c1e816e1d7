"""Feedback: a thumb and a reason for an answer, kept in a local file that becomes evaluation cases.

A line of the file `feedback.jsonl` is a JSON object, in UTF-8:

    {"time": "2025-11-24T09:30:00+00:00", "good": true, "reason": "…",
     "question": "متى عُقد اجتماع ليون؟", "history": ["…"], "language": "ar",
     "text": "3 و4 شتنبر", "spans": ["3 و4 شتنبر"], "confidence": 0.93,
     "citations": [{"article_id": "lyon", "title": "…", "start": 120, "end": 190, "quote": "…"}],
     "expected": ["3 و4 شتنبر"], "article_id": "lyon", "also": []}

`text` is null for an answer that abstained. `expected` is what the assistant should have said: the wordings
that are right, [] where it should have stayed silent, null where a person has to write it – and, in
`article_id`, the id of the article that says it – before the line is a case of `python -m eval --feedback`.
A thumb up fills in both, a thumb down neither. `also` are other articles that may be cited. A question judged
again counts as it was judged last.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus.errors import StoreReadOnly
from index.embedding import well_formed
from qa.plain import citation_record
from qa.records import Answer

FILE = "feedback.jsonl"
MAX_REASON = 1_000
"""Characters of the reason that are kept."""
_CITED = ("article_id", "title", "start", "end", "quote")
_LOCK_SECONDS = 10.0


def record_feedback(
    answer: Answer, good: bool, reason: str, folder: Path, *, history: Sequence[Answer | str] = ()
) -> None:
    """Append a line to `feedback.jsonl` in `folder`, and put it on the disk before returning.

    `history` is the conversation before the question, without which a follow-up cannot be asked again. Safe
    for several threads and processes. Only MAX_REASON characters of `reason` are kept. Raises StoreReadOnly.
    """
    from filelock import FileLock, Timeout

    line = json.dumps(_record(answer, good, reason, history), ensure_ascii=False)
    file = folder / FILE
    try:
        # A lock each time: it belongs to one thread, as to one process.
        with FileLock(folder / f"{FILE}.lock", timeout=_LOCK_SECONDS):
            _append(file, f"{well_formed(line)}\n".encode())
    except (OSError, Timeout) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise StoreReadOnly(path=folder, reason=why) from error


def _append(file: Path, line: bytes) -> None:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "rb+") as opened:
        end = opened.seek(0, os.SEEK_END)
        if end:
            opened.seek(end - 1)
            if opened.read(1) != b"\n":  # a line that a full disk or a crash cut short
                line = b"\n" + line
        opened.write(line)
        opened.flush()
        os.fsync(descriptor)


def _record(answer: Answer, good: bool, reason: str, history: Sequence[Answer | str]) -> dict[str, Any]:
    cited = list(dict.fromkeys(citation.article.id for citation in answer.citations))
    expected = [answer.text] if answer.text else []
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "good": good,
        "reason": reason.strip()[:MAX_REASON],
        "question": answer.question,
        "history": [turn.question if isinstance(turn, Answer) else turn for turn in history],
        "language": answer.language,
        "text": answer.text,
        "spans": list(answer.spans),
        "confidence": round(answer.confidence, 4),
        "citations": [
            {name: citation_record(citation)[name] for name in _CITED} for citation in answer.citations
        ],
        "expected": expected if good else None,
        "article_id": cited[0] if good and cited else None,
        "also": cited[1:] if good else [],
    }
