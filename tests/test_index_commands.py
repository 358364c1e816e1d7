"""`python -m index`: what each command prints, in which language, and its exit code."""

import json

import pytest

from index import encoders
from index.__main__ import main
from index.store import Store
from tests.hashing import HashingEmbedder


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    """The commands with a quick encoder, their own store and an English machine."""
    encoder = HashingEmbedder()
    monkeypatch.setattr(encoders, "load_encoder", lambda settings, progress=None: encoder)
    monkeypatch.setenv("JAWAB_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    return encoder


@pytest.fixture
def articles(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "lyon.md").write_text("# اجتماع ليون\n\nعُقد الاجتماع في ليون.", "utf-8")
    (folder / "port.md").write_text("# خط بحري\n\nأعلنت الشركة عن خط بحري.", "utf-8")
    (folder / "twin.md").write_text("# عنوان آخر\n\nأعلنت الشركة عن خط بحري.", "utf-8")
    return folder


def held(path):
    with Store.open(path) as store:
        return [article.id for article in store.articles()]


def test_build_holds_exactly_the_articles_named_and_names_duplicates(articles, tmp_path, capsys):
    assert main(["build", str(articles)]) == 0
    said = capsys.readouterr()
    assert "revision 1, 2 articles (2 added" in said.out
    assert said.err == "twin: the same text as port, indexed once\n"
    assert held(tmp_path / "store") == ["lyon", "port"]
    assert main(["build", str(articles / "lyon.md")]) == 0
    assert "1 articles (0 added, 0 changed, 1 unchanged, 1 removed" in capsys.readouterr().out
    assert held(tmp_path / "store") == ["lyon"]


def test_build_without_a_path_takes_the_bundled_articles(tmp_path, capsys):
    assert main(["build"]) == 0
    assert len(held(tmp_path / "store")) > 20


def test_the_store_is_where_the_option_says(articles, tmp_path):
    assert main(["build", str(articles), "--store", str(tmp_path / "elsewhere")]) == 0
    assert held(tmp_path / "elsewhere") == ["lyon", "port"]


def test_status_counts_and_rollback_goes_back(articles, tmp_path, capsys):
    main(["build", str(articles)])
    main(["build", str(articles / "port.md")])
    capsys.readouterr()
    assert main(["status"]) == 0
    assert "revision 2, 1 articles, 1 passages" in capsys.readouterr().out
    assert main(["rollback"]) == 0
    assert "revision 3, 2 articles" in capsys.readouterr().out
    assert main(["rollback", "--to", "2"]) == 0
    assert held(tmp_path / "store") == ["port"]


def test_an_export_is_imported_into_another_store(articles, tmp_path, capsys):
    main(["build", str(articles)])
    file = tmp_path / "all.jsonl"
    assert main(["export", str(file)]) == 0
    assert [json.loads(line)["id"] for line in file.read_text("utf-8").splitlines()] == ["lyon", "port"]
    assert main(["import", str(file), "--store", str(tmp_path / "other")]) == 0
    assert held(tmp_path / "other") == ["lyon", "port"]


def test_another_encoder_is_refused_until_again(articles, tmp_path, capsys, monkeypatch):
    main(["build", str(articles)])
    other = HashingEmbedder("hashing-2")
    monkeypatch.setattr(encoders, "load_encoder", lambda settings, progress=None: other)
    assert main(["build", str(articles)]) == 2
    assert "--again" in capsys.readouterr().err
    assert main(["build", "--again"]) == 0
    assert "2 articles (0 added, 2 changed" in capsys.readouterr().out
    assert main(["build", "--again", str(articles / "lyon.md")]) == 0
    assert held(tmp_path / "store") == ["lyon"]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["status"], "index build"),
        (["rollback"], "index build"),
        (["export", "x.jsonl"], "index build"),
        (["build", "/nowhere"], "/nowhere"),
        (["import", "/nowhere.jsonl"], "/nowhere.jsonl"),
        (["build", "--store", "/dev/null/store"], "--store"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(arguments, word, capsys):
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert word in said.err
    assert len(said.err.splitlines()) == 1
    assert said.out == ""


@pytest.mark.parametrize(
    ("locale", "word"), [("ar_MA.UTF-8", "المقالات"), ("fr_FR", "articles ("), ("C", "added")]
)
def test_the_summary_is_in_the_language_of_the_machine(articles, locale, word, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", locale)
    assert main(["build", str(articles)]) == 0
    assert word in capsys.readouterr().out


@pytest.mark.parametrize("command", [[], ["build"], ["status"], ["rollback"], ["export"], ["import"]])
def test_help_has_an_example(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    assert "Example" in capsys.readouterr().out
