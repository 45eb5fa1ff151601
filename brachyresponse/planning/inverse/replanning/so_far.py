"""What of a plan is implanted by the time of a CT: seeds and needles found, and told apart by the plan's needles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.errors import ImageError
from brachyresponse.geometry import Structure, Volume, grow_structure
from brachyresponse.planning.inverse.problem import ImplantProblem, Locked
from brachyresponse.planning.inverse.replanning.doubtful_seeds import doubtful_seeds
from brachyresponse.planning.inverse.replanning.doubts import doubts_of
from brachyresponse.planning.needles import Needle
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.seeds import Seeds, detect_seeds
from brachyresponse.seeds.needle_detection import FoundNeedle, detect_needles
from brachyresponse.seeds.seeds import FREE
from brachyresponse.types import FloatArray, IntArray

SEEDS_REACH_MM = 15.0
"""Seeds are looked for as far as this round the target."""
SAME_NEEDLE_MM, SAME_NEEDLE_DEG = 12.0, 15.0
"""A needle found may lie this far off a planned one and be it: a needle's bending, and half the usual distance."""
ON_NEEDLE_MM = 3.5
"""A seed belongs to a needle whose line passes it as near as this."""
INSIDE_NEEDLE_MM = 2.0
BEYOND_TIP_MM = 1.0
LEAST_SHOWN = 0.99
"""Of the target on the CT: what lies outside it is not seen, and would be planned once more."""
DEGREES_COUNT_MM = 1.0
"""Of two planned needles the nearer in place and direction is taken: a degree counts as much as a millimetre."""


@dataclass(frozen=True, eq=False)
class ImplantedSoFar:
    """What a CT taken during the procedure shows, in the frame of the plan.

    Parameters
    ----------
    needles
        In place, with the numbers of the planned needles they are, new numbers for others; then those that are out
        again, through the seeds they left.
    seeds
        Found, with the number of the needle they came from, 0 where that is not known, and the planned strengths.
    in_place
        Numbers of the needles that are in place: seeds may still be dropped from them.
    not_inserted
        Numbers of planned needles of which neither needle nor seed is found.
    warnings
        Whole sentences.
    seed_confidence
        0 to 1, that each seed is one, in the order of ``seeds``; empty where it is not known.
    """

    needles: tuple[Needle, ...]
    seeds: Seeds
    in_place: frozenset[int]
    not_inserted: tuple[int, ...]
    warnings: tuple[str, ...] = ()
    seed_confidence: tuple[float, ...] = ()

    @property
    def locked(self) -> Locked:
        """All of it as what must stay."""
        return Locked(self.needles, self.seeds, self.in_place)


def found_so_far(
    ct: Volume, problem: ImplantProblem, plan: ImplantPlan, *, report: Report = ignore_progress
) -> ImplantedSoFar:
    """Find needles and seeds on a CT taken during the procedure.

    Parameters
    ----------
    ct
        HU, in the frame of reference of the plan; a CT in which the patient lies otherwise is brought there first, by
        giving it a grid moved by the registration.
    problem
        What the plan was made for.
    plan
        What was to be implanted.
    report
        Told the progress; may raise ``Cancelled``.

    Raises
    ------
    ImageError
        The image is not a CT, does not show all of the target, or there is neither needle nor seed round it.
    """
    target = problem.anatomy.structures[problem.target]
    _check_shows(ct, target)
    found = detect_needles(ct.values, ct.grid, toward_mm=target.centre_mm, report=share_of(report, 0.0, 0.1))
    region = grow_structure(target, SEEDS_REACH_MM, name=f"{target.name} and {SEEDS_REACH_MM:g} mm")
    try:
        seeds = detect_seeds(ct.values, ct.grid, region=region, report=share_of(report, 0.1, 1.0))
    except ImageError as error:
        if not found:
            raise
        nothing = told_apart(found, np.empty((0, 3)), np.empty((0, 3)), (problem, plan))
        return replace(nothing, warnings=(f"Needles are in place and no seed was found: {error}",))
    outside = ~np.array([_inside_needle(position, found) for position in seeds.positions_mm], bool)
    positions, directions = seeds.positions_mm[outside], seeds.directions[outside]
    sure = told_apart(found, positions, directions, (problem, plan))
    candidates = [seed for seed in seeds.rejected if not _inside_needle(seed.position_mm, found)]
    taken = doubtful_seeds(candidates, sure.needles, sure.seeds, plan)
    confidence = seeds.confidence[outside].tolist()
    if not taken:
        return replace(sure, seed_confidence=tuple(confidence))
    more_mm, axes = np.array([seed.position_mm for seed in taken]), np.array([seed.direction for seed in taken])
    whole = told_apart(found, np.concatenate([positions, more_mm]), np.concatenate([directions, axes]), (problem, plan))
    return replace(
        whole,
        warnings=(*whole.warnings, *_doubts(len(positions), len(taken))),
        seed_confidence=(*confidence, *(seed.confidence for seed in taken)),
    )


def _check_shows(ct: Volume, target: Structure) -> None:
    voxels_ijk = np.argwhere(target.mask)[:, ::-1]
    shown = float(ct.grid.contains(target.grid.to_ras(voxels_ijk)).mean())
    if shown < LEAST_SHOWN:
        raise ImageError(
            f"The CT of the procedure {ct.name!r} shows {100 * shown:.0f} % of the target {target.name!r}: register it "
            "to the planning image first, or choose a CT of all of the target."
        )


def _doubts(sure: int, doubtful: int) -> tuple[str, ...]:
    last = sure + doubtful
    which = f"Seed {last} is" if doubtful == 1 else f"Seeds {sure + 1} to {last} are"
    return (
        f"{which} faint or of an odd shape on the CT, as beside needles, and taken because the plan has seeds there: "
        "look at them.",
    )


def told_apart(
    found: Sequence[FoundNeedle],
    positions_mm: FloatArray,
    directions: FloatArray,
    planned: tuple[ImplantProblem, ImplantPlan],
) -> ImplantedSoFar:
    """Return needles and seeds found as those of a plan.

    Parameters
    ----------
    found
        Needles in place.
    positions_mm, directions
        Of the seeds, RAS, (N, 3) each.
    planned
        What the plan was made for, and the plan.
    """
    problem, plan = planned
    in_place = _numbered(found, plan, problem.anatomy.structures[problem.target])
    numbers = _needles_of(positions_mm, in_place, plan)
    seeds = Seeds(positions_mm, directions, _strengths_u(numbers, problem, plan), needle=numbers)
    held = {needle.number for needle in in_place}
    out = [_through_seeds(needle, seeds) for needle in plan.needles if _is_out(needle, held, seeds)]
    known = held | {needle.number for needle in out}
    missing = tuple(needle.number for needle in plan.needles if needle.number not in known and _has_seeds(plan, needle))
    free = int((numbers == FREE).sum())
    lost = (f"{free} of {seeds.count} seeds lie on no needle: they are kept as they are.",) if free else ()
    warnings = (*lost, *doubts_of(in_place, out, seeds, plan))
    return ImplantedSoFar((*in_place, *out), seeds, frozenset(held), missing, warnings)


def _inside_needle(position_mm: FloatArray, needles: Sequence[FoundNeedle]) -> bool:
    """Whether something was found where a needle is: a piece of it, not a seed."""
    for needle in needles:
        along = (needle.tip_mm - needle.entry_mm) / needle.length_mm
        depth_mm = float((position_mm - needle.entry_mm) @ along)
        aside_mm = float(np.linalg.norm(position_mm - needle.entry_mm - depth_mm * along))
        if aside_mm < INSIDE_NEEDLE_MM and depth_mm < needle.length_mm + BEYOND_TIP_MM:
            return True
    return False


def _numbered(found: Sequence[FoundNeedle], plan: ImplantPlan, target: Structure) -> tuple[Needle, ...]:
    """Needles found, each with number and hole of the planned one it is; the others numbered on."""
    from scipy.optimize import linear_sum_assignment

    cost = np.array([[_unlikeness(needle, planned, target) for planned in plan.needles] for needle in found])
    cost = cost.reshape(len(found), len(plan.needles))
    rows, columns = linear_sum_assignment(np.minimum(cost, 1e6))
    matched = {int(r): plan.needles[int(c)] for r, c in zip(rows, columns, strict=True) if np.isfinite(cost[r, c])}
    last = max((needle.number for needle in plan.needles), default=0)
    needles = []
    for index, needle in enumerate(found):
        like = matched.get(index)
        last += like is None
        number, hole = (last, "") if like is None else (like.number, like.hole)
        needles.append(Needle(number, needle.entry_mm, needle.tip_mm, hole))
    return tuple(sorted(needles, key=lambda needle: needle.number))


def _unlikeness(found: FoundNeedle, planned: Needle, target: Structure) -> float:
    """How far a needle lies from a planned one, mm with a degree as a millimetre; infinity where it is another."""
    along = (found.tip_mm - found.entry_mm) / found.length_mm
    angle_deg = float(np.rad2deg(np.arccos(np.clip(along @ planned.direction, -1, 1))))
    middle = planned.at(planned.depth_of(target.centre_mm))
    offset = middle - found.entry_mm
    aside_mm = float(np.linalg.norm(offset - (offset @ along) * along))
    if angle_deg > SAME_NEEDLE_DEG or aside_mm > SAME_NEEDLE_MM:
        return np.inf
    return aside_mm + DEGREES_COUNT_MM * angle_deg


def _needles_of(positions_mm: FloatArray, in_place: Sequence[Needle], plan: ImplantPlan) -> IntArray:
    """Number of the needle that each seed came from, (N,): one in place whose line it lies on, else a planned one."""
    numbers = np.full(len(positions_mm), FREE)
    held = {needle.number for needle in in_place}
    out = [needle for needle in plan.needles if needle.number not in held]
    for needles, reach_mm in ((in_place, ON_NEEDLE_MM), (out, SAME_NEEDLE_MM)):
        left = np.flatnonzero(numbers == FREE)
        if not len(left) or not needles:
            continue
        aside_mm = np.stack([_aside_mm(needle, positions_mm[left]) for needle in needles])
        nearest = np.argmin(aside_mm, axis=0)
        near = aside_mm[nearest, np.arange(len(left))] < reach_mm
        numbers[left[near]] = np.array([needle.number for needle in needles])[nearest[near]]
    return numbers


def _aside_mm(needle: Needle, points_mm: FloatArray) -> FloatArray:
    """Distance of points from a needle's line, also beyond its ends, (N,)."""
    aside: FloatArray = np.linalg.norm(points_mm - needle.at(needle.depth_of(points_mm)), axis=-1)
    return aside


def _strengths_u(numbers: IntArray, problem: ImplantProblem, plan: ImplantPlan) -> FloatArray:
    """The planned strength of the seeds on each needle; of others the commonest on hand, the first."""
    strengths = np.full(len(numbers), problem.strengths_u[0])
    for number in np.unique(numbers):
        planned = plan.seeds.air_kerma_strength_u[plan.seeds.needle == number]
        if len(planned):
            strengths[numbers == number] = np.median(planned)
    return strengths


def _is_out(planned: Needle, held: set[int], seeds: Seeds) -> bool:
    return planned.number not in held and bool((seeds.needle == planned.number).any())


def _has_seeds(plan: ImplantPlan, needle: Needle) -> bool:
    return bool((plan.seeds.needle == needle.number).any())


def _through_seeds(planned: Needle, seeds: Seeds) -> Needle:
    """A planned needle that is out again, moved so that it runs through the middle of the seeds it left."""
    middle = seeds.positions_mm[seeds.needle == planned.number].mean(axis=0)
    shift = middle - planned.at(planned.depth_of(middle))
    return replace(planned, entry_mm=planned.entry_mm + shift, tip_mm=planned.tip_mm + shift)
