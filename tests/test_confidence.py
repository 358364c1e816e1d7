"""Confidence is held against what was right: calibration error, risk at every coverage, and its picture."""

import sys

import pytest

from corpus.errors import UsageError
from eval.cases import Case
from eval.confidence import Bin, calibration, expected_error, risk_coverage
from eval.curve import check_drawing, draw
from eval.report import Report, numbers
from eval.score import Score

PNG = b"\x89PNG\r\n\x1a\n"


def score(confidence, right, text=None):
    case = Case(id=f"{confidence}", question="متى؟", answers=("أمس",), article_id="a")
    return Score(case=case, measured={}, confidence=confidence, best="أمس", best_right=right, text=text)


def test_bins_hold_equally_many_answers_of_like_confidence():
    bins = calibration([(0.9, True), (0.1, False), (0.8, False), (0.3, True)], bins=2)
    assert bins == [Bin(2, pytest.approx(0.2), 0.5), Bin(2, pytest.approx(0.85), 0.5)]
    assert expected_error(bins) == pytest.approx((0.3 + 0.35) / 2)


def test_a_bin_with_more_answers_weighs_more():
    assert expected_error([Bin(3, 0.5, 0.5), Bin(1, 1.0, 0.0)]) == pytest.approx(0.25)


def test_a_confidence_that_is_right_as_often_as_it_says_has_no_error():
    answers = [(0.0, False)] * 10 + [(1.0, True)] * 10
    assert expected_error(calibration(answers)) == 0.0


def test_fewer_answers_than_bins_have_no_calibration_error():
    assert calibration([(0.5, True)] * 9) == []
    assert expected_error([]) is None
    assert numbers([score(0.5, True)])["calibration"] == {"n": 1, "expected_error": None, "bins": []}


def test_the_risk_is_the_share_wrong_among_the_surest():
    points = risk_coverage([(0.2, False), (0.9, True), (0.5, True), (0.7, False)], asked=5)
    assert [point.coverage for point in points] == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert [point.risk for point in points] == pytest.approx([0, 1 / 2, 1 / 3, 2 / 4])


def test_answers_of_equal_confidence_are_given_or_withheld_together():
    (first, second) = risk_coverage([(0.9, True), (0.9, False), (0.1, True)], asked=3)
    assert (first.answered, first.risk) == (2, 0.5)
    assert (second.answered, second.risk) == (3, pytest.approx(1 / 3))


def test_the_curve_is_drawn_into_a_png(tmp_path):
    pytest.importorskip("matplotlib")
    scores = [score(0.9, True, "أمس"), score(0.6, False, "غدا"), score(0.2, False)]
    draw(Report("test", scores), tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes().startswith(PNG)


def test_there_is_no_curve_without_answers(tmp_path):
    pytest.importorskip("matplotlib")
    with pytest.raises(UsageError, match="No question of test was asked"):
        draw(Report("test", []), tmp_path / "curve.png")
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UsageError, match="pip install matplotlib"):
        check_drawing()
