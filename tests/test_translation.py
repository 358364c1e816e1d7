"""What is said of Arabic words in French and English, and the numbers it rests on."""

import pytest

from corpus.numbers import find_numbers
from qa.translation import in_language


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("١٩٥ دولة، وثلاثة وعشرون وفدا", [195, 23]),
        ("3 آلاف و200 نسمة", [3200]),
        ("مليون و200 ألف", [1_200_000]),
        ("2,5 مليون", [2_500_000]),
        ("1.200.000 درهم", [1_200_000]),
        ("ثلاثمائة وخمسون شخصا", [350]),
        ("تسعة آلاف وثمانمائة وثلاثة", [9803]),
        ("يومي 3 و4 شتنبر", [3, 4]),
        ("واحد وعشرون", [21]),
        ("أحد عشر كوكبا", [11]),
        ("لا عدد هنا", []),
    ],
)
def test_numbers_in_figures_and_words_have_their_value(text, values):
    assert [number.value for number in find_numbers(text)] == values


def test_a_number_stands_where_it_says():
    text = "حضره وثَلاثة وعشرون وفدا"
    (number,) = find_numbers(text)
    assert text[number.start : number.end] == "ثَلاثة وعشرون"


@pytest.mark.parametrize(
    ("text", "french", "english"),
    [
        ("يومي 3 و4 شتنبر الجاري", "3–4 septembre", "3–4 September"),
        ("الاثنين 24 نونبر 2025", "lundi 24 novembre 2025", "Monday 24 November 2025"),
        ("حوالي 195 دولة", "environ 195 pays", "about 195 countries"),
        ("أكثر من 12 ألف شخص", "plus de 12\u202f000 personnes", "more than 12,000 people"),
        ("25 في المائة", "25 %", "25 %"),
        ("المغرب، فرنسا وإسبانيا", "Maroc, France, Espagne", "Morocco, France, Spain"),
        ("مدينة مراكش", "Marrakech", "Marrakesh"),
        ("القاهرة", "Le Caire", "Cairo"),
        ("1 يناير 2025", "1er janvier 2025", "1 January 2025"),
        ("2000 عام", "2000 ans", "2000 years"),
    ],
)
def test_dates_numbers_and_places_are_said_in_the_language_of_the_question(text, french, english):
    assert in_language(text, "fr") == french
    assert in_language(text, "en") == english


@pytest.mark.parametrize(
    "text",
    [
        *("اتفاق", "عبد اللطيف حموشي", "195 دولة من أصل 200", "24 نونبر بمراكش", "المغرب والفريق"),
        *("10 رمضان 1446", "رمضان 1446", "بليون", "2024-15-07"),
    ],
)
def test_what_is_not_certain_is_left_in_arabic(text):
    assert in_language(text, "en") is None
