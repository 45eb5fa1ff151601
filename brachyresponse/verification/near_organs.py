"""Seeds that lie close to organs at risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from brachyresponse.planning import PlanAnatomy
from brachyresponse.planning.overlap import SEED_DIAMETER_MM, SEED_LENGTH_MM
from brachyresponse.planning.surface import StructureSurface
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray

NEAR_ORGAN_MM = 5.0
"""Seeds up to so far from an organ are listed, where the profile has no wider limit: a proposal of this software."""
AXIS_POINTS = 19


@dataclass(frozen=True, eq=False)
class SeedNearOrgan:
    """A seed close to an organ.

    Parameters
    ----------
    seed
        Index of the found seed.
    organ
        Name of the organ.
    distance_mm
        From the seed's surface to the organ's; negative inside.
    position_mm
        Of the seed, RAS, (3,).
    stamp
        ``carried, not verified`` where the organ was not contoured on these images; else empty.
    """

    seed: int
    organ: str
    distance_mm: float
    position_mm: FloatArray = field(repr=False)
    stamp: str = ""


def organ_distances(seeds: Seeds, anatomy: PlanAnatomy) -> dict[str, FloatArray]:
    """Return, by organ at risk or structure to avoid, the distance of each seed's surface to it, mm, (N,).

    A seed is a rod of 4.5 x 0.8 mm with round ends; where its axis is not known, its end is taken to point at the
    organ, which errs to the safe side. Negative inside.
    """
    names = dict.fromkeys((*anatomy.roles.reported_organs, *anatomy.roles.avoid))
    return {name: rod_distances_mm(seeds, anatomy.surface(name)) for name in names}


def rod_distances_mm(seeds: Seeds, surface: StructureSurface) -> FloatArray:
    """Return the distance of each seed's surface to that of a structure, mm, (N,); see :func:`organ_distances`."""
    radius_mm, half_mm = SEED_DIAMETER_MM / 2, (SEED_LENGTH_MM - SEED_DIAMETER_MM) / 2
    along_mm = np.linspace(-half_mm, half_mm, AXIS_POINTS)[:, None]
    points_mm = seeds.positions_mm[:, None] + along_mm * seeds.directions[:, None]
    rod_mm = surface.distance_mm(points_mm).min(axis=1) - radius_mm
    ball_mm = surface.distance_mm(seeds.positions_mm) - SEED_LENGTH_MM / 2
    distance_mm: FloatArray = np.where(seeds.axis_known, rod_mm, ball_mm)
    return distance_mm


def seeds_near_organs(
    seeds: Seeds, distances_mm: Mapping[str, FloatArray], within_mm: float = NEAR_ORGAN_MM
) -> tuple[SeedNearOrgan, ...]:
    """Return the seeds whose surface is nearer to an organ than a distance, the nearest first."""
    found = [
        SeedNearOrgan(int(index), organ, float(to_organ[index]), seeds.positions_mm[index])
        for organ, to_organ in distances_mm.items()
        for index in np.flatnonzero(to_organ < within_mm)
    ]
    return tuple(sorted(found, key=lambda near: near.distance_mm))
