"""The ResponseAssess panel, clicked: from the visits to the files, on the stand-in or on Slicer's own Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gui.module_panel import light_of
from gui.responseassess_panel import DAYS, REMOVED, SECTIONS, TABS, Panel

PANEL_WIDTH, PANEL_HEIGHT = 400, 640
CATEGORY, SUM, FROM_BASELINE, FROM_NADIR, READER = range(5)
"""Rows of the strip."""


class TestMainPath:
    def test_visits_sizes_and_treatment_by_clicks_to_category_why_and_files(
        self, responseassess: Panel, tmp_path: Path
    ) -> None:
        panel, ui = responseassess, responseassess.ui
        panel.click("newAssessmentButton")
        for number in range(len(DAYS)):
            panel.add_visit_by_clicks(number)
        panel.choose_word("tumourSelector", "high-grade glioma, recurrent")
        panel.choose_word("kindSelector", "source removal")
        ui.startEdit.text = REMOVED
        panel.click("addTreatmentButton")
        panel.click("assessButton")
        assert panel.errors == []
        assert panel.row("stripTable", CATEGORY)[0] == "baseline"
        assert panel.row("stripTable", CATEGORY)[1][:2] == "PR"
        assert panel.row("stripTable", CATEGORY)[2] == "PD"
        assert panel.row("stripTable", SUM) == ["1200", "560", "864"]
        assert panel.row("stripTable", FROM_NADIR)[2] == "+54 %"
        assert ui.headlineLabel.text.startswith(f"{DAYS[2]}: PD")
        assert "unverified" not in ui.whyBox.toPlainText().partition("\n")[0]
        assert f"{DAYS[2]}: PD, progression" in ui.whyBox.toPlainText()
        assert ui.rowsTable.rowCount > 3
        ui.stripTable.setCurrentCell(CATEGORY, 1)
        panel.settle()
        assert panel.visit is panel.visits[1]
        assert "PR, partial response" in ui.whyBox.toPlainText()
        panel.write("patientEdit", "P7")
        panel.click("assessButton")
        assert "partial response" in ui.summaryBox.toPlainText().lower() or "PR" in ui.summaryBox.toPlainText()
        ui.folderEdit.setCurrentPath(str(tmp_path))
        panel.click("exportButton")
        assert panel.errors == []
        assert json.loads((tmp_path / "response.json").read_text())["patient_id"] == "P7"
        assert ui.staleLabel.text == ""

    def test_what_is_not_known_gives_the_category_by_imaging_only_with_what_it_would_become(
        self, responseassess: Panel
    ) -> None:
        panel, ui = responseassess, responseassess.ui
        panel.add_visits()
        panel.treat()
        panel.enter_sizes()
        panel.click("assessButton")
        assert panel.cell("stripTable", CATEGORY, 1).endswith("?")
        panel.choose_word("visitSelector", panel.visits[1].GetID())
        assert "imaging only" in ui.whyBox.toPlainText()
        assert "What is not known" in ui.changesBox.toPlainText()
        panel.choose_word("clinicalSelector", "worse")
        assert ui.staleLabel.text.startswith("Out of date: ")

    def test_buttons_say_what_is_missing_until_it_is_there(self, responseassess: Panel) -> None:
        panel, ui = responseassess, responseassess.ui
        assert ui.assessButton.toolTip == "Press New, or load the sample patient first."
        assert ui.clickLesionButton.toolTip == "Add a visit first."
        panel.click("newAssessmentButton")
        assert ui.assessButton.toolTip == "Add a visit first."
        ui.addDateEdit.text = DAYS[0]
        panel.click("addVisitButton")
        assert ui.assessButton.toolTip == "Give one visit the role of the baseline first."
        assert ui.sideBySideButton.toolTip.startswith("Add another visit first")
        assert ui.clickLesionButton.toolTip.startswith("Choose the image that this visit is measured on first")
        panel.choose_word("roleSelector", "baseline")
        assert ui.assessButton.toolTip.startswith("Choose the tumour type or the criteria first")
        assert ui.measureButton.toolTip == "Choose a lesion in the table first."
        assert ui.registerButton.toolTip == "This visit is the baseline: choose another."
        panel.choose_word("tumourSelector", "brain metastasis")
        assert ui.assessButton.enabled
        assert ui.exportButton.toolTip == ui.chartButton.toolTip == "Press Assess the response first."


class TestVisits:
    def test_a_day_that_is_taken_or_is_none_is_refused(self, responseassess: Panel) -> None:
        panel = responseassess
        panel.add_visits()
        for wrong, said in ((DAYS[1], "has a visit on"), ("in May", "not written as")):
            panel.ui.addDateEdit.text = wrong
            panel.click("addVisitButton")
            assert said in panel.errors[-1]
        assert panel.column("visitsTable", 0) == list(DAYS)

    def test_a_click_on_a_visit_shows_it_and_two_are_shown_side_by_side(
        self, responseassess: Panel, a_layout_manager: Any
    ) -> None:
        panel, ui = responseassess, responseassess.ui
        panel.add_visits()
        ui.visitsTable.selectRow(0)
        panel.settle()
        assert panel.visit is panel.visits[0]
        layers = a_layout_manager.sliceWidget("Red").sliceLogic().GetSliceCompositeNode()
        assert layers.GetBackgroundVolumeID() == panel.scans[0].volume.GetID()
        panel.click("sideBySideButton")
        assert panel.errors == []
        assert ui.sideBySideButton.checked
        ui.visitsTable.selectRow(2)
        panel.settle()
        assert not ui.sideBySideButton.checked


class TestTreatment:
    def test_criteria_are_proposed_with_their_sentence_and_others_warned_of(self, responseassess: Panel) -> None:
        panel, ui = responseassess, responseassess.ui
        panel.add_visits()
        assert not ui.idhSelector.enabled
        panel.choose_word("tumourSelector", "high-grade glioma, newly diagnosed")
        panel.choose_word("idhSelector", "wildtype")
        assert "RANO 2.0" in ui.proposalLabel.text
        assert "not checked against the paper's full text" in ui.criteriaWarningsBox.toPlainText()
        assert "Under an antiangiogenic drug" in panel.column("optionsTable", 0)
        panel.choose_word("criteriaSelector", "RECIST-1.1")
        assert "neither steroids nor clinical status" in ui.criteriaWarningsBox.toPlainText()
        weeks = panel.column("optionsTable", 0).index("Shortest stable disease (weeks)")
        ui.optionsTable.item(weeks, 1).setText("six")
        panel.settle()
        assert "'six' is not a whole number of weeks" in panel.errors[0]
        ui.optionsTable.item(weeks, 1).setText("6")
        panel.settle()
        assert panel.logic.option(panel.assessment, "min_sd_weeks") == 6
        panel.choose_word("tumourSelector", "brain metastasis")
        panel.choose_word("criteriaSelector", "")
        assert panel.widget.panel.criteria.used(panel.assessment) == "RANO-BM"

    def test_details_of_a_treatment_are_typed_and_wrong_ones_refused(self, responseassess: Panel) -> None:
        panel, ui = responseassess, responseassess.ui
        panel.add_visits()
        panel.choose_word("kindSelector", "implant")
        assert panel.column("detailsTable", 0)[0] == "Prescription (Gy)"
        ui.startEdit.text = "2026-03-06"
        ui.detailsTable.item(0, 1).setText("sixty")
        panel.click("addTreatmentButton")
        assert "'sixty' is not a number" in panel.errors[0]
        ui.detailsTable.item(0, 1).setText("60")
        panel.click("addTreatmentButton")
        assert panel.row("treatmentsTable", 0) == ["Implant", "2026-03-06", "", "Prescription (Gy): 60"]
        assert "choose the reference date" in ui.referenceUsedLabel.text
        assert panel.column("referenceTable", 1)[:3] == ["0 %", "50 %", "90 %"]
        ui.referenceTable.selectRow(2)
        panel.click("referenceButton")
        assert str(panel.logic.referenceDate(panel.assessment)) == panel.cell("referenceTable", 2, 0)
        ui.treatmentsTable.selectRow(0)
        panel.click("removeTreatmentButton")
        assert panel.column("treatmentsTable", 0) == []


class TestReader:
    def test_the_readers_word_stands_beside_the_category_and_can_be_taken_back(self, responseassess: Panel) -> None:
        panel, ui = responseassess, responseassess.ui
        panel.assess()
        assert ui.stripTable.rowCount == READER
        panel.choose_word("adjudicationSelector", "SD")
        assert ui.adjudicateButton.toolTip.startswith("Type the reason first")
        ui.reasonEdit.text = "biopsy showed necrosis"
        panel.click("adjudicateButton")
        panel.click("assessButton")
        assert "biopsy showed necrosis" in ui.adjudicationLabel.text
        assert panel.cell("stripTable", READER, 2) == "SD*"
        assert panel.cell("stripTable", CATEGORY, 2) == "PD"
        panel.click("withdrawButton")
        assert ui.adjudicationLabel.text == ""


class TestSchedule:
    def test_the_next_scan_is_due_by_the_schedule_and_later_beyond_it(self, responseassess: Panel) -> None:
        panel, ui = responseassess, responseassess.ui
        panel.add_visits()
        panel.treat()
        panel.choose_word("scheduleSelector", "gliasite")
        panel.write("todayEdit", "2026-10-06")
        assert "Next: " in ui.dueBox.toPlainText()
        assert "done" in panel.column("scheduleTable", 2)
        panel.write("todayEdit", "2029-01-01")
        assert "beyond the protocol" in ui.dueBox.toPlainText()
        panel.write("todayEdit", "tomorrow")
        assert "tomorrow" in panel.errors[0]


class TestLook:
    @pytest.mark.usefixtures("dark_theme")
    def test_the_panel_fits_with_any_section_and_tab_open_in_the_colours_of_the_theme(
        self, responseassess: Panel
    ) -> None:
        panel = responseassess
        panel.assess()
        panel.widget.parent.resize(PANEL_WIDTH, PANEL_HEIGHT)
        panel.widget.parent.show()
        for section in SECTIONS:
            panel.widget.panel.accordion.open(section)
            panel.settle()
            panel.settle()  # nested layouts take a turn more
            layout = panel.widget.parent.layout()
            assert layout.minimumSize().width() <= PANEL_WIDTH, section
            assert layout.minimumHeightForWidth(PANEL_WIDTH) <= PANEL_HEIGHT, section
        light = np.median(light_of(panel.widget.parent, (PANEL_WIDTH, PANEL_HEIGHT)))
        assert light < 90  # a background painted by us would be light

    def test_every_control_says_what_it_does_and_the_keyboard_goes_from_top_to_bottom(
        self, responseassess: Panel
    ) -> None:
        import re

        import qt

        kinds = (qt.QAbstractButton, qt.QAbstractSpinBox, qt.QComboBox, qt.QLineEdit, qt.QTableWidget)
        ui = responseassess.ui
        text = Path(responseassess.widget.resourcePath("UI/ResponseAssess.ui")).read_text()
        assert "styleSheet" not in text
        assert "<palette>" not in text
        named = [w for name, w in vars(ui).items() if isinstance(w, kinds) and f'name="{name}"' in text]
        assert len(named) > 60
        assert [w.name for w in named if not w.toolTip] == []
        stops = re.findall(r"<tabstop>(\w+)</tabstop>", text)
        places = [text.index(f'name="{name}"') for name in stops]
        assert places == sorted(places)
        assert {*TABS.values(), "assessButton", "exportButton"} <= set(stops)
