"""Dose section: which isodoses are shown, and how."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.errors import DoseError
from brachyresponse.slicer_panel.brachydose.section import Section


class DisplaySection(Section):
    """Isodose lines, surfaces and legend. The widgets are bound to the parameters; a change shows at once."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, failed = self.ui, _("Cannot show the isodoses.")
        self.on(ui.levelsEdit, "editingFinished()", self.show, failed)
        for box in (ui.linesCheckBox, ui.surfacesCheckBox, ui.legendCheckBox, ui.washCheckBox):
            self.on(box, "toggled(bool)", lambda shown: self.show(), failed)
        self.on(ui.opacitySlider, "valueChanged(double)", lambda opacity: self.show(), failed)

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Enable what can be shown."""
        self.ui.opacitySlider.enabled = self.ui.surfacesCheckBox.checked

    def show(self) -> None:
        """Write the isodoses as they are chosen now, if there is a dose."""
        plan = self.panel.plan
        if plan is not None and self.logic.doseNode(plan) is not None:
            self.logic.writeIsodoses(plan, levels_percent(self.ui.levelsEdit.text))
            self.logic.showIsodoses(plan, **self.options())

    def options(self) -> dict[str, bool | float]:
        """Return what is ticked, as keywords of ``showIsodoses``."""
        ui = self.ui
        return {
            "lines": ui.linesCheckBox.checked,
            "surfaces": ui.surfacesCheckBox.checked,
            "legend": ui.legendCheckBox.checked,
            "wash": ui.washCheckBox.checked,
            "opacity": ui.opacitySlider.value,
        }


def levels_percent(text: str) -> tuple[float, ...]:
    """Return isodose levels from a line such as ``50, 100, 150``.

    Raises
    ------
    DoseError
        Something in it is not a number.
    """
    parts = [part.strip().rstrip("%").strip() for part in text.replace(";", ",").split(",")]
    try:
        return tuple(float(part) for part in parts if part)
    except ValueError as error:
        raise DoseError(f"{text!r} is no list of isodoses: write percents separated by commas, as 50, 100.") from error
