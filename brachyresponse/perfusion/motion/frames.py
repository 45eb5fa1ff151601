"""Frames of a series on coarse, smooth voxels, one at a time: memory does not grow with the series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from brachyresponse.errors import RegistrationError
from brachyresponse.geometry import Grid
from brachyresponse.perfusion.series import DynamicSeries
from brachyresponse.types import AnyArray, FloatArray

SPACING_MM = 2.5
EARLY_SHARE = 0.1
"""The reference is one of the first frames, before the contrast agent comes."""
AIR_SHARE = 0.15
"""Of the 90th percentile: darker is air."""
POINTS = 15_000
LEAST_HEAD_CC = 50.0


@dataclass(frozen=True, eq=False)
class CoarseFrames:
    """The frames of a series, and the points of the head at which they are compared.

    Parameters
    ----------
    frames
        T images [k, j, i] on the series' grid.
    fine_grid, grid
        Of the series, and of its coarse frames.
    reference_frame
        Index of the frame that the others are brought to.
    points_mm
        (N, 3) RAS in the head, on the reference frame.
    """

    frames: Sequence[AnyArray]
    fine_grid: Grid
    grid: Grid
    reference_frame: int
    points_mm: FloatArray

    @classmethod
    def of(cls, series: DynamicSeries) -> Self:
        """Return the coarse frames of a series.

        Raises
        ------
        RegistrationError
            The series shows too little of a head.
        """
        first = series.frames[: max(3, round(EARLY_SHARE * series.frame_count))]
        coarse = [_coarse(frame, series.grid) for frame in first]
        reference, grid = _most_typical([values for values, _ in coarse]), coarse[0][1]
        values = coarse[reference][0]
        head = values > max(AIR_SHARE * float(np.percentile(values, 90)), 0.0)
        found_cc = np.count_nonzero(head) * grid.voxel_cc
        if found_cc < LEAST_HEAD_CC or min(grid.shape_kji) < 3:
            raise RegistrationError(
                f"Series {series.name!r} shows {found_cc:.0f} cc of tissue on {grid.describe()}: at least "
                f"{LEAST_HEAD_CC:g} cc and 3 slices are needed to find motion."
            )
        return cls(series.frames, series.grid, grid, reference, _some_points_mm(head, grid))

    @property
    def centre_mm(self) -> FloatArray:
        """Middle of the head, (3,)."""
        centre: FloatArray = self.points_mm.mean(axis=0)
        return centre

    def smooth(self, number: int, width_mm: float) -> AnyArray:
        """Return a coarse frame under a Gaussian of a standard deviation, [k, j, i]."""
        from scipy.ndimage import gaussian_filter

        values, grid = _coarse(self.frames[number], self.fine_grid)
        sigma = np.minimum(width_mm / grid.spacing_ijk_mm[::-1], 2.0)
        return np.asarray(gaussian_filter(values, np.where(sigma < 0.5, 0.0, sigma)))


def _coarse(frame: AnyArray, grid: Grid) -> tuple[AnyArray, Grid]:
    """A frame averaged over blocks of voxels, float32, and its grid."""
    import SimpleITK as sitk

    factors = np.maximum(np.floor(SPACING_MM / grid.spacing_ijk_mm + 0.25), 1).astype(int)
    factors = np.minimum(factors, np.array(grid.size_ijk))
    image = sitk.BinShrink(grid.to_image(np.nan_to_num(frame.astype(np.float32))), [int(n) for n in factors])
    return sitk.GetArrayFromImage(image), Grid.from_image(image)


def _most_typical(frames: list[AnyArray]) -> int:
    """Index of the frame nearest to the median of some frames: neither the first, unsteady one nor one that moved."""
    middle = np.median(frames, axis=0)
    return int(np.argmin([np.mean(np.abs(frame - middle)) for frame in frames]))


def _some_points_mm(head: AnyArray, grid: Grid) -> FloatArray:
    """Centres of some voxels of the head and of what touches it, so that its outline counts."""
    from scipy.ndimage import binary_dilation

    kji = np.argwhere(binary_dilation(head))
    chosen = np.random.default_rng(0).permutation(len(kji))[:POINTS]
    return grid.to_ras(kji[np.sort(chosen)][:, ::-1])
