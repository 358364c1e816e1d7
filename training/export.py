"""Writing the trained network as the product reads it: 16-bit safetensors and a record beside it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import save

from index import manifest
from qa.trained_reader import Calibration

if TYPE_CHECKING:
    from training.span_network import SpanNetwork


def export(network: SpanNetwork, encoder: Path, folder: Path) -> None:
    """Write `model.safetensors` and `reader.json`; only what was trained, the rest is the encoder's."""
    tensors = {
        name.removeprefix("body."): parameter.detach().numpy().astype(np.float16)
        for name, parameter in network.named_parameters()
        if parameter.requires_grad
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.safetensors"
    path.write_bytes(save(tensors))
    _write(folder, {"encoder": manifest.read(encoder).fingerprint, "sha256": manifest.digest(path)})


def store_calibration(folder: Path, calibration: Calibration) -> None:
    """Write the calibration into `reader.json`, and leave what else is in it."""
    record = json.loads((folder / "reader.json").read_text("utf-8"))
    _write(folder, record | {"calibration": asdict(calibration)})


def _write(folder: Path, record: dict[str, object]) -> None:
    text = json.dumps(record, indent=2, sort_keys=True)
    (folder / "reader.json").write_text(text + "\n", encoding="utf-8")
