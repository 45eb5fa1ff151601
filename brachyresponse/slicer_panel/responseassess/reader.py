"""The reader's last word, beside the computed category and never instead of it."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, VisitNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.choice import UNKNOWN, Choice
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.responseassess.section import NO_VISIT, Section
from brachyresponse.slicer_panel.responseassess.words import CATEGORIES


class ReaderSection(Section):
    """A category with its reason and its name."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self._category = Choice(ui.adjudicationSelector, {UNKNOWN: _("choose one")} | CATEGORIES)
        self._has_word = False
        ui.adjudicationSelector.connect("activated(int)", lambda row: self._enable())
        ui.reasonEdit.connect("textChanged(QString)", lambda text: self._enable())
        self.on_visit(ui.adjudicateButton, "clicked()", self._on_adjudicate, _("The category was not taken."))
        self.on_visit(ui.withdrawButton, "clicked()", self._on_withdraw, _("The category was not taken back."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the reader's word on the visit."""
        visit = self.visit
        word = self.logic.adjudication(visit) if visit else None
        self._has_word = word is not None
        said = ""
        if word is not None:
            by = _(" by {name}").format(name=word.by) if word.by else ""
            said = _("Adjudicated {category}{by}: {reason}").format(category=word.category, by=by, reason=word.reason)
        say(self.ui.adjudicationLabel, said)
        self._enable()

    def _enable(self) -> None:
        ui, none = self.ui, (self.visit is None, NO_VISIT)
        for widget in (ui.adjudicationSelector, ui.reasonEdit, ui.byEdit):
            allow(widget, first_reason(none))
        unreasoned = (not ui.reasonEdit.text.strip(), _("Type the reason first: there is no category without one."))
        unchosen = (not self._category.value, _("Choose the category first."))
        allow(ui.adjudicateButton, first_reason(none, unchosen, unreasoned))
        allow(ui.withdrawButton, first_reason(none, (not self._has_word, _("The reader said nothing on this visit."))))

    def _on_adjudicate(self, visit: VisitNode) -> None:
        ui = self.ui
        self.logic.adjudicate(visit, self._category.value, ui.reasonEdit.text.strip(), ui.byEdit.text.strip())
        ui.reasonEdit.text = ""

    def _on_withdraw(self, visit: VisitNode) -> None:
        self.logic.adjudicate(visit, None)
