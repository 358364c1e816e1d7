"""The evaluation from its command down: collections that are kept, and sets asked of the real assistant."""

import json
import os
from dataclasses import replace

import pytest

from corpus.article import Article
from corpus.errors import UsageError
from eval.__main__ import main
from eval.cases import Case, context_id
from eval.collection import collect, resolve
from index.settings import Settings
from index.store import Store
from tests.hashing import HashingEmbedder

LYON = Article(id="lyon", title="", text="عُقد الاجتماع بليون يومي 3 و4 شتنبر.", source="s")
FLAG = Article(id="flag", title="", text="تسلم المغرب علم المنظمة في مراكش.", source="s")


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """A cache of its own for collections, beside the models that are already prepared."""
    (tmp_path / "models").symlink_to(Settings.from_environment().models, target_is_directory=True)
    monkeypatch.setenv("JAWAB_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "eval"


def squad(path, *qas, context=LYON.text):
    document = {"data": [{"title": "", "paragraphs": [{"context": context, "qas": list(qas)}]}]}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return str(path)


def test_the_same_collection_is_encoded_once(tmp_path):
    first, second = HashingEmbedder(), HashingEmbedder()
    folder = collect([LYON, FLAG], first, tmp_path)
    assert len(first.encoded) == 2
    assert collect([LYON, FLAG], second, tmp_path) == folder
    assert second.encoded == []


def test_another_collection_or_encoder_has_a_folder_of_its_own(tmp_path):
    folders = {
        collect([LYON, FLAG], HashingEmbedder(), tmp_path),
        collect([LYON], HashingEmbedder(), tmp_path),
        collect([LYON], HashingEmbedder("hashing-2"), tmp_path),
    }
    assert len(folders) == 3


def test_articles_that_collections_share_are_encoded_once(tmp_path):
    first, second, third = HashingEmbedder(), HashingEmbedder(), HashingEmbedder()
    among = [replace(FLAG, id=f"flag-{n}", text=f"{FLAG.text} {n}") for n in range(3)]
    collect([LYON], first, tmp_path, among=among)
    assert len(first.encoded) == 4
    folder = collect([FLAG], second, tmp_path, among=among)
    assert second.encoded == [FLAG.text]
    assert collect([FLAG, *among], third, tmp_path) == folder
    assert third.encoded == []
    with Store.open(folder) as store:
        assert {article.id for article in store.articles()} == {"flag", "flag-0", "flag-1", "flag-2"}


def kept(cache):
    return {folder.name for folder in cache.iterdir()}


def test_collections_not_used_for_longest_are_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr("eval.collection.KEPT", 2)
    encoder = HashingEmbedder()
    folders = [collect([replace(LYON, id=f"{n}")], encoder, tmp_path) for n in range(2)]
    for age, folder in enumerate(folders):
        os.utime(folder, (age, age))
    collect([replace(LYON, id="0")], encoder, tmp_path)  # used again, so the other one is the oldest
    newest = collect([FLAG], encoder, tmp_path)
    assert kept(tmp_path) == {folders[0].name, newest.name}


def test_collections_that_are_large_together_are_deleted_but_for_the_newest(tmp_path, monkeypatch):
    monkeypatch.setattr("eval.collection.LARGEST", 1)
    os.utime(collect([LYON], HashingEmbedder(), tmp_path), (1, 1))
    newest = collect([FLAG], HashingEmbedder(), tmp_path)
    assert kept(tmp_path) == {newest.name}


def test_a_collection_that_somebody_reads_is_not_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr("eval.collection.KEPT", 1)
    read = collect([LYON], HashingEmbedder(), tmp_path)
    os.utime(read, (1, 1))
    with Store.open(read) as store:
        snapshot = store.snapshot()
        newest = collect([FLAG], HashingEmbedder(), tmp_path)
        assert kept(tmp_path) == {read.name, newest.name}
        assert len(snapshot) == 1


def test_a_gold_article_is_found_in_a_store_by_its_id_or_by_its_words(tmp_path):
    folder = collect([LYON, FLAG], HashingEmbedder(), tmp_path)
    by_id = Case(id="1", question="متى؟", answers=("3 و4 شتنبر",), article_id="lyon")
    by_words = Case(id="2", question="متى؟", answers=("3",), article_id=context_id(f" {LYON.text}\n"))
    silent = Case(id="3", question="كم؟", unanswerable=True, article_id="elsewhere")
    with Store.open(folder) as store:
        found = resolve([by_id, by_words, silent], store.snapshot(), folder)
    assert [case.article_id for case in found] == ["lyon", "lyon", "elsewhere"]


def test_a_store_without_the_gold_article_is_refused_by_name(tmp_path):
    folder = collect([FLAG], HashingEmbedder(), tmp_path)
    case = Case(id="lyon-1", question="متى؟", answers=("3",), article_id="lyon")
    with Store.open(folder) as store, pytest.raises(UsageError, match="lyon-1"):
        resolve([case], store.snapshot(), folder)


def test_a_squad_file_is_measured_and_written_as_json(own_cache, tmp_path, capsys):
    question = {"id": "1", "question": "متى عُقد اجتماع ليون؟", "answers": [{"text": "3 و4 شتنبر"}]}
    impossible = {"id": "2", "question": "ما عاصمة اليابان؟", "answers": [], "is_impossible": True}
    others = tmp_path / "others.jsonl"
    lines = [{"id": f"n{n}", "title": "خبر", "text": f"{FLAG.text} رقم {n}"} for n in range(3)]
    others.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    arguments = [squad(tmp_path / "set.json", question, impossible), "--json", str(tmp_path / "out.json")]
    arguments += ["--legs", "--distractors", str(others), "--distractor-count", "2"]
    assert main([*arguments, "--remove", "article", "--remove", "paragraph"]) == 0
    document = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert document["counts"]["articles"] == 3
    assert document["retrieval"]["recall@1"] == 1.0
    assert set(document["legs"]) == {"dense", "words", "both"}
    assert [case["id"] for case in document["cases"]] == ["1", "2"]
    assert "recall@1" in capsys.readouterr().out
    assert {kind: silence["n"] for kind, silence in document["removed"].items()} == {
        "article": 1,
        "paragraph": 1,
    }
    without = document["cases"][0]["removed"]["article"]
    assert without["confidence"] < document["cases"][0]["confidence"]
    assert "3" not in (without["text"] or "")
    assert len(list(own_cache.iterdir())) == 2  # the collection, and the distractors for other ones


def test_the_curve_of_a_run_is_drawn(bundled_store, tmp_path):
    pytest.importorskip("matplotlib")
    picture = tmp_path / "curve.png"
    assert main(["--store", str(bundled_store), "--limit", "4", "--curve", str(picture)]) == 0
    assert picture.stat().st_size > 1000


def test_dense_only_measures_the_ranking_and_answers_nothing(own_cache, tmp_path):
    question = {"id": "1", "question": "متى عُقد اجتماع ليون؟", "answers": [{"text": "3 و4 شتنبر"}]}
    out = tmp_path / "out.json"
    assert main([squad(tmp_path / "set.json", question), "--dense-only", "--json", str(out)]) == 0
    document = json.loads(out.read_text("utf-8"))
    assert document["retrieval"]["ndcg@10"] == 1.0
    assert document["answer"]["f1"] is None


def test_the_bundled_set_is_asked_of_a_store_of_the_bundled_articles(own_cache, bundled_store, tmp_path):
    out = tmp_path / "out.json"
    assert main(["--store", str(bundled_store), "--limit", "4", "--json", str(out)]) == 0
    assert json.loads(out.read_text("utf-8"))["counts"]["questions"] == 4
    assert not own_cache.exists()


@pytest.mark.parametrize("arguments", [["none.json"], ["bundled", "--store", "nowhere"]])
def test_what_is_not_there_is_said_in_a_sentence_with_exit_code_2(own_cache, tmp_path, capsys, arguments):
    paths = [str(tmp_path / name) if name in ("none.json", "nowhere") else name for name in arguments]
    assert main(paths) == 2
    assert "There is no" in capsys.readouterr().err


def test_a_malformed_file_and_an_unwritable_report_are_refused_before_anything_is_built(
    own_cache, tmp_path, capsys
):
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    assert main([str(tmp_path / "bad.json")]) == 2
    assert "data is missing" in capsys.readouterr().err
    good = squad(tmp_path / "set.json", {"id": "1", "question": "متى؟"})
    assert main([good, "--json", str(tmp_path / "no folder" / "out.json")]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert main([good, "--curve", str(tmp_path / "no folder" / "curve.png")]) == 2
    assert "another file with --curve" in capsys.readouterr().err
    assert not own_cache.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--limit", "0"],
        ["--limit", "many"],
        ["--store", "a", "--distractors", "b"],
        ["--remove", "all"],
        ["--dense-only", "--remove", "article"],
        ["--unknown"],
    ],
)
def test_a_wrong_option_ends_with_exit_code_2(arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
