from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, contours_to_structure
from brachyresponse.geometry.scanline import polygon_coverage
from solids import grid_round

Points = NDArray[np.float64]


def circle(radius_mm: float, z_mm: float, *, centre: tuple[float, float] = (0, 0), points: int = 180) -> Points:
    angle = np.arange(points) / points * 2 * np.pi
    x, y = centre[0] + radius_mm * np.cos(angle), centre[1] + radius_mm * np.sin(angle)
    return np.stack([x, y, np.full(points, z_mm)], axis=-1)


def polygon_area(radius_mm: float, points: int = 180) -> float:
    return points / 2 * radius_mm**2 * np.sin(2 * np.pi / points)


def test_a_cylinder_of_slabs_has_its_volume_ends_included() -> None:
    structure = contours_to_structure("rod", [circle(10, z) for z in (0, 2.5, 5, 7.5)])
    assert structure.volume_cc == pytest.approx(polygon_area(10) * 10 / 1000, rel=1e-3)  # 8 scan lines a millimetre
    lower, upper = structure.bounds_mm()
    assert (lower[2], upper[2]) == pytest.approx((-1.25, 8.75))
    np.testing.assert_allclose(structure.centre_mm, [0, 0, 3.75], atol=1e-3)


def test_a_contour_in_a_contour_is_a_hole_and_one_beside_it_a_part() -> None:
    planes = (0.0, 3.0)
    contours = [circle(r, z) for z in planes for r in (10, 4)] + [circle(3, z, centre=(20, 0)) for z in planes]
    structure = contours_to_structure("ring", contours)
    area = polygon_area(10) - polygon_area(4) + polygon_area(3)
    assert structure.volume_cc == pytest.approx(area * 6 / 1000, rel=1e-3)
    k, j, i = np.rint(structure.grid.to_ijk([0, 0, 1.5]))[::-1].astype(int)
    assert structure.occupancy[k, j, i] == 0


def test_two_parts_apart_do_not_grow_together() -> None:
    structure = contours_to_structure("two", [circle(5, z) for z in (0, 2, 4, 10, 12)])
    assert structure.volume_cc == pytest.approx(polygon_area(5) * 10 / 1000, rel=1e-3)


def test_closed_open_clockwise_and_counter_clockwise_are_the_same() -> None:
    round_about = [circle(6, z) for z in (0, 2)]
    expected = contours_to_structure("a", round_about)
    closed = contours_to_structure("b", [np.vstack([c, c[:1]]) for c in round_about])
    reversed_ = contours_to_structure("c", [c[::-1] for c in round_about])
    np.testing.assert_allclose(closed.occupancy, expected.occupancy, atol=1e-6)
    assert reversed_.volume_cc == pytest.approx(expected.volume_cc, rel=1e-6)


def test_contours_in_oblique_planes_give_the_same_volume() -> None:
    turn = Rotation.from_euler("zxy", [25, 40, 10], degrees=True).as_matrix()
    contours = [circle(8, z) @ turn.T + [30, -20, 5] for z in (0, 3, 6)]
    structure = contours_to_structure("turned", contours)
    assert structure.volume_cc == pytest.approx(polygon_area(8) * 9 / 1000, rel=1e-3)
    np.testing.assert_allclose(structure.centre_mm, turn @ [0, 0, 3] + [30, -20, 5], atol=0.01)


@pytest.mark.parametrize(
    ("grid", "tolerance"),
    [
        (grid_round(16, (1, 1, 2), shift_mm=(0.3, 0.1, 5.2)), 1e-3),  # slices along the planes: exact
        (grid_round(16, 1.0, turned_deg=(0, 90), shift_mm=(0, 0, 4)), 0.01),
        (grid_round(18, (0.9, 1.1, 2.5), turned_deg=(20, 35), shift_mm=(0, 0, 4)), 0.01),
    ],
)
def test_contours_fill_any_grid_that_is_wanted(grid: Grid, tolerance: float) -> None:
    contours = [circle(9, z) for z in (0, 2.5, 5, 7.5)]
    structure = contours_to_structure("rod", contours, grid=grid)
    assert structure.grid == grid
    assert structure.volume_cc == pytest.approx(polygon_area(9) * 10 / 1000, rel=tolerance)
    np.testing.assert_allclose(structure.centre_mm, [0, 0, 3.75], atol=0.05)


def test_what_lies_beyond_the_grid_is_cut_off() -> None:
    half = Grid((4, 20, 20), np.array([[1, 0, 0, 0.5], [0, 1, 0, -9.5], [0, 0, 1, -1.5], [0, 0, 0, 1.0]]))  # x from 0
    structure = contours_to_structure("half", [circle(5, z) for z in (-1, 1)], grid=half)
    assert structure.volume_cc == pytest.approx(polygon_area(5) / 2 * 4 / 1000, rel=2e-3)


@pytest.mark.parametrize(("first_mm", "step_mm"), [(100.0, 2.5), (0.1, 2.5), (33.3, 0.7), (-57.7, 1.1), (0.1, 3.0)])
def test_slabs_on_the_slices_of_a_grid_take_these_slices_and_no_other(first_mm: float, step_mm: float) -> None:
    matrix = np.diag([1, 1, step_mm, 1.0])
    matrix[:3, 3] = -9.5, -9.5, first_mm - 4 * step_mm
    contours = [circle(5, first_mm + n * step_mm) for n in range(3)]
    structure = contours_to_structure("disc", contours, grid=Grid((11, 20, 20), matrix))
    lower, upper = structure.index_box()
    assert (lower[0], upper[0]) == (4, 6)


@given(st.integers(3, 12), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_coverage_of_a_convex_polygon_sums_to_its_area(corners: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    angle = np.sort(random.uniform(0, 2 * np.pi, corners))
    points = np.stack([12 + 9 * np.cos(angle), 11 + 8 * np.sin(angle)], axis=-1)
    x, y = points.T
    area = abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2
    coverage = polygon_coverage([points], (24, 26))
    assert coverage.min() >= 0
    assert coverage.max() <= 1
    assert coverage.sum() == pytest.approx(area, abs=0.4)  # the lines next to the highest and lowest corner


@pytest.mark.parametrize(
    ("contours", "options", "message"),
    [
        ([], {}, "'gtv' has no contours"),
        ([circle(5, 0)[:2]], {}, r"Contour 1 of 'gtv' has shape \(2, 3\)"),
        ([circle(5, 0), circle(5, 2) * np.nan], {}, "Contour 2 of 'gtv'"),
        ([circle(5, 0)], {}, "lie in one plane: give the thickness"),
        ([circle(5, z) for z in (0, 2, 5)], {}, "2 to 3 mm apart, unevenly"),
        ([circle(5, 0), circle(5, 2)[:, [2, 0, 1]]], {}, "do not lie in parallel planes"),
        ([np.zeros((4, 3)), np.ones((4, 3))], {}, "enclose no area"),
        ([circle(5, z) for z in (0, 2)], {"grid": grid_round(5, 1.0, shift_mm=(90, 0, 0))}, "lie outside the grid"),
    ],
)
def test_contours_that_make_no_sense_are_refused(
    contours: list[Points], options: dict[str, Grid], message: str
) -> None:
    with pytest.raises(StructureError, match=message):
        contours_to_structure("gtv", contours, **options)


def test_one_plane_is_a_slab_of_the_thickness_given() -> None:
    structure = contours_to_structure("slice", [circle(5, 0)], slab_mm=3)
    assert structure.volume_cc == pytest.approx(polygon_area(5) * 3 / 1000, rel=2e-3)
