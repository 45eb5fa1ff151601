"""Seeds that went astray: far from every other seed, or far outside the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from brachyresponse.planning.surface import StructureSurface
from brachyresponse.types import FloatArray

LONE_MM = 15.0
"""One and a half times the usual 10 mm between seeds: a proposal of this software."""
OUTSIDE_MM = 20.0
"""From the target's surface: a proposal of this software."""


@dataclass(frozen=True)
class MigrationLimits:
    """From where on a seed may have migrated, mm; None for no limit."""

    nearest_seed_mm: float | None = LONE_MM
    outside_target_mm: float | None = OUTSIDE_MM


@dataclass(frozen=True, eq=False)
class MigratedSeed:
    """A seed so far from the others or from the target that it may have migrated.

    Parameters
    ----------
    seed
        Index of the found seed.
    nearest_seed_mm
        Distance to its nearest neighbour; None for the only seed.
    outside_target_mm
        Distance to the nearest target's surface, negative inside.
    reason
        Which limit it broke, in words.
    position_mm
        RAS, (3,).
    stamp
        ``carried, not verified`` where a target was not contoured on these images; else empty.
    """

    seed: int
    nearest_seed_mm: float | None
    outside_target_mm: float
    reason: str
    position_mm: FloatArray = field(repr=False)
    stamp: str = ""


def nearest_seed_mm(positions_mm: FloatArray) -> FloatArray:
    """Return the distance of each seed's centre to its nearest neighbour's, mm, (N,); infinite for an only seed."""
    apart = np.linalg.norm(positions_mm[:, None] - positions_mm[None], axis=-1)
    np.fill_diagonal(apart, np.inf)
    nearest: FloatArray = apart.min(axis=1)
    return nearest


def outside_target_mm(positions_mm: FloatArray, targets: Sequence[StructureSurface]) -> FloatArray:
    """Return how far each seed's centre lies from the nearest target's surface, mm, (N,); negative inside one."""
    distance: FloatArray = np.min([surface.distance_mm(positions_mm) for surface in targets], axis=0)
    return distance


def migrated_seeds(
    positions_mm: FloatArray, nearest_mm: FloatArray, outside_mm: FloatArray, limits: MigrationLimits
) -> tuple[MigratedSeed, ...]:
    """Return the seeds that are further from every other seed, or from the target, than the limits.

    A lone seed inside the target is none: an implant may have a single seed, or two far apart.
    """
    found = []
    for index in range(len(positions_mm)):
        near, out = float(nearest_mm[index]), float(outside_mm[index])
        reasons = []
        if limits.nearest_seed_mm is not None and limits.nearest_seed_mm < near < np.inf and out > 0:
            reasons.append(f"{near:.0f} mm from its nearest seed (limit {limits.nearest_seed_mm:g} mm)")
        if limits.outside_target_mm is not None and out > limits.outside_target_mm:
            reasons.append(f"{out:.0f} mm outside the target (limit {limits.outside_target_mm:g} mm)")
        if reasons:
            only = None if np.isinf(near) else near
            found.append(MigratedSeed(index, only, out, " and ".join(reasons), positions_mm[index]))
    return tuple(found)
