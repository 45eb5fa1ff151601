"""The skin as a layer under the outline of the body."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning.surface import StructureSurface
from brachyresponse.seeds import Seeds

SKIN_THICKNESS_MM = 2.0
"""Epidermis and dermis together, for D0.1cc; an assumption of this software, named in the structure's name."""
SKIN_REACH_MM = 40.0
"""Skin further than this from every seed is left out: the dose there is a few percent of the prescription."""
SPACING_MM = 1.0


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
