"""The table of robustness as it is read: a row a figure, a column an error size, each cell a range of scenarios."""

from __future__ import annotations

from collections.abc import Sequence

from slicer.i18n import tr as _

from brachyresponse.slicer_panel.tables import Cell

SIZE, STRUCTURE, METRIC, PLANNED, LOW, MEDIAN, HIGH, UNIT = (
    "sd mm", "structure", "metric", "as planned", "5 %", "median", "95 %", "unit",
)  # fmt: skip
"""Headings of the table node, never translated."""
WHOLE_FROM = 10.0


def robustness_columns(rows: Sequence[dict[str, str]]) -> list[str]:
    """Return the headings: the figure, what was planned, each error size."""
    return [str(_("Figure")), str(_("Planned")), *(f"{size} mm" for size in _sizes(rows))] if rows else []


def robustness_cells(rows: Sequence[dict[str, str]]) -> list[list[Cell]]:
    """Return a row a figure, in the order of the table."""
    figures = dict.fromkeys((row[STRUCTURE], row[METRIC], row[UNIT]) for row in rows)
    found = {(row[STRUCTURE], row[METRIC], row[SIZE]): row for row in rows}
    return [_figure(*figure, [found[(*figure[:2], size)] for size in _sizes(rows)]) for figure in figures]


def _figure(structure: str, metric: str, unit: str, rows: Sequence[dict[str, str]]) -> list[Cell]:
    tool_tip = f"{structure}: {metric}, {unit}"
    planned = rows[0][PLANNED]
    return [
        Cell(f"{metric} {unit} · {structure}" if planned else metric, tool_tip),
        Cell(_short(planned) if planned else "–", tool_tip, number=True),
        *(_range(row, tool_tip) for row in rows),
    ]


def _range(row: dict[str, str], what: str) -> Cell:
    """From 5 to 95 % of the scenarios; a probability has its middle only."""
    if not row[LOW]:
        return Cell(f"{row[MEDIAN]} %", what, number=True)
    words = _("{what}: {low} to {high} in 90 % of the scenarios, median {median}")
    said = words.format(what=what, low=row[LOW], high=row[HIGH], median=row[MEDIAN])
    return Cell(f"{_short(row[LOW])}–{_short(row[HIGH])}", said, number=True)


def _short(number: str) -> str:
    """A number, rounded so that three ranges fit beside each other; the tool tip has all of it."""
    value = float(number)
    return f"{value:.0f}" if abs(value) >= WHOLE_FROM else f"{value:.1f}"


def _sizes(rows: Sequence[dict[str, str]]) -> list[str]:
    return list(dict.fromkeys(row[SIZE] for row in rows))
