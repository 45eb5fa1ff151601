"""Cylinders of metal, and what they leave of a beam."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.errors import SeedsError
from brachyresponse.seeds.detection.attenuation import scanner_beam
from brachyresponse.seeds.detection.metal import Cylinder, Rays, chord_mm, seed_object, transmission

ROD = Cylinder(4.0, 1.0, "silver", "water")
STEP_MM = 0.01


def chord(angle: float, elevation: float, across_mm: float = 0.0, height_mm: float = 0.0) -> float:
    rays = Rays(angle, np.array([across_mm]), np.array([height_mm]))
    return float(chord_mm(ROD, elevation, rays)[0, 0])


def walked(angle: float, elevation: float, across_mm: float, height_mm: float) -> float:
    """The same length, by walking along the ray in small steps."""
    t = np.arange(-6, 6, STEP_MM)[:, None]
    along, normal = [np.cos(angle), np.sin(angle), 0.0], np.array([-np.sin(angle), np.cos(angle), 0.0])
    points = t * along + across_mm * normal + [0, 0, height_mm]
    axis = np.array([np.cos(elevation), 0.0, np.sin(elevation)])
    on_axis = points @ axis
    off_axis = np.linalg.norm(points - np.outer(on_axis, axis), axis=1)
    return float(((np.abs(on_axis) < 2) & (off_axis < 0.5)).sum() * STEP_MM)


def test_a_ray_across_a_rod_meets_its_diameter_and_one_along_it_its_length() -> None:
    assert chord(np.pi / 2, 0.0) == pytest.approx(1.0)
    assert chord(0.0, 0.0) == pytest.approx(4.0)
    assert chord(0.3, np.pi / 2) == pytest.approx(1.0)  # upright: from every side
    assert chord(0.3, np.pi / 2, across_mm=0.51) == 0


@given(st.floats(0, np.pi), st.floats(0, np.pi / 2), st.floats(-2, 2), st.floats(-2, 2))
def test_a_chord_is_as_long_as_the_way_walked_inside(angle: float, tilt: float, across: float, height: float) -> None:
    assert chord(angle, tilt, across, height) == pytest.approx(walked(angle, tilt, across, height), abs=3 * STEP_MM)


def test_a_seed_lets_less_light_through_where_there_is_more_of_it() -> None:
    rays = Rays(np.pi / 2, np.linspace(-1, 1, 41), np.array([0.0]))
    passed = transmission(seed_object(4.5, 0.8), scanner_beam(), np.pi / 2, rays)[:, 0]
    assert passed[20] < 0.3 < 0.5 < passed[13] < 1  # silver in the middle, the tube's wall beside it
    assert passed[0] == 1


def test_water_weakens_the_beam_as_the_tables_say() -> None:
    # 0.0201 per mm at 63 keV, about the mean energy behind 20 cm of water
    assert scanner_beam().water_per_mm == pytest.approx(0.0195, abs=0.001)


@pytest.mark.parametrize(("length_mm", "diameter_mm"), [(1.0, 0.8), (4.5, 0.1), (0.7, 0.8), (np.nan, 0.8)])
def test_a_capsule_without_room_for_a_core_is_refused(length_mm: float, diameter_mm: float) -> None:
    with pytest.raises(SeedsError, match="cannot be modelled: give the capsule's length"):
        seed_object(length_mm, diameter_mm)
