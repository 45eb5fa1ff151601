"""Planner section: finding needles and seeds by optimisation, what stays locked, and how the plan was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import slicer
from slicer.i18n import tr as _

from brachyresponse.errors import BrachyResponseError, Cancelled
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.brachydose.search_words import search_sentences
from brachyresponse.slicer_panel.brachydose.section import NO_PLAN, NO_TARGET, Section
from brachyresponse.slicer_panel.sentences import bullets, headline, paragraph

NO_NEEDLES: str = _("There is nothing to improve: press Plan, or make needles and seeds by hand.")
NOT_PLANNED: str = _("Press Plan first.")
NOTHING_CHOSEN: str = _("Choose rows in the tables of 3 Needles or 4 Seeds first.")
NOTHING_LOCKED: str = _("Nothing is locked.")
KEPT: str = _("Cancelled: the best plan so far was kept.")
NO_CONTRADICTION: str = _("No contradiction was found.")


class PlannerSection(Section):
    """The buttons of the planner, below its settings."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self._said: Sequence[str] = ()
        self._said_of: slicer.vtkMRMLScriptedModuleNode | None = None
        ui.planButton.connect("clicked()", lambda: self.search(self.logic.planImplant, _("Planning")))
        ui.improveButton.connect("clicked()", lambda: self.search(self.logic.improvePlan, _("Improving the plan")))
        self.on_shown(ui.checkButton, "clicked()", self._on_check, _("The problem cannot be checked."))
        self.on_shown(ui.tracksButton, "clicked(bool)", self._on_tracks, _("The tracks cannot be shown."))
        self.on_shown(ui.obstaclesButton, "clicked(bool)", self.logic.showObstacles, _("No obstacles can be shown."))
        self.on_shown(ui.convergenceButton, "clicked()", self.logic.showConvergence, _("Cannot show the chart."))
        self.on_shown(ui.lockButton, "clicked()", self._on_lock, _("Nothing was locked."))
        self.on_shown(ui.unlockButton, "clicked()", self.logic.unlock, _("Nothing was unlocked."))

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show what the last run said, and enable what can be done."""
        ui = self.ui
        locked = (len(self.logic.lockedNeedles(plan)), len(self.logic.lockedSeeds(plan))) if plan else (0, 0)
        words = _("Locked: {needles} needles, {seeds} seeds").format(needles=locked[0], seeds=locked[1])
        ui.lockedLabel.text = words if any(locked) else _("Nothing is locked.")
        ui.obstaclesButton.checked = plan is not None and self.logic.obstaclesShown(plan)
        ui.plannerBox.setHtml(self._text(plan))
        self._enable(plan, any(locked))

    def update_tracks(self) -> None:
        """Show where needles may run with what is set now, if it is shown."""
        if self.ui.tracksButton.checked:
            self.logic.previewTracks(self.panel.plan)

    def leave(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Take the tracks of a plan away: another one is shown."""
        if self.ui.tracksButton.checked and plan is not None and plan.GetScene() is not None:
            self.logic.hideTracks(plan)
        self.ui.tracksButton.checked = False

    def _text(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> str:
        """What a check or a failed run said last; else how the plan that is there was found."""
        if plan is None:
            return paragraph(NO_PLAN)
        if self._said and self._said_of is plan:
            return bullets(self._said)
        record = self.logic.searchRecord(plan)
        notes = [*self.logic.plannerNotes(plan), *(search_sentences(record) if record is not None else ())]
        state = self.logic.plannerState(plan) if notes else ""
        return (headline(_("Out of date: {reason}").format(reason=state)) if state else "") + bullets(notes)

    def _enable(self, plan: slicer.vtkMRMLScriptedModuleNode | None, is_locked: bool) -> None:
        ui = self.ui
        none = (plan is None, NO_PLAN)
        target = (not self.panel.patient.has_target, NO_TARGET)
        for button in (ui.planButton, ui.checkButton, ui.tracksButton, ui.obstaclesButton):
            allow(button, first_reason(none, target))
        empty = plan is None or self.logic.seeds(plan).count == 0
        allow(ui.improveButton, first_reason(none, target, (empty, NO_NEEDLES)))
        chart = plan_part(plan, PlanRole.CONVERGENCE_CHART) if plan else None
        allow(ui.convergenceButton, first_reason(none, (chart is None, NOT_PLANNED)))
        chosen = self.panel.needles.selected_numbers() or self.panel.seeds.selected_indices()
        allow(ui.lockButton, first_reason(none, (not chosen, NOTHING_CHOSEN)))
        allow(ui.unlockButton, first_reason(none, (not is_locked, NOTHING_LOCKED)))

    def search(self, search: Callable[..., Any], title: str) -> None:
        """Plan or improve, with progress; Cancel keeps the best plan so far."""
        panel, plan = self.panel, self.panel.require_plan()
        self._say(plan, ())
        cancelled = False
        with panel.runner.long_action(title, _("No plan was made.")) as report:
            try:
                cancelled = search(plan, report=report, **panel.evaluation_settings()).search.cancelled
            except BrachyResponseError as error:
                if plan.GetScene() is None:
                    raise Cancelled from error  # the scene was closed: there is nothing to write the best plan to
                self._say(plan, [str(error)])
                raise
            panel.follower.know_structures(plan)
            panel.display.show()
        panel.show_node()
        if cancelled:
            panel.runner.tell(KEPT)

    def _on_check(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        infeasible = self.logic.explainInfeasible(plan)
        self._say(plan, [infeasible] if infeasible else self.logic.checkProblem(plan) or [NO_CONTRADICTION])

    def _on_tracks(self, plan: slicer.vtkMRMLScriptedModuleNode, shown: bool) -> None:
        if shown:
            self.logic.previewTracks(plan)
        else:
            self.logic.hideTracks(plan)

    def _on_lock(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        if needles := self.panel.needles.selected_numbers():
            self.logic.lockNeedle(plan, *needles)
        if seeds := self.panel.seeds.selected_indices():
            self.logic.lockSeed(plan, *seeds)

    def _say(self, plan: slicer.vtkMRMLScriptedModuleNode, sentences: Sequence[str]) -> None:
        self._said, self._said_of = sentences, plan
