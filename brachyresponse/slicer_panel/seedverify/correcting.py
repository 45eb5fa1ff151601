"""Correct section: flipping through the doubtful seeds, and putting right the few wrong ones."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.scene.seedverify_logic.nodes import VerificationNode
from brachyresponse.seeds import DetectedSeeds, Origin
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.placing import Placing
from brachyresponse.slicer_panel.seedverify.section import NO_CT, NO_SEEDS, Section
from brachyresponse.slicer_panel.shortcuts import Shortcuts
from brachyresponse.slicer_panel.tables import Cell, Verdict, fill_table, fit_columns, selected_rows

BY = {Origin.DETECTED: _("finder"), Origin.CONFIRMED: _("confirmed"), Origin.MANUAL: _("hand")}


class CorrectingSection(Section):
    """The table of found seeds and their corrections; a click on a row goes to the seed."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        fit_columns(ui.foundTable, stretched=1)
        self._count = 0
        self._doubtful: list[int] = []
        self._placing = Placing(self.panel.window, self._on_placing_ended)
        self._connect_buttons()
        self._shortcuts = Shortcuts(
            ui.correctSection,
            {
                "N": ui.nextLowButton,
                "P": ui.previousLowButton,
                "A": ui.acceptSeedButton,
                "Delete": ui.deleteSeedButton,
                "Ctrl+Z": ui.undoButton,
                "Ctrl+Y": ui.redoButton,
                "Ctrl+Shift+Z": ui.redoButton,
            },
        )

    def refresh(self, node: VerificationNode | None) -> None:
        """Show the found seeds."""
        self._doubtful = self.logic.lowConfidenceSeeds(node) if node else []
        rows = _rows(self.logic.foundSeeds(node), self._doubtful) if node else []
        self._count = len(rows)
        fill_table(self.ui.foundTable, rows)
        self._enable(node)

    def stop_placing(self) -> None:
        """End clicking seeds, as Escape does."""
        self._placing.end()

    def flip(self, step: int) -> None:
        """Go to the next (+1) or previous (-1) doubtful seed, the least certain first, round and round."""
        if not self._doubtful:
            return
        chosen = self._chosen()
        if chosen and chosen[0] in self._doubtful:
            place = self._doubtful.index(chosen[0]) + step
        else:
            place = 0 if step > 0 else -1
        self.ui.foundTable.selectRow(self._doubtful[place % len(self._doubtful)])

    def _connect_buttons(self) -> None:
        ui, shown, failed = self.ui, self.on_shown, _("The seeds were not corrected.")
        shown(ui.foundTable, "itemSelectionChanged()", self._on_selected, _("Cannot show the seed."))
        shown(ui.acceptSeedButton, "clicked()", self._on_accept, failed)
        shown(ui.addSeedButton, "clicked(bool)", self._on_add, _("Cannot add a seed."))
        shown(ui.deleteSeedButton, "clicked()", self._on_delete, failed)
        shown(ui.splitSeedButton, "clicked()", self._on_split, failed)
        shown(ui.mergeSeedsButton, "clicked()", self._on_merge, failed)
        shown(ui.undoButton, "clicked()", self.logic.undo, _("Cannot undo."))
        shown(ui.redoButton, "clicked()", self.logic.redo, _("Cannot redo."))
        self.on(ui.straightenButton, "clicked()", self.logic.resetViews, _("Cannot turn the views."))
        ui.nextLowButton.connect("clicked()", lambda: self.flip(+1))
        ui.previousLowButton.connect("clicked()", lambda: self.flip(-1))

    def _on_selected(self, verification: VerificationNode) -> None:
        chosen = self._chosen()
        if len(chosen) == 1:
            self.logic.showSeed(verification, chosen[0])

    def _on_accept(self, verification: VerificationNode) -> None:
        chosen = self._chosen()
        place = self._doubtful.index(chosen[0]) if chosen[0] in self._doubtful else 0
        self.logic.acceptSeed(verification, *chosen)
        left = self.logic.lowConfidenceSeeds(verification)
        if left:
            self.ui.foundTable.selectRow(left[place % len(left)])  # on to the next doubtful one

    def _on_add(self, verification: VerificationNode, start: bool) -> None:
        self._placing.end()
        if start:
            self._placing.begin(self.logic.prepareAdding(verification))
            self.ui.addSeedButton.checked = True

    def _on_placing_ended(self) -> None:
        self.ui.addSeedButton.checked = False
        self.panel.request_refresh()

    def _on_delete(self, verification: VerificationNode) -> None:
        self.logic.deleteSeed(verification, *self._chosen())
        self.ui.foundTable.clearSelection()

    def _on_split(self, verification: VerificationNode) -> None:
        self.logic.splitSeed(verification, self._chosen()[0])

    def _on_merge(self, verification: VerificationNode) -> None:
        self.logic.mergeSeeds(verification, *self._chosen())
        self.ui.foundTable.clearSelection()

    def _chosen(self) -> list[int]:
        return [row for row in selected_rows(self.ui.foundTable) if row < self._count]

    def _enable(self, node: VerificationNode | None) -> None:
        ui, logic, chosen = self.ui, self.logic, len(self._chosen())
        searched = node is not None and logic.seedsNode(node) is not None
        none = (not searched, NO_SEEDS)
        allow(ui.acceptSeedButton, first_reason(none, (chosen == 0, _("Choose the seeds to be accepted first."))))
        allow(ui.addSeedButton, "" if node and logic.implantVolumeNode(node) else NO_CT)
        allow(ui.deleteSeedButton, first_reason(none, (chosen == 0, _("Choose seeds in the table first."))))
        allow(ui.splitSeedButton, first_reason(none, (chosen != 1, _("Choose the one seed to be split."))))
        allow(ui.mergeSeedsButton, first_reason(none, (chosen != 2, _("Choose the two seeds to be merged."))))
        for button in (ui.previousLowButton, ui.nextLowButton):
            allow(button, first_reason(none, (not self._doubtful, _("No seed is doubtful."))))
        can_undo, can_redo = (logic.canUndo(node), logic.canRedo(node)) if node else (False, False)
        allow(ui.undoButton, first_reason((not can_undo, _("There is no correction to take back."))))
        allow(ui.redoButton, first_reason((not can_redo, _("No correction was taken back."))))


def _rows(found: DetectedSeeds, doubtful: list[int]) -> list[list[Cell]]:
    return [_row(found, index, index in doubtful) for index in range(found.count)]


def _row(found: DetectedSeeds, index: int, doubtful: bool) -> list[Cell]:
    tool_tip = _("A seed to look at: press N to go through them.") if doubtful else ""
    return [
        Cell(str(index + 1), tool_tip, Verdict.WARNING if doubtful else Verdict.NONE),
        Cell(f"{found.confidence[index]:.2f}", tool_tip, number=True),
        Cell(f"{found.axis_confidence[index]:.2f}", tool_tip, number=True),
        Cell(BY.get(found.origins[index], str(found.origins[index])), tool_tip),
        *(Cell(f"{value:.1f}", tool_tip, number=True) for value in found.positions_mm[index]),
    ]
