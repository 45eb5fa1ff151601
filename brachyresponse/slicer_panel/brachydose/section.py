"""What every section of the BrachyDose panel is: it shows the plan, and turns each click into one call of the Logic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import qt
from slicer.i18n import tr as _

from brachyresponse.slicer_panel.section import PanelSection

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.brachydose.panel import BrachyDosePanel

NO_PLAN: str = _("Start a plan first: choose image and target in 1 Patient and target.")
NO_TARGET: str = _("Choose a target in 1 Patient and target first.")

SEEDS, BALLOON = "seeds", "balloon"
"""Kinds of source, as the Logic calls them."""

NumberBoxes = Mapping[str, tuple[str, str]]
"""Spin boxes by name: keyword of the Logic's method that changes the number, field of the settings that hold it."""


class Section(PanelSection):
    """Base of the sections of this panel."""

    panel: BrachyDosePanel

    def on_numbers(self, boxes: NumberBoxes, change: Callable[..., Any]) -> None:
        """Call ``change(plan, keyword=number)`` when the user changes a number."""
        for name, (keyword, _field) in boxes.items():
            box = getattr(self.ui, name)
            signal = "valueChanged(double)" if isinstance(box, qt.QDoubleSpinBox) else "valueChanged(int)"
            failed = _("The value was not taken.")
            self.on_shown(box, signal, lambda plan, value, it=keyword: change(plan, **{it: value}), failed)

    def show_numbers(self, boxes: NumberBoxes, settings: Any) -> None:
        """Show the numbers of settings."""
        for name, (_keyword, field) in boxes.items():
            getattr(self.ui, name).value = getattr(settings, field)
