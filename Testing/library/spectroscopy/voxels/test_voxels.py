"""Voxels in the patient: shares, outlines, distances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.errors import SpectroscopyError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.spectroscopy import grid_outline, lesion_share, shares_on_grid, voxel_outline
from brachyresponse.spectroscopy.voxels import distance_to_voxel_mm
from spectra_files import turned_voxels

ONE_PERCENT = 0.01


def millimetres(size: int) -> Grid:
    """Voxels of 1 mm, the origin in the middle."""
    matrix = np.eye(4)
    matrix[:3, 3] = -(size - 1) / 2
    return Grid((size, size, size), matrix)


def ball(centre_mm: tuple[float, float, float], radius_mm: float, grid: Grid) -> Structure:
    """A ball whose voxels hold the share of it, from 27 points each."""
    parts = (np.arange(3) - 1) / 3
    away = [
        np.linalg.norm(grid.points_mm() + [x, y, z] - np.array(centre_mm), axis=-1) <= radius_mm
        for x in parts
        for y in parts
        for z in parts
    ]
    return Structure("ball", np.mean(away, axis=0), grid)


@pytest.fixture(scope="module")
def lesion() -> Structure:
    return ball((5.0, -8.0, 12.0), 8.0, millimetres(60))


class TestShares:
    @settings(max_examples=25, deadline=None)
    @given(st.floats(-12.0, 12.0), st.floats(-12.0, 12.0), st.floats(6.0, 20.0))
    def test_of_boxes_that_lie_alike_it_is_their_overlap(self, x: float, z: float, size: float) -> None:
        occupancy = np.zeros((30, 30, 30), bool)
        occupancy[10:20, 10:20, 10:20] = True  # -5 to 5 mm
        matrix = np.diag([size, size, size, 1.0])
        matrix[:3, 3] = [x, 0.0, z]
        overlap = [max(0.0, min(at + size / 2, 5.0) - max(at - size / 2, -5.0)) / size for at in (x, 0.0, z)]
        share = lesion_share(Grid((1, 1, 1), matrix), (0, 0, 0), Structure("box", occupancy, millimetres(30)))
        assert share == pytest.approx(np.prod(overlap), abs=ONE_PERCENT)

    @pytest.mark.parametrize("flip", [False, True])
    def test_an_oblique_voxel_holds_what_random_points_say(self, lesion: Structure, flip: bool) -> None:
        grid = turned_voxels((1, 1, 1), (20.0, 15.0, 18.0), flip)
        moved = Grid((1, 1, 1), grid.ijk_to_ras + np.pad([[4.0], [-3.0], [2.0]], [(0, 1), (3, 0)]))
        points = moved.to_ras(np.random.default_rng(0).uniform(-0.5, 0.5, (200_000, 3)))
        inside = np.linalg.norm(points - [5.0, -8.0, 12.0], axis=-1) <= 8.0
        assert lesion_share(moved, (0, 0, 0), lesion) == pytest.approx(inside.mean(), abs=ONE_PERCENT)

    def test_a_grid_shares_the_whole_lesion_out(self, lesion: Structure) -> None:
        grid = turned_voxels((5, 5, 3), (8.0, 8.0, 10.0))
        shares = shares_on_grid(grid, lesion)
        assert shares.sum() * grid.voxel_cc == pytest.approx(lesion.volume_cc, rel=ONE_PERCENT)
        assert shares.max() == pytest.approx(1.0, abs=ONE_PERCENT)
        assert shares[1, 2, 2] == lesion_share(grid, (2, 2, 1), lesion)

    def test_a_lesion_elsewhere_has_no_share(self, lesion: Structure) -> None:
        far = Grid((1, 2, 2), turned_voxels((2, 2, 1), (9.0, 9.0, 9.0)).ijk_to_ras + np.eye(4, 4, 3) * 200)
        assert not shares_on_grid(far, lesion).any()
        assert lesion_share(far, (1, 1, 0), lesion) == 0.0

    @pytest.mark.parametrize("voxel", [(1, 0, 0), (0, -1, 0), (0, 0)])
    def test_a_voxel_that_is_not_there_is_refused(self, lesion: Structure, voxel: tuple[int, int, int]) -> None:
        with pytest.raises(SpectroscopyError, match=r"There is no voxel .*: the spectra are 1 x 1 x 1 voxels"):
            lesion_share(turned_voxels((1, 1, 1), (9.0, 9.0, 9.0)), voxel, lesion)


class TestOutlines:
    @pytest.mark.parametrize("flip", [False, True])
    def test_a_box_has_the_size_of_the_voxel_and_its_faces_look_outwards(self, flip: bool) -> None:
        grid = turned_voxels((2, 2, 2), (20.0, 15.0, 10.0), flip)
        outline = voxel_outline(grid, (1, 0, 1))
        np.testing.assert_allclose(outline.corners_mm.mean(axis=0), grid.to_ras([1, 0, 1]), atol=1e-9)
        volume = 0.0
        for face in outline.faces:
            corners = outline.corners_mm[face] - grid.to_ras([1, 0, 1])
            normal = np.cross(corners[1] - corners[0], corners[2] - corners[1])
            volume += normal @ corners.mean(axis=0) / 3  # positive only where the face looks outwards
        assert volume == pytest.approx(20 * 15 * 10)

    def test_a_grid_has_a_box_for_each_voxel(self) -> None:
        grid = turned_voxels((3, 2, 1), (10.0, 10.0, 10.0))
        outline = grid_outline(grid)
        assert outline.corners_mm.shape == (48, 3)
        assert outline.faces.shape == (36, 4)
        np.testing.assert_allclose(outline.corners_mm[8:16], voxel_outline(grid, (1, 0, 0)).corners_mm, atol=1e-9)


def test_the_distance_is_that_to_the_box() -> None:
    grid = turned_voxels((1, 1, 1), (20.0, 10.0, 10.0))
    points = grid.to_ras([[0, 0, 0], [0.45, 0.0, 0.0], [1.0, 0.0, 0.0], [0.8, 0.9, 0.0]])
    np.testing.assert_allclose(distance_to_voxel_mm(grid, (0, 0, 0), points), [0.0, 0.0, 10.0, np.hypot(6.0, 4.0)])
