"""Scraped text made clean: what a page adds around its article is deleted, and nothing is rewritten."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.arabic import fold, words

# Phrases that publishing plug-ins glue onto a paragraph.
_GLUED = re.compile(r"Thank you for reading this post, don't forget to subscribe!\s*")
# Half of a surrogate pair, which JSON can spell, is no character.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff\u200b\u2060\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\u00a0]+(?=[ \t\u00a0])")
# Lines that belong to the page; compared after folding, so spelling does not matter.
_PAGE_LINE = re.compile(
    r"(?:اترك تعليق|اضف تعليق|لن يتم نشر عنوان بريدك|زر الذهاب الي الاعلي|لا توجد تعليقات"
    r"|للاسف، لا توجد تعليقات|كلمات دلاليه|شارك (?:علي|هذا|المقال)|طباعه$|نسخ الرابط|جميع الحقوق محفوظه"
    r"|تابعونا|تابعنا|اشترك في|leave a (?:reply|comment)|share this|related posts)"
)
_RELATED = re.compile(r"(?:مقالات (?:ذات صله|مشابهه|مرتبطه)|مواضيع ذات صله|اخبار ذات صله|قد يعجبك|related)")
_READ_ALSO = re.compile(r"ا?قرا ايضا(?P<headline>\s*(?::|…|$))?")
_SOURCE = re.compile(r"المصدر\s*:\s*(?P<name>\S.{0,40})$")
_BULLET = re.compile(r"\s*[•●▪*\-–]\s")
_SENTENCE_END = (".", "!", "؟", "?", "…", "”", "»", ":", "،")
_PROSE_WORDS = 18
_TITLE_WORDS = range(4, 31)


@dataclass(frozen=True, slots=True)
class Section:
    """One article found in a page; `title` and `publisher` are None where the page does not say."""

    title: str | None
    text: str
    publisher: str | None = None


def tidy(text: str) -> str:
    """Delete control characters, glued phrases and runs of white space."""
    text = _GLUED.sub("", _INVISIBLE.sub("", text.replace("\r\n", "\n")))
    lines = [_SPACES.sub("", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def split_page(raw: str) -> list[Section]:
    """Return the articles a scraped page holds, in order: usually one, at times a second one below it.

    A line that opens a list of other articles ends an article; prose that follows "اقرأ أيضا" and a
    headline is an article of its own; lists of links, comment forms and share buttons are dropped.
    """
    sections: list[Section] = []
    lines: list[str] = []
    in_links = False
    for line in tidy(raw).split("\n"):
        key, prose = fold(line), _is_prose(line)
        also, related = _READ_ALSO.match(key), _RELATED.match(key)
        if (also and (also["headline"] is not None or not prose)) or related:
            _close(lines, sections)
            in_links = bool(related)
        elif prose:  # a sentence may well begin with the words of a button
            in_links = False
            lines.append(line)
        elif not in_links and not _PAGE_LINE.match(key) and not _BULLET.match(line):
            lines.append(line)
    _close(lines, sections)
    return sections


def _close(lines: list[str], sections: list[Section]) -> None:
    """Make a section of `lines`, unless they hold no prose, and empty them."""
    first = next((i for i, line in enumerate(lines) if _is_prose(line)), None)
    if first is not None:
        sections.append(_section(lines[:first], lines[first:]))
    lines.clear()


def _section(head: list[str], body: list[str]) -> Section:
    headlines = [line for line in head if len(words(line)) in _TITLE_WORDS and " - " not in line]
    publisher = None
    kept = []
    for line in body:
        source = _SOURCE.match(line)
        if source:
            publisher = source["name"].strip()
        else:
            kept.append(line)
    return Section(max(headlines, key=len, default=None), tidy("\n".join(kept)), publisher)


def _is_prose(line: str) -> bool:
    count = len(words(line))
    return count >= _PROSE_WORDS or (count >= 8 and line.rstrip().endswith(_SENTENCE_END))
