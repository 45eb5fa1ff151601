"""What every section of the BrachyDose panel is: it shows the plan, and turns each click into one call of the Logic."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import qt
import slicer

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.brachydose.panel import BrachyDosePanel


class Section:
    """Base of the sections.

    Parameters
    ----------
    panel
        The panel: it knows the widgets, the Logic, the parameters and the current plan.
    """

    def __init__(self, panel: BrachyDosePanel) -> None:
        self.panel = panel
        self.ui = panel.ui
        self.logic = panel.logic
        self.setup()

    def setup(self) -> None:
        """Connect the widgets."""

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the plan, or that there is none."""

    def on(self, widget: qt.QWidget, signal: str, handler: Callable[..., Any], failed: str) -> None:
        """Run a handler when the user, not the panel itself, changes a widget; errors are shown after ``failed``."""

        def react(*arguments: Any) -> None:
            if not self.panel.refreshing:
                self.panel.run(lambda: handler(*arguments), failed)

        widget.connect(signal, react)
