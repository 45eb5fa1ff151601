"""Why a visit has its category: the deciding rule, the table row by row, and what would change it."""

from __future__ import annotations

import html

from slicer.i18n import tr as _

from brachyresponse.response.criteria import CriteriaSet, Reason, RowFinding, VisitAssessment
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.responseassess.section import NOT_ASSESSED, Section
from brachyresponse.slicer_panel.responseassess.words import CATEGORIES, capital
from brachyresponse.slicer_panel.sentences import bullets, headline, paragraph
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns

UNVERIFIED: str = _("unverified")


class WhySection(Section):
    """The reasons, as sentences."""

    def setup(self) -> None:
        """Set the table up."""
        fit_columns(self.ui.rowsTable, stretched=0)

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the reasons of the visit."""
        ui, found = self.ui, self.panel.strip.of(self.visit)
        study = self.panel.strip.study
        if found is None or study is None:
            ui.whyBox.setPlainText(NOT_ASSESSED if node else "")
            ui.changesBox.setPlainText("")
            fill_table(ui.rowsTable, [])
            return
        said = self.panel.strip.adjudications().get(found.date)
        ui.whyBox.setHtml(_why(found, said.describe() if said else "", study.assessment.criteria))
        ui.changesBox.setHtml(_what_if(found))
        fill_table(ui.rowsTable, [_row(row) for row in found.rows])


def _why(found: VisitAssessment, reader: str, criteria: CriteriaSet) -> str:
    """Category, the rule that decided with its source, and everything else that was weighed."""
    head = CATEGORIES.get(str(found.category), str(found.category or _("before the baseline")))
    label = f" ({found.label})" if found.label else ""
    parts = [headline(f"{found.date}: {head}{label}")]
    if reader:
        parts.append(headline(reader))
    parts.append(paragraph(f"{criteria.title} ({criteria.badge})" if criteria.badge else ""))
    if found.deciding_rule is not None:
        parts += [paragraph(found.deciding_rule.sentence), _rule(found.deciding_rule)]
    others = [f"{reason.sentence} ({reason.text}{_mark(reason)})" for reason in found.reasons[1:]]
    said = [found.confirmation.sentence, *found.deviations, *found.conventions]
    parts.append(bullets([*others, *filter(None, said)]))
    return "".join(parts)


def _what_if(found: VisitAssessment) -> str:
    """What is not known, margins to the next thresholds, and how far two readers differ."""
    parts = []
    if found.if_known:
        parts.append(paragraph(_("What is not known, and what it would make of this visit:")))
        parts.append(bullets(outcome.sentence for outcome in found.if_known))
    parts.append(bullets(change.sentence for change in found.changes))
    parts.append(paragraph(found.reader_variability))
    return "".join(parts)


def _row(row: RowFinding) -> list[Cell]:
    allows = ", ".join(row.allows) or "–"
    found = row.found.replace("_", " ")
    return [Cell(capital(row.row), row.row), Cell(found, found), Cell(allows, found)]


def _rule(rule: Reason) -> str:
    """The rule in general, its source, and whether it was checked; a bare threshold says the sentence."""
    text = "" if rule.text[:1].isdigit() else f"{capital(rule.text).rstrip('.')}."
    return f"<p>{html.escape(text)} <i>{html.escape(rule.source + _mark(rule))}</i></p>"


def _mark(rule: Reason) -> str:
    return "" if rule.is_verified else f", {UNVERIFIED}"
