"""The panel's life: scenes saved, loaded and closed, modules left and reloaded, plans side by side, errors."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.volumes import read_image
from gui.brachydose_panel import Panel
from reference import PROJECT
from scene_state import scene_state
from small_patient import add_small_patient
from the_digital_patient import the_patient


@pytest.fixture
def panel(load_widget: Callable[[str], Any], scene: Any, monkeypatch: pytest.MonkeyPatch) -> Panel:
    """The panel in a scene with the small patient."""
    import slicer

    errors: list[str] = []
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda text, *args, **kwargs: errors.append(text))
    return Panel(load_widget("BrachyDose"), add_small_patient(scene), errors)


class TestRemovedNodes:
    @pytest.mark.parametrize(
        ("selector", "role"),
        [("volumeSelector", PlanRole.PLANNING_VOLUME), ("segmentationSelector", PlanRole.SEGMENTATION)],
    )
    def test_another_node_is_not_taken_for_one_that_is_removed(
        self, panel: Panel, scene: Any, selector: str, role: PlanRole
    ) -> None:
        panel.plan_by_template()
        chosen = plan_part(panel.plan, role)
        scene.AddNewNodeByClass(chosen.GetClassName(), "Another")
        scene.RemoveNode(chosen)
        panel.settle()
        assert panel.errors == []
        assert getattr(panel.ui, selector).currentNode() is None
        assert plan_part(panel.plan, role) is None


class TestSavedScenes:
    def test_a_saved_scene_brings_back_plan_and_panel(self, panel: Panel, scene: Any, tmp_path: Path) -> None:
        panel.plan_by_template()
        panel.click("computeButton")
        seeds, needles = panel.logic.seeds(panel.plan), panel.logic.needles(panel.plan)
        dose, _ = read_image(panel.logic.doseNode(panel.plan))
        shown = {name: panel.column(name, 1) for name in ("needlesTable", "seedsTable", "metricsTable", "rulesTable")}
        headline = panel.ui.headlineLabel.text
        path = str(tmp_path / "plan.mrb")
        assert scene.WriteToMRB(path)
        scene.Clear(0)
        panel.settle()
        assert panel.plan is None
        assert scene.ReadFromMRB(path, True)
        panel.settle()
        assert panel.errors == []
        for read, written in zip(panel.logic.needles(panel.plan), needles, strict=True):
            np.testing.assert_allclose(read.tip_mm, written.tip_mm, atol=1e-12)  # the last digit of a text file
            assert (read.number, read.hole) == (written.number, written.hole)
        assert panel.logic.seeds(panel.plan) == seeds
        np.testing.assert_array_equal(read_image(panel.logic.doseNode(panel.plan))[0], dose)
        assert {name: panel.column(name, 1) for name in shown} == shown
        assert panel.ui.headlineLabel.text == headline
        assert panel.ui.staleLabel.text == ""
        assert panel.ui.templatePitchSpinBox.value == 8
        assert panel.ui.volumeSelector.currentNode().GetName() == "CT"
        assert panel.ui.targetSelector.currentSegmentID() == panel.patient["GTV"]

    def test_seeds_are_drawn_again_after_loading_and_can_be_dragged(
        self, panel: Panel, scene: Any, tmp_path: Path
    ) -> None:
        panel.plan_by_template()
        panel.click("computeButton")
        points = plan_part(panel.plan, PlanRole.SEED_MODEL).GetMesh().GetNumberOfPoints()
        path = str(tmp_path / "plan.mrb")
        scene.WriteToMRB(path)
        scene.Clear(0)
        scene.ReadFromMRB(path, True)
        panel.settle()
        assert plan_part(panel.plan, PlanRole.SEED_MODEL).GetMesh().GetNumberOfPoints() == points
        start = panel.position(0)
        panel.drag(panel.seeds_node, 0, tuple(start + np.array([5, 5, 2])))
        np.testing.assert_allclose(panel.position(0), start + np.array([0, 0, 2]), atol=1e-4)  # saved with 6 digits
        panel.click("undoButton")
        np.testing.assert_allclose(panel.position(0), start, atol=1e-6)


class TestClosing:
    def test_the_scene_can_be_closed_while_the_panel_is_open(self, panel: Panel, scene: Any) -> None:
        panel.plan_by_template()
        panel.click("computeButton")
        scene.Clear(0)
        panel.settle()
        assert panel.plan is None
        assert panel.ui.headlineLabel.text == "No dose yet."
        assert panel.ui.templatePitchSpinBox.value == 10  # the default of a new scene
        patient = add_small_patient(scene)
        panel.ui.volumeSelector.setCurrentNode(patient["volume"])
        assert panel.plan is not None

    def test_the_scene_can_be_closed_while_a_needle_is_drawn(self, panel: Panel, scene: Any) -> None:
        panel.choose_patient()
        panel.click("drawNeedleButton")
        scene.Clear(0)
        panel.settle()
        assert not panel.ui.drawNeedleButton.checked
        assert panel.errors == []

    def test_leaving_the_module_stops_following_and_entering_shows_what_was_done(self, panel: Panel) -> None:
        panel.plan_by_template()
        plan, rows = panel.plan, panel.ui.seedsTable.rowCount
        panel.widget.parent.exit()
        panel.logic.deleteSeed(plan, 0)
        panel.widget.panel.follower.timer.flush()
        assert panel.ui.seedsTable.rowCount in (0, rows)  # not shown while away
        panel.widget.parent.enter()
        assert panel.plan is plan
        assert panel.ui.seedsTable.rowCount == rows - 1

    def test_reload_takes_the_library_anew_and_shows_the_same_plan(self, panel: Panel) -> None:
        import slicer

        panel.plan_by_template()
        plan, old = panel.plan, sys.modules["brachyresponse.scene.plan_editing"]
        before = dict(sys.modules)
        try:
            panel.widget.onReload()
            reloaded = slicer.modules.BrachyDoseWidget
            assert reloaded is not panel.widget
            assert sys.modules["brachyresponse.scene.plan_editing"] is not old
            assert reloaded.panel.plan is plan
            assert reloaded.ui.seedsTable.rowCount == panel.logic.seeds(plan).count
            reloaded.cleanup()
        finally:
            sys.modules.update({name: module for name, module in before.items() if name.startswith("brachyresponse")})


class TestSeveralPlans:
    def test_a_copy_is_changed_alone_and_each_shows_its_own_results(self, panel: Panel) -> None:
        panel.plan_by_template()
        panel.click("computeButton")
        first, headline = panel.plan, panel.ui.headlineLabel.text
        panel.click("copyPlanButton")
        second = panel.plan
        assert second is not first
        assert panel.ui.headlineLabel.text == "No dose yet."
        panel.ui.seedsTable.selectRow(0)
        panel.click("deleteSeedButton")
        panel.click("computeButton")
        assert panel.ui.headlineLabel.text != headline
        panel.ui.planSelector.setCurrentNode(first)
        panel.settle()
        assert panel.ui.headlineLabel.text == headline
        assert panel.ui.staleLabel.text == ""
        assert panel.logic.seeds(first).count == panel.logic.seeds(second).count + 1

    def test_only_plans_are_offered(self, panel: Panel) -> None:
        panel.choose_patient()
        panel.click("newPlanButton")
        assert [node.GetName() for node in panel.ui.planSelector.nodes()] == ["Plan", "Plan_1"]

    def test_deleting_a_plan_asks_and_shows_the_other(self, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
        import slicer

        panel.plan_by_template()
        first = panel.plan
        panel.click("newPlanButton")
        monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", lambda text, *args, **kwargs: False)
        panel.click("deletePlanButton")
        assert len(panel.logic.plans()) == 2
        monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", lambda text, *args, **kwargs: True)
        panel.click("deletePlanButton")
        assert panel.logic.plans() == [first]


class TestErrors:
    """What the user sees: one message box, the sentence on the panel, and a scene as it was."""

    @pytest.mark.parametrize(
        ("button", "sentence"),
        [
            ("computeButton", "has no seeds"),
            ("loadNeedlesButton", "needles"),
            ("exportPlanButton", "No folder is chosen"),
            ("exportSheetButton", "No folder is chosen"),
        ],
    )
    def test_a_button_that_cannot_do_its_work_says_why(
        self, panel: Panel, scene: Any, button: str, sentence: str
    ) -> None:
        panel.choose_patient()
        before = scene_state(scene)
        panel.click(button)
        assert len(panel.errors) == 1
        assert sentence in panel.errors[0]
        assert sentence in panel.ui.statusLabel.text
        assert scene_state(scene) == before

    def test_a_target_outside_the_image_is_refused_and_not_shown(self, panel: Panel) -> None:
        import slicer

        far = np.eye(4)
        far[:3, 3] = 900
        other = slicer.util.addVolumeFromArray(np.zeros((8, 8, 8), np.int16), ijkToRAS=far, name="Other")
        panel.ui.volumeSelector.setCurrentNode(other)
        panel.ui.segmentationSelector.setCurrentNode(panel.patient["segmentation"])
        panel.ui.targetSelector.setCurrentSegmentID(panel.patient["GTV"])
        assert "outside the image 'Other'" in panel.errors[0]
        assert panel.ui.targetSelector.currentSegmentID() == ""

    def test_a_damaged_plan_file_is_refused(
        self, panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import qt

        path = tmp_path / "plan.json"
        path.write_text("{")
        monkeypatch.setattr(qt.QFileDialog, "getOpenFileName", lambda *args: str(path))
        panel.choose_patient()
        panel.click("importPlanButton")
        assert "plan.json" in panel.errors[0]
        assert len(panel.logic.plans()) == 1

    def test_wrong_isodose_levels_are_refused(self, panel: Panel) -> None:
        panel.plan_by_template()
        panel.click("computeButton")
        panel.ui.levelsEdit.text = "50, many"
        panel.ui.levelsEdit.editingFinished.emit()
        assert "'50, many'" in panel.errors[0]

    def test_cancel_stops_the_computation_and_changes_nothing(
        self, panel: Panel, scene: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import qt
        import slicer

        panel.plan_by_template()
        before = scene_state(scene)
        create = slicer.util.createProgressDialog

        def cancelled_dialog(*args: Any, **kwargs: Any) -> qt.QProgressDialog:
            dialog = create(*args, **kwargs)
            dialog.cancel()
            return dialog

        monkeypatch.setattr(slicer.util, "createProgressDialog", cancelled_dialog)
        panel.click("computeButton")
        assert panel.errors == []
        assert panel.ui.statusLabel.text == "Cancelled; nothing was changed."
        assert scene_state(scene) == before


class TestModule:
    def test_the_digital_patient_is_offered_in_sample_data(self, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
        offered: list[dict[str, Any]] = []
        fake = ModuleType("SampleData")
        fake.SampleDataLogic = type(
            "SampleDataLogic", (), {"registerCustomSampleDataSource": staticmethod(lambda **kw: offered.append(kw))}
        )
        monkeypatch.setitem(sys.modules, "SampleData", fake)
        built_in = "brachyresponse.scene.brachydose_logic.plan_logic.build_patient"
        monkeypatch.setattr(built_in, lambda report: the_patient())
        sys.modules["BrachyDose"].registerSampleData()
        source, other = offered
        assert [each["sampleName"] for each in offered] == ["BrachyDigitalPatient", "BrachyDigitalGliaSite"]
        assert source["uris"] == other["uris"] == []
        assert Path(source["thumbnailFileName"]).is_file()
        source["customDownloader"](None)
        assert len(panel.logic.plans()) == 1

    def test_the_layout_is_set_on_the_first_opening_only(
        self, panel: Panel, a_layout_manager: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import slicer

        slicer.app.userSettings().remove("BrachyDose/LayoutWasShown")
        panel.widget.parent.enter()
        assert a_layout_manager.layout == slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpPlotView
        a_layout_manager.setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutOneUp3DView)
        panel.widget.parent.enter()
        assert a_layout_manager.layout == slicer.vtkMRMLLayoutNode.SlicerLayoutOneUp3DView

    def test_the_chart_is_shown_in_a_plot_view(self, panel: Panel, a_layout_manager: Any) -> None:
        import slicer

        panel.plan_by_template()
        panel.click("computeButton")
        panel.click("chartButton")
        chart = plan_part(panel.plan, PlanRole.DVH_CHART)
        assert slicer.app.applicationLogic().GetSelectionNode().GetActivePlotChartID() == chart.GetID()

    def test_the_module_file_says_what_slicer_asks(self, panel: Panel) -> None:
        import slicer

        module = slicer.modules.brachydose
        assert module.title == "BrachyDose"
        assert module.categories == ["Radiotherapy"]
        assert module.contributors
        assert "Research use only" in module.helpText
        assert (PROJECT / "BrachyDose" / "Resources" / "Icons" / "BrachyDose.png").is_file()
