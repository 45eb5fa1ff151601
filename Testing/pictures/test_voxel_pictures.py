"""Voxels of spectroscopy on the anatomy: the outline is where the voxel is cut, a refused voxel is crossed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

import pictured_evidence
from brachyresponse.geometry import Volume
from brachyresponse.pictures.plane import Orientation, SlicePlane
from brachyresponse.pictures.voxel_map_picture import grid_plane, ratio_bar, ratio_picture
from brachyresponse.pictures.voxel_picture import box_in_plane, voxel_picture, voxel_pictures

SVG = "{http://www.w3.org/2000/svg}"


def plane(height_mm: float) -> SlicePlane:
    return SlicePlane(Orientation.AXIAL, (5.0, 3.0, height_mm), 60.0, 60.0)


def area(polygon: np.ndarray) -> float:
    x, y = polygon.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def test_a_straight_voxel_is_cut_in_a_rectangle_of_its_size() -> None:
    polygon = box_in_plane(pictured_evidence.voxel(0.0).corners_mm, plane(0.0))
    assert len(polygon) == 4
    np.testing.assert_allclose(np.ptp(polygon, axis=0), [20.0, 20.0], atol=1e-9)
    np.testing.assert_allclose(polygon.mean(axis=0), [30.0, 30.0], atol=1e-9)


@pytest.mark.parametrize("degrees", [0.0, 15.0, 25.0, 40.0, 70.0])
def test_the_areas_of_all_cuts_add_up_to_the_voxel(degrees: float) -> None:
    corners = pictured_evidence.voxel(degrees).corners_mm
    step = 0.1
    heights = np.arange(-20 + step / 2, 20, step)
    cuts = (box_in_plane(corners, plane(float(height))) for height in heights)
    volume = sum(area(cut) * step for cut in cuts if len(cut))
    assert volume == pytest.approx(20 * 20 * 15, rel=1e-3)  # the midpoint rule in steps of 0.1 mm


def test_a_view_beside_the_voxel_shows_no_outline() -> None:
    assert box_in_plane(pictured_evidence.voxel().corners_mm, plane(40.0)).shape == (0, 2)
    assert "<title>voxel</title>" not in voxel_picture(pictured_evidence.voxel(), plane(40.0))


def test_three_views_show_voxel_and_lesion_and_the_caption_its_share() -> None:
    pictured = pictured_evidence.voxel()
    pictures = voxel_pictures(pictured)
    assert len(pictures) == 3
    for picture in pictures:
        named = {node.text for path in ET.fromstring(picture).iter(f"{SVG}path") for node in path}
        assert named == {"voxel", "Lesion"}
    assert pictured.caption == "Voxel of 20 × 20 × 15 mm (6.0 mL): 62 % of it is lesion."


def test_the_map_crosses_refused_voxels_and_covers_the_grid() -> None:
    pictured = pictured_evidence.ratios()
    tree = ET.fromstring(ratio_picture(pictured))
    crosses = [node for node in tree.iter(f"{SVG}title") if node.text == "not used"]
    assert len(crosses) == 3
    view = grid_plane(pictured)
    corners = view.project(pictured.ratios.grid.corners_mm())[:, :2]
    assert (corners > 0).all()
    assert (corners < [view.width_mm, view.height_mm]).all()


def test_the_scale_starts_at_nothing_and_names_the_ratio() -> None:
    pictured = pictured_evidence.ratios()
    texts = [node.text for node in ET.fromstring(ratio_bar(pictured)).iter(f"{SVG}text")]
    assert texts[:2] == ["Cho/NAA", "0"]
    nothing = Volume("Cho/NAA", np.full(pictured.ratios.grid.shape_kji, np.nan), pictured.ratios.grid)
    assert replace(pictured, ratios=nothing).window == (0.0, 1.0)
