"""A measured number, the aim it is held against, and the lines that show both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_WIDTHS = (58, 11, 14, 10)
HEADINGS = ("", "measured", "unit", "aim", "")


class Unmeasured(Exception):
    """A measurement cannot be taken here; `str(error)` says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number. `name` is its key in a report, `what` says in words what was measured.

    `unit` is "×" for a ratio. An aim is `at_most` or `at_least`; most figures have none.
    """

    name: str
    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None without one."""
        if self.at_most is not None:
            return self.value <= self.at_most
        if self.at_least is not None:
            return self.value >= self.at_least
        return None

    @property
    def aim(self) -> str:
        """The aim as it is shown: "≤ 0.4", "≥ 2.5", or nothing."""
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return "" if self.at_least is None else f"≥ {self.at_least:g}"

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {"value": self.value, "unit": self.unit, "what": self.what, "aim": self.aim, "met": self.met}


def row(cells: Sequence[str]) -> str:
    """Return one line of the table."""
    *wide, last = cells
    return (" ".join(cell.ljust(width) for cell, width in zip(wide, _WIDTHS, strict=True)) + last).rstrip()


def rows(figures: Sequence[Figure]) -> list[str]:
    """Return the lines of one measurement."""
    verdicts: Mapping[bool | None, str] = {True: "met", False: "falls short", None: ""}
    return [
        row((figure.what, _three_digits(figure.value), figure.unit, figure.aim, verdicts[figure.met]))
        for figure in figures
    ]


def _three_digits(value: float) -> str:
    decimals = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:.{decimals}f}"
