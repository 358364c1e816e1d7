"""The order of the stages: corpus, index, qa, eval; each imports what stands before it, and nothing else."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STAGES = ("corpus", "index", "qa", "eval")
BEHIND = ("app", "benchmarks", "training", "docs", "tests")


def imported(file: Path) -> set[str]:
    """Return the first names of the modules that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            names.add((node.module or "").partition(".")[0])
    return names


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_only_looks_left(stage):
    later = {*STAGES[STAGES.index(stage) + 1 :], *BEHIND}
    files = list((ROOT / stage).rglob("*.py"))
    assert files
    for file in files:
        assert not imported(file) & later, file


def test_the_walk_sees_imports():
    assert {"corpus", "index"} <= imported(ROOT / "qa" / "assistant.py")
