"""The planner on the panel: what it is told, what it finds, what stays, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gui.brachydose_panel import Panel
from small_patient import add_small_patient


@pytest.fixture
def panel(load_widget: Callable[[str], Any], scene: Any, monkeypatch: pytest.MonkeyPatch) -> Panel:
    """The panel with the small patient, asked for a plan that is quickly found: one template, few moves."""
    import slicer

    errors: list[str] = []
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda text, *args, **kwargs: errors.append(text))
    panel = Panel(load_widget("BrachyDose"), add_small_patient(scene), errors)
    panel.choose_patient()
    panel.ask_for_little()
    return panel


class TestSettings:
    def test_what_is_set_is_kept_in_the_plan(self, panel: Panel) -> None:
        ui, logic = panel.ui, panel.logic
        panel.choose_word("trackKindSelector", "fan")
        ui.coneSpinBox.value, ui.perEntrySpinBox.value = 20, 3
        panel.choose_word("loadingSelector", "stranded")
        ui.skinDepthSpinBox.value, ui.avoidMarginSpinBox.value = 12, 2
        ui.targetMarginSpinBox.value, ui.randomSeedSpinBox.value = 1.5, 7
        panel.write("strengthsEdit", "0.5; 0.6")
        assert panel.errors == []
        tracks, placement, search = (read(panel.plan) for read in (logic.tracks, logic.placement, logic.search))
        assert (tracks.kind, tracks.cone_deg, tracks.needles_per_entry) == ("fan", 20, 3)
        assert (placement.loading, placement.skin_depth_mm, placement.avoid_margin_mm) == ("stranded", 12, 2)
        assert (search.target_margin_mm, search.random_seed) == (1.5, 7)
        assert logic.strengthsOnHand(panel.plan) == pytest.approx((0.5, 0.6))

    def test_only_what_a_kind_of_tracks_asks_is_shown_and_directions_have_words(self, panel: Panel) -> None:
        ui = panel.ui
        shown = {}
        for kind in ("template", "parallel", "fan"):
            panel.choose_word("trackKindSelector", kind)
            boxes = (ui.trackDirectionSelector, ui.coneSpinBox, ui.directionsSpinBox, ui.entriesSelector)
            shown[kind] = [box.isVisibleTo(ui.pathsTab) for box in boxes]
        assert shown == {
            "template": [True, False, False, False],
            "parallel": [True, True, True, False],
            "fan": [False, True, False, True],
        }
        panel.choose_word("trackDirectionSelector", "posterior")
        assert panel.logic.tracks(panel.plan).direction == "posterior"
        panel.logic.addNeedle(panel.plan, (0, 0, 60), (0, 0, 0))
        panel.settle()
        panel.ui.needlesTable.selectRow(0)
        panel.choose_word("trackDirectionSelector", "NEEDLE")
        assert panel.logic.tracks(panel.plan).direction == "needle 1"
        assert panel.ui.trackDirectionSelector.currentText == "as needle 1"

    def test_limits_and_weights_are_changed_in_place(self, panel: Panel) -> None:
        ui = panel.ui
        panel.choose_word("limitStructureSelector", "Cord")
        ui.limitEdit.text = "D2cc <= 65 %"
        panel.click("addLimitButton")
        ui.constraintsTable.item(0, 2).setText("3")
        ui.constraintsTable.item(0, 1).setText("D2cc <= 60 %")
        assert panel.errors == []
        assert [str(limit) for limit in panel.logic.limits(panel.plan)] == ["Cord:D2cc<=60%"]
        assert panel.logic.limitWeights(panel.plan) == {"Cord:D2cc<=60%": 3}
        ui.constraintsTable.item(0, 1).setText("as little as can be")
        assert "Cord" in panel.errors[0]
        assert panel.column("constraintsTable", 1) == ["D2cc ≤ 60%"]
        ui.constraintsTable.selectRow(0)
        panel.click("removeLimitButton")
        assert panel.logic.limits(panel.plan) == ()
        panel.choose_word("presetSelector", "spare_organs")
        assert panel.logic.weightsPreset(panel.plan) == "spare_organs"
        row = panel.column("weightsTable", 0).index("Each needle")
        panel.ui.weightsTable.item(row, 1).setText("0.25")
        assert panel.logic.weights(panel.plan).needle == 0.25
        assert panel.ui.presetSelector.currentText == "own weights"


class TestPlanning:
    def test_planning_fills_needles_seeds_results_and_says_how(self, panel: Panel) -> None:
        panel.click("planButton")
        assert panel.errors == []
        assert panel.ui.seedsTable.rowCount == panel.logic.seeds(panel.plan).count > 3
        assert "D90" in panel.ui.headlineLabel.text
        assert panel.ui.staleLabel.text == ""
        assert panel.ui.convergenceButton.enabled
        panel.click("undoButton")
        assert panel.ui.seedsTable.rowCount == 0

    def test_needles_and_seeds_are_locked_by_choice_and_by_tick(self, panel: Panel) -> None:
        import qt

        panel.logic.addNeedle(panel.plan, (3, 3, 60), (3, 3, -8))
        panel.logic.addSeed(panel.plan, (3, 3, 0), needle=1)
        panel.settle()
        panel.ui.needlesTable.selectRow(0)
        panel.click("lockButton")
        assert panel.ui.lockedLabel.text == "Locked: 1 needles, 1 seeds"
        assert panel.ui.seedsTable.item(0, 6).checkState() == qt.Qt.Checked
        panel.ui.seedsTable.item(0, 6).setCheckState(qt.Qt.Unchecked)
        assert panel.logic.lockedSeeds(panel.plan) == ()
        panel.ui.needlesTable.item(0, 5).setCheckState(qt.Qt.Checked)
        assert panel.logic.lockedNeedles(panel.plan) == (1,)
        panel.click("unlockButton")
        assert panel.logic.lockedNeedles(panel.plan) == ()
        assert panel.errors == []

    def test_cancel_keeps_the_best_plan_so_far(self, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
        from types import SimpleNamespace

        def cancelled(plan: Any, report: Any, **settings: Any) -> Any:
            return SimpleNamespace(search=SimpleNamespace(cancelled=True))

        monkeypatch.setattr(panel.logic, "planImplant", cancelled)
        section = panel.widget.panel.planner
        section.search(panel.logic.planImplant, "Planning")
        panel.logic.addNeedle(panel.plan, (0, 0, 60), (0, 0, 0))  # what the views follow does not take it away
        panel.settle()
        assert panel.ui.statusLabel.text == "Cancelled: the best plan so far was kept."

    def test_closing_the_scene_while_it_plans_is_no_error(self, panel: Panel, scene: Any) -> None:
        from brachyresponse.errors import PlanError

        def closed(plan: Any, report: Any, **settings: Any) -> Any:
            scene.Clear(0)
            raise PlanError("There is no plan to write the best one to.")

        panel.widget.panel.planner.search(closed, "Planning")
        assert panel.errors == []
        assert panel.widget.parent.enabled

    def test_a_problem_without_a_plan_says_why_and_changes_nothing(self, panel: Panel) -> None:
        panel.ui.bodySelector.setCurrentSegmentID(panel.patient["Body"])
        panel.settle()
        panel.ui.skinDepthSpinBox.value = 50
        panel.click("checkButton")
        assert "skin" in panel.ui.plannerBox.toPlainText()
        assert panel.errors == []
        panel.click("planButton")
        said = panel.ui.plannerBox.toPlainText().strip()
        assert said
        assert said in panel.errors[0]
        assert panel.ui.seedsTable.rowCount == 0


def test_what_cannot_be_pressed_says_why(load_widget: Callable[[str], Any], scene: Any) -> None:
    panel = Panel(load_widget("BrachyDose"), add_small_patient(scene), [])
    for name in ("planButton", "improveButton", "addLimitButton", "robustnessButton", "compareButton"):
        button = getattr(panel.ui, name)
        assert not button.enabled
        assert button.toolTip.startswith("Start a plan first")
    panel.choose_patient()
    assert "press Plan" in panel.ui.improveButton.toolTip
