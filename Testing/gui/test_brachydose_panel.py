"""The BrachyDose panel, clicked: from the patient to the files, on the stand-in or on Slicer's own Python."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brachyresponse.scene.plan_parts import PlanRole, plan_part, plan_parts
from gui.brachydose_panel import PANEL_HEIGHT, PANEL_WIDTH, SECTIONS, Panel
from gui.module_panel import light_of
from small_patient import add_small_patient


@pytest.fixture
def panel(load_widget: Callable[[str], Any], scene: Any, monkeypatch: pytest.MonkeyPatch) -> Panel:
    """The panel in a scene with the small patient, nothing chosen yet."""
    import slicer

    errors: list[str] = []
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda text, *args, **kwargs: errors.append(text))
    patient = add_small_patient(scene)
    return Panel(load_widget("BrachyDose"), patient, errors)


class TestMainPath:
    def test_a_plan_begins_when_the_first_thing_is_chosen(self, panel: Panel) -> None:
        assert panel.plan is None
        panel.ui.volumeSelector.setCurrentNode(panel.patient["volume"])
        assert panel.plan is not None
        assert panel.ui.planSelector.currentNode() is panel.plan
        assert plan_part(panel.plan, PlanRole.PLANNING_VOLUME) is panel.patient["volume"]

    def test_template_seeds_dose_results_and_files_by_clicks(self, panel: Panel, tmp_path: Path) -> None:
        panel.plan_by_template()
        panel.click("computeButton")
        assert panel.errors == []
        assert len(panel.logic.needles(panel.plan)) == panel.ui.needlesTable.rowCount > 3
        assert panel.logic.seeds(panel.plan).count == panel.ui.seedsTable.rowCount > 5
        assert {"D90", "V100", "V150", "HI"} <= set(panel.column("metricsTable", 1))
        assert panel.ui.rulesTable.rowCount > 5
        assert "D90" in panel.ui.headlineLabel.text
        assert panel.ui.staleLabel.text == ""
        panel.ui.folderEdit.setCurrentPath(str(tmp_path))
        for button in ("exportPlanButton", "exportTablesButton", "exportReportButton", "exportSheetButton"):
            panel.click(button)
        assert panel.errors == []
        written = {path.name for path in tmp_path.iterdir()}
        assert {
            "plan.json",
            "seeds.csv",
            "metrics.csv",
            "report.html",
            "loading_sheet.html",
            "loading_sheet.csv",
        } <= written
        assert len(json.loads((tmp_path / "plan.json").read_text())["seeds"]) == panel.ui.seedsTable.rowCount

    def test_the_files_hold_the_numbers_of_the_screen_for_point_sources_too(self, panel: Panel, tmp_path: Path) -> None:
        panel.plan_by_template()
        panel.ui.pointSourceCheckBox.checked = True
        assert panel.widget.panel.parameters.pointSource
        panel.click("computeButton")
        shown = panel.column("metricsTable", 2)
        panel.ui.folderEdit.setCurrentPath(str(tmp_path))
        panel.click("exportTablesButton")
        assert panel.errors == []
        assert panel.column("metricsTable", 2) == shown

    def test_a_metric_tells_its_formula_and_its_verdict(self, panel: Panel) -> None:
        panel.plan_by_template()
        panel.click("computeButton")
        row = panel.column("metricsTable", 1).index("D90")
        assert "D90" in panel.ui.metricsTable.item(row, 1).toolTip()
        row = panel.column("rulesTable", 0).index("Seeds do not overlap")
        assert not panel.ui.rulesTable.item(row, 0).icon().isNull()

    def test_a_surrogate_and_a_coarse_grid_are_said_beside_the_results(self, panel: Panel) -> None:
        panel.plan_by_template()
        panel.ui.surrogateEdit.text = "HD 4.5 x 0.8 mm"
        panel.ui.surrogateEdit.editingFinished.emit()
        panel.ui.doseSpacingSpinBox.value = 4
        panel.click("computeButton")
        assert "The implanted seed is HD 4.5 x 0.8 mm;" in panel.ui.headlineLabel.text
        assert "The dose grid is 4 mm coarse" in panel.ui.headlineLabel.text
        assert "warning" not in panel.column("metricsTable", 1)

    @pytest.mark.validation
    def test_the_sample_patient_is_a_click_away(self, panel: Panel) -> None:
        panel.click("sampleButton")
        assert panel.errors == []
        assert panel.ui.targetSelector.currentSegmentID() != ""
        assert panel.ui.bodySelector.currentSegmentID() != ""
        assert panel.ui.patientIdEdit.text == "BrachyResponse-digital-patient"
        assert panel.column("structuresTable", 0)[:3] == ["Brainstem", "Ventricles", "Vessel"]

    def test_segments_are_edited_in_the_segment_editor(self, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
        import slicer

        opened: list[str] = []
        monkeypatch.setattr(slicer.util, "selectModule", opened.append)
        panel.choose_patient()
        panel.click("editSegmentsButton")
        assert opened == ["SegmentEditor"]


class TestLook:
    def test_the_panel_fits_380_by_800_pixels_with_any_section_open(self, panel: Panel) -> None:
        panel.plan_by_template()
        panel.ui.surrogateEdit.text = "HD 4.5 x 0.8 mm"
        panel.ui.surrogateEdit.editingFinished.emit()
        panel.ui.doseSpacingSpinBox.value = 4
        panel.click("computeButton")
        panel.widget.parent.resize(PANEL_WIDTH, PANEL_HEIGHT)
        panel.widget.parent.show()
        for section in SECTIONS:
            panel.widget.panel.accordion.open(section)
            panel.settle()
            assert panel.needed_width() <= PANEL_WIDTH, section
            height = panel.widget.parent.layout().minimumHeightForWidth(PANEL_WIDTH)  # sentences wrap
            assert height <= PANEL_HEIGHT, section

    def test_one_section_is_open_and_comes_back_with_the_scene(self, panel: Panel) -> None:
        panel.ui.seedsSection.collapsed = False
        assert [name for name in SECTIONS if not getattr(panel.ui, name).collapsed] == ["seedsSection"]
        assert panel.widget.panel.parameters.openSection == "seedsSection"

    @pytest.mark.usefixtures("dark_theme")
    def test_the_panel_uses_the_colours_of_the_theme(self, panel: Panel) -> None:
        panel.plan_by_template()
        panel.click("computeButton")
        panel.widget.panel.accordion.open("resultsSection")
        panel.widget.parent.resize(PANEL_WIDTH, PANEL_HEIGHT)
        panel.widget.parent.show()
        panel.settle()
        assert (
            np.median(light_of(panel.widget.parent, (PANEL_WIDTH, PANEL_HEIGHT))) < 90
        )  # a background painted by us would be light
        ui_text = (Path(panel.widget.resourcePath("UI/BrachyDose.ui"))).read_text()
        assert "styleSheet" not in ui_text
        assert "<palette>" not in ui_text

    def test_every_control_says_what_it_does(self, panel: Panel) -> None:
        import qt

        kinds = (qt.QAbstractButton, qt.QAbstractSpinBox, qt.QComboBox, qt.QLineEdit, qt.QTableWidget)
        text = Path(panel.widget.resourcePath("UI/BrachyDose.ui")).read_text()
        named = [w for name, w in vars(panel.ui).items() if isinstance(w, kinds) and f'name="{name}"' in text]
        assert len(named) > 40
        assert [w.name for w in named if not w.toolTip] == []


class TestPatientAndSource:
    def test_ticks_make_organs_and_barriers(self, panel: Panel) -> None:
        import qt

        panel.choose_patient()
        row = panel.column("structuresTable", 0).index("Cord")
        for column in (1, 3):
            panel.ui.structuresTable.item(row, column).setCheckState(qt.Qt.Checked)
        from brachyresponse.scene.plan_choices import read_plan_choices
        from brachyresponse.scene.plan_structures import read_plan_segments

        assert read_plan_segments(panel.plan).organs == (panel.patient["Cord"],)
        assert read_plan_choices(panel.plan).barriers == (panel.patient["Cord"],)

    def test_limits_are_typed_and_judged(self, panel: Panel) -> None:
        panel.plan_by_template()
        row = panel.column("structuresTable", 0).index("Cord")
        panel.ui.structuresTable.item(row, 5).setText("D0.1cc <= 1 Gy; Dmean <= 500 Gy")
        assert [str(limit) for limit in panel.logic.limits(panel.plan)] == ["Cord:D0.1cc<=1Gy", "Cord:Dmean<=500Gy"]
        panel.click("computeButton")
        rows = [n for n, text in enumerate(panel.column("metricsTable", 3)) if text in ("≤ 1 Gy", "≤ 500 Gy")]
        assert len(rows) == 2
        assert not panel.ui.metricsTable.item(rows[0], 2).icon().isNull()

    def test_a_wrong_limit_is_refused_and_the_old_one_shown_again(self, panel: Panel) -> None:
        panel.choose_patient()
        row = panel.column("structuresTable", 0).index("Cord")
        panel.ui.structuresTable.item(row, 5).setText("less than much")
        assert "Cord" in panel.errors[0]
        assert panel.ui.structuresTable.item(row, 5).text() == ""

    def test_the_ptv_is_grown_and_shown(self, panel: Panel) -> None:
        panel.choose_patient()
        panel.ui.ptvMarginSpinBox.value = 4
        panel.click("growTargetButton")
        assert panel.ui.ptvSelector.currentSegmentID() != ""
        assert len(panel.ui.ptvSelector.segmentIDs()) == 4

    def test_activities_are_linked(self, panel: Panel) -> None:
        panel.choose_patient()
        panel.ui.activityMciSpinBox.value = 0.4
        assert panel.ui.activityMbqSpinBox.value == pytest.approx(14.8)
        assert panel.ui.strengthSpinBox.value == pytest.approx(0.508)
        panel.ui.strengthSpinBox.value = 0.635
        assert panel.ui.activityMciSpinBox.value == pytest.approx(0.5)

    def test_the_strength_decays_to_the_day_of_the_implant(self, panel: Panel) -> None:
        import qt

        panel.choose_patient()
        panel.ui.implantDateEdit.date = qt.QDate(2026, 3, 6)
        panel.ui.referenceDateEdit.date = qt.QDate(2026, 1, 6)
        assert "0.319 U" in panel.ui.decayLabel.text  # 59 days at a half-life of 59.4
        panel.ui.referenceDateEdit.date = qt.QDate(2026, 3, 6)
        assert "0.635 U" in panel.ui.decayLabel.text

    def test_source_surrogate_and_site_are_kept_in_the_plan(self, panel: Panel) -> None:
        panel.choose_patient()
        ui = panel.ui
        ui.sourceSelector.setCurrentIndex(ui.sourceSelector.findData("best_2301"))
        ui.sourceSelector.activated.emit(ui.sourceSelector.currentIndex)
        ui.surrogateEdit.text = "HD 4.5 x 0.8 mm"
        ui.surrogateEdit.editingFinished.emit()
        ui.profileSelector.setCurrentIndex(ui.profileSelector.findData("neck_node"))
        ui.profileSelector.activated.emit(ui.profileSelector.currentIndex)
        found = [panel.plan.GetAttribute(f"BrachyResponse.{name}") for name in ("Source", "SurrogateFor", "Profile")]
        assert found == ["best_2301", "HD 4.5 x 0.8 mm", "neck_node"]


class TestNeedles:
    def test_a_template_is_previewed_followed_and_made(self, panel: Panel) -> None:
        panel.choose_patient()
        panel.click("previewTemplateButton")
        model = panel.plan.GetNodeReference("templatePreviewRef")
        few = model.GetMesh().GetNumberOfPoints()
        panel.ui.templatePitchSpinBox.value = 5
        panel.settle()
        assert model.GetMesh().GetNumberOfPoints() > few
        panel.click("makeTemplateButton")
        assert panel.plan.GetNodeReference("templatePreviewRef") is None
        assert not panel.ui.previewTemplateButton.checked

    def test_a_needle_is_drawn_by_two_clicks(self, panel: Panel) -> None:
        import slicer

        panel.choose_patient()
        panel.click("drawNeedleButton")
        interaction = slicer.app.applicationLogic().GetInteractionNode()
        assert interaction.GetCurrentInteractionMode() == interaction.Place
        line = plan_parts(panel.plan, PlanRole.NEEDLE)[0]
        line.AddControlPointWorld(0, 0, 60)
        line.AddControlPointWorld(0, 0, 0)
        interaction.SwitchToViewTransformMode()  # Slicer does so when the line is complete
        panel.settle()
        assert panel.errors == []
        assert [needle.length_mm for needle in panel.logic.needles(panel.plan)] == [60]
        assert not panel.ui.drawNeedleButton.checked

    def test_escape_ends_drawing_and_takes_the_unfinished_needle_away(self, panel: Panel) -> None:
        import slicer

        panel.choose_patient()
        panel.click("drawNeedleButton")
        plan_parts(panel.plan, PlanRole.NEEDLE)[0].AddControlPointWorld(0, 0, 60)
        panel.widget.panel.needles._placing._escape.activated.emit()
        panel.settle()
        interaction = slicer.app.applicationLogic().GetInteractionNode()
        assert interaction.GetCurrentInteractionMode() != interaction.Place
        assert plan_parts(panel.plan, PlanRole.NEEDLE) == []
        assert not panel.ui.drawNeedleButton.checked

    def test_chosen_needles_are_duplicated_and_deleted(self, panel: Panel) -> None:
        panel.plan_by_template()
        count = panel.ui.needlesTable.rowCount
        panel.ui.needlesTable.selectRow(0)
        panel.click("duplicateNeedleButton")
        assert panel.ui.needlesTable.rowCount == count + 1
        panel.ui.needlesTable.selectRow(count)
        panel.click("deleteNeedleButton")
        assert panel.ui.needlesTable.rowCount == count


class TestSeeds:
    def test_a_row_brings_the_slices_to_its_seed(self, panel: Panel, a_slice_view: Any) -> None:
        panel.plan_by_template()
        panel.ui.seedsTable.selectRow(3)
        panel.settle()
        offset = a_slice_view.node.GetSliceOffset()
        assert offset == pytest.approx(panel.position(3)[2], abs=0.01)

    def test_buttons_change_the_chosen_seed(self, panel: Panel) -> None:
        panel.plan_by_template()
        count, before = panel.ui.seedsTable.rowCount, panel.position(1)
        panel.ui.seedsTable.selectRow(1)
        panel.click("nudgeInButton")
        np.testing.assert_allclose(panel.position(1), before - [0, 0, 1], atol=1e-6)
        panel.click("undoButton")
        np.testing.assert_allclose(panel.position(1), before, atol=1e-6)
        panel.click("redoButton")
        np.testing.assert_allclose(panel.position(1), before - [0, 0, 1], atol=1e-6)
        panel.click("detachButton")
        assert panel.ui.detachButton.text == "Attach"
        panel.click("detachButton")
        assert panel.ui.detachButton.text == "Detach"
        panel.click("deleteSeedButton")
        assert panel.ui.seedsTable.rowCount == count - 1

    def test_a_seed_is_added_on_the_chosen_needle(self, panel: Panel) -> None:
        panel.plan_by_template()
        count = panel.ui.seedsTable.rowCount
        panel.ui.needlesTable.selectRow(0)
        panel.click("addSeedButton")
        assert panel.ui.seedsTable.rowCount == count + 1
        assert panel.column("seedsTable", 1)[-1] == "1"

    def test_a_seed_is_clicked_into_a_view_when_no_needle_is_chosen(self, panel: Panel) -> None:
        panel.plan_by_template()
        panel.ui.needlesTable.clearSelection()
        panel.click("addSeedButton")
        panel.seeds_node.AddControlPointWorld(5, 6, 7)
        panel.settle()
        assert panel.errors == []
        assert panel.column("seedsTable", 1)[-1] == "free"
