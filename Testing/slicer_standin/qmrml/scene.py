"""What every widget with a MRML scene shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shiboken6

from slicer_standin import qt
from slicer_standin.stand_in import stand_in


class SceneHolder:
    """The scene of a widget, and observers that end with the widget or with the next scene."""

    def mrmlScene(self) -> Any:
        """The scene, or None."""
        return self.__dict__.get("_scene")

    def setMRMLScene(self, scene: Any) -> None:
        """Show another scene."""
        if scene is self.mrmlScene():
            return
        self._forget_observations()
        self.__dict__["_scene"] = scene
        self._scene_changed()
        if hasattr(type(self), "mrmlSceneChanged"):
            self.mrmlSceneChanged.emit(scene)

    def _scene_changed(self) -> None:
        """For the widgets: observe and show the new scene."""

    def _observe(self, observed: Any, event: int | str, callback: Callable[..., None]) -> None:
        """Call back while this widget lives: VTK keeps observers of widgets that Qt has deleted."""
        if "_observations" not in self.__dict__:
            self.__dict__["_observations"] = observations = {}
            self.destroyed.connect(lambda: _end_all(observations))

        def guarded(caller: Any, event_name: str, *data: Any) -> None:
            if shiboken6.isValid(self):
                callback(*data)

        if hasattr(callback, "CallDataType"):
            guarded.CallDataType = callback.CallDataType
        tag = observed.AddObserver(event, guarded)
        self.__dict__["_observations"].setdefault(observed, []).append(tag)

    def _forget_observations(self, observed: Any = None) -> None:
        """End the observations of one object, or all."""
        observations = self.__dict__.get("_observations", {})
        if observed is None:
            _end_all(observations)
        for tag in observations.pop(observed, []):
            observed.RemoveObserver(tag)


def _end_all(observations: dict[Any, list[int]]) -> None:
    """End them without the widget, which is gone when Qt tells of it; dead ones would slow every later event."""
    for observed, tags in observations.items():
        for tag in tags:
            observed.RemoveObserver(tag)
    observations.clear()


@stand_in
class qMRMLWidget(SceneHolder, qt.QWidget):
    """A widget with a scene; the top of every module's panel."""

    mrmlSceneChanged = qt.Signal(object)
    cpp_signals = ("mrmlSceneChanged(vtkMRMLScene*)",)

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        qt.QWidget.__init__(self, parent)


@stand_in
class qSlicerWidget(SceneHolder, qt.QWidget):
    """Like qMRMLWidget, of the application's layer."""

    mrmlSceneChanged = qt.Signal(object)
    cpp_signals = ("mrmlSceneChanged(vtkMRMLScene*)",)

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        qt.QWidget.__init__(self, parent)
