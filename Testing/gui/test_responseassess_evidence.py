"""The evidence on recurrence or necrosis, clicked: from the prior to the answer, with what it is not."""

from __future__ import annotations

from typing import Any

import pytest

from brachyresponse.response.evidence.markers import condition
from gui.responseassess_panel import Panel

MARKER, VALUE, SIDE, WEIGHT, CUTOFF, FITS, WHY, STUDY = range(8)
"""Columns of the table of markers."""
NOT_A_DIAGNOSIS = "Not a diagnosis. Histology is the reference standard"


@pytest.fixture
def visited(responseassess: Panel) -> Panel:
    """The panel with one visit of a brain metastasis, its section on evidence open."""
    panel = responseassess
    assessment = panel.logic.createAssessment()
    panel.logic.setTumour(assessment, "brain metastasis")
    panel.logic.addVisit(assessment, "2026-10-05", "baseline")
    panel.widget.panel.choose(assessment)
    panel.open("evidenceSection")
    return panel


@pytest.fixture
def evidence(visited: Panel) -> Panel:
    """The same with the lesion, whose size was typed in, and its evidence collected."""
    visited.logic.addManualLesion(visited.visit, "1", 36, 24)
    visited.settle()
    visited.click("collectButton")
    return visited


def evidence_of(panel: Panel) -> Any:
    return panel.logic.evidenceOf(panel.visit, "1")


def add_marker(panel: Panel, marker: str, side: str = "", value: str = "") -> None:
    """A marker as a reader types it in."""
    ui = panel.ui
    panel.choose_word("typedMarkerSelector", marker)
    panel.choose_word("typedSideSelector", side)
    ui.typedValueEdit.text, ui.typedStatisticEdit.text = value, "maximum"
    ui.typedTracerEdit.text, ui.typedReferenceEdit.text = "18F-FET", "contralateral cortex"
    ui.typedByEdit.text = "Dr A"
    panel.click("addMarkerButton")


def add_worked_example(panel: Panel) -> None:
    """The rCBV of one study and the FET TBRmax of another, both positive; a decimal comma is one, too."""
    add_marker(panel, "rcbv_mets_meta", side="positive")
    add_marker(panel, "fet_tbrmax_romagna", value="2,9")


def answer_all(panel: Panel) -> None:
    """Every open question as it has to be for the markers to be weighed; one of them by a click."""
    evidence = evidence_of(panel)
    panel.ui.answeredByEdit.text = "Dr A"
    panel.ui.questionsTable.selectRow(0)
    first = panel.logic.questions(evidence)[0].id
    panel.click({"yes": "yesButton", "no": "noButton"}[condition(first).holds_when])
    for question in panel.logic.questions(evidence):
        if question.answer == "unknown":
            panel.logic.answer(evidence, question.id, str(condition(question.id).holds_when), by="Dr A")
    assert any("Dr A" in each.source for each in panel.logic.questions(evidence) if each.id == first)


def tick(panel: Panel, is_included: bool) -> None:
    import qt

    state = qt.Qt.Checked if is_included else qt.Qt.Unchecked
    panel.ui.markersTable.item(0, MARKER).setCheckState(state)
    panel.settle()


def test_typed_markers_and_answers_give_the_worked_example_with_its_bar_its_limits_and_its_chart(
    visited: Panel, a_layout_manager: Any
) -> None:
    panel, ui = visited, visited.ui
    assert ui.collectButton.toolTip == "No lesion is on record at this visit: add one first (3 Lesions)."
    panel.logic.addManualLesion(panel.visit, "1", 36, 24)
    panel.settle()
    assert ui.weighButton.toolTip == ui.setPriorButton.toolTip == ui.priorSelector.toolTip == "Press Collect first."
    panel.choose_word("evidenceLesionSelector", "1")
    assert panel.widget.panel.lesions.chosen == "1"
    panel.click("collectButton")
    assert ui.yesButton.toolTip == "Nothing has to be asked."
    assert ui.sensitivityButton.toolTip == "Press Weigh first."
    assert NOT_A_DIAGNOSIS in ui.notDiagnosisLabel.text
    add_worked_example(panel)
    assert ui.evidenceTabs.tabText(ui.evidenceTabs.indexOf(ui.questionsTab)).startswith("Questions (")
    answer_all(panel)
    panel.click("weighButton")
    assert panel.errors == []
    assert ui.evidenceTabs.currentWidget() is ui.answerTab
    assert "favours recurrence: probability of recurrence 69 to 97 % (middle 89 %)" in ui.verdictLabel.text
    said = ui.answerBox.toPlainText()
    assert said.index("What would change this") < said.index("Used") < said.index("To be said")
    assert "no accuracy study in I-125 seed or liquid-balloon patients was found" in said
    assert panel.row("markersTable", 0)[SIDE : WEIGHT + 1] == ["positive", "1"]
    assert panel.row("markersTable", 1)[SIDE : WEIGHT + 1] == ["positive", "0.5"]
    assert panel.cell("markersTable", 0, FITS) == "yes"
    assert "Kwee" in panel.cell("markersTable", 0, STUDY)
    panel.click("sensitivityButton")
    assert panel.errors == []
    low, middle, high = panel.logic.evidence(evidence_of(panel)).interval
    assert_filled(ui.intervalBar, (low + middle) / 2, True)
    assert_filled(ui.intervalBar, (middle + high) / 2, True)
    assert_filled(ui.intervalBar, low / 3, False)
    assert_filled(ui.intervalBar, (1 + high) / 2, False)


def assert_filled(bar: Any, probability: float, is_inside: bool) -> None:
    """The bar has the colour of a selection exactly inside the interval."""
    import qt

    picture = bar.pixmap.toImage()
    colour = picture.pixelColor(int(probability * picture.width()), 5)
    assert (colour == bar.palette.color(qt.QPalette.Highlight)) == is_inside


def test_what_is_open_keeps_a_marker_out_is_asked_first_and_the_next_steps_are_said(evidence: Panel) -> None:
    panel, ui = evidence, evidence.ui
    add_marker(panel, "lesion_quotient_recurrence", side="positive")  # whatever is answered, it is never weighed
    assert ui.questionsTable.rowCount > 0
    assert ui.evidenceTabs.tabText(ui.evidenceTabs.indexOf(ui.questionsTab)) == "Questions"
    add_marker(panel, "rcbv_mets_meta", side="positive")
    assert "blood volume" in panel.cell("questionsTable", 0, 0)
    panel.choose_word("t1PatternSelector", "nodular")
    panel.write("radiomicsEdit", "0,8")
    panel.write("radiomicsModelEdit", "in-house")
    panel.click("weighButton")
    assert panel.errors == []
    assert "Not evaluable" in ui.verdictLabel.text
    assert ui.intervalBar.isHidden()
    assert NOT_A_DIAGNOSIS in ui.notDiagnosisLabel.text
    assert ui.sensitivityButton.toolTip == "No marker could be weighed: there is nothing to plot."
    said = ui.answerBox.toPlainText()
    assert said.index("What to do next") < said.index("Measure the ADC of this lesion (5 Diffusion and spectroscopy")
    assert said.index("Then press Weigh.") < said.index("What would change this")
    assert "Answer what is open (Questions): nothing else keeps out rCBV (DSC)." in said
    assert "Type in what was measured or read elsewhere (Add), such as" in said
    assert "Was the blood volume corrected for leakage?" in said
    shown = said[said.index("Shown, never weighed") :]
    assert "nodular" in shown
    assert "in-house" in shown
    assert panel.cell("markersTable", 0, WHY) != "–"


def test_the_prior_is_published_or_ones_own_counts_once_set_and_makes_the_answer_old(evidence: Panel) -> None:
    panel, ui = evidence, evidence.ui
    add_marker(panel, "rcbv_mets_meta", side="positive")
    panel.click("weighButton")
    assert ui.answerStaleLabel.isHidden()
    assert ui.priorSelector.itemData(ui.priorSelector.currentIndex) == "usual"
    assert ui.priorByEdit.text == ""  # the software is no person
    panel.choose_word("priorSelector", "gliasite")
    assert "type your own numbers" in ui.priorBox.toPlainText()
    assert (ui.priorLowSpinBox.value, ui.priorHighSpinBox.value) == (31, 69)
    panel.choose_word("priorSelector", "biopsied_within_9_months")
    assert "10 of 19" in ui.priorBox.toPlainText()
    assert "In use: 31 to 69 % (middle 50 %)" in ui.priorBox.toPlainText()
    ui.priorByEdit.text = "tumour board"
    panel.click("setPriorButton")
    assert "In use: 29 to 76 % (middle 53 %)" in ui.priorBox.toPlainText()
    assert "Set by tumour board" in ui.priorBox.toPlainText()
    assert ui.answerStaleLabel.text == "Out of date: the prior was changed"
    ui.priorLowSpinBox.value = 0
    panel.click("setPriorButton")
    assert "above 0 and below 1" in panel.errors[0]
    assert panel.logic.prior(evidence_of(panel)).low == 0.289
    panel.choose_word("priorSelector", "biopsied_within_9_months")
    ui.priorHighSpinBox.value, ui.priorByEdit.text = 90, ""
    panel.click("setPriorButton")
    prior = panel.logic.prior(evidence_of(panel))
    assert (prior.high, prior.source, prior.set_by) == (0.9, "", "")  # no longer as published
    assert ui.priorSelector.currentText == "Numbers of one's own"
    panel.choose_word("priorSelector", "usual")
    panel.click("setPriorButton")
    assert "Narloch 2017" in panel.logic.prior(evidence_of(panel)).source
    ui.settingsTable.item(0, 1).setText("7")
    panel.settle()
    assert "'weight'" in panel.errors[1]
    ui.settingsTable.item(0, 1).setText("0.25")
    panel.settle()
    assert panel.logic.settings(evidence_of(panel)).weight == 0.25
    panel.click("weighButton")
    assert ui.answerStaleLabel.isHidden()


def test_a_marker_is_left_out_with_a_reason_takes_an_own_cutoff_and_is_removed(
    evidence: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    import slicer

    panel, ui = evidence, evidence.ui
    assert ui.removeMarkerButton.toolTip == "Choose a marker in the table first."
    add_marker(panel, "fet_tbrmax_romagna", value="2.9")
    ui.markersTable.selectRow(0)
    panel.settle()
    assert "Romagna 2016" in ui.markerBox.toPlainText()
    tick(panel, False)
    assert "say why" in panel.errors[0]
    assert panel.logic.findings(evidence_of(panel))[0].is_included
    panel.write("markerReasonEdit", "motion")  # and leave the line, as a click on the tick does
    tick(panel, False)
    assert panel.cell("markersTable", 0, WHY) == "motion"
    panel.write("markerReasonEdit", "motion and blood")
    assert panel.logic.findings(evidence_of(panel))[0].reason == "motion and blood"
    ui.ownCutoffEdit.text, ui.ownStatisticEdit.text, ui.ownByEdit.text = "2.4", "maximum", "our PET group"
    panel.click("ownCutoffButton")
    assert panel.logic.ownCutoffs(evidence_of(panel))[0].value == 2.4
    ui.ownCutoffEdit.text = "high"
    panel.click("ownCutoffButton")
    assert "type a number" in panel.errors[1]
    ui.ownCutoffEdit.text = ""
    panel.click("ownCutoffButton")
    assert panel.logic.ownCutoffs(evidence_of(panel)) == ()
    add_marker(panel, "rcbv_mets_meta", side="positive")
    ui.markersTable.selectRow(1)
    panel.settle()
    panel.write("markerReasonEdit", "its own")
    tick(panel, True)
    tick(panel, False)  # of the first row, for which nothing was typed
    assert "say why" in panel.errors[2]
    for _ in range(2):
        panel.click("removeMarkerButton")
        ui.markersTable.selectRow(0)
        panel.settle()
    assert ui.markersTable.rowCount == 0
    ui.settingsTable.item(ui.settingsTable.rowCount - 1, 1).setText("Tumour")
    panel.settle()
    assert "has no lesion 'Tumour'" in panel.errors[3]
    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", lambda text, *args, **kwargs: True)
    panel.click("deleteEvidenceButton")
    assert evidence_of(panel) is None
    assert ui.weighButton.toolTip == "Press Collect first."


def test_a_wrong_value_is_refused_and_what_was_typed_for_one_lesion_is_not_taken_for_the_next(evidence: Panel) -> None:
    panel, ui = evidence, evidence.ui
    panel.choose_word("typedMarkerSelector", "fet_tbrmax_romagna")
    assert ui.typedUnitEdit.text == "1"
    assert "Romagna 2016" in ui.typedBox.toPlainText()
    ui.typedUnitEdit.text, ui.typedValueEdit.text, ui.typedReferenceEdit.text = "", "2.9", "cortex"
    panel.click("addMarkerButton")
    assert "unit" in panel.errors[0]
    assert ui.typedValueEdit.text == "2.9"
    for _ in range(2):
        add_marker(panel, "rcbv_mets_meta", side="positive")
    assert "has a value already" in panel.errors[1]
    assert ui.markersTable.rowCount == 1
    panel.choose_word("typedMarkerSelector", "fdg_kahn")
    assert ui.typedValueEdit.toolTip == "This marker is read by eye: it has no value."
    panel.logic.addManualLesion(panel.visit, "2", 20, 15)
    panel.logic.createEvidence(panel.visit, "2")
    panel.settle()
    panel.choose_word("typedMarkerSelector", "fet_tbrmax_romagna")
    ui.typedValueEdit.text, ui.typedReferenceEdit.text, ui.priorLowSpinBox.value = "2.9", "cortex", 5
    panel.choose_word("evidenceLesionSelector", "2")
    assert ui.typedValueEdit.text == ui.typedReferenceEdit.text == ""
    assert ui.priorLowSpinBox.value == 31
    assert ui.addMarkerButton.toolTip.startswith("Type its value")
    panel.logic.deleteEvidence(panel.logic.evidenceOf(panel.visit, "2"))
    panel.settle()
    assert "There is evidence on 1, " in ui.answerBox.toPlainText()
    assert "There is evidence on 1, " in ui.priorBox.toPlainText()
