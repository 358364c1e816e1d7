"""How what the product itself says is set."""

from __future__ import annotations

import re

_NO_BREAK = "\u00a0"
_BEFORE = re.compile(r" (?=[:;?!»])")


def set_french(text: str) -> str:
    """Bind the marks that French sets off with a space to their words: no line begins with one.

    >>> set_french("Supprimer « {} » ?")
    'Supprimer «\\xa0{}\\xa0»\\xa0?'
    """
    return _BEFORE.sub(_NO_BREAK, text).replace("« ", f"«{_NO_BREAK}")
