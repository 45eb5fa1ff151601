"""The table of lesions by visit, and the lesion that is worked on."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.scene.response_lesion_list import VisitLesion
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.responseassess.lesion_cells import describe_lesion, has_segment, lesion_cell, shorten
from brachyresponse.slicer_panel.responseassess.section import Section
from brachyresponse.slicer_panel.tables import fill_matrix, select_cell

NAME_WIDTH = 130
"""Pixels at most for the names of lesions, so that long ones leave room for their sizes."""


class LesionsSection(Section):
    """Lesions in rows, visits in columns.

    Attributes
    ----------
    chosen
        Name of the lesion that is worked on; empty for none.
    """

    def setup(self) -> None:
        """Connect the widgets."""
        self.chosen = ""
        self._ids: list[str] = []
        self._found: dict[str, VisitLesion] = {}
        self.ui.lesionsTable.verticalHeader().setMaximumWidth(NAME_WIDTH)
        failed = _("This lesion cannot be shown.")
        self.on_shown(self.ui.lesionsTable, "itemSelectionChanged()", self._on_selected, failed)

    @property
    def lesion(self) -> VisitLesion | None:
        """The chosen lesion as it is at the visit that is worked on, or None where it is not on record there."""
        return self._found.get(self.chosen)

    @property
    def ids(self) -> list[str]:
        """Names of all lesions, as the rows stand."""
        return list(self._ids)

    @property
    def ids_here(self) -> list[str]:
        """Names of the lesions that are on record at the visit that is worked on."""
        return list(self._found)

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the lesions."""
        ui, visits, by_visit = self.ui, self.panel.visits, self.panel.found
        self._ids = list(dict.fromkeys(name for found in by_visit for name in found))
        if self.chosen not in self._ids:
            self.chosen = next(iter(self._ids), "")
        visit = self.visit
        self._found = by_visit[visits.index(visit)] if visit is not None else {}
        days = [str(self.logic.visitDate(each)) for each in visits]
        cells = [[lesion_cell(found.get(name)) for found in by_visit] for name in self._ids]
        fill_matrix(ui.lesionsTable, days, self._ids, cells)
        if self.chosen and visit is not None:
            select_cell(ui.lesionsTable, self._ids.index(self.chosen), visits.index(visit))
        said = describe_lesion(self.chosen, self.lesion) if self._ids else _("No lesions yet.")
        say(ui.lesionLabel, shorten(said))
        ui.lesionLabel.toolTip = said

    def show_place(self) -> None:
        """Let the slices go to the diameters of the chosen lesion, or to its segment."""
        lesion, visit = self.lesion, self.visit
        if lesion is None or visit is None:
            return
        if has_segment(lesion) or self.logic.lineNodes(visit, lesion.id):
            self.logic.showMeasurement(visit, lesion.id)

    def choose(self, lesion_id: str) -> None:
        """Work on a lesion."""
        self.chosen = lesion_id

    def _on_selected(self, node: AssessmentNode) -> None:
        table, visits = self.ui.lesionsTable, self.panel.visits
        row, column = table.currentRow(), table.currentColumn()
        if not 0 <= row < len(self._ids):
            return
        self.chosen, visit = self._ids[row], visits[column]
        if visit is not self.visit:
            self.panel.choose_visit(visit)
        if self.lesion is not None:
            self.show_place()
