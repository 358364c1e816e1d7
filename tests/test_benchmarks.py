"""The measurements come out, each with its figures; how fast this machine is, is not tested."""

import json
import sys
from dataclasses import replace
from itertools import pairwise

import pytest

from benchmarks import building, changing, llama, question, size, words
from benchmarks.__main__ import main
from benchmarks.bench import Bench
from benchmarks.collection import gather, recombined
from benchmarks.figures import Figure, Unmeasured, rows
from benchmarks.timing import both
from corpus.errors import ModelMissing
from corpus.reading import bundled_articles
from index.analysis import terms
from tests.hashing import HashingEmbedder

ARTICLES = 12


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A collection made of the bundled articles, as where there is no news file."""
    monkeypatch.setattr("benchmarks.collection.NEWS", tmp_path / "none.jsonl")
    return gather(tmp_path, count=ARTICLES)


@pytest.fixture
def bench(made, tmp_path):
    encoder, model = HashingEmbedder(), tmp_path / "model"
    model.mkdir()
    (model / "weights").write_bytes(bytes(2_000_000))
    return Bench(made, encoder, model, tmp_path, stock=encoder.encode)


def by_name(figures):
    return {figure.name: figure.value for figure in figures}


def test_building_is_measured_in_passages_a_second_and_held_against_stock_encoding(bench):
    figures = by_name(building.measure(bench))
    assert figures["throughput"] == pytest.approx(bench.built.report.passages / figures["seconds"])
    assert figures["ratio"] == pytest.approx(figures["throughput"] / figures["stock"])


def test_a_question_is_measured_to_its_passages_and_held_against_stock_encoding(bench):
    figures = by_name(question.measure(bench))
    assert figures["ratio"] == pytest.approx(figures["retrieve"] / figures["stock"])
    assert figures["undisturbed_ratio"] > 0


def test_both_lexical_legs_give_the_same_scores(bench):
    snapshot = bench.store.snapshot()
    baseline = words.raw(snapshot)
    for asked in bench.questions[:20]:
        expected = baseline.get_scores(list(dict.fromkeys(terms(asked))))
        assert snapshot.word_scores(asked).scores == pytest.approx(expected, rel=1e-4, abs=1e-4)
    assert set(by_name(words.measure(bench))) == {"words", "bm25s", "ratio"}


def test_llama_index_is_asked_the_same_questions_over_the_same_passages(bench):
    pytest.importorskip("llama_index.vector_stores.chroma")
    assert set(by_name(llama.measure(bench))) == {"retrieve", "llama", "ratio"}  # made titles find nothing
    bench.folder = bench.folder / "again"
    bench.folder.mkdir()
    bench.collection = replace(bench.collection, real=True)
    figures = by_name(llama.measure(bench))
    assert 0 <= figures["recall@1"] <= figures["recall@5"] <= 1
    assert 0 <= figures["llama_recall@1"] <= figures["llama_recall@5"] <= 1


def test_without_its_package_for_chroma_llama_index_is_not_measured_and_nothing_is_built(bench, monkeypatch):
    monkeypatch.setitem(sys.modules, "llama_index.vector_stores.chroma", None)
    with pytest.raises(Unmeasured, match="pip install llama-index-vector-stores-chroma"):
        llama.measure(bench)
    assert not bench.embedder.encoded


def test_changes_are_measured_on_a_copy_and_leave_the_store_as_it_was(bench):
    before = bench.built.report.revision
    figures = by_name(changing.measure(bench))
    assert figures["rebuild"] > 0 and figures["add"] > 0
    assert bench.store.snapshot().revision.number == before
    assert bench.store.snapshot().revision.articles == ARTICLES


def test_the_model_and_the_store_are_weighed(bench):
    figures = by_name(size.disk(bench))
    assert figures["model"] == 2.0
    assert figures["store"] > 0


def test_a_made_collection_is_the_same_every_time_and_says_what_it_is(made):
    assert not made.real and "bundled" in made.name
    texts = [article.text for article in made.read()]
    assert texts == [article.text for article in recombined(bundled_articles(), ARTICLES)]
    assert len(set(texts)) == made.size == ARTICLES


def test_a_file_of_articles_is_measured_when_one_is_given(made, tmp_path):
    folder = tmp_path / "given"
    folder.mkdir()
    given = gather(folder, articles=made.file, count=5)
    assert given.real and given.size == 5
    assert given.read() == made.read()[:5]


def test_an_aim_is_met_or_missed_and_shown():
    ratio = Figure(name="ratio", what="ours ÷ theirs", value=0.5, unit="×", at_most=0.4)
    assert ratio.met is False and replace(ratio, value=0.4).met
    assert replace(ratio, at_most=None, at_least=0.4).met
    assert replace(ratio, at_most=None).met is None
    (line,) = rows([ratio])
    assert line.split() == ["ours", "÷", "theirs", "0.500", "×", "≤", "0.4", "falls", "short"]


def test_baseline_and_ours_take_turns_at_being_first():
    calls = []
    baseline, ours = both(lambda n: calls.append(("a", n)), lambda n: calls.append(("b", n)), range(7))
    timed = calls[6:]
    assert [who for who, _ in timed] == ["a", "b", "b", "a", "a", "b", "b", "a"]
    assert all(one == other for (_, one), (_, other) in list(pairwise(timed))[::2])
    assert 0 <= baseline.undisturbed <= baseline.median and ours.median >= 0


def test_the_command_writes_every_figure_and_goes_on_past_what_cannot_be_measured(
    made, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("benchmarks.__main__.load_encoder", lambda _: HashingEmbedder())
    monkeypatch.setattr("benchmarks.__main__.prepare", lambda _: tmp_path)

    def absent(_):
        raise Unmeasured("pip install it")

    monkeypatch.setattr(llama, "measure", absent)
    out = tmp_path / "out.json"
    assert main(["--limit", "8", "--only", "changing", "words", "llama", "--json", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "8 articles: sentences of the bundled articles" in printed
    assert "pip install it" in printed
    report = json.loads(out.read_text("utf-8"))
    assert report["collection"]["articles"] == 8
    assert set(report["figures"]["changing"]) == {"rebuild", "add"}
    assert report["figures"]["llama"] == {}
    assert report["figures"]["changing"]["add"]["aim"] == "≤ 2"


def test_mistakes_end_with_a_sentence_and_exit_code_2(tmp_path, monkeypatch, capsys):
    def missing(_):
        raise ModelMissing(name="e5", reason="pip install it")

    monkeypatch.setattr("benchmarks.__main__.load_encoder", missing)
    assert main([]) == 2
    assert "pip install it" in capsys.readouterr().err
    assert main(["--json", str(tmp_path)]) == 2
    assert "Traceback" not in capsys.readouterr().err
