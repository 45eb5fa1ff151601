"""Both sides of every rule, on anatomy whose distances are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from brachyresponse.dose import Dvh
from brachyresponse.planning import (
    Check,
    ImplantPlan,
    LoadingRule,
    Needle,
    PlanAnatomy,
    PlanDose,
    PlanRoles,
    RuleFinding,
    SiteProfile,
    check_plan,
    load_needle,
    load_profile,
    seeds_at,
)
from brachyresponse.planning.findings import CHECKS
from brachyresponse.planning.rules import UNITS
from brachyresponse.seeds import Seeds
from brachyresponse.sources import load_source, mbq_to_u

SOURCE = load_source("amersham_6711")
NECK = load_profile("neck_node")
FLAT_MM = 0.05  # flat, but for the edges of a box, where faces of 1 mm voxels meet
EDGE_MM = 0.25  # at the edges of a box, which the needle passes, a surface has no one normal


@pytest.fixture(scope="module")
def anatomy(ball: Callable, box: Callable) -> PlanAnatomy:
    """A ball as GTV and PTV, skin 60 mm in front of its centre, a cord 40 mm behind it."""
    structures = {
        "GTV": ball("GTV"),
        "PTV": ball("PTV", radius_mm=18),
        "Body": box("Body", (-70, -90, -70), (70, 60, 70)),
        "Cord": box("Cord", (-4, -44, -30), (4, -36, 30)),
    }
    return PlanAnatomy(structures, PlanRoles("GTV", "PTV", body="Body", avoid=("Cord",)))


@pytest.fixture
def find(anatomy: PlanAnatomy) -> Callable[..., RuleFinding]:
    """What one rule finds of a plan."""

    def look(
        rule_id: str,
        plan: ImplantPlan,
        profile: SiteProfile = NECK,
        dose: PlanDose | None = None,
        roles: PlanRoles | None = None,
    ) -> RuleFinding:
        known = anatomy if roles is None else PlanAnatomy(anatomy.structures, roles)
        findings = check_plan(plan, SOURCE, known, profile, dose=dose)
        return next(finding for finding in findings if finding.rule == rule_id)

    return look


def even_dvh(name: str, lowest_gy: float, highest_gy: float) -> Dvh:
    """A dose spread evenly between two doses over 10 cc."""
    return Dvh(name, np.linspace(lowest_gy, highest_gy, 10_001), np.full(10_001, 10 / 10_001), 10.0)


def test_every_check_is_done_by_a_function() -> None:
    assert set(CHECKS) == set(Check) == set(UNITS)


@pytest.mark.parametrize(("rx_gy", "passed"), [(109.9, False), (110.0, True), (140.0, True), (140.1, False)])
def test_the_prescription_has_a_range(rx_gy: float, passed: bool, find: Callable, a_plan: ImplantPlan) -> None:
    finding = find("rx", replace(a_plan, prescription_gy=rx_gy))
    assert finding.passed is passed
    assert finding.value == rx_gy
    assert (finding.unit, finding.limit, finding.severity) == ("Gy", "110 to 140 Gy", "warn")
    assert "10.21203/rs.3.rs-1310697" in finding.source


@pytest.mark.parametrize(("activity_mbq", "passed"), [(14.7, False), (14.8, True), (25.9, True), (26.0, False)])
def test_every_seed_has_an_activity_within_the_range(
    activity_mbq: float, passed: bool, find: Callable, a_plan: ImplantPlan
) -> None:
    strengths = a_plan.seeds.air_kerma_strength_u.copy()
    strengths[:] = mbq_to_u(20.0, "I-125")
    strengths[3] = mbq_to_u(activity_mbq, "I-125")
    finding = find("activity", replace(a_plan, seeds=replace(a_plan.seeds, air_kerma_strength_u=strengths)))
    assert finding.passed is passed
    if not passed:
        assert "seed 4" in finding.found
        np.testing.assert_array_equal(finding.position_mm, a_plan.seeds.positions_mm[3])


@pytest.mark.parametrize(("gap_mm", "passed"), [(4.9, False), (5.0, True), (10.0, True), (10.1, False)])
def test_seeds_of_a_needle_keep_their_spacing(
    gap_mm: float, passed: bool, find: Callable, plan_of: Callable, straight_needle: Callable, seeds_along: Callable
) -> None:
    needle = straight_needle(7)
    plan = plan_of((needle,), seeds_along(needle, 50 + gap_mm, 42, 50))  # 8 mm, then the gap; out of order
    finding = find("seed_spacing", plan)
    assert finding.passed is passed
    assert finding.value == pytest.approx(8.0 if passed and gap_mm == 8 else gap_mm, abs=1e-9)
    assert "seeds 3 and 1 of needle 7" in finding.found


def test_spacing_is_not_measured_between_needles(
    find: Callable, plan_of: Callable, straight_needle: Callable, seeds_along: Callable
) -> None:
    near = (straight_needle(1), straight_needle(2, x_mm=2))
    plan = plan_of(near, seeds_along(near[0], 50).joined(seeds_along(near[1], 50)))
    finding = find("seed_spacing", plan)
    assert finding.passed is None
    assert finding.found == "no needle holds two seeds"


@pytest.mark.parametrize(("pitch_mm", "passed"), [(7.9, False), (8.1, True), (11.9, True), (12.1, False)])
def test_needles_keep_their_distance_within_the_target(
    pitch_mm: float, passed: bool, find: Callable, plan_of: Callable, straight_needle: Callable, seeds_along: Callable
) -> None:
    needles = (straight_needle(1), straight_needle(2, x_mm=pitch_mm))
    plan = plan_of(needles, seeds_along(needles[0], 50).joined(seeds_along(needles[1], 50)))
    finding = find("needle_spacing", plan)
    assert finding.passed is passed
    assert finding.value == pytest.approx(pitch_mm, abs=0.02)  # tracks are compared at steps of 0.25 mm


def test_an_empty_needle_counts_for_no_spacing(
    find: Callable, plan_of: Callable, straight_needle: Callable, seeds_along: Callable
) -> None:
    needles = (straight_needle(1), straight_needle(2, x_mm=3))
    finding = find("needle_spacing", plan_of(needles, seeds_along(needles[0], 50)))
    assert finding.passed is None
    assert "fewer than two loaded needles cross GTV" in finding.found


@pytest.mark.parametrize(("d90_gy", "passed"), [(120.0, False), (120.1, True)])
def test_d90_must_exceed_the_prescription(d90_gy: float, passed: bool, find: Callable, a_plan: ImplantPlan) -> None:
    dvh = even_dvh("GTV", d90_gy - 10, d90_gy + 90)  # D90 lies a tenth of the way up
    finding = find("d90", a_plan, dose=PlanDose({"GTV": dvh}))
    assert finding.passed is passed
    assert "MPD read as the prescription" in finding.found
    assert (finding.limit, finding.severity) == ("more than 100 %", "error")


def test_the_reading_of_the_matched_peripheral_dose_can_be_chosen(find: Callable, a_plan: ImplantPlan) -> None:
    dose = PlanDose({"GTV": even_dvh("GTV", 100, 200)}, {"GTV": 130.0})  # D90 110 Gy
    rule = NECK.rule("d90")
    for reading, percent, word in (
        ("prescription", 110 / 120 * 100, "the prescription"),
        ("isodose_volume", 110 / 130 * 100, "encloses the target's volume"),
        ("d100", 110.0, "D100"),
    ):
        profile = replace(NECK, rules=(replace(rule, reading=reading),))
        finding = find("d90", a_plan, profile, dose)
        assert finding.value == pytest.approx(percent, abs=0.02)  # 10,000 samples over 100 Gy
        assert word in finding.found
    profile = replace(NECK, rules=(replace(rule, reading="isodose_volume"),))
    assert find("d90", a_plan, profile, PlanDose(dose.dvhs)).passed is None


@pytest.mark.parametrize(
    ("rule_id", "highest_gy", "passed"),
    # an even dose from 0 to the highest: V of x Gy is 1 - x / highest; 145 Gy prescribed
    [
        ("v150", 1.5 * 145 / 0.41, True),
        ("v150", 1.5 * 145 / 0.39, False),
        ("v200", 2 * 145 / 0.81, True),
        ("v200", 2 * 145 / 0.79, False),
    ],
)
def test_prostate_metrics_are_judged_on_the_ptv(
    rule_id: str, highest_gy: float, passed: bool, find: Callable, a_plan: ImplantPlan
) -> None:
    dose = PlanDose({"PTV": even_dvh("PTV", 0, highest_gy), "GTV": even_dvh("GTV", 0, 1)})
    finding = find(rule_id, replace(a_plan, prescription_gy=145.0), load_profile("prostate"), dose)
    assert finding.passed is passed
    assert "of PTV" in finding.found
    assert finding.source.endswith("(unverified)")


@pytest.mark.parametrize(
    ("from_edge_mm", "passed"), [(2.8, False), (3.2, True), (6.8, True), (7.2, False), (-1, False)]
)
def test_the_deepest_seed_lies_5_mm_before_the_distal_edge(
    from_edge_mm: float,
    passed: bool,
    find: Callable,
    plan_of: Callable,
    straight_needle: Callable,
    seeds_along: Callable,
) -> None:
    needle = straight_needle()  # leaves the ball at a depth of 65 mm
    finding = find("edge", plan_of((needle,), seeds_along(needle, 65 - from_edge_mm, 40)))
    assert finding.passed is passed
    assert finding.value == pytest.approx(from_edge_mm, abs=0.1)  # partial voxels of 1 mm


def test_the_5_mm_rule_is_what_an_edge_distance_of_5_mm_makes(
    find: Callable, plan_of: Callable, straight_needle: Callable, anatomy: PlanAnatomy
) -> None:
    needle = straight_needle()
    rule = LoadingRule("from_tip", edge_mm=5)
    seeds = load_needle(needle, anatomy.structures["GTV"], spacing_mm=10, strength_u=0.6, rule=rule)
    assert find("edge", plan_of((needle,), seeds)).value == pytest.approx(5, abs=1e-6)


@pytest.mark.parametrize(("depth_mm", "passed"), [(9.8, False), (10.2, True)])
def test_seeds_keep_away_from_the_skin(
    depth_mm: float, passed: bool, find: Callable, plan_of: Callable, straight_needle: Callable, seeds_along: Callable
) -> None:
    needle = Needle(1, np.array([0.0, 60.0, 0.0]), np.array([0.0, 0.0, 0.0]))  # from the skin
    finding = find("skin", plan_of((needle,), seeds_along(needle, 30, depth_mm)))
    assert finding.passed is passed
    assert finding.value == pytest.approx(depth_mm, abs=FLAT_MM)
    assert "seed 2 of needle 1" in finding.found
    assert finding.severity == "error"


def test_a_seed_outside_the_body_is_not_deep(find: Callable, plan_of: Callable, seeds_along: Callable) -> None:
    needle = Needle(1, np.array([0.0, 80.0, 0.0]), np.array([0.0, 0.0, 0.0]))
    finding = find("skin", plan_of((needle,), seeds_along(needle, 15)))  # 5 mm in front of the skin
    assert finding.value == pytest.approx(-5, abs=FLAT_MM)
    assert finding.passed is False


@pytest.mark.parametrize(
    ("x_mm", "crossed", "within_margin"), [(3.5, True, True), (5.5, False, True), (6.5, False, False)]
)
def test_needles_do_not_cross_what_is_to_be_avoided(
    x_mm: float, crossed: bool, within_margin: bool, find: Callable, plan_of: Callable
) -> None:
    needle = Needle(1, np.array([x_mm, 50.0, 0.0]), np.array([x_mm, -60.0, 0.0]))  # the cord is 4 mm to either side
    plan = plan_of((needle,), seeds_at(needle, [50.0], 0.6))
    assert find("avoid", plan).passed is not crossed
    assert find("avoid_margin", plan).passed is not within_margin
    assert find("avoid", plan).value == pytest.approx(x_mm - 4, abs=EDGE_MM)
    assert "needle 1 to Cord" in find("avoid", plan).found


def test_a_free_seed_in_a_structure_to_be_avoided_is_found(find: Callable, plan_of: Callable) -> None:
    seed = Seeds(np.array([[0.0, -40.0, 0.0]]), np.array([[0.0, 0.0, 1.0]]), np.array([0.6]))
    finding = find("avoid", plan_of((), seed))
    assert finding.passed is False
    assert "seed 1 to Cord" in finding.found


def test_both_targets_must_be_chosen(find: Callable, a_plan: ImplantPlan) -> None:
    assert find("target", a_plan).passed is True
    finding = find("target", a_plan, roles=PlanRoles(gtv="GTV"))
    assert finding.passed is False
    assert "no PTV is chosen" in finding.found
    assert find("target", a_plan, roles=PlanRoles("GTV", "GTV")).passed is True  # the PTV may be the GTV


@pytest.mark.parametrize(
    ("made", "passed"),
    [(date(2026, 2, 26), False), (date(2026, 2, 27), True), (date(2026, 3, 6), True), (date(2026, 3, 7), False)],
)
def test_the_planning_ct_is_at_most_a_week_old(made: date, passed: bool, find: Callable, a_plan: ImplantPlan) -> None:
    assert find("image_age", replace(a_plan, planning_image_date=made)).passed is passed


def test_overlapping_seeds_are_counted(
    find: Callable, plan_of: Callable, straight_needle: Callable, seeds_along: Callable
) -> None:
    needle = straight_needle()
    assert find("overlap", plan_of((needle,), seeds_along(needle, 45, 49.6))).passed is True
    finding = find("overlap", plan_of((needle,), seeds_along(needle, 45, 49.4)))
    assert (finding.passed, finding.value) == (False, 1.0)
    assert "seeds 1 and 2 overlap" in finding.found


def test_the_skin_is_the_outside_of_a_body_with_the_target_cut_out(
    anatomy: PlanAnatomy, plan_of: Callable, straight_needle: Callable, seeds_along: Callable
) -> None:
    body, needle = anatomy.structures["Body"], straight_needle()
    hollow = replace(body, occupancy=body.occupancy & (np.linalg.norm(body.grid.points_mm(), axis=-1) > 18))
    cut = PlanAnatomy({**anatomy.structures, "Body": hollow}, anatomy.roles)
    plan = plan_of((needle,), seeds_along(needle, 50))
    findings = {finding.rule: finding for finding in check_plan(plan, SOURCE, cut, NECK)}
    assert findings["skin"].value == pytest.approx(60, abs=FLAT_MM)


def test_skin_dose_is_reported_and_judged_once_it_has_a_limit(find: Callable, a_plan: ImplantPlan) -> None:
    dose = PlanDose(skin=even_dvh("Skin", 0, 100))  # 10 cc: D0.1cc is 99 Gy
    assert find("skin_dose", a_plan, dose=dose).passed is None
    assert find("skin_dose", a_plan, dose=dose).value == pytest.approx(99, abs=0.02)
    for most_gy, passed in ((98.9, False), (99.1, True)):
        assert find("skin_dose", a_plan, NECK.with_limits({"skin_dose": (None, most_gy)}), dose).passed is passed


def test_what_cannot_be_checked_says_why(find: Callable, a_plan: ImplantPlan) -> None:
    empty = replace(a_plan, seeds=Seeds.none(), planning_image_date=None)
    alone = PlanRoles(ptv="PTV")
    expected = {
        "activity": "the plan has no seeds",
        "skin": "no outline of the body is chosen",
        "skin_dose": "no outline of the body is chosen",
        "avoid": "no structures to avoid are chosen",
        "edge": "no GTV is chosen",
        "d90": "no GTV is chosen",
        "needle_spacing": "no GTV is chosen",
        "image_age": "the date of the planning CT is not known",
    }
    for rule_id, reason in expected.items():
        finding = find(rule_id, empty, roles=alone)
        assert (finding.passed, finding.value, finding.found) == (None, None, reason)
    assert find("d90", a_plan).found == "the dose of GTV is not computed"


def test_dates_follow_from_the_implant(find: Callable, a_plan: ImplantPlan) -> None:
    assert "CT by 2026-03-07" in find("verification", a_plan).found
    assert "due 2026-09-06: CT and ultrasound, RECIST 1.1" in find("follow_up", a_plan).found
    assert "due 2027-02-28" in find("follow_up", replace(a_plan, implant_date=date(2026, 8, 31))).found


def test_without_limits_a_rule_reports_and_judges_nothing(find: Callable, a_plan: ImplantPlan) -> None:
    finding = find("seed_spacing", a_plan, load_profile("own"))
    assert (finding.passed, finding.limit, finding.found) == (None, "no limit", "10 to 10 mm")
