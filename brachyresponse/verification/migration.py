"""Seeds that went astray: far from every other seed, from every planned place, or from the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from brachyresponse.planning import StructureSurface
from brachyresponse.seeds import SeedMatch
from brachyresponse.types import FloatArray

LONE_MM = 15.0
"""One and a half times the usual 10 mm between seeds: a proposal of this software, as the others."""
OFF_PLAN_MM = 10.0
"""The usual distance between seeds."""
OUTSIDE_MM = 20.0


@dataclass(frozen=True)
class MigrationLimits:
    """From where on a seed may have migrated, mm; None for no limit.

    Parameters
    ----------
    nearest_seed_mm, off_plan_mm
        Distance to every other seed, and of a seed without a partner to every planned place; both of seeds outside
        the target only.
    outside_target_mm
        Distance outside the target.
    """

    nearest_seed_mm: float | None = LONE_MM
    off_plan_mm: float | None = OFF_PLAN_MM
    outside_target_mm: float | None = OUTSIDE_MM


@dataclass(frozen=True, eq=False)
class SeedPlaces:
    """Where each of N found seeds lies to its neighbours, the plan and the targets.

    Parameters
    ----------
    positions_mm
        (N, 3) RAS.
    nearest_seed_mm
        (N,) to the nearest other seed; infinite for an only seed.
    off_plan_mm
        (N,) to the nearest planned place, for seeds without a partner; 0 for a paired seed, whose place was planned.
    outside_target_mm
        (N,) to the nearest target's surface, negative inside.
    """

    positions_mm: FloatArray
    nearest_seed_mm: FloatArray
    off_plan_mm: FloatArray
    outside_target_mm: FloatArray

    @classmethod
    def of(
        cls, found_mm: FloatArray, planned_mm: FloatArray, match: SeedMatch, targets: Sequence[StructureSurface]
    ) -> SeedPlaces:
        """Measure found seeds (N, 3) against planned ones (M, 3), in the implant's space."""
        apart = np.linalg.norm(found_mm[:, None] - found_mm[None], axis=-1)
        np.fill_diagonal(apart, np.inf)
        off_plan = np.linalg.norm(found_mm[:, None] - planned_mm[None], axis=-1).min(axis=1)
        off_plan[match.pairs[:, 1]] = 0.0
        outside = np.min([surface.distance_mm(found_mm) for surface in targets], axis=0)
        return cls(found_mm, apart.min(axis=1), off_plan, outside)


@dataclass(frozen=True, eq=False)
class MigratedSeed:
    """A seed so far from the others, the plan or the target that it may have migrated.

    Parameters
    ----------
    seed
        Index of the found seed.
    nearest_seed_mm
        Distance to its nearest neighbour; None for the only seed.
    off_plan_mm
        Distance to the nearest planned place; 0 where it has a partner.
    outside_target_mm
        Distance to the nearest target's surface, negative inside.
    reason
        Which limits it broke, in words.
    position_mm
        RAS, (3,).
    stamp
        ``carried, not verified`` where a target was not contoured on these images; else empty.
    """

    seed: int
    nearest_seed_mm: float | None
    off_plan_mm: float
    outside_target_mm: float
    reason: str
    position_mm: FloatArray = field(repr=False)
    stamp: str = ""


def migrated_seeds(places: SeedPlaces, limits: MigrationLimits) -> tuple[MigratedSeed, ...]:
    """Return the seeds that lie further away than the limits allow.

    A lone seed inside the target is none: an implant may have a single seed, or two far apart.
    """
    found = []
    for index, position_mm in enumerate(places.positions_mm):
        near, out = float(places.nearest_seed_mm[index]), float(places.outside_target_mm[index])
        off_plan = float(places.off_plan_mm[index])
        if reasons := _reasons(near, off_plan, out, limits):
            only = None if np.isinf(near) else near
            found.append(MigratedSeed(index, only, off_plan, out, " and ".join(reasons), position_mm))
    return tuple(found)


def _reasons(near_mm: float, off_plan_mm: float, out_mm: float, limits: MigrationLimits) -> list[str]:
    checked = (
        (near_mm, limits.nearest_seed_mm, "from its nearest seed", out_mm > 0.0 and near_mm < np.inf),
        (off_plan_mm, limits.off_plan_mm, "from the nearest planned place", out_mm > 0.0),
        (out_mm, limits.outside_target_mm, "outside the target", True),
    )
    return [
        f"{distance_mm:.0f} mm {where} (limit {limit_mm:g} mm)"
        for distance_mm, limit_mm, where, applies in checked
        if applies and limit_mm is not None and distance_mm > limit_mm
    ]
