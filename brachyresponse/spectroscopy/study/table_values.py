"""Values of voxels that another program fitted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.spectroscopy.fitting.quality import PARTS, beyond_limit, limit
from brachyresponse.spectroscopy.reading.metabolite_table import MetaboliteTable, TableValue
from brachyresponse.spectroscopy.study.record import MetaboliteEntry, RatioEntry
from brachyresponse.spectroscopy.study.values import VoxelValues
from brachyresponse.spectroscopy.vocabulary import Metabolite, RatioName


def values_of_table(table: MetaboliteTable) -> dict[tuple[int, int, int], VoxelValues]:
    """Return the values of every voxel of a table; its spectra were judged by the program that fitted them."""
    return {voxel: _values(table.of(voxel)) for voxel in table.voxels}


def _values(rows: Sequence[TableValue]) -> VoxelValues:
    by_name = {row.metabolite: row for row in rows}
    return VoxelValues(
        is_good=True,
        reasons=(),
        line_width_hz=next((row.line_width_hz for row in rows if row.line_width_hz is not None), None),
        snr=next((row.snr for row in rows if row.snr is not None), None),
        metabolites=tuple(_entry(row) for row in rows),
        ratios=tuple(_ratio(name, by_name) for name in RatioName),
    )


def _entry(row: TableValue) -> MetaboliteEntry:
    reason = _why_not(row)
    return MetaboliteEntry(row.metabolite, row.amplitude, row.crb_percent, not reason, reason)


def _why_not(row: TableValue) -> str:
    if row.amplitude == 0:
        return "The amplitude is 0."
    if row.crb_percent > limit("crb_percent"):
        return f"Its bound is {beyond_limit(row.crb_percent)}."
    return ""


def _ratio(name: RatioName, rows: dict[Metabolite, TableValue]) -> RatioEntry:
    """A ratio with the interval of a log-normal quotient; the table does not tell how its amplitudes go together."""
    over, under = PARTS[name]
    added = [rows[each] for each in over if each in rows and not _why_not(rows[each])]
    reasons = _missing((under,), rows) + (() if added else _missing(over, rows))
    if reasons:
        return RatioEntry(name, None, None, None, reasons)
    total = sum(row.amplitude for row in added)
    error = float(np.sqrt(sum((row.amplitude * row.crb_percent / 100) ** 2 for row in added))) / total
    spread = float(np.hypot(error, rows[under].crb_percent / 100))
    value = total / rows[under].amplitude
    return RatioEntry(name, value, value * float(np.exp(-1.96 * spread)), value * float(np.exp(1.96 * spread)), ())


def _missing(names: Sequence[Metabolite], rows: dict[Metabolite, TableValue]) -> tuple[str, ...]:
    """Why metabolites cannot be used."""
    absent = [f"{name} is not in the table." for name in names if name not in rows]
    refused = [(name, _why_not(rows[name])) for name in names if name in rows]
    return (*absent, *(f"{name} is not used: {why}" for name, why in refused if why))
