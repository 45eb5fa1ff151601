"""How long a reader waits for a lesion's diameters, and how right they are: lesions of 5 cm at 0.5 mm."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from figures import Figure, peak_megabytes, seconds
from scipy.ndimage import gaussian_filter

from brachyresponse.geometry import Grid
from brachyresponse.response import measure_lesion

sys.path.append(str(Path(__file__).resolve().parent.parent / "Testing"))
from lesion_shapes import NAMES, expected_mm, one_slice, rastered

GRID = Grid.covering([-30, -30, -30], [30, 30, 30], 0.5)
AWAY_MM = np.linalg.norm(GRID.points_mm(), axis=-1)
ROUGHNESS_MM = 1.5
RASTERS = 60


def noise_mm() -> np.ndarray:
    """Bumps and bays of some millimetres."""
    noise = gaussian_filter(np.random.default_rng(0).normal(size=GRID.shape_kji), 4)
    return ROUGHNESS_MM * noise / noise.std()


def bench_measuring() -> list[Figure]:
    """All slices of a lesion, by shape; the plane across the space diagonal is resampled."""
    ragged, hollow = AWAY_MM + noise_mm() < 24, AWAY_MM - noise_mm() > 14
    ball = AWAY_MM < 25
    memory = peak_megabytes(lambda: measure_lesion(ragged & hollow, GRID))  # first: later runs use the same memory
    return [
        Figure("lesion of 5 cm at 0.5 mm, round", seconds(lambda: measure_lesion(ball, GRID)), "s", 0.2),
        Figure("the same, ragged", seconds(lambda: measure_lesion(ragged, GRID)), "s", 0.2),
        Figure("ragged ring, core filled", seconds(lambda: measure_lesion(ragged & hollow, GRID, holes="fill")), "s"),
        Figure("ragged ring, core left out", seconds(lambda: measure_lesion(ragged & hollow, GRID)), "s"),
        Figure("round, oblique plane", seconds(lambda: measure_lesion(ball, GRID, plane=(1, 1, 1))), "s"),
        Figure("ragged ring: peak memory", memory, "MB", 100),
    ]


def bench_accuracy() -> list[Figure]:
    """Largest error of the first diameter over rotations and shifts, as a share of a pixel."""
    figures = []
    for pixel_mm in ((1.0, 1.0), (1.0, 0.5), (0.47, 0.47)):
        for parts, kind in ((1, "mask"), (8, "shares")):
            worst = max(largest_error_px(name, pixel_mm, parts) for name in NAMES)
            what = f"anchors on pixels of {pixel_mm[0]} x {pixel_mm[1]} mm, {kind}: longest diameter"
            figures.append(Figure(what, worst, "pixels", 1.0))
    return figures


def largest_error_px(name: str, pixel_mm: tuple[float, float], parts: int) -> float:
    """Of one shape."""
    random = np.random.default_rng(1)
    errors = []
    for _ in range(RASTERS):
        mask = rastered(name, pixel_mm, random.uniform(0, 360), tuple(random.uniform(-0.5, 0.5, 2)), parts)
        errors.append(measure_lesion(mask[None], one_slice(pixel_mm, mask.shape)).longest_mm - expected_mm(name)[0])
    return float(np.abs(errors).max()) / max(pixel_mm)
