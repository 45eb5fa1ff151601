"""What has to be known of patient and scan before a marker may be weighed, asked where the scene does not know."""

from __future__ import annotations

from functools import partial

from slicer.i18n import tr as _

from brachyresponse.response.evidence.vocabulary import Answer
from brachyresponse.scene.evidence_tables import EvidenceQuestion
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, EvidenceNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.responseassess.evidence_section import EvidencePart
from brachyresponse.slicer_panel.sentences import headline, paragraph
from brachyresponse.slicer_panel.tables import Cell, Verdict, fill_table, fit_columns, selected_rows

WORDS: dict[str, str] = {Answer.YES: _("yes"), Answer.NO: _("no"), Answer.UNKNOWN: _("not known")}


FIRST, LATER, ANSWERED = range(3)
"""Places of questions: open ones on which a marker waits, open ones that change nothing now, and the others."""


class EvidenceQuestionsSection(EvidencePart):
    """Questions with their answers; how many are open on which a marker waits stands on the tab."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self._questions: list[EvidenceQuestion] = []
        fit_columns(ui.questionsTable, stretched=0)
        ui.questionsTable.connect("itemSelectionChanged()", self._on_selected)
        buttons = {Answer.YES: ui.yesButton, Answer.NO: ui.noButton, Answer.UNKNOWN: ui.unknownButton}
        for word, button in buttons.items():
            self.on_evidence(button, "clicked()", partial(self._on_answer, word), _("The answer was not taken."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the questions."""
        ui, evidence = self.ui, self.evidence
        waited = {id_ for row in self.panel.markers.rows if row.may_be_weighed for id_ in row.marker.conditions}
        asked = self.logic.questions(evidence) if evidence is not None else ()
        self._questions = sorted(asked, key=lambda question: _place(question, waited))
        fill_table(ui.questionsTable, [_cells(question, waited) for question in self._questions])
        open_ = sum(_place(question, waited) == FIRST for question in self._questions)
        title = _("Questions ({count})").format(count=open_) if open_ else _("Questions")
        ui.evidenceTabs.setTabText(ui.evidenceTabs.indexOf(ui.questionsTab), title)
        self._tell()

    @property
    def _chosen(self) -> EvidenceQuestion | None:
        rows = selected_rows(self.ui.questionsTable)
        return self._questions[rows[0]] if rows and rows[0] < len(self._questions) else None

    def _tell(self) -> None:
        """Show the chosen question in full."""
        ui, chosen = self.ui, self._chosen
        ui.questionBox.setHtml(_describe(chosen) if chosen is not None else paragraph(self.missing))
        reason = first_reason(
            (bool(self.missing), self.missing),
            (not self._questions, _("Nothing has to be asked.")),
            (chosen is None, _("Choose a question in the table first.")),
        )
        for button in (ui.yesButton, ui.noButton, ui.unknownButton, ui.answeredByEdit):
            allow(button, reason)

    def _on_selected(self) -> None:
        if not self.panel.refreshing:
            self._tell()

    def _on_answer(self, word: Answer, evidence: EvidenceNode) -> None:
        chosen = self._chosen
        if chosen is not None:
            self.logic.answer(evidence, chosen.id, str(word), by=self.ui.answeredByEdit.text.strip())


def _place(question: EvidenceQuestion, waited: set[str]) -> int:
    """Questions whose answer can let a marker be weighed come first."""
    if question.answer != Answer.UNKNOWN:
        return ANSWERED
    return FIRST if question.id in waited else LATER


def _cells(question: EvidenceQuestion, waited: set[str]) -> list[Cell]:
    verdict = Verdict.WARNING if _place(question, waited) == FIRST else Verdict.NONE
    return [Cell(question.question, question.question, verdict), Cell(WORDS[question.answer], question.source)]


def _describe(question: EvidenceQuestion) -> str:
    follows = _("Where it matters: {action}. From: {source}").format(action=question.action, source=question.citation)
    return headline(question.question) + paragraph(question.source) + paragraph(follows)
