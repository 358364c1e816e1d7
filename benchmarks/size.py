"""Memory and disk: what the product needs of a machine, in megabytes of a million bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.figures import Figure, Unmeasured

ROOT = Path(__file__).parents[1]
_QUESTIONS = 20
_PROGRAM = """
import sys
from pathlib import Path
from qa import Assistant

assistant = Assistant.load(store=sys.argv[1])
for question in sys.argv[2:]:
    assistant.ask(question)
for line in Path("/proc/self/status").read_text().splitlines():
    if line.startswith("VmHWM:"):
        print(line.split()[1])
"""


def measure(bench: Bench) -> list[Figure]:
    """Weigh the store and the model on the disk, and a process that opens the store and answers."""
    weighed = disk(bench)
    try:
        return [*weighed, memory(bench)]
    except Unmeasured as error:
        print(f"  memory not measured: {error}", flush=True)
        return weighed


def disk(bench: Bench) -> list[Figure]:
    """Add up the files of a store that has been searched, and those of the prepared model."""
    passages = f"{bench.built.report.passages:,} passages"
    return [
        Figure(name="store", what=f"store of {passages}", value=_megabytes(bench.built.folder), unit="MB"),
        Figure(name="model", what="model folder", value=_megabytes(bench.model), unit="MB"),
    ]


def memory(bench: Bench) -> Figure:
    """Ask 20 questions in a new process, and read from the kernel the most memory it ever had resident.

    `getrusage` would not do: on Linux a new process inherits the peak of the one that started it.
    """
    if not Path("/proc/self/status").exists():
        raise Unmeasured("peak memory is read from /proc, which only Linux has")
    environment = {name: value for name, value in os.environ.items() if name != "JAWAB_ENCODER"}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(bench.built.folder), *bench.questions[:_QUESTIONS]],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise Unmeasured(f"the process ended with exit code {done.returncode}; its words are above")
    return Figure(
        name="memory",
        what="process that answers, peak resident memory",
        value=int(done.stdout) * 1024 / 1e6,
        unit="MB",
    )


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
