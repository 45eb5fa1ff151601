"""Tumour, criteria and their options: what is proposed and why, and what speaks against what was chosen."""

from __future__ import annotations

import html

import slicer
from slicer.i18n import tr as _

from brachyresponse.response.criteria import criteria_set
from brachyresponse.response.treatment import GLIOMAS, CriteriaProposal, IdhState, TumourType
from brachyresponse.response.vocabulary import CriteriaName
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.choice import UNKNOWN, Choice
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.responseassess.options import OPTIONS, Option
from brachyresponse.slicer_panel.responseassess.section import NO_ASSESSMENT, Section
from brachyresponse.slicer_panel.responseassess.words import capital
from brachyresponse.slicer_panel.tables import fill_table, fit_columns

VALUE = 1
IDH: dict[str, str] = {
    IdhState.UNKNOWN: _("unknown"),
    IdhState.WILDTYPE: _("wildtype"),
    IdhState.MUTANT: _("mutant"),
}


class CriteriaSection(Section):
    """By which criteria the visits are judged."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, shown = self.ui, self.on_shown
        fit_columns(ui.optionsTable, stretched=0)
        tumours = {UNKNOWN: _("not chosen")} | {each: capital(each) for each in TumourType}
        self._tumour, self._idh = Choice(ui.tumourSelector, tumours), Choice(ui.idhSelector, IDH)
        self._criteria = Choice(ui.criteriaSelector, {})
        self._options: list[Option] = []
        failed = _("The tumour was not taken.")
        shown(ui.tumourSelector, "activated(int)", lambda node, row: self._on_tumour(node), failed)
        shown(ui.idhSelector, "activated(int)", lambda node, row: self._on_tumour(node), failed)
        shown(ui.criteriaSelector, "activated(int)", self._on_criteria, _("The criteria were not taken."))
        shown(ui.optionsTable, "cellChanged(int,int)", self._on_option, _("The option was not taken."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show tumour, criteria and options."""
        ui, logic = self.ui, self.logic
        tumour = logic.tumour(node) if node else None
        self._tumour.show(tumour.type if tumour else None)
        self._idh.show(tumour.idh if tumour else IdhState.UNKNOWN)
        none = (node is None, NO_ASSESSMENT)
        no_glioma = (tumour is None or tumour.type not in GLIOMAS, _("The IDH state says something of gliomas only."))
        allow(ui.tumourSelector, first_reason(none))
        allow(ui.idhSelector, first_reason(none, no_glioma))
        allow(ui.criteriaSelector, first_reason(none))
        self._show_criteria(node)
        self._show_options(node)

    def proposal(self, node: AssessmentNode | None) -> CriteriaProposal | None:
        """Return what is proposed for the tumour; None while that is not known."""
        if node is None or self.logic.tumour(node) is None:
            return None
        proposal: CriteriaProposal = self.logic.proposedCriteria(node)
        return proposal

    def used(self, node: AssessmentNode | None) -> CriteriaName | None:
        """Return the criteria that are used, chosen or proposed; None without either."""
        chosen = self.logic.criteria(node) if node else None
        proposal = self.proposal(node)
        return chosen or (proposal.criteria if proposal else None)

    def _show_criteria(self, node: AssessmentNode | None) -> None:
        ui, logic = self.ui, self.logic
        proposal = self.proposal(node)
        proposed = _("As proposed")
        if proposal is not None:
            proposed = _("As proposed: {criteria}").format(criteria=criteria_set(proposal.criteria).title)
        self._criteria.fill({UNKNOWN: proposed} | {name: criteria_set(name).title for name in CriteriaName})
        self._criteria.show(logic.criteria(node) if node else None)
        say(ui.proposalLabel, proposal.sentence if proposal else "")
        said = [html.escape(warning) for warning in logic.criteriaWarnings(node)] if node else []
        ui.criteriaWarningsBox.setHtml("<br>".join(f"⚠ {warning}" for warning in said))
        ui.criteriaWarningsBox.visible = bool(said)

    def _show_options(self, node: AssessmentNode | None) -> None:
        criteria = self.used(node)
        self._options = [option for option in OPTIONS if criteria in option.criteria]
        cells = [option.cells(self.logic.option(node, option.name)) for option in self._options]
        fill_table(self.ui.optionsTable, cells)

    def _on_tumour(self, node: AssessmentNode) -> None:
        """Take tumour and IDH state; a state of IDH goes with the glioma that it was of."""
        tumour = self._tumour.value
        idh = self._idh.value if tumour in tuple(GLIOMAS) else IdhState.UNKNOWN
        self.logic.setTumour(node, tumour or None, idh)

    def _on_criteria(self, node: AssessmentNode, row: int) -> None:
        chosen, study = self._criteria.value, self.panel.strip.study
        is_change = study is not None and chosen not in ("", study.assessment.criteria.name)
        if is_change and not _is_agreed(study.assessment.criteria.title):
            return
        self.logic.setCriteria(node, chosen or None, is_change)

    def _on_option(self, node: AssessmentNode, row: int, column: int) -> None:
        option = self._options[row]
        if column == VALUE:
            self.logic.setOption(node, option.name, option.read(self.ui.optionsTable.item(row, column)))


def _is_agreed(before: str) -> bool:
    """Ask whether all visits are assessed anew by other criteria."""
    question = _("All visits are assessed anew: sums and categories by {before} cannot be compared. Change?")
    return bool(slicer.util.confirmOkCancelDisplay(question.format(before=before)))
