"""The two diameters of a lesion as lines in the scene, which say their length and which a reader can drag."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import slicer
import vtk

from brachyresponse.errors import ResponseError
from brachyresponse.scene.needles import LINE_CLASS, is_drawn
from brachyresponse.scene.nodes import add_node, batch, get_attribute, modify, set_attribute, world_matrix
from brachyresponse.scene.response_lesions import LesionEntry, lesion_label
from brachyresponse.scene.response_parts import VisitPart, set_visit_parts, visit_parts
from brachyresponse.types import FloatArray

SLOT, DIAMETER, AS_WRITTEN, LENGTH_MM, ORIGIN = "LesionSlot", "Diameter", "AsWritten", "LengthMm", "Origin"
TOLERANCE_MM = 0.01
"""Files keep fewer digits than a double has; no reader can see this."""
HANDLE_PERCENT, LINE_SHARE, TEXT_SCALE = 1.6, 0.25, 2.6
LABEL_OFFSET = 6.0
"""Pixels between the two labels of a lesion."""
PROJECTED_OPACITY = 0.5
"""Of the ends of a line that lies in another slice."""


class Diameter(StrEnum):
    """Which of the two diameters a line is."""

    LONGEST = "longest"
    PERPENDICULAR = "perpendicular"


NAMES = {Diameter.LONGEST: "longest", Diameter.PERPENDICULAR: "across"}
"""What stands beside the lines in the views, as short as can be."""
COLOURS = {Diameter.LONGEST: (1.0, 0.85, 0.10), Diameter.PERPENDICULAR: (0.20, 0.85, 0.95)}


@dataclass(frozen=True, eq=False)
class Diameters:
    """The lines of a lesion as they lie now.

    Parameters
    ----------
    longest_ras_mm, perpendicular_ras_mm
        Ends in the world, (2, 3) mm; the second is None where only one diameter was drawn.
    is_dragged
        Whether a reader moved an end since they were written.
    """

    longest_ras_mm: FloatArray
    perpendicular_ras_mm: FloatArray | None
    is_dragged: bool


def line_nodes(
    visit_node: slicer.vtkMRMLScriptedModuleNode, slot: int
) -> dict[Diameter, slicer.vtkMRMLMarkupsLineNode]:
    """Return the lines of the lesion in a slot, by diameter; those that were deleted are not among them."""
    found = [node for node in visit_parts(visit_node, VisitPart.LINES) if get_attribute(node, SLOT) == str(slot)]
    return {Diameter(get_attribute(node, DIAMETER)): node for node in found}


def read_diameters(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> Diameters:
    """Return the lines of a lesion as they lie now, in the world.

    Raises
    ------
    ResponseError
        A line was deleted, or has not both ends.
    GeometryError
        A transform above a line is not linear.
    """
    lines = line_nodes(visit_node, entry.slot)
    label = lesion_label(visit_node, entry.id)
    if Diameter.LONGEST not in lines or (entry.size.perpendicular_mm is not None and len(lines) < len(Diameter)):
        raise ResponseError(f"{label}: a line of its diameters was deleted; measure it again, or enter its sizes.")
    for diameter, node in lines.items():
        if not is_drawn(node):
            raise ResponseError(f"{label}: the line of its {diameter} diameter has not both ends; measure it again.")
    across = lines.get(Diameter.PERPENDICULAR)
    return Diameters(
        ends_of(lines[Diameter.LONGEST]),
        None if across is None else ends_of(across),
        any(is_dragged(node) for node in lines.values()),
    )


def write_diameters(
    visit_node: slicer.vtkMRMLScriptedModuleNode,
    entry: LesionEntry,
    longest_ras_mm: FloatArray | None,
    perpendicular_ras_mm: FloatArray | None,
) -> None:
    """Draw the diameters of a lesion, (2, 3) mm in the world each; lines that are there are moved.

    A diameter that is None has no line.

    Raises
    ------
    GeometryError
        A line lies under a transform that is not linear; then none is moved.
    """
    given = {Diameter.LONGEST: longest_ras_mm, Diameter.PERPENDICULAR: perpendicular_ras_mm}
    ends = {diameter: points for diameter, points in given.items() if points is not None}
    lines = line_nodes(visit_node, entry.slot)
    for node in lines.values():
        world_matrix(node)  # all of them before the first is changed
    with batch(visit_node.GetScene()):
        kept = {diameter: lines.get(diameter) or _make(visit_node, entry, diameter) for diameter in ends}
        others = [
            node for node in visit_parts(visit_node, VisitPart.LINES) if get_attribute(node, SLOT) != str(entry.slot)
        ]
        set_visit_parts(visit_node, VisitPart.LINES, [*others, *kept.values()])
        for diameter, points in ends.items():
            _write_ends(kept[diameter], points)
            say_origin(kept[diameter], is_manual=entry.size.is_manual)
        name_lines(visit_node, entry)


def remove_lines(visit_node: slicer.vtkMRMLScriptedModuleNode, slot: int) -> None:
    """Remove the lines of the lesion in a slot."""
    kept = [node for node in visit_parts(visit_node, VisitPart.LINES) if get_attribute(node, SLOT) != str(slot)]
    set_visit_parts(visit_node, VisitPart.LINES, kept)


def name_lines(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> None:
    """Name the lines of a lesion by it and the diameter: what stands beside them in the views, with the length.

    They lie in the folder of their visit, which has the day.
    """
    for diameter, node in line_nodes(visit_node, entry.slot).items():
        node.SetName(f"{entry.id} {NAMES[diameter]}")
        for index in range(node.GetNumberOfControlPoints()):
            node.SetNthControlPointLabel(index, "" if index else entry.id)


def put_lines_first(visit_node: slicer.vtkMRMLScriptedModuleNode, slot: int) -> None:
    """Show the lines of a lesion with their lengths, to be dragged in their slice."""
    for diameter, node in line_nodes(visit_node, slot).items():
        _show(node, diameter, has_length=True, is_projected=False)


def put_lines_beside(
    visit_node: slicer.vtkMRMLScriptedModuleNode, slot: int, first_ras_mm: FloatArray, *, is_same_lesion: bool
) -> None:
    """Show the lines of a lesion beside those of the first: their ends in all slices, since each has its own.

    They cannot be dragged, which in another slice would take them off their own. Another lesion than the first has its
    name alone, at the end that is farther from the first, so that labels do not lie over each other; the same lesion
    at another visit has its lengths.
    """
    for diameter, node in line_nodes(visit_node, slot).items():
        _show(node, diameter, has_length=is_same_lesion, is_projected=True)
        if diameter is Diameter.LONGEST and is_drawn(node):
            _name_end(node, int(np.argmax(np.linalg.norm(_own_ends(node) - first_ras_mm, axis=1))))


def _show(
    line_node: slicer.vtkMRMLMarkupsLineNode, diameter: Diameter, *, has_length: bool, is_projected: bool
) -> None:
    display = line_node.GetDisplayNode()
    if display is None:
        return
    _set_beside(display.GetTextProperty(), diameter)  # which scene files do not keep
    display.SetPropertiesLabelVisibility(has_length)
    display.SetPointLabelsVisibility(not has_length and diameter is Diameter.LONGEST)
    display.SetSliceProjection(is_projected)
    for index in range(line_node.GetNumberOfControlPoints()):
        line_node.SetNthControlPointLocked(index, is_projected)


def _name_end(line_node: slicer.vtkMRMLMarkupsLineNode, end: int) -> None:
    name = line_node.GetName().removesuffix(f" {NAMES[Diameter.LONGEST]}")
    for index in range(line_node.GetNumberOfControlPoints()):
        line_node.SetNthControlPointLabel(index, name if index == end else "")


def ends_of(line_node: slicer.vtkMRMLMarkupsLineNode) -> FloatArray:
    """Return the ends of a line in the world, (2, 3) mm; linear transforms above it are applied.

    Raises
    ------
    GeometryError
        A transform above it is not linear.
    """
    to_world = world_matrix(line_node)
    return _own_ends(line_node) @ to_world[:3, :3].T + to_world[:3, 3]


def is_dragged(line_node: slicer.vtkMRMLMarkupsLineNode) -> bool:
    """Tell whether a line was changed since it was written: an end was moved, or a transform changed its length."""
    written = np.array(json.loads(get_attribute(line_node, AS_WRITTEN, "[]")), float)
    if written.shape != (2, 3) or not is_drawn(line_node):
        return True
    moved = np.abs(_own_ends(line_node) - written).max()
    stretched = abs(length_mm(ends_of(line_node)) - float(get_attribute(line_node, LENGTH_MM, "0")))
    return bool(moved > TOLERANCE_MM or stretched > TOLERANCE_MM)


def length_mm(ends_mm: FloatArray) -> float:
    """Return the distance of two ends, (2, 3)."""
    return float(np.linalg.norm(ends_mm[1] - ends_mm[0]))


def say_origin(line_node: slicer.vtkMRMLMarkupsLineNode, *, is_manual: bool) -> None:
    """Say on a line whether its length is the reader's: in its attribute, and by its description."""
    origin = "manual" if is_manual else "automatic"
    if get_attribute(line_node, ORIGIN) != origin:
        set_attribute(line_node, ORIGIN, origin)
        line_node.SetDescription(f"{get_attribute(line_node, DIAMETER)} diameter, {origin}")


def _own_ends(line_node: slicer.vtkMRMLMarkupsLineNode) -> FloatArray:
    return np.array([line_node.GetNthControlPointPosition(index) for index in range(2)], float)


def _write_ends(line_node: slicer.vtkMRMLMarkupsLineNode, ends_ras_mm: FloatArray) -> None:
    from_world = np.linalg.inv(world_matrix(line_node))
    own = np.asarray(ends_ras_mm, float) @ from_world[:3, :3].T + from_world[:3, 3]
    with modify(line_node):
        while line_node.GetNumberOfControlPoints() < len(own):
            line_node.AddControlPoint(0.0, 0.0, 0.0)
        for index, position in enumerate(own.tolist()):
            line_node.SetNthControlPointPosition(index, *position)
        set_attribute(line_node, AS_WRITTEN, json.dumps(own.tolist()))
        set_attribute(line_node, LENGTH_MM, repr(length_mm(np.asarray(ends_ras_mm, float))))


def _make(
    visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry, diameter: Diameter
) -> slicer.vtkMRMLMarkupsLineNode:
    node = add_node(visit_node.GetScene(), LINE_CLASS, f"{entry.id} {NAMES[diameter]}")
    set_attribute(node, SLOT, str(entry.slot))
    set_attribute(node, DIAMETER, diameter.value)
    node.CreateDefaultDisplayNodes()
    display = node.GetDisplayNode()
    display.SetSelectedColor(*COLOURS[diameter])
    display.SetColor(*COLOURS[diameter])
    display.SetGlyphScale(HANDLE_PERCENT)
    display.SetCurveLineSizeMode(display.UseLineThickness)
    display.SetLineThickness(LINE_SHARE)
    display.SetTextScale(TEXT_SCALE)
    _set_beside(display.GetTextProperty(), diameter)
    display.SetSnapMode(display.SnapModeUnconstrained)  # the default makes ends jump to visible surfaces
    display.SetSliceProjectionOpacity(PROJECTED_OPACITY)
    display.SetPropertiesLabelVisibility(True)  # name and length, beside the line
    display.SetPointLabelsVisibility(False)
    return node


def _set_beside(text: vtk.vtkTextProperty, diameter: Diameter) -> None:
    """Keep the labels apart, which both begin in the middle of the lesion: one to the upper left, one lower right."""
    if diameter is Diameter.LONGEST:
        text.SetJustificationToRight()
        text.SetVerticalJustificationToBottom()
    else:
        text.SetJustificationToLeft()
        text.SetVerticalJustificationToTop()
        text.SetLineOffset(LABEL_OFFSET)
