"""Questions with known answers, from the training sets: what the reader's weights are fitted on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from corpus.article import Article


@dataclass(frozen=True, slots=True)
class Example:
    """A question over an article; `answers` are [start, end) spans, empty when the article has no answer.

    `document` names what the article is a paragraph of, where it is one.
    """

    question: str
    article: Article
    answers: tuple[tuple[int, int], ...]
    language: str = "ar"
    document: str | None = None


def read_examples(path: Path) -> Iterator[Example]:
    """Read a SQuAD-shaped file; each context becomes an article.

    Half of the articles, chosen by a checksum of their text, keep their title: the product meets both kinds.
    """
    documents = json.loads(path.read_text("utf-8"))["data"]
    titles = {document.get("title", "") for document in documents}
    for document in documents:
        for paragraph in document["paragraphs"]:
            text = paragraph["context"]
            mark = crc32(text.encode("utf-8"))
            title = document.get("title", "").replace("_", " ") if mark % 2 else ""
            article = Article(id=f"{path.stem}-{mark:08x}", title=title, text=text, source=str(path))
            for question in paragraph["qas"]:
                spans = tuple(
                    (answer["answer_start"], answer["answer_start"] + len(answer["text"]))
                    for answer in question["answers"]
                )
                name = document.get("title") if len(titles) > 1 else None
                yield Example(question["question"], article, spans, question.get("lang", "ar"), name)
