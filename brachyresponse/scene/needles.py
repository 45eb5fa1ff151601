"""Needles as lines in the scene, one node each: the first point is the entry, the second the tip."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning import Needle
from brachyresponse.planning.needles import check_numbers
from brachyresponse.scene.nodes import get_attribute, modify, require_node, rigid_world_matrix, set_attribute
from brachyresponse.scene.plan_parts import PlanRole, plan_parts, set_plan_parts

NUMBER, HOLE = "NeedleNumber", "Hole"
LINE_CLASS = "vtkMRMLMarkupsLineNode"
COLOUR = (0.62, 0.83, 1.0)
HANDLE_MM, LINE_MM = 2.5, 0.5  # thinner than a seed, which must show


def read_needle(line_node: slicer.vtkMRMLMarkupsLineNode) -> Needle:
    """Return the needle that a line stands for, in the world.

    Raises
    ------
    SceneError
        There is no such node.
    PlanError
        The line has no number, or not two points apart.
    GeometryError
        A transform above it does more than turn and move.
    """
    require_node(line_node, LINE_CLASS, "needle")
    number = get_attribute(line_node, NUMBER)
    if not number.isdecimal():
        raise PlanError(f"Line {line_node.GetName()!r} has no needle number: add it to the plan as a needle.")
    if not is_drawn(line_node):
        raise PlanError(f"Needle {line_node.GetName()!r} has not both ends: click its entry and its tip, or delete it.")
    to_world = rigid_world_matrix(line_node)
    ends = np.array([line_node.GetNthControlPointPosition(n) for n in range(2)])
    entry_mm, tip_mm = ends @ to_world[:3, :3].T + to_world[:3, 3]
    try:
        return Needle(int(number), entry_mm, tip_mm, get_attribute(line_node, HOLE))
    except PlanError as error:
        raise PlanError(f"{line_node.GetName()!r}: {error}") from error


def write_needle(needle: Needle, line_node: slicer.vtkMRMLMarkupsLineNode) -> None:
    """Make a line the needle: ends, number and hole.

    Raises
    ------
    SceneError, GeometryError
        There is no such node, or it lies under a transform that is not rigid.
    """
    require_node(line_node, LINE_CLASS, "needle")
    from_world = np.linalg.inv(rigid_world_matrix(line_node))
    ends = np.array([needle.entry_mm, needle.tip_mm]) @ from_world[:3, :3].T + from_world[:3, 3]
    with modify(line_node):
        set_attribute(line_node, NUMBER, str(needle.number))
        set_attribute(line_node, HOLE, needle.hole)
        for index, (position, label) in enumerate(zip(ends, ("entry", "tip"), strict=True)):
            if index == line_node.GetNumberOfControlPoints():
                line_node.AddControlPoint(*position.tolist())
            line_node.SetNthControlPointPosition(index, *position.tolist())
            line_node.SetNthControlPointLabel(index, label)


def is_drawn(line_node: slicer.vtkMRMLMarkupsLineNode) -> bool:
    """Tell whether both ends of a line are set; while the user draws it, they are not."""
    status = [line_node.GetNthControlPointPositionStatus(n) for n in range(line_node.GetNumberOfControlPoints())]
    return status == [line_node.PositionDefined] * 2


def read_needles(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[Needle, ...]:
    """Return the needles of a plan, by number; one that is still being drawn is passed over.

    Raises
    ------
    SceneError, PlanError, GeometryError
        There is no such plan, a line cannot be read as a needle, or two have the same number.
    """
    needles = [read_needle(node) for node in plan_parts(plan_node, PlanRole.NEEDLE) if is_drawn(node)]
    check_numbers(needles)
    return tuple(sorted(needles, key=lambda needle: needle.number))


def write_needles(needles: Iterable[Needle], plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Make the needles of a plan these: lines are updated, added and removed by the needles' numbers.

    A line that is still being drawn stays.

    Raises
    ------
    SceneError, PlanError, GeometryError
        There is no such plan, two needles have the same number, or a line lies under a transform that is not rigid.
    """
    needles = sorted(needles, key=lambda needle: needle.number)
    check_numbers(needles)
    nodes = {get_attribute(node, NUMBER): node for node in plan_parts(plan_node, PlanRole.NEEDLE)}
    for node in nodes.values():
        rigid_world_matrix(node)  # all of them before the first is changed
    kept = []
    for needle in needles:
        node = nodes.pop(str(needle.number), None) or create_needle_node(plan_node, needle.number)
        write_needle(needle, node)
        kept.append(node)
    set_plan_parts(plan_node, PlanRole.NEEDLE, kept + [node for node in nodes.values() if not is_drawn(node)])


def needle_node(plan_node: slicer.vtkMRMLScriptedModuleNode, number: int) -> slicer.vtkMRMLMarkupsLineNode:
    """Return the line of a needle of a plan.

    Raises
    ------
    SceneError, PlanError
        There is no such plan or needle.
    """
    nodes = {get_attribute(node, NUMBER): node for node in plan_parts(plan_node, PlanRole.NEEDLE)}
    if str(number) not in nodes:
        raise PlanError(f"Plan {plan_node.GetName()!r} has no needle {number} (needles: {', '.join(nodes) or 'none'}).")
    return nodes[str(number)]


def add_needle_node(plan_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLMarkupsLineNode:
    """Add a line to a plan for the user to draw as its next needle, and return it."""
    nodes = plan_parts(plan_node, PlanRole.NEEDLE)
    number = 1 + max((int(get_attribute(node, NUMBER, "0")) for node in nodes), default=0)
    node = create_needle_node(plan_node, number)
    set_plan_parts(plan_node, PlanRole.NEEDLE, [*nodes, node])
    return node


def create_needle_node(plan_node: slicer.vtkMRMLScriptedModuleNode, number: int) -> slicer.vtkMRMLMarkupsLineNode:
    """Add a line without points, numbered, that is not yet among the plan's needles."""
    node = plan_node.GetScene().AddNewNodeByClass(LINE_CLASS, f"{plan_node.GetName()} needle {number}")
    set_attribute(node, NUMBER, str(number))
    node.CreateDefaultDisplayNodes()
    display = node.GetDisplayNode()
    display.SetSelectedColor(*COLOUR)
    display.SetUseGlyphScale(False)
    display.SetGlyphSize(HANDLE_MM)
    display.SetCurveLineSizeMode(display.UseLineDiameter)
    display.SetLineDiameter(LINE_MM)
    display.SetSnapMode(display.SnapModeUnconstrained)  # the default makes ends jump to visible surfaces
    display.SetPropertiesLabelVisibility(False)
    return node
