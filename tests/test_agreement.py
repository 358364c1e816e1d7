"""Articles that say the same are cited together; articles that disagree are both shown."""

import pytest

from corpus.article import Article
from index.passage import Passage
from qa.agreement import compare, says_the_same
from qa.edges import enumerated
from qa.messages import answer_message
from qa.reader import Reading
from qa.records import Citation


def reading(name, text, answer, confidence=0.8):
    article = Article(name, f"عنوان {name}", text, "test", publisher="جريدة")
    start = text.index(answer)
    return Reading(Passage(article, 0, len(text)), start, start + len(answer), (0, len(text)), confidence)


def test_two_articles_with_the_same_number_are_cited_together():
    one = reading("a", "يضم الإنتربول 195 دولة عضوا.", "195 دولة")
    two = reading("b", "يبلغ عدد الدول الأعضاء في الإنتربول مائة وخمسا وتسعين، أي 195.", "195", 0.4)
    verdict = compare([one, two], "number")
    assert verdict.agreeing == (one, two)
    assert verdict.contradicting == ()


def test_a_date_is_the_same_in_the_month_names_of_another_country():
    one = reading("a", "انعقد الاجتماع يوم 3 شتنبر 2025.", "3 شتنبر 2025")
    two = reading("b", "انعقد الاجتماع في 3 أيلول.", "3 أيلول", 0.5)
    assert compare([one, two], "date").agreeing == (one, two)


def test_two_numbers_of_the_same_thing_contradict_each_other():
    one = reading("a", "أسفر زلزال الحوز عن مقتل 2900 شخص.", "2900 شخص")
    two = reading("b", "زلزال الحوز أسفر عن مقتل 2100 شخص.", "2100 شخص", 0.6)
    verdict = compare([one, two], "number")
    assert verdict.agreeing == (one,)
    assert verdict.contradicting == (two,)


@pytest.mark.parametrize(
    ("text", "answer", "confidence"),
    [
        ("يضم مجلس المدينة 61 عضوا.", "61 عضوا", 0.7),
        ("أسفر زلزال الحوز عن مقتل 2100 شخص.", "2100 شخص", 0.1),
        ("أسفر زلزال الحوز عن انهيار 2100 منزل.", "2100 منزل", 0.7),
    ],
    ids=["another subject", "hardly an answer", "another unit"],
)
def test_what_is_no_contradiction_is_not_shown_as_one(text, answer, confidence):
    one = reading("a", "أسفر زلزال الحوز عن مقتل 2900 شخص.", "2900 شخص")
    assert compare([one, reading("b", text, answer, confidence)], "number").contradicting == ()


def test_an_article_is_heard_once():
    one = reading("a", "أسفر زلزال الحوز عن مقتل 2900 شخص.", "2900 شخص")
    again = reading("a", "أسفر زلزال الحوز عن مقتل 2900 شخص.", "2900 شخص")
    assert compare([one, again], "number").agreeing == (one,)


def test_a_contradiction_is_said_with_both_sources():
    one = reading("a", "مقتل 2900 شخص.", "2900 شخص")
    two = reading("b", "مقتل 2100 شخص.", "2100 شخص")
    said = [
        (r.text, (Citation(n, r.passage.article, *r.sentence),)) for n, r in enumerate((one, two), start=1)
    ]
    message = answer_message(said, "ar")
    assert message.startswith("تختلف المقالات: 2900 شخص [1] – «عنوان a»")
    assert "2100 شخص [2] – «عنوان b»" in message


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("الخميس", "الجمعة", False),
        ("2019", "شتنبر", False),
        ("10 رمضان 1446", "10 شوال 1446", False),
        ("كأس العالم 2030", "معرض إكسبو 2030", False),
        ("24 نونبر 2025", "يوم الاثنين 24 نونبر", True),
        ("سنة 2019", "2019", True),
        ("300 مشارك", "300 مشارك بليون", True),
    ],
)
def test_answers_are_the_same_when_what_both_name_is(one, other, same):
    assert says_the_same(one, other) is same


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("المغرب وفرنسا وإسبانيا", ["المغرب", "فرنسا", "إسبانيا"]),
        ("وزارة الداخلية ووكالة التنمية", ["وزارة الداخلية ووكالة التنمية"]),
        ("غسل الأموال، والاتجار بالبشر والإرهاب", ["غسل الأموال", "الاتجار بالبشر", "الإرهاب"]),
        ("195 دولة", ["195 دولة"]),
        ("والي جهة سوس، والعامل", ["والي جهة سوس", "العامل"]),
    ],
)
def test_an_enumeration_has_its_items(text, items):
    assert enumerated(text) == items
    assert all(item in text for item in items)
