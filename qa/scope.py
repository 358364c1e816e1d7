"""The scope of a question: only articles of some publishers, or published in some days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.arabic import fold
from corpus.errors import UsageError, in_each_language
from index.revisions import Listed

_NOT_A_DAY = {
    "ar": "«\u200e{text}» ليس يوما",
    "fr": "« {text} » n'est pas un jour",
    "en": '"{text}" is not a day',
}
_WRITE_IT = {
    "ar": "اكتبه هكذا: \u200e2025-11-24",
    "fr": "Écrivez-le comme 2025-11-24",
    "en": "Write it like 2025-11-24",
}


def parse_day(text: str) -> date | None:
    """Return the day that was written, or None for an empty text; raise UsageError when it is no day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        reason = in_each_language(_NOT_A_DAY, text=text)
        raise UsageError(reason=reason, remedy=_WRITE_IT) from None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles a question is asked of; the empty scope is all of them.

    `since` and `until` are days of publication, both included. An article that does not say its publisher
    or its day is outside a scope that asks for one. A publisher's spelling may vary as Arabic does (`fold`).
    """

    publishers: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        """Whether it leaves any article out."""
        return bool(self.publishers or self.since or self.until)

    def holds(self, article: Listed) -> bool:
        """Tell whether an article is inside."""
        if self.publishers and fold(article.publisher or "") not in {fold(name) for name in self.publishers}:
            return False
        if self.since is None and self.until is None:
            return True
        day = article.published
        return day is not None and (self.since or day) <= day <= (self.until or day)
