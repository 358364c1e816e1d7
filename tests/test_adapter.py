"""The query adapter: what it is fitted to, whose questions it moves, and which encoder it is of."""

import numpy as np
import pytest

from corpus.darija import in_standard_words
from corpus.errors import ModelDamaged
from index.e5 import prepare
from index.manifest import read
from index.settings import Settings
from qa.adapter import TENSORS, QueryAdapter, load_adapter
from training.adapter import fit, ranks_of, write


class Named:
    fingerprint = "this one"


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


@pytest.fixture
def written(tmp_path):
    rng = np.random.default_rng(1)
    adapter = QueryAdapter(rng.normal(size=(4, 4)).astype(np.float32), np.ones(4, np.float32))
    write(adapter, Named(), tmp_path)
    return adapter, tmp_path


def test_fitting_brings_questions_nearer_to_what_answers_them_also_those_it_did_not_see():
    rng = np.random.default_rng(0)
    passages = unit(rng.normal(size=(400, 16)))
    accent = rng.normal(size=(1, 16))  # what questions of a language have in common
    questions = unit(passages + 0.2 * rng.normal(size=passages.shape) + accent)
    answering = np.arange(400)
    adapter = fit(questions[:300], passages, answering[:300], epochs=200)
    moved = np.array([adapter(question) for question in questions[300:]])
    before = ranks_of(questions[300:], passages, answering[300:])
    after = ranks_of(moved, passages, answering[300:])
    assert (after < 1).mean() > (before < 1).mean() + 0.2
    assert np.linalg.norm(moved, axis=1) == pytest.approx(1, abs=1e-5)


def test_what_is_written_is_read_again_for_the_encoder_it_was_fitted_on_and_for_no_other(written):
    adapter, folder = written
    loaded = load_adapter("this one", folder)
    vector = unit(np.arange(1.0, 5.0))
    assert loaded(vector) == pytest.approx(adapter(vector), abs=1e-2)
    assert load_adapter("another", folder) is None


def test_a_damaged_adapter_is_said_to_be_damaged(written):
    _, folder = written
    content = bytearray((folder / TENSORS).read_bytes())
    content[-1] ^= 1
    (folder / TENSORS).write_bytes(content)
    with pytest.raises(ModelDamaged):
        load_adapter("this one", folder)


def test_the_adapter_that_ships_is_of_the_default_encoder():
    fingerprint = read(prepare(Settings.from_environment().models)).fingerprint
    assert load_adapter(fingerprint).weight.shape == (384, 384)


@pytest.mark.parametrize(
    ("question", "moved"),
    [
        ("متى عُقد اجتماع ليون؟", False),
        ("chkoun tra2es lwafd lmaghribi f Lyon?", False),
        ("Quand a eu lieu la réunion de Lyon ?", True),
        ("when was the Lyon meeting?", True),
    ],
)
def test_only_questions_in_french_and_english_are_moved(bot, question, moved):
    retriever = bot.retriever
    plain = retriever._encoder.encode([in_standard_words(question)], "query")[0]
    vector = retriever.encode(question)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert (vector @ plain < 0.999) == moved
