from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from brachyresponse.dose import Dvh, StructureSamples, compute_dvh
from brachyresponse.errors import BrachyResponseError, DoseError, StructureError
from brachyresponse.geometry import Grid, Structure
from solids import ball, grid_round, radius_of, seeds_dose

RADIUS_MM = 12.0


def test_a_linear_gradient_over_a_ball_gives_its_closed_form() -> None:
    structure = ball(grid_round(14, 1.0, turned_deg=(20, 30)), RADIUS_MM)
    grid = grid_round(20, 2.0)
    slope_gy_per_mm = 2.0
    dvh = compute_dvh(100 + slope_gy_per_mm * grid.points_mm()[..., 2], grid, structure)

    assert dvh.volume_cc == pytest.approx(
        4 / 3 * np.pi * RADIUS_MM**3 / 1000, rel=2e-3
    )  # counted on 216 points a voxel
    assert dvh.mean_gy == pytest.approx(100, abs=0.02)
    for percent in (2, 5, 50, 90, 95, 98):
        height = brentq(
            lambda h, x=percent: h**2 * (3 * RADIUS_MM - h) / (4 * RADIUS_MM**3) - x / 100, 0, 2 * RADIUS_MM
        )
        expected_gy = 100 + slope_gy_per_mm * (RADIUS_MM - height)
        assert dvh.d(percent) == pytest.approx(expected_gy, abs=0.3)  # 0.15 mm: a seventh of a voxel
        assert dvh.v(expected_gy) == pytest.approx(percent, abs=0.5)


def test_inverse_square_in_a_shell_gives_its_closed_form() -> None:
    inner_mm, outer_mm, strength = 8.0, 14.0, 1e4
    lattice = grid_round(16, 0.8)
    shell = Structure("shell", ball(lattice, outer_mm).occupancy - ball(lattice, inner_mm).occupancy, lattice)
    grid = grid_round(20, 1.0, shift_mm=(0.3, 0.1, -0.2))
    radius_mm = np.maximum(np.linalg.norm(grid.points_mm(), axis=-1), 1)
    dvh = compute_dvh(strength / radius_mm**2, grid, shell)

    for percent in (5, 50, 90, 95):
        radius = np.cbrt(inner_mm**3 + percent / 100 * (outer_mm**3 - inner_mm**3))
        assert dvh.d(percent) == pytest.approx(strength / radius**2, rel=0.01)  # trilinear dose is up to 0.5 % too high
    assert dvh.mean_gy == pytest.approx(3 * strength * (outer_mm - inner_mm) / (outer_mm**3 - inner_mm**3), rel=0.01)


def test_the_natural_histogram_of_inverse_square_is_level() -> None:
    grid = grid_round(20, 0.8)
    radius_mm = np.maximum(np.linalg.norm(grid.points_mm(), axis=-1), 1)
    dvh = compute_dvh(1e4 / radius_mm**2, grid, ball(grid_round(16, 0.8, shift_mm=(0.1, 0.3, 0.2)), 15))
    u, volume_per_u = dvh.natural()
    level = 4 / 3 * np.pi / 1000 * 1e4**1.5  # V = 4/3 pi r^3 and u = r^3 / k^(3/2)
    assert np.all(np.diff(u) > 0)
    by_ten = volume_per_u.reshape(10, 10).mean(axis=1)  # some three thousand samples each
    np.testing.assert_allclose(by_ten[1:9], level, rtol=0.05)


def test_partial_voxels_count_by_their_share_and_lie_where_the_structure_is() -> None:
    grid = Grid((1, 1, 4), np.diag([4.0, 4.0, 4.0, 1.0]))
    structure = Structure("edge", np.array([[[1, 1, 0.5, 0]]]), grid)  # ends in the middle of the third voxel, x = 8 mm
    along = Grid((1, 1, 13), np.diag([1.0, 4.0, 4.0, 1.0]))
    dvh = compute_dvh(along.points_mm()[..., 0], along, structure)
    assert dvh.volume_cc == pytest.approx(2.5 * 0.064)
    assert dvh.max_gy == pytest.approx(8, abs=0.5)  # not 10, where the third voxel ends
    assert dvh.v_cc(4.0) == pytest.approx(0.064, rel=0.15)


@pytest.mark.parametrize("positions_mm", [[[0, 0, 0]], [[3, 0, 0], [-3, 0, 0], [0, 3, 5], [0, -3, -5]]])
def test_d90_of_a_small_target_near_seeds_does_not_hang_on_the_grids(positions_mm: list[list[float]]) -> None:
    radius_mm = radius_of(0.6)
    random = np.random.default_rng(4)
    found = []
    for _ in range(6):
        lattice = grid_round(8, 1.0, shift_mm=random.uniform(-0.5, 0.5, 3))
        grid = grid_round(14, 1.0, shift_mm=random.uniform(-0.5, 0.5, 3))
        dvh = compute_dvh(seeds_dose(grid, positions_mm), grid, ball(lattice, radius_mm))
        assert len(dvh.sample_dose_gy) > 4000  # 0.6 cc at 0.5 mm
        found.append(dvh.d(90))
    assert np.ptp(found) < 0.01 * np.mean(found)
    random_point = random.normal(size=(200_000, 3))
    inside = random_point / np.linalg.norm(random_point, axis=1)[:, None] * radius_mm
    inside *= np.cbrt(random.uniform(size=(200_000, 1)))
    exact = np.quantile(point_dose(inside, positions_mm), 0.1)
    assert np.mean(found) == pytest.approx(exact, rel=0.01)


def point_dose(points_mm: np.ndarray, positions_mm: list[list[float]]) -> np.ndarray:
    radius_cm = np.linalg.norm(points_mm[:, None] - np.asarray(positions_mm, float), axis=-1) / 10
    return (20 * np.exp(-0.1 * radius_cm) / np.maximum(radius_cm, 0.04) ** 2).sum(axis=1)


def test_d90_of_a_small_mask_does_not_hang_on_the_dose_grid() -> None:
    target = ball(grid_round(8, 1.0, shift_mm=(0.2, 0.4, 0.1)), radius_of(0.6), partial=False)
    found = []
    for shift in (0.0, 0.3, 0.5, 0.8):
        grid = grid_round(14, 1.0, shift_mm=shift)
        found.append(compute_dvh(seeds_dose(grid, [[3, 0, 0], [-3, 0, 0]]), grid, target).d(90))
    assert np.ptp(found) < 0.01 * np.mean(found)


def test_samples_kept_for_live_update_give_what_compute_dvh_gives() -> None:
    target, grid = ball(grid_round(12, 1.0), 10), grid_round(20, 2.0)
    samples = StructureSamples(target, grid)
    for position in ([0, 0, 0], [4, 0, -3]):
        dose_gy = seeds_dose(grid, position)
        live, whole = samples.dvh(dose_gy), compute_dvh(dose_gy, grid, target)
        assert (live.d(90), live.v(20), live.mean_gy) == (whole.d(90), whole.v(20), whole.mean_gy)


def test_an_array_lies_on_the_dose_grid_unless_it_has_its_own() -> None:
    grid = grid_round(15, 1.5)
    target = ball(grid, 9)
    dose_gy = seeds_dose(grid, [0, 0, 0])
    assert compute_dvh(dose_gy, grid, target.occupancy).d(90) == compute_dvh(dose_gy, grid, target).d(90)
    fine = ball(grid_round(12, 0.7), 9)
    assert compute_dvh(dose_gy, grid, fine.occupancy, fine.grid).d(90) == compute_dvh(dose_gy, grid, fine).d(90)


def test_a_large_structure_is_sampled_more_coarsely_and_keeps_its_volume() -> None:
    lattice = grid_round(70, 1.0)
    body = Structure("body", np.ones(lattice.shape_kji, bool), lattice)  # 2800 cc
    grid = grid_round(72, 3.0)
    dvh = compute_dvh(grid.points_mm()[..., 0] + 100, grid, body)
    assert len(dvh.sample_dose_gy) < 1_000_000
    assert dvh.sample_volume_cc.sum() == pytest.approx(lattice.voxel_cc * lattice.voxel_count, rel=1e-6)
    assert dvh.d(50) == pytest.approx(100, abs=0.5)
    assert dvh.max_gy - dvh.min_gy == pytest.approx(140, abs=2.1)  # sample centres lie half a sample inside


def test_a_structure_that_leaves_the_dose_grid_says_so() -> None:
    grid = grid_round(10, 1.0)  # voxel centres to x = 10 mm
    lattice = Grid((5, 5, 21), np.array([[1, 0, 0, 0.5], [0, 1, 0, -2], [0, 0, 1, -2], [0, 0, 0, 1.0]]))
    slab = Structure("slab", np.ones(lattice.shape_kji, bool), lattice)
    dvh = compute_dvh(np.full(grid.shape_kji, 50.0), grid, slab)
    assert dvh.outside_fraction == pytest.approx(11 / 21, abs=1e-6)  # its centres are at x = 0.5, 1.5 ... 20.5 mm
    assert dvh.volume_cc == pytest.approx(0.525)
    assert dvh.inside_cc == pytest.approx(0.25)
    assert "52 % of slab lies outside the dose grid" in dvh.warning
    assert compute_dvh(np.full(grid.shape_kji, 50.0), grid, ball(grid, 5)).warning == ""


def test_a_structure_drawn_to_the_edge_of_the_dose_grid_is_inside() -> None:
    grid = grid_round(6, 2.0)
    dvh = compute_dvh(np.full(grid.shape_kji, 10.0), grid, np.ones(grid.shape_kji, bool))
    assert dvh.outside_fraction == 0
    assert dvh.v_cc(10) == pytest.approx(dvh.volume_cc)


def test_a_ball_that_touches_the_last_voxel_centres_is_wholly_inside() -> None:
    lattice = grid_round(12, 1.0)
    grid = grid_round(8, 1.0)
    dvh = compute_dvh(np.full(grid.shape_kji, 10.0), grid, ball(lattice, 8.2))
    assert dvh.outside_fraction == 0
    assert dvh.warning == ""
    assert dvh.inside_cc == pytest.approx(dvh.volume_cc, rel=1e-4)


def test_the_curve_stays_short_with_peaks_at_seeds() -> None:
    grid = grid_round(15, 1.0)
    dvh = compute_dvh(seeds_dose(grid, [0, 0, 0]), grid, ball(grid, 10))
    assert dvh.max_gy > 2000
    assert len(dvh.dose_gy) == len(dvh.volume_cc_above) < 500
    assert np.all(np.diff(dvh.dose_gy) > 0)
    assert np.all(np.diff(dvh.volume_cc_above) <= 0)
    assert dvh.volume_cc_above[0] == pytest.approx(dvh.volume_cc)
    assert np.diff(dvh.dose_gy)[0] < 1.5  # fine where the prescription is
    dose_gy, cc_per_gy = dvh.differential()
    assert np.sum(cc_per_gy * np.diff(dvh.dose_gy)) == pytest.approx(dvh.volume_cc, rel=1e-3)
    assert dose_gy.shape == cc_per_gy.shape


def test_an_even_dose_is_reached_by_all_and_passed_by_none() -> None:
    grid = grid_round(5, 1.0)
    dvh = compute_dvh(np.full(grid.shape_kji, 110.1, np.float32), grid, ball(grid, 4))
    assert dvh.v(110.1) == pytest.approx(100)
    assert dvh.v(110.2) == 0
    assert [dvh.d(0), dvh.d(100), dvh.d_cc(0.1)] == pytest.approx([110.1] * 3)
    with pytest.raises(DoseError, match="the same everywhere"):
        dvh.natural()


GRID = grid_round(6, 1.0)
DOSE = np.full(GRID.shape_kji, 20.0)


def with_value(value: float) -> np.ndarray:
    dose = DOSE.copy()
    dose[6, 6, 6] = value
    return dose


@pytest.mark.parametrize(
    ("dose_gy", "structure", "error", "message"),
    [
        (with_value(np.nan), ball(GRID, 4), DoseError, "dose holds NaN or infinite"),
        (with_value(np.inf), ball(GRID, 4), DoseError, "dose holds NaN or infinite"),
        (with_value(-30.0), ball(GRID, 4), DoseError, "goes down to -30 Gy: expected 0 or more"),
        (DOSE[1:], ball(GRID, 4), DoseError, r"shape \(12, 13, 13\), its grid \(13, 13, 13\)"),
        (DOSE, np.zeros(GRID.shape_kji, bool), StructureError, "is empty"),
        (DOSE, np.ones((3, 3, 3), bool), StructureError, r"\(3, 3, 3\).*\(13, 13, 13\)"),
        (DOSE, np.full(GRID.shape_kji, 7), StructureError, "occupancy goes from 0 to 1"),
        (
            DOSE,
            ball(grid_round(6, 1.0, shift_mm=(90, 0, 0)), 4, centre_mm=(90, 0, 0)),
            StructureError,
            "outside the dose",
        ),
    ],
)
def test_bad_input_is_refused_with_what_was_found(
    dose_gy: np.ndarray, structure: Structure, error: type[BrachyResponseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        compute_dvh(dose_gy, GRID, structure)


def test_a_structure_with_a_grid_takes_no_other() -> None:
    with pytest.raises(StructureError, match="has its own grid"):
        compute_dvh(DOSE, GRID, ball(GRID, 4), grid_round(5, 1.0))


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda dvh: dvh.d(-1), "D-1 of ball is not defined"),
        (lambda dvh: dvh.d(101), "D101 of ball is not defined"),
        (lambda dvh: dvh.d_cc(2), "D2cc is not defined: ball has 0.2"),
    ],
)
def test_a_part_that_the_structure_has_not_is_refused(ask: object, message: str) -> None:
    dvh = compute_dvh(DOSE, GRID, ball(GRID, 4))
    with pytest.raises(DoseError, match=message):
        ask(dvh)  # type: ignore[operator]


def test_samples_of_unequal_volume_weigh_by_it() -> None:
    dvh = Dvh("three", np.array([1.0, 2.0, 4.0]), np.array([2.0, 1.0, 1.0]), volume_cc=4.0)
    assert dvh.mean_gy == pytest.approx(2.0)
    assert (dvh.v_cc(1), dvh.v_cc(1.5), dvh.v_cc(4), dvh.v_cc(4.1)) == (4, 2, 1, 0)
    assert dvh.d_cc(0.5) == 4
    assert dvh.d_cc(1.5) == 2
    assert dvh.d_cc(1.0) == pytest.approx(3.0)  # between the middles of the two hottest samples
