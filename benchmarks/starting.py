"""From nothing to an answer, and to a chat page that opens: each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from statistics import median
from time import perf_counter

from benchmarks.bench import Bench
from benchmarks.figures import Figure, Unmeasured
from benchmarks.serving import PAGE, ROOT, environment, served
from corpus.reading import bundled_articles
from index.store import build

_REPEATS = 3
_IMPORT_QA = "from time import perf_counter as now; start = now(); import qa; print(now() - start)"
_ANSWER = "import sys, qa; print(qa.Assistant.load().ask(sys.argv[1]).message, flush=True)"
BARE_PAGE = """
import sys
import gradio

with gradio.Blocks() as page:
    gradio.Chatbot()
    gradio.Textbox()
page.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True)
"""


def measure(bench: Bench) -> list[Figure]:
    """Time `import qa`, a first answer, and a chat page until it is served; medians of three.

    The model is prepared and the bundled articles are indexed, as after the first run. The page is held
    against one of Gradio that does nothing; they take turns at being started.
    """
    store = bench.folder / "bundled"
    build(store, bundled_articles(), embedder=bench.embedder)
    around = environment(store)
    imports, answers, pages, bare = [], [], [], []
    for _ in range(_REPEATS):
        imports.append(float(_first_line(around, "-c", _IMPORT_QA)[0]))
        answers.append(_first_line(around, "-c", _ANSWER, bench.questions[0])[1])
        with served(around, "-c", BARE_PAGE) as (_, taken):
            bare.append(taken)
        with served(around, *PAGE) as (_, taken):
            pages.append(taken)
    page, floor = median(pages), median(bare)
    return [
        Figure(name="import", what="import qa", value=median(imports), unit="s", at_most=0.3),
        Figure(name="answer", what="new process to its first answer", value=median(answers), unit="s"),
        Figure(name="page", what="python app.py to the chat page served", value=page, unit="s"),
        Figure(name="gradio", what="a bare Gradio page served", value=floor, unit="s"),
        Figure(name="ratio", what="chat page ÷ bare Gradio page", value=page / floor, unit="×", at_most=1.2),
    ]


def _first_line(environment: Mapping[str, str], *arguments: str) -> tuple[str, float]:
    """Run Python; return the first line it prints and the seconds until then. Raises Unmeasured."""
    started = perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        line = process.stdout.readline()
        taken = perf_counter() - started
        process.communicate()
    if process.returncode:
        raise Unmeasured(f"a process ended with exit code {process.returncode}; its words are above")
    return line, taken
