"""Where an article is cut into passages: at sentences, by the encoder's own count of tokens."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.article import Article
from corpus.sentences import sentence_spans
from index.embedding import Embedder
from index.passage import Passage

if TYPE_CHECKING:
    from llama_index.core.node_parser import SentenceSplitter

CHUNK_SIZE = 256
"""Tokens of text in a passage, title left out."""

RULES = "sentences-1"
"""Names these rules: articles cut by other rules are cut again."""

_SMALLEST = 32
_SPECIAL_TOKENS = 8  # "passage: " and what an encoder puts around a text

# A sentence too long for a passage is cut after a comma or semicolon that is not inside a number.
_CLAUSE = r"(?:[^،؛,;]|(?<=\d)[،,](?=\d))+[،؛,;]*|[،؛,;]+"


def split(article: Article, embedder: Embedder, *, chunk_size: int = CHUNK_SIZE) -> list[Passage]:
    """Cut an article into passages that follow each other and leave out only the white space between them.

    A passage holds whole sentences, at most `chunk_size` tokens of them, or less when the encoder reads
    less beside the title; a longer sentence is cut at its clauses, then at its spaces. A text of white
    space alone has no passage.
    """
    text = article.text
    room = embedder.max_tokens - embedder.count_tokens(article.title) - _SPECIAL_TOKENS
    limit = max(min(chunk_size, room), _SMALLEST)
    if embedder.count_tokens(text) <= limit:
        chunks = [stripped] if (stripped := text.strip()) else []
    else:
        chunks = _splitter(embedder.count_tokens, limit).split_text(text)
    return [Passage(article, start, end) for start, end in _whole_characters(text, _place(text, chunks))]


def _splitter(count_tokens: Callable[[str], int], limit: int) -> SentenceSplitter:
    from llama_index.core.node_parser import SentenceSplitter

    return SentenceSplitter(
        chunk_size=limit,
        chunk_overlap=0,
        paragraph_separator="\n\n",
        tokenizer=lambda text: range(count_tokens(text)),
        chunking_tokenizer_fn=_sentences,
        secondary_chunking_regex=_CLAUSE,
    )


def _sentences(text: str) -> list[str]:
    """Cut a text into sentences, each with the white space up to the next, so that nothing is lost."""
    cuts = [0, *(start for start, _ in sentence_spans(text)[1:]), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


def _place(text: str, chunks: list[str]) -> list[tuple[int, int]]:
    """Find where the chunks stand: each follows the one before after nothing but white space."""
    places = []
    end = 0
    for chunk in chunks:
        start = text.index(chunk, end)
        end = start + len(chunk)
        places.append((start, end))
    return places


def _whole_characters(text: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Move a cut that falls inside a character people see as one – a letter and its marks, an emoji."""
    moved = places[:1]
    for start, end in places[1:]:
        before_start, before_end = moved[-1]
        while start == before_end and before_end - before_start > 1 and _is_inside_character(text, start):
            start = before_end = start - 1
        moved[-1] = (before_start, before_end)
        moved.append((start, end))
    return moved


def _is_inside_character(text: str, cut: int) -> bool:
    after, before = text[cut], text[cut - 1]
    return (
        unicodedata.category(after) in ("Mn", "Mc", "Me", "Cf")
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or before == "\u200d"
        or ("\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff")
    )
