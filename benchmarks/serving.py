"""A program that serves a page, in a process of its own, from its start until nobody wants it any more."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from benchmarks.figures import Unmeasured

ROOT = Path(__file__).parents[1]
PAGE = ("app.py", "--port")
_PATIENCE = 120.0
_KEPT_BACK = ("JAWAB_ENCODER", "JAWAB_PASSWORD")


def environment(store: Path) -> dict[str, str]:
    """Return the environment of a process that answers from `store` with the default encoder."""
    own = {name: value for name, value in os.environ.items() if name not in _KEPT_BACK}
    quiet = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "PYTHONIOENCODING": "utf-8"}
    return {**own, **quiet, "JAWAB_STORE": str(store)}


@contextmanager
def served(environment: Mapping[str, str], *arguments: str) -> Iterator[tuple[str, float]]:
    """Run Python with these arguments and a free port; give the address, and the seconds until it served.

    Raises Unmeasured when it does not within two minutes.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    started = perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments, str(port)], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL
    ) as process:
        try:
            while not _serves(address):
                if process.poll() is not None or perf_counter() - started > _PATIENCE:
                    raise Unmeasured("a page was not served; its words are above")
                time.sleep(0.02)
            yield address, perf_counter() - started
        finally:
            process.terminate()


def _serves(address: str) -> bool:
    """Tell whether a browser would get a page there now; proxies are passed by."""
    try:
        with build_opener(ProxyHandler({})).open(address, timeout=_PATIENCE) as page:
            return bool(page.status == 200)
    except (URLError, ConnectionError):
        return False
