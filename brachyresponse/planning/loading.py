"""Laying seeds along needles, inside the target."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PlanError
from brachyresponse.geometry import Structure
from brachyresponse.planning.needles import Needle, check_numbers
from brachyresponse.planning.surface import StructureSurface, surface_of
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray

ROUNDING_MM = 1e-6


class Placement(StrEnum):
    """From where the seeds of a needle are counted."""

    CENTRED = "centred"
    """Spread evenly about the middle of the needle's run through the target."""
    FROM_TIP = "from_tip"
    """The deepest seed as far forward as allowed, the others behind it."""


@dataclass(frozen=True)
class LoadingRule:
    """How seeds are laid on a needle.

    Parameters
    ----------
    placement
        From where the seeds are counted.
    offset_mm
        All seeds are shifted this much towards the tip; those that leave the target are dropped.
    edge_mm
        Least distance, along the needle, of a seed's centre from both ends of the needle's run through the target.
    seed_length_mm
        No seed reaches beyond the needle's tip: its centre lies half this length before it, at least.
    whole_seed_inside
        Whether both ends of a seed must lie inside the target, not only its centre.
    """

    placement: Placement = Placement.CENTRED
    offset_mm: float = 0.0
    edge_mm: float = 0.0
    seed_length_mm: float = 4.5
    whole_seed_inside: bool = False

    def __post_init__(self) -> None:
        if not (np.isfinite([self.offset_mm, self.edge_mm, self.seed_length_mm]).all()):
            raise PlanError("Offset, edge distance and seed length must be finite numbers in mm.")
        if self.edge_mm < 0 or self.seed_length_mm < 0:
            raise PlanError(
                f"The edge distance is {self.edge_mm} mm and the seed length {self.seed_length_mm} mm: neither may be "
                "negative."
            )


def load_needle(
    needle: Needle,
    target: Structure | StructureSurface,
    *,
    spacing_mm: float,
    strength_u: float,
    rule: LoadingRule = LoadingRule(),
) -> Seeds:
    """Return seeds along one needle inside a target, shallowest first; no seeds where the needle holds none.

    Parameters
    ----------
    needle
        Seeds lie between its ends and point along it.
    target
        The structure, or its surface when many needles are loaded.
    spacing_mm
        Distance between the centres of neighbouring seeds.
    strength_u
        Air-kerma strength of each seed at implantation.
    rule
        Where the seeds begin and how near the edge they may lie.

    Raises
    ------
    PlanError
        The spacing is not positive.
    SeedsError
        The strength is not positive.
    """
    if not (np.isfinite(spacing_mm) and spacing_mm > 0):
        raise PlanError(f"The seed spacing is {spacing_mm} mm: give a positive distance along the needle.")
    surface = surface_of(target)
    return seeds_at(needle, _depths_mm(needle, surface, spacing_mm, rule), strength_u)


def load_needles(
    needles: Iterable[Needle],
    target: Structure,
    *,
    spacing_mm: float,
    strength_u: float,
    rule: LoadingRule = LoadingRule(),
) -> Seeds:
    """Return seeds along several needles inside a target, needle by needle; see :func:`load_needle`.

    Raises
    ------
    PlanError
        There are no needles, two have the same number, the spacing is not positive, or no needle holds a seed.
    SeedsError
        The strength is not positive.
    """
    needles = tuple(needles)
    check_numbers(needles)
    surface = StructureSurface(target)
    seeds = Seeds.none()
    for needle in needles:
        seeds = seeds.joined(load_needle(needle, surface, spacing_mm=spacing_mm, strength_u=strength_u, rule=rule))
    if not seeds.count:
        raise PlanError(
            f"No seed fits on the {len(needles)} needles inside {target.name!r}: draw needles through the target, "
            "or allow seeds nearer to its edge."
        )
    return seeds


def seeds_at(needle: Needle, depths_mm: ArrayLike, strength_u: float) -> Seeds:
    """Return seeds with their centres at depths (N,) of a needle and their axes along it."""
    positions = needle.at(np.atleast_1d(depths_mm))
    count = len(positions)
    directions = np.tile(needle.direction, (count, 1))
    return Seeds(positions, directions, np.full(count, strength_u), needle=np.full(count, needle.number))


def _depths_mm(needle: Needle, surface: StructureSurface, spacing_mm: float, rule: LoadingRule) -> FloatArray:
    half_seed_mm = rule.seed_length_mm / 2
    inset_mm = max(rule.edge_mm, half_seed_mm if rule.whole_seed_inside else 0.0)
    runs = surface.intervals_mm(needle.entry_mm, needle.direction) + np.array([inset_mm, -inset_mm])
    runs = np.clip(runs, half_seed_mm, needle.length_mm - half_seed_mm)
    runs = runs[runs[:, 1] - runs[:, 0] > ROUNDING_MM]
    if not len(runs):
        return np.empty(0)
    depths = _row_mm(float(runs[0, 0]), float(runs[-1, 1]), spacing_mm, rule.placement) + rule.offset_mm
    inside = (depths[:, None] >= runs[:, 0] - ROUNDING_MM) & (depths[:, None] <= runs[:, 1] + ROUNDING_MM)
    kept: FloatArray = depths[inside.any(axis=1)]
    return kept


def _row_mm(first_mm: float, last_mm: float, spacing_mm: float, placement: Placement) -> FloatArray:
    """Depths at a spacing between two depths, rising."""
    steps = np.arange(int((last_mm - first_mm + ROUNDING_MM) / spacing_mm) + 1) * spacing_mm
    slack_mm = last_mm - first_mm - steps[-1]
    start_mm = first_mm + (slack_mm / 2 if placement is Placement.CENTRED else slack_mm)
    row: FloatArray = start_mm + steps
    return row
