"""Files and pages become clean articles; the leftmost stage."""

from corpus.article import Article
from corpus.errors import JawabError
from corpus.reading import bundled_articles, read_articles

__all__ = ["Article", "JawabError", "bundled_articles", "read_articles"]
