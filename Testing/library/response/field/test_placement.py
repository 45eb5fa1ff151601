"""A lesion lies inside the field or outside only where the registration's residual leaves no doubt."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.geometry import Structure
from brachyresponse.response.field import Course, IrradiatedField, irradiated_field, place_lesion
from brachyresponse.response.vocabulary import FieldPosition
from round_dose import PRESCRIPTION_GY, dose_round, motion, radius_mm
from solids import ball, grid_round

EDGE_MM = radius_mm(0.8 * PRESCRIPTION_GY)
RADIUS_MM = 4.0
ACCURACY_MM = 1.0
"""Half a voxel of the dose, where the surface's points lie, and half of one of the lesion."""
MOVED = motion((8, -3, 2), turn_deg=25)
SCAN = grid_round(45, 3.0)


@cache
def field_of(residual_mm: float | None = 1.0, *, half_mm: float = 34.0) -> IrradiatedField:
    course = Course(dose_round(half_mm=half_mm), PRESCRIPTION_GY, MOVED, "the implant", residual_mm)
    return irradiated_field([course], SCAN)


def lesion_at(distance_mm: float, direction: tuple[float, float, float] = (1, 0, 0)) -> Structure:
    """A ball whose centre lies at a distance from the middle of the moved dose, on an oblique grid of its own."""
    along = np.asarray(direction) / np.linalg.norm(direction)
    centre = MOVED[:3, 3] + distance_mm * along
    grid = grid_round(RADIUS_MM + 2, (0.8, 1.0, 2.0), shift_mm=centre, turned_deg=(30, 50))
    return Structure("T1", ball(grid, RADIUS_MM, centre_mm=centre).occupancy, grid)


def expected(distance_mm: float, residual_mm: float) -> FieldPosition | None:
    """The position by the law; None within the accuracy of the change from one to the other."""
    nearest, farthest = distance_mm - RADIUS_MM - EDGE_MM, distance_mm + RADIUS_MM - EDGE_MM
    if min(abs(nearest - residual_mm), abs(farthest + residual_mm)) < ACCURACY_MM:
        return None
    if farthest < -residual_mm:
        return FieldPosition.INSIDE
    return FieldPosition.OUTSIDE if nearest > residual_mm else FieldPosition.STRADDLES


DIRECTIONS = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda each: np.linalg.norm(each) > 0.1)


@settings(max_examples=20)
@given(st.floats(0, 45), DIRECTIONS, st.sampled_from([0.0, 1.0, 3.0]))
def test_a_lesion_is_placed_as_the_law_of_the_dose_says(
    distance_mm: float, direction: tuple[float, float, float], residual_mm: float
) -> None:
    placed = place_lesion(lesion_at(distance_mm, direction), field_of(residual_mm))
    assert expected(distance_mm, residual_mm) in (None, placed.position)
    assert placed.tolerance_mm == residual_mm
    if distance_mm > 2 * RADIUS_MM:  # its points nearest to and farthest from the edge lie on one line
        assert placed.nearest_mm == pytest.approx(distance_mm - RADIUS_MM - EDGE_MM, abs=ACCURACY_MM)
        assert placed.farthest_mm == pytest.approx(distance_mm + RADIUS_MM - EDGE_MM, abs=ACCURACY_MM)


@pytest.mark.parametrize(("distance_mm", "share"), [(5, 1.0), (EDGE_MM, 0.46), (32, 0.0)])
def test_the_share_inside_is_that_of_the_volume(distance_mm: float, share: float) -> None:
    # On the edge a little less than half: the field is round, and curves away from the lesion.
    assert place_lesion(lesion_at(distance_mm), field_of()).share_inside == pytest.approx(share, abs=0.02)


def test_inside_and_outside_are_said_with_the_distance_from_the_edge() -> None:
    inside, outside = (place_lesion(lesion_at(distance), field_of()) for distance in (5, 32))
    assert inside.sentence.startswith("'T1' lies inside the field, at least 10.")
    assert outside.sentence.startswith("'T1' lies outside the field, 8.")
    assert inside.sentence.endswith("with a residual of 1.0 mm.")


def test_a_lesion_that_straddles_is_put_to_the_reader() -> None:
    placed = place_lesion(lesion_at(EDGE_MM), field_of())
    assert placed.position is FieldPosition.STRADDLES
    assert placed.sentence.startswith("4")
    assert "% of 'T1' lies inside the 80 % isodose" in placed.sentence
    assert "the reader decides" in placed.sentence


def test_a_lesion_within_the_residual_of_the_edge_is_put_to_the_reader() -> None:
    just_outside = lesion_at(EDGE_MM + RADIUS_MM + 2.5)
    assert place_lesion(just_outside, field_of(1.0)).position is FieldPosition.OUTSIDE
    assert place_lesion(just_outside, field_of(4.0)).position is FieldPosition.STRADDLES


def test_an_unknown_residual_is_said() -> None:
    placed = place_lesion(lesion_at(5), field_of(None))
    assert placed.position is FieldPosition.INSIDE
    assert "The residual of the registration is not known." in placed.sentence


def test_a_lesion_in_either_field_of_a_union_is_inside() -> None:
    courses = [Course(dose_round((x, 0, 0)), PRESCRIPTION_GY, residual_mm=1.0) for x in (-12, 12)]
    grid = grid_round(3, 1.0)
    between = Structure("between", ball(grid, 3).occupancy, grid)
    assert place_lesion(between, irradiated_field(courses, SCAN)).position is FieldPosition.INSIDE


def test_a_lesion_beyond_a_dose_that_cuts_the_isodose_off_is_put_to_the_reader() -> None:
    placed = place_lesion(lesion_at(25), field_of(half_mm=12))
    assert placed.position is FieldPosition.STRADDLES
    assert "lies beyond a dose grid that cuts the isodose off" in placed.sentence
    assert place_lesion(lesion_at(32), field_of(half_mm=26)).position is FieldPosition.OUTSIDE  # a whole isodose


def test_a_whole_field_does_not_hide_that_another_one_is_cut_off() -> None:
    cut_off = Course(dose_round(half_mm=12), PRESCRIPTION_GY, MOVED, residual_mm=1.0)
    far = Course(dose_round((0, 0, 60)), PRESCRIPTION_GY, MOVED, residual_mm=1.0)
    near = Course(dose_round((25, 0, 0)), PRESCRIPTION_GY, residual_mm=1.0)
    lesion = lesion_at(21)
    assert place_lesion(lesion, irradiated_field([cut_off, far], SCAN)).position is FieldPosition.STRADDLES
    assert place_lesion(lesion, irradiated_field([cut_off, near], SCAN)).position is FieldPosition.INSIDE


def test_thick_slices_do_not_move_a_lesion() -> None:
    centre = MOVED[:3, 3] + [EDGE_MM - 8, 0, 0]
    grid = grid_round(7, (1.0, 1.0, 5.0), shift_mm=centre)
    thick = Structure("thick", ball(grid, RADIUS_MM, centre_mm=centre).occupancy, grid)
    assert place_lesion(thick, field_of()).position is FieldPosition.INSIDE


def test_distances_hold_beside_a_dose_of_coarse_voxels() -> None:
    # 2 mm voxels: points of the surface a voxel apart would tell a ball 0.3 mm away 1 mm farther off.
    dose = dose_round()
    field = irradiated_field([Course(dose, PRESCRIPTION_GY, MOVED, "the implant", 0.5)], SCAN)
    for gap_mm, direction in ((0.3, (1, 2, 3)), (-0.4, (-3, 1, 2)), (1.5, (2, -3, 1))):
        placed = place_lesion(lesion_at(EDGE_MM + RADIUS_MM + gap_mm, direction), field)
        assert placed.nearest_mm == pytest.approx(gap_mm, abs=0.5)  # half a voxel of the lesion, and of the surface
