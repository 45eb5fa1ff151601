"""What is to be watched: warnings, cold regions of the target, seeds near an organ, seeds that have migrated."""

from __future__ import annotations

import numpy as np
import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.seedverify_logic.nodes import VerificationNode
from brachyresponse.scene.verification_tables import SeedState
from brachyresponse.slicer_panel.layout import jump_slices
from brachyresponse.slicer_panel.seedverify.results import NOTE, WARNING
from brachyresponse.slicer_panel.seedverify.section import Section
from brachyresponse.slicer_panel.table_rows import table_rows
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns, selected_rows


class WatchingSection(Section):
    """One list: warnings, the places to look at, notes; a click on a place goes there."""

    def setup(self) -> None:
        """Connect the widgets."""
        self._places: list[dict[str, str]] = []
        self._warnings = 0
        fit_columns(self.ui.watchTable, stretched=1)
        self.on(self.ui.watchTable, "itemSelectionChanged()", self._on_selected, _("Cannot go there."))

    def refresh(self, node: VerificationNode | None) -> None:
        """Show the list."""
        logic = self.logic
        cold = table_rows(logic.coldRegionsTable(node)) if node else []
        near = table_rows(logic.nearOrgansTable(node)) if node else []
        seeds = table_rows(logic.seedTable(node)) if node else []
        migrated = [row for row in seeds if row["state"] == SeedState.MIGRATED]
        said = self.panel.results.sentences
        warnings, notes = said(WARNING), said(NOTE)
        self._places = [*migrated, *near, *cold]
        self._warnings = len(warnings)
        cells = [*map(_migrated_cells, migrated), *map(_near_cells, near), *map(_cold_cells, cold)]
        told = ([Cell(_("Warning"), text), Cell(text, text), Cell()] for text in warnings)
        noted = ([Cell(_("Note"), text), Cell(text, text), Cell()] for text in notes)
        fill_table(self.ui.watchTable, [*told, *cells, *noted])

    def count(self) -> int:
        """Return how many warnings and places there are to look at."""
        return self._warnings + len(self._places)

    def _on_selected(self) -> None:
        chosen = selected_rows(self.ui.watchTable)
        if len(chosen) == 1 and 0 <= chosen[0] - self._warnings < len(self._places):
            row = self._places[chosen[0] - self._warnings]
            jump_slices(slicer.mrmlScene, np.array([float(row[f"{axis} (mm)"]) for axis in "RAS"]))


def _migrated_cells(row: dict[str, str]) -> list[Cell]:
    place = ", ".join(row[f"{axis} (mm)"] for axis in "RAS")
    return [Cell(_("Migrated")), Cell(_("seed {seed} at {place}").format(seed=row["found"], place=place)), Cell()]


def _near_cells(row: dict[str, str]) -> list[Cell]:
    where = _("seed {seed} to {organ}").format(seed=row["found"], organ=row["organ"])
    tool_tip = _("From the seed's surface to the organ's; below zero is inside.")
    return [Cell(_("Near organ"), tool_tip), Cell(where, tool_tip), Cell(f"{row['distance (mm)']} mm", tool_tip)]


def _cold_cells(row: dict[str, str]) -> list[Cell]:
    tool_tip = _("{share} % of {structure}; least {least} Gy, mean {mean} Gy").format(
        share=row["share (%)"], structure=row["structure"], least=row["least (Gy)"], mean=row["mean (Gy)"]
    )
    where = f"{row['structure']}: {row['where']}"
    return [Cell(_("Cold"), tool_tip), Cell(where, tool_tip), Cell(f"{row['volume (cc)']} cc", tool_tip)]
