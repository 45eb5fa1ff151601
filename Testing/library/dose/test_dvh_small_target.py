"""D90 of a 0.6 cc target between real seeds, against the formalism evaluated at random points of the target."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.dose import compute_dvh, dose_rate, implant_dose
from brachyresponse.seeds import Seeds
from brachyresponse.sources import load_source
from solids import ball, grid_round, radius_of

RADIUS_MM = radius_of(0.6)
SOURCE = load_source("amersham_6711")
POSITIONS_MM = np.array([[3.0, 0, 0], [-3, 0, 0], [0, 2.5, 5], [0, -2.5, -5]])
SEEDS = Seeds(POSITIONS_MM, np.tile([0.0, 0, 1], (4, 1)), np.full(4, 0.5))


def exact_d90_gy() -> float:
    """From the dose rate at 50 000 even random points, times the seeds' mean life."""
    random = np.random.default_rng(0)
    points = random.normal(size=(50_000, 3))
    points *= RADIUS_MM * np.cbrt(random.uniform(size=(50_000, 1))) / np.linalg.norm(points, axis=1, keepdims=True)
    mean_life_h = SOURCE.half_life_days * 24 / np.log(2)
    return float(np.quantile(dose_rate(SOURCE, SEEDS, points), 0.1)) * mean_life_h / 100


@pytest.mark.parametrize(
    ("dose_grid_mm", "tolerance"),
    [(0.5, 0.005), (1.0, 0.01), (2.0, 0.04)],  # trilinear between voxels is too high near seeds
)
def test_d90_is_near_the_exact_one_and_stays_when_the_grids_shift(dose_grid_mm: float, tolerance: float) -> None:
    random = np.random.default_rng(7)
    found = []
    for _ in range(5):
        grid = grid_round(12, dose_grid_mm, shift_mm=random.uniform(-0.5, 0.5, 3) * dose_grid_mm)
        target = ball(grid_round(7, 1.0, shift_mm=random.uniform(-0.5, 0.5, 3)), RADIUS_MM)
        found.append(compute_dvh(implant_dose(SOURCE, SEEDS, grid), grid, target).d(90))
    np.testing.assert_allclose(found, np.mean(found), rtol=0.01)
    assert np.mean(found) == pytest.approx(exact_d90_gy(), rel=tolerance)


def test_d90_of_one_and_the_same_mask_stays_when_the_dose_grid_shifts() -> None:
    target = ball(grid_round(7, 1.0, shift_mm=(0.2, 0.4, 0.1)), RADIUS_MM, partial=False)
    found = []
    for shift_mm in (0.0, 0.25, 0.5, 0.75):
        grid = grid_round(12, 1.0, shift_mm=shift_mm)
        found.append(compute_dvh(implant_dose(SOURCE, SEEDS, grid), grid, target).d(90))
    np.testing.assert_allclose(found, np.mean(found), rtol=0.005)
