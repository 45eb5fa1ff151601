"""Which segments cannot stay inside a lesion, told quickly from its pixels."""

from __future__ import annotations

import numpy as np

from brachyresponse.response.measurement.outline import LEVEL
from brachyresponse.types import AnyArray, BoolArray, FloatArray

PARTS = (2, 4, 8, 16, 32)
"""Segments are looked at in their middle, then in the middle of the halves, and so on."""


class OutsidePixels:
    """The pixels of a slice that the outline does not come near."""

    def __init__(self, occupancy: AnyArray, pixel_mm: FloatArray, spare_mm: float) -> None:
        inside = np.asarray(occupancy >= LEVEL)
        self._pixel_mm = pixel_mm
        self._spare = 2 + int(np.ceil(spare_mm / pixel_mm.min()))
        self._near = ~_grown(np.pad(inside, 2), 2)
        self._far = ~_grown(np.pad(inside, self._spare), self._spare)

    def leave_points(self, start_mm: FloatArray, end_mm: FloatArray) -> BoolArray:
        """Tell which segments, (M, 2) each, meet no such pixel at some points of them, (M,)."""
        return self._leave(self._near, 2, start_mm, end_mm)

    def leave_groups(self, start_mm: FloatArray, end_mm: FloatArray) -> BoolArray:
        """The same for all segments whose ends differ by no more than the spare distance."""
        return self._leave(self._far, self._spare, start_mm, end_mm)

    def _leave(self, outside: BoolArray, padding: int, start_mm: FloatArray, end_mm: FloatArray) -> BoolArray:
        start, along = start_mm / self._pixel_mm + padding, (end_mm - start_mm) / self._pixel_mm
        left = np.arange(len(start))
        for parts in PARTS:
            for part in range(1, parts, 2):
                pixel = np.rint(start[left] + along[left] * (part / parts)).astype(np.int64)
                left = left[~outside[pixel[:, 1], pixel[:, 0]]]
        may = np.zeros(len(start), bool)
        may[left] = True
        return may


def _grown(mask: BoolArray, pixels: int) -> BoolArray:
    """A mask grown by some pixels along rows, columns and diagonals; it has so much to spare at its edges."""
    for axis in (0, 1):
        grown = mask.copy()
        for shift in range(1, pixels + 1):
            later, earlier = [slice(None)] * 2, [slice(None)] * 2
            later[axis], earlier[axis] = slice(shift, None), slice(None, -shift)
            grown[tuple(later)] |= mask[tuple(earlier)]
            grown[tuple(earlier)] |= mask[tuple(later)]
        mask = grown
    return mask
