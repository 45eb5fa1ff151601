"""Structures brought to the grid of the map that they are measured on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure, resample_structure
from brachyresponse.types import AnyArray, BoolArray

WHOLE = 0.98
"""Share of a structure's volume that has to lie in the field of view, else it is said that it is cut off."""


@dataclass(frozen=True, eq=False)
class Placed:
    """A structure on another grid, [k, j, i]: its voxels, its share of each, and what has to be said of it.

    ``seen`` is how much of its volume lies in the field of view, 0 to 1.
    """

    mask: BoolArray
    share: AnyArray
    warnings: tuple[str, ...] = ()
    seen: float = 1.0


def place_structure(structure: Structure, grid: Grid, *, what: str, image: str) -> Placed:
    """Return the voxels of a grid of which a structure fills at least half.

    Parameters
    ----------
    what
        What the structure is, as ``lesion``, for the sentences.
    image
        What lies on the grid, as ``series 'DCE'``, for the sentences.

    Raises
    ------
    StructureError
        The structure lies outside the field of view, or is smaller than a voxel.
    """
    if structure.grid == grid:
        return Placed(np.asarray(structure.mask, bool), structure.occupancy)
    called = f"{what} {structure.name!r}"
    try:
        placed = resample_structure(structure, grid)
    except StructureError as error:
        raise StructureError(
            f"The {called} lies outside the field of view of {image}: it is drawn on another visit's images, or they "
            "have to be registered first."
        ) from error
    mask = np.asarray(placed.mask, bool)
    if not mask.any():
        raise StructureError(
            f"The {called} fills no voxel of {image} by half: it has {structure.volume_cc:.3f} cc, a voxel "
            f"{grid.voxel_cc:.3f} cc; draw it larger."
        )
    seen = placed.volume_cc / structure.volume_cc
    cut_off = f"Only {seen:.0%} of the {called} lie in the field of view of {image}."
    return Placed(mask, placed.occupancy, () if seen >= WHOLE else (cut_off,), seen)
