"""MR images of the digital patient's head on coarse voxels, turned and moved as a test needs it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.transform import Rotation

from brachyresponse.digital_patient.head import Head
from brachyresponse.digital_patient.painting import paint
from brachyresponse.digital_patient.shapes import Shape, occupancy_in_box
from brachyresponse.geometry import Grid, Volume
from brachyresponse.progress import ignore_progress

MIDDLE_MM = np.array([0.0, 0.0, 10.0])
"""A point of the midsagittal plane."""
CONTRASTS = {
    "t2star": {
        "scalp": 300,
        "skull": 40,
        "csf": 900,
        "grey matter": 600,
        "white matter": 480,
        "brainstem": 500,
        "oedema": 700,
        "enhancing tumour": 620,
        "necrosis": 800,
        "vessel": 600,
    },
    "flair": {
        "scalp": 300,
        "skull": 40,
        "csf": 80,
        "grey matter": 400,
        "white matter": 330,
        "brainstem": 340,
        "oedema": 720,
        "enhancing tumour": 760,
        "necrosis": 650,
        "vessel": 60,
    },
}


def turned(angles_deg: ArrayLike = (0, 0, 0), shift_mm: ArrayLike = (0, 0, 0)) -> np.ndarray:
    """A motion of the head: turned about x, y and z, then shifted; RAS, (4, 4)."""
    motion = np.eye(4)
    motion[:3, :3] = Rotation.from_euler("xyz", angles_deg, degrees=True).as_matrix()
    motion[:3, 3] = shift_mm
    return motion


def head_grid(spacing_mm: float = 3.0) -> Grid:
    """A grid round the head, wherever it is turned by 20 degrees."""
    return Grid.covering([-96, -112, -104], [96, 112, 118], spacing_mm)


def painted(
    grid: Grid,
    *,
    motion: np.ndarray | None = None,
    contrast: str = "mri_t1_gd",
    signals: dict[str, float] | None = None,
    noise: float = 10.0,
    random_seed: int = 0,
) -> Volume:
    """The head after a motion; ``signals`` by tissue take the place of a contrast's."""
    motion = np.eye(4) if motion is None else motion
    in_head = Grid(grid.shape_kji, np.linalg.inv(motion) @ grid.ijk_to_ras)
    if signals is None and contrast == "mri_t1_gd":
        values = paint(Head(), in_head, contrast, ignore_progress)
    else:
        values = np.zeros(grid.shape_kji, np.float32)
        for tissue, shape in Head().painting():
            lay(values, shape, in_head, (signals or CONTRASTS[contrast]).get(tissue, 0))
    values += np.random.default_rng(random_seed).normal(0, noise, grid.shape_kji).astype(np.float32)
    return Volume(f"Head {contrast}", np.abs(values), grid)


def lay(values: np.ndarray, shape: Shape, grid: Grid, level: float) -> None:
    """Paint one shape over an image."""
    box, share = occupancy_in_box(shape, grid)
    values[box] += share * (np.float32(level) - values[box])


def inside(shape: Shape, grid: Grid) -> np.ndarray:
    """Voxels [k, j, i] whose centres lie in a shape."""
    return shape.distance_mm(grid.points_mm()) < 0
