"""The tokenizer of multilingual-e5-small, cut down from a hundred languages to the scripts read here.

A piece is kept when all its characters are in those scripts. Text written in them alone is then cut into
the same pieces as before, because the pieces that went could not have matched it; a character of any other
script becomes the unknown token.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

SCRIPTS = (
    (0x0000, 0x024F),  # Latin with every accent of French, digits, punctuation
    (0x02B0, 0x036F),  # modifier letters and combining accents
    (0x0391, 0x03C9),  # the Greek of formulas, to which the signs of micro and ohm are normalised
    (0x0600, 0x06FF),  # Arabic
    (0x0750, 0x077F),  # Arabic supplement
    (0x0870, 0x08FF),  # Arabic extended
    (0x1E00, 0x1E9F),  # the dotted letters of transliteration: ḥ ṣ ṭ
    (0x2000, 0x2BFF),  # punctuation, currencies, mathematics, arrows, symbols; U+2581 marks a space
    (0x3000, 0x303F),  # the quotation marks 《》「」
    (0xFB50, 0xFDFF),  # Arabic presentation forms A
    (0xFE00, 0xFE6F),  # variation selectors, small forms
    (0xFE70, 0xFEFF),  # Arabic presentation forms B
    (0xFFFC, 0xFFFD),  # replacement characters
    (0x1F000, 0x1FAFF),  # emoji
)
"""Ranges of code points, ends included; written out so that no Unicode version can move them."""


def kept_pieces(tokenizer: dict[str, Any]) -> NDArray[np.int64]:
    """Return the ids, ascending, of the pieces to keep of a tokenizer.json with a Unigram model."""
    scripts = frozenset(map(chr, chain.from_iterable(range(first, last + 1) for first, last in SCRIPTS)))
    vocabulary = tokenizer["model"]["vocab"]
    special = {token["id"] for token in tokenizer["added_tokens"]}
    # The score of an unknown character is derived from the lowest score of all: one piece must carry it on.
    lowest = min(range(len(vocabulary)), key=lambda piece: vocabulary[piece][1])
    return np.array(
        [
            piece
            for piece, (text, _) in enumerate(vocabulary)
            if piece in special or piece == lowest or scripts.issuperset(text)
        ],
        dtype=np.int64,
    )


def pruned(tokenizer: dict[str, Any], kept: NDArray[np.int64]) -> dict[str, Any]:
    """Return the tokenizer.json with the pieces `kept` alone, numbered anew in the same order."""
    new_id = {int(old): new for new, old in enumerate(kept)}
    model, post = tokenizer["model"], tokenizer["post_processor"]
    return tokenizer | {
        "model": model
        | {
            "unk_id": new_id[model["unk_id"]],
            "vocab": [model["vocab"][piece] for piece in kept],
        },
        "added_tokens": [token | {"id": new_id[token["id"]]} for token in tokenizer["added_tokens"]],
        "post_processor": post
        | {
            "special_tokens": {
                name: token | {"ids": [new_id[piece] for piece in token["ids"]]}
                for name, token in post["special_tokens"].items()
            }
        },
    }
