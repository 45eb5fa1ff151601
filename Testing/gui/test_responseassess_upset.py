"""The ResponseAssess panel where things go another way: what is found, changed half way, closed or missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brachyresponse.scene.dose_volume import write_dose
from gui.responseassess_panel import DAYS, Panel
from scene.followed import SHAPE_KJI, grid


def date_images(panel: Panel, scene: Any) -> None:
    """Put each image into a study of its day, as the DICOM module does."""
    import slicer

    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
    constants = slicer.vtkMRMLSubjectHierarchyConstants
    patient = hierarchy.CreateSubjectItem(hierarchy.GetSceneItemID(), "Patient")
    for day, scan in zip(DAYS, panel.scans, strict=True):
        study = hierarchy.CreateStudyItem(patient, day)
        hierarchy.SetItemAttribute(study, constants.GetDICOMStudyDateAttributeName(), day.replace("-", ""))
        hierarchy.CreateItem(study, scan.volume)


def test_visits_are_proposed_from_the_scene_and_only_what_is_ticked_is_added(responseassess: Panel, scene: Any) -> None:
    import qt

    panel, ui = responseassess, responseassess.ui
    date_images(panel, scene)
    assert ui.acceptVisitsButton.toolTip.startswith("Press Look in the scene first")
    panel.click("proposeVisitsButton")
    assert panel.errors == []
    assert panel.column("foundTable", 0) == list(DAYS)
    ui.foundTable.item(1, 0).setCheckState(qt.Qt.Unchecked)
    panel.click("acceptVisitsButton")
    assert panel.column("visitsTable", 0) == [DAYS[0], DAYS[2]]
    assert panel.column("visitsTable", 1) == ["Baseline", "Follow-up"]
    assert panel.column("foundTable", 0) == [DAYS[1]]


def test_criteria_are_changed_half_way_only_where_the_reader_agrees(
    responseassess: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    import slicer

    panel, ui = responseassess, responseassess.ui
    panel.assess()
    answer = [False]
    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", lambda text, *args, **kwargs: answer[0])
    panel.choose_word("criteriaSelector", "RANO-BM")
    assert panel.logic.criteria(panel.assessment) is None
    assert ui.criteriaSelector.itemData(ui.criteriaSelector.currentIndex) == ""
    answer[0] = True
    panel.choose_word("criteriaSelector", "RANO-BM")
    assert ui.staleLabel.text.startswith("Out of date: ")
    assert ui.exportButton.toolTip == "The result is out of date: assess again first."
    panel.click("assessButton")
    assert panel.errors == []
    assert panel.row("stripTable", 1) == ["40", "28", "36"]
    assert "changed" in ui.notesBox.toPlainText()


def test_a_scene_is_closed_while_visits_are_shown_side_by_side(
    responseassess: Panel, scene: Any, a_layout_manager: Any
) -> None:
    panel = responseassess
    panel.add_visits()
    panel.click("sideBySideButton")
    assert panel.ui.sideBySideButton.checked
    scene.Clear(0)
    panel.settle()
    assert not panel.ui.sideBySideButton.checked
    assert panel.logic.shownVisits() == []
    assert panel.errors == []


def test_a_visit_without_an_image_does_not_keep_that_of_another_in_the_views(
    responseassess: Panel, a_layout_manager: Any
) -> None:
    panel = responseassess
    panel.add_visits()
    layers = a_layout_manager.sliceWidget("Red").sliceLogic().GetSliceCompositeNode()
    assert layers.GetBackgroundVolumeID() == panel.scans[2].volume.GetID()
    panel.ui.addDateEdit.text = "2026-12-05"
    panel.click("addVisitButton")
    assert not layers.GetBackgroundVolumeID()


def test_a_merged_lesion_names_the_one_it_is_in_and_a_part_the_one_it_is_of(responseassess: Panel) -> None:
    panel, ui = responseassess, responseassess.ui
    panel.add_visits()
    for visit in panel.visits:
        for name in ("1", "2"):
            panel.logic.addManualLesion(visit, name, 20, 15)
    panel.settle()
    panel.logic.addManualLesion(panel.visits[0], "3", 20, 15)
    panel.settle()
    panel.choose_word("stateSelector", "merged")
    assert not ui.mergedSelector.isHidden()
    assert ui.mergedSelector.findData("3") < 0  # which is not at this visit
    assert panel.cell("lesionsTable", 0, 2).startswith("20.0")
    panel.choose_word("mergedSelector", "2")
    assert panel.cell("lesionsTable", 0, 2) == "in 2"
    panel.choose_word("stateSelector", "part")
    panel.choose_word("mergedSelector", "2")
    assert panel.logic.lesions(panel.visit)[0].part_of == "2"
    panel.choose_word("stateSelector", "absent")
    assert panel.cell("lesionsTable", 0, 2) == "absent"
    assert ui.mergedSelector.isHidden()


def test_a_course_gets_its_dose_and_a_new_lesion_its_place_in_the_field(responseassess: Panel, scene: Any) -> None:
    import slicer

    panel, ui = responseassess, responseassess.ui
    panel.add_visits()
    assert ui.doseSelector.toolTip.startswith("Add an implant, a removed source or external beam")
    panel.logic.addTreatment(panel.assessment, "implant", "2026-03-01", prescription_gy=60)
    panel.choose_word("visitSelector", panel.visits[0].GetID())
    panel.logic.addLesion(panel.visit, panel.scans[0].segmentation, panel.scans[0].draw("1", (3.0, -2.0, 1.0), 6.0))
    panel.settle()
    dose = write_dose(np.full(SHAPE_KJI, 70.0), grid(), scene, "Dose")
    ui.doseSelector.setCurrentNode(dose)
    panel.settle()
    assert panel.logic.courseDose(panel.assessment, 0) is dose
    assert "is not registered to the baseline" in ui.doseLabel.text
    panel.click("sameFrameButton")
    assert "Nothing was registered" in ui.doseLabel.text
    panel.click("showFieldButton")
    names = [node.GetName() for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode")]
    assert len(names) == len(panel.scans) + 1  # the visit's own, with the field
    panel.click("failureButton")
    assert panel.errors == []
    assert "in field" in ui.fieldBox.toPlainText().lower() or "in-field" in ui.fieldBox.toPlainText().lower()


def test_a_schedule_of_ones_own_is_opened_and_a_wrong_file_refused(
    responseassess: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import qt

    panel, ui = responseassess, responseassess.ui
    panel.add_visits()
    path = tmp_path / "own.json"
    path.write_text('{"schema": 1, "id": "own"}')
    monkeypatch.setattr(qt.QFileDialog, "getOpenFileName", lambda *args: str(path))
    panel.click("openScheduleButton")
    assert "own.json: 'visits' is missing" in panel.errors[0]
    visit = '{"id": "a", "label": "Month 3", "anchor": "surgery", "months": 3, "imaging": ["MRI"], "purpose": "look"}'
    path.write_text(f'{{"schema": 1, "id": "own", "title": "Our own", "source": "us", "visits": [{visit}]}}')
    panel.click("openScheduleButton")
    assert ui.scheduleSelector.currentText == "Our own"
    assert "the date of surgery is not on record" in ui.dueBox.toPlainText()
