"""The articles on the page: the steps of adding, what came of it, and a list that stays text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from corpus.errors import NotText, StoreBusy
from qa.collection import Addition, Duplicate, Overview, Refusal
from qa.page_articles import SHOWN, add_in_steps, addition_html, articles_html, delete_wanted, shelf_html
from qa.page_frame import chat_html, holdings, scope_html, welcome_html
from qa.page_texts import _TEXTS, LANGUAGES, say
from qa.plain import listed_record
from tests.chat_page import HOSTILE, LYON, Shelf
from tests.test_page_rendering import Parsed

(LISTED,) = Shelf(replace(LYON, published=date(2024, 9, 5))).articles()


def test_adding_tells_how_far_it_is_and_then_what_came_of_it():
    shelf = Shelf(additions=[Addition(added=(LISTED,))])
    *steps, last = add_in_steps(shelf, ["a.md"], "", "", "ar")
    assert any("progress" in step for step in steps)
    assert "أضيفت: 1" in last and LYON.title in last


def test_a_writer_in_the_way_is_a_sentence():
    shelf = Shelf(additions=[StoreBusy(path="store", owner="index build, process 7")])
    *_, last = add_in_steps(shelf, None, "نص", "", "en")
    assert "process 7" in last


def test_an_error_that_is_not_for_a_person_is_not_swallowed():
    with pytest.raises(ZeroDivisionError):
        list(add_in_steps(Shelf(additions=[ZeroDivisionError()]), ["a.md"], "", "", "ar"))


def test_what_was_added_what_was_there_and_what_was_refused_stand_apart():
    came = Addition(
        added=(LISTED,),
        duplicates=(Duplicate("نسخة", "b.md", LISTED),),
        refused=(Refusal("c.txt", NotText(path="c.txt")),),
    )
    page = Parsed(addition_html(came, "ar"))
    assert LYON.title in page.under[".added"]
    assert "نسخة" in page.under[".duplicate"] and LYON.title in page.under[".duplicate"]
    assert "UTF-8" in page.under[".refused"]


def test_the_list_names_each_article_with_publisher_day_and_passages():
    page = Parsed(articles_html([LISTED], "ar"))
    assert page.under["li"] == f"{LYON.title}جواب · 5 شتنبر 2024 · المقاطع: 2"


def test_a_hostile_title_stays_text_in_the_list_and_among_what_came():
    hostile = replace(LISTED, id='"><script>', title=HOSTILE, publisher=HOSTILE)
    for html in (articles_html([hostile], "ar"), addition_html(Addition(added=(hostile,)), "ar")):
        assert not {"script", "img", "iframe", "a"} & set(Parsed(html).tags)


def test_a_long_list_is_cut_and_says_so():
    page = Parsed(articles_html([LISTED] * (SHOWN + 1), "en"))
    assert page.tags.count("li") == SHOWN
    assert f"{SHOWN} of {SHOWN + 1}" in page.under[".hint"]


def test_an_empty_list_tells_whether_anything_was_looked_for():
    assert say("none_yet", "fr") in articles_html([], "fr", " ")
    assert say("none_found", "fr") in articles_html([], "fr", "ليون")


@pytest.mark.parametrize("sent", [None, 7, "a", {"delete": "lyon", "search": 3}, {"delete": [None, {}]}])
def test_whatever_a_browser_wants_of_the_list_deletes_nothing_it_does_not_name(sent):
    shelf = Shelf(LYON)
    delete_wanted(shelf, sent)
    assert len(shelf_html(shelf, sent, "ar")) == 2 and shelf.held
    delete_wanted(shelf, {"delete": [LYON.id]})
    assert not shelf.held


def test_programs_get_the_same_as_plain_values():
    assert listed_record(LISTED)["published"] == "2024-09-05"


def test_the_welcome_says_how_many_articles_and_from_when_to_when():
    overview = Overview(3, ("جواب",), date(2024, 9, 5), date(2025, 11, 24), 3)
    assert holdings(overview, "ar") == "عدد المقالات: 3 · من 5 شتنبر 2024 إلى 24 نونبر 2025"
    one_day = replace(overview, first=overview.last)
    assert holdings(one_day, "ar") == "عدد المقالات: 3 · 24 نونبر 2025"
    few = replace(one_day, dated=2)
    assert holdings(few, "ar") == "عدد المقالات: 3 · المؤرخة منها: 2 (24 نونبر 2025)"
    assert holdings(Overview(3, (), None, None, 0), "fr") == "Articles\xa0: 3"
    assert "example" not in welcome_html(overview, (), "en")


def test_a_hostile_publisher_and_example_stay_text():
    overview = Overview(1, (HOSTILE,), None, None, 0)
    for html in (scope_html(overview.publishers, "ar"), welcome_html(overview, (HOSTILE,), "ar")):
        assert "<script" not in html and "<img" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_that_gradio_reads_holds_nothing_it_would_evaluate(language):
    assert "${" not in chat_html(language) and "{{" not in chat_html(language)


def test_every_text_of_the_page_has_the_same_places_in_three_languages():
    for name, texts in _TEXTS.items():
        assert len({text.count("{") for text in texts}) == 1, name
    assert say("count", "ar", 30) == "عدد المقالات: 30"
