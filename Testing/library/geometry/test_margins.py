from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import GeometryError, StructureError
from brachyresponse.geometry import Grid, Structure, grow_structure, threshold_structure
from solids import ball, grid_round

RADIUS_MM = 8.0


def radius_mm(structure: Structure) -> float:
    """Radius of the ball of the structure's volume."""
    return float(np.cbrt(structure.volume_cc * 1000 * 3 / 4 / np.pi))


@pytest.mark.parametrize("turned_deg", [(0, 0), (30, 20)])
@pytest.mark.parametrize("spacing_mm", [(1, 1, 1), (0.7, 0.7, 3), (2, 2, 2)])
@pytest.mark.parametrize("margin_mm", [3, 8])
def test_a_ball_grows_by_the_margin_on_any_grid(
    spacing_mm: tuple[float, ...], turned_deg: tuple[float, float], margin_mm: float
) -> None:
    grid = grid_round(12, spacing_mm, turned_deg=turned_deg, shift_mm=(0.3, 0.2, 0.1))
    for partial, tolerance_mm in ((True, 0.1), (False, 0.3)):  # a mask's surface is known to half a voxel only
        grown = grow_structure(ball(grid, RADIUS_MM, partial=partial), margin_mm)
        assert radius_mm(grown) == pytest.approx(RADIUS_MM + margin_mm, abs=tolerance_mm)
        np.testing.assert_allclose(grown.centre_mm, 0, atol=0.15)


def test_the_structure_itself_is_always_inside() -> None:
    target = ball(grid_round(14, 1.0), RADIUS_MM)
    bone = ball(target.grid, 5, centre_mm=(8, 0, 0), partial=False)
    grown = grow_structure(target, 3, barriers=[bone])
    assert np.all(grown.occupancy >= target.occupancy - 1e-6)


def test_a_single_voxel_grows() -> None:
    grid = grid_round(10, 2.0)
    mask = np.zeros(grid.shape_kji, bool)
    mask[5, 5, 5] = True
    assert radius_mm(grow_structure(Structure("marker", mask, grid), 5)) == pytest.approx(5 + 1, abs=0.5)


def test_the_grid_stays_where_the_margin_fits_and_grows_where_it_does_not() -> None:
    roomy, tight = grid_round(20, 1.0), grid_round(9, 1.0)
    assert grow_structure(ball(roomy, RADIUS_MM), 4).grid == roomy
    grown = grow_structure(ball(tight, RADIUS_MM), 4)
    assert grown.grid != tight
    np.testing.assert_allclose(tight.to_ijk(grown.grid.to_ras([0, 0, 0])) % 1, 0, atol=1e-9)  # on the same lattice
    assert grown.volume_cc == pytest.approx(grow_structure(ball(roomy, RADIUS_MM), 4).volume_cc, rel=1e-6)


def wall(grid: Grid, half_width_mm: float) -> Structure:
    """A plate 2 mm thick, 10 mm to the right of the centre."""
    x, y, z = np.moveaxis(grid.points_mm(), -1, 0)
    return Structure("bone", (np.abs(x - 10) <= 1) & (np.abs(y) <= half_width_mm) & (np.abs(z) <= half_width_mm), grid)


def test_growth_stops_at_a_wide_wall() -> None:
    grid = grid_round(24, 1.0)
    target, bone = ball(grid, RADIUS_MM), wall(grid, 20)
    free, held = grow_structure(target, 8), grow_structure(target, 8, barriers=[bone])
    behind = grid.points_mm()[..., 0] > 12
    assert free.occupancy[behind].sum() > 300
    assert held.occupancy[behind].max() == 0
    assert held.occupancy[bone.mask].max() == 0
    before = grid.points_mm()[..., 0] < 8  # nothing shades these
    np.testing.assert_allclose(held.occupancy[before], free.occupancy[before], atol=1e-6)


def test_growth_reaches_round_a_small_wall_no_further_than_the_margin() -> None:
    grid = grid_round(24, 1.0)
    target, bone = ball(grid, RADIUS_MM), wall(grid, 4)
    held = grow_structure(target, 8, barriers=[bone]).occupancy[24, 24]
    free = grow_structure(target, 8).occupancy[24, 24]
    # To x = 15 straight through the wall it is 7 mm, round its edge at y = 4.5 it is 10.1 mm.
    assert free[24 + 15] == pytest.approx(1, abs=0.05)
    assert held[24 + 15] == 0
    aside = grow_structure(target, 8, barriers=[bone]).occupancy[24, 24 + 8, 24 + 11]  # past the edge
    assert aside == pytest.approx(grow_structure(target, 8).occupancy[24, 24 + 8, 24 + 11], abs=0.2)


def test_a_slanted_wall_of_one_voxel_does_not_leak() -> None:
    grid = grid_round(22, 1.0)
    _, j, i = np.indices(grid.shape_kji)
    slanted = Structure("septum", i + j == 58, grid)  # 10 mm from the centre, its voxels touch by their edges only
    target = ball(grid, 5)
    held = grow_structure(target, 14, barriers=[slanted])
    assert grow_structure(target, 14).occupancy[i + j > 59].max() == 1
    assert held.occupancy[i + j > 59].max() == 0


def test_growth_ends_at_the_skin_and_barriers_may_have_any_grid() -> None:
    target = ball(grid_round(14, 1.0), RADIUS_MM)
    body = ball(grid_round(40, 1.5, turned_deg=(15, 40)), 30, centre_mm=(-20, 0, 0))  # its skin is 10 mm to the right
    grown = grow_structure(target, 5, within=body)
    x = grown.grid.points_mm()[..., 0]
    assert grown.occupancy[x > 11].max() == 0
    assert grown.volume_cc < 0.97 * grow_structure(target, 5).volume_cc
    far_away = ball(grid_round(5, 1.0, shift_mm=200), 4, centre_mm=(200, 200, 200))
    assert grow_structure(target, 5, barriers=[far_away]).volume_cc == pytest.approx(
        grow_structure(target, 5).volume_cc, rel=1e-3
    )


def test_no_margin_gives_the_structure_under_its_new_name() -> None:
    target = ball(grid_round(10, 1.0), RADIUS_MM)
    same = grow_structure(target, 0, name="PTV")
    assert same.name == "PTV"
    np.testing.assert_array_equal(same.occupancy, target.occupancy)
    assert grow_structure(target, 2.5).name == "ball + 2.5 mm"


@pytest.mark.parametrize("margin_mm", [-1.0, float("nan"), float("inf")])
def test_a_margin_that_is_none_is_refused(margin_mm: float) -> None:
    with pytest.raises(GeometryError, match="give 0 or more"):
        grow_structure(ball(grid_round(10, 1.0), RADIUS_MM), margin_mm)


def test_bone_and_air_come_from_thresholds() -> None:
    grid = Grid((1, 1, 4), np.eye(4))
    hu = np.array([[[-1000, -300, 40, 700]]])
    assert threshold_structure("bone", hu, grid, at_least=250).occupancy.tolist() == [[[False, False, False, True]]]
    assert threshold_structure("air", hu, grid, at_most=-300).occupancy.tolist() == [[[True, True, False, False]]]
    with pytest.raises(StructureError, match="'metal' is empty"):
        threshold_structure("metal", hu, grid, at_least=3000)
    with pytest.raises(StructureError, match="needs a lower or an upper threshold"):
        threshold_structure("all", hu, grid)
