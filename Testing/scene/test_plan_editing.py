"""Edits of a plan's needles and seeds: undo, redo, and following what the user drags."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("slicer_core", reason="needs the slicer-core wheel")

from brachyresponse.planning import Needle
from brachyresponse.planning.implant import Implant
from brachyresponse.scene.needles import needle_node
from brachyresponse.scene.plan_editing import PlanEditor
from brachyresponse.scene.plan_parts import remove_part
from brachyresponse.scene.plans import create_plan, seeds_node_of
from brachyresponse.seeds import Seeds

TOLERANCE_MM = 1e-6  # rounding of a few matrix products at 100 mm


def an_implant() -> Implant:
    """Two needles along z, two seeds on the first and one on the second."""
    needles = (
        Needle(1, np.zeros(3), np.array([0, 0, 100.0])),
        Needle(2, np.array([10.0, 0, 0]), np.array([10.0, 0, 80])),
    )
    return Implant(needles, Seeds([[0, 0, 40], [0, 0, 50], [10, 0, 30]], [[0, 0, 1.0]] * 3, 0.5, needle=[1, 1, 2]))


@pytest.fixture
def plan(scene: Any) -> Any:
    return create_plan(scene)


@pytest.fixture
def editor(plan: Any) -> PlanEditor:
    """An editor that has put the implant into the plan."""
    editor = PlanEditor()
    editor.edit(plan, an_implant())
    return editor


def position(plan: Any, index: int) -> np.ndarray:
    return np.array(seeds_node_of(plan).GetNthControlPointPositionWorld(index))


def drag_seed(plan: Any, index: int, *position_mm: float) -> None:
    seeds_node_of(plan).SetNthControlPointPositionWorld(index, *position_mm)


def test_what_is_written_can_be_read(editor: PlanEditor, plan: Any) -> None:
    assert editor.implant(plan) == an_implant()


def test_steps_are_taken_back_and_done_again_in_order(editor: PlanEditor, plan: Any) -> None:
    implant = an_implant()
    editor.edit(plan, implant.with_seeds(implant.seeds.without(0)))
    editor.edit(plan, implant.without_needles([1]))
    assert editor.undo(plan).seeds.count == 2
    assert editor.undo(plan) == an_implant()
    assert editor.undo(plan).seeds.count == 0
    assert not editor.can_undo(plan)
    assert editor.redo(plan) == an_implant()
    assert editor.can_redo(plan)


def test_an_edit_forgets_what_was_taken_back(editor: PlanEditor, plan: Any) -> None:
    editor.edit(plan, an_implant().without_needles([1]))
    editor.undo(plan)
    editor.edit(plan, an_implant().without_needles([2]))
    assert not editor.can_redo(plan)


def test_what_a_script_did_to_the_nodes_is_a_step_too(editor: PlanEditor, plan: Any) -> None:
    drag_seed(plan, 0, 0, 0, 45)
    editor.edit(plan, an_implant().without_needles([2]))
    np.testing.assert_allclose(editor.undo(plan).seeds.positions_mm[0], [0, 0, 45], atol=TOLERANCE_MM)
    assert editor.undo(plan) == an_implant()


class TestFollowing:
    def test_a_dragged_seed_stays_on_its_needle(self, editor: PlanEditor, plan: Any) -> None:
        drag_seed(plan, 0, 7, -3, 44)
        assert editor.follow(plan, 0.5)
        np.testing.assert_allclose(position(plan, 0), [0, 0, 44], atol=TOLERANCE_MM)

    def test_a_drag_is_one_step_however_long(self, editor: PlanEditor, plan: Any) -> None:
        for depth in range(41, 60):
            drag_seed(plan, 0, 1, 1, depth)
            assert editor.follow(plan, 0.5, final=False)
        editor.follow(plan, 0.5, final=True)
        assert editor.undo(plan) == an_implant()

    def test_a_needle_takes_its_seeds_along_and_gives_them_back(self, editor: PlanEditor, plan: Any) -> None:
        tip = needle_node(plan, 1)
        for depth in (45, 20, 120):  # in between, the needle is too short for its seeds
            tip.SetNthControlPointPositionWorld(1, 0, 0, depth)
            editor.follow(plan, 0.5, final=False)
        editor.follow(plan, 0.5)
        np.testing.assert_allclose(position(plan, 1), [0, 0, 50], atol=TOLERANCE_MM)

    def test_a_clicked_point_becomes_a_free_seed(self, editor: PlanEditor, plan: Any) -> None:
        seeds_node_of(plan).AddControlPointWorld(20, 30, 40)
        editor.follow(plan, 0.75)
        added = editor.implant(plan).seeds.select(3)
        assert added.needle[0] == 0
        assert not added.axis_known[0]
        assert added.air_kerma_strength_u[0] == 0.75

    def test_a_needle_deleted_in_the_scene_leaves_its_seeds_free(self, editor: PlanEditor, plan: Any) -> None:
        remove_part(needle_node(plan, 1))
        editor.follow(plan, 0.5)
        np.testing.assert_array_equal(editor.implant(plan).seeds.needle, [0, 0, 2])
        assert editor.undo(plan) == an_implant()

    def test_nothing_is_said_to_have_changed_when_nothing_has(self, editor: PlanEditor, plan: Any) -> None:
        assert not editor.follow(plan, 0.5)
        assert not editor.can_redo(plan)

    def test_rounding_under_a_transform_is_not_an_edit(self, editor: PlanEditor, plan: Any, scene: Any) -> None:
        turned = scene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
        import vtk

        turn = vtk.vtkTransform()
        turn.RotateWXYZ(30, 1, 2, 3)
        turned.SetMatrixTransformToParent(turn.GetMatrix())
        for node in (seeds_node_of(plan), needle_node(plan, 1), needle_node(plan, 2)):
            node.SetAndObserveTransformNodeID(turned.GetID())
        editor.follow(plan, 0.5)
        editor.edit(plan, editor.implant(plan).without_needles([2]))
        editor.undo(plan)
        assert not editor.follow(plan, 0.5)
        assert editor.can_redo(plan)


def test_a_node_of_another_scene_with_the_same_id_is_another_plan(editor: PlanEditor, plan: Any, scene: Any) -> None:
    node_id = plan.GetID()
    scene.Clear(0)
    other = create_plan(scene)
    assert other.GetID() == node_id
    assert not editor.can_undo(other)
    assert editor.undo(other).seeds.count == 0
