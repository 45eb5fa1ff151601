"""Structures whose holes are filled."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid, Structure, fill_holes

GRID = Grid((20, 20, 20), np.eye(4))
CUBE = np.zeros(GRID.shape_kji, bool)
CUBE[3:17, 3:17, 3:17] = True


def test_what_a_structure_encloses_is_filled() -> None:
    hollow = CUBE.copy()
    hollow[8:12, 8:12, 8:12] = False
    np.testing.assert_array_equal(fill_holes(Structure("Body", hollow, GRID)).occupancy, CUBE)


def test_partial_voxels_at_the_outside_keep_their_share_and_those_inside_become_whole() -> None:
    share = CUBE.astype(np.float32)
    share[3] *= 0.25
    expected = share.copy()
    share[10, 10, 10] = 0.25
    np.testing.assert_array_equal(fill_holes(Structure("Body", share, GRID)).occupancy, expected)


def test_a_channel_to_the_outside_stays_open() -> None:
    open_box = CUBE.copy()
    open_box[:10, 9:11, 9:11] = False
    structure = Structure("Body", open_box, GRID)
    np.testing.assert_array_equal(fill_holes(structure).occupancy, open_box)


def test_a_body_that_fills_its_image_is_left_alone() -> None:
    structure = Structure("Body", np.ones(GRID.shape_kji, bool), GRID)
    assert fill_holes(structure) is structure
