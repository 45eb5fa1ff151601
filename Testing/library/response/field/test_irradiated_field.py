"""The irradiated field is the union of isodoses, brought to the scan, and says what it is made of."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.response.field import Course, irradiated_field
from round_dose import PRESCRIPTION_GY, dose_round, motion, radius_mm
from solids import grid_round

RADIUS_80_MM = radius_mm(0.8 * PRESCRIPTION_GY)
SCAN = grid_round(45, 1.5, turned_deg=(15, 20))


def ball_cc(radius: float) -> float:
    return 4 / 3 * np.pi * radius**3 / 1000


def test_the_field_of_one_course_is_its_80_percent_isodose() -> None:
    field = irradiated_field([Course(dose_round(), PRESCRIPTION_GY, residual_mm=1.0, name="the implant")], SCAN)
    # Voxels of 1.5 mm are counted whole: their number differs from the ball's volume by well under 1 %.
    assert field.structure.volume_cc == pytest.approx(ball_cc(RADIUS_80_MM), rel=0.01)
    assert field.sentence == (
        "The field is the 80 % isodose of the implant, brought to the scan with a residual of 1.0 mm."
    )


def test_a_matrix_brings_the_field_to_the_scan() -> None:
    move = motion((12, -7, 5), turn_deg=40)
    field = irradiated_field([Course(dose_round((10, 0, 0)), PRESCRIPTION_GY, move)], SCAN)
    np.testing.assert_allclose(field.structure.centre_mm, (move @ [10, 0, 0, 1])[:3], atol=0.1)  # of a 1.5 mm voxel


def test_the_field_of_several_courses_is_their_union() -> None:
    courses = [Course(dose_round((x, 0, 0)), PRESCRIPTION_GY, name=f"course at {x}") for x in (-10, 10)]
    one, other = (irradiated_field([course], SCAN).structure.occupancy for course in courses)
    field = irradiated_field(courses, SCAN)
    assert (field.structure.occupancy == one | other).all()
    assert "union of the 80 % isodoses of course at -10 and course at 10" in field.sentence


def test_each_course_counts_with_its_own_prescription() -> None:
    field = irradiated_field([Course(dose_round(), PRESCRIPTION_GY / 2)], SCAN)
    assert field.structure.volume_cc == pytest.approx(ball_cc(radius_mm(0.4 * PRESCRIPTION_GY)), rel=0.01)


@pytest.mark.parametrize(
    ("residuals", "largest", "words"),
    [((0.5, 1.5), 1.5, "with a residual of 1.5 mm"), ((0.5, None), None, "by a registration of unknown residual")],
)
def test_the_largest_residual_is_shown(residuals: tuple[Any, Any], largest: float | None, words: str) -> None:
    field = irradiated_field([Course(dose_round(), PRESCRIPTION_GY, residual_mm=each) for each in residuals], SCAN)
    assert field.residual_mm == largest
    assert words in field.sentence


def test_courses_without_a_dose_volume_are_named() -> None:
    field = irradiated_field(
        [Course(dose_round(), PRESCRIPTION_GY)], SCAN, without_dose=["external beam of 2024-01-08"]
    )
    assert "Not part of it, for want of a dose volume: external beam of 2024-01-08" in field.sentence
    with pytest.raises(
        ResponseError, match="No course on record has a dose volume; without one: external beam of 2024"
    ):
        irradiated_field([], SCAN, without_dose=["external beam of 2024-01-08"])


def test_an_isodose_that_its_grid_cuts_off_is_said() -> None:
    assert irradiated_field([Course(dose_round(), PRESCRIPTION_GY)], SCAN).warnings == ()
    (warning,) = irradiated_field([Course(dose_round(half_mm=12), PRESCRIPTION_GY, name="small")], SCAN).warnings
    assert "The 80 % isodose of 'small' reaches the edge of its dose" in warning


def test_a_field_beside_the_scan_is_refused() -> None:
    with pytest.raises(ResponseError, match=r"lies outside the scan .* check the registration"):
        irradiated_field([Course(dose_round(), PRESCRIPTION_GY, motion((300, 0, 0)))], SCAN)


def test_a_field_partly_beside_the_scan_is_kept_where_it_is_seen() -> None:
    course = Course(dose_round(), PRESCRIPTION_GY, motion((45, 0, 0)))
    assert 0 < irradiated_field([course], SCAN).structure.volume_cc < ball_cc(RADIUS_80_MM)


@pytest.mark.parametrize("level", [0.0, 1.2, float("nan")])
def test_the_isodose_is_a_share(level: float) -> None:
    with pytest.raises(ResponseError, match="expected a share from 0 to 1"):
        irradiated_field([Course(dose_round(), PRESCRIPTION_GY)], SCAN, level=level)


def test_a_dose_that_does_not_reach_the_isodose_is_refused() -> None:
    grays = dose_round()
    hundredth = Volume("in cGy divided twice", grays.values / 10_000, grays.grid, "Gy")
    with pytest.raises(
        ResponseError, match=r"reaches 0\.\d+ Gy at most, but 80 % of its prescription of 120 Gy is 96 Gy"
    ):
        irradiated_field([Course(hundredth, PRESCRIPTION_GY)], SCAN)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"prescription_gy": 0.0}, "prescription of 'dose' is 0 Gy, expected more than 0"),
        ({"unit": "cGy"}, "dose 'dose' is in 'cGy', expected 'Gy'"),
        ({"offset": -200.0}, "expected finite values of 0 or more"),
        ({"offset": float("nan")}, "goes from nan to nan Gy"),
        ({"to_scan": np.diag([2.0, 2.0, 2.0, 1.0])}, "matrix that moves the dose of 'dose' is not rigid"),
        ({"to_scan": np.diag([-1.0, 1.0, 1.0, 1.0])}, "is not rigid"),
        ({"to_scan": np.eye(3)}, "is not rigid"),
        ({"residual_mm": -1.0}, "residual of the registration of 'dose' is -1 mm"),
    ],
)
def test_a_course_that_cannot_be_is_refused(change: dict[str, Any], message: str) -> None:
    dose = dose_round(half_mm=10)
    dose = Volume("dose", dose.values + change.pop("offset", 0.0), dose.grid, change.pop("unit", "Gy"))
    with pytest.raises(ResponseError, match=message):
        Course(**{"dose": dose, "prescription_gy": PRESCRIPTION_GY, **change})


def test_a_large_scan_is_worked_on_a_few_slices_at_a_time() -> None:
    scan = Grid((120, 240, 240), grid_round(60, 0.5).ijk_to_ras)
    course = Course(dose_round(), PRESCRIPTION_GY)
    tracemalloc.start()
    irradiated_field([course], scan)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6  # the positions of all its voxels at once would take 166 MB, and the samples as much again
