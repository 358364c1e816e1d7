"""The articles that are measured with: real ones where there are any, else made of the bundled ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from corpus.article import Article
from corpus.reading import bundled_articles, read_articles
from corpus.sentences import sentence_spans
from index.exchange import export_articles

NEWS = Path(__file__).parents[2] / "shared" / "data" / "news" / "ant.jsonl"
"""The ANT corpus, 10,138 Tunisian news articles (github.com/antcorpus/antcorpus.data), beside a checkout."""

USUAL, LARGE, FULL = 1000, 10_000, 10_138
_SENTENCES = (4, 14)
"""News articles have some 900 characters; the sentences of the bundled ones have 100."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A file of articles, the first ones of `origin`; without it they are made, and no `real` ones.

    The titles of made articles tell nothing of their text.
    """

    file: Path
    name: str
    size: int
    origin: Path | None = None

    @property
    def real(self) -> bool:
        """Whether people wrote them."""
        return self.origin is not None

    def read(self) -> list[Article]:
        """Read the articles, as every build does."""
        return read_articles(self.file)

    def first(self, count: int) -> list[Article]:
        """Return the first `count` articles of where these come from, more than the file has or fewer."""
        return read_articles(self.origin)[:count] if self.origin else recombined(bundled_articles(), count)

    def others(self, count: int) -> list[Article]:
        """Return `count` articles that are not in the file: the next of its origin, and then made ones."""
        following = self.first(self.size + count)[self.size :] if self.origin else []
        return [*following, *recombined(bundled_articles(), count - len(following), seed=2)]


def gather(folder: Path, *, articles: Path | None = None, count: int = USUAL) -> Collection:
    """Write the first `count` articles of `articles` into `folder`: the news by default, else made ones.

    Raises ArticleError.
    """
    origin = articles or (NEWS if NEWS.is_file() else None)
    name = origin.name if origin else "sentences of the bundled articles, recombined"
    collection = Collection(folder / "articles.jsonl", name, count, origin)
    return replace(collection, size=export_articles(collection.first(count), collection.file))


def recombined(articles: Sequence[Article], count: int, *, seed: int = 0) -> list[Article]:
    """Make `count` articles of the sentences of these; the same seed gives the same ones."""
    random = Random(seed)
    sentences = [
        article.text[start:end] for article in articles for start, end in sentence_spans(article.text)
    ]
    return [
        Article(
            id=f"recombined-{seed}-{number}",
            title=random.choice(articles).title,
            text="\n".join(random.sample(sentences, min(random.randint(*_SENTENCES), len(sentences)))),
            source="recombined",
        )
        for number in range(count)
    ]
