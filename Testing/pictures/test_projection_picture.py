from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from brachyresponse.geometry import Grid, Volume
from brachyresponse.pictures import planes_through
from brachyresponse.pictures.projection_picture import projection, projection_picture
from brachyresponse.seeds import Seeds

GRID = Grid.covering([-20, -20, -20], [20, 20, 20], 1.0)
SEED_MM = np.array([6.0, -4.0, 9.0])


def ct() -> Volume:
    values = np.full(GRID.shape_kji, 40, np.int16)
    values[tuple(np.rint(GRID.to_ijk(SEED_MM)).astype(int)[::-1])] = 2400
    return Volume("CT", values, GRID, "HU")


@pytest.mark.parametrize("number", [0, 1, 2], ids=["axial", "coronal", "sagittal"])
def test_metal_anywhere_along_the_line_of_sight_is_seen_where_its_seed_is_drawn(number: int) -> None:
    plane = planes_through([0, 0, 0], 40)[number]
    seen = projection(ct(), plane)
    row, column = np.unravel_index(np.argmax(seen), seen.shape)
    x, y, _ = plane.project(SEED_MM)
    assert ((column + 0.5) / 2, (row + 0.5) / 2) == pytest.approx((x, y), abs=0.51)  # a pixel of 0.5 mm
    assert seen.max() > 1000  # one bright voxel, met a quarter of a voxel off along each axis


def test_found_and_reference_seeds_are_outlined_in_different_colours() -> None:
    plane = planes_through([0, 0, 0], 40)[0]
    found, planned = Seeds([SEED_MM], [[1, 0, 0]], 0.5), Seeds([SEED_MM + 2], [[1, 0, 0]], 0.5)
    arrows = np.stack([planned.positions_mm, found.positions_mm], axis=1)
    picture = projection_picture(ct(), plane, found, reference=planned, arrows_mm=arrows)
    root = ET.fromstring(picture)
    assert {rect.get("stroke") for rect in root.iter("{http://www.w3.org/2000/svg}rect")} == {"#ffd60a", "#52e0ff"}
    assert "Axial projection, 1 seeds found" in picture
    assert len(re.findall("<polygon", picture)) == 1


def test_what_lies_beside_the_image_is_black() -> None:
    plane = planes_through([500, 0, 0], 40)[0]
    assert projection(ct(), plane).max() == -100
