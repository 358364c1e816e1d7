"""What a change of the articles comes to: which are new, changed, gone, or there already under another id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from corpus.article import Article
from corpus.errors import BadArticle, in_each_language
from index.embedding import Embedder
from index.revisions import Kept, digest, text_key
from index.splitting import RULES

_NOT_TEXT = {
    "ar": "فيه رموز ليست نصا",
    "fr": "il contient des caractères qui ne sont pas du texte",
    "en": "it holds characters that are not text",
}
_SAME_ID = {
    "ar": "المعرّف «{id}» مستعمل في \u200e{other}",
    "fr": "l'identifiant « {id} » sert déjà dans {other}",
    "en": 'the id "{id}" is already used by {other}',
}


@dataclass(slots=True)
class Plan:
    """How the articles given differ from those kept: `ended` are rows that will be part of the past."""

    new: list[Article] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    duplicates: list[tuple[str, str]] = field(default_factory=list)


def recipe(embedder: Embedder, chunk_size: int) -> str:
    """Name all that decides where an article is cut and what its vectors are."""
    return f"{RULES} {chunk_size} {embedder.fingerprint}"


def compare(articles: Iterable[Article], kept: Sequence[Kept], recipe: str, *, replace: bool) -> Plan:
    """Compare the articles given with those kept; with `replace` those that are not given will go.

    An article is unchanged when each field and the recipe are as they were. A text that stands under
    another id already is a duplicate and left out. Raises BadArticle.
    """
    given = _by_id(articles)
    before = {entry.id: entry for entry in kept}
    texts = {} if replace else {entry.text_key: entry.id for entry in kept if entry.id not in given}
    found = Plan()
    accepted = set()
    for article in given.values():
        first = texts.setdefault(text_key(article), article.id)
        if first != article.id and article.text.strip():
            found.duplicates.append((article.id, first))
            continue
        accepted.add(article.id)
        old = before.get(article.id)
        if old and (old.digest, old.recipe) == (digest(article), recipe):
            found.unchanged += 1
            continue
        found.new.append(article)
        if old:
            found.ended.append(old.row)
            found.changed += 1
        else:
            found.added += 1
    gone = [entry for entry in kept if entry.id not in accepted and (replace or entry.id in given)]
    found.ended += [entry.row for entry in gone]
    found.removed = len(gone)
    return found


def _by_id(articles: Iterable[Article]) -> dict[str, Article]:
    given: dict[str, Article] = {}
    for article in articles:
        try:
            digest(article)
        except UnicodeEncodeError:
            raise BadArticle(path=article.source, reason=_NOT_TEXT) from None
        other = given.setdefault(article.id, article)
        if other is not article and digest(other) != digest(article):
            names = {"id": article.id, "other": other.source}
            reason = in_each_language(_SAME_ID, **names)
            raise BadArticle(path=article.source, reason=reason)
    return given
