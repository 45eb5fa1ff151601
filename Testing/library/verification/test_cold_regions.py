"""Parts of a target below the prescription."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from brachyresponse.dose import compute_dvh
from brachyresponse.geometry import Grid
from brachyresponse.verification import cold_regions

GRID = Grid.covering([-25, -25, -25], [25, 25, 25], 1.0)


def dose_cold_in(*balls: tuple[tuple[float, float, float], float, float]) -> np.ndarray:
    """150 Gy with colder balls: centre, radius in mm, least dose, linear to 150 Gy at the radius."""
    points_mm, dose_gy = GRID.points_mm(), np.full(GRID.shape_kji, 150.0)
    for centre_mm, radius_mm, least_gy in balls:
        distance_mm = np.linalg.norm(points_mm - np.array(centre_mm), axis=-1)
        dose_gy = np.minimum(dose_gy, least_gy + (150 - least_gy) * distance_mm / radius_mm)
    return dose_gy.astype(np.float32)


def test_a_target_without_a_cold_place_has_no_cold_region(a_ball: Callable) -> None:
    assert cold_regions(dose_cold_in(), GRID, a_ball("GTV", 12.0), 100.0) == ()


def test_a_cold_ball_is_found_with_volume_place_and_least_dose(a_ball: Callable) -> None:
    dose_gy = dose_cold_in(((-6.0, 0.0, 5.0), 6.0, 30.0))
    (region,) = cold_regions(dose_gy, GRID, a_ball("GTV", 15.0), 90.0)
    # below 90 Gy within 3 mm of the centre; linear interpolation on 1 mm voxels rounds the tip
    assert region.volume_cc == pytest.approx(4 / 3 * np.pi * 0.3**3, rel=0.1)
    np.testing.assert_allclose(region.centre_mm, [-6, 0, 5], atol=0.1)
    np.testing.assert_allclose(region.coldest_mm, [-6, 0, 5], atol=0.6)  # samples lie about 0.5 mm apart
    assert 30 <= region.least_gy < 50  # 20 Gy for each millimetre from the centre to the nearest sample
    assert region.least_gy < region.mean_gy < 90
    assert region.where == "left, superior, 8 mm from the centre"
    assert region.structure == "GTV"


def test_cold_regions_are_the_largest_first_and_add_up_to_what_v100_leaves(a_ball: Callable) -> None:
    target = a_ball("GTV", 12.0)
    dose_gy = dose_cold_in(((8.0, 0.0, 0.0), 5.0, 40.0), ((-8.0, 0.0, 0.0), 7.0, 40.0))
    regions = cold_regions(dose_gy, GRID, target, 100.0)
    assert [region.where.split(",")[0] for region in regions] == ["left", "right"]
    v100 = compute_dvh(dose_gy, GRID, target).v(100.0)
    assert sum(region.share_percent for region in regions) == pytest.approx(100 - v100, abs=0.02)  # same samples


def test_cold_places_that_touch_are_one_region(a_ball: Callable) -> None:
    dose_gy = dose_cold_in(((4.0, 0.0, 0.0), 8.0, 40.0), ((-4.0, 0.0, 0.0), 8.0, 40.0))
    (region,) = cold_regions(dose_gy, GRID, a_ball("GTV", 12.0), 100.0)
    assert region.where == "at the centre"


def test_what_lies_outside_the_dose_grid_is_not_called_cold(a_ball: Callable) -> None:
    target = a_ball("GTV", 12.0, (20.0, 0.0, 0.0))
    assert cold_regions(dose_cold_in(), GRID, target, 100.0) == ()
