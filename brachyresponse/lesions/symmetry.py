"""How symmetric a head is about a plane."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Self

import numpy as np

from brachyresponse.errors import ImageError
from brachyresponse.geometry import Grid, Volume, sample
from brachyresponse.lesions.morphology import smoothed
from brachyresponse.types import AnyArray, BoolArray, FloatArray

SPACING_MM = 4.0
SMOOTHING_MM = 2.0
EVENED_MM = 20.0
"""Receive coils brighten one side: values are divided by their mean over so much."""
POINTS = 5000
LIMIT = 0.25
"""Differences, in shares of the local mean, count up to this: a lesion is not to pull the plane."""
TURNS_DEG = np.arange(-30, 31, 6)
SHIFTS_MM = np.arange(-12, 13, 6)
FEWER = 4
"""The lattice is looked at on every fourth point."""
FOLLOWED = 2
LEAST_HEAD_CC = 300.0
LEAST_OVERLAP = 0.6
"""Share of the head that must lie in the image on both sides."""


@dataclass(frozen=True, eq=False)
class SymmetryImage:
    """A head on coarse voxels, and the points at which it is compared with its mirror image.

    Parameters
    ----------
    values
        [k, j, i], evened out: 1 is the mean of the surroundings, 0 is air.
    image_grid
        Of the whole image: beyond it nothing is known.
    grid
        Axis-aligned, round the head.
    points_mm
        (N, 3) in the head.
    centre_mm
        Middle of the head, (3,).
    """

    values: AnyArray
    image_grid: Grid
    grid: Grid
    points_mm: FloatArray
    centre_mm: FloatArray

    @classmethod
    def of(cls, image: Volume) -> Self:
        """Return the coarse head.

        Raises
        ------
        ImageError
            The image shows too little of a head.
        """
        corners = image.grid.corners_mm()
        grid = Grid.covering(corners.min(axis=0), corners.max(axis=0), SPACING_MM)
        finite = np.nan_to_num(np.asarray(image.values, np.float32))
        points = grid.points_mm()
        values = sample(smoothed(finite, image.grid, SMOOTHING_MM), image.grid, points)
        head = _head(values)
        if np.count_nonzero(head) * grid.voxel_cc < LEAST_HEAD_CC:
            raise ImageError(
                f"{image.name!r} shows {np.count_nonzero(head) * grid.voxel_cc:.0f} cc of a head, at least "
                f"{LEAST_HEAD_CC:g} cc are needed to find its middle: place the white matter by hand."
            )
        kji = np.argwhere(head)
        head_mm = grid.to_ras(kji[:, ::-1])
        return cls(
            _evened(values, grid),
            image.grid,
            grid,
            head_mm[:: max(len(head_mm) // POINTS, 1)],
            head_mm.mean(axis=0),
        )

    def normal(self, angles_deg: FloatArray) -> FloatArray:
        """Return the unit normal (3,) of a plane turned about the long axis and about the front-back axis."""
        about_z, about_y = np.deg2rad(angles_deg)
        return np.array([np.cos(about_z) * np.cos(about_y), np.sin(about_z) * np.cos(about_y), np.sin(about_y)])

    def correlation(self, angles_deg: FloatArray, offset_mm: float) -> float:
        """Return the correlation of the head with its mirror image."""
        here, there, _ = self._both(angles_deg, offset_mm, self.points_mm)
        return float(np.corrcoef(here, there)[0, 1]) if len(here) > 1 else 0.0

    def difference(self, plane: FloatArray, points_mm: FloatArray) -> float:
        """Return the mean difference of the head and its mirror image at some points, each point's up to a limit.

        Parameters
        ----------
        plane
            Two angles in degrees, and the distance from the middle of the head in mm.
        """
        here, there, overlap = self._both(plane[:2], float(plane[2]), points_mm)
        if overlap < LEAST_OVERLAP:
            return LIMIT * (2 - overlap)
        return float(np.minimum(np.abs(here - there), LIMIT).mean())

    def best_plane(self) -> tuple[FloatArray, float]:
        """Return the two angles and the distance from the middle of the head of the most symmetric plane."""
        from scipy.optimize import minimize

        few = self.points_mm[::FEWER]
        lattice = [np.array(plane, float) for plane in product(TURNS_DEG, TURNS_DEG, SHIFTS_MM)]
        starts = sorted(lattice, key=lambda plane: self.difference(plane, few))[:FOLLOWED]
        simplex = np.vstack([np.zeros(3), np.diag([3.0, 3.0, 3.0])])
        fits = [
            minimize(
                self.difference,
                start,
                args=(self.points_mm,),
                method="Nelder-Mead",
                options={"initial_simplex": start + simplex, "xatol": 0.02, "fatol": 1e-5},
            )
            for start in starts
        ]
        best = min(fits, key=lambda fit: float(fit.fun)).x
        return best[:2], float(best[2])

    def _both(
        self, angles_deg: FloatArray, offset_mm: float, points_mm: FloatArray
    ) -> tuple[FloatArray, FloatArray, float]:
        """Values at points and at their mirror images where both lie in the image, and the share that does."""
        normal = self.normal(angles_deg)
        away = (points_mm - self.centre_mm) @ normal - offset_mm
        mirrored = points_mm - 2 * away[:, None] * normal
        both = self.image_grid.contains(mirrored)
        here = sample(self.values, self.grid, points_mm[both])
        return here, sample(self.values, self.grid, mirrored[both]), float(both.mean())


def _head(values: FloatArray) -> BoolArray:
    """The largest connected part that is not air, holes filled."""
    from scipy.ndimage import binary_fill_holes, label

    bright = values > 0.25 * np.percentile(values[values > values.mean()], 50) if values.max() > 0 else values > 0
    parts, count = label(bright)
    if count == 0:
        return np.zeros(values.shape, bool)
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    head: BoolArray = binary_fill_holes(parts == np.argmax(sizes))
    return head


def _evened(values: FloatArray, grid: Grid) -> AnyArray:
    """Values over their mean round about."""
    around = smoothed(values.astype(np.float32), grid, EVENED_MM)
    evened: AnyArray = values / np.maximum(around, 0.05 * values.max() + 1e-6)
    return evened
