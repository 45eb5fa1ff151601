"""Evidence on the chosen lesion: what is collected from the scene, and what is weighed."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, EvidenceNode, VisitNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.responseassess.evidence_section import NO_EVIDENCE
from brachyresponse.slicer_panel.responseassess.section import Section


class EvidenceSection(Section):
    """The buttons above the tabs.

    Attributes
    ----------
    node
        The evidence on the chosen lesion at the visit, or None before any was collected.
    elsewhere
        On which other lesions and visits there is evidence, a sentence; empty where that is not to be said.
    """

    def setup(self) -> None:
        """Connect the widgets."""
        self.node: EvidenceNode | None = None
        self.elsewhere = ""
        self.on_visit(self.ui.collectButton, "clicked()", self._on_collect, _("The markers were not collected."))
        self.on_visit(self.ui.weighButton, "clicked()", self._on_weigh, _("The markers were not weighed."))
        self.on_visit(self.ui.deleteEvidenceButton, "clicked()", self._on_delete, _("The evidence was not deleted."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Find the evidence of the lesion, and enable what can be done."""
        missing = self.panel.lesion_choice.missing
        visit = self.visit
        self.node = None
        if visit is not None and not missing:
            self.node = self.logic.evidenceOf(visit, self.panel.lesions.chosen)
        self.elsewhere = self._elsewhere(node) if node is not None and self.node is None else ""
        allow(self.ui.collectButton, missing)
        for button in (self.ui.weighButton, self.ui.deleteEvidenceButton):
            allow(button, missing or ("" if self.node is not None else NO_EVIDENCE))

    def _elsewhere(self, node: AssessmentNode) -> str:
        logic = self.logic
        others = [
            f"{logic.evidenceLesion(each)}, {logic.evidenceVisit(each).GetName()}" for each in logic.evidences(node)
        ]
        return _("There is evidence on {others}.").format(others="; ".join(others)) if others else ""

    def _on_collect(self, visit: VisitNode) -> None:
        """Collect the markers, for the first time or again."""
        node = self.node if self.node is not None else self.logic.createEvidence(visit, self.panel.lesions.chosen)
        self.logic.collectFindings(node)

    def _on_delete(self, visit: VisitNode) -> None:
        question = _("Delete the evidence on {lesion} with its markers and answers?")
        if slicer.util.confirmOkCancelDisplay(question.format(lesion=self.panel.lesions.chosen)):
            self.logic.deleteEvidence(self.node)

    def _on_weigh(self, visit: VisitNode) -> None:
        self.logic.weigh(self.node)
        self.ui.evidenceTabs.setCurrentWidget(self.ui.answerTab)
