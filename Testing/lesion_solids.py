"""Solid lesions on grids of any orientation, for tests of measurement."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from brachyresponse.geometry import Grid, Structure


def turned(grid: Grid, axis: tuple[float, float, float], angle_deg: float) -> Grid:
    """A grid turned round its centre."""
    x, y, z = np.asarray(axis, float) / np.linalg.norm(axis)
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(angle_deg)
    turn = np.eye(4)
    turn[:3, :3] = np.eye(3) + np.sin(angle) * skew + (1 - np.cos(angle)) * skew @ skew
    turn[:3, 3] = grid.centre_mm - turn[:3, :3] @ grid.centre_mm
    return Grid(grid.shape_kji, turn @ grid.ijk_to_ras)


def ellipsoid(
    grid: Grid, semi_axes_mm: tuple[float, float, float], centre_mm: tuple[float, float, float] = (0, 0, 0)
) -> Structure:
    """An ellipsoid along the patient's axes."""
    away = (grid.points_mm() - centre_mm) / semi_axes_mm
    return Structure("Ellipsoid", (away**2).sum(axis=-1) <= 1, grid)


def ragged(random_seed: int, shape: tuple[int, int, int] = (3, 14, 16)) -> NDArray[Any]:
    """A lesion with bays, holes and specks."""
    random = np.random.default_rng(random_seed)
    noise = random.normal(size=shape)
    for axis in (1, 2):
        noise = noise + np.roll(noise, 1, axis=axis) + np.roll(noise, -1, axis=axis)
    _, j, i = np.indices(shape)
    away = np.hypot((j - shape[1] / 2) / 6, (i - shape[2] / 2) / 7)
    mask = (noise / noise.std() * 0.4 + 1.1 - away) > 0
    mask[:, [0, -1]] = mask[:, :, [0, -1]] = False
    return mask


def stored_in_every_order(mask: NDArray[Any], grid: Grid) -> list[tuple[NDArray[Any], Grid]]:
    """The same lesion with its axes permuted, and each of these flipped along some of them."""
    ways = []
    for number, order in enumerate(permutations(range(3))):
        flips = [axis for axis in range(3) if number >> axis & 1]
        array = np.flip(mask.transpose(order), axis=flips)
        columns = grid.ijk_to_ras[:3, :3][:, ::-1][:, list(order)]  # in the order k, j, i of the new array
        origin = grid.ijk_to_ras[:3, 3].copy()
        for axis in flips:
            origin += (array.shape[axis] - 1) * columns[:, axis]
            columns[:, axis] *= -1
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = columns[:, ::-1], origin
        ways.append((array, Grid((array.shape[0], array.shape[1], array.shape[2]), matrix)))
    return ways
