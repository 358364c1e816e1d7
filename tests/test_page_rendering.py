"""An answer as HTML: what is said, what proves it, and that text of others stays text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from corpus.errors import QuestionTooLong
from qa.page_texts import LANGUAGES
from qa.records import Citation
from qa.rendering import outcome_html, safe
from tests.chat_page import HOSTILE, LYON, QUOTE, answer, silence


class Parsed(HTMLParser):
    """The tags, links and texts of a piece of HTML; `under[".x y"]` is the text in y inside of class x."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.under, self._open = [], [], {}, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") for name in attributes)
        self._open.append((tag, [tag, *(f".{name}" for name in (attributes.get("class") or "").split())]))

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        names = [name for _, named in self._open for name in named]
        for key in {*names, *(f"{outer} {inner}" for outer in names for inner in names)}:
            self.under[key] = self.under.get(key, "") + data


def test_an_answer_shows_its_words_its_quote_and_its_source():
    published = replace(LYON, published=date(2024, 9, 5))
    page = Parsed(outcome_html(answer(published), "ar"))
    assert page.under["strong"] == "3 و4 شتنبر"
    assert page.under["blockquote"] == QUOTE
    assert page.under["blockquote mark"] == "3 و4 شتنبر"
    assert page.under["li"] == "1 الاجتماع الثامن ينعقد في ليون · جواب · 5 شتنبر 2024"


def test_the_quote_is_marked_inside_the_whole_article():
    page = Parsed(outcome_html(answer(), "ar"))
    assert page.under[".article"] == LYON.text
    assert page.under[".article mark"] == QUOTE


def test_arabic_texts_are_marked_as_arabic_and_others_are_not():
    html = outcome_html(answer(), "fr")
    for tag in ("<cite", '<blockquote dir="auto"', '<h2 dir="auto"', 'tabindex="0" dir="auto"'):
        assert f'{tag} lang="ar">' in html
    text = "The meeting was held in Lyon."
    html = outcome_html(answer(replace(LYON, title="Lyon", text=text), quote=text, span="Lyon"), "fr")
    assert 'lang="ar"' not in html


def test_an_english_answer_keeps_the_date_that_its_message_translates():
    page = Parsed(outcome_html(answer(language="en"), "ar"))
    assert page.under["strong"] == "3–4 September"
    assert page.under[".words .own"] == "3 و4 شتنبر"


def test_words_that_need_no_translation_are_shown_alone():
    shown = Parsed(outcome_html(answer(span="الاجتماع", language="en"), "en")).under[".words"]
    assert shown == "الاجتماع1"


def test_the_words_are_marked_where_they_are_words_and_not_inside_others():
    text = "في سنة 2030 حضر 30 وفدا."
    html = outcome_html(answer(replace(LYON, text=text), quote=text, span="30"), "ar")
    assert "2030 حضر <mark>30</mark> وفدا" in html


def test_a_hostile_article_stays_text_in_every_place_it_appears():
    article = replace(LYON, title=HOSTILE, text=HOSTILE, publisher=HOSTILE, url="javascript:alert(1)")
    page = Parsed(outcome_html(answer(article, quote=HOSTILE, span="<script>"), "ar"))
    known = "div p strong blockquote mark b span bdi cite ul li button svg path template h2".split()
    assert set(page.tags) == set(known)
    assert page.links == []
    assert page.under[".article"] == page.under["blockquote"] == HOSTILE


def test_a_title_with_bidi_controls_cannot_turn_the_names_beside_it():
    page = Parsed(outcome_html(answer(replace(LYON, title="\u202eعنوان\u2069")), "ar"))
    assert page.under["cite"] == "عنوان"


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://example.org/?a=1&b=2", True),
        ("HTTP://EXAMPLE.ORG", True),
        ("javascript:alert(1)", False),
        ("//example.org", False),
        ("file:///etc/passwd", False),
        (' https://example.org" onclick="x', False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url, linked):
    page = Parsed(outcome_html(answer(replace(LYON, url=url)), "ar"))
    assert set(page.links) == ({url} if linked else set())


def test_abstaining_shows_what_came_closest_and_marks_nothing():
    page = Parsed(outcome_html(silence(), "ar"))
    assert "ليس جوابا" in page.under[".closest"]
    assert page.under[".closest .article"] == LYON.text[:20]
    assert not {"strong", "mark", "blockquote"} & set(page.tags)


def test_one_article_is_named_once_among_the_closest():
    twice = silence()
    page = Parsed(outcome_html(replace(twice, closest=twice.closest * 2), "fr"))
    assert page.under["cite"] == LYON.title


def test_an_error_is_a_sentence_in_the_language_of_the_page():
    error = QuestionTooLong(length=5000, limit=1000)
    for language in LANGUAGES:
        assert Parsed(outcome_html(error, language)).under["p"] == error.sentence(language)


def test_half_a_surrogate_pair_can_still_be_shown():
    assert "\ufffd" in safe("ما\ud83dهذا")


def test_a_source_used_twice_is_listed_once_under_both_numbers():
    twice = answer()
    other = replace(twice.citations[0], number=2, start=0, end=6)
    page = Parsed(outcome_html(replace(twice, citations=(*twice.citations, other)), "ar"))
    assert page.tags.count("li") == 1
    assert page.under["li .chip"] == "12"


def test_two_answers_that_contradict_each_other_stand_apart_with_their_own_sources():
    first, text = answer(), "بل انعقد يوم 7 شتنبر."
    other = Citation(2, replace(LYON, id="b", title="خبر آخر", text=text), 0, len(text))
    spans = ("3 و4 شتنبر", "7 شتنبر")
    both = replace(
        first, text=" / ".join(spans), spans=spans, citations=(first.citations[0], other), message="تختلف"
    )
    html = outcome_html(both, "ar")
    page = Parsed(html)
    assert page.under[".intro"] == "تختلف المقالات:"
    assert page.under[".words"] == "3 و4 شتنبر17 شتنبر2"


def test_a_greeting_is_answered_without_anything_about_the_articles():
    page = Parsed(outcome_html(replace(silence(), closest=(), message="مرحبا"), "ar"))
    assert page.under[".abstained"] == "مرحبا"
