"""The life of the ResponseAssess panel: scenes saved, loaded, closed, modules left and reloaded, nodes removed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from gui.responseassess_panel import Panel
from scene_state import scene_state

TABLES = ("visitsTable", "treatmentsTable", "lesionsTable", "stripTable", "rowsTable", "optionsTable")
LABELS = ("headlineLabel", "staleLabel", "proposalLabel", "referenceUsedLabel", "adjudicationLabel", "lesionLabel")


def shown(panel: Panel) -> dict[str, Any]:
    """What a user sees of an assessment."""
    ui = panel.ui
    return {
        **{name: [panel.row(name, row) for row in range(getattr(ui, name).rowCount)] for name in TABLES},
        **{name: getattr(ui, name).text for name in LABELS},
        "why": ui.whyBox.toPlainText(),
        "warnings": ui.criteriaWarningsBox.toPlainText(),
        "visit": ui.visitSelector.currentText,
        "enabled": [ui.assessButton.enabled, ui.exportButton.enabled, ui.chartButton.enabled],
        "section": panel.widget.panel.parameters.openSection,
    }


def test_a_saved_scene_brings_back_the_assessment_and_the_panel(
    responseassess: Panel, scene: Any, tmp_path: Path
) -> None:
    panel = responseassess
    panel.assess()
    panel.widget.panel.accordion.open("responseSection")
    panel.settle()
    before = shown(panel)
    assert scene.WriteToMRB(str(tmp_path / "assessment.mrb"))
    scene.Clear(0)
    panel.settle()
    assert panel.assessment is None
    assert panel.ui.headlineLabel.text == "Nothing assessed yet."
    assert panel.ui.stripTable.columnCount == 0
    assert scene.ReadFromMRB(str(tmp_path / "assessment.mrb"), True)
    panel.settle()
    assert panel.errors == []
    assert shown(panel) == before


def test_a_saved_scene_brings_back_the_evidence(responseassess: Panel, scene: Any, tmp_path: Path) -> None:
    panel, ui = responseassess, responseassess.ui
    panel.add_visits()
    panel.enter_sizes()
    panel.open("evidenceSection")
    panel.click("collectButton")
    evidence = panel.logic.evidenceOf(panel.visit, "1")
    panel.logic.addFinding(evidence, "rcbv_mets_meta", positive=True, by="Dr A")
    panel.click("weighButton")
    before = (ui.verdictLabel.text, ui.answerBox.toPlainText(), panel.row("markersTable", 0), ui.priorBox.toPlainText())
    assert scene.WriteToMRB(str(tmp_path / "evidence.mrb"))
    scene.Clear(0)
    panel.settle()
    assert ui.markersTable.rowCount == 0
    assert ui.collectButton.toolTip == "Add a visit first."
    panel.open("diffusionSection")
    assert ui.measureDiffusionButton.toolTip == ui.loadSpectraButton.toolTip == "Add a visit first."
    assert scene.ReadFromMRB(str(tmp_path / "evidence.mrb"), True)
    panel.settle()
    assert panel.errors == []
    after = (ui.verdictLabel.text, ui.answerBox.toPlainText(), panel.row("markersTable", 0), ui.priorBox.toPlainText())
    assert after == before
    assert ui.answerStaleLabel.isHidden()


def test_the_scene_can_be_closed_while_a_lesion_is_clicked(responseassess: Panel, scene: Any) -> None:
    panel = responseassess
    panel.add_visits()
    panel.click("clickLesionButton")
    scene.Clear(0)
    panel.settle()
    assert panel.assessment is None
    assert panel.errors == []
    assert not panel.ui.clickLesionButton.checked


def test_the_panel_can_be_closed_while_a_diameter_is_drawn(responseassess: Panel) -> None:
    import slicer

    panel = responseassess
    panel.add_visits()
    panel.click("drawButton")
    slicer.app.applicationLogic().GetInteractionNode().SwitchToViewTransformMode()
    assert panel.ui.drawButton.checked
    panel.widget.panel.close()
    assert not panel.ui.drawButton.checked
    slicer.app.processEvents()
    lines = slicer.util.getNodesByClass("vtkMRMLMarkupsLineNode")
    assert lines == []


def test_a_segment_redrawn_in_another_module_is_said_to_be_out_of_date(responseassess: Panel) -> None:
    panel = responseassess
    panel.add_visits()
    panel.treat()
    panel.add_lesions()
    panel.click("assessButton")
    assert panel.ui.staleLabel.text == ""
    panel.widget.parent.exit()
    panel.scans[2].draw("Lesion", (3.0, -2.0, 1.0), 5.0)
    panel.widget.parent.enter()
    panel.settle()
    assert panel.ui.staleLabel.text.startswith("Out of date: ")
    assert "redrawn" in panel.ui.lesionLabel.text


def test_nodes_removed_behind_its_back_are_shown_as_missing(responseassess: Panel, scene: Any) -> None:
    panel, ui = responseassess, responseassess.ui
    panel.add_visits()
    panel.add_lesions()

    def remove(node: Any) -> None:
        scene.RemoveNode(node)
        panel.settle()

    remove(panel.scans[2].segmentation)
    assert ui.segmentationSelector.currentNode() is None
    assert not ui.measureButton.enabled
    remove(panel.scans[2].volume)
    assert ui.visitVolumeSelector.currentNode() is None
    assert ui.clickLesionButton.toolTip.startswith("Choose the image that this visit is measured on")
    remove(panel.visit)
    assert len(panel.column("visitsTable", 0)) == 2
    remove(panel.assessment)
    assert panel.assessment is None
    assert ui.visitsTable.rowCount == 0


def test_deleting_asks_and_leaves_images_and_segmentations(
    responseassess: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    import slicer

    panel = responseassess
    panel.add_visits()
    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", lambda text, *args, **kwargs: False)
    panel.click("removeVisitButton")
    panel.click("deleteAssessmentButton")
    assert len(panel.visits) == 3
    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", lambda text, *args, **kwargs: True)
    panel.click("removeVisitButton")
    assert len(panel.visits) == 2
    panel.click("deleteAssessmentButton")
    assert panel.logic.assessments() == []
    assert all(scan.volume.GetScene() and scan.segmentation.GetScene() for scan in panel.scans)


def test_cancel_stops_the_registration_and_changes_nothing(
    responseassess: Panel, scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import slicer

    panel = responseassess
    panel.add_visits()
    create = slicer.util.createProgressDialog

    def cancelled_dialog(*args: Any, **kwargs: Any) -> Any:
        dialog = create(*args, **kwargs)
        dialog.cancel()
        return dialog

    monkeypatch.setattr(slicer.util, "createProgressDialog", cancelled_dialog)
    before = scene_state(scene)
    panel.click("registerButton")
    assert scene_state(scene) == before
    assert panel.errors == []
    assert "Cancelled" in panel.ui.statusLabel.text


def test_reload_takes_the_library_anew_and_shows_the_same_assessment(responseassess: Panel) -> None:
    import slicer

    panel = responseassess
    panel.add_visits()
    assessment, old = panel.assessment, sys.modules["brachyresponse.scene.response_visits"]
    before = dict(sys.modules)
    try:
        panel.widget.onReload()
        reloaded = slicer.modules.ResponseAssessWidget
        assert reloaded is not panel.widget
        assert sys.modules["brachyresponse.scene.response_visits"] is not old
        assert reloaded.panel.assessment is assessment
        reloaded.cleanup()
    finally:
        sys.modules.update({name: module for name, module in before.items() if name.startswith("brachyresponse")})


def test_the_sample_patient_is_built_by_one_click(responseassess: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the small scans for the digital patient's; those are built in the workflow tests."""
    panel = responseassess
    asked: list[str] = []

    def small(logic: Any, variant: str, report: Any) -> Any:
        asked.append(variant)
        report(0.5, "Scanning")
        assessment = logic.createAssessment("Sample")
        logic.addVisit(assessment, "2026-04-05", "baseline", panel.scans[0].volume)
        return assessment

    monkeypatch.setattr(type(panel.logic), "loadSamplePatient", small)
    panel.choose_word("sampleSelector", "necrosis")
    panel.click("sampleButton")
    assert asked == ["necrosis"]
    assert panel.assessment.GetName() == "Sample"
    assert panel.ui.visitVolumeSelector.currentNode() is panel.scans[0].volume
    assert not panel.ui.sampleButton.visible
