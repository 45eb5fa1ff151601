"""The rest of an implant planned anew round what is implanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from brachyresponse.digital_patient import build_patient, procedure_so_far
from brachyresponse.errors import ImageError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.planning import ImplantPlan, Needle, PlanAnatomy, PlanRoles, Template, seeds_at
from brachyresponse.planning.inverse import (
    ImplantedSoFar,
    ImplantProblem,
    ParallelTracks,
    Replanned,
    SeedPlacement,
    TemplateTracks,
    found_so_far,
    plan_implant,
    replan,
)
from brachyresponse.planning.inverse.replanning import so_far as so_far_module
from brachyresponse.planning.inverse.replanning.doubtful_seeds import doubtful_seeds
from brachyresponse.planning.inverse.replanning.replan import dose_so_far, replanning_problem
from brachyresponse.planning.inverse.replanning.so_far import told_apart
from brachyresponse.seeds import FoundNeedle, RejectedCandidate, RejectionReason, Seeds, match_seeds
from brachyresponse.sources import load_source
from invented_neck_node import INWARD, LARGE_CC, STRENGTH_U, neck_node_problem, node_centre_mm

CENTRE = node_centre_mm(LARGE_CC)
DEPTHS_MM = (26.0, 31.0, 36.0)
OFF_MM = np.array([0.0, 1.6, -1.2])


def a_needle(number: int, y_mm: float, z_mm: float) -> Needle:
    beside = np.array([0.0, y_mm, z_mm])
    return Needle(number, CENTRE + beside - 30 * np.array(INWARD), CENTRE + beside + 9 * np.array(INWARD), f"A{number}")


NEEDLES = tuple(a_needle(n, y, z) for n, (y, z) in enumerate(((-5, -9), (5, -9), (-5, 0), (5, 0), (-5, 9), (5, 9)), 1))


@pytest.fixture(scope="module")
def a_problem() -> ImplantProblem:
    tracks = ParallelTracks(np.array(INWARD), 9.0, 30.0)
    return neck_node_problem(LARGE_CC, tracks=tracks, placement=SeedPlacement(avoid_margin_mm=1.0), moves=40)


@pytest.fixture(scope="module")
def a_plan() -> ImplantPlan:
    seeds = Seeds.none()
    for needle in NEEDLES:
        seeds = seeds.joined(seeds_at(needle, DEPTHS_MM, STRENGTH_U))
    day = date(2026, 3, 6)
    return ImplantPlan("", "", datetime(2026, 3, 1), day, "Node", "amersham_6711", 120.0, NEEDLES, seeds)


@pytest.fixture(scope="module")
def so_far(a_problem: ImplantProblem, a_plan: ImplantPlan) -> ImplantedSoFar:
    """Needles 1 and 2 are out, 3 is drawn back behind its seeds, 4 waits; all lie off plan; 5 and 6 are to come."""
    dropped = a_plan.seeds.select(a_plan.seeds.needle <= 3).positions_mm + OFF_MM
    drawn_back, waiting = (
        FoundNeedle(needle.entry_mm + OFF_MM, needle.at(depth_mm) + OFF_MM, 0.5, 3000.0)
        for needle, depth_mm in ((NEEDLES[2], 20.0), (NEEDLES[3], 39.0))
    )
    directions = np.tile(INWARD, (len(dropped), 1))
    return told_apart([waiting, drawn_back], dropped, directions, (a_problem, a_plan))


@pytest.fixture(scope="module")
def replanned(a_problem: ImplantProblem, a_plan: ImplantPlan, so_far: ImplantedSoFar) -> Replanned:
    template = Template(np.array(INWARD), (10.0, 9.0), NEEDLES[0].tip_mm)  # one set of tracks: quicker than a search
    return replan(replace(a_problem, tracks=TemplateTracks(template)), so_far, a_plan)


def test_what_is_found_is_told_apart_by_the_plan(so_far: ImplantedSoFar) -> None:
    assert sorted(so_far.in_place) == [3, 4]
    assert [needle.hole for needle in so_far.needles] == ["A3", "A4", "A1", "A2"]
    assert list(so_far.seeds.needle) == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert so_far.not_inserted == (5, 6)
    assert so_far.warnings == ()


def test_a_needle_and_a_seed_that_the_plan_does_not_know_are_kept_and_said(
    a_problem: ImplantProblem, a_plan: ImplantPlan
) -> None:
    strange = FoundNeedle(CENTRE + [0, 40, 0], CENTRE + [0, 20, 0], 0.5, 3000.0)
    found = told_apart([strange], CENTRE[None] + [0, 0, 30.0], np.array([[0, 0, 1.0]]), (a_problem, a_plan))
    assert [needle.number for needle in found.needles] == [7]
    assert list(found.seeds.needle) == [0]
    lost, strange_plan = found.warnings
    assert lost == "1 of 1 seeds lie on no needle: they are kept as they are."
    assert "Nothing on the CT lies near a needle of the plan: check that this plan is being implanted" in strange_plan


def test_seeds_of_a_needle_that_are_not_all_found_are_said(a_problem: ImplantProblem, a_plan: ImplantPlan) -> None:
    first_two = a_plan.seeds.select(slice(0, 2))
    found = told_apart([], first_two.positions_mm, first_two.directions, (a_problem, a_plan))
    assert found.warnings == (
        "Needle 1 (A1): 2 of its 3 planned seeds are found; one that was dropped and is not found "
        "would be given twice.",
    )


@pytest.mark.parametrize(("turn_mm", "doubted"), [(5.0, True), (10.0, True), (0.0, False)])
def test_needles_that_may_hide_each_other_are_said(
    a_problem: ImplantProblem, a_plan: ImplantPlan, turn_mm: float, doubted: bool
) -> None:
    """The second needle, 10 mm beside the first, comes near it; where both cross it is cut short before."""
    whole, beside = NEEDLES[0], NEEDLES[1]
    tip = beside.tip_mm - [0, 2 * turn_mm, 0]
    seen = tip if turn_mm == 5.0 else beside.entry_mm + 0.7 * (tip - beside.entry_mm)
    found = [FoundNeedle(whole.entry_mm, whole.tip_mm, 0.5, 3000.0), FoundNeedle(beside.entry_mm, seen, 0.5, 3000.0)]
    none = np.empty((0, 3))
    warnings = told_apart(found, none, none, (a_problem, a_plan)).warnings
    assert [("cross or touch" in warning) for warning in warnings] == [True] * doubted


def test_doubtful_seeds_are_taken_where_the_plan_has_some_and_no_more_of_them(
    a_plan: ImplantPlan, so_far: ImplantedSoFar
) -> None:
    def candidate(depth_mm: float, aside_mm: float, reason: str, confidence: float) -> RejectedCandidate:
        position = NEEDLES[0].at(depth_mm) + OFF_MM + [0, 0, aside_mm]
        return RejectedCandidate(position, np.array(INWARD), confidence, 0.5, RejectionReason(reason))

    first_lost = so_far.seeds.select(np.arange(1, 9))
    wanted = candidate(26.0, 0.5, "fainter", 0.05)
    others = [
        candidate(26.0, 9.0, "wrong_shape", 0.9),  # on no needle's line
        candidate(32.0, 0.0, "wrong_shape", 0.9),  # where a seed lies
        candidate(20.0, 0.0, "brighter", 0.9),  # no seed
        candidate(20.0, 0.0, "fainter", 0.01),  # one more than the plan has, less likely than the wanted one
    ]
    assert doubtful_seeds([*others, wanted], so_far.needles, first_lost, a_plan) == [wanted]
    assert doubtful_seeds([*others, wanted], so_far.needles, so_far.seeds, a_plan) == []


def test_needles_without_a_seed_yet_are_found_and_said(
    a_problem: ImplantProblem, a_plan: ImplantPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object, **__: object) -> None:
        raise ImageError("No metal was found.")

    waiting = FoundNeedle(NEEDLES[0].entry_mm, NEEDLES[0].tip_mm, 0.5, 3000.0)
    grid = a_problem.anatomy.structures[a_problem.target].grid
    ct = Volume("CT", np.zeros(grid.shape_kji), grid, "HU")
    monkeypatch.setattr(so_far_module, "detect_seeds", nothing)
    monkeypatch.setattr(so_far_module, "grow_structure", lambda structure, *_, **__: structure)
    monkeypatch.setattr(so_far_module, "detect_needles", lambda *_, **__: (waiting,))
    found = found_so_far(ct, a_problem, a_plan)
    assert (found.seeds.count, found.in_place, found.not_inserted) == (0, {1}, (2, 3, 4, 5, 6))
    assert "no seed was found: No metal was found." in found.warnings[0]
    monkeypatch.setattr(so_far_module, "detect_needles", lambda *_, **__: ())
    with pytest.raises(ImageError, match="No metal was found"):
        found_so_far(ct, a_problem, a_plan)


def test_a_ct_that_does_not_show_the_target_is_refused(a_problem: ImplantProblem, a_plan: ImplantPlan) -> None:
    elsewhere = Volume("Thorax", np.zeros((2, 2, 2)), Grid((2, 2, 2), np.eye(4)), "HU")
    with pytest.raises(ImageError, match=f"'Thorax' shows 0 % of the target '{a_problem.target}'"):
        found_so_far(elsewhere, a_problem, a_plan)


@pytest.mark.validation
def test_before_the_first_seed_the_whole_target_is_cold(a_problem: ImplantProblem, so_far: ImplantedSoFar) -> None:
    dose = dose_so_far(a_problem, replace(so_far, seeds=Seeds.none()))
    assert (dose.v100_percent, len(dose.cold_regions)) == (0.0, 1)


def test_the_needles_that_are_in_set_the_direction_of_new_ones(
    a_problem: ImplantProblem, a_plan: ImplantPlan, so_far: ImplantedSoFar
) -> None:
    limited = replace(a_problem, placement=replace(a_problem.placement, most_needles=2, most_seeds=30))
    problem = replanning_problem(limited, so_far, a_plan)
    assert problem.tracks.cone_deg == 0.0
    np.testing.assert_allclose(problem.tracks.direction, INWARD, atol=1e-9)
    assert (problem.placement.most_needles, problem.placement.most_seeds) == (4, 30)
    assert [needle.number for needle in problem.start.needles] == [5, 6]


def test_the_whole_holds_what_is_implanted_and_the_sheet_what_remains(
    replanned: Replanned, so_far: ImplantedSoFar
) -> None:
    whole, remaining = replanned.plan, replanned.remaining
    assert remaining is not None
    np.testing.assert_array_equal(whole.seeds.positions_mm[:9], so_far.seeds.positions_mm)
    assert remaining.seeds.count == whole.seeds.count - 9
    assert {needle.number for needle in remaining.needles} == set(remaining.seeds.needle.tolist())
    assert not {1, 2} & set(remaining.seeds.needle.tolist())
    waiting = next(needle for needle in whole.needles if needle.number == 4)
    assert waiting is so_far.needles[1]


def test_the_rest_mends_what_is_cold_so_far(replanned: Replanned) -> None:
    so_far, whole = replanned.dose_so_far, replanned.plan.dvh("Node")
    assert so_far.v100_percent < 70
    assert so_far.cold_regions[0].where.startswith("superior")
    assert so_far.cold_regions[0].volume_cc == pytest.approx((100 - so_far.v100_percent) / 100 * 9.8, rel=0.1)
    assert whole.v(120.0) > 95


@pytest.mark.validation
@pytest.mark.parametrize("random_seed", [0, 1, 2])
def test_the_digital_patient_with_half_its_seeds_off_plan_is_planned_to_the_original_s_acceptance(
    random_seed: int,
) -> None:
    patient = build_patient()
    anatomy = PlanAnatomy(patient.structures, PlanRoles(gtv="GTV", body="External", avoid=("Vessel",)))
    problem = ImplantProblem(
        anatomy, load_source("amersham_6711"), (STRENGTH_U,), 120.0,
        ParallelTracks(np.array([-1.0, 0.0, 0.0]), 10.0, 30.0), SeedPlacement(avoid_margin_mm=2.0),
    )  # fmt: skip
    original = plan_implant(problem)
    procedure = procedure_so_far(patient, original, random_seed=random_seed)
    found = found_so_far(procedure.ct, problem, original)
    matched = match_seeds(procedure.truth.seeds.positions_mm, found.seeds.positions_mm, max_distance_mm=3.0)
    assert len(matched.missing) <= 1
    assert len(matched.extra) == 0
    assert found.in_place == {needle.number for needle in procedure.truth.needles}
    whole = replan(problem, found, original).plan
    assert whole.dvh("GTV").v(120.0) >= original.dvh("GTV").v(120.0) - 2.0
