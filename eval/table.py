"""The report as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eval.report import SECTIONS, Report

_COLUMNS = (
    ("right", "answer", "right"),
    ("f1", "answer", "f1"),
    ("exact", "answer", "exact_match"),
    ("cited", "citations", "right"),
    ("r@1", "retrieval", "recall@1"),
    ("r@5", "retrieval", "recall@5"),
    ("ndcg@10", "retrieval", "ndcg@10"),
    ("answered", "abstention", "answered"),
    ("false", "abstention", "false_answers"),
)
"""What a slice shows: (heading, section, name)."""
_WITH_INTERVAL = ("right", "answered", "false")


def render(report: Report) -> str:
    """Return the numbers of `report` as lines of text: the total, the legs, the slices, the times."""
    total = report.as_json()
    counts = ", ".join(
        f"{count} {name.replace('_', ' ')}" for name, count in total["counts"].items() if count
    )
    lines = [f"{report.name}: {counts}", ""]
    for section, names in SECTIONS.items():
        for name in (*names, "auroc") if section == "abstention" else names:
            value = total[section][name]
            if value is not None:
                interval = _interval(total, section, name)
                lines.append(f"{section:<12}{name:<26}{value:.3f}  {interval}".rstrip())
    if (error := total["calibration"]["expected_error"]) is not None:
        lines.append(f"{'calibration':<12}{'expected_error':<26}{error:.3f}")
    lines += list(_removed(total))
    lines += list(_legs(total))
    if total["slices"]:
        lines += ["", *_grid(list(_slices(total)))]
    times = [
        f"{step} {time['p50']:.1f} · {time['p95']:.1f}"
        for step, time in total["milliseconds"].items()
        if time["p50"] is not None
    ]
    if times:
        lines += ["", "milliseconds (half of the questions · 95 % of them take at most): " + ", ".join(times)]
    lines += ["", "Intervals in brackets: Wilson, 95 %."]
    return "\n".join(lines)


def _removed(total: Mapping[str, Any]) -> Iterator[str]:
    """Say how silent the assistant is when what holds the answer was taken out."""
    for kind, values in total.get("removed", {}).items():
        low, high = values["interval"]
        yield ""
        yield (
            f"without the gold {kind}, {values['n']} questions: false answers {values['false_answers']:.3f}  "
            f"[{low:.2f}–{high:.2f}] ({values['said_anyway']:.3f} found the answer elsewhere), "
            f"auroc {values['auroc']:.3f}"
        )


def _legs(total: Mapping[str, Any]) -> Iterator[str]:
    if "legs" in total:
        yield ""
        yield from _grid(
            [
                ("leg", *SECTIONS["retrieval"]),
                *(
                    (leg, *(_number(values[name]) for name in SECTIONS["retrieval"]))
                    for leg, values in total["legs"].items()
                ),
            ]
        )


def _slices(total: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Give a row of cells for each slice, below the headings of what the run measured at all."""
    columns = [column for column in _COLUMNS if total[column[1]][column[2]] is not None]
    yield "slice", "n", *(heading for heading, _, _ in columns)
    for name, group in total["slices"].items():
        cells = []
        for heading, section, key in columns:
            interval = _interval(group, section, key) if heading in _WITH_INTERVAL else ""
            cells.append(f"{_number(group[section][key])} {interval}".rstrip())
        yield name, str(group["n"]), *cells


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _interval(group: Mapping[str, Any], section: str, name: str) -> str:
    interval = group["intervals"][section].get(name)
    return f"[{interval[0]:.2f}–{interval[1]:.2f}]" if interval else ""


def _grid(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
