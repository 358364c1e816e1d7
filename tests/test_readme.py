"""The README's examples are run as they stand there; what it promises cannot drift from what it does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chat_page import serving

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    """A data folder that the examples share, as the README's reader has one for all of them."""
    return tmp_path_factory.mktemp("readme")


@pytest.fixture
def reader(environment, outside):
    path = f"{Path(sys.executable).parent}:{environment['PATH']}"
    return {**environment, "PATH": path, "JAWAB_STORE": str(outside / "store")}


@pytest.mark.parametrize("program", blocks("python"))
def test_python_example_runs(program, reader, outside):
    done = subprocess.run(
        [sys.executable, "-c", program], env=reader, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("script", blocks("sh"))
def test_shell_example_runs(script, reader, outside):
    script = script.replace("/tmp/jawab-", f"{outside}/jawab-")
    done = subprocess.run(["bash", "-euc", script], env=reader, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "195" in done.stdout


@pytest.mark.parametrize("program", blocks("python client"))
def test_client_example_runs_against_a_served_page(program, bot, environment):
    with serving(bot, collection=bot.collection) as address:
        program = program.replace("http://127.0.0.1:7860", address)
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True
        )
    assert done.returncode == 0, done.stderr
    assert "ليون" in done.stdout


def test_all_kinds_of_example_are_there():
    assert blocks("python") and blocks("sh") and blocks("python client")
