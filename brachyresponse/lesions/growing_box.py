"""The part of an image in which a lesion grows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure, Volume, share_on_grid
from brachyresponse.lesions.brain import brain_round
from brachyresponse.lesions.morphology import grid_part, smoothed
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray

CLICK_RADIUS_MM = 2.0
"""Within so much of the click the brightest voxel is where growing starts."""
TISSUE_RADIUS_MM = 30.0
"""Within so much of the click tissue is looked at to compare with; farther, the coil's brightness differs."""


@dataclass(frozen=True, eq=False)
class GrowingBox:
    """The smoothed image round a click, on a part of its grid.

    Parameters
    ----------
    image
        The whole image.
    part
        Where the part lies in arrays of the whole image.
    grid
        Of the part.
    values, away_mm
        [k, j, i]: smoothed values, and distances from the click.
    barrier
        [k, j, i]: what the lesion may not enter.
    start_kji
        Voxel of the part from which the lesion grows.
    click_level
        Mean of the values close to the click.
    radius_mm
        How far the lesion may reach.
    """

    image: Volume
    part: tuple[slice, ...]
    grid: Grid
    values: AnyArray
    away_mm: AnyArray
    barrier: BoolArray
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
            The click lies outside the image or in a barrier, or smoothing and radius are not possible.
        """
        click = _checked_click(image, click_mm)
        _check_lengths(radius_mm, smoothing_mm)
        grid, part = grid_part(image.grid, click, radius_mm)
        values = smoothed(np.nan_to_num(np.asarray(image.values[part], np.float32)), grid, smoothing_mm)
        away_mm = np.linalg.norm(grid.points_mm() - click, axis=-1)
        barrier = np.zeros(grid.shape_kji, bool) if barriers is None else share_on_grid(barriers, grid) >= 0.5
        close = (away_mm <= max(CLICK_RADIUS_MM, float(away_mm.min()))) & ~barrier
        if not close.any():
            raise StructureError("The click lies in a barrier, where no lesion may grow: click beside it.")
        start = np.array(np.unravel_index(np.argmax(np.where(close, values, -np.inf)), values.shape))
        return cls(image, part, grid, values, away_mm, barrier, start, float(values[close].mean()), radius_mm)

    @cached_property
    def brain(self) -> BoolArray:
        """The brain round the click, [k, j, i]."""
        return brain_round(self.values, self.grid, self.start_kji, self.click_level)

    @cached_property
    def allowed(self) -> BoolArray:
        """Where the lesion may grow, [k, j, i]."""
        allowed: BoolArray = self.brain & ~self.barrier & (self.away_mm <= self.radius_mm)
        return allowed

    @property
    def tissue_values(self) -> AnyArray:
        """Values of the brain near the click, (N,)."""
        near = self.brain & (self.away_mm <= TISSUE_RADIUS_MM)
        values: AnyArray = self.values[near]
        return values

    def whole(self, mask: BoolArray) -> BoolArray:
        """Return a mask of the part on the grid of the whole image."""
        result = np.zeros(self.image.grid.shape_kji, bool)
        result[self.part] = mask
        return result


def _checked_click(image: Volume, click_mm: ArrayLike) -> FloatArray:
    """The position of a click within an image, (3,) RAS."""
    click = np.asarray(click_mm, float)
    if click.shape != (3,) or not np.isfinite(click).all():
        raise StructureError(f"A click is three numbers in mm, found {click.tolist()}: click in the image.")
    if not image.grid.contains(click):
        raise StructureError(
            f"The click at {np.round(click, 1).tolist()} mm lies outside {image.name!r}: click within the image."
        )
    return click


def _check_lengths(radius_mm: float, smoothing_mm: float) -> None:
    if not (np.isfinite(radius_mm) and radius_mm > 0):
        raise StructureError(f"The lesion may reach {radius_mm:g} mm: give a positive radius.")
    if not (np.isfinite(smoothing_mm) and smoothing_mm >= 0):
        raise StructureError(f"The image is to be smoothed over {smoothing_mm:g} mm: give 0 or more.")
