"""What the tests of the BrachyDose panel share: the panel with a small patient, and a user's hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

SECTIONS = (
    "patientSection", "sourceSection", "needlesSection", "seedsSection", "doseSection", "resultsSection",
    "filesSection", "advancedSection",
)  # fmt: skip


@dataclass
class Panel:
    """The widget with what a test asks of it.

    Parameters
    ----------
    widget
        ``BrachyDoseWidget``.
    patient
        The small patient's nodes and segment IDs.
    errors
        Texts of the message boxes that were shown.
    """

    widget: Any
    patient: dict[str, Any]
    errors: list[str]

    @property
    def ui(self) -> Any:
        return self.widget.ui

    @property
    def logic(self) -> Any:
        return self.widget.logic

    @property
    def plan(self) -> Any:
        return self.widget.panel.plan

    @property
    def seeds_node(self) -> Any:
        from brachyresponse.scene.plans import seeds_node_of

        return seeds_node_of(self.plan)

    def click(self, name: str) -> None:
        """Click a button, as the user does: one that is not enabled cannot be clicked."""
        button = getattr(self.ui, name)
        assert button.enabled, f"{name} cannot be clicked"
        button.click()
        self.settle()

    def settle(self) -> None:
        """Let timers and events do what they want to do."""
        import slicer

        slicer.app.processEvents()
        self.widget.panel.follower.timer.flush()
        self.widget.panel.redraw.flush()
        slicer.app.processEvents()

    def choose_patient(self) -> None:
        """Choose image, structures and target in the selectors."""
        self.ui.volumeSelector.setCurrentNode(self.patient["volume"])
        self.ui.segmentationSelector.setCurrentNode(self.patient["segmentation"])
        self.ui.targetSelector.setCurrentSegmentID(self.patient["GTV"])
        self.settle()

    def plan_by_template(self) -> None:
        """Choose the patient, make a template and load it."""
        self.choose_patient()
        self.ui.templatePitchSpinBox.value = 8
        self.ui.seedSpacingSpinBox.value = 8
        self.ui.doseSpacingSpinBox.value = 2
        self.ui.doseMarginSpinBox.value = 15
        self.click("makeTemplateButton")
        self.click("loadNeedlesButton")

    def drag(self, node: Any, index: int, *steps_mm: tuple[float, float, float], release: bool = True) -> None:
        """Drag a control point through positions, with the events of Slicer's own interaction."""
        node.InvokeEvent(node.PointStartInteractionEvent)
        for step in steps_mm:
            node.SetNthControlPointPositionWorld(index, *step)
            self.settle()
        if release:
            node.InvokeEvent(node.PointEndInteractionEvent)
            self.settle()

    def position(self, index: int) -> np.ndarray:
        return np.array(self.seeds_node.GetNthControlPointPositionWorld(index))

    def column(self, table: str, column: int) -> list[str]:
        """Texts of a column of one of the panel's tables."""
        widget = getattr(self.ui, table)
        return [widget.item(row, column).text() for row in range(widget.rowCount)]
