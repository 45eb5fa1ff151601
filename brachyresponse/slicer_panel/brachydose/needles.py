"""Needles section: draw, duplicate, delete, and the template that is shown before it is made."""

from __future__ import annotations

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.planning import Needle, find_needle
from brachyresponse.seeds import Seeds
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.brachydose.section import Section
from brachyresponse.slicer_panel.layout import jump_slices
from brachyresponse.slicer_panel.placing import Placing
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns, selected_rows

LOCK = 5
NONE_CHOSEN: str = _("Choose needles in the table first.")


class NeedlesSection(Section):
    """The table of needles and what makes needles."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        fit_columns(ui.needlesTable, stretched=4)
        self._numbers: list[int] = []
        self._drawn: slicer.vtkMRMLMarkupsLineNode | None = None
        self._placing = Placing(self.panel.window, self._on_placing_ended)
        self.on(ui.needlesTable, "itemSelectionChanged()", self._on_selected, _("Cannot show the needle."))
        self.on_shown(ui.needlesTable, "cellChanged(int,int)", self._on_lock, _("The needle was not locked."))
        self.on(ui.drawNeedleButton, "clicked(bool)", self._on_draw, _("Cannot draw a needle."))
        self.on(ui.duplicateNeedleButton, "clicked()", self._on_duplicate, _("Cannot duplicate the needle."))
        self.on(ui.deleteNeedleButton, "clicked()", self._on_delete, _("Cannot delete the needle."))
        self.on(ui.previewTemplateButton, "clicked(bool)", self._on_preview, _("Cannot show the template."))
        self.on(ui.makeTemplateButton, "clicked()", self._on_make, _("Cannot make the template."))

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the needles of the plan."""
        needles = self.logic.needles(plan) if plan else ()
        seeds = self.logic.seeds(plan) if plan else Seeds.none()
        locked = self.logic.lockedNeedles(plan) if plan else ()
        self._numbers = [needle.number for needle in needles]
        fill_table(self.ui.needlesTable, [_row(needle, seeds, needle.number in locked) for needle in needles])
        self._enable()

    def selected_numbers(self) -> list[int]:
        """Return the numbers of the needles that are chosen in the table."""
        return [self._numbers[row] for row in selected_rows(self.ui.needlesTable) if row < len(self._numbers)]

    def stop_placing(self) -> None:
        """End drawing, as Escape does."""
        self._placing.end()

    def update_preview(self) -> None:
        """Show the template anew with the numbers that are set now, if it is shown."""
        if self.ui.previewTemplateButton.checked:
            self.logic.previewTemplate(self.panel.plan, **self._template())

    def _on_selected(self) -> None:
        self._enable()
        chosen = self.selected_numbers()
        if len(chosen) == 1:
            needle = find_needle(self.logic.needles(self.panel.plan), chosen[0])
            jump_slices(slicer.mrmlScene, needle.tip_mm)

    def _on_lock(self, plan: slicer.vtkMRMLScriptedModuleNode, row: int, column: int) -> None:
        if column != LOCK:
            return
        if self.ui.needlesTable.item(row, column).checkState() == qt.Qt.Checked:
            self.logic.lockNeedle(plan, self._numbers[row])
        else:
            self.logic.unlock(plan, needles=[self._numbers[row]])

    def _on_draw(self, start: bool) -> None:
        self._placing.end()
        if start:
            self._drawn = self.logic.startNeedle(self.panel.require_plan())
            self._placing.begin(self._drawn)

    def _on_placing_ended(self) -> None:
        self.ui.drawNeedleButton.checked = False
        node, self._drawn = self._drawn, None
        if node is not None:
            self.panel.run(lambda: self.logic.finishNeedle(self.panel.plan, node), _("Cannot draw a needle."))

    def _on_duplicate(self) -> None:
        for number in self.selected_numbers():
            self.logic.duplicateNeedle(self.panel.plan, number, offsetMm=self.panel.parameters.templatePitchMm)

    def _on_delete(self) -> None:
        self.logic.deleteNeedle(self.panel.plan, *self.selected_numbers())

    def _on_preview(self, shown: bool) -> None:
        if shown:
            self.logic.previewTemplate(self.panel.plan, **self._template())
        else:
            self.logic.hideTemplate(self.panel.plan)

    def _on_make(self) -> None:
        self.logic.makeTemplate(self.panel.plan, **self._template())
        self.ui.previewTemplateButton.checked = False

    def _template(self) -> dict[str, object]:
        parameters = self.panel.parameters
        way = parameters.templateDirection
        direction = self.logic.templateDirection(self.panel.plan, way, *self.selected_numbers())
        return {
            "direction": direction,
            "pitchMm": parameters.templatePitchMm,
            "entryDistanceMm": parameters.templateEntryMm,
        }

    def _enable(self) -> None:
        for button in (self.ui.duplicateNeedleButton, self.ui.deleteNeedleButton):
            allow(button, "" if self.selected_numbers() else NONE_CHOSEN)


def _row(needle: Needle, seeds: Seeds, is_locked: bool) -> list[Cell]:
    held = int((seeds.needle == needle.number).sum())
    x, y, z = needle.direction
    return [
        Cell(str(needle.number)),
        Cell(needle.hole or "–"),
        Cell(f"{needle.length_mm:.0f} mm", number=True),
        Cell(str(held), number=True),
        Cell(f"{x:+.2f} {y:+.2f} {z:+.2f}", _("From entry to tip: towards the right, the front and the head (RAS)")),
        Cell(tool_tip=_("A locked needle and its seeds stay when the planner runs."), checked=is_locked),
    ]
