"""The separate parts of a lesion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Structure
from brachyresponse.response.measurement.connected import IN_SPACE, count_connected, labelled
from brachyresponse.types import FloatArray, IntArray


def count_parts(structure: Structure) -> int:
    """Return into how many connected parts, of any size, a structure falls."""
    if structure.occupancy.dtype != bool:
        return len(_Parts.of(structure).numbers)
    return count_connected(structure.occupancy[_box(structure)], IN_SPACE, by_corners=True)


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
    found = _Parts.of(structure)
    chosen = [number for number in found.numbers if found.volumes_ml[number] >= smallest_ml]
    if not chosen:
        raise ResponseError(
            f"No part of {structure.name!r} holds a voxel by half and has {smallest_ml:g} mL or more: "
            "draw it on a finer grid, or allow smaller parts."
        )
    chosen.sort(key=lambda number: -found.volumes_ml[number])
    names = [structure.name] if len(chosen) == 1 else [f"{structure.name}, part {n + 1}" for n in range(len(chosen))]
    return tuple(found.part(number, name) for number, name in zip(chosen, names, strict=True))


@dataclass(frozen=True, eq=False)
class _Parts:
    """The connected parts of a structure: a label image on the box that holds it, and what is in it."""

    structure: Structure
    box: tuple[slice, ...]
    labels: IntArray
    numbers: list[int]

    @classmethod
    def of(cls, structure: Structure) -> _Parts:
        box = _box(structure)
        occupancy = structure.occupancy[box]
        labels = labelled(occupancy > 0, IN_SPACE, by_corners=True)
        return cls(structure, box, labels, np.unique(labels[structure.mask[box]]).tolist())

    @cached_property
    def volumes_ml(self) -> FloatArray:
        """Volume of each label, partial voxels counted by their share."""
        share = self.structure.occupancy[self.box].ravel()
        return np.bincount(self.labels.ravel(), share).astype(np.float64) * self.structure.grid.voxel_cc

    def part(self, number: int, name: str) -> Structure:
        """One part as a structure of its own."""
        share = np.zeros_like(self.structure.occupancy)
        share[self.box] = np.where(self.labels == number, self.structure.occupancy[self.box], 0)
        return replace(self.structure, name=name, occupancy=share)


def _box(structure: Structure) -> tuple[slice, ...]:
    lower, upper = structure.index_box()
    return tuple(slice(first, last + 1) for first, last in zip(lower, upper, strict=True))
