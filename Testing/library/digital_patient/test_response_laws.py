"""Lesions of the digital patient follow their law, and their exact sizes are those of the painted ellipsoids."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.digital_patient.painting import rotation
from brachyresponse.digital_patient.response import CourseLesion, Swelling, VolumeLaw

ANGLES = st.tuples(*[st.floats(-40, 40)] * 3)
AXES = st.tuples(*[st.floats(6, 40)] * 3)
AT_REST = VolumeLaw()


def test_the_dying_part_halves_after_the_implant_and_the_resistant_part_doubles() -> None:
    law = VolumeLaw(resistant_share=0.25, half_life_days=30, doubling_days=60)
    assert law.share(0) == 1
    assert law.share(60) == pytest.approx(0.75 / 4 + 0.25 * 2, rel=1e-12)  # two half-lives, one doubling
    assert law.share(-60) == pytest.approx(0.75 + 0.25 / 2, rel=1e-12)  # nothing dies before the implant


def test_growth_slows_down_to_a_plateau() -> None:
    law = VolumeLaw(doubling_days=10, slowing_days=60)
    rates = [np.log2(law.share(day + 1e-3) / law.share(day)) / 1e-3 for day in (0, 60, 600)]
    assert rates == pytest.approx([0.1, 0.1 / np.e, 0.1 * np.exp(-10)], rel=1e-3)  # differences over 1e-3 day
    assert law.share(6000) == pytest.approx(2**6)


def test_a_swelling_passes() -> None:
    law = VolumeLaw(swelling=Swelling(height=1.5, peak_day=56, width_days=10))
    assert law.share(56) == 2.5
    assert law.share(66) == pytest.approx(1 + 1.5 * np.exp(-0.5), rel=1e-12)  # one width from the peak
    assert law.share(156) == pytest.approx(1, abs=1e-9)


def test_lengths_follow_the_cube_root_of_the_volume_from_the_day_the_axes_are_given_for() -> None:
    lesion = CourseLesion("N1", (0, 0, 0), (22, 20, 18), VolumeLaw(doubling_days=16), on_day=200)
    assert lesion.size(200, np.eye(3)).longest_mm == pytest.approx(22)
    assert lesion.size(200 - 48, np.eye(3)).longest_mm == pytest.approx(11)  # three doublings: half the length
    assert lesion.is_visible(152, least_mm=10)
    assert not lesion.is_visible(104, least_mm=10)


@given(AXES, ANGLES)
def test_exact_diameters_are_the_widest_and_narrowest_of_the_axial_section(
    axes_mm: tuple[float, float, float], angles_deg: tuple[float, float, float]
) -> None:
    turn = rotation(angles_deg)
    size = CourseLesion("T1", (0, 0, 0), axes_mm, AT_REST).size(0, turn)
    angle = np.linspace(0, pi, 3601)
    in_plane = np.stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)], axis=-1)
    own = in_plane @ turn  # the directions of the slice along the lesion's own axes
    width = 2 / np.sqrt(np.sum((own / (0.5 * np.array(axes_mm))) ** 2, axis=-1))
    assert size.longest_mm == pytest.approx(width.max(), rel=1e-5)  # steps of 0.05 degrees
    assert size.perpendicular_mm == pytest.approx(width.min(), rel=1e-5)
    assert size.volume_ml == pytest.approx(pi / 6 * np.prod(axes_mm) / 1000)
    assert min(axes_mm) * (1 - 1e-9) <= size.perpendicular_mm <= size.longest_mm <= max(axes_mm) * (1 + 1e-9)
