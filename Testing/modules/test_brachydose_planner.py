"""The planner of BrachyDose from the console: what it writes, keeps, shows on the way, and leaves as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import BrachyResponseError, Cancelled
from brachyresponse.geometry import Structure
from brachyresponse.planning.inverse import plan_implant
from brachyresponse.scene.inverse_preview import BEST_NEEDLES_ROLE, BEST_SEEDS_ROLE
from brachyresponse.scene.inverse_report import planner_sections, planner_tables
from brachyresponse.scene.nodes import set_attribute
from brachyresponse.scene.plan_parts import PlanRole, plan_part, plan_parts
from brachyresponse.scene.plans import seeds_node_of
from brachyresponse.scene.segments import read_structure, write_structure
from scene.planner_case import COARSE, QUICK, PlannerCase, add_planner_case
from scene_state import scene_state


@pytest.fixture
def case(scene: Any, logic: Any) -> PlannerCase:
    return add_planner_case(scene, logic)


@contextmanager
def unchanged(scene: Any) -> Iterator[None]:
    """Everything in the scene is afterwards as it was."""
    before = scene_state(scene)
    yield
    assert scene_state(scene) == before


class TestPlanning:
    def test_a_plan_is_written_with_all_that_belongs_to_it_and_stays_editable(self, case: PlannerCase) -> None:
        logic, plan = case.logic, case.plan
        logic.addLimit(plan, "Cord:D0.1cc<=60Gy")
        found = logic.planImplant(plan, "spare_organs", randomSeed=3, **QUICK)
        assert logic.seeds(plan) == found.seeds
        assert logic.needles(plan) == found.needles
        assert logic.staleReason(plan) == logic.plannerState(plan) == ""
        assert found.evaluation.grid.spacing_ijk_mm == pytest.approx(COARSE["doseSpacingMm"])
        assert plan_part(plan, PlanRole.RULES).GetNumberOfRows() > 0
        assert plan_part(plan, PlanRole.LIMITS).GetCellText(0, 7) == "pass"
        assert (logic.search(plan).random_seed, logic.weightsPreset(plan)) == (3, "spare_organs")
        assert dict(logic.searchRecord(plan).terms) == pytest.approx(dict(found.search.terms))
        # and it is edited by hand, with live dose
        seeds_node_of(plan).SetNthControlPointPositionWorld(0, *(logic.seeds(plan).positions_mm[0] + [3, 0, 4]))
        assert logic.followEdits(plan)
        assert logic.updateLive(plan, 4.0, 8.0).metric("GTV", "d90").value > 0
        assert "changed since" in logic.plannerState(plan)

    def test_improving_leaves_what_is_locked_and_is_one_step_to_undo(self, case: PlannerCase) -> None:
        logic, plan = case.logic, case.plan
        with pytest.raises(BrachyResponseError, match="no seeds to begin with: plan it first"):
            logic.improvePlan(plan, **QUICK)
        case.by_hand()
        logic.lockNeedle(plan, 2)
        before, kept = (logic.needles(plan), logic.seeds(plan)), logic.locked(plan)
        logic.improvePlan(plan, **QUICK)
        assert logic.lockedNeedles(plan) == (2,)
        assert logic.locked(plan).seeds == kept.seeds
        assert logic.locked(plan).needles == kept.needles
        logic.undo(plan)
        assert (logic.needles(plan), logic.seeds(plan)) == before
        logic.redo(plan)
        assert logic.plannerState(plan) == ""

    def test_a_locked_seed_that_breaks_a_rule_is_kept_and_said(self, case: PlannerCase) -> None:
        logic, plan = case.logic, case.plan
        logic.addSeed(plan, (0, 0, 30))
        logic.lockSeed(plan, 0)
        found = logic.planImplant(plan, **QUICK)
        np.testing.assert_allclose(found.seeds.positions_mm[logic.lockedSeeds(plan)[0]], (0, 0, 30), atol=1e-6)
        assert any("Locked seed 1 lies" in note for note in logic.plannerNotes(plan))


class TestOnTheWay:
    def test_the_best_plan_so_far_is_drawn_beside_the_plan_and_told(
        self, case: PlannerCase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said, drawn = [], []

        def with_a_look(problem: Any, report: Any, on_best: Any) -> Any:
            found = plan_implant(problem)
            on_best(found.plan)
            report(0.5, "Halfway")
            return found

        def watch(fraction: float, message: str) -> None:
            said.append(message)
            nodes = [case.plan.GetNodeReference(role) for role in (BEST_NEEDLES_ROLE, BEST_SEEDS_ROLE)]
            drawn.append(all(nodes) and not plan_parts(case.plan, PlanRole.NEEDLE))

        monkeypatch.setattr("brachyresponse.scene.inverse_running.plan_implant", with_a_look)
        found = case.logic.planImplant(case.plan, report=watch, **QUICK)
        glance = re.search(r"D90 (\d+) %, V100 (\d+) %, V150 \d+ %, (\d+) needles, (\d+) seeds", said[1])
        assert glance
        assert (int(glance[3]), int(glance[4])) == (len(found.needles), found.seeds.count)
        v100 = found.evaluation.metric("GTV", "v100").value
        assert v100 is not None
        assert int(glance[2]) == pytest.approx(v100, abs=8)  # voxels of 4 mm here, points of the target there
        assert drawn[0]
        assert case.plan.GetNodeReference(BEST_SEEDS_ROLE) is None

    def test_who_cancels_late_has_the_best_plan_until_then(self, case: PlannerCase) -> None:
        def cancel_late(fraction: float, message: str) -> None:
            if fraction > 0.9:
                raise Cancelled

        found = case.logic.planImplant(case.plan, report=cancel_late, **QUICK)
        assert case.logic.seeds(case.plan) == found.seeds
        assert case.logic.staleReason(case.plan) == ""

    def test_who_cancels_before_there_is_a_plan_has_changed_nothing(self, case: PlannerCase, scene: Any) -> None:
        def cancel_at_once(fraction: float, message: str) -> None:
            raise Cancelled

        case.by_hand()
        with unchanged(scene), pytest.raises(Cancelled):
            case.logic.planImplant(case.plan, report=cancel_at_once, **QUICK)


class TestRefusing:
    @pytest.mark.parametrize(
        ("spoil", "said"),
        [
            (lambda c: c.logic.setPrescription(c.plan, 10_000), "prescription is 10000 Gy, expected 1 to 1000"),
            (
                lambda c: c.logic.addLimit(c.plan, "Corda:Dmax<=60Gy"),
                r"did you mean 'Cord'\? It is named in the limit Corda:Dmax<=60Gy",
            ),
            (lambda c: c.logic.setTracks(c.plan, "fan"), "no entry points"),
            (lambda c: c.logic.setStructures(c.plan, gtv="", ptv=""), "no target"),
            (lambda c: set_attribute(c.plan, "PlannerWeights", '{"needle": 1}'), "planner's weights are damaged"),
            (lambda c: c.logic.setPlacement(c.plan, avoidMarginMm=50), "Cord"),
            (
                lambda c: c.segmentation.GetSegmentation().RemoveSegment(c.cord),
                r"its organ at risk is no longer in 'Structures' \(segments: GTV\); choose the structures again",
            ),
        ],
    )
    def test_what_cannot_be_planned_is_said_and_changes_nothing(
        self, case: PlannerCase, scene: Any, spoil: Callable[[PlannerCase], object], said: str
    ) -> None:
        case.logic.setStructures(case.plan, avoid=[case.cord])
        spoil(case)
        with unchanged(scene), pytest.raises(BrachyResponseError, match=said):
            case.logic.planImplant(case.plan, **QUICK)

    def test_an_unknown_setting_or_preset_is_refused_before_the_search(self, case: PlannerCase, scene: Any) -> None:
        for settings, said in (
            ({"spacing": 5}, "no setting 'spacing' of the planner"),
            ({"preset": "x"}, "preset 'x'"),
        ):
            with unchanged(scene), pytest.raises(BrachyResponseError, match=said):
                case.logic.planImplant(case.plan, **settings)

    def test_why_there_is_no_plan_can_be_asked_before(self, case: PlannerCase) -> None:
        assert case.logic.explainInfeasible(case.plan) == ""
        case.logic.setStructures(case.plan, avoid=[case.cord])
        case.logic.setPlacement(case.plan, avoidMarginMm=50)
        assert "Cord" in case.logic.explainInfeasible(case.plan)


class TestRobustness:
    def test_the_table_goes_out_of_date_with_plan_limits_and_structures(self, case: PlannerCase) -> None:
        logic, plan = case.logic, case.plan
        case.by_hand()
        table = logic.testRobustness(plan, scenarios=20)
        assert table.GetNumberOfRows() >= 9  # three sizes of error, at least three figures each
        plan.SetName("Another name")
        assert logic.robustnessState(plan) == ""
        logic.addLimit(plan, "Cord:D0.1cc<=60Gy")
        assert "limits were changed" in logic.robustnessState(plan)
        logic.testRobustness(plan, scenarios=20)
        logic.nudgeSeed(plan, 0, stepMm=1)
        assert logic.robustnessState(plan)
        logic.undo(plan)
        assert logic.robustnessState(plan) == ""
        cord = read_structure(case.segmentation, case.cord)
        write_structure(Structure("Cord", np.roll(cord.mask, 1, axis=0), cord.grid), case.segmentation)
        assert logic.robustnessState(plan)


def test_tracks_are_shown_without_being_made(case: PlannerCase) -> None:
    case.logic.setTracks(case.plan, "parallel", coneDeg=20)
    model = case.logic.previewTracks(case.plan)
    cone = case.plan.GetNodeReference("plannerConeRef").GetMesh()
    assert model.GetMesh().GetNumberOfPoints() > 0
    assert np.array(cone.GetBounds())[4] >= -1e-3  # needles that run downwards come from above the target's centre
    case.logic.hideTracks(case.plan)
    assert not case.logic.needles(case.plan)
    assert model.GetScene() is None


def test_the_report_tells_how_the_plan_was_found_as_long_as_it_holds(case: PlannerCase) -> None:
    logic, plan = case.logic, case.plan
    evaluation = logic.planImplant(plan, **QUICK).evaluation
    logic.testRobustness(plan, scenarios=20)
    report = planner_sections(plan, evaluation)
    assert "How the plan was found" in report
    assert "Robustness against misplaced and lost seeds" in report
    assert list(planner_tables(plan)) == ["robustness.csv"]
    logic.setWeights(plan, needle=9)
    assert "How the plan was found" not in planner_sections(plan, evaluation)  # it was found with other weights
    logic.nudgeSeed(plan, 0, stepMm=1)
    assert planner_sections(plan, evaluation) == ""
