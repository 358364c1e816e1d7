"""A build that is killed at any moment: the last revision answers, and the next build goes on from there."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.errors import StoreBusy
from index.change import PROJECTIONS
from index.database import FILE
from index.store import Store, build
from tests.hashing import HashingEmbedder

ROOT = Path(__file__).parents[1]
ARTICLES = [
    Article(str(i), f"عنوان {i}", f"نص المقال رقم {i} عن المدينة {i * 7}.", f"{i}.md") for i in range(600)
]

# A builder as slow as one with a real model, which says where it is.
BUILDER = """
import sys
from index.store import Store
from tests.hashing import HashingEmbedder
from tests.test_crash import ARTICLES

def tell(stage, done, total):
    print(stage, done, flush=True)

with Store.create(sys.argv[1]) as store:
    report = store.build(ARTICLES, embedder=HashingEmbedder(pause=0.001), progress=tell)
    print("encoded", report.encoded, flush=True)
"""


def start(path):
    return subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for(process, line):
    for said in process.stdout:
        if said.strip() == line:
            return
    pytest.fail(f"the builder ended before it said {line!r}")


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


@pytest.fixture
def path(tmp_path):
    build(tmp_path / "store", ARTICLES[:3], embedder=HashingEmbedder())
    return tmp_path / "store"


def check_first_revision(path):
    with Store.open(path) as store:
        snapshot = store.snapshot()
        assert (snapshot.revision.number, len(snapshot)) == (1, 3)
        assert list(snapshot.articles()) == ARTICLES[:3]
        question = HashingEmbedder().encode([ARTICLES[1].text], "query")[0]
        assert snapshot.passage(int(snapshot.neighbours(question, 1)[0][0])).article_id == "1"


def check_all(path):
    with Store.open(path) as store:
        snapshot = store.snapshot()
        assert len(snapshot) == len(ARTICLES)
        assert {article.id for article in snapshot.articles()} == {article.id for article in ARTICLES}
        assert len(list((path / PROJECTIONS).iterdir())) <= 2


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("moment", ["split 300", "encode 400", "encode 597"])
def test_a_build_killed_at_any_stage_leaves_the_last_revision_and_can_be_repeated(path, moment):
    process = start(path)
    wait_for(process, moment)
    kill(process)
    check_first_revision(path)
    assert build(path, ARTICLES, embedder=HashingEmbedder()).revision == 2
    check_all(path)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_what_was_encoded_before_the_kill_is_not_encoded_again(path):
    process = start(path)
    wait_for(process, "encode 550")
    kill(process)
    embedder = HashingEmbedder()
    report = build(path, ARTICLES, embedder=embedder)
    assert report.encoded == len(embedder.encoded) < 597 - 500
    check_all(path)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("delay", [0.0, 0.03, 0.1, 0.4])
def test_a_build_killed_around_its_commit_is_whole_or_not_there(path, delay):
    process = start(path)
    wait_for(process, "index 600")
    time.sleep(delay)
    kill(process)
    with Store.open(path) as store:
        number = store.snapshot().revision.number
    check_first_revision(path) if number == 1 else check_all(path)
    build(path, ARTICLES, embedder=HashingEmbedder())
    check_all(path)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_first_build_killed_leaves_an_empty_store(tmp_path):
    process = start(tmp_path / "store")
    wait_for(process, "encode 100")
    kill(process)
    with Store.open(tmp_path / "store") as store:
        assert len(store.snapshot()) == 0
    build(tmp_path / "store", ARTICLES, embedder=HashingEmbedder())
    check_all(tmp_path / "store")


def test_a_second_process_that_writes_is_refused_by_name_and_readers_are_not(path):
    process = start(path)
    try:
        wait_for(process, "encode 50")
        with pytest.raises(StoreBusy, match=str(process.pid)):
            build(path, ARTICLES[:1], embedder=HashingEmbedder())
        check_first_revision(path)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_process_that_reads_keeps_its_revision_while_another_writes_many(path):
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\n"
            "from index.store import Store\n"
            "from tests.hashing import HashingEmbedder\n"
            "snapshot = Store.open(sys.argv[1]).snapshot()\n"
            "print('reading', flush=True)\n"
            "for line in sys.stdin:\n"
            "    vector = HashingEmbedder().encode([line], 'query')[0]\n"
            "    found = snapshot.neighbours(vector, 1)[0][0]\n"
            "    print(snapshot.revision.number, snapshot.passage(int(found)).article_id, flush=True)\n",
            str(path),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert reader.stdout.readline() == "reading\n"
        for number in range(8):
            build(path, [ARTICLES[100 + number]], embedder=HashingEmbedder())
            reader.stdin.write(f"{ARTICLES[2].text}\n")
            reader.stdin.flush()
            assert reader.stdout.readline() == "1 2\n"
    finally:
        reader.communicate()
    build(path, ARTICLES[:5], embedder=HashingEmbedder())
    assert len(list((path / PROJECTIONS).iterdir())) == 2
    with sqlite3.connect(path / FILE) as connection:
        assert connection.execute("SELECT min(number) FROM revisions").fetchone()[0] > 1
