"""Setting the selectors of a panel without being taken for the user."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import qt
import slicer


@contextmanager
def quiet(*widgets: qt.QWidget) -> Iterator[None]:
    """Let widgets be set without telling anybody."""
    was = [widget.blockSignals(True) for widget in widgets]
    try:
        yield
    finally:
        for widget, blocked in zip(widgets, was, strict=True):
            widget.blockSignals(blocked)


def show_node(selector: qt.QWidget, node: slicer.vtkMRMLNode | None) -> None:
    """Show a node in a selector of nodes."""
    with quiet(selector):
        selector.setCurrentNode(node)


def let_go(selectors: Iterable[qt.QWidget], node: slicer.vtkMRMLNode) -> None:
    """Show nothing in those selectors that show a node which is about to be removed.

    Slicer would put its neighbour in the list in its place, as if the user had chosen that one.
    """
    for selector in selectors:
        if selector.currentNode() is node:
            show_node(selector, None)


def show_segments(
    selector: qt.QWidget, node: slicer.vtkMRMLSegmentationNode | None, chosen: Sequence[tuple[qt.QWidget, str]]
) -> None:
    """Show a segmentation in its selector, and in each selector of segments the ID that is chosen; empty for none."""
    show_node(selector, node)
    for segment_selector, segment in chosen:
        with quiet(segment_selector):
            segment_selector.setCurrentNode(node)
            segment_selector.setCurrentSegmentID(segment)
