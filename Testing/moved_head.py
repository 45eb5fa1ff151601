"""CTs of the digital patient's head, painted anew where it lies turned and moved, with seeds in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.transform import Rotation

from brachyresponse.digital_patient.head import Head
from brachyresponse.digital_patient.painting import paint, region_structure
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.progress import ignore_progress

WHOLE_HEAD_MM = ((-84, -105, -98), (84, 105, 112))
TUMOUR_MM = np.array(Head().tumour.centre_mm)
NOISE_HU = 8.0


def rigid(shift_mm: ArrayLike, turn_deg: float, axis: ArrayLike = (0.6, -0.64, 0.48)) -> NDArray[np.float64]:
    """A turn about the tumour's centre, followed by a shift; RAS, (4, 4)."""
    motion = np.eye(4)
    motion[:3, :3] = Rotation.from_rotvec(np.deg2rad(turn_deg) * np.array(axis)).as_matrix()
    motion[:3, 3] = TUMOUR_MM - motion[:3, :3] @ TUMOUR_MM + shift_mm
    return motion


@dataclass(frozen=True)
class MovedHead:
    """The head after a rigid ``motion`` from where the digital patient lies, on an axis-aligned grid round it."""

    motion: NDArray[np.float64]
    spacing_mm: float = 2.5
    box_mm: tuple[tuple[float, ...], tuple[float, ...]] = WHOLE_HEAD_MM

    @property
    def grid(self) -> Grid:
        corners = np.array(np.meshgrid(*zip(*self.box_mm, strict=True))).reshape(3, -1).T
        moved = self.of(corners)
        return Grid.covering(moved.min(axis=0), moved.max(axis=0), self.spacing_mm)

    def of(self, points_mm: ArrayLike) -> NDArray[np.float64]:
        """Points of the patient where they lie after the motion."""
        return np.asarray(points_mm, float) @ self.motion[:3, :3].T + self.motion[:3, 3]

    @property
    def target(self) -> Structure:
        grid = self.grid
        drawn = region_structure("GTV", Head().structures()["GTV"], self._grid_in_patient(grid))
        return Structure("GTV", drawn.occupancy, grid)

    def ct(self, *, seeds_mm: ArrayLike = (), random_seed: int = 0) -> Volume:
        """Its CT with noise of its own; ``seeds_mm`` are bright spots where they are said to be, after the motion."""
        grid = self.grid
        values = paint(Head(), self._grid_in_patient(grid), "ct_hu", ignore_progress)
        values += np.random.default_rng(random_seed).normal(0, NOISE_HU, values.shape)
        points = grid.points_mm()
        for seed in np.reshape(seeds_mm, (-1, 3)):
            values += 4000 * np.exp(-0.5 * np.sum(((points - seed) / [1.2, 1.2, 2.2]) ** 2, axis=-1))
        return Volume("CT", np.clip(values, -1024, 3071).astype(np.int16), grid, "HU")

    def _grid_in_patient(self, grid: Grid) -> Grid:
        return Grid(grid.shape_kji, np.linalg.inv(self.motion) @ grid.ijk_to_ras)
