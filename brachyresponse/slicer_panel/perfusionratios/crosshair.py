"""Where the mouse points in the slices, told once for a burst of moves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import slicer
from slicer.util import VTKObservationMixin

from brachyresponse.slicer_panel.timing import CoalescingTimer
from brachyresponse.types import FloatArray

GATHER_MS = 60
CROSSHAIR = ("default", "vtkMRMLCrosshairNode")


class CrosshairFollower(VTKObservationMixin):  # type: ignore[misc]  # Slicer's Python has no types
    """Watches the crosshair while it is followed.

    Parameters
    ----------
    moved
        Told the place, (3,) RAS in mm.
    busy
        Whether moves have to wait.
    """

    def __init__(self, moved: Callable[[FloatArray], None], busy: Callable[[], bool]) -> None:
        super().__init__()
        self._moved = moved
        self.timer = CoalescingTimer(self._tell, interval_ms=GATHER_MS, busy=busy)

    @property
    def following(self) -> bool:
        """Whether the crosshair is watched now."""
        return bool(self.Observations)

    def follow(self, on: bool) -> None:
        """Watch the crosshair, or let it go."""
        if on == self.following:
            return
        self.removeObservers()
        self.timer.cancel()
        node = crosshair(slicer.mrmlScene)
        if on and node is not None:
            self.addObserver(node, node.CursorPositionModifiedEvent, self._on_moved)

    def _on_moved(self, node: slicer.vtkMRMLCrosshairNode, event: str) -> None:
        self.timer.request()

    def _tell(self) -> None:
        place, node = [0.0, 0.0, 0.0], crosshair(slicer.mrmlScene)
        if node is not None and node.GetCursorPositionRAS(place):
            self._moved(np.array(place))


def crosshair(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLCrosshairNode | None:
    """Return the crosshair of a scene."""
    return scene.GetSingletonNode(*CROSSHAIR)
