"""The two lines at the top: which assessment, which visit, and visits side by side."""

from __future__ import annotations

from typing import Any

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.nodes import attribute_name
from brachyresponse.scene.parts import KIND_ATTRIBUTE
from brachyresponse.scene.response_parts import RESPONSE_CLASS, RESPONSE_KIND
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, VisitNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.choice import Choice
from brachyresponse.slicer_panel.responseassess.section import NO_ASSESSMENT, NO_VISIT, Section
from brachyresponse.slicer_panel.responseassess.visit_display import show_only
from brachyresponse.slicer_panel.responseassess.words import ROLES

MOST_BESIDE = 4


class ChoosingSection(Section):
    """What the other sections are about."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        ui.assessmentSelector.addAttribute(RESPONSE_CLASS, attribute_name(KIND_ATTRIBUTE), RESPONSE_KIND)
        self._visit = Choice(ui.visitSelector, {})
        self.on(ui.newAssessmentButton, "clicked()", self._on_new, _("Cannot start an assessment."))
        self.on_shown(ui.deleteAssessmentButton, "clicked()", self._on_delete, _("Cannot delete the assessment."))
        self.on(ui.visitSelector, "activated(int)", self._on_visit, _("This visit cannot be shown."))
        self.on_shown(ui.sideBySideButton, "clicked(bool)", self._on_beside, _("The visits cannot be shown."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show assessment and visit."""
        ui, visits = self.ui, self.panel.visits
        self._visit.fill({visit.GetID(): self._words(visit) for visit in visits})
        self._visit.show(self.visit.GetID() if self.visit else None)
        ui.sideBySideButton.checked = self._is_beside(node)
        none = (node is None, NO_ASSESSMENT)
        allow(ui.deleteAssessmentButton, first_reason(none))
        allow(ui.visitSelector, first_reason(none, (not visits, NO_VISIT)))
        few = (len(visits) < 2, _("Add another visit first: two to four are shown side by side."))
        allow(ui.sideBySideButton, first_reason(none, few))

    def _is_beside(self, node: AssessmentNode | None) -> bool:
        """Tell whether visits are shown side by side; those of a scene that was closed are let go."""
        shown = self.logic.shownVisits()
        if any(visit.GetScene() is None for visit in shown):
            self.logic.hideVisits()
            return False
        return node is not None and bool(shown)

    def _words(self, visit: VisitNode) -> str:
        role = ROLES[self.logic.visitValue(visit, "role")]
        return str(_("{date}  {role}").format(date=self.logic.visitDate(visit), role=role.lower()))

    def _on_new(self) -> None:
        self.panel.choose(self.logic.createAssessment())

    def _on_delete(self, node: AssessmentNode) -> None:
        question = _("Delete {assessment} with its visits, diameters and tables?").format(assessment=node.GetName())
        if slicer.util.confirmOkCancelDisplay(question):
            self.logic.deleteAssessment(node)

    def _on_visit(self, row: int) -> None:
        self.panel.choose_visit(slicer.mrmlScene.GetNodeByID(self._visit.value))

    def _on_beside(self, node: AssessmentNode, beside: bool) -> None:
        if beside:
            visits = self._beside()
            show_only(self.logic, self.panel.visits, visits)
            self.logic.showVisits(node, visits)
            self.panel.lesions.show_place()
        else:
            self.panel.show_visit()

    def _beside(self) -> list[VisitNode]:
        """The visits chosen in the table, else this one beside the baseline, or the one before it."""
        chosen = self.panel.visit_list.chosen
        if 2 <= len(chosen) <= MOST_BESIDE:
            return chosen
        visits, visit = self.panel.visits, self.visit
        baseline: Any = self.panel.baseline
        other = baseline if baseline not in (None, visit) else next(each for each in visits if each is not visit)
        return sorted((other, visit), key=visits.index)
