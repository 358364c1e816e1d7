"""Articles read from files, cleaned without a word rewritten, with their dates and search keys."""

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import JawabError, bundled_articles, read_articles
from corpus.arabic import fold, fold_with_offsets
from corpus.cleaning import split_page
from corpus.darija import in_standard_words
from corpus.dates import find_dates
from corpus.errors import BadArticle, NothingToRead, NotText, PathMissing
from corpus.names import same_name, sounds
from corpus.numbers import find_numbers
from corpus.sentences import sentence_spans

ARABIC = st.text(alphabet=st.sampled_from("اأإآٱبتةىيءئؤ ًٌَُّْـ٠١٢3،.؟!\n«»()abÉïﻻ\u200f\u2066"))
PAGE = """أخبار الناس - فلان الفلاني

افتتح المعرض الدولي للكتاب أبوابه أمس في مدينة طنجة بحضور عدد كبير من الناشرين والكتاب والقراء من بلدان كثيرة.

المصدر: أخبار الناس

كلمات دلالية: كتب

إقرأ أيضاً:

المنتخب يفوز في المباراة الودية الأخيرة قبل البطولة القارية

فاز المنتخب الوطني مساء السبت بهدفين مقابل هدف واحد في مباراة ودية حضرها آلاف المشجعين في ملعب المدينة الكبير.

مقالات مشابهة

  • خبر أول لا علاقة له بما سبق
  • خبر ثان لا علاقة له بما سبق أيضا

اترك تعليقاً
لن يتم نشر عنوان بريدك الإلكتروني.
"""


@given(st.text() | ARABIC)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("الإنتربول", "الانتربول"),
        ("شُتنبر", "شتنبر"),
        ("مراكـــش", "مراكش"),
        ("مدرسة", "مدرسه"),
        ("على", "علي"),
        ("٢٠٢٥", "2025"),
        ("مسؤول", "مسوول"),
        ("الصحراء", "الصحرا"),
        ("ﻻ", "لا"),
        ("Médiation", "mediation"),
    ],
)
def test_spellings_people_mix_have_one_search_key(one, other):
    assert fold(one) == fold(other)


@given(ARABIC)
def test_offsets_of_a_key_lead_back_into_the_text(text):
    key, offsets = fold_with_offsets(text)
    assert len(offsets) == len(key) + 1
    assert all(
        fold(text[i]) in ("", key[n]) or key[n] in fold(text[i] + "x") for n, i in enumerate(offsets[:-1])
    )
    assert offsets == sorted(offsets)


@given(st.text() | ARABIC)
def test_sentences_hold_every_letter_once_and_in_order(text):
    spans = sentence_spans(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    joined = "".join(text[start:end] for start, end in spans)
    assert "".join(joined.split()) == "".join(text.split())


def test_arabic_marks_end_sentences_and_points_inside_numbers_do_not():
    text = "كم بلغت النسبة؟ بلغت 3.5 في المئة… وقال د. علي: «انتهى». ثم خرج!"
    assert [text[a:b] for a, b in sentence_spans(text)] == [
        "كم بلغت النسبة؟",
        "بلغت 3.5 في المئة…",
        "وقال د. علي: «انتهى».",
        "ثم خرج!",
    ]


@given(st.text() | ARABIC)
def test_cleaning_only_deletes(raw):
    for section in split_page(raw):
        rest = iter(raw)
        assert all(character in rest for character in section.text)


def test_a_scraped_page_loses_its_furniture_and_keeps_its_second_article():
    first, second = split_page(PAGE)
    assert first.text.startswith("افتتح المعرض") and first.text.endswith("كثيرة.")
    assert first.publisher == "أخبار الناس"
    assert second.title == "المنتخب يفوز في المباراة الودية الأخيرة قبل البطولة القارية"
    assert second.text.startswith("فاز المنتخب") and second.text.endswith("الكبير.")


@pytest.mark.parametrize(
    ("text", "span", "days", "month", "year"),
    [
        ("عُقد يومي 3 و4 شتنبر الجاري بليون", "3 و4 شتنبر الجاري", (3, 4), 9, None),
        ("بين 24 و27 نونبر 2025 بمراكش", "24 و27 نونبر 2025", (24, 27), 11, 2025),
        ("انطلقت في ١٤ يناير ٢٠١١ بتونس", "١٤ يناير ٢٠١١", (14,), 1, 2011),
        ("من 5 جويلية إلى الآن", "5 جويلية", (5,), 7, None),
        ("في 12 تشرين الثاني 1990 ببيروت", "12 تشرين الثاني 1990", (12,), 11, 1990),
        ("تأسست سنة 859 بفاس", "859", (), None, 859),
        ("يوم الإثنين 24 نونبر بمراكش", "يوم الإثنين 24 نونبر", (24,), 11, None),
        ("نشر في 17/05/2015 بتونس", "17/05/2015", (17,), 5, 2015),
    ],
)
def test_a_date_is_found_with_its_exact_words_and_parts(text, span, days, month, year):
    (found,) = find_dates(text)
    assert (text[found.start : found.end], found.days, found.month, found.year) == (span, days, month, year)


def test_an_islamic_month_is_kept_apart_from_the_others():
    one, other, later = (find_dates(text)[0] for text in ("10 رمضان 1446", "10 شوال 1446", "رمضان 1447"))
    assert (one.hijri, one.month, one.days, one.year) == ("رمضان", None, (10,), 1446)
    assert one.differs_from(other) and one.differs_from(later) and not one.agrees_with(other)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("حضر 300 مشارك بليون", [300]),
        ("0,125 و0.750 كيلوغرام", [0.125, 0.75]),
        ("12,500 درهم و2,5 مليون", [12500, 2_500_000]),
        ("بلغت -5 درجات", [-5]),
        ("بين 3-5 أيام", [3, 5]),
        ("ثلاثون شخصا", [30]),
    ],
)
def test_a_number_is_worth_what_it_says(text, values):
    assert [number.value for number in find_numbers(text)] == values


@pytest.mark.parametrize(
    "sentence",
    [
        "شارك علي بنعمر في الاجتماع الذي احتضنته مدينة فاس يوم السبت.",
        "اشترك في تنظيم الدورة خمسة وعشرون وفدا من بلدان القارة.",
        "- وقع البلدان مذكرة تفاهم جديدة في مجال النقل البحري.",
        "قرأ أيضا الرسالة الملكية الموجهة إلى المشاركين في الدورة مسؤول بالديوان.",
    ],
)
def test_a_sentence_that_begins_like_a_button_stays(sentence):
    (section,) = split_page(f"{sentence}\nشارك على فيسبوك\nاترك تعليقاً")
    assert section.text == sentence


@pytest.mark.parametrize(
    "text",
    ["الدورة الـ93 للجمعية", "من 195 دولة", "بلغ 2,025 درهما", "صفر أهداف", "الملف رقم 2024-15-07"],
)
def test_numbers_that_are_no_dates_are_left_alone(text):
    assert find_dates(text) == []


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [
        ("Hammouchi", "الحموشي"),
        ("Lyon", "بليون"),
        ("Marrakech", "مراكش"),
        ("Dakar", "دكار"),
        ("Agadir", "أكادير"),
        ("Fès", "فاس"),
        ("Nancy", "نانسي"),
        ("lhammouchi", "الحموشي"),
        ("l7abib", "الحبيب"),
        ("9adiri", "القادري"),
        ("Khaled", "وخالد"),
    ],
)
def test_a_name_in_latin_letters_meets_its_arabic_spelling(latin, arabic):
    assert same_name(latin, arabic)
    assert not same_name(latin, "المدرسة")


@given(st.text(min_size=1, max_size=12))
def test_every_word_has_sounds_and_none_is_empty(word):
    assert all(sound.strip("~") for sound in sounds(word))


@pytest.mark.parametrize(
    ("asked", "standard"),
    [
        ("شكون اللي ترأس الوفد ديال المغرب؟", "من الذي ترأس الوفد المغرب؟"),
        ("شحال من بلد كاين فالإنتربول", "كم من بلد يوجد فالإنتربول"),
        ("علاش؟", "لماذا؟"),
        ("chkoun lli mcha l Lyon?", "من الذي mcha l Lyon?"),
        ("أشمن دول شاركات ف المعرض", "أي دول شاركات في المعرض"),
        ("أين عُقد اجتماعُ ليون؟", "أين عُقد اجتماعُ ليون؟"),
        ("When did Hammouchi visit Lyon?", "When did Hammouchi visit Lyon?"),
    ],
)
def test_the_small_words_of_darija_become_standard_and_nothing_else(asked, standard):
    assert in_standard_words(asked) == standard


def test_every_format_gives_the_same_article(tmp_path: Path):
    text = "افتتح المعرض أبوابه في طنجة.\n\nوحضره ألف زائر في اليوم الأول من أيامه."
    (tmp_path / "a.md").write_text(
        f"---\nid: fair\ntitle: المعرض\npublisher: الجريدة\npublished: 2024-05-01\n---\n{text}\n", "utf-8"
    )
    line = {"id": "fair", "title": "المعرض", "publisher": "الجريدة", "published": "01/05/2024", "text": text}
    (tmp_path / "b.jsonl").write_text(json.dumps(line, ensure_ascii=False) + "\n", "utf-8")
    (one,), (other,) = read_articles(tmp_path / "a.md"), read_articles(tmp_path / "b.jsonl")
    assert one.text == other.text == text
    assert (one.id, one.title, one.publisher, one.published) == (
        "fair",
        "المعرض",
        "الجريدة",
        date(2024, 5, 1),
    )
    assert (other.id, other.title, other.publisher, other.published) == (
        one.id,
        one.title,
        one.publisher,
        one.published,
    )


def test_a_folder_is_read_in_the_order_of_names_without_hidden_files(tmp_path: Path):
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.txt", "sub/c.md", ".hidden.txt", "picture.png"):
        (tmp_path / name).write_text("هذا نص طويل بما يكفي ليكون فقرة من مقال.", "utf-8")
    assert [article.id for article in read_articles(tmp_path)] == ["a", "b", "sub/c"]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.md", b"---\ntitle: [\n---\ntext", BadArticle),
        ("a.md", b"---\ntitle: x\ntext", BadArticle),
        ("a.md", b"---\ntitle: x\npublished: yesterday\n---\ntext", BadArticle),
        ("a.md", b"---\ntitle: x\n---\n   \n", BadArticle),
        ("a.txt", b"\xff\xfe\x00\x01", NotText),
        ("a.txt", b"text\x00text", NotText),
        ("a.pdf", b"%PDF-1.4", NotText),
        ("a.jsonl", b"{not json}\n", BadArticle),
        ("a.jsonl", b'{"title": "no text"}\n', BadArticle),
        ("a.jsonl", b'{"id": "x", "text": "one"}\n{"id": "x", "text": "two"}\n', BadArticle),
        ("a.txt", b"", NothingToRead),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_three_languages(tmp_path: Path, name, content, error):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(error) as raised:
        read_articles(file)
    for language in ("ar", "fr", "en"):
        sentence = raised.value.sentence(language)
        assert name in sentence
        assert "{" not in sentence.replace("{not json}", "")


def test_a_path_that_is_not_there_is_an_error_of_the_one_tree(tmp_path: Path):
    with pytest.raises(PathMissing):
        read_articles(tmp_path / "nowhere")
    with pytest.raises(NothingToRead):
        read_articles(tmp_path)
    assert issubclass(PathMissing, JawabError)


def test_the_bundled_articles_are_at_least_fifteen_and_say_who_publishes_them():
    articles = bundled_articles()
    assert len(articles) >= 15
    assert {article.publisher for article in articles} == {"جواب"}
    assert len({article.id for article in articles}) == len(articles)
