"""Arabic text as search keys: one spelling for what people spell many ways."""

from __future__ import annotations

import re
import unicodedata

# Letters that one reader types for another: Maghrebi and Persian forms, final ya and ta marbuta.
_LETTERS = str.maketrans("ىةکیگڭݣڤڥپچژٱ", "يهكيكككففبجزا")
_TATWEEL = "\u0640"
_FINAL_HAMZA = re.compile("(?<=[\u0621-\u064a]{3})ء+(?![\u0621-\u064a])")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")


class _FoldTable(dict[int, str]):
    """What each character becomes; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    if 0xD800 <= ord(character) <= 0xDFFF:
        return ""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    kept = []
    for part in spread:
        if unicodedata.category(part) in ("Mn", "Cf", "Me") or part == _TATWEEL:
            continue
        digit = unicodedata.digit(part, None)
        kept.append(part if digit is None else str(digit))
    return "".join(kept).translate(_LETTERS)


_TABLE = _FoldTable()


def fold(text: str) -> str:
    """Return the search key of `text`, idempotent; never shown and never stored in place of the text.

    Diacritics, tatweel and invisible marks go; أ إ آ ٱ become ا, ؤ و, ئ ي, ى ي, ة ه; a final hamza goes
    after three letters ("الصحراء" is typed "الصحرا"); digits of every script become 0–9; Latin loses case
    and accents.

    >>> fold("الأَنْتـربول شُتنبر ٢٠٢٥ Médiation")
    'الانتربول شتنبر 2025 mediation'
    """
    return _FINAL_HAMZA.sub("", text.translate(_TABLE))


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Fold character by character: `offsets[i]` is where character i of the key stands in `text`.

    One more offset closes the list, so a slice `key[a:b]` is `text[offsets[a]:offsets[b]]` with the marks
    that follow its last letter. Final hamzas stay, to keep words where they are.
    """
    parts: list[str] = []
    offsets: list[int] = []
    for position, character in enumerate(text):
        folded = _TABLE[ord(character)]
        parts.append(folded)
        offsets.extend([position] * len(folded))
    offsets.append(len(text))
    return "".join(parts), offsets


def without_marks(text: str) -> str:
    """Return Arabic as it is mostly written: no vowel signs, no tatweel, hamzas and everything else kept.

    >>> without_marks("متى عُقِدَ الاجتمـــاعُ؟")
    'متى عقد الاجتماع؟'
    """
    return _MARKS.sub("", text)


def words(text: str) -> list[str]:
    """Return the folded words of `text`: runs of letters and digits.

    >>> words("متى عُقد اجتماعُ ليون؟")
    ['متي', 'عقد', 'اجتماع', 'ليون']
    """
    return re.findall(r"[^\W_]+", fold(text))


def has_arabic(text: str) -> bool:
    """Tell whether any Arabic letter stands in `text`."""
    return _ARABIC.search(text) is not None


def arabic_share(text: str) -> float:
    """Return the share (0–1) of Arabic letters among the Arabic and Latin letters of `text`."""
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    return arabic / (arabic + latin) if arabic + latin else 0.0
