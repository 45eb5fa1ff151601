from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.pictures import Orientation, SlicePlane, planes_through

mm = st.floats(-200, 200)
LETTERS = {"R": (1, 0, 0), "L": (-1, 0, 0), "A": (0, 1, 0), "P": (0, -1, 0), "S": (0, 0, 1), "I": (0, 0, -1)}


@pytest.mark.parametrize("orientation", list(Orientation))
def test_the_letters_name_the_sides_that_the_edges_point_to(orientation: Orientation) -> None:
    plane = SlicePlane(orientation, (0, 0, 0), 100, 80)
    left, right, top, bottom = (np.array(LETTERS[letter]) for letter in plane.edge_letters)
    np.testing.assert_array_equal(plane.right, right)
    np.testing.assert_array_equal(-plane.right, left)
    np.testing.assert_array_equal(plane.down, bottom)
    np.testing.assert_array_equal(-plane.down, top)


def test_axial_slices_are_seen_from_the_feet() -> None:
    axial, coronal, sagittal = planes_through([0, 0, 0], 100)
    assert (axial.edge_letters, coronal.edge_letters, sagittal.edge_letters) == ("RLAP", "RLSI", "APSI")
    np.testing.assert_array_equal(axial.normal, [0, 0, 1])  # into the picture, to the head


@given(mm, mm, mm, st.sampled_from(list(Orientation)))
def test_pixels_project_onto_their_own_place(x: float, y: float, z: float, orientation: Orientation) -> None:
    plane = SlicePlane(orientation, (x, y, z), 60, 40)
    projected = plane.project(plane.points_mm(2.0))
    assert projected.shape == (20, 30, 3)
    np.testing.assert_allclose(projected[3, 5], [11, 7, 0], atol=1e-9)  # rounding


def test_the_title_says_the_position_with_its_side() -> None:
    assert SlicePlane(Orientation.AXIAL, (0, 0, -12.34), 50, 50).title == "Axial, I 12.3 mm"
    assert SlicePlane(Orientation.SAGITTAL, (-4, 0, 0), 50, 50).title == "Sagittal, L 4.0 mm"
    assert SlicePlane(Orientation.CORONAL, (0, 7, 0), 50, 50).title == "Coronal, A 7.0 mm"
