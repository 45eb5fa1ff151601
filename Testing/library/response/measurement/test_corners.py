"""Corners between long straight sides: as sharp as they are, wherever the pixels lie, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.response.measurement.outline import trace_outline
from brachyresponse.response.measurement.staircase import Staircase
from lesion_shapes import rastered
from reference import needs_reference

PIXEL_MM = np.ones(2)
L_MM = np.array([(0, 0), (40, 0), (40, 10), (10, 10), (10, 40), (0, 40)]) - 20.0


def corners_of_the_l(mask: np.ndarray, angle_deg: float, offset_px: tuple[float, float]) -> np.ndarray:
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return L_MM @ np.array([[cosine, sine], [-sine, cosine]]) + np.array(mask.shape[::-1]) / 2 - offset_px


@needs_reference("response", "geometry_anchors.json")
@pytest.mark.parametrize("angle_deg", [0.0, 9.7, 33.0, 73.3])
def test_the_corners_of_an_l_lie_where_they_are_the_one_that_points_inwards_too(angle_deg: float) -> None:
    offset_px = (0.31, -0.17)
    mask = rastered("L", (1.0, 1.0), angle_deg, offset_px)
    points = trace_outline(mask, PIXEL_MM).points_mm
    away = points[:, None] - corners_of_the_l(mask, angle_deg, offset_px)
    # Sides along the pixels are known to half a pixel.
    assert np.hypot(*away.T).min(axis=1).max() < (0.75 if angle_deg == 0 else 0.45)


@needs_reference("response", "geometry_anchors.json")
def test_corners_do_not_depend_on_the_order_of_the_pixels() -> None:
    mask = rastered("L", (1.0, 1.0), 1.9, (-0.2, 0.4))
    points = trace_outline(mask, PIXEL_MM).points_mm
    for turned, axis in ((mask[::-1], 1), (mask[:, ::-1], 0)):
        again = trace_outline(turned, PIXEL_MM).points_mm
        again[:, axis] = mask.shape[1 - axis] - 1 - again[:, axis]
        nearest = np.linalg.norm(points[:, None] - again, axis=2).min(axis=1)
        assert nearest.max() < 1e-6  # rounding


def test_a_row_of_pixels_tells_its_line_as_far_as_it_is_straight() -> None:
    j, i = np.indices((30, 60))
    slope, height = 0.23, 8.4
    above = j > np.where(i < 45, height + slope * i, 25)
    found = [(i, j) for i in range(1, 59) for j in range(29) if above[j, i] != above[j + 1, i]]
    stairs = Staircase.of(np.array([(i, j + 0.5) for i, j in found[::-1]], float))
    places = np.arange(len(found) - 1)[::-1]  # after the last one, the loop would close
    count = stairs.straight(places)
    assert 40 <= count <= 50
    line = stairs.line(places[:count])
    assert line is not None
    assert line.direction[1] / line.direction[0] == pytest.approx(slope, abs=0.02)
    assert stairs.line(places) is None
