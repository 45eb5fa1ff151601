"""Points of a chart that the user clicks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import slicer
import vtk

SIGNAL = "dataSelected(vtkStringArray*,vtkCollection*)"


class ChartClicks:
    """Tells which single point was clicked in any of the window's charts.

    Parameters
    ----------
    on_point
        Told the ID of the plot series' node and the row of its table.
    """

    def __init__(self, on_point: Callable[[str, int], None]) -> None:
        self._on_point = on_point
        self._followed: list[Any] = []

    def follow(self) -> None:
        """Listen to the plots that the layout has now; those known already are not listened to twice."""
        manager = slicer.app.layoutManager()
        for index in range(manager.plotViewCount if manager else 0):
            view = manager.plotWidget(index).plotView()
            if view not in self._followed:
                view.connect(SIGNAL, self._on_selected)
                self._followed.append(view)

    def end(self) -> None:
        """Listen no more."""
        for view in self._followed:
            view.disconnect(SIGNAL, self._on_selected)
        self._followed.clear()

    def _on_selected(self, series_ids: vtk.vtkStringArray, selections: vtk.vtkCollection) -> None:
        if series_ids.GetNumberOfValues() == 1 and selections.GetNumberOfItems() == 1:
            rows = selections.GetItemAsObject(0)
            if rows.GetNumberOfValues() == 1:
                self._on_point(series_ids.GetValue(0), int(rows.GetValue(0)))
