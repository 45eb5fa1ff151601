"""What the registration of MR images looks at: the head on voxels of about 2.5 mm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from brachyresponse.errors import RegistrationError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.registration import ImagePair, Measure
from brachyresponse.types import AnyArray, BoolArray, FloatArray

SPACING_MM = 2.5
AIR_SHARE = 0.15
"""Of the 90th percentile: darker is air."""
BRIGHTEST_PERCENTILE = 99.5
HEAD_BAND_MM = 4.0
LEAST_HEAD_CC = 50.0
CHECKER_MM = 24.0
"""Edge of the cubes into which the head is cut for two independent registrations."""


@dataclass(frozen=True, eq=False)
class MrWorkingImage:
    """An MR image averaged to voxels of about 2.5 mm, the brightest levelled, and its head with some air round it."""

    values: AnyArray
    grid: Grid
    head: BoolArray

    @classmethod
    def of(cls, image: Volume) -> Self:
        """Return the working image.

        Raises
        ------
        RegistrationError
            The image shows too little of a head, or is too thin.
        """
        import SimpleITK as sitk
        from scipy.ndimage import distance_transform_edt

        values = np.nan_to_num(np.asarray(image.values, np.float32))
        top = float(np.percentile(values, BRIGHTEST_PERCENTILE))
        values = np.clip(values, 0, top)
        factors = np.maximum(np.rint(SPACING_MM / image.grid.spacing_ijk_mm), 1).astype(int)
        coarse = sitk.BinShrink(image.grid.to_image(values), [int(n) for n in factors])
        values, grid = sitk.GetArrayFromImage(coarse), Grid.from_image(coarse)
        tissue = values > AIR_SHARE * np.percentile(values, 90)
        found_cc = np.count_nonzero(tissue) * grid.voxel_cc
        if top <= 0 or found_cc < LEAST_HEAD_CC or min(grid.shape_kji) < 4:
            raise RegistrationError(
                f"{image.name!r} shows {found_cc:.0f} cc of tissue on {grid.describe()}, at least {LEAST_HEAD_CC:g} cc "
                "and 4 slices are needed for a registration: give an image that shows more of the head."
            )
        away = distance_transform_edt(~tissue, sampling=grid.spacing_ijk_mm[::-1])
        return cls(values, grid, away <= HEAD_BAND_MM)

    @property
    def head_cc(self) -> float:
        """Volume of the head that the image shows."""
        return float(np.count_nonzero(self.head)) * self.grid.voxel_cc

    @property
    def centre_mm(self) -> FloatArray:
        """Middle of the head, (3,)."""
        return self.grid.to_ras(np.argwhere(self.head).mean(axis=0)[::-1])


def image_pair(fixed: MrWorkingImage, moving: MrWorkingImage, *, part: int | None = None) -> ImagePair:
    """Return two MR images to be laid on one another, on every voxel of the head or on one of two halves of it."""
    mask = fixed.head
    if part is not None:
        cells = np.floor(fixed.grid.points_mm() / CHECKER_MM).sum(axis=-1)
        mask = mask & (cells % 2 == part)
    usable = np.ones(moving.grid.shape_kji, bool)
    return ImagePair(fixed.values, fixed.grid, mask, moving.values, moving.grid, usable, Measure.MUTUAL_INFORMATION)
