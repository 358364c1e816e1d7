"""OpenVINO without its telemetry, which asks an analytics host and writes to the home folder on import.

Its model converter is left out as well: it takes half the time of the import, and is imported where wanted.
"""

from __future__ import annotations

import sys

_CONVERTER = "openvino.tools.ovc"

sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
sys.modules.setdefault(_CONVERTER, None)  # type: ignore[arg-type]

import openvino as ov  # type: ignore[import-untyped]  # noqa: E402

if sys.modules[_CONVERTER] is None:
    del sys.modules[_CONVERTER]

__all__ = ["ov"]
