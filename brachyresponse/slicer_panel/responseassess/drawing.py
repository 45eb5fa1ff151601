"""Diameters drawn by clicks: two ends of the longest, then two of the one across it."""

from __future__ import annotations

import numpy as np
import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, LineNode, VisitNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.placing import Placing
from brachyresponse.slicer_panel.responseassess.section import NO_IMAGE, NO_VISIT, Section
from brachyresponse.slicer_panel.shortcuts import Shortcuts
from brachyresponse.slicer_panel.timing import CoalescingTimer
from brachyresponse.types import FloatArray

STEPS = (_("Click both ends of the longest…"), _("Now both ends across it…"))


class DrawingSection(Section):
    """A lesion measured without a segment, on the image of the visit."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self._text = ui.drawButton.text
        self._lines: list[LineNode] = []
        self._placing = Placing(self.panel.window, self._on_ended)
        self._soon = CoalescingTimer(self._step, busy=lambda: self._placing.active)
        self.on_visit(ui.drawButton, "clicked(bool)", self._on_draw, _("The diameters cannot be drawn."))
        self._shortcuts = Shortcuts(ui.handTab, {"D": ui.drawButton})

    def refresh(self, node: AssessmentNode | None) -> None:
        """Enable what can be done."""
        visit = self.visit
        image = (visit is not None and self.logic.visitVolume(visit) is None, NO_IMAGE)
        allow(self.ui.drawButton, first_reason((visit is None, NO_VISIT), image))

    def stop_drawing(self) -> None:
        """Leave drawing; what was begun is forgotten."""
        lines, self._lines = self._lines, []
        self._placing.end()
        self._soon.cancel()
        self._forget(lines)
        self._show_step()

    def flush(self) -> None:
        """Take the next step now instead of soon."""
        self._soon.flush()

    def _on_draw(self, visit: VisitNode, start: bool) -> None:
        self.stop_drawing()
        if start:
            self._begin_line()

    def _begin_line(self) -> None:
        line = _hidden_line(slicer.mrmlScene)
        self._lines.append(line)
        self._placing.begin(line)
        self._show_step()

    def _on_ended(self) -> None:
        if self._lines:
            self._soon.request()

    def _step(self) -> None:
        """Go on to the second diameter, or hand both over."""
        if len(self._lines) == 1 and _ends_of(self._lines[0]) is not None:
            self._begin_line()
            return
        lines, self._lines = self._lines, []
        drawn = [ends for ends in map(_ends_of, lines) if ends is not None]
        self._forget(lines)
        self._show_step()
        if drawn:
            self.panel.run(lambda: self._hand_over(drawn), _("The diameters were not taken."))

    def _hand_over(self, drawn: list[FloatArray]) -> None:
        name = self.ui.handNameEdit.text.strip() or None
        across = drawn[1] if len(drawn) > 1 else None
        self.panel.lesions.choose(self.logic.addDrawnLesion(self.visit, drawn[0], across, name))

    def _show_step(self) -> None:
        self.ui.drawButton.checked = bool(self._lines)
        self.ui.drawButton.text = STEPS[len(self._lines) - 1] if self._lines else self._text

    def _forget(self, lines: list[LineNode]) -> None:
        for line in lines:
            if line.GetScene() is not None:
                line.GetScene().RemoveNode(line)


def _ends_of(line: LineNode) -> FloatArray | None:
    """The ends, (2, 3) RAS in mm; None while one is missing."""
    if line.GetScene() is None or line.GetNumberOfDefinedControlPoints() < 2:
        return None
    return np.array([line.GetNthControlPointPositionWorld(number) for number in (0, 1)])


def _hidden_line(scene: slicer.vtkMRMLScene) -> LineNode:
    """A line that is never seen in lists nor saved."""
    line = slicer.vtkMRMLMarkupsLineNode()
    line.SetName("Diameter")
    line.SetHideFromEditors(True)
    line.SetSaveWithScene(False)
    scene.AddNode(line)
    line.CreateDefaultDisplayNodes()
    return line
