"""Needles as lines of a plan: numbered, exact, turned with a transform, and refused when half drawn."""

from __future__ import annotations

import numpy as np
import pytest
import slicer

from brachyresponse.errors import GeometryError, PlanError
from brachyresponse.planning import Needle
from brachyresponse.scene.needles import (
    add_needle_node,
    is_drawn,
    needle_node,
    read_needle,
    read_needles,
    write_needle,
    write_needles,
)
from brachyresponse.scene.plan_parts import PlanRole, plan_parts
from brachyresponse.scene.plans import create_plan
from scene.building import linear_transform

NEEDLES = (
    Needle(1, [0.1, 0.2, 0.3], [0.1, 0.2, 80.3], "B2"),
    Needle(2, [5.1, 0.2, 0.3], [7.0, 0.2, 80.3]),
    Needle(4, [9.1, 0.2, 0.3], [9.1, 10.2, 80.3]),
)


@pytest.fixture
def plan(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLScriptedModuleNode:
    return create_plan(scene, "Plan A")


def test_needles_come_back_exactly_and_by_number(plan: slicer.vtkMRMLScriptedModuleNode) -> None:
    write_needles(reversed(NEEDLES), plan)
    assert read_needles(plan) == NEEDLES
    assert [node.GetName() for node in plan_parts(plan, PlanRole.NEEDLE)] == [
        "Plan A needle 1",
        "Plan A needle 2",
        "Plan A needle 4",
    ]


def test_writing_again_keeps_the_nodes_of_needles_that_stay(plan: slicer.vtkMRMLScriptedModuleNode) -> None:
    write_needles(NEEDLES, plan)
    kept, count = needle_node(plan, 2), plan.GetScene().GetNumberOfNodesByClass("vtkMRMLMarkupsLineNode")
    moved = Needle(2, [6.0, 0.0, 0.0], [6.0, 0.0, 50.0])
    write_needles([moved, NEEDLES[2]], plan)
    assert needle_node(plan, 2) is kept
    assert read_needles(plan) == (moved, NEEDLES[2])
    assert plan.GetScene().GetNumberOfNodesByClass("vtkMRMLMarkupsLineNode") == count - 1
    with pytest.raises(PlanError, match=r"'Plan A' has no needle 1 \(needles: 2, 4\)"):
        needle_node(plan, 1)


def test_a_transform_turns_a_needle_and_a_hardened_one_agrees(
    plan: slicer.vtkMRMLScriptedModuleNode, turned: slicer.vtkMRMLTransformNode
) -> None:
    write_needles(NEEDLES, plan)
    line = needle_node(plan, 2)
    line.SetAndObserveTransformNodeID(turned.GetID())
    applied = read_needle(line)
    line.HardenTransform()
    np.testing.assert_allclose(applied.direction, read_needle(line).direction, atol=1e-12)  # rounding of a product
    assert applied.direction @ NEEDLES[1].direction < 0.99
    assert applied.length_mm == pytest.approx(NEEDLES[1].length_mm)


def test_a_needle_is_written_in_the_world_under_a_transform(
    plan: slicer.vtkMRMLScriptedModuleNode, turned: slicer.vtkMRMLTransformNode
) -> None:
    line = add_needle_node(plan)
    line.SetAndObserveTransformNodeID(turned.GetID())
    write_needle(NEEDLES[0], line)
    np.testing.assert_allclose(read_needle(line).tip_mm, NEEDLES[0].tip_mm, atol=1e-9)  # rounding of a product


def test_a_needle_that_is_being_drawn_is_passed_over_in_the_plan_and_refused_by_itself(
    plan: slicer.vtkMRMLScriptedModuleNode,
) -> None:
    write_needles(NEEDLES, plan)
    line = add_needle_node(plan)
    line.AddControlPoint(0.0, 0.0, 0.0)
    assert not is_drawn(line)
    write_needles(NEEDLES, plan)
    assert line.GetScene() is not None
    assert read_needles(plan) == NEEDLES
    with pytest.raises(PlanError, match="Needle 'Plan A needle 5' has not both ends"):
        read_needle(line)
    line.AddControlPoint(0.0, 0.0, 30.0)
    assert read_needles(plan)[-1].number == 5


def test_lines_that_are_no_needles_are_refused_by_name(
    scene: slicer.vtkMRMLScene, plan: slicer.vtkMRMLScriptedModuleNode
) -> None:
    with pytest.raises(PlanError, match="Line 'Ruler' has no needle number"):
        read_needle(scene.AddNewNodeByClass("vtkMRMLMarkupsLineNode", "Ruler"))
    line = add_needle_node(plan)
    line.AddControlPoint(1.0, 1.0, 1.0)
    line.AddControlPoint(1.0, 1.0, 1.0)
    with pytest.raises(PlanError, match="'Plan A needle 1': Needle 1 has its tip at its entry"):
        read_needle(line)


def test_a_scaling_transform_stops_writing_before_anything_has_changed(
    scene: slicer.vtkMRMLScene, plan: slicer.vtkMRMLScriptedModuleNode
) -> None:
    write_needles(NEEDLES, plan)
    needle_node(plan, 4).SetAndObserveTransformNodeID(linear_transform(scene, 2 * np.eye(3)).GetID())
    with pytest.raises(GeometryError, match="'Plan A needle 4' lies under the transform 'Turned'"):
        write_needles([Needle(1, [0, 0, 0], [1, 1, 1]), *NEEDLES[1:]], plan)
    assert read_needle(needle_node(plan, 1)) == NEEDLES[0]
