"""What the lexical index reads in a text: folded words, their light stems, and the trigrams inside them."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.arabic import words
from corpus.dates import MONTHS
from corpus.names import countries, sounds
from index.function_words import FUNCTION_WORDS

__all__ = [
    "FUNCTION_WORDS",
    "content_words",
    "is_latin",
    "root_of",
    "sound_terms",
    "stem",
    "terms",
    "word_terms",
]

# The affixes of light10 (Larkey, Ballesteros and Connell 2007), and "بال" joined with "و", on folded text.
_PREFIXES = ("وبال", "وال", "بال", "كال", "فال", "ولل", "ال", "لل")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
_GRAM = 3
_LATIN = re.compile("[a-z]")
# "أب" is August in the Levant and a father everywhere; "may" is a verb.
_MONTHS = {name: number for name, number in MONTHS.items() if name not in ("اب", "may")}


def content_words(text: str) -> list[str]:
    """Return the folded words of `text`, without those that only ask or join.

    >>> content_words("فوقاش كان اجتماعُ ليون؟")
    ['اجتماع', 'ليون']
    """
    return [word for word in words(text) if word not in FUNCTION_WORDS]


def is_latin(word: str) -> bool:
    """Tell whether a folded word has Latin letters, be it with digits for the Arabic ones ("3lach")."""
    return _LATIN.search(word) is not None


def stem(word: str) -> str:
    """Return a folded word without article, joined particles and common endings; two letters always stay.

    >>> stem("والاجتماعات"), stem("الامنيه")
    ('اجتماع', 'امن')
    """
    if not "\u0621" <= word[0] <= "\u064a":
        return word[:-1] if len(word) > 3 and word[-1] == "s" else word
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 2:
            word = word[len(prefix) :]
            break
    else:
        if word[0] == "و" and len(word) >= 4:
            word = word[1:]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 2:
            word = word[: -len(suffix)]
    return word


def root_of(word: str) -> str:
    """Return the stem of a folded word, or for the name of a month its number.

    >>> root_of("والاجتماعات"), root_of("septembre")
    ('اجتماع', '9')
    """
    return str(_MONTHS[word]) if word in _MONTHS else stem(word)


@lru_cache(maxsize=1 << 16)
def word_terms(word: str) -> tuple[str, ...]:
    """Return what one folded word is indexed under: itself, its stem, and the trigrams inside it.

    A stem (`~`) meets other forms of the word, a trigram (`.`) other spellings and dialects; Latin words have
    none, or an English question would seem known to an index of Arabic. The names one month has from Rabat
    to Baghdad share a stem. R@1 of BM25, 4,600 questions of the training sets among 7,000 passages: words
    0.697, with stems 0.742, with 4-grams too 0.757, with trigrams instead 0.774.

    >>> word_terms("شتنبر")
    ('شتنبر', '~9', '.شتن', '.تنب', '.نبر')
    """
    root = f"~{root_of(word)}"
    if is_latin(word) or len(word) <= _GRAM:
        return word, root
    return word, root, *(f".{word[i : i + _GRAM]}" for i in range(len(word) - _GRAM + 1))


@lru_cache(maxsize=1 << 16)
def sound_terms(word: str) -> tuple[str, ...]:
    """Return what an Arabic word is found under by names in Latin letters, and what such a name looks for.

    The name of a country looks for its Arabic name as well.

    >>> sound_terms("lyon"), sound_terms("بليون")
    (('@lywn',), ('@blywn', '@~bln', '@lywn'))
    """
    heard = tuple(f"@{sound}" for sound in sounds(word))
    if not is_latin(word) or word not in countries():
        return heard
    return heard + tuple(term for name in words(countries()[word]) for term in word_terms(name))


def terms(text: str) -> list[str]:
    """Return every index term of `text`, in order, repeated as often as it occurs."""
    return [term for word in content_words(text) for term in word_terms(word)]
