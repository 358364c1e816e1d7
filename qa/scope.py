"""The scope of a question: only articles of some publishers, or published in some days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.arabic import fold
from index.revisions import Listed


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
