"""What fits the reader: the loss of its spans, a run that goes on, the confidence and its threshold."""

import numpy as np
import pytest
import torch

from training.calibration import ANSWERABLE, FALSE_ANSWERS, _confidence, _threshold, logistic
from training.span_network import Phase, Training, losses
from training.windows import Window


def window(group=0, answer=(1, 2), ids=(5, 6, 7, 8)):
    return Window(list(ids), 1, 4, answer, group)


def test_the_span_loss_is_over_all_windows_of_a_question():
    text = torch.tensor([[False, True, True, True]] * 3)
    logits = torch.zeros(3, 4, 3)
    alone, _ = losses(logits[:1], text[:1], [window()])
    assert float(alone) == pytest.approx(np.log(3))
    shared, _ = losses(logits[:2], text[:2], [window(), window(answer=None)])
    assert float(shared) == pytest.approx(np.log(6))
    other, _ = losses(logits, text, [window(), window(answer=None), window(group=1)])
    assert float(other) == pytest.approx((np.log(6) + np.log(3)) / 2)


def test_tokens_outside_the_passage_take_no_part():
    text = torch.tensor([[False, True, True, True]])
    logits = torch.zeros(1, 4, 3)
    logits[0, 0, :2] = 50.0
    span, _ = losses(logits, text, [window()])
    assert float(span) == pytest.approx(np.log(3))


def test_answerability_is_read_at_the_first_token():
    text = torch.tensor([[False, True, True, True]] * 2)
    logits = torch.zeros(2, 4, 3)
    logits[0, 0, 2], logits[1, 0, 2] = 20.0, -20.0
    _, right = losses(logits, text, [window(), window(group=1, answer=None)])
    _, wrong = losses(logits, text, [window(answer=None), window(group=1)])
    assert float(right) < 1e-6 < 10 < float(wrong)


class Tiny(torch.nn.Module):
    """A network of the shape that is trained, without its body."""

    def __init__(self):
        super().__init__()
        self.body = torch.nn.Embedding(16, 4)
        self.body.set_attn_implementation = lambda name: None
        self.head = torch.nn.Linear(4, 3)

    def forward(self, ids, mask):
        return self.head(self.body(ids))


@pytest.fixture
def uncompiled(monkeypatch):
    monkeypatch.setattr(torch, "compile", lambda network, **_: network)


def trained(folder, *phases):
    torch.manual_seed(1)
    network = Tiny()
    training = Training(network, folder)
    for number, phase in enumerate(phases):
        training.run(number, phase)
    return network, training


def test_a_run_goes_on_behind_the_phases_that_are_done(tmp_path, uncompiled):
    windows = [window(group=number, ids=(1 + number % 8, 2, 3, 4)) for number in range(40)]
    phases = Phase(windows, 5), Phase(windows, 5, falling=True)
    whole, training = trained(tmp_path / "whole", *phases) if (tmp_path / "whole").mkdir() is None else None
    (tmp_path / "parts").mkdir()
    trained(tmp_path / "parts", phases[0])
    resumed, _ = trained(tmp_path / "parts", *phases)
    for one, other in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-5)
    training.forget()
    assert not list((tmp_path / "whole").iterdir())


def test_weights_after_two_phases_are_averaged(tmp_path, uncompiled):
    windows = [window(group=number, ids=(1 + number % 8, 2, 3, 4)) for number in range(40)]
    first, second = Phase(windows, 5), Phase(windows, 5)
    network, training = trained(tmp_path, first)
    after_one = [parameter.detach().clone() for parameter in network.parameters()]
    training.run(1, second)
    after_two = [parameter.detach().clone() for parameter in network.parameters()]
    training.average({0: 0.75, 1: 0.25})
    for one, two, mean in zip(after_one, after_two, network.parameters(), strict=True):
        assert not torch.allclose(one, two)
        assert torch.allclose(0.75 * one + 0.25 * two, mean)


def test_the_rate_rises_once_and_falls_to_nothing_in_a_falling_phase():
    rising, falling, lower = Phase([], 1), Phase([], 1, falling=True), Phase([], 1, falling=True, peak=0.5)
    assert rising.rate(0.0) < 0.1 < rising.rate(0.5) == rising.rate(1.0) == 1.0
    assert falling.rate(0.0) == 1.0 and falling.rate(1.0) == 0.0
    assert lower.rate(0.0) == 0.5 and lower.rate(1.0) == 0.0


def test_a_logistic_regression_separates_what_is_separable():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(400, 2))
    y = (x[:, 0] > 0).astype(float)
    slope, bias = logistic(x, y, np.ones(len(y)))
    assert slope[0] > 3 > 0.5 > abs(slope[1]) and abs(bias) < 0.5


def test_the_threshold_lets_its_share_of_both_kinds_pass():
    removed, near = np.linspace(0, 1, 1001), np.linspace(0, 0.5, 101)
    threshold = _threshold(removed, near)
    passing = ((removed >= threshold).mean() + (near >= threshold).mean()) / 2
    assert passing == pytest.approx(FALSE_ANSWERS, abs=0.01)


def test_a_confidence_is_a_probability_for_questions_as_they_are_asked_not_as_they_are_fitted_on():
    rng = np.random.default_rng(4)
    kind = rng.choice(3, 6000, p=(0.45, 0.45, 0.1))  # answerable, article removed, near miss
    right = (kind == 0) & (rng.random(6000) < 0.7)
    evidence = rng.normal(size=(6000, 3)) + right[:, None] * (1.5, 0.5, 0.0)
    slope, bias = _confidence(evidence, right.astype(float), tuple(kind == one for one in range(3)))
    confidence = 1 / (1 + np.exp(-(evidence @ slope + bias)))
    asked = np.array([ANSWERABLE, *[(1 - ANSWERABLE) / 2] * 2]) / np.bincount(kind)
    assert np.average(confidence, weights=asked[kind]) == pytest.approx(ANSWERABLE * 0.7, abs=0.02)
    assert slope[0] > slope[1] > abs(slope[2])


def test_examples_that_weigh_more_count_as_if_they_stood_more_often():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(60, 2)), (rng.random(60) < 0.5).astype(float)
    twice = np.where(np.arange(60) < 20, 2, 1)
    weighed = logistic(x, y, twice)
    repeated = logistic(np.repeat(x, twice, axis=0), np.repeat(y, twice), np.ones(80))
    assert np.allclose(weighed[0], repeated[0]) and weighed[1] == pytest.approx(repeated[1])
