"""What the tests of the ResponseAssess panel share: the panel with three small scans, and a user's hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gui.module_panel import ModulePanelHand
from scene.followed import Scan

SECTIONS = (
    "visitsSection", "treatmentSection", "lesionSection", "responseSection", "diffusionSection",
    "evidenceSection", "scheduleSection", "reportSection",
)  # fmt: skip
TABS = {
    "visitsSection": "visitTabs",
    "treatmentSection": "treatmentTabs",
    "lesionSection": "lesionTabs",
    "responseSection": "responseTabs",
    "diffusionSection": "diffusionTabs",
    "evidenceSection": "evidenceTabs",
    "scheduleSection": "scheduleTabs",
}
DAYS = ("2026-04-05", "2026-08-05", "2026-10-05")
REMOVED = "2026-03-01"
CENTRE_MM, RADII_MM = (3.0, -2.0, 1.0), (11.0, 7.0, 9.0)
"""Of the lesion at the three visits: it shrinks to PR, then grows to PD."""
SIZES_MM = ((40.0, 30.0), (28.0, 20.0), (36.0, 24.0))
"""Sizes that say the same."""


@dataclass
class Panel(ModulePanelHand):
    """The ResponseAssess panel with three scans, nothing chosen yet."""

    scans: tuple[Scan, ...]

    @property
    def assessment(self) -> Any:
        return self.widget.panel.assessment

    @property
    def visit(self) -> Any:
        return self.widget.panel.visit

    @property
    def visits(self) -> list[Any]:
        return list(self.logic.visits(self.assessment))

    def add_visits(self) -> None:
        """The three days, each with its image; the first is the baseline."""
        assessment = self.logic.createAssessment()
        for number, (day, scan) in enumerate(zip(DAYS, self.scans, strict=True)):
            self.logic.addVisit(assessment, day, "follow-up" if number else "baseline", scan.volume)
        self.widget.panel.choose(assessment)
        self.settle()

    def add_lesions(self) -> None:
        """The lesion of each visit from its segment, measured."""
        for visit, scan, radius_mm in zip(self.visits, self.scans, RADII_MM, strict=True):
            name = self.logic.addLesion(visit, scan.segmentation, scan.draw("Lesion", CENTRE_MM, radius_mm), "1")
            self.logic.measureLesion(visit, name)
        self.settle()

    def enter_sizes(self) -> None:
        """The lesion of each visit by its sizes alone."""
        for visit, (longest_mm, across_mm) in zip(self.visits, SIZES_MM, strict=True):
            self.logic.addManualLesion(visit, "1", longest_mm, across_mm)
        self.settle()

    def treat(self) -> None:
        """A recurrent glioma whose source was removed before the baseline."""
        self.logic.setTumour(self.assessment, "high-grade glioma, recurrent")
        self.logic.addTreatment(self.assessment, "source removal", REMOVED)
        self.settle()

    def know_the_patient(self) -> None:
        """At every visit the patient is stable without steroids."""
        known = {"clinicalStatus": "stable_or_improved", "t2Flair": "stable_or_improved"}
        for visit in self.visits:
            for name, value in {**known, "steroidTrend": "stable", "steroidDose": 0}.items():
                self.logic.setVisit(visit, name, value)
        self.settle()

    def assess(self) -> None:
        """From sizes to the category."""
        self.add_visits()
        self.treat()
        self.enter_sizes()
        self.know_the_patient()
        self.click("assessButton")

    def add_visit_by_clicks(self, number: int) -> None:
        """A visit, its lesion's sizes and what is known of the patient, as a reader enters them."""
        ui, (longest_mm, across_mm) = self.ui, SIZES_MM[number]
        ui.addDateEdit.text = DAYS[number]
        self.choose_word("addRoleSelector", "follow-up" if number else "baseline")
        ui.addVolumeSelector.setCurrentNode(self.scans[number].volume)
        self.click("addVisitButton")
        ui.handNameEdit.text = "1"
        ui.longestSpinBox.value, ui.perpendicularSpinBox.value = longest_mm, across_mm
        self.click("handButton")
        self.choose_word("clinicalSelector", "stable_or_improved")
        self.choose_word("t2FlairSelector", "stable_or_improved")
        self.choose_word("steroidTrendSelector", "stable")
        ui.steroidSpinBox.value = 0
        self.settle()

    def open(self, section: str) -> None:
        """Open a section by a click on it."""
        getattr(self.ui, section).collapsed = False
        self.settle()

    def cell(self, table: str, row: int, column: int) -> str:
        """Text of a cell."""
        return str(getattr(self.ui, table).item(row, column).text())

    def row(self, table: str, row: int) -> list[str]:
        """Texts of a row."""
        return [self.cell(table, row, column) for column in range(getattr(self.ui, table).columnCount)]
