"""Key images: the plane that was measured, both diameters in mm, the outline; none without places."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from brachyresponse.geometry import Grid, Volume
from brachyresponse.pictures.lesion_picture import LEAST_WIDTH_MM, lesion_picture, measured_plane
from brachyresponse.pictures.plane import Orientation
from brachyresponse.pictures.response_pictures import MeasuredLesion, response_pictures
from brachyresponse.response.measurement import LesionMeasurement, manual_measurement, measure_structure
from brachyresponse.response.study import evaluate_response, read_request
from invented_case import glioma
from solids import ball, grid_round

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def grid() -> Grid:
    """Tilted by 12 degrees, as slices of a head often are."""
    return grid_round(16.0, 1.0, shift_mm=(5.0, -20.0, 30.0), turned_deg=(0, 12))


@pytest.fixture(scope="module")
def scan(grid: Grid) -> Volume:
    return Volume("T1", np.asarray(ball(grid, 8.0, centre_mm=(5, -20, 30), partial=False).mask * 100.0), grid)


@pytest.fixture(scope="module")
def measured(grid: Grid) -> LesionMeasurement:
    return measure_structure(ball(grid, 8.0, centre_mm=(5, -20, 30)), plane="acquired")


def test_the_plane_is_that_of_both_diameters_seen_from_the_feet(measured: LesionMeasurement, grid: Grid) -> None:
    plane = measured_plane(measured)
    assert plane is not None
    slice_normal = grid.ijk_to_ras[:3, 2] / np.linalg.norm(grid.ijk_to_ras[:3, 2])
    assert abs(plane.normal @ slice_normal) == pytest.approx(1, abs=1e-6)  # rounding of the diameters' ends
    assert plane.orientation is Orientation.AXIAL
    assert plane.edge_letters.startswith("RL")
    assert plane.right[0] < -0.9
    assert plane.down[1] < -0.9
    assert plane.width_mm == LEAST_WIDTH_MM


def test_diameters_and_outline_are_drawn_with_their_lengths(scan: Volume, measured: LesionMeasurement) -> None:
    tree = ET.fromstring(lesion_picture(scan, measured, title="T1, 2026-02-02"))
    texts = [node.text for node in tree.iter(f"{SVG}text")]
    assert {f"{measured.longest_mm:.1f} mm", f"{measured.perpendicular_mm:.1f} mm", "T1, 2026-02-02"} <= set(texts)
    lines = [node for node in tree.iter(f"{SVG}line") if node.get("stroke-width") == "0.45"]
    lengths = sorted(
        np.hypot(float(n.get("x1")) - float(n.get("x2")), float(n.get("y1")) - float(n.get("y2"))) for n in lines
    )
    assert lengths == pytest.approx(sorted([measured.longest_mm, measured.perpendicular_mm]), abs=0.02)  # two decimals
    assert len(list(tree.iter(f"{SVG}path"))) == 2  # the outline and its shadow


def test_a_line_alone_is_shown_in_an_axial_plane(scan: Volume) -> None:
    alone = manual_measurement(np.array([[0.0, -20, 30], [10, -20, 30]]))
    plane = measured_plane(alone)
    assert plane is not None
    assert abs(plane.normal[2]) == pytest.approx(1)
    assert "10.0 mm" in lesion_picture(scan, alone)


def test_a_line_along_the_body_is_shown_from_the_side_or_front(scan: Volume) -> None:
    alone = manual_measurement(np.array([[5.0, -20, 22], [5, -20, 38]]))
    plane = measured_plane(alone)
    assert plane is not None
    assert abs(plane.normal[2]) < 1e-6
    assert "16.0 mm" in lesion_picture(scan, alone)


def test_numbers_without_places_have_no_picture(scan: Volume, measured: LesionMeasurement) -> None:
    typed = manual_measurement(12.0, 9.0)
    assert lesion_picture(scan, typed) == ""
    study = evaluate_response(read_request(glioma()))
    day = date(2026, 2, 2)
    lesions = [MeasuredLesion(day, "T1", scan, measured), MeasuredLesion(day, "T2", scan, typed)]
    pictures = response_pictures(study, lesions)
    assert [key.caption[:14] for key in pictures.keys] == ["2026-02-02, T1"]
    assert pictures.timeline
    assert pictures.strip


def test_a_lesion_without_a_perpendicular_has_one_line(scan: Volume, measured: LesionMeasurement) -> None:
    alone = replace(measured, perpendicular_mm=None, perpendicular_ras_mm=None)
    tree = ET.fromstring(lesion_picture(scan, alone))
    assert len([node for node in tree.iter(f"{SVG}line") if node.get("stroke-width") == "0.45"]) == 1
