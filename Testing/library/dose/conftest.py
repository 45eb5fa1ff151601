"""Sources, grids and implants that the dose tests share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import ArrayLike

from brachyresponse.geometry import Grid
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source, load_source


@pytest.fixture
def asymmetric_source() -> Source:
    """A 6711 whose far end is shielded to half, smoothly from the middle on: a table from 0 to 180 degrees."""
    source = load_source("amersham_6711")
    angles, table = source.anisotropy_theta_deg, source.anisotropy
    shield = np.linspace(1.0, 0.5, angles.size)[1:]
    return replace(
        source,
        name="asymmetric",
        anisotropy_theta_deg=np.concatenate([angles, 180 - angles[-2::-1]]),
        anisotropy=np.concatenate([table, table[:, -2::-1] * shield], axis=1),
    )


@pytest.fixture
def tilted_grid() -> Grid:
    """70 x 60 x 40 voxels of 1 x 1.2 x 1.9 mm, centred on the origin, turned about no axis of its own."""
    first = np.array([2.0, 1.0, -0.5]) / np.linalg.norm([2.0, 1.0, -0.5])
    second = np.cross(first, [0.3, -1.0, 0.7])
    second /= np.linalg.norm(second)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([first, second, np.cross(first, second)], axis=1) * [1.0, 1.2, 1.9]
    matrix[:3, 3] = -matrix[:3, :3] @ [34.5, 29.5, 19.5]
    return Grid((40, 60, 70), matrix)


def scattered_seeds(count: int, radius_mm: float = 20.0, *, random_seed: int = 1) -> Seeds:
    """Seeds anywhere in a sphere, in any direction, of different strengths."""
    random = np.random.default_rng(random_seed)
    positions = random.normal(size=(count, 3))
    positions *= radius_mm * random.uniform(0, 1, (count, 1)) ** (1 / 3) / np.linalg.norm(positions, axis=1)[:, None]
    return Seeds(positions, random.normal(size=(count, 3)), random.uniform(0.4, 0.6, count))


def needle_of_seeds(count: int, direction: ArrayLike, *, spacing_mm: float = 10.0) -> Seeds:
    """A needle through the origin, evenly loaded."""
    axis = np.asarray(direction, float) / np.linalg.norm(direction)
    along = (np.arange(count) - (count - 1) / 2) * spacing_mm
    return Seeds(np.outer(along, axis) + 0.3, np.tile(axis, (count, 1)), 0.5, needle=1)


@pytest.fixture
def scattered() -> Callable[..., Seeds]:
    """Make seeds anywhere in a sphere."""
    return scattered_seeds


@pytest.fixture
def needle() -> Callable[..., Seeds]:
    """Make a needle of seeds."""
    return needle_of_seeds
