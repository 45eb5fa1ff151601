"""Sizes that were measured elsewhere: a lesion needs no image and no segment."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, VisitNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.responseassess.section import NO_VISIT, Section


class HandSection(Section):
    """Sizes typed by the reader, marked as manual."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self._shown = ""
        self._sizes = {
            "longestMm": ui.longestSpinBox,
            "perpendicularMm": ui.perpendicularSpinBox,
            "shortAxisMm": ui.shortAxisSpinBox,
            "volumeMl": ui.volumeSpinBox,
        }
        self.on_visit(ui.handButton, "clicked()", self._on_set, _("The size was not taken."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Name the chosen lesion, until the reader types another."""
        if self._shown != self.panel.lesions.chosen:
            self._shown = self.ui.handNameEdit.text = self.panel.lesions.chosen
        for widget in (self.ui.handNameEdit, *self._sizes.values(), self.ui.handButton):
            allow(widget, "" if self.visit else NO_VISIT)

    def _on_set(self, visit: VisitNode) -> None:
        typed = {name: box.value for name, box in self._sizes.items() if box.value > 0}
        name = self.ui.handNameEdit.text.strip()
        self.logic.addManualLesion(visit, name, **typed)
        self.panel.lesions.choose(name)
        for box in self._sizes.values():
            box.value = 0
