"""Seeds section: laying seeds along the needles, and moving them by hand."""

from __future__ import annotations

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.planning import Needle
from brachyresponse.scene.plans import seeds_node_of
from brachyresponse.seeds import Seeds
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.brachydose.section import Section
from brachyresponse.slicer_panel.layout import jump_slices
from brachyresponse.slicer_panel.placing import Placing
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns, selected_rows

LOCK = 6
NONE_CHOSEN: str = _("Choose seeds in the table first.")
NOTHING_TO_UNDO: str = _("Nothing was changed that could be taken back.")
NOTHING_TO_REDO: str = _("Nothing was taken back.")


class SeedsSection(Section):
    """The table of seeds and the edits of seeds."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        fit_columns(ui.seedsTable, stretched=1)
        self._seeds = Seeds.none()
        self._placing = Placing(self.panel.window, self.panel.request_refresh)
        self.on(ui.loadNeedlesButton, "clicked()", self._on_load, _("Cannot lay the seeds."))
        self.on(ui.seedsTable, "itemSelectionChanged()", self._on_selected, _("Cannot show the seed."))
        self.on_shown(ui.seedsTable, "cellChanged(int,int)", self._on_lock, _("The seed was not locked."))
        self.on(ui.addSeedButton, "clicked()", self._on_add, _("Cannot add a seed."))
        self.on(ui.deleteSeedButton, "clicked()", self._on_delete, _("Cannot delete the seed."))
        self.on(ui.detachButton, "clicked()", self._on_detach, _("Cannot detach or attach the seed."))
        self.on(ui.nudgeOutButton, "clicked()", lambda: self._nudge(-1), _("Cannot move the seed."))
        self.on(ui.nudgeInButton, "clicked()", lambda: self._nudge(+1), _("Cannot move the seed."))
        self.on(ui.undoButton, "clicked()", lambda: self.logic.undo(self.panel.plan), _("Cannot undo."))
        self.on(ui.redoButton, "clicked()", lambda: self.logic.redo(self.panel.plan), _("Cannot redo."))

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the seeds of the plan."""
        needles = {needle.number: needle for needle in self.logic.needles(plan)} if plan else {}
        self._seeds = self.logic.seeds(plan) if plan else Seeds.none()
        locked = self.logic.lockedSeeds(plan) if plan else ()
        rows = [[*_row(self._seeds, index, needles), _lock(index in locked)] for index in range(self._seeds.count)]
        fill_table(self.ui.seedsTable, rows)
        self._enable(plan)

    def selected_indices(self) -> list[int]:
        """Return the indices of the seeds that are chosen in the table."""
        return [row for row in selected_rows(self.ui.seedsTable) if row < self._seeds.count]

    def stop_placing(self) -> None:
        """End clicking seeds, as Escape does."""
        self._placing.end()

    def _on_load(self) -> None:
        parameters = self.panel.parameters
        self.logic.loadNeedles(self.panel.plan, spacingMm=parameters.seedSpacingMm, insetMm=parameters.seedInsetMm)

    def _on_selected(self) -> None:
        self._enable(self.panel.plan)
        chosen = self.selected_indices()
        if len(chosen) == 1:
            jump_slices(slicer.mrmlScene, self._seeds.positions_mm[chosen[0]])

    def _on_lock(self, plan: slicer.vtkMRMLScriptedModuleNode, row: int, column: int) -> None:
        if column != LOCK:
            return
        if self.ui.seedsTable.item(row, column).checkState() == qt.Qt.Checked:
            self.logic.lockSeed(plan, row)
        else:
            self.logic.unlock(plan, seeds=[row])

    def _on_add(self) -> None:
        numbers = self.panel.needles.selected_numbers()
        if numbers:
            self.logic.extendNeedle(self.panel.plan, numbers[0], self.panel.parameters.seedSpacingMm)
        else:
            self._placing.begin(seeds_node_of(self.panel.plan))

    def _on_delete(self) -> None:
        self.logic.deleteSeed(self.panel.plan, *self.selected_indices())

    def _on_detach(self) -> None:
        if self._chosen_are_free():
            self.logic.attachSeed(self.panel.plan, *self.selected_indices())
        else:
            self.logic.detachSeed(self.panel.plan, *self.selected_indices())

    def _nudge(self, sign: int) -> None:
        self.logic.nudgeSeed(self.panel.plan, *self.selected_indices(), stepMm=sign * self.panel.parameters.nudgeMm)

    def _chosen_are_free(self) -> bool:
        chosen = self.selected_indices()
        return bool(chosen) and not self._seeds.needle[chosen].any()

    def _enable(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        ui, chosen = self.ui, bool(self.selected_indices())
        for button in (ui.deleteSeedButton, ui.detachButton, ui.nudgeInButton, ui.nudgeOutButton):
            allow(button, "" if chosen else NONE_CHOSEN)
        ui.detachButton.text = _("Attach") if self._chosen_are_free() else _("Detach")
        allow(ui.undoButton, "" if plan is not None and self.logic.canUndo(plan) else NOTHING_TO_UNDO)
        allow(ui.redoButton, "" if plan is not None and self.logic.canRedo(plan) else NOTHING_TO_REDO)


def _row(seeds: Seeds, index: int, needles: dict[int, Needle]) -> list[Cell]:
    position = seeds.positions_mm[index]
    needle = needles.get(int(seeds.needle[index]))
    depth = f"{needle.depth_of(position):.1f}" if needle else "–"
    tool_tip = _("{strength:.3f} U on the day of the implant").format(strength=seeds.air_kerma_strength_u[index])
    return [
        Cell(str(index + 1), tool_tip),
        Cell(str(needle.number) if needle else _("free"), tool_tip),
        Cell(depth, tool_tip, number=True),
        *(Cell(f"{value:.1f}", tool_tip, number=True) for value in position),
    ]


def _lock(is_locked: bool) -> Cell:
    return Cell(tool_tip=_("A locked seed stays when the planner runs."), checked=is_locked)
