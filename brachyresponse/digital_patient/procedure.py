"""The digital patient during the implantation: needles in place, a part of the seeds dropped, off plan."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.digital_patient.implant import scan_with_needles
from brachyresponse.digital_patient.painting import turned_grid
from brachyresponse.digital_patient.patient import DigitalPatient
from brachyresponse.geometry import Grid, Volume
from brachyresponse.planning import ImplantPlan, Needle
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray

HUB_MM = 40.0
"""How far a needle sticks out of the skin."""
RETRACTED_MM = 6.0
"""How far behind its shallowest seed a needle ends that has dropped its seeds and is still in place."""
REACH_MM = (110.0, 110.0, 75.0)


@dataclass(frozen=True)
class Straying:
    """How far the implantation misses the plan, standard deviations in mm.

    Parameters
    ----------
    aside_mm
        Of a needle, across it, the same for all its seeds.
    tilt_deg
        Of a needle about its entry.
    along_mm
        Of a seed along its needle.
    """

    aside_mm: float = 2.0
    tilt_deg: float = 2.0
    along_mm: float = 1.5


@dataclass(frozen=True)
class Stage:
    """How far an implantation has come.

    Parameters
    ----------
    placed_share
        Of the plan's seeds, that are dropped at least.
    waiting
        Needles that are in place with their seeds.
    """

    placed_share: float = 0.5
    waiting: int = 2


@dataclass(frozen=True, eq=False)
class ProcedureTruth:
    """What is exactly known of a CT taken during the procedure; in the plan's frame.

    Parameters
    ----------
    seeds
        Those dropped, with the planned strengths and the numbers of their needles.
    needles
        In place when the CT was taken, as they lie; numbers as planned.
    emptied
        Numbers of the needles whose seeds are all dropped.
    """

    seeds: Seeds
    needles: tuple[Needle, ...]
    emptied: frozenset[int]


@dataclass(frozen=True, eq=False)
class DigitalProcedure:
    """A CT taken during the implantation, in the frame of reference of the planning CT, with its truth."""

    ct: Volume
    truth: ProcedureTruth


def procedure_so_far(
    patient: DigitalPatient,
    plan: ImplantPlan,
    *,
    stage: Stage = Stage(),
    straying: Straying = Straying(),
    random_seed: int = 0,
    report: Report = ignore_progress,
) -> DigitalProcedure:
    """Implant a part of a plan into the digital patient, off plan, and scan it with needles in place.

    Needles are worked through in the plan's order. The last one emptied is still in place, drawn back behind its
    seeds; the next ones wait with their seeds.

    Parameters
    ----------
    stage
        How far the implantation has come.
    straying
        How far needles and seeds miss their places.
    random_seed
        The same number gives the same procedure.
    report
        Told the progress; may raise ``Cancelled``.
    """
    random = np.random.default_rng(random_seed)
    truth = _implanted(plan, stage, straying, random)
    grid = procedure_grid(patient)
    ends_mm = np.array([[needle.at(-HUB_MM), needle.tip_mm] for needle in truth.needles]).reshape(-1, 2, 3)
    report(0.0, "Digital procedure: CT")
    ct_hu = scan_with_needles(patient.truth.head, grid, truth.seeds, ends_mm, random)
    return DigitalProcedure(Volume("CT during the procedure", ct_hu, grid, "HU"), truth)


def procedure_grid(patient: DigitalPatient) -> Grid:
    """Return an oblique grid of 0.75 x 0.75 x 1.5 mm round the tumour, over the skin beside it."""
    x, y, z = patient.truth.tumour_centre_mm
    i, j, k = (int(2 * reach / step) for reach, step in zip(REACH_MM, (0.75, 0.75, 1.5), strict=True))
    return turned_grid((i, j, k), (0.75, 0.75, 1.5), (2.0, -1.0, 3.0), (float(x), float(y), float(z)))


def _implanted(plan: ImplantPlan, stage: Stage, straying: Straying, random: np.random.Generator) -> ProcedureTruth:
    seeds, needles, emptied = Seeds.none(), [], []
    loaded = iter(needle for needle in plan.needles if plan.seeds_of(needle).count)
    last: Needle | None = None
    for planned in loaded:
        inserted = _inserted(planned, straying, random)
        dropped = _dropped(plan.seeds_of(planned), planned, inserted, straying, random)
        seeds, last = seeds.joined(dropped), inserted
        emptied.append(planned.number)
        if seeds.count >= stage.placed_share * plan.seeds.count:
            break
    if last is not None:
        needles.append(_drawn_back(last, seeds))
    needles.extend(
        _inserted(planned, straying, random) for planned, _ in zip(loaded, range(stage.waiting), strict=False)
    )
    return ProcedureTruth(seeds, tuple(needles), frozenset(emptied))


def _inserted(planned: Needle, straying: Straying, random: np.random.Generator) -> Needle:
    """A needle beside its planned track and turned about its entry."""
    aside = _across(random.normal(0, straying.aside_mm, 3), planned.direction)
    tilt = _across(random.normal(0, np.deg2rad(straying.tilt_deg), 3), planned.direction)
    entry = planned.entry_mm + aside
    return replace(planned, entry_mm=entry, tip_mm=entry + planned.length_mm * (planned.direction + tilt))


def _dropped(seeds: Seeds, planned: Needle, inserted: Needle, straying: Straying, random: np.random.Generator) -> Seeds:
    depth_mm = planned.depth_of(seeds.positions_mm) + random.normal(0, straying.along_mm)
    depth_mm = depth_mm + np.cumsum(random.normal(0, straying.along_mm / 3, seeds.count))
    directions = np.tile(inserted.direction, (seeds.count, 1))
    return replace(seeds, positions_mm=inserted.at(depth_mm), directions=directions)


def _drawn_back(needle: Needle, seeds: Seeds) -> Needle:
    depth_mm = needle.depth_of(seeds.positions_mm[seeds.needle == needle.number])
    return replace(needle, tip_mm=needle.at(depth_mm.min() - RETRACTED_MM))


def _across(vector: FloatArray, direction: FloatArray) -> FloatArray:
    across: FloatArray = vector - (vector @ direction) * direction
    return across
