"""Rows of the ratio table as the panel shows them: a value with its interval, or that it is not evaluable."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.perfusion.study import MapFacts
from brachyresponse.perfusion.study.tables import NONE
from brachyresponse.slicer_panel.tables import Cell, Verdict

NOW = ("ratio value", "low (95 %)", "high (95 %)")
BEFORE = ("before treatment", "low before", "high before")
LESION, WHITE_MATTER = "in the lesion", "in white matter"
WHY = "why not evaluable"

Row = dict[str, str]


def ratio_cells(row: Row, others: list[Row]) -> list[Cell]:
    """Return the cells of a ratio.

    Parameters
    ----------
    others
        The same ratio of the same lesion by every statistic, for the tool tip.
    """
    refused = row[WHY]
    by_statistic = [f"{other['statistic']}: {interval(other, NOW)}" for other in others]
    tool_tip = "\n".join(filter(None, (refused, *by_statistic)))
    share = f"{float(row['valid share']):.0%}"
    voxels = _("{valid} of {all} voxels are valid").format(valid=row["valid voxels"], all=row["voxels of the lesion"])
    return [
        Cell(row["lesion"], tool_tip),
        Cell(row["ratio"], tool_tip),
        Cell(interval(row, NOW), tool_tip, Verdict.WARNING if refused else Verdict.NONE),
        Cell(interval(row, BEFORE) if row[BEFORE[0]] != NONE else "–", tool_tip),
        Cell(share, voxels, number=True),
    ]


def interval(row: Row, columns: tuple[str, str, str]) -> str:
    """Return ``2.31 (2.10–2.55)``."""
    value, low, high = (row[column] for column in columns)
    if value == NONE:
        return str(_("not evaluable"))
    if NONE in (low, high):
        return _short(value)
    return f"{_short(value)} ({_short(low)}–{_short(high)})"


def same_ratio(rows: list[Row], row: Row) -> list[Row]:
    """Return the rows of one ratio of one lesion: one a statistic."""
    return [other for other in rows if (other["lesion"], other["map"]) == (row["lesion"], row["map"])]


def values_inside(rows: list[Row], facts: MapFacts) -> tuple[str, str]:
    """Return a map's value in the first lesion and in white matter; dashes where the table has none."""
    row = next((row for row in rows if row["map"] == facts.label), None)
    values = (NONE, NONE) if row is None else (row[LESION], row[WHITE_MATTER])
    lesion, white_matter = ("–" if value == NONE else f"{float(value):.{facts.decimals}f}" for value in values)
    return lesion, white_matter


def _short(number: str) -> str:
    value = float(number)
    return f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"
