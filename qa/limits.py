"""What is taken in one go, and how long one question may take: beyond it, a sentence that says the limit."""

from __future__ import annotations

from corpus.errors import UsageError

MAX_FILES = 200
"""Files added at once."""
MAX_BYTES = 50_000_000
"""Their size together."""
MAX_CHARACTERS = 500_000
"""The longest article, or pasted text, in characters: a book of some 250 pages."""
MAX_REASON = 1_000
"""Characters of the reason given with a thumb that are kept."""
