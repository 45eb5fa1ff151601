"""Liquid of a balloon: activity, times, and what follows: dose, time or activity, and the balance of leakage."""

from __future__ import annotations

from collections.abc import Callable

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.slicer_panel.brachydose.moments import as_datetime, as_qdatetime
from brachyresponse.slicer_panel.brachydose.section import Section
from brachyresponse.slicer_panel.choice import Choice
from brachyresponse.slicer_panel.sentences import bullets, headline, paragraph
from brachyresponse.sources.liquid import MBQ_PER_MCI

TIMES = {"assayEdit": "assayed", "fillEdit": "filled", "removalEdit": "removed"}
"""Widget, and both keyword and field."""
ACTIVITIES = {
    "balloonMciSpinBox": "activityMci",
    "balloonMbqSpinBox": "activityMbq",
    "recoveredMciSpinBox": "recoveredMci",
    "recoveredMbqSpinBox": "recoveredMbq",
}
NOT_COMPUTED: str = _("Press Dose to compute what these times and this activity give.")
NOT_MEASURED: str = _("Type the activity that was recovered to see what is missing.")


class LiquidSection(Section):
    """What is in the balloon, and for how long."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, failed = self.ui, _("The value was not taken.")
        self._said = ""
        self._liquid = Choice(ui.liquidSelector, self.logic.liquids())
        self.on_shown(ui.liquidSelector, "activated(int)", self._on_liquid, failed)
        self.on_numbers({name: (keyword, "") for name, keyword in ACTIVITIES.items()}, self.logic.setBalloon)
        self.on_numbers({"depthSpinBox": ("depthMm", "depth_mm")}, self.logic.setBalloon)
        for name, keyword in TIMES.items():
            self._on_time(getattr(ui, name), keyword, failed)
        self.on_shown(ui.interruptionsEdit, "editingFinished()", self._on_breaks, failed)
        ui.dwellDoseButton.connect("clicked()", self.panel.results.compute)
        self._on_answer(ui.dwellTimeButton, self.logic.dwellFor, _("No time was found."))
        self._on_answer(ui.dwellActivityButton, self.logic.activityFor, _("No activity was found."))

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the liquid of the plan, and what was computed of it."""
        if plan is None:
            return
        ui, logic, balloon = self.ui, self.logic, self.logic.balloon(plan)
        self._liquid.show(balloon.liquid)
        for name, field in TIMES.items():
            getattr(ui, name).dateTime = as_qdatetime(getattr(balloon, field))
        ui.interruptionsEdit.text = balloon.interruptions
        ui.balloonMbqSpinBox.value, ui.recoveredMbqSpinBox.value = balloon.activity_mbq, balloon.recovered_mbq
        ui.balloonMciSpinBox.value = balloon.activity_mbq / MBQ_PER_MCI
        ui.recoveredMciSpinBox.value = balloon.recovered_mbq / MBQ_PER_MCI
        ui.depthSpinBox.value = balloon.depth_mm
        sentences = logic.balloonSentences(plan)
        ui.balloonBox.setHtml(headline(self._said) + (bullets(sentences) or paragraph(NOT_COMPUTED)))
        ui.leakageBox.setHtml(bullets(logic.leakageSentences(plan)) or paragraph(NOT_MEASURED))

    def _on_time(self, edit: qt.QDateTimeEdit, keyword: str, failed: str) -> None:
        def change(plan: slicer.vtkMRMLScriptedModuleNode, moment: qt.QDateTime) -> None:
            self.logic.setBalloon(plan, **{keyword: as_datetime(moment)})

        self.on_shown(edit, "dateTimeChanged(QDateTime)", change, failed)

    def _on_answer(
        self, button: qt.QPushButton, ask: Callable[[slicer.vtkMRMLScriptedModuleNode], str], failed: str
    ) -> None:
        def answer(plan: slicer.vtkMRMLScriptedModuleNode) -> None:
            self._said = ask(plan)

        self.on_shown(button, "clicked()", answer, failed)

    def _on_liquid(self, plan: slicer.vtkMRMLScriptedModuleNode, row: int) -> None:
        self.logic.setBalloon(plan, liquid=self._liquid.value)

    def _on_breaks(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        self.logic.setBalloon(plan, interruptions=self.ui.interruptionsEdit.text.strip())
