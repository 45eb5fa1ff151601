"""What the tests of all panels share: a module's widget, and a user's hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class ModulePanelHand:
    """The widget with what a test asks of it.

    Parameters
    ----------
    widget
        The module's widget.
    patient
        Nodes and segment IDs that the test put into the scene.
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

    def click(self, name: str) -> None:
        """Click a button, as the user does: one that is not enabled cannot be clicked."""
        button = getattr(self.ui, name)
        assert button.enabled, f"{name} cannot be clicked: {button.toolTip}"
        button.click()
        self.settle()

    def settle(self) -> None:
        """Let timers and events do what they want to do."""
        import slicer

        slicer.app.processEvents()
        self.widget.panel.follower.timer.flush()
        self.widget.panel.redraw.flush()
        slicer.app.processEvents()

    def write(self, name: str, text: str) -> None:
        """Type into a line and leave it."""
        edit = getattr(self.ui, name)
        edit.text = text
        edit.editingFinished.emit()
        self.settle()

    def choose_word(self, name: str, value: str) -> None:
        """Choose in a combo box what stands for a value."""
        selector = getattr(self.ui, name)
        row = selector.findData(str(value))
        assert row >= 0, f"{name} has no {value!r}"
        selector.setCurrentIndex(row)
        selector.activated.emit(row)
        self.settle()

    def drag(self, node: Any, index: int, *steps_mm: tuple[float, float, float], release: bool = True) -> None:
        """Drag a control point through positions, with the events of Slicer's own interaction."""
        node.InvokeEvent(node.PointStartInteractionEvent)
        for step in steps_mm:
            node.SetNthControlPointPositionWorld(index, *step)
            self.settle()
        if release:
            node.InvokeEvent(node.PointEndInteractionEvent)
            self.settle()

    def column(self, table: str, column: int) -> list[str]:
        """Texts of a column of one of the panel's tables."""
        widget = getattr(self.ui, table)
        return [widget.item(row, column).text() for row in range(widget.rowCount)]


def light_of(panel: Any, size: tuple[int, int]) -> list[int]:
    """Lightness, 0 to 255, of points all over a panel that is shown in a size."""
    picture = panel.grab().toImage()
    return [picture.pixelColor(x, y).lightness() for x in range(0, size[0], 4) for y in range(0, size[1], 4)]
