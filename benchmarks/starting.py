"""From nothing to an answer, and to a chat page that opens: each in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from benchmarks.bench import Bench
from benchmarks.figures import Figure, Unmeasured
from corpus.reading import bundled_articles
from index.store import build

ROOT = Path(__file__).parents[1]
_REPEATS = 3
_PATIENCE = 120.0
_IMPORT_QA = "from time import perf_counter as now; start = now(); import qa; print(now() - start)"
_ANSWER = "import sys, qa; print(qa.Assistant.load().ask(sys.argv[1]).message, flush=True)"
_IMPORT_GRADIO = "import gradio; print(flush=True)"


def measure(bench: Bench) -> list[Figure]:
    """Time `import qa`, a first answer, and a chat page until it is served; medians of three.

    The model is prepared and the bundled articles are indexed, as after the first run. The page is held
    against `import gradio`, below which no Gradio program can come.
    """
    store = bench.folder / "bundled"
    build(store, bundled_articles(), embedder=bench.embedder)
    own = {name: value for name, value in os.environ.items() if name != "JAWAB_ENCODER"}
    environment = {**own, "JAWAB_STORE": str(store), "PYTHONIOENCODING": "utf-8"}
    imports, answers, pages, gradio = [], [], [], []
    for _ in range(_REPEATS):
        imports.append(float(_first_line(environment, "-c", _IMPORT_QA)[0]))
        answers.append(_first_line(environment, "-c", _ANSWER, bench.questions[0])[1])
        gradio.append(_first_line(environment, "-c", _IMPORT_GRADIO)[1])
        pages.append(_page_ready(environment))
    page, floor = median(pages), median(gradio)
    return [
        Figure(name="import", what="import qa", value=median(imports), unit="s", at_most=0.3),
        Figure(name="answer", what="new process to its first answer", value=median(answers), unit="s"),
        Figure(name="page", what="python app.py to the chat page served", value=page, unit="s"),
        Figure(name="gradio", what='python -c "import gradio"', value=floor, unit="s"),
        Figure(name="ratio", what="chat page ÷ import gradio", value=page / floor, unit="×"),
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


def _page_ready(environment: Mapping[str, str]) -> float:
    """Start the chat page; return the seconds until a browser would get it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    direct = build_opener(ProxyHandler({}))
    started = perf_counter()
    with subprocess.Popen(
        [sys.executable, "app.py", "--port", str(port)], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL
    ) as process:
        try:
            while process.poll() is None and perf_counter() - started < _PATIENCE:
                try:
                    with direct.open(f"http://127.0.0.1:{port}/", timeout=_PATIENCE) as page:
                        if page.status == 200:
                            return perf_counter() - started
                except (URLError, ConnectionError):
                    time.sleep(0.02)
        finally:
            process.terminate()
    raise Unmeasured("the chat page was not served; its words are above")
