"""What was computed of biological dose, as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil

import numpy as np

from brachyresponse.dose import Dvh
from brachyresponse.dose.biology import BiologicalDose, BiologyEvaluation, Bracket, CombinedDose
from brachyresponse.dose.biology.tissue import UNITS, ParameterRange, TissueBiology
from brachyresponse.errors import DoseError
from brachyresponse.planning.exports import Cell, Table

ENDS = ("low", "likely", "high")
DVH_STEP_GY, DVH_ROWS, DVH_HOTTEST_PERCENT = 1.0, 2000, 2.0
"""The histograms end at the dose of the hottest part: at the seeds BED goes on to many thousands of Gy."""
SUM_FIGURES: dict[str, Callable[[Dvh], float]] = {
    "D0.1cc": lambda dvh: dvh.d_cc(0.1),
    "D2cc": lambda dvh: dvh.d_cc(2),
    "Dmax": lambda dvh: dvh.max_gy,
}


def biology_table(evaluation: BiologyEvaluation) -> Table:
    """Return BED and EQD2 of the structures, one figure a row, with the ends of their ranges."""
    ranges = tuple(f"{quantity} {end} (Gy)" for quantity in ("BED", "EQD2") for end in ENDS)
    columns = ("structure", "tissue", "figure", "dose (Gy)", *ranges, "note")
    rows = (row for dose in evaluation.doses.values() for row in _figures(dose))
    return Table("Biological dose", columns, tuple(rows))


def regrowth_table(evaluation: BiologyEvaluation) -> Table:
    """Return what regrowth makes of the tumours: uniform BED, effective time, ineffective part, with their ranges."""
    columns = ("structure", "tissue", "quantity", *ENDS, "unit")
    rows = (
        (dose.name, dose.tissue.label, label, found.low, found.mid, found.high, unit)
        for dose in evaluation.doses.values()
        for label, found, unit in regrowth_figures(dose)
    )
    return Table("Regrowth", columns, tuple(rows))


def regrowth_figures(dose: BiologicalDose) -> Iterator[tuple[str, Bracket[float], str]]:
    """Yield label, range and unit of what is known of a tissue that regrows."""
    quantities = (
        ("equivalent uniform BED", dose.uniform_bed_gy, "Gy"),
        ("BED at D90 is counted until day", dose.effective_days, "d"),
        ("ineffective part", dose.ineffective_percent, "%"),
    )
    return ((label, found, unit) for label, found, unit in quantities if found is not None)


def biological_dvh_table(evaluation: BiologyEvaluation) -> Table:
    """Return the cumulative histograms of BED and EQD2: a dose column, and the volume in percent at each end."""
    histograms = {
        f"{name} {quantity} {end} (%)": dvh
        for name, dose in evaluation.doses.items()
        for quantity, bracket in (("BED", dose.bed), ("EQD2", dose.eqd2))
        for end, dvh in zip(ENDS, (bracket.low, bracket.mid, bracket.high), strict=True)
    }
    highest = max(dvh.d(DVH_HOTTEST_PERCENT) for dvh in histograms.values())
    step_gy = DVH_STEP_GY * max(1, ceil(highest / (DVH_STEP_GY * DVH_ROWS)))
    gy = np.arange(0, highest + step_gy, step_gy)
    cells = [gy, *(100 * dvh.cumulative_cc(gy) / dvh.inside_cc for dvh in histograms.values())]
    rows = tuple(map(tuple, np.stack(cells, axis=1).tolist()))
    return Table("Cumulative histograms of BED and EQD2", ("BED or EQD2 (Gy)", *histograms), rows)


def sum_table(evaluation: BiologyEvaluation) -> Table:
    """Return earlier beam, implant and their sum in EQD2, one figure a row, with the ends of their ranges."""
    ranges = tuple(f"{part} {end} (Gy)" for part in ("beam", "implant", "sum") for end in ENDS)
    rows = (
        (name, combined.tissue.label, label, *_sum_cells(combined, read))
        for name, combined in evaluation.combined.items()
        for label, read in SUM_FIGURES.items()
    )
    columns = ("structure", "tissue", "figure", *ranges, "note")
    return Table("Earlier external beam and implant in EQD2", columns, tuple(rows))


def parameters_table(evaluation: BiologyEvaluation) -> Table:
    """Return the tissues' parameters with their ranges, sources and what is verified of them."""
    labels = Counter(tissue.label for tissue in evaluation.tissues)
    rows = (
        (_called(tissue, structures, labels), UNITS[name][0], *values.values, UNITS[name][1], *_origin(values))
        for tissue, structures in evaluation.tissues.items()
        for name, values in tissue.parameters.items()
    )
    return Table("Parameters", ("tissue", "parameter", *ENDS, "unit", "status", "source"), tuple(rows))


def assumptions_table(evaluation: BiologyEvaluation) -> Table:
    """Return warnings and assumptions, a sentence a row."""
    said = [("warning", sentence) for sentence in evaluation.warnings]
    said += [("assumption", sentence) for sentence in evaluation.assumptions]
    return Table("Warnings and assumptions", ("kind", "sentence"), tuple(said))


def biology_tables(evaluation: BiologyEvaluation) -> tuple[Table, ...]:
    """Return all tables that have rows, in the order of the CSV file."""
    tables = (biology_table, regrowth_table, sum_table, parameters_table, assumptions_table)
    return tuple(table for table in (make(evaluation) for make in tables) if table.rows)


def _figures(dose: BiologicalDose) -> Iterator[tuple[Cell, ...]]:
    for figure in dose.figures:
        yield (
            dose.name,
            dose.tissue.label,
            figure.label,
            "" if figure.dose_gy is None else figure.dose_gy,
            *_ends(figure.bed_gy),
            *_ends(figure.eqd2_gy),
            figure.note,
        )


def _sum_cells(combined: CombinedDose, read: Callable[[Dvh], float]) -> tuple[Cell, ...]:
    try:
        found = [part.each(read) for part in (combined.beam, combined.implant, combined.total)]
    except DoseError as error:
        return (*[""] * 9, str(error))
    return (*(value for part in found for value in _ends(part)), combined.total.mid.warning)


def _called(tissue: TissueBiology, structures: Sequence[str], labels: Mapping[str, int]) -> str:
    """Return what a tissue is called, with its structures where another one is called the same."""
    return tissue.label if labels[tissue.label] == 1 else f"{tissue.label}: {', '.join(structures)}"


def _origin(values: ParameterRange) -> tuple[str, str]:
    return str(values.status), values.source


def _ends(found: Bracket[float] | None) -> tuple[Cell, ...]:
    return ("", "", "") if found is None else (found.low, found.mid, found.high)
