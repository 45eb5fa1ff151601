from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import Needle, StructureSurface, needle_clearance, needle_crosses
from brachyresponse.planning.clearance import distal_edge_mm, nearest_tracks

SURFACE_MM = 0.05  # partial voxels of 1 mm
CLOUD_MM = 0.3  # a curved surface, taken as flat between points about a voxel apart


def ball_surface(radius_mm: float = 15.0) -> StructureSurface:
    grid = Grid.covering([-18] * 3, [18] * 3, 1.0)
    depth_mm = radius_mm - np.linalg.norm(grid.points_mm(), axis=-1)
    return StructureSurface(Structure("ball", np.clip(depth_mm + 0.5, 0, 1), grid))


BALL = ball_surface()
directions = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: np.linalg.norm(v) > 0.1)


@given(directions, st.floats(0, 40))
def test_the_distance_from_a_ball_is_negative_inside(direction: tuple, radius_mm: float) -> None:
    point = np.array(direction) / np.linalg.norm(direction) * radius_mm
    assert BALL.distance_mm(point) == pytest.approx(radius_mm - 15, abs=CLOUD_MM)


@given(directions, st.floats(0, 13))
def test_a_chord_of_a_ball_is_as_long_as_geometry_says(direction: tuple, off_mm: float) -> None:
    along = np.array(direction) / np.linalg.norm(direction)
    across = np.linalg.svd(along[None])[2][1]
    ((first_mm, last_mm),) = BALL.intervals_mm(off_mm * across, along)
    # at 13 mm from the axis the surface meets the line at 30 degrees, so an error of the surface counts twice
    half_mm = np.sqrt(15**2 - off_mm**2)
    np.testing.assert_allclose([first_mm, last_mm], [-half_mm, half_mm], atol=4 * SURFACE_MM)


def test_a_line_through_two_parts_has_two_intervals() -> None:
    grid = Grid.covering([-5, -5, -20], [5, 5, 20], 1.0)
    z = grid.points_mm()[..., 2]
    surface = StructureSurface(Structure("two", (np.abs(z) > 5) & (np.abs(z) < 10), grid))
    found = surface.intervals_mm([0, 0, 0], [0, 0, 1])
    # faces lie half-way between the voxels on either side of them
    np.testing.assert_allclose(found, [[-9.5, -5.5], [5.5, 9.5]], atol=1e-6)
    assert len(surface.intervals_mm([30, 0, 0], [0, 0, 1])) == 0


def test_a_structure_that_reaches_the_edge_of_its_image_ends_there() -> None:
    grid = Grid.covering([0, 0, 0], [9, 9, 9], 1.0)
    surface = StructureSurface(Structure("all", np.ones((10, 10, 10), bool), grid))
    np.testing.assert_allclose(surface.intervals_mm([4, 4, 4], [0, 0, 1]), [[-4.5, 5.5]], atol=1e-6)
    assert surface.is_cut_at([4, 4, -0.5])
    assert surface.distance_mm([4, 4, 4]) == pytest.approx(-4.5, abs=CLOUD_MM)


@pytest.mark.parametrize(("height_mm", "cut"), [(60, False), (30, True)])
def test_a_structure_whose_last_slice_is_large_is_cut_there(height_mm: float, cut: bool) -> None:
    grid = Grid.covering([-65, -65, -65], [65, 65, 65], 2.5)  # room on all sides
    points = grid.points_mm()
    body = (np.linalg.norm(points, axis=-1) < 60) & (points[..., 2] < height_mm)
    surface = StructureSurface(Structure("body", body, grid))
    ((_, top_mm),) = surface.intervals_mm([0, 0, 0], [0, 0, 1])
    assert surface.is_cut_at([0, 0, top_mm]) is cut
    assert not surface.is_cut_at([60, 0, 0])


def test_a_structure_too_thin_for_its_grid_has_no_surface() -> None:
    sliver = StructureSurface(Structure("sliver", np.full((3, 3, 3), 0.3), Grid.covering([0] * 3, [2] * 3, 1.0)))
    assert len(sliver.intervals_mm([1, 1, 1], [0, 0, 1])) == 0
    with pytest.raises(StructureError, match="'sliver' fills no voxel by half"):
        sliver.distance_mm([1, 1, 1])


def test_an_uncut_surface_is_no_cut(ball: Callable) -> None:
    assert not StructureSurface(ball()).is_cut_at([0, 0, 15])


def test_a_grid_of_any_orientation_gives_the_same_surface() -> None:
    turned = np.eye(4)
    turned[:3, :3] = np.linalg.qr(np.array([[1.0, 0.4, 0.1], [0.2, 1.0, 0.3], [0.0, 0.2, -1.0]]))[0] * [1.0, 1.5, 0.8]
    turned[:3, 3] = -turned[:3, :3] @ [25, 17, 31]
    grid = Grid((63, 35, 51), turned)
    depth_mm = 15 - np.linalg.norm(grid.points_mm(), axis=-1)
    surface = StructureSurface(Structure("ball", np.clip(depth_mm + 0.5, 0, 1), grid))
    points = np.array([[0, 0, 22], [20, 0, 0], [0, -12, 0], [8, 8, 8]], float)
    expected_mm = np.linalg.norm(points, axis=1) - 15
    np.testing.assert_allclose(surface.distance_mm(points), expected_mm, atol=0.25)  # voxels of up to 1.5 mm


def test_a_needle_past_a_structure_keeps_its_distance() -> None:
    past = Needle(1, np.array([18.0, 40.0, 0.0]), np.array([18.0, -40.0, 0.0]))
    clearance = needle_clearance(past, BALL)
    assert clearance.distance_mm == pytest.approx(3, abs=CLOUD_MM)
    np.testing.assert_allclose(clearance.position_mm, [18, 0, 0], atol=1.5)  # flat minimum, voxels of 1 mm
    assert not needle_crosses(past, BALL)
    assert not needle_crosses(past, BALL, margin_mm=2.5)
    assert needle_crosses(past, BALL, margin_mm=3.5)


def test_a_needle_that_stops_before_a_structure_does_not_cross_it() -> None:
    needle = Needle(1, np.array([0.0, 60.0, 0.0]), np.array([0.0, 16.0, 0.0]))
    assert not needle_crosses(needle, BALL)
    assert needle_crosses(Needle(1, needle.entry_mm, np.array([0.0, 14.0, 0.0])), BALL)


def test_tracks_are_compared_only_within_the_target() -> None:
    straight = Needle(1, np.array([0.0, 50.0, 0.0]), np.array([0.0, -20.0, 0.0]))
    # 4 mm apart at the entry, 9 mm where it leaves the ball
    fanning = Needle(2, np.array([4.0, 50.0, 0.0]), np.array([11.0, -20.0, 0.0]))
    beside = Needle(3, np.array([40.0, 50.0, 0.0]), np.array([40.0, 0.0, 0.0]))
    tracks = nearest_tracks([straight, beside, fanning], BALL)
    assert [(track.needle.number, track.nearest.number) for track in tracks] == [(1, 2), (2, 1)]
    assert all(7 < track.distance_mm < 8 for track in tracks)
    assert nearest_tracks([straight, beside], BALL) == []
    assert distal_edge_mm(straight, BALL) == pytest.approx(65, abs=SURFACE_MM)
    assert distal_edge_mm(beside, BALL) is None
