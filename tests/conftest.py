"""What every test shares: the network is refused, the store is real, and one real assistant is made once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.reading import bundled_articles
from index.encoders import load_encoder
from index.settings import Settings
from index.store import build
from qa import Assistant
from tests.offline import sitecustomize  # noqa: F401 - refuses connections from here on

OFFLINE = Path(__file__).parent / "offline"


@pytest.fixture(scope="session")
def encoder():
    """The real default encoder, prepared once in the user's cache."""
    return load_encoder(Settings())


@pytest.fixture(scope="session")
def bundled_store(encoder, tmp_path_factory):
    """A store of the bundled articles."""
    path = tmp_path_factory.mktemp("bundled") / "store"
    build(path, bundled_articles(), embedder=encoder)
    return path


@pytest.fixture(scope="session")
def bot(bundled_store):
    """The real assistant over the bundled articles."""
    return Assistant.load(store=bundled_store)


@pytest.fixture
def environment(tmp_path):
    """The environment of a child process that cannot reach the network and has a data folder of its own."""
    return {
        **os.environ,
        "PYTHONPATH": f"{OFFLINE}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
        "JAWAB_REFUSED": str(tmp_path / "refused.txt"),
        "JAWAB_STORE": str(tmp_path / "default-store"),
        "LANG": "en_US.UTF-8",
        "PYTHONIOENCODING": "utf-8",
    }
