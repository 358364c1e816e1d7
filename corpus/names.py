"""Names across scripts: one key for "Hammouchi" and "حموشي", and country names in three languages."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from corpus.arabic import fold, has_arabic

# Arabic letters to sounds; k stands for ق ك and the g of Agadir, b for p, f for v, t for ط, d for ض.
_SOUNDS = dict(
    zip("بتثجحخدذرزسشصضطظعغفقكلمنهوي", "bttjhxdzrzsSsdtz?rfkklmnhwy", strict=True),
)
_LATIN = (
    (r"sch|sh|ch", "S"),
    (r"kh", "x"),
    (r"gh", "r"),
    (r"th", "t"),
    (r"dh", "z"),
    (r"ph|v", "f"),
    (r"ou|oo|au|w|u|o", "w"),
    (r"ee|y|i", "y"),
    (r"ck|q|g|c|k", "k"),
    (r"x", "ks"),
    (r"p", "b"),
    (r"[ae']", ""),
)
_REPEATED = re.compile(r"(.)\1+")
_SHORTEST_SKELETON = 3


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
def same_name(latin: str, arabic: str) -> bool:
    """Tell whether an Arabic word, with or without و ب ل ال before it, may spell the Latin name.

    >>> same_name("Marrakech", "بمراكش"), same_name("Lyon", "لن")
    (True, False)
    """
    wanted = sound_key(latin)
    skeleton = re.sub("[wyh?]", "", wanted)
    for bare in _without_prefixes(fold(arabic)):
        key = sound_key(bare)
        if len(key) > 1 and key == wanted:
            return True
        if len(skeleton) >= _SHORTEST_SKELETON and re.sub("[wyh?]", "", key) == skeleton:
            return True
    return False


def _without_prefixes(word: str) -> list[str]:
    forms = [word]
    for prefix in ("ال", "وال", "بال", "لل", "و", "ب", "ل", "وب"):
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            forms.append(word[len(prefix) :])
    return forms


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
