"""What a seed looks like: symmetry, and what thick slices and soft kernels do to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.seeds.detection.metal import seed_object
from brachyresponse.seeds.detection.template import ScannerImage, make_template

SEED = seed_object(4.5, 0.8)
TEMPLATE = make_template(SEED, ScannerImage(2.0, 0.5))
POINTS = np.random.default_rng(0).uniform(-4, 4, (200, 3))
ORIGIN = np.zeros((1, 3))

angles = st.floats(-np.pi, np.pi)
tilts = st.floats(-np.pi / 2, np.pi / 2)


def axis(azimuth: float, tilt: float) -> np.ndarray:
    return np.array([[np.cos(tilt) * np.cos(azimuth), np.cos(tilt) * np.sin(azimuth), np.sin(tilt)]])


def image(points: np.ndarray, direction: np.ndarray) -> np.ndarray:
    return TEMPLATE.hu(points, ORIGIN, direction)[0]


@given(angles, tilts)
def test_an_axis_has_no_sign_and_a_seed_no_front(azimuth: float, tilt: float) -> None:
    seen = image(POINTS, axis(azimuth, tilt))
    # HU of up to ten thousand, looked up in single precision
    np.testing.assert_allclose(seen, image(POINTS, -axis(azimuth, tilt)), atol=5)
    np.testing.assert_allclose(seen, image(-POINTS, axis(azimuth, tilt)), atol=5)


@given(angles, st.floats(-1.5, 1.5))  # an upright seed has no azimuth
def test_a_seed_turned_about_the_scanners_axis_looks_the_same_from_there(azimuth: float, tilt: float) -> None:
    c, s = np.cos(azimuth), np.sin(azimuth)
    turned = POINTS @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
    np.testing.assert_allclose(image(turned, axis(azimuth, tilt)), image(POINTS, axis(0, tilt)), atol=5)


def test_a_seed_is_brightest_in_its_middle_and_gone_two_slices_above() -> None:
    upright = axis(0, np.pi / 2)
    heights = np.array([[0, 0, z] for z in (0.0, 2.0, 4.0, 6.0)])
    seen = image(heights, upright)
    assert seen[0] > 3071 > seen[2] > -1
    assert seen[3] == 0


def test_thick_slices_show_a_flat_seed_fainter_and_soft_kernels_any_seed() -> None:
    peaks = [make_template(SEED, ScannerImage(slice_mm, 0.5)).faintest_peak_hu for slice_mm in (1.0, 2.0, 3.0, 5.0)]
    assert peaks == sorted(peaks, reverse=True)
    sharp, soft = (make_template(SEED, ScannerImage(2.0, blur_mm)) for blur_mm in (0.4, 0.8))
    assert sharp.values_hu.max() > 1.5 * soft.values_hu.max()


def test_metal_saturates_so_that_two_half_covered_slices_do_not_add_up_to_one() -> None:
    flat = axis(0, 0)
    inside, between = (TEMPLATE.hu(np.zeros((1, 3)), np.array([[0, 0, z]]), flat)[0, 0] for z in (0.0, 1.0))
    assert between < 0.5 * inside or between == pytest.approx(0.5 * inside, rel=0.2)
    assert between > 0.3 * inside
