"""Answers, citations and articles as plain JSON values, for programs.

Offsets are Unicode code points of the article's text.
"""

from __future__ import annotations

from typing import Any

from corpus.article import Article
from index.passage import Hit
from index.revisions import Listed
from qa.records import Answer, Citation


def answer_record(answer: Answer) -> dict[str, Any]:
    """Return an answer and what proves it, without what only came closest."""
    return {
        "question": answer.question,
        "text": answer.text,
        "spans": list(answer.spans),
        "abstained": answer.abstained,
        "confidence": round(answer.confidence, 4),
        "language": answer.language,
        "message": answer.message,
        "citations": [citation_record(citation) for citation in answer.citations],
        "milliseconds": round(answer.milliseconds.get("total", 0.0), 2),
    }


def citation_record(citation: Citation) -> dict[str, Any]:
    """Return a quote and the article it is from."""
    return {
        "number": citation.number,
        **article_record(citation.article),
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def closest_record(hit: Hit) -> dict[str, Any]:
    """Return a passage that was found, and the article it is from."""
    return {"passage": hit.passage.text, **article_record(hit.passage.article)}


def article_record(article: Article | Listed) -> dict[str, Any]:
    """Return what names an article."""
    return {
        "article_id": article.id,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "publisher": article.publisher,
        "published": article.published.isoformat() if article.published else None,
    }


def listed_record(article: Listed) -> dict[str, Any]:
    """Return an article of the list, and how many passages it was cut into."""
    return {**article_record(article), "passages": article.passages}
