"""How well a seed's dose is interpolated across a brick: measured once for a kernel and a shape of brick."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.dose.bricks import Bricks
from brachyresponse.dose.frames import local_frames
from brachyresponse.dose.kernel import TRUE_RADIUS_MM, Kernel, KernelReader
from brachyresponse.types import BoolArray, Float32Array, FloatArray

RADIUS_RATIO = 1.06
ANGLE_CELLS = 48
TRIALS = 6
ONE_PLACE_MM = 3.0
CHECKED_VOXELS = 64


@dataclass(frozen=True, eq=False)
class NodeError:
    """Error of interpolation and least dose across a brick, by where its centre lies from the seed.

    F has kinks at the angles of its table and a cusp on the axis, which no smooth interpolation follows: the error
    depends on the source's own table. So it is not estimated but tried: for each radius (rising by a ratio) and
    angle (in even steps of tan(theta/2)), bricks turned at random, the largest error and the least dose found.

    Parameters
    ----------
    nearest_mm
        Bricks whose centre is closer are never interpolated.
    error, least
        Times squared distance of the centre, cGy mm2/h/U, (radii, angles).
    """

    nearest_mm: float
    error: Float32Array
    least: Float32Array

    @classmethod
    def of(cls, kernel: Kernel, bricks: Bricks) -> NodeError:
        """Measure a kernel on the bricks of a grid, as far as it reaches; the same each time."""
        nearest_mm = bricks.half_diagonal_mm + TRUE_RADIUS_MM
        rows = max(
            int(np.ceil(np.log((kernel.reach_mm - bricks.half_diagonal_mm) / nearest_mm) / np.log(RADIUS_RATIO))), 1
        )
        trial = _Trial(kernel, bricks, np.random.default_rng(0))
        error = np.zeros((rows, ANGLE_CELLS), np.float32)
        least = np.full((rows, ANGLE_CELLS), np.inf, np.float32)
        for turn in range(TRIALS):
            row, column = np.indices(error.shape) + trial.random.uniform(0, 1, (2, *error.shape))
            radius_mm = nearest_mm * RADIUS_RATIO**row
            angle = 2 * np.arctan(column / ANGLE_CELLS)
            angle = angle if turn % 2 == 0 else np.pi - angle  # a source may have two different ends
            found_error, found_least = trial.run(radius_mm.ravel(), angle.ravel())
            np.maximum(error, found_error.reshape(error.shape), out=error)
            np.minimum(least, found_least.reshape(error.shape), out=least)
        return cls(nearest_mm, _neighbours(error).max(axis=(2, 3)), _neighbours(least).min(axis=(2, 3)))

    def interpolated(
        self, local_mm: Float32Array, strength_u: Float32Array, crowding: Float32Array, tolerance: float
    ) -> BoolArray:
        """Choose which seeds to interpolate in which bricks.

        The errors of different seeds have different signs, so they add up in squares: the seeds with the least
        error are chosen until the sum reaches ``tolerance`` times the brick's least dose. Only seeds almost in one
        place err alike.

        Parameters
        ----------
        local_mm
            (3, B, N): centres of B bricks from N seeds, in the seeds' own frames, the axis last.
        strength_u
            (N,)
        crowding
            How many seeds err alike, (N,): :func:`seeds_in_one_place`.

        Returns
        -------
        BoolArray
            (B, N)
        """
        away_squared = local_mm[0] ** 2 + local_mm[1] ** 2
        along = np.abs(local_mm[2])
        radius_squared = away_squared + along**2
        radius = np.sqrt(radius_squared)
        tangent = np.sqrt(away_squared) / np.maximum(along + radius, 1e-6)
        row = np.log(np.maximum(radius, self.nearest_mm) / self.nearest_mm) / np.log(RADIUS_RATIO)
        row = np.minimum(row.astype(np.intp), len(self.error) - 1)
        cell = row * ANGLE_CELLS + np.minimum((tangent * ANGLE_CELLS).astype(np.intp), ANGLE_CELLS - 1)
        per_u = strength_u / np.maximum(radius_squared, self.nearest_mm**2)
        squares = (self.error.ravel()[cell] * per_u) ** 2 * crowding
        squares[radius < self.nearest_mm] = np.inf
        least = (self.least.ravel()[cell] * per_u).sum(axis=1)
        chosen: BoolArray = squares <= _threshold(squares, (tolerance * least) ** 2)
        return chosen


def seeds_in_one_place(positions_mm: FloatArray) -> Float32Array:
    """Count the seeds within a few mm of each, itself included, (N,): 1 in any implant that can be made."""
    counts = np.zeros(len(positions_mm), np.float32)
    for other in positions_mm:
        distance_squared = np.square(positions_mm - other).sum(axis=1)
        counts += np.exp(-distance_squared / ONE_PLACE_MM**2).astype(np.float32)
    return counts


class _Trial:
    """Interpolates bricks at given places round a seed, and says how far off it was."""

    def __init__(self, kernel: Kernel, bricks: Bricks, random: np.random.Generator) -> None:
        self.random = random
        farthest = np.argsort(-np.linalg.norm(bricks.voxel_offsets_mm, axis=1))[:8]
        others = random.permutation(len(bricks.voxel_offsets_mm))[:CHECKED_VOXELS]
        checked = np.unique(np.concatenate([farthest, others]))
        self._nodes = len(bricks.node_offsets_mm)
        self._matrix = bricks.at_voxels(np.eye(self._nodes, dtype=np.float32))[:, checked]
        self._offsets_mm = np.concatenate([bricks.node_offsets_mm, bricks.voxel_offsets_mm[checked]])
        self._reader = KernelReader(kernel)

    def run(self, radius_mm: FloatArray, angle: FloatArray) -> tuple[Float32Array, Float32Array]:
        """Error and least dose, times squared distance, (M,) each, of bricks at M places, all turned alike."""
        frame = local_frames(self.random.normal(size=(1, 3)))[0]
        offsets = self._offsets_mm @ frame.T
        turn = self.random.uniform(0, 2 * np.pi, radius_mm.size)
        away = radius_mm * np.sin(angle)
        centres = np.stack([away * np.cos(turn), away * np.sin(turn), radius_mm * np.cos(angle)], axis=1)
        step = self._reader.capacity // len(offsets)
        parts = [self._block(centres[start : start + step], offsets) for start in range(0, len(centres), step)]
        error, least = (np.concatenate(part) for part in zip(*parts, strict=True))
        scale = (radius_mm**2).astype(np.float32)
        return error * scale, least * scale

    def _block(self, centres: FloatArray, offsets: FloatArray) -> tuple[Float32Array, Float32Array]:
        shape = (len(centres), len(offsets))
        places = [flat.reshape(shape) for flat in self._reader.inputs(len(centres) * len(offsets))]
        for axis, place in enumerate(places):
            place[:] = centres[:, axis, None] + offsets[:, axis]
        rate = self._reader.rate_per_u(*(place.reshape(-1) for place in places)).reshape(shape)
        at_nodes, at_voxels = rate[:, : self._nodes], rate[:, self._nodes :]
        return np.abs(at_nodes @ self._matrix - at_voxels).max(axis=1), at_voxels.min(axis=1)


def _neighbours(table: Float32Array) -> Float32Array:
    """Each cell with the eight round it, (rows, columns, 3, 3): what was tried in one cell may come in the next."""
    windows: Float32Array = np.lib.stride_tricks.sliding_window_view(np.pad(table, 1, mode="edge"), (3, 3))
    return windows


def _threshold(values: Float32Array, allowed: Float32Array) -> Float32Array:
    """The largest value of each row up to which all smaller ones sum to no more than allowed, (B, 1); -1 for none."""
    ascending = np.sort(values, axis=1)
    count = (np.cumsum(ascending, axis=1) <= allowed[:, None]).sum(axis=1, keepdims=True)
    threshold: Float32Array = np.where(count > 0, np.take_along_axis(ascending, np.maximum(count - 1, 0), axis=1), -1)
    return threshold
