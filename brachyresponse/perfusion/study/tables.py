"""A study as tables: ratios, exclusions, curves."""

from __future__ import annotations

from collections.abc import Iterable

from brachyresponse.perfusion.study.judge import JudgedStudy
from brachyresponse.perfusion.study.map_names import map_facts
from brachyresponse.perfusion.study.record import CurveEntry, PerfusionRecord, RatioEntry
from brachyresponse.planning.exports import Cell, Table

NONE = "-"
"""Stands where there is no figure; a column beside it says why."""
RATIO_COLUMNS = (
    "lesion", "ratio", "map", "unit", "statistic", "ratio value", "low (95 %)", "high (95 %)", "in the lesion",
    "in white matter", "standard error in white matter", "valid voxels", "voxels of the lesion", "valid share",
    "before treatment", "low before", "high before", "why not evaluable",
)  # fmt: skip


def ratio_table(judged: JudgedStudy) -> Table:
    """Return every ratio with its interval, and that of the pre-treatment scan beside it."""
    return Table("Lesion to white matter", RATIO_COLUMNS, tuple(_row(v.after, v.before) for v in judged.visits()))


def exclusion_table(record: PerfusionRecord) -> Table:
    """Return what each exclusion takes from lesions and white matter, in the order in which they are applied."""
    columns = ("structure", "left out", "share of the structure", "share left", "why")
    rows = tuple((r.structure, r.exclusion, r.share, r.share_left, r.reason) for r in record.exclusions)
    return Table("Left out", columns, rows)


def curve_table(record: PerfusionRecord) -> Table:
    """Return the curves with their fits, a column each; all have the times of the series."""
    times = record.curves[0].time_s if record.curves else ()
    columns = [column for curve in record.curves for column in _curve_columns(curve)]
    rows = tuple((time, *(cells[place] for _, cells in columns)) for place, time in enumerate(times))
    return Table("Curves", ("time (s)", *(heading for heading, _ in columns)), rows)


def used_table(record: PerfusionRecord) -> Table:
    """Return every figure and every setting that the computation used, with its source."""
    rows = [(row.label, row.value, row.origin) for row in record.used]
    rows += [(row.label, row.value, row.source) for row in record.settings]
    return Table("What was used", ("what", "value", "where it comes from"), tuple(rows))


def _row(row: RatioEntry, before: RatioEntry | None) -> tuple[Cell, ...]:
    facts = map_facts(row.map)
    earlier = (None, None, None) if before is None else (before.value, before.low, before.high)
    figures = (row.value, row.low, row.high, row.lesion_value, row.white_matter_value, row.white_matter_standard_error)
    share = row.valid_voxels / row.lesion_voxels if row.lesion_voxels else 0.0
    return (
        *(row.lesion, row.label, facts.label, facts.unit, row.statistic),
        *_cells(figures),
        *(row.valid_voxels, row.lesion_voxels, share),
        *_cells(earlier),
        " ".join(row.reasons),
    )


def _curve_columns(curve: CurveEntry) -> list[tuple[str, tuple[Cell, ...]]]:
    columns = [(f"{curve.name} ({curve.unit})", _cells(curve.values))]
    return columns + ([(f"{curve.name}, fit ({curve.unit})", _cells(curve.fitted))] if curve.fitted else [])


def _cells(values: Iterable[float | None]) -> tuple[Cell, ...]:
    return tuple(NONE if value is None else value for value in values)
