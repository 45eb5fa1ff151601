"""One click in a view, and what is done at that place."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import qt
import slicer
from slicer.util import VTKObservationMixin

from brachyresponse.slicer_panel.placing import Placing
from brachyresponse.slicer_panel.timing import CoalescingTimer
from brachyresponse.types import FloatArray


class Clicking(VTKObservationMixin):  # type: ignore[misc]  # Slicer's Python has no types
    """Waits for a click in a view and hands its place over, once the event of the click is through.

    Parameters
    ----------
    window
        Widget in whose window Escape ends it.
    clicked
        Told the place, (3,) RAS in mm.
    ended
        Told that no click is waited for any more.
    """

    def __init__(self, window: qt.QWidget, clicked: Callable[[FloatArray], None], ended: Callable[[], None]) -> None:
        super().__init__()
        self._clicked, self._ended = clicked, ended
        self._placing = Placing(window, self._on_ended)
        self._point: slicer.vtkMRMLMarkupsFiducialNode | None = None
        self._place: FloatArray | None = None
        self._soon = CoalescingTimer(self._hand_over, busy=lambda: self._placing.active)

    def begin(self, scene: slicer.vtkMRMLScene) -> None:
        """Wait for a click."""
        self.end()
        self._point = _hidden_point(scene)
        self.addObserver(self._point, self._point.PointPositionDefinedEvent, self._on_point)
        self._placing.begin(self._point)

    def end(self) -> None:
        """Wait no longer."""
        self._placing.end()
        self._forget_point()

    def flush(self) -> None:
        """Hand over a click now instead of soon."""
        self._soon.flush()

    def _on_point(self, point: slicer.vtkMRMLMarkupsFiducialNode, event: str) -> None:
        self._place = np.array(point.GetNthControlPointPositionWorld(point.GetNumberOfControlPoints() - 1))
        self._soon.request()

    def _on_ended(self) -> None:
        self._soon.request()
        self._ended()

    def _hand_over(self) -> None:
        place, self._place = self._place, None
        self._forget_point()
        if place is not None:
            self._clicked(place)

    def _forget_point(self) -> None:
        self.removeObservers()
        point, self._point = self._point, None
        if point is not None and point.GetScene() is not None:
            point.GetScene().RemoveNode(point)


def _hidden_point(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLMarkupsFiducialNode:
    """A point that is never seen in lists nor saved."""
    point = slicer.vtkMRMLMarkupsFiducialNode()
    point.SetName("Lesion")
    point.SetHideFromEditors(True)
    point.SetSaveWithScene(False)
    scene.AddNode(point)
    point.CreateDefaultDisplayNodes()
    return point
