"""Every setting, read from the environment in one place."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are kept and which encoder reads; built by entry points only.

    `store`: folder of the index. `models`: folder of prepared models. `encoder`: None for the default
    encoder, else a sentence-transformers model name or folder.
    """

    store: Path = field(default_factory=lambda: Path(platformdirs.user_data_dir("jawab")) / "store")
    models: Path = field(default_factory=lambda: Path(platformdirs.user_cache_dir("jawab")) / "models")
    encoder: str | None = None

    @classmethod
    def from_environment(cls, **overrides: object) -> Settings:
        """Read JAWAB_STORE, JAWAB_MODELS and JAWAB_ENCODER; `overrides` that are not None win."""
        read: dict[str, Any] = {}
        for name in ("store", "models", "encoder"):
            value = overrides.get(name) or os.environ.get(f"JAWAB_{name.upper()}")
            if value:
                read[name] = str(value) if name == "encoder" else Path(str(value)).expanduser()
        return cls(**read)
