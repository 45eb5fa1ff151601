"""What every section of a panel is: it shows the panel's node, and turns each click into one call of the Logic."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import qt
import slicer

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.panel import ModulePanel


class PanelSection:
    """Base of the sections.

    Parameters
    ----------
    panel
        The panel: it knows the widgets, the Logic, the parameters and the node that is shown.
    """

    def __init__(self, panel: ModulePanel) -> None:
        self.panel = panel
        self.ui = panel.ui
        self.logic = panel.logic
        self.setup()

    def setup(self) -> None:
        """Connect the widgets."""

    def refresh(self, node: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the node, or that there is none."""

    def on(self, widget: qt.QWidget, signal: str, handler: Callable[..., Any], failed: str) -> None:
        """Run a handler when the user, not the panel itself, changes a widget; errors are shown after ``failed``."""

        def react(*arguments: Any) -> None:
            if not self.panel.refreshing:
                self.panel.run(lambda: handler(*arguments), failed)

        widget.connect(signal, react)

    def on_shown(self, widget: qt.QWidget, signal: str, handler: Callable[..., Any], failed: str) -> None:
        """As :meth:`on`, with the node that is shown before the signal's arguments; nothing happens without one."""

        def act(*arguments: Any) -> None:
            if self.panel.node is not None:
                handler(self.panel.node, *arguments)

        self.on(widget, signal, act, failed)
