"""The measures: what counts as the same answer, and what a share of few questions is worth."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article
from eval.metrics import auroc, best, exact_match, f1, mean, normalise, percentile, says, wilson
from eval.retrieval import MEASURES, contexts, measure
from index.passage import Hit, Passage


@pytest.mark.parametrize(
    ("said", "gold"),
    [
        ("الرِّباطُ", "الرباط"),
        ("الربـــاط", "رباط"),
        ("أكادير", "اكادير"),
        ("آسيا", "اسيا"),
        ("إلى الدار البيضاء", "الى الدار البيضاء"),
        ("مصطفى", "مصطفي"),
        ("مسؤول", "مسوول"),
        ("٢٤ نونبر ٢٠٢٥", "24 نونبر 2025"),
        ("۱۹۵ دولة", "195 دولة"),
        ("«مراكش»،", "مراكش"),
        ("40٪؟", "40%"),
        ("INTERPOL", "Interpol"),
        ("\u200fليون\u200e", "ليون"),
        ("ﻻ", "لا"),
        ("1,500", "1500"),
    ],
)
def test_two_spellings_of_one_answer_match(said, gold):
    assert exact_match(said, gold) == 1.0


@pytest.mark.parametrize(
    ("said", "gold"), [("الرباط", "مراكش"), ("3 شتنبر", "4 شتنبر"), ("", "ليون"), ("مدرسة", "مدرس")]
)
def test_two_different_answers_do_not_match(said, gold):
    assert exact_match(said, gold) == 0.0


def test_only_an_article_at_the_start_of_a_word_is_dropped():
    assert normalise("السؤال عن احتفال") == "سوال عن احتفال"


def test_a_short_word_that_looks_like_an_article_stays():
    assert normalise("إلى آلي ال") == "الي الي ال"


@given(st.text())
def test_a_normalised_text_matches_itself(text):
    assert f1(text, text) == 1.0
    assert exact_match(text, text) == 1.0


@given(st.text(), st.text())
def test_f1_is_a_share_and_symmetric(one, other):
    assert 0.0 <= f1(one, other) <= 1.0
    assert f1(one, other) == f1(other, one)


def test_f1_counts_the_shared_words_as_squad_does():
    # 2 shared of 3 said and 4 wanted: precision 2/3, recall 1/2.
    assert f1("يومي 3 شتنبر", "3 و4 شتنبر بليون") == pytest.approx(2 * (2 / 3) * 0.5 / (2 / 3 + 0.5))


def test_a_word_said_twice_is_shared_once():
    assert f1("ليون ليون", "ليون") == pytest.approx(2 / 3)


def test_the_best_gold_answer_counts():
    assert best(f1, "مدينة مراكش", ["ليون", "مراكش", "مدينة مراكش"]) == 1.0


def test_silence_is_worth_nothing():
    assert best(exact_match, None, ["ليون"]) == 0.0
    assert not says(None, ["ليون"])


def test_a_sentence_that_holds_the_answer_says_it():
    assert says("عُقد الاجتماع الثامن لرؤساء المكاتب يومي 3 و4 شتنبر بمدينة ليون الفرنسية.", ["3 و4 شتنبر"])


@pytest.mark.parametrize(
    ("said", "gold", "right"),
    [
        ("25 نونبر 2025", "24 نونبر 2025", False),
        ("44 اجتماعا", "43 اجتماعا", False),
        ("نونبر 2025", "24 نونبر 2025", True),
        ("اجتماعا", "43 اجتماعا", False),
        ("حوالي 43 اجتماعا", "43 اجتماعا", True),
    ],
)
def test_another_figure_is_another_answer(said, gold, right):
    assert says(said, [gold]) is right


def test_two_sentences_that_hold_the_answer_do_not_say_it():
    text = "عُقد الاجتماع الثامن لرؤساء المكاتب المركزية بفرنسا. وكان ذلك يومي 3 و4 شتنبر كما قالت المديرية."
    assert not says(text, ["3 و4 شتنبر"])


def test_a_word_that_only_begins_like_the_answer_does_not_say_it():
    assert not says("بلغ عدد الدول المشاركة في هذه الدورة 1950 دولة", ["195"])


def test_a_gold_answer_of_punctuation_alone_is_not_held_by_everything():
    assert not says("مدينة ليون", ["«»"])


def test_wilson_gives_the_published_interval():
    # Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263, and 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_wilson_of_nothing_is_nothing():
    assert wilson(0, 0) is None


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_stays_between_zero_and_one(counts):
    successes, trials = counts
    low, high = wilson(successes, trials)
    assert 0.0 <= low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= high <= 1.0


def test_auroc_is_one_when_every_positive_is_above_every_negative():
    assert auroc([0.9, 0.8], [0.1, 0.7]) == 1.0


def test_auroc_counts_a_tie_half():
    assert auroc([0.5], [0.5, 0.1]) == 0.75


def test_auroc_without_one_of_the_classes_is_nothing():
    assert auroc([0.5], []) is None
    assert auroc([], [0.5]) is None


def test_percentiles_lie_between_the_values():
    assert percentile([1.0, 2.0, 3.0, 4.0], 50) == 2.5
    assert percentile(iter([7.0]), 95) == 7.0
    assert percentile([], 95) is None


def test_the_mean_of_nothing_is_nothing():
    assert mean([]) is None
    assert mean([0.0, 1.0]) == 0.5


def test_each_ranking_is_measured_by_the_place_of_its_gold_context():
    first, third, missing = measure([["a", "b"], ["x", "y", "c"], ["x"]], [{"a"}, {"c"}, {"z"}])
    assert first == dict.fromkeys(MEASURES, 1.0)
    assert third["recall@1"] == 0.0
    assert third["recall@5"] == 1.0
    assert third["mrr@10"] == pytest.approx(1 / 3)
    assert third["ndcg@10"] == pytest.approx(1 / math.log2(4))
    assert missing == dict.fromkeys(MEASURES, 0.0)


def test_articles_that_hold_the_same_answer_are_one_document_to_find():
    (result,) = measure([["x", "b", "a"]], [{"a", "b"}])
    assert result["ndcg@10"] == pytest.approx(1 / math.log2(3))


def test_an_article_named_like_the_gold_marker_is_not_taken_for_it():
    (result,) = measure([["gold", "a"]], [{"a"}])
    assert result["recall@1"] == 0.0


def test_an_empty_ranking_is_worth_nothing():
    assert measure([[]], [{"a"}]) == [dict.fromkeys(MEASURES, 0.0)]


def test_a_context_ranks_by_the_best_of_its_passages():
    def hit(article_id, score):
        article = Article(id=article_id, title="", text="نص", source="")
        return Hit(Passage(article, 0, 2), score)

    assert contexts([hit("a", 0.2), hit("b", 0.5), hit("a", 0.9)]) == ["a", "b"]
