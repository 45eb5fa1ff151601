"""The geometry anchors after rastering: within one pixel at any rotation, on square, oblong and fine pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.response import LesionMeasurement, measure_lesion
from lesion_shapes import NAMES, expected_mm, one_slice, rastered
from reference import needs_reference
from segments_inside import outside_by_mm

pytestmark = needs_reference("response", "geometry_anchors.json")

PIXELS_MM = [(1.0, 1.0), (1.0, 0.5), (0.47, 0.47)]
ANGLES_DEG = [0.0, 9.7, 45.0, 73.3]


def measured(
    name: str, pixel_mm: tuple[float, float], angle_deg: float, *, parts: int = 1, holes: str = "exclude"
) -> LesionMeasurement:
    mask = rastered(name, pixel_mm, angle_deg, offset_px=(0.31, -0.17), parts=parts)
    return measure_lesion(mask[None], one_slice(pixel_mm, mask.shape), holes=holes)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pixel_mm", PIXELS_MM)
@pytest.mark.parametrize("angle_deg", ANGLES_DEG)
def test_a_mask_of_an_anchor_is_measured_within_a_pixel(
    name: str, pixel_mm: tuple[float, float], angle_deg: float
) -> None:
    found, (longest_mm, perpendicular_mm) = measured(name, pixel_mm, angle_deg), expected_mm(name)
    assert found.longest_mm == pytest.approx(longest_mm, abs=max(pixel_mm))
    # In the L, a hundredth of a radian of the first diameter is a millimetre of the second one; where its sides run
    # along the pixels or their diagonals, whole pixels leave that open (shares of pixels do not, below).
    tolerance = max(pixel_mm) * (1.25 if name == "L" else 1)
    assert found.perpendicular_mm == pytest.approx(perpendicular_mm, abs=tolerance)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("angle_deg", ANGLES_DEG)
def test_shares_of_pixels_give_a_third_of_a_pixel(name: str, angle_deg: float) -> None:
    found, (longest_mm, perpendicular_mm) = measured(name, (1.0, 1.0), angle_deg, parts=6), expected_mm(name)
    assert found.longest_mm == pytest.approx(longest_mm, abs=0.34)
    assert found.perpendicular_mm == pytest.approx(perpendicular_mm, abs=0.75 if name == "L" else 0.34)


@pytest.mark.parametrize("angle_deg", ANGLES_DEG[:2])
def test_a_filled_ring_is_a_disc(angle_deg: float) -> None:
    found, (longest_mm, perpendicular_mm) = (
        measured("annulus", (1, 1), angle_deg, holes="fill"),
        expected_mm("annulus", "fill"),
    )
    assert found.longest_mm == pytest.approx(longest_mm, abs=1.0)
    assert found.perpendicular_mm == pytest.approx(perpendicular_mm, abs=1.0)
    assert found.volume_ml == pytest.approx(np.pi * 20**2 * 5 / 1000, rel=0.01)  # the hole counts; pixels at the edge


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("angle_deg", [0.0, 21.0])
def test_both_diameters_stay_inside_cross_and_are_at_right_angles(name: str, angle_deg: float) -> None:
    found = measured(name, (1.0, 0.5), angle_deg)
    longest, perpendicular = found.longest_ras_mm, found.perpendicular_ras_mm
    assert longest is not None
    assert perpendicular is not None
    loops = [loop[:, :2] for loop in found.outline_ras_mm]
    for line in (longest, perpendicular):
        assert outside_by_mm(line[:, :2], loops) < 2e-3  # of a millimetre: the outline is widened by less
    along, across = longest[1] - longest[0], perpendicular[1] - perpendicular[0]
    assert abs(along @ across) < 1e-9 * np.linalg.norm(along) * np.linalg.norm(across)  # rounding
    first, second = np.linalg.solve(np.stack([along, -across], axis=1)[:2], (perpendicular[0] - longest[0])[:2])
    assert -1e-3 <= first <= 1 + 1e-3
    assert -1e-3 <= second <= 1 + 1e-3


@settings(max_examples=15)
@given(st.floats(0, 360), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_an_ellipse_is_measured_within_a_pixel_however_it_lies(angle_deg: float, x_px: float, y_px: float) -> None:
    mask = rastered("ellipse", (1.0, 1.0), angle_deg, (x_px, y_px))
    found = measure_lesion(mask[None], one_slice((1.0, 1.0), mask.shape))
    assert (found.longest_mm, found.perpendicular_mm) == pytest.approx(expected_mm("ellipse"), abs=1.0)


@pytest.mark.validation
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pixel_mm", PIXELS_MM)
def test_200_rotations_and_shifts_of_every_anchor(name: str, pixel_mm: tuple[float, float]) -> None:
    random = np.random.default_rng(0)
    errors = []
    for _ in range(200):
        mask = rastered(name, pixel_mm, random.uniform(0, 360), tuple(random.uniform(-0.5, 0.5, 2)))
        found = measure_lesion(mask[None], one_slice(pixel_mm, mask.shape))
        errors.append(np.subtract((found.longest_mm, found.perpendicular_mm), expected_mm(name)))
    worst = np.abs(errors).max(axis=0)
    assert worst[0] <= max(pixel_mm)
    assert name == "L" or worst[1] <= 1.1 * max(pixel_mm)
    assert np.mean(np.abs(errors)[:, 1] <= max(pixel_mm)) >= 0.9  # in the L, where sides run along pixels: see above
