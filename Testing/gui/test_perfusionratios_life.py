"""The life of the PerfusionRatios panel: scenes saved, loaded, closed, modules left and reloaded, nodes removed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import vtk

from gui.perfusionratios_panel import Panel
from gui.small_scan import LESION_MM
from scene_state import scene_state

TABLES = {
    "acquisitionTable": 1,
    "aifTable": 1,
    "lesionsTable": 0,
    "mapsTable": 1,
    "ratioTable": 2,
    "timingTable": 1,
    "settingsTable": 1,
}
LABELS = ("headlineLabel", "staleLabel", "kindLabel", "timesLabel")


def shown(panel: Panel) -> dict[str, Any]:
    """What a user sees of a study."""
    ui = panel.ui
    return {
        **{name: panel.column(name, column) for name, column in TABLES.items()},
        **{name: getattr(ui, name).text for name in LABELS},
        "meaning": ui.interpretationBox.toPlainText(),
        "enabled": [ui.computeButton.enabled, ui.exportButton.enabled, ui.chartButton.enabled],
        "section": panel.widget.panel.parameters.openSection,
        "t1": ui.t1SpinBox.value,
    }


def test_a_saved_scene_brings_back_both_visits_and_the_panel(
    perfusionratios: Panel, scene: Any, tmp_path: Path
) -> None:
    panel = perfusionratios
    panel.compute_both()
    panel.widget.panel.accordion.open("ratioSection")
    panel.settle()
    before = shown(panel)
    assert scene.WriteToMRB(str(tmp_path / "study.mrb"))
    scene.Clear(0)
    panel.settle()
    assert panel.study is None
    assert panel.ui.headlineLabel.text == "Nothing computed yet."
    assert scene.ReadFromMRB(str(tmp_path / "study.mrb"), True)
    panel.settle()
    assert panel.errors == []
    assert shown(panel) == before
    assert panel.ui.preTreatmentSelector.currentNode() is panel.logic.studies()[0]
    assert panel.ui.whiteMatterSelector.currentSegmentID() == panel.scan.white_matter
    assert panel.logic.curveAt(panel.study, LESION_MM).fitted is not None


def test_results_stay_on_view_where_the_file_of_the_series_was_lost(perfusionratios: Panel) -> None:
    panel = perfusionratios
    panel.compute()
    before = shown(panel)
    for number in range(panel.scan.series.GetNumberOfDataNodes()):
        panel.scan.series.GetNthDataNode(number).SetAndObserveImageData(None)
    panel.widget.parent.exit()
    panel.widget.panel.proposals.forget()
    panel.widget.parent.enter()
    panel.settle()
    assert shown(panel) == before | {
        "kindLabel": "Sequence 'Follow-up' holds no images: was its file moved? Load it, and choose it.",
        "staleLabel": "Out of date: the series was changed",
    }
    panel.click("computeButton")
    assert "holds no images" in panel.errors[0]


def test_the_scene_can_be_closed_while_a_lesion_is_clicked_and_the_crosshair_followed(
    perfusionratios: Panel, scene: Any
) -> None:
    panel = perfusionratios
    panel.compute()
    panel.click("followCheckBox")
    panel.click("clickLesionButton")
    scene.Clear(0)
    panel.settle()
    assert panel.study is None
    assert panel.errors == []
    assert not panel.ui.clickLesionButton.checked
    assert not panel.widget.panel.curves.crosshair.following


def test_a_segment_corrected_in_another_module_makes_the_results_stale(perfusionratios: Panel) -> None:
    import slicer

    panel = perfusionratios
    panel.compute()
    assert panel.ui.staleLabel.text == ""
    panel.widget.parent.exit()
    panel.widget.parent.enter()
    assert panel.ui.staleLabel.text == ""
    panel.widget.parent.exit()
    segmentation, image = panel.scan.segmentation, panel.scan.anatomical
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(segmentation, panel.scan.lesion, image).copy()
    mask[2] = 0
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, segmentation, panel.scan.lesion, image)
    panel.widget.parent.enter()
    panel.settle()
    assert panel.ui.staleLabel.text == "Out of date: a segment was changed"
    panel.click("computeButton")
    assert panel.ui.staleLabel.text == ""


def test_segments_that_are_moved_make_the_results_stale_until_they_are_put_back(
    perfusionratios: Panel, scene: Any
) -> None:
    panel = perfusionratios
    panel.compute()
    transform = scene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    panel.scan.segmentation.SetAndObserveTransformNodeID(transform.GetID())
    panel.settle()
    assert panel.ui.staleLabel.text == ""
    matrix = vtk.vtkMatrix4x4()
    matrix.SetElement(0, 3, 4.0)
    transform.SetMatrixTransformToParent(matrix)
    panel.settle()
    assert panel.ui.staleLabel.text == "Out of date: a segment was changed"
    panel.scan.segmentation.SetAndObserveTransformNodeID(None)
    panel.settle()
    assert panel.ui.staleLabel.text == ""


def test_nodes_removed_behind_its_back_are_shown_as_missing(perfusionratios: Panel, scene: Any) -> None:
    panel, ui = perfusionratios, perfusionratios.ui
    panel.choose(panel.before, "2026-02-20")
    earlier = panel.study
    panel.click("newStudyButton")
    panel.choose(panel.scan, "2026-09-22")
    ui.preTreatmentSelector.setCurrentNode(earlier)
    panel.settle()

    def remove(node: Any) -> None:
        scene.RemoveNode(node)
        panel.settle()

    remove(earlier)
    assert ui.preTreatmentSelector.currentNode() is None
    remove(panel.scan.segmentation)
    assert panel.column("lesionsTable", 0) == ["deleted"]
    assert ui.whiteMatterSegmentationSelector.currentNode() is None
    remove(panel.scan.anatomical)
    assert ui.anatomicalSelector.currentNode() is None
    assert ui.clickLesionButton.toolTip == "Choose the image of the lesion first."
    remove(panel.scan.series)
    assert ui.seriesSelector.currentNode() is None
    assert ui.computeButton.toolTip == "Choose the dynamic series first."
    remove(panel.study)
    assert panel.study is None
    assert panel.errors == []


def test_cancel_stops_the_computation_and_changes_nothing(
    perfusionratios: Panel, scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import slicer

    panel = perfusionratios
    panel.choose(panel.scan, "2026-09-22")
    create = slicer.util.createProgressDialog

    def cancelled_dialog(*args: Any, **kwargs: Any) -> Any:
        dialog = create(*args, **kwargs)
        dialog.cancel()
        return dialog

    monkeypatch.setattr(slicer.util, "createProgressDialog", cancelled_dialog)
    before = scene_state(scene)
    panel.click("computeButton")
    assert scene_state(scene) == before
    assert panel.errors == []
    assert "Cancelled" in panel.ui.statusLabel.text


def test_deleting_a_study_asks_and_leaves_series_and_segments(
    perfusionratios: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    import slicer

    panel = perfusionratios
    panel.choose(panel.scan, "2026-09-22")
    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", lambda text, *args, **kwargs: False)
    panel.click("deleteStudyButton")
    assert panel.study is not None
    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", lambda text, *args, **kwargs: True)
    panel.click("deleteStudyButton")
    assert panel.logic.studies() == []
    assert panel.scan.series.GetScene() is not None
    assert panel.scan.segmentation.GetScene() is not None


def test_reload_takes_the_library_anew_and_shows_the_same_study(perfusionratios: Panel) -> None:
    import slicer

    panel = perfusionratios
    panel.choose(panel.scan, "2026-09-22")
    study, old = panel.study, sys.modules["brachyresponse.scene.perfusion_studies"]
    before = dict(sys.modules)
    try:
        panel.widget.onReload()
        reloaded = slicer.modules.PerfusionRatiosWidget
        assert reloaded is not panel.widget
        assert sys.modules["brachyresponse.scene.perfusion_studies"] is not old
        assert reloaded.panel.study is study
        reloaded.cleanup()
    finally:
        sys.modules.update({name: module for name, module in before.items() if name.startswith("brachyresponse")})


def test_the_sample_patient_is_built_by_one_click(perfusionratios: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the small scans for the digital patient's; those are built in the workflow tests."""
    panel = perfusionratios
    asked: list[tuple[str, str]] = []

    def small(logic: Any, variant: str, kind: str, report: Any) -> tuple[Any, Any]:
        asked.append((variant, kind))
        report(0.5, "Scanning")
        studies = [logic.createStudy(scan.series) for scan in (panel.before, panel.scan)]
        for study, scan in zip(studies, (panel.before, panel.scan), strict=True):
            logic.setAnatomicalVolume(study, scan.anatomical)
        return studies[0], studies[1]

    monkeypatch.setattr(type(panel.logic), "loadSamplePatient", small)
    panel.ui.sampleSelector.setCurrentIndex(2)
    panel.click("sampleButton")
    assert asked == [("necrosis", "dce")]
    assert panel.study is panel.logic.studies()[1]
    assert panel.ui.anatomicalSelector.currentNode() is panel.scan.anatomical
    assert not panel.ui.sampleButton.visible
