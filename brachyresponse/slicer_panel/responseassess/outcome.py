"""What stays in sight below the sections: the assessment in one line, whether it holds, Assess."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.responseassess.section import NO_ASSESSMENT, NO_BASELINE, NO_VISIT, Section
from brachyresponse.slicer_panel.shortcuts import Shortcuts


class OutcomeSection(Section):
    """The headline and the button that assesses everything."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        ui.assessButton.connect("clicked()", self.assess)
        self._shortcuts = Shortcuts(self.panel.window, {"Ctrl+Return": ui.assessButton})

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the assessment in one line."""
        ui = self.ui
        ui.headlineLabel.text = self._headline()
        reason = self.logic.staleReason(node) if node else ""
        say(ui.staleLabel, _("Out of date: {reason}").format(reason=reason) if reason else "")
        allow(ui.assessButton, self.cannot_assess(node))

    def assess(self) -> None:
        """Assess all visits, with progress."""
        panel = self.panel
        with panel.runner.long_action(_("Assessing the response"), _("The response was not assessed.")):
            self.logic.assess(panel.assessment)
        panel.show_node()

    def cannot_assess(self, node: AssessmentNode | None) -> str:
        """Return why nothing can be assessed; empty when it can."""
        return first_reason(
            (node is None, NO_ASSESSMENT),
            (not self.panel.visits, NO_VISIT),
            (self.panel.baseline is None, NO_BASELINE),
            (
                self.panel.criteria.used(node) is None,
                _("Choose the tumour type or the criteria first (2 Treatments and criteria)."),
            ),
        )

    def _headline(self) -> str:
        study = self.panel.strip.study
        if study is None:
            return str(_("Nothing assessed yet."))
        last = study.assessment.visits[-1]
        progressed = study.assessment.progression_date
        reader = study.adjudication(last.date)
        due = study.schedule.next_due if study.schedule else None
        parts = [
            _("{date}: {category}").format(date=last.date, category=last.category),
            _("reader: {category}").format(category=reader.category) if reader else "",
            _("best {best}").format(best=study.assessment.best_overall_response),
            _("progressed {day}").format(day=progressed) if progressed else _("no progression"),
            _("next scan {day}").format(day=due) if due else "",
        ]
        return " · ".join(filter(None, parts))
