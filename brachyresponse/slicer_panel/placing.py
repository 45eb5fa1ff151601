"""Placing of markups by clicks in the views, ended by Escape."""

from __future__ import annotations

from collections.abc import Callable

import qt
import slicer


class Placing:
    """Starts and ends Slicer's place mode for one markups node at a time.

    Parameters
    ----------
    window
        Widget in whose window Escape ends placing.
    ended
        Called when placing has ended, by whatever way.
    """

    def __init__(self, window: qt.QWidget, ended: Callable[[], None]) -> None:
        self._ended = ended
        self._interaction: slicer.vtkMRMLInteractionNode | None = None
        self._tag = 0
        self._escape = qt.QShortcut(qt.QKeySequence("Esc"), window)
        self._escape.setContext(qt.Qt.ApplicationShortcut)
        self._escape.connect("activated()", self.end)
        self._escape.setEnabled(False)

    @property
    def active(self) -> bool:
        """Whether a click in a view places a point for us now."""
        return self._interaction is not None

    def begin(self, node: slicer.vtkMRMLMarkupsNode) -> None:
        """Let the next clicks in a view place points of a markups node."""
        self.end()
        application = slicer.app.applicationLogic()
        selection, interaction = application.GetSelectionNode(), application.GetInteractionNode()
        selection.SetReferenceActivePlaceNodeClassName(node.GetClassName())
        selection.SetActivePlaceNodeID(node.GetID())
        interaction.SwitchToSinglePlaceMode()
        self._interaction = interaction
        self._tag = interaction.AddObserver(interaction.InteractionModeChangedEvent, self._on_mode_changed)
        self._escape.setEnabled(True)

    def end(self) -> None:
        """Leave place mode; without effect when nothing is being placed."""
        if self._interaction is None:
            return
        interaction, self._interaction = self._interaction, None
        interaction.RemoveObserver(self._tag)
        interaction.SwitchToViewTransformMode()
        self._escape.setEnabled(False)
        self._ended()

    def _on_mode_changed(self, interaction: slicer.vtkMRMLInteractionNode, event: str) -> None:
        if interaction.GetCurrentInteractionMode() != interaction.Place:
            self.end()
