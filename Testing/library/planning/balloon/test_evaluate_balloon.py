"""What is computed of a balloon plan: spheres against the reference, drawn balloons, shells, sectors, rules."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.dose import liquid_sphere_dose_rate
from brachyresponse.errors import DoseError, PlanError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import PlanAnatomy, PlanRoles, dvh_table, metrics_table
from brachyresponse.planning.balloon import (
    BalloonEvaluation,
    balloon_shape,
    balloon_shell,
    evaluate_balloon,
    evaluation_grid,
    load_balloon_profile,
    prescription_rate,
    sphere_occupancy,
    sphere_volume_ml,
)
from brachyresponse.planning.balloon.statements import warnings_of_shape
from brachyresponse.planning.balloon.surface_points import balloon_points
from brachyresponse.planning.balloon.tables import depth_dose_table, sectors_table

from .conftest import BALLOON_RADIUS_MM, PlanMaker


@pytest.fixture(scope="module")
def sphere(balloon_plan: PlanMaker, no_anatomy: PlanAnatomy) -> BalloonEvaluation:
    plan = balloon_plan(fill_volume_ml=4.2)
    grid = evaluation_grid(plan, no_anatomy, balloon_shape(plan, no_anatomy))
    return evaluate_balloon(plan, no_anatomy, grid, profile=load_balloon_profile())


@pytest.fixture(scope="module")
def drawn(balloon_plan: PlanMaker, head: PlanAnatomy) -> BalloonEvaluation:
    plan = balloon_plan(
        balloon="Balloon", activity_mbq=2000.0, barriers=("Skull",), gaps=("Air",), fill_volume_ml=3.0,
        recovered_mbq=1500.0,
    )  # fmt: skip
    grid = Grid.covering([-20, -18, -18], [18, 18, 18], 1.0)
    return evaluate_balloon(plan, head, grid, profile=load_balloon_profile())


def test_60_gy_at_1_cm_mean_390_gy_on_the_surface_of_a_2_cm_balloon(sphere: BalloonEvaluation) -> None:
    assert sphere.dose_at_depth_gy == pytest.approx(60.0, rel=2e-3)  # 167 mCi is rounded
    assert sphere.surface_dose_gy == pytest.approx(390, abs=2)
    assert sphere.metric("Balloon", "surface_ratio").value == pytest.approx(6.50, abs=0.005)
    assert sphere.sphericity == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(("percent", "expected_cc"), [(100, 29.3), (150, 16.3), (200, 10.2)])
def test_the_volumes_of_brain_outside_the_balloon_are_met(
    sphere: BalloonEvaluation, percent: int, expected_cc: float
) -> None:
    # counted in voxels of 1 mm: a percent
    assert sphere.metric("Balloon", f"outside_{percent}").value == pytest.approx(expected_cc, rel=0.01)


def test_the_mean_of_the_1_cm_shell_is_met(sphere: BalloonEvaluation) -> None:
    # the reference is rounded to 1 Gy, the dose is on voxels of 1 mm
    assert sphere.metric("Shell 10 mm", "mean").value == pytest.approx(121, rel=0.01)
    assert sphere.metric("Shell 10 mm", "volume").value == pytest.approx(
        sphere_volume_ml(20) - sphere_volume_ml(10), rel=3e-3
    )


def test_the_prescription_reaches_its_depth_in_every_sector(sphere: BalloonEvaluation) -> None:
    assert len(sphere.sectors) == 6
    for sector in sphere.sectors:
        assert sector.least_depth_mm == pytest.approx(10.0, abs=0.05)
        assert sector.clearance_mm is None


def test_a_plan_within_the_published_ranges_breaks_no_rule(sphere: BalloonEvaluation) -> None:
    assert [finding.rule for finding in sphere.findings if finding.passed is False] == []
    assert not sphere.warnings
    assert any("wall of the balloon was taken to be 0 mm" in note for note in sphere.notes)


def test_a_drawn_sphere_has_the_dose_of_the_sphere(drawn: BalloonEvaluation) -> None:
    plan = drawn.plan
    rates = liquid_sphere_dose_rate(BALLOON_RADIUS_MM, drawn.curve.depth_mm, plan.activity_at_filling_mbq)
    expected_gy = rates * plan.hours_at_first_rate / 100
    known = np.isfinite(drawn.curve.mean_gy)
    assert known[drawn.curve.depth_mm <= 10].all()
    # its surface is known to a tenth of a voxel, where the dose falls by a tenth in a millimetre
    np.testing.assert_allclose(drawn.curve.mean_gy[known], expected_gy[known], rtol=1e-2)
    assert drawn.metric("Balloon", "sphere_difference").value == pytest.approx(0, abs=1.0)
    assert drawn.shape.liquid_ml == pytest.approx(sphere_volume_ml(BALLOON_RADIUS_MM), rel=5e-3)


def test_shells_end_at_the_skull_and_leave_out_the_air(drawn: BalloonEvaluation, head: PlanAnatomy) -> None:
    shell = drawn.shells["Shell 10 mm"]
    points = shell.grid.points_mm()[shell.occupancy > 0.5]
    assert points[:, 0].max() <= BALLOON_RADIUS_MM + 6.5
    air = head.structures["Air"]
    assert not (np.linalg.norm(points - [0, BALLOON_RADIUS_MM + 1.5, 0], axis=-1) < 0.9).any()
    whole_cc = sphere_volume_ml(BALLOON_RADIUS_MM + 10) - sphere_volume_ml(BALLOON_RADIUS_MM)
    assert shell.volume_cc < whole_cc - air.volume_cc


@pytest.mark.parametrize("as_mask", [False, True])
def test_a_shell_of_a_drawn_balloon_is_as_thick_as_it_says(
    balloon_plan: PlanMaker, head: PlanAnatomy, as_mask: bool
) -> None:
    balloon = head.structures["Balloon"]
    drawn = Structure("Balloon", balloon.mask if as_mask else balloon.occupancy, balloon.grid)
    anatomy = PlanAnatomy({"Balloon": drawn}, PlanRoles())
    plan = balloon_plan(balloon="Balloon")
    shape = balloon_shape(plan, anatomy)
    radius_mm = shape.equivalent_radius_mm
    for depth_mm in (5.0, 10.0):
        expected_cc = sphere_volume_ml(radius_mm + depth_mm) - sphere_volume_ml(radius_mm)
        # a hundredth of a millimetre; a mask is no sphere any more
        assert balloon_shell(shape, depth_mm, plan, anatomy).volume_cc == pytest.approx(expected_cc, rel=6e-3)


def test_a_shell_that_is_mostly_cropped_away_is_said(balloon_plan: PlanMaker, head: PlanAnatomy) -> None:
    balloon = head.structures["Balloon"]
    bone = np.linalg.norm(balloon.grid.points_mm(), axis=-1) > BALLOON_RADIUS_MM + 1.5
    anatomy = PlanAnatomy({"Balloon": balloon, "Bone": Structure("Bone", bone, balloon.grid)}, PlanRoles())
    coarse = Grid.covering([-18, -18, -18], [18, 18, 18], 3.0)
    found = evaluate_balloon(balloon_plan(balloon="Balloon", barriers=("Bone",)), anatomy, coarse)
    assert any("leave 5 % of the Shell 10 mm" in warning for warning in found.warnings)


def test_a_balloon_in_two_pieces_and_one_of_a_few_voxels_are_said(balloon_plan: PlanMaker) -> None:
    grid = Grid.covering([-14, -14, -14], [14, 14, 14], 2.0)
    for positions_mm, sentence in (
        (([-9, 0, 0], [9, 0, 0]), "drawn in 2 pieces"),
        (([0, 0, 0],), "holds only 0.12 mL of liquid, the smallest that is made 5 mL"),
    ):
        drawn = sum(sphere_occupancy(grid, np.array(centre), 3.0) for centre in positions_mm)
        anatomy = PlanAnatomy({"Balloon": Structure("Balloon", drawn, grid)}, PlanRoles())
        shape = balloon_shape(balloon_plan(balloon="Balloon"), anatomy)
        assert any(sentence in said for said in warnings_of_shape(shape))


def test_sectors_know_the_gap_and_the_barrier(drawn: BalloonEvaluation) -> None:
    found = {sector.name: sector for sector in drawn.sectors}
    assert found["anterior"].gap_mm == pytest.approx(3.0, abs=0.75)
    assert found["left"].gap_mm == 0
    assert found["right"].clearance_mm == pytest.approx(6.0, abs=0.75)
    assert found["left"].clearance_mm is None


def test_what_needs_a_person_is_found(drawn: BalloonEvaluation) -> None:
    broken = {finding.rule for finding in drawn.findings if finding.passed is False}
    assert {"fill_ml", "fill_percent", "gap", "leakage"} <= broken
    assert drawn.leakage is not None
    assert drawn.leakage.is_flagged
    assert any("3 mL were filled in" in warning for warning in drawn.warnings)
    assert [result.passed for result in drawn.limits] == [False]
    assert drawn.organ_metrics["Chiasm"]


def test_tables_are_those_of_a_seed_plan(drawn: BalloonEvaluation) -> None:
    assert "Shell 10 mm (cc)" in dvh_table(drawn).columns
    labels = [row[1] for row in metrics_table(drawn, first=drawn.figures).rows]
    assert labels[0] == "Surface dose"
    assert "D90" in labels
    assert len(sectors_table(drawn.sectors).rows) == 6
    assert depth_dose_table(drawn.curve).rows[-1][1] == ""  # beyond the dose grid


def test_the_rate_at_the_prescription_gives_time_and_activity_for_it(
    balloon_plan: PlanMaker, no_anatomy: PlanAnatomy, sphere: BalloonEvaluation
) -> None:
    rate = prescription_rate(balloon_plan(), no_anatomy, sphere.grid)
    assert rate == pytest.approx(52.3, rel=2e-3)
    plan = balloon_plan().with_removal_for(rate)
    assert rate * plan.hours_at_first_rate / 100 == pytest.approx(60.0, rel=1e-5)
    with pytest.raises(PlanError, match="900 Gy is never reached"):
        balloon_plan(prescription_gy=900.0).with_removal_for(rate / 2)


def test_a_mask_is_smoothed_and_its_volume_kept(balloon_plan: PlanMaker, head: PlanAnatomy) -> None:
    balloon = head.structures["Balloon"]
    mask = Structure("Balloon", balloon.mask, balloon.grid)
    shape = balloon_shape(balloon_plan(balloon="Balloon"), PlanAnatomy({"Balloon": mask}, PlanRoles()))
    assert shape.is_mask
    assert shape.liquid_ml == pytest.approx(mask.volume_cc, rel=5e-3)
    assert shape.surface.sphericity > 0.995
    assert np.ptp(shape.surface.radii_mm) < 1.0  # the stairs of 1 mm voxels, smoothed


def test_a_wall_shrinks_the_liquid_evenly(balloon_plan: PlanMaker, head: PlanAnatomy) -> None:
    shape = balloon_shape(balloon_plan(balloon="Balloon", wall_mm=0.5), head)
    assert shape.liquid_ml == pytest.approx(sphere_volume_ml(BALLOON_RADIUS_MM - 0.5), rel=1e-2)
    with pytest.raises(PlanError, match="wall leaves no liquid in the balloon 'Balloon'"):
        balloon_shape(balloon_plan(balloon="Balloon", wall_mm=7.5), head)


def test_an_ellipsoid_is_less_round_and_its_radii_are_found() -> None:
    grid = Grid.covering([-14, -14, -14], [14, 14, 14], 1.0)
    # the sphere of another grid, stretched: semi-axes 10, 10 and 5 mm
    stretched = Grid(grid.shape_kji, grid.ijk_to_ras @ np.diag([1, 1, 0.5, 1]) + np.diag([0, 0, 0, 0]))
    ellipsoid = Structure("Balloon", sphere_occupancy(grid, np.zeros(3), 10.0), stretched)
    surface = balloon_points(ellipsoid)
    assert surface.radii_mm.min() == pytest.approx(5.0, abs=0.2)
    assert surface.radii_mm.max() == pytest.approx(10.0, abs=0.2)
    # area of the oblate spheroid 2 pi a2 (1 + (1 - e2) / e artanh e), e2 = 3/4: 867.19 mm2; volume 4/3 pi 500 mm3
    expected = np.pi ** (1 / 3) * (6 * 4 / 3 * np.pi * 500) ** (2 / 3) / 867.19
    assert surface.sphericity == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"balloon": "Baloon"}, "no structure 'Baloon' for the balloon: there are Balloon, Skull"),
        ({"balloon": "Skull"}, "'Skull' touches the edge of its image"),
        ({"balloon": "Balloon", "barriers": ("Bone",)}, "no structure 'Bone' to crop the balloon's target"),
        ({"balloon": "Balloon", "gaps": ("Balloon",)}, "'Balloon' is the balloon; it is no barrier and no gap"),
    ],
)
def test_structures_that_are_wrong_are_refused(
    balloon_plan: PlanMaker, head: PlanAnatomy, changed: dict[str, str], sentence: str
) -> None:
    with pytest.raises(PlanError, match=sentence):
        evaluate_balloon(balloon_plan(**changed), head, head.structures["Balloon"].grid)


def test_a_dose_grid_that_does_not_hold_the_balloon_is_refused(balloon_plan: PlanMaker, head: PlanAnatomy) -> None:
    small = Grid.covering([-5, -9, -9], [9, 9, 9], 1.0)
    with pytest.raises(DoseError, match=r"touches the edge of its image.*or a dose grid, that holds all of it"):
        evaluate_balloon(balloon_plan(balloon="Balloon"), head, small)


def test_nothing_left_of_the_shell_is_said(balloon_plan: PlanMaker, head: PlanAnatomy) -> None:
    grid = head.structures["Balloon"].grid
    everywhere = Structure("Bone", np.ones(grid.shape_kji, bool), grid)
    anatomy = PlanAnatomy({**head.structures, "Bone": everywhere}, PlanRoles())
    with pytest.raises(PlanError, match="leave nothing of the shell of 5 mm"):
        evaluate_balloon(balloon_plan(balloon="Balloon", barriers=("Bone",)), anatomy, grid)


def test_a_metric_that_was_not_computed_is_said(sphere: BalloonEvaluation) -> None:
    with pytest.raises(PlanError, match="No metric 'd2cc' of 'Shell 10 mm' was computed for plan 'Plan'"):
        sphere.metric("Shell 10 mm", "d2cc")


def test_the_fill_volume_of_a_sphere_is_held_against_the_sphere(sphere: BalloonEvaluation) -> None:
    (fill,) = sphere.fill
    assert fill.other == "the sphere of the plan"
    assert not fill.is_flagged  # 4.2 mL in a sphere of 2 cm


def test_a_stand_in_and_another_half_life_are_warned_of(balloon_plan: PlanMaker, no_anatomy: PlanAnatomy) -> None:
    plan = balloon_plan(liquid="iotrex_6702_fallback", half_life_days=9.7)
    coarse = Grid.covering([-24, -24, -24], [24, 24, 24], 3.0)
    warnings = " ".join(evaluate_balloon(plan, no_anatomy, coarse).warnings)
    assert "3 mm coarse" in warnings
    assert "stand-in: Iotrex, computed with the data of the seed 6702" in warnings
    assert "half-life was set to 9.7 days, but the kernel is that of I-125" in warnings


def test_a_balloon_that_folds_back_is_no_star(balloon_plan: PlanMaker) -> None:
    grid = Grid.covering([-14, -14, -14], [14, 14, 14], 1.0)
    ring = sphere_occupancy(grid, np.zeros(3), 10.0) - sphere_occupancy(grid, np.zeros(3), 6.0)
    folded = PlanAnatomy({"Balloon": Structure("Balloon", ring, grid)}, PlanRoles())
    assert not balloon_shape(balloon_plan(balloon="Balloon"), folded).is_star


def test_a_dose_grid_too_large_for_the_memory_is_refused(balloon_plan: PlanMaker, no_anatomy: PlanAnatomy) -> None:
    with pytest.raises(DoseError, match="choose a larger spacing or a smaller region"):
        prescription_rate(balloon_plan(), no_anatomy, Grid((2000, 2000, 2000), np.eye(4)))
