"""Every question of the training sets and those written for this product, read from a folder of data."""

from __future__ import annotations

import argparse
from pathlib import Path

from corpus.article import Article
from corpus.errors import PathMissing
from corpus.reading import read_articles
from training.examples import Example, read_examples
from training.written import read_questions

PARAGRAPHS = ("train/arcd-train.json", "train/arquad.json", "train/belebele-eqa.json", "train/aqad.json")
NEWS = ("news/ant.jsonl", "news/moroccan.jsonl")


def command(name: str, description: str, out: Path) -> argparse.ArgumentParser:
    """Return a parser of the folder of data, and of where the result goes, for `python -m name`."""
    parser = argparse.ArgumentParser(prog=f"python -m {name}", description=description)
    parser.add_argument("data", type=Path, help=f"folder with {', '.join((*PARAGRAPHS, *NEWS))}")
    parser.add_argument("--out", type=Path, default=out, help="default: %(default)s")
    return parser


def read_asked(data: Path) -> tuple[list[Example], dict[str, Article]]:
    """Return the questions, and the articles by id. Raise PathMissing for a file that is not there."""
    for name in (*PARAGRAPHS, *NEWS):
        if not (data / name).is_file():
            raise PathMissing(path=data / name)
    read = [example for name in PARAGRAPHS for example in read_examples(data / name)]
    articles = {example.article.id: example.article for example in read}
    articles |= {article.id: article for name in NEWS for article in read_articles(data / name)}
    documents = {example.article.id: example.document for example in read}
    return [*read, *read_questions(articles, documents=documents)], articles
