"""Ask Arabic articles a question: `from qa import answer, Assistant`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.article import Article
from corpus.errors import (
    ArticleError,
    JawabError,
    ModelError,
    QuestionError,
    StoreError,
    UsageError,
)
from index.passage import Hit, Passage
from qa.records import Answer, Citation
from qa.scope import Scope

if TYPE_CHECKING:
    from qa.assistant import Assistant, answer

__all__ = [
    "Answer",
    "Article",
    "ArticleError",
    "Assistant",
    "Citation",
    "Hit",
    "JawabError",
    "ModelError",
    "Passage",
    "QuestionError",
    "Scope",
    "StoreError",
    "UsageError",
    "answer",
]


def __getattr__(name: str) -> Any:
    """Import the assistant when it is first asked for: `import qa` alone stays quick."""
    if name in ("Assistant", "answer"):
        from qa import assistant

        return getattr(assistant, name)
    raise AttributeError(f"module 'qa' has no attribute {name!r}")
