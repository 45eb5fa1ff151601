from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from brachyresponse.dose import compute_dvh, implant_dose
from brachyresponse.errors import Cancelled, PlanError, StructureError
from brachyresponse.geometry import Grid
from brachyresponse.planning import (
    ImplantPlan,
    PlanAnatomy,
    PlanRoles,
    PlanSampling,
    TrackRule,
    csv_text,
    dvh_table,
    evaluate_dose,
    evaluate_plan,
    findings_table,
    limits_table,
    load_needles,
    load_profile,
    metrics_table,
    parse_limit,
    seeds_table,
    template_needles,
)
from brachyresponse.seeds import Seeds
from brachyresponse.sources import load_source

SOURCE = load_source("amersham_6711")
NECK = load_profile("neck_node")
GRID = Grid.covering([-45, -45, -45], [45, 62, 45], 2.0)


@pytest.fixture(scope="module")
def anatomy(ball: Callable, box: Callable) -> PlanAnatomy:
    """A GTV in a PTV, 33 mm under the skin, with a cord behind, and a lung far outside the dose grid."""
    structures = {
        "GTV": ball("GTV", radius_mm=12),
        "PTV": ball("PTV", radius_mm=15),
        "Body": box("Body", (-60, -90, -60), (60, 48, 60)),
        "Cord": box("Cord", (-4, -44, -30), (4, -36, 30)),
        "Lung": ball("Lung", centre_mm=(300, 0, 0)),
    }
    limits = tuple(parse_limit(text) for text in ("Cord:D0.1cc<=50%", "Cord:D0.1cc<=5%", "Lung:D2cc<=10Gy"))
    return PlanAnatomy(structures, PlanRoles("GTV", "PTV", "Body", ("Cord", "Lung"), ("Cord",), limits))


@pytest.fixture(scope="module")
def template_plan(anatomy: PlanAnatomy, plan_of: Callable) -> ImplantPlan:
    """Parallel needles at 10 mm through the PTV from the skin, seeds at 10 mm."""
    tracks = TrackRule(body=anatomy.structures["Body"])
    needles = template_needles(anatomy.structures["PTV"], direction=[0, -1, 0], pitch_mm=10, tracks=tracks)
    seeds = load_needles(needles, anatomy.structures["PTV"], spacing_mm=10, strength_u=0.6)
    return plan_of(needles, seeds, target="PTV")


def test_an_evaluation_holds_dose_histograms_metrics_limits_and_rules(
    template_plan: ImplantPlan, anatomy: PlanAnatomy
) -> None:
    evaluation = evaluate_plan(template_plan, SOURCE, anatomy, GRID, profile=NECK)
    np.testing.assert_array_equal(evaluation.dose_gy, implant_dose(SOURCE, template_plan.seeds, GRID))
    skin = "Skin in grid (2 mm under Body)"
    assert set(evaluation.dvhs) == {"GTV", "PTV", "Cord", skin}
    assert set(evaluation.metrics) == {"GTV", "PTV"}
    expected = compute_dvh(evaluation.dose_gy, GRID, anatomy.structures["PTV"])
    assert evaluation.metric("PTV", "d90").value == expected.d(90)
    assert evaluation.metric("Cord", "d0_1cc").value == evaluation.dvhs["Cord"].d_cc(0.1)
    assert [result.passed for result in evaluation.limits] == [True, False, None]
    assert evaluation.limits[2].note == "the dose of Lung is not known"
    by_rule = {finding.rule: finding for finding in evaluation.findings}
    assert [finding.rule for finding in evaluation.findings] == [rule.id for rule in NECK.rules]
    assert by_rule["d90"].passed is (evaluation.dvhs["GTV"].d(90) > 120)
    assert by_rule["skin_dose"].value == evaluation.dvhs[skin].d_cc(0.1)
    assert by_rule["skin"].passed is True
    assert any("Lung" in warning and "outside the dose grid" in warning for warning in evaluation.warnings)


def test_skin_beyond_the_dose_grid_is_no_matter_while_the_nearest_is_inside(
    template_plan: ImplantPlan, anatomy: PlanAnatomy
) -> None:
    whole = evaluate_plan(template_plan, SOURCE, anatomy, GRID, profile=NECK)
    narrow = Grid.covering([-25, -45, -25], [25, 62, 25], 2.0)
    part = evaluate_plan(template_plan, SOURCE, anatomy, narrow, profile=NECK)
    assert "Skin in grid (2 mm under Body)" in part.dvhs
    assert not any("skin" in warning.lower() for warning in part.warnings)
    found, expected = (next(f for f in e.findings if f.rule == "skin_dose").value for e in (part, whole))
    assert found == pytest.approx(expected, rel=0.01)  # other samples of another part


def test_the_nearest_skin_beyond_the_dose_grid_is_warned_of_and_its_dose_not_known(
    template_plan: ImplantPlan, anatomy: PlanAnatomy
) -> None:
    shallow = Grid.covering([-45, -45, -45], [45, 30, 45], 2.0)
    evaluation = evaluate_plan(template_plan, SOURCE, anatomy, shallow, profile=NECK)
    (warning,) = [warning for warning in evaluation.warnings if "skin" in warning.lower()]
    assert warning.startswith("The skin nearest to the seeds,")
    finding = next(f for f in evaluation.findings if f.rule == "skin_dose")
    assert (finding.value, finding.passed, finding.found) == (None, None, warning)


def test_the_surrogate_is_said_in_every_result(template_plan: ImplantPlan, anatomy: PlanAnatomy) -> None:
    seed = "4.5 x 0.8 mm seed"
    by_plan = evaluate_plan(replace(template_plan, surrogate_for=seed), SOURCE, anatomy, GRID)
    by_source = evaluate_plan(template_plan, SOURCE.as_surrogate_for(seed), anatomy, GRID)
    for evaluation in (by_plan, by_source):
        assert evaluation.warnings[0].startswith(
            "The implanted seed is 4.5 x 0.8 mm seed; every dose was computed with"
        )
        assert evaluation.warnings[0].endswith("as a surrogate.")
        assert evaluation.warnings[0] in metrics_table(evaluation).rows[-len(evaluation.warnings)]
        assert dvh_table(evaluation).columns[0] == "dose (Gy; surrogate for 4.5 x 0.8 mm seed)"
        seeds = csv_text([seeds_table(evaluation.plan, SOURCE)]).splitlines()
        assert all(seed in line for line in seeds[1:])


def test_activities_given_as_contained_are_warned_of(template_plan: ImplantPlan, anatomy: PlanAnatomy) -> None:
    evaluation = evaluate_plan(replace(template_plan, activity_basis="contained"), SOURCE, anatomy, GRID)
    assert "activities shown here are apparent" in evaluation.warnings[0]


def test_the_tables_hold_what_was_computed(template_plan: ImplantPlan, anatomy: PlanAnatomy) -> None:
    evaluation = evaluate_plan(template_plan, SOURCE, anatomy, GRID, profile=NECK)
    rows = {(row[0], row[1]): row for row in metrics_table(evaluation).rows}
    assert rows["PTV", "D90"][2:4] == (evaluation.metric("PTV", "d90").value, "Gy")
    assert [row[3] for row in limits_table(evaluation.limits).rows] == ["pass", "fail", "not known"]
    assert len(findings_table(evaluation.findings).rows) == len(NECK.rules)
    table = dvh_table(evaluation)
    by_heading = dict(zip(table.columns, zip(*table.rows, strict=True), strict=True))
    at_prescription = by_heading["dose (Gy)"].index(120.0)
    assert by_heading["PTV (%)"][at_prescription] == pytest.approx(evaluation.metric("PTV", "v100").value, rel=1e-9)
    assert by_heading["GTV (cc)"][0] == pytest.approx(
        evaluation.dvhs["GTV"].volume_cc, rel=1e-6
    )  # sums of 32-bit shares


def test_without_a_profile_no_rules_are_checked(template_plan: ImplantPlan, anatomy: PlanAnatomy) -> None:
    sampling = PlanSampling(anatomy, GRID)
    dose_gy = implant_dose(SOURCE, template_plan.seeds, GRID)
    quick = evaluate_dose(template_plan, SOURCE, sampling, dose_gy)
    assert quick.findings == ()
    assert quick.metrics == evaluate_dose(template_plan, SOURCE, sampling, dose_gy, profile=NECK).metrics


@pytest.mark.parametrize(("spacing_mm", "warned"), [(2.5, False), (2.6, True)])
def test_a_coarse_dose_grid_is_warned_of(
    spacing_mm: float, warned: bool, template_plan: ImplantPlan, anatomy: PlanAnatomy
) -> None:
    grid = Grid.covering([-45, -45, -45], [45, 62, 45], spacing_mm)
    evaluation = evaluate_plan(template_plan, SOURCE, anatomy, grid)
    assert any("mm coarse" in warning for warning in evaluation.warnings) is warned


@pytest.mark.parametrize(("spacing_mm", "warned"), [(1.0, False), (1.5, True)])
def test_a_small_target_wants_a_finer_grid(
    spacing_mm: float, warned: bool, ball: Callable, plan_of: Callable, straight_needle: Callable, seeds_along: Callable
) -> None:
    anatomy = PlanAnatomy({"GTV": ball(radius_mm=6)}, PlanRoles("GTV", "GTV"))
    plan = plan_of((straight_needle(),), seeds_along(straight_needle(), 50))
    evaluation = evaluate_plan(plan, SOURCE, anatomy, Grid.covering([-20] * 3, [20] * 3, spacing_mm))
    assert any("GTV has 0.9" in warning for warning in evaluation.warnings) is warned


def test_a_target_partly_outside_the_dose_grid_is_warned_of(template_plan: ImplantPlan, anatomy: PlanAnatomy) -> None:
    evaluation = evaluate_plan(template_plan, SOURCE, anatomy, Grid.covering([0, -45, -45], [45, 45, 45], 2.0))
    assert any("of PTV lies outside the dose grid" in warning for warning in evaluation.warnings)


def test_what_cannot_be_evaluated_is_refused(template_plan: ImplantPlan, anatomy: PlanAnatomy) -> None:
    with pytest.raises(PlanError, match="has no seeds: lay seeds along its needles first"):
        evaluate_plan(replace(template_plan, seeds=Seeds.none()), SOURCE, anatomy, GRID)
    with pytest.raises(PlanError, match="made for source 'amersham_6711', not for 'amersham_6702'"):
        evaluate_plan(template_plan, load_source("amersham_6702"), anatomy, GRID)
    with pytest.raises(PlanError, match="Neither GTV nor PTV is chosen"):
        evaluate_plan(template_plan, SOURCE, PlanAnatomy(anatomy.structures, PlanRoles(organs=("Cord",))), GRID)
    with pytest.raises(StructureError, match=r"'GTV' .* lies outside the dose grid"):
        evaluate_plan(template_plan, SOURCE, anatomy, Grid.covering([100] * 3, [140] * 3, 2.0))
    with pytest.raises(PlanError, match="No metric 'd91' of 'PTV'"):
        evaluate_plan(template_plan, SOURCE, anatomy, GRID).metric("PTV", "d91")


def test_a_cancelled_evaluation_leaves_nothing(template_plan: ImplantPlan, anatomy: PlanAnatomy) -> None:
    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        evaluate_plan(template_plan, SOURCE, anatomy, GRID, report=cancel)


def test_a_role_for_a_structure_that_is_not_there_names_the_nearest(anatomy: PlanAnatomy) -> None:
    with pytest.raises(PlanError, match="no structure 'Crod': did you mean 'Cord'"):
        PlanAnatomy(anatomy.structures, PlanRoles("GTV", avoid=("Crod",)))
    with pytest.raises(PlanError, match="no structure 'xyz': there are GTV, PTV, Body, Cord, Lung"):
        PlanAnatomy(anatomy.structures, PlanRoles(limits=(parse_limit("xyz:Dmax<=5Gy"),)))
