"""A structure without its holes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from brachyresponse.geometry.structure import Structure


def fill_holes(structure: Structure) -> Structure:
    """Return the structure with everything that it encloses; what is open to the edge of its image stays open.

    In a label image each voxel has one label, so that the body is hollow where other structures are drawn; air
    inside the body is not beyond the skin either.
    """
    from scipy.ndimage import label

    lower, upper = structure.index_box()
    box = tuple(slice(first, last + 1) for first, last in zip(lower, upper, strict=True))
    around = np.pad(~structure.mask[box], 1, constant_values=True)  # all that is beyond the box is one with the border
    regions, count = label(around)
    if count == 1:
        return structure
    holes = (regions > 0) & (regions != regions[0, 0, 0])
    filled = structure.occupancy.copy()
    filled[box][holes[1:-1, 1:-1, 1:-1]] = 1
    return replace(structure, occupancy=filled)
