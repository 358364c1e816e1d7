"""The store: revisions that are whole or not there, projections that are checked and made again, no waste."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article
from corpus.errors import (
    BadArticle,
    ModelFailed,
    NotText,
    PathMissing,
    StoreBusy,
    StoreDamaged,
    StoreForeign,
    StoreMissing,
    StoreReadOnly,
    UsageError,
)
from index import projection
from index.change import KEPT_REVISIONS, PROJECTIONS
from index.database import FILE, FORMAT, Database
from index.exchange import export_articles, import_articles
from index.foreign import build_again
from index.lock import writing
from index.store import Store, build
from index.vectors import ChromaVectors, ExactVectors
from tests.hashing import DIMENSIONS, HashingEmbedder

LYON = Article(
    "lyon",
    "اجتماع ليون",
    "عُقد الاجتماع الثامن لرؤساء المكاتب المركزية في مدينة ليون. حضره ممثلو 195 دولة.",
    "lyon.md",
    "https://example.org/lyon",
    "جواب",
    date(2025, 9, 4),
)
PORT = Article("port", "خط بحري", "أعلنت الشركة عن خط بحري جديد بين أكادير ودكار.", "port.md")
CUP = Article("cup", "كأس العرب", "فاز المنتخب المغربي بكأس العرب في قطر.", "cup.md")
LONG = Article(
    "long", "", " ".join(f"هذه هي الجملة رقم {i} من المقال الطويل." for i in range(100)), "long.md"
)


@pytest.fixture
def embedder():
    return HashingEmbedder()


@pytest.fixture
def path(tmp_path, embedder):
    build(tmp_path / "store", [LYON, PORT, LONG], embedder=embedder)
    embedder.encoded.clear()
    return tmp_path / "store"


def nearest(store, question, embedder):
    snapshot = store.snapshot()
    ordinals, cosines = snapshot.neighbours(embedder.encode([question], "query")[0], 1)
    assert len(ordinals) == len(cosines) == 1
    return snapshot.passage(int(ordinals[0])).article_id


def wordiest(store, question):
    snapshot = store.snapshot()
    return snapshot.passage(int(np.argmax(snapshot.word_scores(question).scores))).article_id


def contents(store):
    """Everything a reader can see, projections included."""
    snapshot = store.snapshot()
    passages = [snapshot.passage(i) for i in range(len(snapshot))]
    vectors = snapshot.vectors(range(len(snapshot)))
    found = {p.id: snapshot.neighbours(v, 1)[1][0] for p, v in zip(passages, vectors, strict=True)}
    assert all(abs(cosine - 1) < 1e-3 for cosine in found.values())
    assert len(snapshot.word_scores("الاجتماع").scores) == len(passages)
    return list(snapshot.articles()), sorted(found)


# --- what goes in comes out -------------------------------------------------------------------------


def test_articles_come_out_as_they_went_in_and_passages_are_slices_of_them(path):
    with Store.open(path) as store:
        snapshot = store.snapshot()
        assert list(snapshot.articles()) == [LYON, PORT, LONG]
        passages = [snapshot.passage(i) for i in range(len(snapshot))]
        assert len(passages) == snapshot.revision.passages > 3
        assert [p for p in passages if p.article_id == "long"] == snapshot.passages_of("long")
        for passage in passages:
            assert passage.text == passage.article.text[passage.start : passage.end]
        assert snapshot.passages_of("nobody") == []


TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\0\n\u200f\u064f😀"), max_size=80)


@settings(deadline=None, max_examples=10)
@given(
    st.lists(
        st.builds(Article, TEXT, TEXT, TEXT, TEXT, TEXT | st.none()), unique_by=lambda a: a.id, max_size=4
    )
)
def test_any_text_comes_out_as_it_went_in(tmp_path_factory, articles):
    with Store.create(tmp_path_factory.mktemp("any") / "store") as store:
        report = store.build(articles, embedder=HashingEmbedder())
        left_out = {id_ for id_, _ in report.duplicates}
        assert list(store.articles()) == [article for article in articles if article.id not in left_out]
        assert len(store.snapshot()) == report.passages


def test_both_projections_find_the_passage(path, embedder):
    with Store.open(path) as store:
        assert nearest(store, "خط بحري بين أكادير ودكار", embedder) == "port"
        assert wordiest(store, "فين كاين الخط البحري ديال اكادير؟") == "port"


def test_similarities_are_exact_and_in_the_order_asked(path, embedder):
    with Store.open(path) as store:
        snapshot = store.snapshot()
        query = embedder.encode(["اجتماع ليون"], "query")[0]
        ordinals, cosines = snapshot.neighbours(query, 1000)
        assert sorted(ordinals) == list(range(len(snapshot)))
        assert np.all(np.diff(cosines) <= 1e-6)
        assert np.allclose(snapshot.similarities(query, ordinals), cosines, atol=1e-5)
        assert snapshot.similarities(query, []).shape == (0,)
        expected = embedder.encode([snapshot.passage(2).embedding_text], "query")
        assert np.allclose(snapshot.vectors([2]), expected)


def test_a_store_is_made_where_an_earlier_try_left_an_empty_file(tmp_path):
    (tmp_path / FILE).touch()
    with Store.create(tmp_path) as store:
        assert store.revisions()[0].number == 0


def test_an_empty_store_answers_nothing_without_failing(tmp_path, embedder):
    with Store.create(tmp_path / "store") as store:
        snapshot = store.snapshot()
        assert len(snapshot) == 0
        assert len(snapshot.neighbours(np.ones(DIMENSIONS, np.float32), 5)[0]) == 0
        assert len(snapshot.word_scores("اجتماع").scores) == 0
        assert store.build([], embedder=embedder).revision == 1
        assert len(store.snapshot()) == 0


@pytest.mark.parametrize("make", ["exact", "chroma"])
def test_every_vector_store_finds_the_nearest_first(make, tmp_path):
    vectors = HashingEmbedder().encode(["اجتماع ليون", "ميناء أكادير", "كأس العرب"], "passage")
    ids = ["a", "b", "c"]
    store = (
        ExactVectors(ids, vectors)
        if make == "exact"
        else ChromaVectors.create(tmp_path / "chroma", [(ids, vectors)], 3)
    )
    assert len(store) == 3
    found = store.search(vectors[1], 2)
    assert found[0][0] == "b"
    assert found[0][1] == pytest.approx(1, abs=1e-5)
    assert len(store.search(vectors[1], 99)) == 3


# --- a change costs what changed --------------------------------------------------------------------


def test_nothing_changed_makes_no_revision_and_encodes_nothing(path, embedder):
    report = build(path, [LYON, PORT, LONG], embedder=embedder)
    assert (report.revision, report.unchanged, report.encoded) == (1, 3, 0)
    assert embedder.encoded == []


def test_only_new_texts_are_encoded(path, embedder):
    edited = replace(LONG, text=LONG.text + " وهذه جملة أخيرة.")
    with Store.open(path) as store:
        report = store.build([LYON, edited, CUP], embedder=embedder)
        assert (report.added, report.changed, report.unchanged, report.removed) == (1, 1, 1, 1)
        assert sum("رقم 0" in text for text in embedder.encoded) == 0
        assert len(embedder.encoded) == report.encoded == 2
        assert {article.id for article in store.articles()} == {"lyon", "long", "cup"}
        assert wordiest(store, "وهذه جملة أخيرة") == "long"


def test_a_new_title_gives_the_passages_new_vectors_although_their_ids_stay(path, embedder):
    with Store.open(path) as store:
        ids = [passage.id for passage in store.snapshot().passages_of("port")]
        store.add([replace(PORT, title="افتتاح ملاحي عظيم")], embedder=embedder)
        assert [passage.id for passage in store.snapshot().passages_of("port")] == ids
        assert nearest(store, "افتتاح ملاحي عظيم", embedder) == "port"
        contents(store)


def test_articles_are_added_and_removed_one_by_one(path, embedder):
    with Store.open(path) as store:
        assert store.add([CUP], embedder=embedder).added == 1
        assert nearest(store, CUP.text, embedder) == "cup"
        assert store.remove(["lyon", "nobody"]).removed == 1
        assert [article.id for article in store.articles()] == ["port", "long", "cup"]
        assert nearest(store, LYON.text, embedder) != "lyon"
        contents(store)


def test_a_projection_that_was_changed_holds_what_a_fresh_one_would(path, embedder):
    edited = replace(LONG, text=LONG.text.replace("رقم 50", "رقم خمسون"))
    with Store.open(path) as store:
        store.add([CUP], embedder=embedder)
        store.remove(["port"])
        store.add([edited], embedder=embedder)
        changed = contents(store)
        scores = store.snapshot().word_scores("كأس العرب رقم خمسون").scores
    build(path.with_name("fresh"), [LYON, CUP, edited], embedder=embedder)
    with Store.open(path.with_name("fresh")) as fresh:
        assert contents(fresh) == changed
        assert np.allclose(fresh.snapshot().word_scores("كأس العرب رقم خمسون").scores, scores)


def test_other_passage_sizes_cut_the_same_articles_again(path, embedder):
    before = build(path, [LYON, PORT, LONG], embedder=embedder).passages
    report = build(path, [LYON, PORT, LONG], embedder=embedder, chunk_size=40)
    assert report.changed == 3
    assert report.passages > before


def test_the_same_text_under_another_id_is_reported_and_indexed_once(path, embedder):
    twin = replace(PORT, id="twin", title="عنوان آخر", text=PORT.text.replace(" ", "  ") + "\n")
    with Store.open(path) as store:
        report = store.add([twin], embedder=embedder)
        assert report.duplicates == (("twin", "port"),)
        assert report.revision == 1
        assert store.build([twin, PORT], embedder=embedder).duplicates == (("port", "twin"),)
        assert [article.id for article in store.articles()] == ["twin"]


def test_the_same_articles_give_the_same_passages_on_every_machine(path, embedder, tmp_path):
    build(tmp_path / "other", [LYON, PORT, LONG], embedder=embedder)
    with Store.open(path) as one, Store.open(tmp_path / "other") as other:
        assert contents(one) == contents(other)


def test_progress_tells_every_stage_to_its_end(tmp_path, embedder):
    told = {}
    build(
        tmp_path / "s",
        [LYON, LONG],
        embedder=embedder,
        progress=lambda *what: told.update({what[0]: what[1:]}),
    )
    assert told == {"split": (2, 2), "encode": (5, 5), "index": (5, 5)}


# --- what cannot be indexed -------------------------------------------------------------------------


def test_two_articles_with_one_id_are_refused_and_nothing_changes(path, embedder):
    with pytest.raises(BadArticle, match=r"lyon.*cup\.md"):
        build(path, [replace(CUP, id="lyon"), LYON], embedder=embedder)
    with Store.open(path) as store:
        assert len(list(store.articles())) == 3


def test_half_a_surrogate_pair_is_refused(path, embedder):
    with pytest.raises(BadArticle, match="not text"):
        build(path, [replace(LYON, text="نص \ud800")], embedder=embedder)


@pytest.mark.parametrize("bad", [np.zeros((1, 4)), np.full((1, 4), np.nan), np.ones((2, 4)), np.ones(4) / 2])
def test_an_encoder_that_gives_no_unit_vectors_is_refused(tmp_path, bad):
    broken = HashingEmbedder()
    broken.encode = lambda texts, kind, progress=None: bad.astype(np.float32)
    with pytest.raises(ModelFailed):
        build(tmp_path / "store", [PORT], embedder=broken)


# --- revisions --------------------------------------------------------------------------------------


def test_a_snapshot_stays_what_it_was_whatever_is_written(path, embedder):
    with Store.open(path) as store:
        pinned = store.snapshot()
        before = [pinned.passage(i).id for i in range(len(pinned))]
        for number in range(KEPT_REVISIONS + 3):
            store.build([replace(CUP, text=f"{CUP.text} {number}")], embedder=embedder)
        assert [pinned.passage(i).id for i in range(len(pinned))] == before
        assert list(pinned.articles()) == [LYON, PORT, LONG]
        query = embedder.encode(["خط بحري"], "query")[0]
        assert pinned.passage(int(pinned.neighbours(query, 1)[0][0])).article_id == "port"
        assert pinned.vectors([0]).shape == (1, DIMENSIONS)
        assert len(store.snapshot()) == 1


def test_the_snapshot_is_the_same_object_until_there_is_a_new_revision(path, embedder):
    with Store.open(path) as store, Store.open(path) as writer:
        first = store.snapshot()
        assert store.snapshot() is first
        writer.add([CUP], embedder=embedder)
        assert store.snapshot() is not first
        assert store.snapshot().revision.number == 2


def test_old_revisions_and_projections_are_deleted_when_nobody_reads_them(path, embedder):
    with Store.open(path) as store:
        for number in range(KEPT_REVISIONS + 2):
            store.build([replace(CUP, text=f"{CUP.text} {number}")], embedder=embedder)
        assert len(store.revisions()) == KEPT_REVISIONS
    assert len(list((path / PROJECTIONS).iterdir())) == 2
    with sqlite3.connect(path / FILE) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone()[0] == KEPT_REVISIONS
        assert connection.execute("SELECT count(*) FROM vectors").fetchone()[0] == KEPT_REVISIONS


def test_rollback_makes_a_revision_equal_to_an_earlier_one_without_encoding(path, embedder):
    with Store.open(path) as store:
        before = contents(store)
        store.build([CUP, replace(LYON, text="نص آخر تماما.")], embedder=embedder)
        embedder.encoded.clear()
        assert store.rollback().number == 3
        assert (sorted(contents(store)[0], key=str), contents(store)[1]) == (
            sorted(before[0], key=str),
            before[1],
        )
        assert embedder.encoded == []
        assert {article.id for article in Store.open(path).articles()} == {"lyon", "port", "long"}
        store.rollback(2)
        assert {article.id for article in store.articles()} == {"lyon", "cup"}


@pytest.mark.parametrize("to", [7, 1, 0, None])
def test_rollback_to_what_is_no_earlier_revision_says_so(path, to):
    with Store.open(path) as store, pytest.raises(UsageError, match="index status"):
        store.rollback(to)


def test_many_threads_ask_one_snapshot(path, embedder):
    with Store.open(path) as store:
        failures = []

        def ask():
            try:
                for _ in range(20):
                    assert nearest(store, "خط بحري بين أكادير ودكار", embedder) == "port"
                    assert wordiest(store, "خط بحري") == "port"
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []


# --- one writer, foreign and missing stores ----------------------------------------------------------


def test_a_second_writer_is_refused_and_told_who_writes(path, embedder):
    with writing(path), pytest.raises(StoreBusy, match=str(os.getpid())):
        build(path, [CUP], embedder=embedder)
    assert build(path, [CUP], embedder=embedder).revision == 2


def test_reading_goes_on_while_somebody_writes(path, embedder):
    with writing(path), Store.open(path) as store:
        assert nearest(store, "خط بحري", embedder) == "port"


@pytest.mark.parametrize("make", [lambda p: None, lambda p: p.mkdir(), lambda p: p.write_text("")])
def test_a_store_that_is_not_there_says_how_to_make_it(tmp_path, make):
    make(tmp_path / "store")
    with pytest.raises(StoreMissing, match="python -m index build"):
        Store.open(tmp_path / "store")


def test_vectors_of_another_encoder_are_never_mixed(path):
    other = HashingEmbedder("hashing-2")
    for attempt in (
        lambda: build(path, [CUP], embedder=other),
        lambda: Store.open(path, fingerprint="hashing-2"),
        lambda: Store.open(path).add([CUP], embedder=other),
    ):
        with pytest.raises(StoreForeign, match=r"hashing-1.*hashing-2.*--again"):
            attempt()


def test_an_open_store_notices_that_another_encoder_took_over(path, embedder):
    with Store.open(path, fingerprint=embedder.fingerprint) as store:
        store.snapshot()
        build_again(path, None, embedder=HashingEmbedder("hashing-2"))
        with pytest.raises(StoreForeign):
            store.snapshot()


def test_again_encodes_the_text_of_the_store_with_the_present_encoder(path):
    other = HashingEmbedder("hashing-2")
    report = build_again(path, None, embedder=other)
    assert (report.changed, report.encoded) == (3, report.passages)
    with Store.open(path, fingerprint="hashing-2") as store:
        assert list(store.articles()) == [LYON, PORT, LONG]
        assert nearest(store, "خط بحري", other) == "port"
        store.rollback()
        assert store.revisions()[-1].encoder == "hashing-1"


def test_a_store_of_another_format_is_foreign_and_made_again_beside_it(path, embedder):
    with sqlite3.connect(path / FILE) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    with pytest.raises(StoreForeign, match="--again"):
        Store.open(path)
    build_again(path, None, embedder=embedder)
    with Store.open(path) as store:
        assert list(store.articles()) == [LYON, PORT, LONG]
    assert (path.with_name("store.old") / FILE).exists()


# --- damage -----------------------------------------------------------------------------------------


def projection_of(path):
    with Store.open(path) as store:
        return path / PROJECTIONS / store.revisions()[-1].projection


def flip(file: Path, share=0.5):
    data = bytearray(file.read_bytes())
    middle = int(len(data) * share)
    for place in range(middle, min(middle + 64, len(data))):
        data[place] ^= 0xFF
    file.write_bytes(data)


def hnsw(folder):
    return next((folder / "chroma").glob("*/data_level0.bin"))


DAMAGES = {
    "all of it gone": lambda folder: shutil.rmtree(folder),
    "no stamp": lambda folder: (folder / "stamp.json").unlink(),
    "an empty stamp": lambda folder: (folder / "stamp.json").write_text(""),
    "another format": lambda folder: (folder / "stamp.json").write_text('{"format": 99, "rules": ""}'),
    "a list for a stamp": lambda folder: (folder / "stamp.json").write_text("[]"),
    "a flipped score": lambda folder: flip(folder / "words" / "data.csc.index.npy", 0.9),
    "a flipped code": lambda folder: flip(folder / "words" / "codes.npy", 0.9),
    "a cut array": lambda folder: os.truncate(folder / "words" / "indices.csc.index.npy", 200),
    "a flipped passage": lambda folder: flip(folder / "passages.npy", 0.9),
    "a flipped graph": lambda folder: flip(hnsw(folder)),
    "no graph": lambda folder: shutil.rmtree(hnsw(folder).parent),
    "no chroma": lambda folder: shutil.rmtree(folder / "chroma"),
    "chroma's database cut": lambda folder: os.truncate(folder / "chroma" / "chroma.sqlite3", 5000),
    "chroma's database flipped": lambda folder: flip(folder / "chroma" / "chroma.sqlite3", 0.0),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_projection_that_is_damaged_or_gone_is_made_again_without_encoding(path, embedder, damage):
    folder = projection_of(path)
    DAMAGES[damage](folder)
    with Store.open(path) as store:
        assert nearest(store, "خط بحري بين أكادير ودكار", embedder) == "port"
        assert wordiest(store, "الخط البحري") == "port"
        contents(store)
    assert embedder.encoded == []
    assert projection_of(path) != folder


def test_a_projection_of_another_revision_is_not_believed(path, embedder):
    old = projection_of(path)
    kept = path / "kept"
    shutil.copytree(old, kept)
    build(path, [CUP], embedder=embedder)
    new = projection_of(path)
    shutil.rmtree(new)
    kept.rename(new)
    with Store.open(path) as store:
        assert wordiest(store, "كأس العرب") == "cup"
        assert len(store.snapshot()) == 1


def test_vectors_that_chroma_lost_are_noticed(path, embedder):
    folder = projection_of(path)
    ids = [passage.id for passage in Store.open(path).snapshot().passages_of("long")]
    ChromaVectors.change(folder / "chroma", ids, [], np.empty((0, DIMENSIONS), np.float32)).close()
    with Store.open(path) as store:
        contents(store)


def test_neighbours_that_differ_from_exact_search_are_noticed(path, embedder):
    folder = projection_of(path)
    ids = [passage.id for passage in Store.open(path).snapshot().passages_of("long")]
    wrong = embedder.encode([f"نص {id_}" for id_ in ids], "query")
    ChromaVectors.change(folder / "chroma", [], ids, wrong).close()
    stamp = json.loads((folder / "stamp.json").read_text())
    stamp["files"] = projection.stamp._digests(folder)
    (folder / "stamp.json").write_text(json.dumps(stamp))
    with Store.open(path) as store:
        contents(store)


def test_a_change_on_top_of_a_damaged_projection_starts_anew(path, embedder):
    flip(hnsw(projection_of(path)))
    with Store.open(path) as store:
        store.add([CUP], embedder=embedder)
        assert nearest(store, CUP.text, embedder) == "cup"
        contents(store)


def test_a_damaged_projection_is_answered_from_even_while_somebody_writes(path, embedder):
    shutil.rmtree(projection_of(path))
    with writing(path), Store.open(path) as store:
        assert nearest(store, "خط بحري", embedder) == "port"
        contents(store)
    assert not any((path / PROJECTIONS).iterdir())


@pytest.mark.parametrize("content", [b"not a database at all" * 100, None])
def test_a_database_that_cannot_be_read_is_named_damaged(path, content):
    file = path / FILE
    if content is None:
        file.write_bytes(file.read_bytes()[:2048] + os.urandom(file.stat().st_size - 2048))
    else:
        file.write_bytes(content)
    with pytest.raises(StoreDamaged, match="index build"):
        Store.open(path).snapshot()


def test_another_sqlite_file_is_no_store(path):
    (path / FILE).unlink()
    with sqlite3.connect(path / FILE) as connection:
        connection.execute("CREATE TABLE articles (id)")
    with pytest.raises(StoreDamaged):
        Store.open(path)


def test_words_that_changed_on_the_disk_are_never_quoted(path):
    with sqlite3.connect(path / FILE) as connection:
        connection.execute("UPDATE articles SET text = replace(text, '195', '591')")
    connection.close()
    with Store.open(path) as store, pytest.raises(StoreDamaged):
        list(store.articles())


# --- no room, no right to write ----------------------------------------------------------------------


def test_a_full_disk_leaves_the_last_revision_answering(path, embedder, monkeypatch):
    opened = Database.open.__func__

    def tiny(cls, folder, *, writable=False):
        database = opened(cls, folder, writable=writable)
        if writable:
            ((pages,),) = database.run("PRAGMA page_count")
            database.run(f"PRAGMA max_page_count = {pages}")
        return database

    monkeypatch.setattr(Database, "open", classmethod(tiny))
    with pytest.raises(StoreReadOnly, match="full"):
        build(path, [replace(CUP, text=f"{i} " * 4000, id=str(i)) for i in range(50)], embedder=embedder)
    monkeypatch.undo()
    with Store.open(path) as store:
        assert list(store.articles()) == [LYON, PORT, LONG]
        contents(store)


def test_a_projection_that_finds_no_room_leaves_no_trace(path, embedder, monkeypatch):
    folders = set((path / PROJECTIONS).iterdir())

    def no_room(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(projection.stamp, "write", no_room)
    with pytest.raises(StoreReadOnly, match="No space left"):
        build(path, [CUP], embedder=embedder)
    monkeypatch.undo()
    assert set((path / PROJECTIONS).iterdir()) == folders
    with Store.open(path) as store:
        assert store.revisions()[-1].number == 1
        contents(store)


@pytest.mark.parametrize("inside", [False, True])
def test_a_store_where_a_file_is_in_the_way_is_refused(tmp_path, embedder, inside):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreReadOnly, match="--store"):
        build(tmp_path / "file" / "store" if inside else tmp_path / "file", [CUP], embedder=embedder)


READ_ONLY = """
import os, sys, tempfile
from corpus.article import Article
from corpus.errors import StoreReadOnly
from index.store import Store, build
from tests.hashing import HashingEmbedder

embedder = HashingEmbedder()
with tempfile.TemporaryDirectory() as folder:
    build(f"{folder}/s", [Article("x", "", "نص", "x")], embedder=embedder)
    Store.open(f"{folder}/s").snapshot()
if os.geteuid() == 0:  # rights do not bind root; what was imported above is root's to read
    os.setuid(65534)
store = Store.open(sys.argv[1])
snapshot = store.snapshot()
ordinals, cosines = snapshot.neighbours(embedder.encode(["خط بحري بين أكادير ودكار"], "query")[0], 1)
assert snapshot.passage(int(ordinals[0])).article_id == "port"
assert snapshot.word_scores("الخط البحري").scores.max() > 0
try:
    store.add([Article("x", "", "نص", "x")], embedder=embedder)
except StoreReadOnly:
    print("answered, and refused to write")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such rights")
@pytest.mark.parametrize("projection_gone", [False, True])
def test_a_store_that_cannot_be_written_still_answers(embedder, projection_gone, request):
    folder = Path(tempfile.mkdtemp(prefix="jawab-read-only-"))
    request.addfinalizer(lambda: shutil.rmtree(folder, ignore_errors=True))
    path = folder / "store"
    build(path, [LYON, PORT], embedder=embedder)
    if projection_gone:
        shutil.rmtree(projection_of(path))
    every = [folder, *folder.rglob("*")]
    for entry in every:
        entry.chmod(0o555 if entry.is_dir() else 0o444)
    try:
        root = Path(__file__).parents[1]
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(path)],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
        )
        assert done.stdout == "answered, and refused to write\n", done.stderr
    finally:
        for entry in every:
            entry.chmod(0o755 if entry.is_dir() else 0o644)


# --- export and import -------------------------------------------------------------------------------


def test_an_export_is_imported_exactly(path, tmp_path, embedder):
    strange = Article("s\u2028", "عنوان\t", " نص\u2028 فيه \x1e فواصل\r\n ", "x", None, None, None)
    with Store.open(path) as store:
        store.add([strange], embedder=embedder)
        file = tmp_path / "articles.jsonl"
        assert export_articles(store.articles(), file) == 4
    articles = import_articles(file)
    assert articles == [LYON, PORT, LONG, strange]
    build(tmp_path / "other", articles, embedder=embedder)
    with Store.open(path) as one, Store.open(tmp_path / "other") as other:
        assert contents(one) == contents(other)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{", BadArticle),
        ("[]", BadArticle),
        ('{"id": "a", "title": "", "text": 5, "source": ""}', BadArticle),
        ('{"id": "a", "title": "", "source": ""}', BadArticle),
        ('{"id": "a", "title": "", "text": "", "source": "", "published": "tomorrow"}', BadArticle),
        (None, PathMissing),
        (b"\xff\xfe", NotText),
    ],
)
def test_a_file_that_is_no_export_is_refused(tmp_path, line, error):
    file = tmp_path / "articles.jsonl"
    if line is not None:
        file.write_bytes(line if isinstance(line, bytes) else line.encode())
    with pytest.raises(error):
        import_articles(file)


def test_an_export_that_cannot_be_written_says_so_and_leaves_nothing(path, tmp_path):
    with Store.open(path) as store, pytest.raises(UsageError, match="cannot be written"):
        export_articles(store.articles(), tmp_path / "nowhere" / "articles.jsonl")
