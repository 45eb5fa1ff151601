"""The part of an image in which a lesion grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure, Volume, share_on_grid
from brachyresponse.lesions.morphology import closed, fill_enclosed, grid_part, opened, smoothed
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray

CLICK_RADIUS_MM = 2.0
"""Within so much of the click the brightest voxel is where growing starts."""
CUT_MM = 1.5
"""Connections thinner than twice this are cut."""
CLOSED_MM = 2.0
"""Gaps narrower than twice this are closed, so that a ring encloses its core."""
EDGE_VOXELS = 1


@dataclass(frozen=True, eq=False)
class GrowingBox:
    """The smoothed image round a click, on a part of its grid.

    Parameters
    ----------
    image
        The whole image.
    first_kji
        Where the part begins on the whole grid.
    grid
        Of the part.
    values
        Smoothed, [k, j, i].
    near
        [k, j, i]: within reach of the click.
    allowed
        [k, j, i]: within reach and not in a barrier.
    start_kji
        Voxel of the part from which the lesion grows.
    click_level
        Mean of the values close to the click.
    radius_mm
        How far the lesion may reach.
    """

    image: Volume
    first_kji: IntArray
    grid: Grid
    values: AnyArray
    near: BoolArray
    allowed: BoolArray
    start_kji: IntArray
    click_level: float
    radius_mm: float

    @classmethod
    def of(
        cls, image: Volume, click_mm: ArrayLike, radius_mm: float, smoothing_mm: float, barriers: Structure | None
    ) -> Self:
        """Return the part of an image round a click.

        Raises
        ------
        StructureError
            The click lies outside the image or in a barrier.
        """
        click = checked_click(image, click_mm)
        first, grid, part = grid_part(image.grid, click, radius_mm)
        values = smoothed(image.values[part].astype(np.float32), grid, smoothing_mm)
        away_mm = np.linalg.norm(grid.points_mm() - click, axis=-1)
        near = away_mm <= radius_mm
        allowed = near.copy()
        if barriers is not None:
            allowed &= share_on_grid(barriers, grid) < 0.5
        close = (away_mm <= max(CLICK_RADIUS_MM, float(away_mm.min()))) & allowed
        if not close.any():
            raise StructureError("The click lies in a barrier, where no lesion may grow: click beside it.")
        start = np.unravel_index(np.argmax(np.where(close, values, -np.inf)), values.shape)
        level = float(values[close].mean())
        return cls(image, first, grid, values, near, allowed, np.array(start), level, radius_mm)

    def connected(self, threshold: float) -> BoolArray:
        """Return the voxels above a threshold that hang together with the start, [k, j, i]."""
        import SimpleITK as sitk

        values = np.where(self.allowed, self.values, np.float32(-np.inf))
        image = sitk.GetImageFromArray(values.astype(np.float32))
        seed = [int(n) for n in self.start_kji[::-1]]
        grown = sitk.ConnectedThreshold(image, seedList=[seed], lower=float(threshold), upper=float(np.inf))
        mask: BoolArray = sitk.GetArrayFromImage(grown) > 0
        return mask

    def grown(self, threshold: float, fill_core: bool) -> BoolArray:
        """Return the lesion above a threshold: gaps closed, what it encloses filled, thin connections cut."""
        mask = self.connected(threshold)
        if not mask.any():
            mask[tuple(self.start_kji)] = True
        solid = closed(mask, self.grid, CLOSED_MM) & self.allowed
        solid = fill_enclosed(solid, self.grid) & self.allowed
        kept = opened(solid, self.grid, CUT_MM, self.start_kji)
        return kept if fill_core else kept & (self.values >= threshold)

    def leaks(self, mask: BoolArray) -> bool:
        """Tell whether a lesion reaches as far as it may go."""
        import SimpleITK as sitk  # noqa: F401
        from scipy.ndimage import binary_dilation

        return bool(np.any(binary_dilation(mask) & ~self.near))

    def warnings(self, mask: BoolArray) -> list[str]:
        """Return what of a lesion's surface a person has to look at."""
        return []

    def whole(self, mask: BoolArray) -> BoolArray:
        """Return a mask of the part on the grid of the whole image."""
        result = np.zeros(self.image.grid.shape_kji, bool)
        result[tuple(slice(a, a + n) for a, n in zip(self.first_kji, mask.shape, strict=True))] = mask
        return result


def checked_click(image: Volume, click_mm: ArrayLike) -> FloatArray:
    """Return the position of a click within an image, (3,) RAS.

    Raises
    ------
    StructureError
        It is not a position, or lies outside.
    """
    click = np.asarray(click_mm, float)
    if click.shape != (3,) or not np.isfinite(click).all():
        raise StructureError(
            f"A click is three numbers in mm, found {click.tolist()}: click in the image."
        )
    if not image.grid.contains(click):
        raise StructureError(
            f"The click at {np.round(click, 1).tolist()} mm lies outside {image.name!r}: click within the image."
        )
    return click
