"""Diameters that a reader drew or typed."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.response import MeasurementOrigin, manual_measurement

LONGEST = [[0.0, 0, 0], [20, 0, 0]]


def across(angle_deg: float, length_mm: float = 10.0, height_mm: float = 0.0) -> np.ndarray:
    """A line through the middle of the first one."""
    half = length_mm / 2 * np.array([np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg)), 0])
    return np.array([10.0, 0, height_mm]) + np.stack([-half, half])


def test_lines_become_diameters_marked_as_manual() -> None:
    found = manual_measurement(LONGEST, across(90), slices=3, slice_thickness_mm=4.0)
    assert (found.longest_mm, found.perpendicular_mm) == pytest.approx((20, 10))
    assert found.product_mm2 == pytest.approx(200)
    assert found.origin == MeasurementOrigin.MANUAL
    assert found.is_manual
    assert found.longest_ras_mm == pytest.approx(np.array(LONGEST))
    assert found.warnings == ()
    assert found.sentence == "20.0 mm x 10.0 mm (manual)."


def test_plain_numbers_are_as_good() -> None:
    found = manual_measurement(20, 10.5, volume_ml=1.2)
    assert (found.longest_mm, found.short_axis_mm, found.volume_ml) == (20, 10.5, 1.2)
    assert found.longest_ras_mm is None
    alone = manual_measurement(14.0)
    assert alone.perpendicular_mm is None
    assert alone.product_mm2 is None
    assert alone.sentence == "14.0 mm (manual)."


@pytest.mark.parametrize(("angle_deg", "off_deg"), [(86, None), (94.9, None), (84, 6), (100, 10), (60, 30)])
def test_more_than_five_degrees_off_a_right_angle_is_told(angle_deg: float, off_deg: int | None) -> None:
    warnings = manual_measurement(LONGEST, across(angle_deg)).warnings
    if off_deg is None:
        assert warnings == ()
    else:
        assert warnings == (
            f"The two diameters are {90 - off_deg} degrees to each other, {off_deg} off a right angle.",
        )


def test_a_perpendicular_longer_than_the_longest_is_told() -> None:
    assert "(25.0 mm) is longer than the longest one (20.0 mm): exchange them" in manual_measurement(20, 25).warnings[0]
    assert manual_measurement(20, 20).warnings == ()


def test_lines_in_two_slices_are_told() -> None:
    assert "lie 2.0 mm apart" in manual_measurement(LONGEST, across(90, height_mm=2)).warnings[0]
    assert manual_measurement(LONGEST, across(90, height_mm=2), slice_thickness_mm=5.0).warnings == ()


def test_lines_that_do_not_cross_are_told() -> None:
    beside = across(90) + [30, 0, 0]
    assert "do not cross" in manual_measurement(LONGEST, beside).warnings[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.0,), "longest diameter in mm is 0.0: give a positive number"),
        ((12, -3.0), "perpendicular diameter in mm is -3.0"),
        ((float("nan"),), "longest diameter in mm is nan"),
        (([[0, 0, 0], [0, 0, 0]],), "length in mm of the line of the longest diameter is 0.0"),
        (([[0, 0], [1, 1]],), r"shape \(2, 2\): give a number in mm, or two finite ends"),
        (([[0, 0, 0], [1, np.inf, 0]],), "two finite ends"),
    ],
)
def test_sizes_that_are_none_are_refused(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        manual_measurement(*arguments)


def test_a_volume_that_is_none_is_refused() -> None:
    with pytest.raises(ResponseError, match="volume in mL is 0"):
        manual_measurement(12, volume_ml=0)
