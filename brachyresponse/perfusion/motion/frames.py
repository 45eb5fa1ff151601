"""The frames of a series on coarse voxels, as they are compared with one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from brachyresponse.geometry import Grid, Volume
from brachyresponse.lesions.mr_working_image import MrWorkingImage
from brachyresponse.perfusion.series import DynamicSeries
from brachyresponse.progress import Report
from brachyresponse.types import AnyArray, BoolArray, FloatArray

EARLY_SHARE = 0.15
"""The reference is one of the first frames, before the contrast agent comes."""
CHANGE_SHARE = 0.15
"""Voxels whose signal changes by more, on average, tell of contrast agent and not of motion."""


@dataclass(frozen=True, eq=False)
class CoarseSeries:
    """The frames on voxels of about 2 mm.

    Parameters
    ----------
    frames
        (T, k, j, i) float32.
    head
        [k, j, i]: the head and some air round it, on the reference frame.
    steady
        [k, j, i]: the part of it where the contrast agent changes little.
    reference_frame
        Index of the frame that the others are brought to.
    """

    frames: AnyArray
    grid: Grid
    head: BoolArray
    steady: BoolArray
    reference_frame: int

    @classmethod
    def of(cls, series: DynamicSeries, report: Report) -> Self:
        """Return the coarse frames of a series.

        Raises
        ------
        RegistrationError
            The series shows too little of a head.
        """
        working = []
        for number, frame in enumerate(series.frames):
            report(number / series.frame_count, f"{series.name}: averaging frames")
            working.append(MrWorkingImage.of(Volume(f"{series.name}, frame {number + 1}", frame, series.grid)))
        frames = np.stack([image.values for image in working])
        reference = _most_typical(frames[: max(3, round(EARLY_SHARE * len(frames)))])
        first = frames[reference]
        change = np.mean(np.abs(frames - first), axis=0)
        head = working[reference].head
        return cls(frames, working[reference].grid, head, head & (change <= CHANGE_SHARE * first), reference)

    @property
    def centre_mm(self) -> FloatArray:
        """Middle of the head, (3,)."""
        return self.grid.to_ras(np.argwhere(self.head).mean(axis=0)[::-1])


def _most_typical(frames: AnyArray) -> int:
    """Index of the frame nearest to the median of some frames: neither the first, unsteady one nor one that moved."""
    middle = np.median(frames, axis=0)
    return int(np.argmin([np.mean(np.abs(frame - middle)) for frame in frames]))
