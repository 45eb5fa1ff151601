"""What the planner is told is kept in the plan, one plan at a time, and what it cannot be is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("slicer_core", reason="needs the slicer-core wheel")

from brachyresponse.errors import BrachyResponseError
from brachyresponse.planning.inverse import FanTracks, ParallelTracks, TemplateTracks
from brachyresponse.scene.inverse_fields import PlannerField
from brachyresponse.scene.nodes import attribute_name, set_attribute
from brachyresponse.scene.plan_staleness import plan_signature
from brachyresponse.sources import load_source
from scene.planner_case import PlannerCase, add_planner_case

HALF_LIFE = load_source("amersham_6711").half_life_days


@pytest.fixture
def case(scene: Any) -> PlannerCase:
    return add_planner_case(scene)


def kept(plan: Any) -> list[str | None]:
    return [plan.GetAttribute(attribute_name(field)) for field in PlannerField]


class TestKeeping:
    def test_what_is_not_given_stays(self, case: PlannerCase) -> None:
        case.logic.setPlacement(case.plan, spacingMm=6, avoidMarginMm=3)
        placement = case.logic.setPlacement(case.plan, loading="stranded")
        assert (placement.spacing_mm, placement.avoid_margin_mm, placement.loading) == (6, 3, "stranded")
        assert case.logic.setSearch(case.plan, randomSeed=4).moves == case.logic.search(case.plan).moves
        assert case.logic.setTracks(case.plan, coneDeg=20).pitch_mm == 6

    def test_plans_differ_and_a_copy_begins_alike(self, case: PlannerCase) -> None:
        case.logic.setPlacement(case.plan, mostNeedles=7)
        copied = case.logic.duplicatePlan(case.plan)
        case.logic.setPlacement(copied, mostNeedles=3)
        assert case.logic.placement(case.plan).most_needles == 7
        assert case.logic.tracks(copied) == case.logic.tracks(case.plan)

    def test_the_planner_s_settings_make_no_dose_out_of_date(self, case: PlannerCase) -> None:
        before = plan_signature(case.plan)
        case.logic.setTracks(case.plan, "parallel", coneDeg=10)
        case.logic.setWeights(case.plan, needle=2)
        assert plan_signature(case.plan) == before

    def test_a_preset_has_its_name_until_a_weight_is_changed(self, case: PlannerCase) -> None:
        logic, plan = case.logic, case.plan
        assert logic.weightsPreset(plan) == logic.presets()[0]
        spared = logic.setWeights(plan, "spare_organs")
        assert logic.weightsPreset(plan) == "spare_organs"
        changed = logic.setWeights(plan, needle=7)
        assert (changed.needle, changed.spill, logic.weightsPreset(plan)) == (7, spared.spill, "")
        assert logic.weights(plan) == changed


class TestProblem:
    def test_the_problem_is_what_the_plan_says(self, case: PlannerCase) -> None:
        case.logic.addLimit(case.plan, "Cord:D0.1cc<=50%", weight=3)
        case.logic.setSearch(case.plan, targetMarginMm=2, randomSeed=5, moves=17)
        problem = case.logic.problem(case.plan)
        assert (problem.target, problem.prescription_gy, problem.random_seed, problem.moves) == ("GTV", 120, 5, 17)
        assert problem.target_margin_mm == 2
        assert [problem.weight_of(limit) for limit in problem.limits] == [3]
        assert isinstance(problem.tracks, TemplateTracks)

    @pytest.mark.parametrize(
        ("direction", "expected"),
        [("anterior", (0, 1, 0)), ("needle 1", (0, 0, -1)), ((0, 3, 4), (0, 0.6, 0.8))],
    )
    def test_a_direction_is_of_the_body_of_a_needle_or_a_vector(
        self, case: PlannerCase, direction: Any, expected: tuple[float, ...]
    ) -> None:
        case.logic.addNeedle(case.plan, (0, 0, 40), (0, 0, -8))
        case.logic.setTracks(case.plan, "parallel", direction=direction)
        tracks = case.logic.problem(case.plan).tracks
        assert isinstance(tracks, ParallelTracks)
        np.testing.assert_allclose(tracks.direction, expected, atol=1e-9)  # normalised in double precision

    def test_needles_fan_out_from_the_points_that_were_clicked(self, case: PlannerCase) -> None:
        case.logic.setTracks(case.plan, "fan", coneDeg=30, needlesPerEntry=2)
        with pytest.raises(BrachyResponseError, match="no entry points for its needles: click them"):
            case.logic.problem(case.plan)
        entries = case.logic.startEntries(case.plan)
        entries.AddControlPointWorld(0.0, 0.0, 60.0)
        tracks = case.logic.problem(case.plan).tracks
        assert isinstance(tracks, FanTracks)
        assert (tracks.entries_mm.tolist(), tracks.needles_per_entry) == ([[0, 0, 60]], 2)
        case.logic.deletePlan(case.plan)
        assert entries.GetScene() is not None  # like image and structures, it is the user's

    def test_seeds_on_hand_decay_until_the_implant(self, case: PlannerCase) -> None:
        case.logic.setActivity(case.plan, referenceDate="2026-01-05", implantDate="2026-03-06")
        case.logic.setActivitiesOnHand(case.plan, strengthsU=[0.5, 0.7])
        left = 0.5 ** (60 / HALF_LIFE)
        assert case.logic.problem(case.plan).strengths_u == pytest.approx((0.5 * left, 0.7 * left), rel=1e-9)
        assert case.logic.setActivitiesOnHand(case.plan) == ()
        assert len(case.logic.problem(case.plan).strengths_u) == 1


class TestRefusing:
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda c: c.logic.setTracks(c.plan, "spiral"), "kind is 'spiral': give one of template, parallel, fan"),
            (lambda c: c.logic.setTracks(c.plan, direction="up"), "direction 'up' is none: give inferior"),
            (lambda c: c.logic.setTracks(c.plan, direction="needle 4"), "no needle 4"),
            (lambda c: c.logic.setTracks(c.plan, "parallel", coneDeg=120), "cone of needle directions is 120"),
            (lambda c: c.logic.setTracks(c.plan, pitch=5), "no setting 'pitch': choose one of kind"),
            (lambda c: c.logic.setTracks(c.plan, coneDeg=120), "is 120"),  # kept for another kind than the template
            (lambda c: c.logic.setTracks(c.plan, directions=10**7), "10000000 directions"),
            (lambda c: c.logic.setTracks(c.plan, direction=3), "direction is 3: give three numbers"),
            (lambda c: c.logic.setTracks(c.plan, originMm="a"), "origin_mm is 'a': give three numbers"),
            (lambda c: c.logic.setSearch(c.plan, moves=10**9), "1000000000 moves would take hours"),
            (lambda c: c.logic.setPlacement(c.plan, spacingMm=0.5), "seed spacing is 0.5 mm, expected 5 to 10"),
            (lambda c: c.logic.setPlacement(c.plan, mostSeeds=2.5), "most_seeds is 2.5: give a number"),
            (lambda c: c.logic.setSearch(c.plan, moves=-1), "moves is -1: give a number from 0 on"),
            (lambda c: c.logic.setWeights(c.plan, "best"), "no preset 'best' of the objective"),
            (lambda c: c.logic.setWeights(c.plan, needles=1), "no weight 'needles': choose one of"),
            (lambda c: c.logic.setActivitiesOnHand(c.plan, activitiesMci=[0.5, 0]), "0 U: give a positive"),
        ],
    )
    def test_a_value_that_cannot_be_is_refused_and_nothing_changes(
        self, case: PlannerCase, change: Callable[[PlannerCase], object], said: str
    ) -> None:
        before = kept(case.plan)
        with pytest.raises(BrachyResponseError, match=said):
            change(case)
        assert kept(case.plan) == before

    @pytest.mark.parametrize(
        ("field", "text", "said"),
        [
            (PlannerField.PLACEMENT, '{"spacing_mm": "wide"}', "placing seeds are damaged .*spacing_mm is 'wide'"),
            (PlannerField.WEIGHTS, "[1]", r"planner's weights are damaged \(\[1\]\); set them again"),
            (PlannerField.STRENGTHS, '["strong"]', "planner's seeds on hand are damaged"),
            (PlannerField.SEARCH, "{", "PlannerSearch '{' is damaged"),
        ],
    )
    def test_a_damaged_attribute_is_said(self, case: PlannerCase, field: PlannerField, text: str, said: str) -> None:
        set_attribute(case.plan, field, text)
        with pytest.raises(BrachyResponseError, match=said):
            case.logic.problem(case.plan)
