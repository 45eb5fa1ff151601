"""The page of ResponseAssess: its session runs, and it names what the panel has."""

from __future__ import annotations

import re
from typing import Any

import pytest

from brachyresponse.response.evidence.markers import condition
from gui.responseassess_panel import TABS, Panel
from reference import PROJECT

PAGE = (PROJECT / "Docs" / "user_guide" / "responseassess.md").read_text(encoding="utf-8")
SESSION, EVIDENCE_SESSION = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
SLICER_OWN = {"Sample Data"}


def test_the_session_of_the_page_runs(
    responseassess: Panel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On sizes typed by hand instead of the digital patient's images."""
    panel = responseassess

    def small(logic: Any, variant: str) -> Any:
        panel.add_visits()
        panel.treat()
        panel.enter_sizes()
        panel.know_the_patient()
        return panel.assessment

    monkeypatch.setattr(type(panel.logic), "loadSamplePatient", small)
    exec(SESSION, {})
    said = capsys.readouterr().out
    assert re.search(r"2026-10-05 PD 54\.29", said)
    assert "Best: SD" in said or "Best: PR" in said
    assert "progressed: 2026-10-05" in said


def test_the_session_on_the_evidence_runs(
    responseassess: Panel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    panel = responseassess

    def small(logic: Any, variant: str) -> Any:
        panel.add_visits()
        panel.enter_sizes()
        return panel.assessment

    monkeypatch.setattr(type(panel.logic), "loadSamplePatient", small)
    exec(EVIDENCE_SESSION, {})
    said = capsys.readouterr().out
    assert "Not evaluable" in said
    assert "Not a diagnosis" in said


@pytest.mark.validation
def test_the_eleven_steps_with_the_sample_patient_show_what_the_page_says(responseassess: Panel) -> None:
    panel, ui = responseassess, responseassess.ui
    panel.click("sampleButton")
    panel.click("assessButton")
    assert panel.row("stripTable", 0) == ["baseline", "PR", "PD", "PD"]
    assert (panel.row("stripTable", 1)[0], panel.row("stripTable", 1)[3]) == ("418.9", "109.3")
    assert "progressed 2026-08-06" in ui.headlineLabel.text
    ui.lesionsTable.setCurrentCell(1, 3)
    panel.settle()
    panel.click("placeButton")
    assert "the reader decides" in ui.fieldBox.toPlainText()
    ui.referenceTable.selectRow(2)
    panel.click("referenceButton")
    panel.click("assessButton")
    assert panel.row("stripTable", 0) == ["baseline", "PR", "PD", "pPD"]
    panel.open("diffusionSection")
    panel.click("spectrumChartButton")
    panel.open("evidenceSection")
    panel.click("weighButton")
    assert "Not evaluable" in ui.verdictLabel.text
    panel.choose_word("typedMarkerSelector", "fet_tbrmax_romagna")
    ui.typedValueEdit.text, ui.typedStatisticEdit.text = "2.9", "maximum"
    ui.typedTracerEdit.text, ui.typedReferenceEdit.text = "18F-FET", "contralateral cortex"
    panel.click("addMarkerButton")
    evidence = panel.logic.evidenceOf(panel.visit, "N1")
    while panel.logic.questions(evidence)[0].answer == "unknown":
        asked = condition(panel.logic.questions(evidence)[0].id)
        ui.questionsTable.selectRow(0)
        panel.click({"yes": "yesButton", "no": "noButton"}[asked.holds_when])
    panel.click("weighButton")
    assert "favours recurrence" in ui.verdictLabel.text
    assert panel.errors == []


def test_every_button_tab_word_and_call_of_the_page_is_there(responseassess: Panel) -> None:
    import qt

    ui = responseassess.ui
    known = {widget.text for widget in vars(ui).values() if isinstance(widget, qt.QAbstractButton)}
    for tabs in (getattr(ui, name) for name in TABS.values()):
        known |= {tabs.tabText(index) for index in range(tabs.count)}
    known |= {ui.sampleSelector.itemText(row) for row in range(ui.sampleSelector.count)}
    named = {text for text in re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", PAGE) if text[0].isupper()}
    assert len(named) > 20
    assert named - known == SLICER_OWN
    called = set(re.findall(r"logic\.(\w+)\(", PAGE))
    assert len(called) > 15
    assert {name for name in called if not callable(getattr(responseassess.logic, name, None))} == set()


def test_every_picture_of_the_page_is_there() -> None:
    pictures = re.findall(r"\]\(\.\./\.\./(Resources/Screenshots/\S+\.png)\)", PAGE)
    assert len(pictures) > 8
    assert [name for name in pictures if not (PROJECT / name).is_file()] == []
