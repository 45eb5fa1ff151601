"""What a reader says of anatomy and radiomics: shown beside the answer, never weighed."""

from __future__ import annotations

from functools import partial

from slicer.i18n import tr as _

from brachyresponse.response.evidence.gathering.vocabulary import T1Enhancement, T2FlairChange
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, EvidenceNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.choice import UNKNOWN, Choice
from brachyresponse.slicer_panel.responseassess.evidence_section import EvidencePart
from brachyresponse.slicer_panel.responseassess.numbers import number_in

T1: dict[str, str] = {
    UNKNOWN: _("T1: not known"),
    T1Enhancement.NODULAR: _("T1: nodular or mass-like"),
    T1Enhancement.DIFFUSE: _("T1: diffuse or irregular"),
}
T2: dict[str, str] = {
    UNKNOWN: _("T2: not known"),
    T2FlairChange.NOT_INCREASED: _("T2: not increased"),
    T2FlairChange.INCREASED: _("T2: increased"),
    T2FlairChange.MARKEDLY_INCREASED: _("T2: markedly increased"),
}


class EvidenceContextSection(EvidencePart):
    """Without weight, and said so."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, failed = self.ui, _("The context was not taken.")
        self._choices = {
            "t1_enhancement": Choice(ui.t1PatternSelector, T1),
            "t2_flair": Choice(ui.t2PatternSelector, T2),
        }
        for name, choice in self._choices.items():
            chosen = partial(self._on_chosen, name)
            self.on_evidence(choice.selector, "activated(int)", chosen, failed)
        self.on_evidence(ui.radiomicsEdit, "editingFinished()", self._on_score, failed)
        self.on_evidence(ui.radiomicsModelEdit, "editingFinished()", self._on_model, failed)

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the context."""
        ui, evidence = self.ui, self.evidence
        context = self.logic.context(evidence) if evidence is not None else None
        for name, choice in self._choices.items():
            choice.show(getattr(context, name, None))
        score = context.radiomics_score if context is not None else None
        ui.radiomicsEdit.text = f"{score:g}" if score is not None else ""
        ui.radiomicsModelEdit.text = context.radiomics_model if context is not None else ""
        selectors = (choice.selector for choice in self._choices.values())
        for widget in (*selectors, ui.radiomicsEdit, ui.radiomicsModelEdit):
            allow(widget, self.missing)

    def _on_chosen(self, name: str, evidence: EvidenceNode, row: int) -> None:
        self.logic.setContext(evidence, name, self._choices[name].value or None)

    def _on_score(self, evidence: EvidenceNode) -> None:
        typed = self.ui.radiomicsEdit.text.strip()
        self.logic.setContext(evidence, "radiomics_score", number_in(typed, _("The score")) if typed else None)

    def _on_model(self, evidence: EvidenceNode) -> None:
        self.logic.setContext(evidence, "radiomics_model", self.ui.radiomicsModelEdit.text.strip() or None)
