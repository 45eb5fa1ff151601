"""What the criteria ask beside the images: patient, steroids, T2/FLAIR, lesions that are not summed, biopsy."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, VisitNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.choice import Choice
from brachyresponse.slicer_panel.responseassess import words
from brachyresponse.slicer_panel.responseassess.section import NO_VISIT, Section

UNKNOWN_DOSE = -0.5
"""The lowest value of the dose, which says "unknown": 0 is a dose."""


class ClinicalSection(Section):
    """Facts of the visit; each can be unknown."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self._choices = {
            "clinicalStatus": Choice(ui.clinicalSelector, words.CLINICAL),
            "steroidTrend": Choice(ui.steroidTrendSelector, words.STEROIDS),
            "t2Flair": Choice(ui.t2FlairSelector, words.T2_FLAIR),
            "nonTarget": Choice(ui.nonTargetSelector, words.NON_TARGET),
            "histology": Choice(ui.histologySelector, words.HISTOLOGY),
        }
        failed = _("It was not taken.")
        for name, choice in self._choices.items():
            self.on_visit(choice.selector, "activated(int)", lambda visit, row, it=name: self._on(visit, it), failed)
        self.on_visit(ui.steroidSpinBox, "valueChanged(double)", self._on_dose, failed)

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show what is known."""
        visit, logic = self.visit, self.logic
        for name, choice in self._choices.items():
            choice.show((logic.visitValue(visit, name) if visit else None) or choice.first)
            allow(choice.selector, "" if visit else NO_VISIT)
        dose = logic.visitValue(visit, "steroidDose") if visit else None
        self.ui.steroidSpinBox.value = UNKNOWN_DOSE if dose is None else dose
        allow(self.ui.steroidSpinBox, "" if visit else NO_VISIT)

    def _on(self, visit: VisitNode, name: str) -> None:
        self.logic.setVisit(visit, name, self._choices[name].value or None)

    def _on_dose(self, visit: VisitNode, dose_mg: float) -> None:
        self.logic.setVisit(visit, "steroidDose", None if dose_mg < 0 else dose_mg)
