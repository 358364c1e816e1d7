"""Names across scripts: one key for "Hammouchi" and "حموشي", and country names in three languages."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import cache, lru_cache

from corpus.arabic import fold, has_arabic

# Arabic letters to sounds; k stands for ق ك and the g of Agadir, b for p, f for v, t for ط, d for ض.
_SOUNDS = dict(
    zip("بتثجحخدذرزسشصضطظعغفقكلمنهوي", "bttjhxdzrzsSsdtz?rfkklmnhwy", strict=True),
)
_LATIN = (
    (r"x", "ks"),
    (r"sch|sh|ch", "S"),
    (r"kh|5", "x"),
    (r"gh", "r"),
    (r"th", "t"),
    (r"dh", "z"),
    (r"ph|v", "f"),
    (r"ou|oo|au|w|u|o", "w"),
    (r"ee|y|i", "y"),
    (r"c(?=[eyi])", "s"),
    (r"ck|q|g|c|k|9", "k"),
    (r"p", "b"),
    (r"7", "h"),
    (r"3", "?"),
    (r"[ae2']", ""),
)
"""In the order they are applied; the digits are those of Arabic chats: 7 for ح, 3 for ع, 9 for ق, 5 for خ."""
_REPEATED = re.compile(r"(.)\1+")
_OFTEN_UNHEARD = re.compile("[wyh?]")
_SHORTEST_SOUND, _SHORTEST_SKELETON = 2, 3
_PARTICLES = ("ال", "وال", "بال", "لل", "و", "ب", "ل", "وب", "al", "el", "l")
_NAME = re.compile(r"(?<=\S\s)(?:[dl]['’])?[A-ZÀ-Ý][\w-]+")


@lru_cache(1 << 16)
def sound_key(word: str) -> str:
    """Return how a name sounds, vowels a and e left out; Arabic and Latin spellings meet.

    >>> sound_key("Hammouchi"), sound_key("حموشي"), sound_key("Lyon"), sound_key("ليون")
    ('hmwSy', 'hmwSy', 'lywn', 'lywn')
    """
    key = fold(word)
    if has_arabic(key):
        key = "".join(_SOUNDS.get(letter, "") for letter in key)
    else:
        for pattern, sound in _LATIN:
            key = re.sub(pattern, sound, key)
    return _REPEATED.sub(r"\1", key)


@lru_cache(1 << 16)
def sounds(word: str) -> tuple[str, ...]:
    """Return how a word of either script may sound as a name; two words that share one may be the same name.

    The article and particles it may begin with are kept once and left out once. A sound that begins with "~"
    lacks what is often not written, or heard otherwise; the shortest of these tell nothing.

    >>> sounds("Marrakech"), sounds("بمراكش")
    (('mrkS', '~mrkS'), ('bmrkS', '~bmrkS', 'mrkS', '~mrkS'))
    """
    found = []
    for form in _without_particles(fold(word)):
        key = sound_key(form)
        skeleton = _OFTEN_UNHEARD.sub("", key)
        if len(key) >= _SHORTEST_SOUND:
            found.append(key)
        if len(skeleton) >= _SHORTEST_SKELETON:
            found.append(f"~{skeleton}")
    return tuple(dict.fromkeys(found))


@lru_cache(1 << 16)
def same_name(latin: str, arabic: str) -> bool:
    """Tell whether an Arabic word, with or without و ب ل ال before it, may spell the Latin name.

    >>> same_name("Marrakech", "بمراكش"), same_name("Lyon", "لن")
    (True, False)
    """
    return not set(sounds(latin)).isdisjoint(sounds(arabic))


@lru_cache(1 << 16)
def likeness(latin: str, arabic: str) -> float:
    """Return how alike two names sound, 0 where they cannot be the same and 1 where they sound the same.

    >>> likeness("Hammouchi", "الحموشي"), likeness("Lyon", "باريس")
    (1.0, 0.0)
    """
    if not same_name(latin, arabic):
        return 0.0
    key = sound_key(latin)
    return max(
        SequenceMatcher(None, key, sound_key(form)).ratio() for form in _without_particles(fold(arabic))
    )


def _without_particles(word: str) -> list[str]:
    forms = [word]
    for particle in _PARTICLES:
        rest = word.removeprefix(particle)
        # A Latin "l" before a vowel is the name's own.
        if rest != word and len(rest) >= 3 and rest[0] not in "aeiouy":
            forms.append(rest)
    return forms


def written_as_names(text: str) -> list[str]:
    """Return the Latin words that stand inside a sentence with a capital, as they stand there."""
    return _NAME.findall(text)


@cache
def countries() -> dict[str, str]:
    """Return the Arabic name of each country by its folded English or French name (Unicode CLDR)."""
    from babel import Locale

    arabic = Locale("ar", "MA").territories
    names: dict[str, str] = {}
    for language in ("en", "fr"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code in arabic:
                names[fold(name)] = arabic[code]
    return names


@cache
def country_names() -> frozenset[str]:
    """Return the folded Arabic names of countries and of the world's regions (Unicode CLDR, by Babel)."""
    from babel import Locale

    return frozenset(fold(name) for name in Locale("ar", "MA").territories.values())
