from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.errors import GeometryError, StructureError
from brachyresponse.geometry import Grid, Structure, resample_structure, share_on_grid
from brachyresponse.geometry.resampling import crop_structure, pad_structure, pool_structure, refine_structure
from solids import ball, grid_round

Factors = tuple[int, int, int]
factors = st.tuples(*[st.integers(1, 4)] * 3)


def random_structure(seed: int, *, partial: bool) -> Structure:
    random = np.random.default_rng(seed)
    grid = grid_round(6, (1.0, 1.5, 3.0), turned_deg=(30, 50), shift_mm=(10, -20, 30))
    occupancy = np.clip(random.uniform(-1, 2, grid.shape_kji), 0, 1)
    return Structure("lumps", occupancy if partial else occupancy > 0.5, grid)


@given(factors, st.booleans(), st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_split_and_joined_voxels_keep_volume_and_place(parts: Factors, partial: bool, seed: int) -> None:
    structure = random_structure(seed, partial=partial)
    fine, coarse = refine_structure(structure, parts), pool_structure(structure, parts)
    assert fine.volume_cc == pytest.approx(structure.volume_cc, rel=1e-4)  # shares are found to a millionth
    assert coarse.volume_cc == pytest.approx(structure.volume_cc, rel=1e-4)
    # Whole voxels stay; a partial voxel's share moves to where its neighbours are full, a joined one's to the middle.
    np.testing.assert_allclose(fine.centre_mm, structure.centre_mm, atol=0.3 if partial else 1e-6)
    np.testing.assert_allclose(coarse.centre_mm, structure.centre_mm, atol=1.5)  # of voxels up to 12 mm
    back = pool_structure(refine_structure(structure, parts), parts)
    np.testing.assert_allclose(back.occupancy, structure.occupancy, atol=1e-3)


def test_a_split_partial_voxel_shows_where_the_surface_runs() -> None:
    edge = Structure("edge", np.array([[[1, 1, 0.5, 0]]]), Grid((1, 1, 4), np.eye(4)))
    fine = refine_structure(edge, (1, 1, 4)).occupancy.ravel()
    np.testing.assert_allclose(fine, [1] * 10 + [0] * 6, atol=0.05)


def test_split_edges_of_a_ball_lie_on_the_ball() -> None:
    fine = refine_structure(ball(grid_round(10, 2.0), 8), (4, 4, 4))
    exact = ball(fine.grid, 8)
    assert np.abs(fine.occupancy - exact.occupancy).sum() * fine.grid.voxel_cc < 0.03 * exact.volume_cc


@given(factors, st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_cropped_and_padded_structures_stay_where_they_are(margin: Factors, seed: int) -> None:
    structure = random_structure(seed, partial=True)
    for changed in (pad_structure(structure, margin), crop_structure(pad_structure(structure, margin), 0)):
        assert changed.volume_cc == pytest.approx(structure.volume_cc, rel=1e-6)
        np.testing.assert_allclose(changed.centre_mm, structure.centre_mm, atol=1e-5)


@pytest.mark.parametrize("spacing_mm", [0.7, 1.3, (1, 1, 3)])
def test_a_ball_on_another_grid_keeps_its_volume(spacing_mm: float | tuple[float, ...]) -> None:
    source = ball(grid_round(12, 1.0, turned_deg=(20, 10)), 9)
    grid = grid_round(15, spacing_mm, turned_deg=(-15, 40), shift_mm=(0.4, 0.2, 0.3))
    moved = resample_structure(source, grid)
    assert moved.name == "ball"
    assert moved.grid == grid
    assert moved.volume_cc == pytest.approx(source.volume_cc, rel=5e-3)  # interpolated occupancy
    np.testing.assert_allclose(moved.centre_mm, 0, atol=0.05)


def test_on_its_own_grid_a_structure_stays_itself() -> None:
    source = ball(grid_round(10, 1.0), 7)
    np.testing.assert_allclose(share_on_grid(source, source.grid, step_mm=1.0), source.occupancy, atol=1e-6)


def test_a_structure_beyond_the_grid_is_refused_or_nothing() -> None:
    source, far = ball(grid_round(8, 1.0), 6), grid_round(8, 1.0, shift_mm=100)
    assert not share_on_grid(source, far).any()
    with pytest.raises(StructureError, match="'ball' lies outside the grid of 17 x 17 x 17 voxels"):
        resample_structure(source, far)


@pytest.mark.parametrize("change", [refine_structure, pool_structure])
def test_voxels_cannot_be_split_into_none(change: object) -> None:
    with pytest.raises(GeometryError, match=r"\(1, 0, 2\)"):
        change(ball(grid_round(4, 1.0), 3), (1, 0, 2))  # type: ignore[operator]
