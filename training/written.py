"""The training questions written for this product, kept beside this module without their articles."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corpus.article import Article
from training.examples import Example

FOLDER = Path(__file__).parent / "questions"
LANGUAGES = ("ar", "ary", "arz", "apc", "ars", "fr", "en")


def read_facts(folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    """Read the lines of the folder's `.jsonl` files.

    A line is one fact: `article`, `answer` (verbatim, null where the article does not say), `context` where
    the answer alone stands in several places, and a question for each of some LANGUAGES.
    """
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)


def read_questions(
    articles: Mapping[str, Article],
    folder: Path = FOLDER,
    *,
    documents: Mapping[str, str | None] = MappingProxyType({}),
) -> Iterator[Example]:
    """Read every question of the facts over `articles`, which are given by id.

    `documents` names, by the id of an article that is a paragraph, what it is a paragraph of. A fact whose
    article is not given, or whose words are not found in it, is left out.
    """
    for fact in read_facts(folder):
        article = articles.get(fact["article"])
        if article is None:
            continue
        answers: tuple[tuple[int, int], ...] = ()
        if fact["answer"] is not None:
            context = fact.get("context", fact["answer"])
            at = article.text.find(context)
            if at < 0:
                continue
            start = at + context.index(fact["answer"])
            answers = ((start, start + len(fact["answer"])),)
        for language in LANGUAGES:
            if language in fact:
                document = documents.get(article.id)
                yield Example(fact[language], article, answers, language, document)
