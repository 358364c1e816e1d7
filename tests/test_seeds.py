"""Five real news pages as they were scraped, asked what a person would ask of them."""

from pathlib import Path

import pytest

from corpus.reading import read_articles
from index.store import build
from qa.assistant import Assistant

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the scraped pages are not at {SEEDS}")


@pytest.fixture(scope="module")
def pages(tmp_path_factory, encoder):
    store = tmp_path_factory.mktemp("seeds") / "store"
    build(store, read_articles(SEEDS), embedder=encoder)
    return Assistant.load(store=store)


@pytest.mark.parametrize("question", ["متى عُقد اجتماع ليون؟", "when was the Lyon meeting?"])
def test_the_days_of_the_meeting_are_found_in_their_page(pages, question):
    answer = pages.ask(question)
    assert "3 و4" in answer.text
    assert Path(answer.citations[0].article.source).name.startswith("003_")
    for citation in answer.citations:
        assert citation.quote == citation.article.text[citation.start : citation.end]


def test_what_the_pages_do_not_hold_is_not_answered(pages):
    assert pages.ask("ما عاصمة اليابان؟").abstained


def test_the_second_article_of_a_page_has_passages_of_its_own(pages):
    hits = pages.retrieve("أي خط بحري يربط أكادير بدكار؟")
    assert hits[0].passage.article_id.startswith("000_") and "#" in hits[0].passage.article_id
