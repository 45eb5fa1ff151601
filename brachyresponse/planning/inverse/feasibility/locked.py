"""Locked needles and seeds that break a rule: they stay, and it is said."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from brachyresponse.dose import compute_dvh, implant_dose
from brachyresponse.errors import DoseError, StructureError
from brachyresponse.geometry import Grid
from brachyresponse.planning.clearance import needle_clearance
from brachyresponse.planning.inverse.flags import Flag, FlagKind
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.organ_limits import OrganLimit
from brachyresponse.planning.overlap import overlapping_seeds

GRID_MM = 2.0
GRID_BORDER_MM = 4.0


def flags_of_locked(problem: ImplantProblem) -> tuple[Flag, ...]:
    """Return what is to be said of the locked needles and seeds of a problem."""
    return (
        *_needles_near(problem),
        *_seeds_near(problem),
        *_shallow_seeds(problem),
        *_seeds_outside(problem),
        *_overlaps(problem),
        *_limits(problem),
    )


def _needles_near(problem: ImplantProblem) -> Iterator[Flag]:
    margin_mm = problem.placement.avoid_margin_mm
    for name in problem.anatomy.roles.avoid:
        for needle in problem.locked.needles:
            distance_mm = needle_clearance(needle, problem.anatomy.surface(name)).distance_mm
            if distance_mm < margin_mm:
                how = "crosses" if distance_mm < 0 else f"passes {distance_mm:.1f} mm from"
                yield Flag(
                    FlagKind.LOCKED_CROSSES,
                    f"needle {needle.number}",
                    f"Locked needle {needle.label} {how} {name}, expected {margin_mm:g} mm or more: it is kept.",
                )


def _seeds_near(problem: ImplantProblem) -> Iterator[Flag]:
    margin_mm, seeds = problem.placement.avoid_margin_mm, problem.locked.seeds
    for name in problem.anatomy.roles.avoid if seeds.count else ():
        distance_mm = problem.anatomy.surface(name).distance_mm(seeds.positions_mm)
        for n in np.flatnonzero(distance_mm < margin_mm):
            where = f"inside {name}" if distance_mm[n] < 0 else f"{distance_mm[n]:.1f} mm from {name}"
            sentence = f"Locked seed {n + 1} lies {where}, expected {margin_mm:g} mm or more: it is kept."
            yield Flag(FlagKind.LOCKED_NEAR, f"seed {n + 1}", sentence)


def _shallow_seeds(problem: ImplantProblem) -> Iterator[Flag]:
    body, seeds, least_mm = problem.anatomy.roles.body, problem.locked.seeds, problem.placement.skin_depth_mm
    if not (body and seeds.count):
        return
    depth_mm = -problem.anatomy.surface(body).distance_mm(seeds.positions_mm)
    for n in np.flatnonzero(depth_mm < least_mm):
        where = f"{depth_mm[n]:.1f} mm below the skin" if depth_mm[n] >= 0 else "outside the body"
        sentence = f"Locked seed {n + 1} lies {where}, expected {least_mm:g} mm or more below it: it is kept."
        yield Flag(FlagKind.LOCKED_SHALLOW, f"seed {n + 1}", sentence)


def _seeds_outside(problem: ImplantProblem) -> Iterator[Flag]:
    seeds, margin_mm = problem.locked.seeds, problem.placement.seed_margin_mm
    if not seeds.count:
        return
    distance_mm = problem.anatomy.surface(problem.target).distance_mm(seeds.positions_mm)
    for n in np.flatnonzero(distance_mm > max(margin_mm, 0.0)):
        sentence = f"Locked seed {n + 1} lies {distance_mm[n]:.1f} mm outside {problem.target}: it is kept."
        yield Flag(FlagKind.LOCKED_OUTSIDE, f"seed {n + 1}", sentence)


def _overlaps(problem: ImplantProblem) -> Iterator[Flag]:
    for pair in overlapping_seeds(problem.locked.seeds):
        which = f"seeds {pair.first + 1} and {pair.second + 1}"
        yield Flag(FlagKind.LOCKED_OVERLAP, which, f"Locked {which} overlap: both are kept; check how they were found.")


def _limits(problem: ImplantProblem) -> Iterator[Flag]:
    """Upper limits that the locked seeds alone exceed; more seeds cannot mend them."""
    if not problem.locked.seeds.count:
        return
    for limit in problem.limits:
        value = None if limit.at_least else _value_of_locked(problem, limit)
        if value is not None and not limit.allows(value):
            sentence = (
                f"The locked seeds alone give {limit.structure} {limit.metric.text} of {value:.1f} {limit.unit}, "
                f"beyond the limit {limit}: no plan can keep it."
            )
            yield Flag(FlagKind.LOCKED_OVER_LIMIT, str(limit), sentence)


def _value_of_locked(problem: ImplantProblem, limit: OrganLimit) -> float | None:
    structure = problem.anatomy.structures[limit.structure]
    lower, upper = structure.bounds_mm()
    grid = Grid.covering(lower - GRID_BORDER_MM, upper + GRID_BORDER_MM, GRID_MM)
    dose_gy = implant_dose(problem.source, problem.locked.seeds, grid)
    try:
        return limit.metric.value(compute_dvh(dose_gy, grid, structure), problem.prescription_gy, limit.unit)
    except (DoseError, StructureError):  # a volume that the structure does not have: said where limits are judged
        return None
