"""Tables of a plan as CSV files, units in the headings."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from brachyresponse.errors import InputFileError
from brachyresponse.planning.loading_sheet import LoadingSheet, NeedleRow, OrderRow, SeedStrength, seed_model_label
from brachyresponse.planning.needles import find_needle
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.planning.train import describe_train
from brachyresponse.sources import Source, u_to_mbq, u_to_mci

Cell = str | int | float


@dataclass(frozen=True)
class Table:
    """A table for people and spreadsheets: a title, headings with units, rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def seeds_table(plan: ImplantPlan, source: Source) -> Table:
    """Return the seeds of a plan, one a row, in the plan's order."""
    columns = (
        "seed", "needle", "hole", "R (mm)", "A (mm)", "S (mm)", "direction R", "direction A", "direction S", "axis",
        "depth from entry (mm)", "air-kerma strength at implantation (U)", "apparent activity (MBq)",
        "apparent activity (mCi)", "seed model",
    )  # fmt: skip
    return Table("Seeds", columns, tuple(_seed_row(plan, source, index) for index in range(plan.seeds.count)))


def loading_tables(sheet: LoadingSheet) -> tuple[Table, ...]:
    """Return the tables of a loading sheet: needles, free seeds where there are any, order list, checks."""
    needle_columns = (
        "needle", "hole", "entry R (mm)", "entry A (mm)", "entry S (mm)",
        "axial angle (deg; 0 to the back, 90 to the patient's left)", "tilt (deg; positive to the head)",
        "depth of tip (mm)", "depth to first seed, the deepest (mm)", "depth to last seed (mm)", "seeds",
        "train from the tip (spacers in mm)", "air-kerma strength (U)",
    )  # fmt: skip
    needles = Table("Needles", needle_columns, tuple(_needle_cells(row) for row in sheet.needles))
    order_columns = (
        "planned", "spare", "to order", "implant date", "strength then (U)", "activity then (MBq)",
        "activity then (mCi)", "reference date", "strength on it (U)", "activity on it (MBq)", "activity on it (mCi)",
    )  # fmt: skip
    order = Table("Order", order_columns, tuple(_order_cells(row) for row in sheet.order))
    checks = tuple((line.text, line.expected, "", "") for line in sheet.checks)
    check_table = Table("Independent check", ("what", "expected", "found", "checked by"), checks)
    free = Table("Seeds on no needle", ("seed", "R (mm)", "A (mm)", "S (mm)", "air-kerma strength (U)"), _free(sheet))
    return (needles, *([free] if free.rows else []), order, check_table)


def csv_text(tables: Sequence[Table]) -> str:
    """Return tables as CSV; several are set apart by an empty line, each under its title."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for place, table in enumerate(tables):
        if len(tables) > 1:
            out.write("\n" if place else "")
            writer.writerow([table.title])
        writer.writerow(table.columns)
        writer.writerows([[_cell(value) for value in row] for row in table.rows])
    return out.getvalue()


def write_csv(tables: Table | Sequence[Table], path: str | Path) -> Path:
    """Write one or several tables as CSV (UTF-8) and return the path.

    Raises
    ------
    InputFileError
        The file cannot be written.
    """
    path = Path(path)
    try:
        path.write_text(csv_text([tables] if isinstance(tables, Table) else tables), encoding="utf-8")
    except OSError as error:
        raise InputFileError(
            f"{path.name} cannot be written: {error.strerror}; choose another folder, or close the file elsewhere."
        ) from error
    return path


def write_seeds_csv(plan: ImplantPlan, source: Source, path: str | Path) -> Path:
    """Write the seeds of a plan; see :func:`seeds_table` and :func:`write_csv`."""
    return write_csv(seeds_table(plan, source), path)


def write_loading_csv(sheet: LoadingSheet, path: str | Path) -> Path:
    """Write a loading sheet: head, needles, order list and checks, one block each; see :func:`write_csv`."""
    plan = sheet.plan
    head = (
        ("plan", plan.name), ("patient", plan.patient_id), ("implant date", plan.implant_date.isoformat()),
        ("target", plan.target), ("prescription (Gy)", plan.prescription_gy), ("source", sheet.source_label),
        ("use", sheet.use),
    )  # fmt: skip
    return write_csv([Table("Needle and loading sheet", ("item", "value"), head), *loading_tables(sheet)], path)


def _seed_row(plan: ImplantPlan, source: Source, index: int) -> tuple[Cell, ...]:
    seeds = plan.seeds
    number, strength_u = int(seeds.needle[index]), float(seeds.air_kerma_strength_u[index])
    needle = find_needle(plan.needles, number) if number else None
    position = seeds.positions_mm[index]
    return (
        index + 1,
        number,
        needle.hole if needle else "",
        *position.tolist(),
        *seeds.directions[index].tolist(),
        "known" if seeds.axis_known[index] else "unknown",
        float(needle.depth_of(position)) if needle else "",
        strength_u,
        u_to_mbq(strength_u, source.radionuclide),
        u_to_mci(strength_u, source.radionuclide),
        seed_model_label(plan, source),
    )


def _needle_cells(row: NeedleRow) -> tuple[Cell, ...]:
    return (
        row.number,
        row.hole,
        *row.entry_mm.tolist(),
        "none" if row.axial_angle_deg is None else row.axial_angle_deg,
        row.tilt_deg,
        row.tip_depth_mm,
        row.first_seed_depth_mm,
        row.last_seed_depth_mm,
        row.seed_count,
        describe_train(row.train),
        row.strength_u,
    )


def _order_cells(row: OrderRow) -> tuple[Cell, ...]:
    return (
        row.planned,
        row.spare,
        row.ordered,
        *_strength_cells(row.implant),
        *_strength_cells(row.reference),
    )


def _strength_cells(seed: SeedStrength) -> tuple[Cell, ...]:
    return seed.day.isoformat(), seed.strength_u, seed.activity_mbq, seed.activity_mci


def _free(sheet: LoadingSheet) -> tuple[tuple[Cell, ...], ...]:
    return tuple((seed.number, *seed.position_mm.tolist(), seed.strength_u) for seed in sheet.free_seeds)


def _cell(value: Cell) -> Cell:
    # Six digits are beyond what is measured, and read well.
    return f"{value:.6g}" if isinstance(value, float) else value
