"""The skin as a layer under the outline of the body."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from brachyresponse.dose.samples import part_inside
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning.surface import StructureSurface
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray

SKIN_THICKNESS_MM = 2.0
"""Epidermis and dermis together, for D0.1cc; an assumption of this software, named in the structure's name."""
SKIN_REACH_MM = 40.0
"""Skin further than this from every seed is left out: the dose there is a few percent of the prescription."""
SPACING_MM = 1.0
SKIN_CC = 0.1
"""The hottest volume of skin, whose dose is reported."""


def skin_near(
    seeds: Seeds, body: StructureSurface, *, thickness_mm: float = SKIN_THICKNESS_MM, reach_mm: float = SKIN_REACH_MM
) -> Structure | None:
    """Return the layer of a thickness under the body's outline, near the seeds; None where no skin is in reach.

    The layer is taken in voxels of 1 mm. Where the outline is cut by the edge of its image, the cut counts as skin.
    """
    from scipy.ndimage import distance_transform_edt

    near = seeds.positions_mm[np.abs(body.distance_mm(seeds.positions_mm)) <= reach_mm]
    if not len(near):
        return None
    grid = Grid.covering(near.min(axis=0) - reach_mm, near.max(axis=0) + reach_mm, SPACING_MM)
    inside = body.contains(grid.points_mm())
    if inside.all():
        return None
    # The transform measures to the nearest voxel centre outside; the surface runs half a voxel before it.
    depth_mm = distance_transform_edt(inside, sampling=SPACING_MM) - SPACING_MM / 2
    layer = inside & (depth_mm <= thickness_mm)
    return Structure(f"Skin ({thickness_mm:g} mm under {body.name})", layer, grid) if layer.any() else None


def skin_in_grid(skin: Structure, seeds: Seeds, dose_grid: Grid) -> tuple[Structure | None, str]:
    """Return the part of the skin in a dose grid, None where there is none, and a warning unless it decides D0.1cc.

    The hottest skin is that nearest to the seeds. While the nearest 0.1 cc lie in the grid, what lies outside is
    further away and colder, and the name of the part says that it is one.
    """
    inside = part_inside(skin, dose_grid)
    if inside is skin.occupancy or np.array_equal(inside, skin.occupancy):
        return skin, ""
    name = skin.name.replace("Skin", "Skin in grid", 1)
    part = replace(skin, name=name, occupancy=inside) if inside.any() else None
    distance_mm = _distance_mm(skin, seeds)
    nearest = np.argsort(distance_mm, kind="stable")[: round(SKIN_CC / skin.grid.voxel_cc)]
    if inside[skin.mask][nearest].all():
        return part, ""
    return part, (
        f"The skin nearest to the seeds, {distance_mm[nearest[0]]:.0f} mm from one, lies outside the dose grid in part "
        "or whole: D0.1cc of the skin is not known; enlarge the dose grid."
    )


def is_skin_under(body: str, name: str) -> bool:
    """Tell whether a structure of this name is the skin under the outline of a body, or its part in a grid."""
    return bool(body) and name.startswith("Skin") and name.endswith(f" mm under {body})")


def _distance_mm(skin: Structure, seeds: Seeds) -> FloatArray:
    """Distance of each voxel of the skin to the nearest seed, (N,)."""
    from scipy.spatial import cKDTree

    points_mm = skin.grid.to_ras(np.argwhere(skin.mask)[:, ::-1])
    distance_mm: FloatArray = cKDTree(seeds.positions_mm).query(points_mm)[0]
    return distance_mm
