"""The separate parts of a lesion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Structure


def parts_of(structure: Structure, *, smallest_ml: float = 0.0) -> tuple[Structure, ...]:
    """Return the connected parts of a structure, the largest first, named "Lesion, part 1" and so on.

    Voxels hang together by faces, edges and corners, as in the outline of a slice. A voxel that belongs by less than
    half goes with the part that it touches.

    Parameters
    ----------
    smallest_ml
        Smaller parts, such as single voxels, are left out.

    Raises
    ------
    ResponseError
        No part is as large as ``smallest_ml``, or no voxel belongs to the structure by half.
    """
    from scipy.ndimage import label

    lower, upper = structure.index_box()
    box = tuple(slice(first, last + 1) for first, last in zip(lower, upper, strict=True))
    occupancy = structure.occupancy[box]
    numbers, _ = label(occupancy > 0, np.ones((3, 3, 3)))
    core_voxels = np.bincount(numbers[structure.mask[box]], minlength=1)
    volumes = np.bincount(numbers.ravel(), occupancy.ravel()) * structure.grid.voxel_cc
    chosen = [n for n in range(1, len(core_voxels)) if core_voxels[n] and volumes[n] >= smallest_ml]
    if not chosen:
        raise ResponseError(
            f"No part of {structure.name!r} holds a voxel by half and has {smallest_ml:g} mL or more: "
            "draw it on a finer grid, or allow smaller parts."
        )
    parts: list[Structure] = []
    for number in sorted(chosen, key=lambda n: -volumes[n]):
        share = np.zeros_like(structure.occupancy)
        share[box] = np.where(numbers == number, occupancy, 0)
        name = structure.name if len(chosen) == 1 else f"{structure.name}, part {len(parts) + 1}"
        parts.append(replace(structure, name=name, occupancy=share))
    return tuple(parts)
