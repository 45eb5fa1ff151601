"""Which lesion of this visit is which of the visit before: registered, proposed, overruled, accepted."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.response.matching import LesionDecision, LesionMatch
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, VisitNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.labels import tell_in
from brachyresponse.slicer_panel.responseassess.section import NO_BASELINE, NO_IMAGE, NO_LESION, NO_VISIT, Section
from brachyresponse.slicer_panel.responseassess.words import capital
from brachyresponse.slicer_panel.tables import Cell, Verdict, fill_table, fit_columns

IS = 1


class MatchingSection(Section):
    """Names carried from visit to visit; nothing is changed before the proposal is accepted."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        fit_columns(ui.matchTable, stretched=2)
        self._match: LesionMatch | None = None
        self._rows: list[tuple[LesionDecision, str]] = []
        self._shown: VisitNode | None = None
        ui.registerButton.connect("clicked()", self.register)
        self.on_visit(ui.previewButton, "clicked(bool)", self._on_preview, _("The registration cannot be shown."))
        self.on_visit(ui.matchButton, "clicked()", self._on_match, _("The lesions were not matched."))
        self.on_visit(ui.matchTable, "cellChanged(int,int)", self._on_name, _("The name was not taken."))
        self.on_visit(ui.acceptMatchButton, "clicked()", self._on_accept, _("The names were not taken over."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show registration and proposal."""
        visit = self.visit
        if visit is not self._shown:
            self._match, self._shown = None, visit
        self._show_match()
        tell_in(self.ui.registrationBox, "\n".join(self.logic.registrationSentences(visit)) if visit else "")
        self._enable(visit)

    def register(self) -> None:
        """Register the visit to the baseline, with progress."""
        panel = self.panel
        with panel.runner.long_action(_("Registering"), _("The visit was not registered.")) as report:
            around = panel.lesions.chosen if self.ui.aroundCheckBox.checked else ""
            self.logic.registerVisit(panel.visit, report, around)
        panel.show_node()

    def _enable(self, visit: VisitNode | None) -> None:
        ui, baseline = self.ui, self.panel.baseline
        none, lost = (visit is None, NO_VISIT), (baseline is None, NO_BASELINE)
        same = (visit is not None and visit is baseline, _("This visit is the baseline: choose another."))
        image = (visit is not None and self.logic.visitVolume(visit) is None, NO_IMAGE)
        allow(ui.registerButton, first_reason(none, lost, same, image))
        unregistered = visit is not None and self.logic.registration(visit) is None
        first = (unregistered, _("Register this visit first."))
        allow(ui.previewButton, first_reason(none, lost, same, image, first))
        unchosen = (not self.panel.lesions.chosen, NO_LESION)
        allow(ui.aroundCheckBox, first_reason(none, lost, same, image, unchosen))
        ui.previewButton.checked = visit is not None and self.logic.isPreviewed(visit)
        allow(ui.matchButton, first_reason(none, lost, same, first))
        allow(ui.acceptMatchButton, first_reason((self._match is None, _("Press Match the lesions first."))))

    def _show_match(self) -> None:
        decisions = self._match.decisions if self._match else ()
        self._rows = [(each, name) for each in decisions for name in (each.after or ("",))]
        names = self._match.names() if self._match else {}
        fill_table(self.ui.matchTable, [_cells(each, name, names) for each, name in self._rows])

    def _on_preview(self, visit: VisitNode, show: bool) -> None:
        if show:
            self.logic.previewRegistration(visit)
        else:
            self.logic.hidePreview(visit)

    def _on_match(self, visit: VisitNode) -> None:
        self._match = self.logic.matchLesions(visit)

    def _on_name(self, visit: VisitNode, row: int, column: int) -> None:
        """Take the reader's word: the name of a lesion of the visit before, or an emptied cell for a new one."""
        if column == IS and self._rows[row][1]:
            typed = self.ui.matchTable.item(row, column).text().strip()
            self._match = self.logic.overruleMatch(self._match, typed or (), self._rows[row][1])

    def _on_accept(self, visit: VisitNode) -> None:
        self.logic.applyMatch(visit, self._match)
        self._match = None


def _cells(decision: LesionDecision, after: str, names: dict[str, str]) -> list[Cell]:
    verdict = Verdict.WARNING if decision.is_doubtful else Verdict.NONE
    before = names.get(after, ", ".join(decision.before))
    what = capital(str(decision.kind))
    return [
        Cell(after or "–", decision.reason, verdict),
        Cell(before, decision.reason, editable=bool(after)),
        Cell(f"{what}: {decision.reason}", decision.reason),
    ]
