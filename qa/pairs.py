"""A question and a passage as one row of tokens, and where its tokens stand in the passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from index.embedding import well_formed
from index.passage import Passage

LONGEST = 384
"""Tokens of a pair: 256 of text, a title, a question; what is longer is cut at its end."""
_QUESTION_LENGTH = 300
"""Characters of a question that are read; a longer one would leave no room for the passage."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Token ids `<s> question </s></s> title, text </s>`.

    `offsets` are the [start, end) of the tokens of the text, in `passage.text`; the first of them is token
    number `first` of the pair.
    """

    ids: list[int]
    first: int
    offsets: list[tuple[int, int]]


def pair_up(tokenizer: Tokenizer, question: str, passages: Sequence[Passage]) -> list[Pair]:
    """Tokenise the question with each of the passages, titles in front as the encoder reads them."""
    question = well_formed(question[:_QUESTION_LENGTH])
    texts = [(question, well_formed(passage.embedding_text)) for passage in passages]
    pairs = []
    for passage, encoding in zip(passages, tokenizer.encode_batch(texts), strict=True):
        title = len(passage.embedding_text) - len(passage.text)
        ids = encoding.ids
        if len(ids) > LONGEST:
            ids = ids[: LONGEST - 1] + ids[-1:]
        # Each look at `offsets` copies all of them out of the tokeniser.
        places = list(zip(encoding.sequence_ids, encoding.offsets, strict=True))[: len(ids) - 1]
        numbers = [n for n, (sequence, (_, end)) in enumerate(places) if sequence == 1 and end > title]
        offsets = [(max(places[n][1][0] - title, 0), places[n][1][1] - title) for n in numbers]
        pairs.append(Pair(ids, numbers[0] if numbers else len(ids), offsets))
    return pairs
