"""Plans in the scene: read back as they were written, side by side, renamed, duplicated, deleted without remains."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import slicer
import vtk

from brachyresponse.errors import GeometryError, PlanError, StructureError
from brachyresponse.geometry import Structure
from brachyresponse.scene.dose_volume import write_dose
from brachyresponse.scene.needles import read_needles
from brachyresponse.scene.nodes import SceneError
from brachyresponse.scene.plan_fields import PlanField, plan_text, set_plan_field
from brachyresponse.scene.plan_parts import PlanRole, is_plan, plan_of, plan_part, plans_in, set_plan_part
from brachyresponse.scene.plan_structures import (
    PlanSegments,
    read_plan_segments,
    read_plan_structure,
    write_plan_segments,
)
from brachyresponse.scene.plans import (
    create_plan,
    delete_plan,
    duplicate_plan,
    read_plan_node,
    rename_plan,
    seeds_node_of,
    write_plan_node,
)
from brachyresponse.scene.seeds import read_origins, read_seeds, write_seeds
from brachyresponse.scene.segments import write_structure
from brachyresponse.seeds import Origin, Seeds
from scene.building import linear_transform, oblique_grid
from scene.example_plan import example_plan


@pytest.fixture
def plan_node(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLScriptedModuleNode:
    """A plan with a target and an organ."""
    segmentation = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Structures")
    grid = oblique_grid()
    ids = {}
    for index, name in enumerate(("PTV", "Rectum")):
        mask = np.zeros(grid.shape_kji, bool)
        mask[index + 1, 1:4, 1:4] = True
        ids[name] = write_structure(Structure(name, mask, grid), segmentation)
    node = create_plan(scene, "Plan A")
    set_plan_part(node, PlanRole.SEGMENTATION, segmentation)
    write_plan_segments(node, PlanSegments(ptv=ids["PTV"], organs=(ids["Rectum"],)))
    return node


def names_in_tree(scene: slicer.vtkMRMLScene) -> list[str]:
    """Path of every item of the subject hierarchy."""
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)

    def below(item: int, path: str) -> list[str]:
        children = vtk.vtkIdList()
        hierarchy.GetItemChildren(item, children)
        found = []
        for n in range(children.GetNumberOfIds()):
            child = f"{path}/{hierarchy.GetItemName(children.GetId(n))}"
            found += [child, *below(children.GetId(n), child)]
        return found

    return below(hierarchy.GetSceneItemID(), "")


def test_a_plan_comes_back_as_it_was_written(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    write_plan_node(example_plan(), plan_node)
    assert read_plan_node(plan_node) == example_plan()


def test_everything_lies_in_one_folder_under_readable_names(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    write_plan_node(example_plan(), plan_node)
    dose = write_dose(np.ones((5, 6, 7)), oblique_grid(), plan_node.GetScene(), "Plan A dose")
    set_plan_part(plan_node, PlanRole.DOSE, dose)
    tree = names_in_tree(plan_node.GetScene())
    folder = "/BrachyResponse/Plan A"
    for name in ("Plan A", "Plan A seeds", "Plan A needle 1", "Plan A needle 3", "Dose in Gy/Plan A dose"):
        assert f"{folder}/{name}" in tree
    assert not [path for path in tree if "as written" in path]


def test_plans_are_told_from_parameter_nodes_and_from_each_other(
    scene: slicer.vtkMRMLScene, plan_node: slicer.vtkMRMLScriptedModuleNode
) -> None:
    parameters = scene.AddNewNodeByClass("vtkMRMLScriptedModuleNode", "BrachyDose")
    second = create_plan(scene, "Plan A")
    assert plans_in(scene) == [plan_node, second]
    assert second.GetName() != "Plan A"
    assert not is_plan(parameters)
    assert plan_of(seeds_node_of(second)) is second
    with pytest.raises(SceneError, match="'BrachyDose' is no plan"):
        read_plan_node(parameters)


def test_what_a_plan_lacks_is_named(scene: slicer.vtkMRMLScene, plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    with pytest.raises(SceneError, match="No plan is chosen"):
        read_plan_node(None)
    with pytest.raises(PlanError, match="Plan 'Plan A' has no implant date"):
        read_plan_node(plan_node)
    set_plan_field(plan_node, PlanField.IMPLANT_DATE, "9.3.2026")
    with pytest.raises(PlanError, match=r"implant date is '9\.3\.2026', expected a date as 2026-01-31"):
        read_plan_node(plan_node)
    set_plan_field(plan_node, PlanField.IMPLANT_DATE, date(2026, 3, 9))
    with pytest.raises(PlanError, match="has no prescription"):
        read_plan_node(plan_node)
    set_plan_field(plan_node, PlanField.PRESCRIPTION_GY, 145.0)
    with pytest.raises(PlanError, match="has no source"):
        read_plan_node(plan_node)
    write_plan_segments(plan_node, PlanSegments())
    with pytest.raises(StructureError, match="'Plan A' has no target"):
        read_plan_node(plan_node)
    scene.RemoveNode(seeds_node_of(plan_node))
    with pytest.raises(SceneError, match="'Plan A' has no list of seeds"):
        seeds_node_of(plan_node)


def test_the_segments_of_a_plan_come_back_and_damage_is_named(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    segments = read_plan_segments(plan_node)
    assert segments.target == segments.ptv
    assert [read_plan_structure(plan_node, s).name for s in read_plan_segments(plan_node).all] == ["PTV", "Rectum"]
    assert PlanSegments(gtv="g", organs=("a", "g"), skin="s").all == ("g", "a", "s")
    plan_node.SetAttribute("BrachyResponse.Segments", '{"ptv": ')
    with pytest.raises(PlanError, match=r"'Plan A': its list of segments .* is damaged"):
        read_plan_segments(plan_node)


def test_renaming_a_plan_renames_its_folder_and_parts(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    write_plan_node(example_plan(), plan_node)
    rename_plan(plan_node, "Boost")
    tree = names_in_tree(plan_node.GetScene())
    assert "/BrachyResponse/Boost/Boost needle 3" in tree
    assert not [path for path in tree if "Plan A" in path]


def test_a_duplicate_is_equal_but_for_name_and_time_and_changes_by_itself(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
) -> None:
    write_plan_node(example_plan(), plan_node)
    write_seeds(example_plan().seeds, seeds_node_of(plan_node), origin=Origin.PLANNED)
    copied = duplicate_plan(plan_node, "Plan B")
    set_plan_field(copied, PlanField.CREATED, example_plan().created)
    assert read_plan_node(copied) == example_plan("Plan B")
    assert read_origins(seeds_node_of(copied)) == (Origin.PLANNED,) * 3
    write_seeds(example_plan().seeds.without(0), seeds_node_of(copied))
    assert read_plan_node(plan_node) == example_plan()


def test_deleting_a_plan_leaves_the_scene_as_it_was_before(
    scene: slicer.vtkMRMLScene, plan_node: slicer.vtkMRMLScriptedModuleNode
) -> None:
    write_plan_node(example_plan(), plan_node)
    before, tree = node_ids(scene), names_in_tree(scene)
    second = create_plan(scene, "Plan B")
    write_plan_node(example_plan("Plan B"), second)
    dose = write_dose(np.ones((5, 6, 7)), oblique_grid(), scene, "Plan B dose", prescription_gy=145.0)
    set_plan_part(second, PlanRole.DOSE, dose)
    delete_plan(second)
    shared = {scene.GetFirstNodeByName("BrachyResponse dose colours").GetID()}
    assert node_ids(scene) - shared == before
    assert names_in_tree(scene) == tree
    assert read_needles(plan_node) == example_plan().needles


def node_ids(scene: slicer.vtkMRMLScene) -> set[str]:
    return {scene.GetNthNode(n).GetID() for n in range(scene.GetNumberOfNodes())}


def test_replacing_a_result_removes_the_old_one_and_an_input_stays(
    scene: slicer.vtkMRMLScene, plan_node: slicer.vtkMRMLScriptedModuleNode
) -> None:
    first, second = (write_dose(np.ones((5, 6, 7)), oblique_grid(), scene) for _ in range(2))
    set_plan_part(plan_node, PlanRole.DOSE, first)
    set_plan_part(plan_node, PlanRole.DOSE, second)
    assert plan_part(plan_node, PlanRole.DOSE) is second
    assert first.GetScene() is None
    segmentation = plan_part(plan_node, PlanRole.SEGMENTATION)
    set_plan_part(plan_node, PlanRole.SEGMENTATION, None)
    assert segmentation.GetScene() is scene


def test_a_plan_that_cannot_be_written_whole_is_not_written_at_all(
    scene: slicer.vtkMRMLScene, plan_node: slicer.vtkMRMLScriptedModuleNode
) -> None:
    transform = linear_transform(scene, 2 * np.eye(3))
    seeds_node_of(plan_node).SetAndObserveTransformNodeID(transform.GetID())
    with pytest.raises(GeometryError, match="'Plan A seeds' lies under the transform 'Turned'"):
        write_plan_node(example_plan(), plan_node)
    seeds_node_of(plan_node).SetAndObserveTransformNodeID(None)
    assert read_seeds(seeds_node_of(plan_node)) == Seeds.none()
    assert read_needles(plan_node) == ()
    assert plan_text(plan_node, PlanField.SOURCE) == ""
