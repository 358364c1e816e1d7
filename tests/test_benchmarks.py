"""The measurements come out, each with its figures; how fast this machine is, is not tested."""

import json
import sys
from dataclasses import replace
from itertools import pairwise
from threading import Barrier

import pytest

from benchmarks import answering, building, changing, clients, indexing, llama, question, reading, size, words
from benchmarks.__main__ import main
from benchmarks.bench import Bench
from benchmarks.collection import gather, recombined
from benchmarks.figures import Figure, Unmeasured, rows
from benchmarks.plain_reader import plain_reader
from benchmarks.serving import served
from benchmarks.starting import BARE_PAGE
from benchmarks.timing import Times, at_once, both, each
from corpus.errors import ModelMissing
from corpus.reading import bundled_articles
from index.analysis import terms
from index.e5 import prepare
from index.settings import Settings
from qa.span_model import SpanModel
from tests.figures import SURE, FirstFigure
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
    network = FirstFigure()
    return Bench(
        made,
        encoder,
        model,
        tmp_path,
        cache=tmp_path / "kept",
        large=ARTICLES,
        stock=encoder.encode,
        plain=network.see,
        reader=(network, SURE),
    )


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
    questions = words.untranslated(bench.questions)[:20]
    assert len(questions) == 20
    for asked in questions:
        expected = baseline.get_scores(list(dict.fromkeys(terms(asked))))
        assert snapshot.word_scores(asked).scores == pytest.approx(expected, rel=1e-4, abs=1e-4)
    assert set(by_name(words.measure(bench))) == {"words", "bm25s", "ratio"}


def test_llama_index_is_asked_the_same_questions_over_the_same_passages(bench):
    pytest.importorskip("llama_index.vector_stores.chroma")
    assert set(by_name(llama.measure(bench))) == {"retrieve", "llama", "ratio"}  # made titles find nothing
    bench.folder = bench.folder / "again"
    bench.folder.mkdir()
    bench.collection = replace(bench.collection, origin=bench.collection.file)
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


def test_reading_is_held_against_the_same_network_in_torch(bench):
    figures = by_name(reading.measure(bench))
    assert figures["ratio"] == pytest.approx(figures["read"] / figures["torch"])
    assert figures["undisturbed_ratio"] > 0


def test_the_network_in_torch_sees_what_the_product_sees(bot):
    pytest.importorskip("torch")
    folder = prepare(Settings.from_environment().models)
    question = "متى عُقد اجتماع ليون؟"
    passages = [hit.passage for hit in bot.retrieve(question, 2)]
    logits = plain_reader(folder)(question, passages)
    for row, seen in zip(logits, SpanModel.load(folder).see(question, passages), strict=True):
        text = slice(seen.pair.first, seen.pair.first + len(seen.pair.offsets))
        assert row[text, 0].argmax() == seen.start.argmax()
        assert row[0, 2] == pytest.approx(seen.answers, abs=0.5)  # bfloat16 against 32 bits


def test_every_question_is_answered_once_from_the_large_collection_which_is_kept(bench):
    figures = answering.measure(bench)
    assert [figure.name for figure in figures] == ["p50", "p95", "read"]
    held = ARTICLES + len(bundled_articles())
    assert figures[0].what == f"answer, half of {len(bench.conversations)} questions to {held} articles"
    assert figures[0].value <= figures[1].value
    assert not any(figure.aim for figure in figures)  # it is not large enough for them
    again = Bench(
        bench.collection,
        HashingEmbedder(),
        bench.model,
        bench.folder,
        cache=bench.folder / "kept",
        large=ARTICLES,
    )
    assert again.large == bench.large
    assert again.embedder.encoded == []


def test_questions_are_asked_while_as_many_articles_again_are_added(bench):
    bench.embedder = HashingEmbedder(pause=0.01)
    figures = {figure.name: figure for figure in indexing.measure(bench)}
    assert figures["ratio"].value == pytest.approx(figures["p95"].value / figures["idle"].value)
    assert f"adding {ARTICLES} articles" in figures["seconds"].what
    assert bench.assistant(bench.folder / "growing").article_count == 2 * ARTICLES
    assert bench.store.snapshot().revision.articles == ARTICLES


ASKED_PAGE = """
import sys
import gradio


def ask(question: str) -> str:
    if "fail" in question:
        raise gradio.Error("no")
    return question


with gradio.Blocks() as page:
    gradio.api(ask, api_name="ask", concurrency_limit=4)
page.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True)
"""


def test_eight_clients_are_held_against_one_through_the_endpoint_of_a_page(environment):
    with served(environment, "-c", ASKED_PAGE) as (address, taken):
        figures = {figure.name: figure for figure in clients.compare(address, ["متى؟"], each_asks=2)}
        with pytest.raises(Unmeasured, match="no answer"):
            clients.compare(address, ["fail"], each_asks=1)
    assert taken > 0
    assert figures["ratio"].value == pytest.approx(figures["eight"].value / figures["one"].value)
    assert figures["wait_ratio"].value == pytest.approx(figures["p95"].value / figures["p50"].value)
    assert "16 questions" in figures["eight"].what and "16 questions" in figures["one"].what


def test_a_bare_page_is_served(environment):
    with served(environment, "-c", BARE_PAGE) as (address, _):
        assert address.startswith("http://127.0.0.1:")


def test_a_program_that_serves_nothing_is_not_measured(environment):
    with pytest.raises(Unmeasured, match="not served"), served(environment, "-c", "pass"):
        pass


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


def test_more_articles_than_those_measured_are_taken_from_the_same_file_and_then_made(made, tmp_path):
    folder = tmp_path / "given"
    folder.mkdir()
    given = gather(folder, articles=made.file, count=10)
    assert given.first(11) == made.read()[:11]
    others = given.others(4)
    assert others[:2] == made.read()[10:]
    assert len(others) == 4
    assert not {article.text for article in others} & {article.text for article in given.read()}
    assert len(made.others(3)) == 3
    assert not {article.id for article in made.others(3)} & {article.id for article in made.read()}


def test_95_of_100_calls_take_at_most_the_slow_time():
    assert Times(range(101)).slow == 95
    assert Times([3.0]).slow == 3.0


def test_calls_at_once_are_timed_each_and_together():
    together = Barrier(3)  # let through only when all three wait
    times, wall = at_once([lambda: each(lambda _: together.wait(10), "ab")] * 3)
    assert len(times.seconds) == 6
    assert wall >= max(times.seconds)
    with pytest.raises(ZeroDivisionError):
        at_once([lambda: 1 / 0])


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
