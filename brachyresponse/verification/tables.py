"""What was verified, as tables: seeds, metrics, histograms, cold regions, seeds near organs."""

from __future__ import annotations

import numpy as np

from brachyresponse.planning import Table, dvh_table
from brachyresponse.planning.evaluation_tables import result_word
from brachyresponse.planning.exports import Cell
from brachyresponse.types import FloatArray
from brachyresponse.verification.cold_regions import ColdRegion
from brachyresponse.verification.near_organs import SeedNearOrgan
from brachyresponse.verification.request import CARRIED_STAMP
from brachyresponse.verification.verification import Verification

UNKNOWN = ""
PAIRED, MISSING, EXTRA = "paired", "missing", "extra"
SEED_COLUMNS = (
    "state", "planned seed", "needle", "planned R (mm)", "planned A (mm)", "planned S (mm)", "found seed",
    "found R (mm)", "found A (mm)", "found S (mm)", "displacement (mm)", "along needle (mm; deeper positive)",
    "lateral (mm)", "deeper under the skin (mm)", "confidence", "axis confidence", "dose computed with",
    "strength at implantation (U)", "origin", "remarks",
)  # fmt: skip


def seed_table(verification: Verification) -> Table:
    """Return planned and found seeds, one pair a row in the plan's order, then extra seeds.

    Seeds are counted from 1; planned places are those carried into the implant's space.
    """
    pairs = {int(planned): (int(found), place) for place, (planned, found) in enumerate(verification.match.pairs)}
    rows = []
    for planned in range(verification.planned_seeds.count):
        found, place = pairs.get(planned, (None, None))
        rows.append(_seed_row(verification, planned, found, place))
    rows += [_seed_row(verification, None, int(found), None) for found in verification.match.extra]
    return Table("Seeds, planned and found", SEED_COLUMNS, tuple(rows))


def comparison_table(verification: Verification) -> Table:
    """Return the metrics of plan and implant side by side; a last column where there is an oedema model.

    Every row of a structure that was carried over has the stamp in its own column.
    """
    with_oedema = verification.oedema is not None
    columns = ("structure", "role", "metric", "unit", "plan", "implant", "difference", "difference (%)", "stamp")
    more = ("implant with oedema model",) if with_oedema else ()
    rows = (
        (
            row.structure,
            str(row.role),
            row.label,
            row.unit,
            *(_cell(value) for value in (row.plan, row.implant, row.difference, row.percent)),
            row.stamp,
            *((_cell(row.oedema),) if with_oedema else ()),
            row.formula,
            row.note,
        )
        for row in verification.comparison
    )
    return Table(_stamped("Plan and implant", verification), (*columns, *more, "formula", "note"), tuple(rows))


def dvh_comparison_table(verification: Verification) -> Table:
    """Return the cumulative histograms of plan and implant on one dose axis; carried structures are named so."""
    plan, implant = dvh_table(verification.plan), dvh_table(verification.implant)
    columns = (
        plan.columns[0],
        *(f"plan {column}" for column in plan.columns[1:]),
        *(f"implant {_stamped_column(column, verification)}" for column in implant.columns[1:]),
    )
    rows = tuple((*before, *after[1:]) for before, after in zip(plan.rows, implant.rows, strict=True))
    return Table(_stamped("Cumulative dose-volume histograms, plan and implant", verification), columns, rows)


def organ_limit_table(verification: Verification) -> Table:
    """Return the dose limits of organs at risk with what plan and implant have."""
    columns = ("organ", "limit", "unit", "plan", "implant", "result", "stamp", "note")
    rows = (
        (row.structure, row.limit, row.unit, _cell(row.plan), _cell(row.implant), result_word(row.passed), row.stamp,
         row.note)
        for row in verification.organ_limits
    )  # fmt: skip
    return Table("Dose limits of organs at risk", columns, tuple(rows))


def cold_region_table(verification: Verification) -> Table:
    """Return the parts of the targets below the prescription."""
    columns = (
        "target", "volume (cc)", "of the target (%)", "where", "R (mm)", "A (mm)", "S (mm)", "least dose (Gy)",
        "mean dose (Gy)", "stamp",
    )  # fmt: skip
    return Table(
        _stamped("Target below the prescription", verification),
        columns,
        tuple(_cold_row(region) for region in verification.cold_regions),
    )


def near_organ_table(verification: Verification) -> Table:
    """Return the seeds close to organs at risk, nearest first."""
    columns = ("found seed", "organ", "seed surface to organ (mm)", "R (mm)", "A (mm)", "S (mm)", "stamp")
    return Table("Seeds near organs at risk", columns, tuple(_near_row(near) for near in verification.near_organs))


def axis_effect_table(verification: Verification) -> Table:
    """Return what the seeds' axes matter for the targets."""
    columns = (
        "target", "metric", "unit", "reported", "all axes", "point sources", "difference", "difference (%)", "stamp",
    )  # fmt: skip
    rows = (
        (e.structure, e.label, e.unit, e.used, e.all_axes, e.all_points, e.difference, e.percent, e.stamp)
        for e in verification.point_implant
    )
    return Table(_stamped("Axes of the seeds", verification), columns, tuple(rows))


def _seed_row(verification: Verification, planned: int | None, found: int | None, pair: int | None) -> tuple[Cell, ...]:
    state = PAIRED if pair is not None else (MISSING if found is None else EXTRA)
    seeds = verification.planned_seeds
    before = (UNKNOWN,) * 5 if planned is None else (
        planned + 1, int(seeds.needle[planned]), *seeds.positions_mm[planned].tolist()
    )  # fmt: skip
    return (
        state,
        *before,
        *_found_place(verification, found),
        *_moved(verification, pair),
        *_sure(verification, found),
    )


def _found_place(verification: Verification, found: int | None) -> tuple[Cell, ...]:
    if found is None:
        return (UNKNOWN,) * 4
    return (found + 1, *verification.found.positions_mm[found].tolist())


def _moved(verification: Verification, pair: int | None) -> tuple[Cell, ...]:
    if pair is None:
        return (UNKNOWN,) * 4
    moved = verification.displacements
    deeper = UNKNOWN if moved.deeper_mm is None else float(moved.deeper_mm[pair])
    along = float(moved.along_mm[pair])
    shown: Cell = along if moved.is_signed[pair] else f"{along:.3g} (either way)"
    return (float(moved.total_mm[pair]), shown, float(moved.lateral_mm[pair]), deeper)


def _sure(verification: Verification, found: int | None) -> tuple[Cell, ...]:
    if found is None:
        return (UNKNOWN,) * 6
    seeds, known = verification.found, verification.implant.plan.seeds
    return (
        _at(seeds.confidence, found),
        _at(seeds.axis_confidence, found),
        "own axis" if seeds.axis_known[found] else "point source",
        float(known.air_kerma_strength_u[found]),
        str(seeds.origins[found]),
        "; ".join(remarks(verification, found)),
    )


def remarks(verification: Verification, found: int) -> tuple[str, ...]:
    """Return what is to be known of a found seed: that it may have migrated, or lies near an organ."""
    strayed = [
        f"may have migrated: {seed.reason}{_in_brackets(seed.stamp)}"
        for seed in verification.migrated
        if seed.seed == found
    ]
    near = [
        f"{seed.distance_mm:.1f} mm from {seed.organ}{_in_brackets(seed.stamp)}"
        for seed in verification.near_organs
        if seed.seed == found
    ]
    return (*strayed, *near)


def _cold_row(region: ColdRegion) -> tuple[Cell, ...]:
    return (
        region.structure, region.volume_cc, region.share_percent, region.where, *region.centre_mm.tolist(),
        region.least_gy, region.mean_gy, region.stamp,
    )  # fmt: skip


def _near_row(near: SeedNearOrgan) -> tuple[Cell, ...]:
    return (near.seed + 1, near.organ, near.distance_mm, *near.position_mm.tolist(), near.stamp)


def _stamped(title: str, verification: Verification) -> str:
    return f"{title}{_in_brackets(verification.target_stamp)}"


def _in_brackets(stamp: str) -> str:
    return f" ({stamp})" if stamp else ""


def _stamped_column(column: str, verification: Verification) -> str:
    name = column.rpartition(" (")[0]
    return f"{column[:-1]}; {CARRIED_STAMP})" if verification.request.stamp(name) else column


def _at(values: FloatArray | None, index: int) -> Cell:
    return UNKNOWN if values is None or not np.isfinite(values[index]) else float(values[index])


def _cell(value: float | None) -> Cell:
    return UNKNOWN if value is None else value
