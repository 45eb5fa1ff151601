"""A scene saved by its own writer and read again: the plan, its seeds, dose, tables and chart are as they were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import slicer

from brachyresponse.dose import compute_dvh
from brachyresponse.geometry import Structure, sample
from brachyresponse.planning import ImplantPlan, parse_limit
from brachyresponse.scene.dose_volume import read_dose, write_dose
from brachyresponse.scene.dvh import DvhLook, read_dvh_table, write_dvhs
from brachyresponse.scene.isodose import show_isodoses
from brachyresponse.scene.isodose_levels import read_isodose_levels
from brachyresponse.scene.plan_parts import PlanRole, plan_part, plan_parts, plans_in, set_plan_part
from brachyresponse.scene.plan_structures import (
    PlanSegments,
    read_plan_segments,
    read_plan_structure,
    write_plan_segments,
)
from brachyresponse.scene.plans import create_plan, delete_plan, read_plan_node, seeds_node_of, write_plan_node
from brachyresponse.scene.results import read_limits, write_limits
from brachyresponse.scene.seed_model import show_seeds
from brachyresponse.scene.seeds import mend_seeds, read_seeds
from brachyresponse.scene.segments import write_structure
from brachyresponse.scene.stale import mark_stale, stale_reason
from scene.building import linear_transform, oblique_grid, rotation
from scene.example_plan import example_plan

LIMIT = parse_limit("PTV:D0.1cc<=400%")


def fill(scene: slicer.vtkMRMLScene) -> ImplantPlan:
    """Put a plan with all its parts into the scene."""
    grid, plan = oblique_grid((12, 12, 12)), example_plan()
    mask = np.zeros(grid.shape_kji, bool)
    mask[3:8, 3:8, 3:8] = True
    target = Structure("PTV", mask, grid)
    segmentation = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Structures")
    node = create_plan(scene, "Plan A")
    set_plan_part(node, PlanRole.SEGMENTATION, segmentation)
    write_plan_segments(node, PlanSegments(ptv=write_structure(target, segmentation)))
    write_plan_node(plan, node)
    dose = np.random.default_rng(5).uniform(0, 400, grid.shape_kji).astype(np.float32)
    dose_node = write_dose(dose, grid, scene, "Plan A dose", prescription_gy=plan.prescription_gy)
    set_plan_part(node, PlanRole.DOSE, dose_node)
    dvhs = {"PTV": compute_dvh(dose, grid, target)}
    write_dvhs(dvhs, node, {"PTV": DvhLook((1, 0, 0))}, plan.prescription_gy)
    write_limits([LIMIT], node)
    show_isodoses(node)
    show_seeds(node)
    return plan


def saved_and_loaded(scene: slicer.vtkMRMLScene, path: Path) -> slicer.vtkMRMLScriptedModuleNode:
    """The plan of the scene after saving it, closing it and reading it again."""
    assert scene.WriteToMRB(str(path))
    scene.Clear(0)
    assert not plans_in(scene)
    assert scene.ReadFromMRB(str(path), True)
    (node,) = plans_in(scene)
    return node


def test_the_plan_is_equal_to_the_last_digit(scene: slicer.vtkMRMLScene, tmp_path: Path) -> None:
    plan = fill(scene)
    assert read_plan_node(saved_and_loaded(scene, tmp_path / "plan.mrb")) == plan


def test_results_are_there_with_their_marks(scene: slicer.vtkMRMLScene, tmp_path: Path) -> None:
    fill(scene)
    before, grid = read_dose(scene.GetFirstNodeByName("Plan A dose"))
    mark_stale([scene.GetFirstNodeByName("Plan A dose")], "a seed was moved")
    node = saved_and_loaded(scene, tmp_path / "plan.mrb")
    dose_node = plan_part(node, PlanRole.DOSE)
    after, grid_after = read_dose(dose_node)
    at_centres = sample(after, grid_after, grid.points_mm())  # Slicer turns left-handed grids when it reads them
    np.testing.assert_allclose(at_centres, before, rtol=1e-4)  # rounding of positions between steep voxels
    assert stale_reason(dose_node) == "a seed was moved"
    assert [level.percent for level in read_isodose_levels(dose_node)] == [50, 75, 100, 150, 200]
    assert dose_node.GetVoxelValueUnits().GetCodeMeaning() == "Gy"
    assert read_limits(node) == (LIMIT,)
    assert [read_plan_structure(node, segment).name for segment in read_plan_segments(node).all] == ["PTV"]


def test_histogram_and_chart_are_there(scene: slicer.vtkMRMLScene, tmp_path: Path) -> None:
    fill(scene)
    before = read_dvh_table(plan_parts(plans_in(scene)[0], PlanRole.DVH_TABLE)[0])
    node = saved_and_loaded(scene, tmp_path / "plan.mrb")
    after = read_dvh_table(plan_parts(node, PlanRole.DVH_TABLE)[0])
    np.testing.assert_allclose(after, before, rtol=1e-5)  # table files keep six digits
    chart = plan_part(node, PlanRole.DVH_CHART)
    assert chart.GetNumberOfPlotSeriesNodes() == 2
    assert chart.GetNthPlotSeriesNode(0).GetTableNode() is plan_parts(node, PlanRole.DVH_TABLE)[0]


def test_seeds_are_drawn_anew_and_isodoses_updated_in_place(scene: slicer.vtkMRMLScene, tmp_path: Path) -> None:
    fill(scene)
    node = saved_and_loaded(scene, tmp_path / "plan.mrb")
    models = scene.GetNumberOfNodesByClass("vtkMRMLModelNode")
    show_seeds(node)
    show_isodoses(node)
    assert scene.GetNumberOfNodesByClass("vtkMRMLModelNode") == models
    assert scene.GetNumberOfNodesByClass("vtkMRMLColorLegendDisplayNode") == 1


def test_a_transform_hardened_after_loading_is_still_recognised(scene: slicer.vtkMRMLScene, tmp_path: Path) -> None:
    plan = fill(scene)
    seeds_node = seeds_node_of(saved_and_loaded(scene, tmp_path / "plan.mrb"))
    turn = rotation(30.0, [1, 2, 3])
    seeds_node.SetAndObserveTransformNodeID(linear_transform(scene, turn, [300.0, 0, 0]).GetID())
    seeds_node.HardenTransform()
    assert "turned by 30.0 degrees" in mend_seeds(seeds_node)
    np.testing.assert_allclose(
        read_seeds(seeds_node).directions, plan.seeds.directions @ turn.T, atol=1e-4
    )  # six digits


def test_the_tree_is_the_same_and_deleting_the_plan_still_leaves_nothing(
    scene: slicer.vtkMRMLScene, tmp_path: Path
) -> None:
    fill(scene)
    node = saved_and_loaded(scene, tmp_path / "plan.mrb")
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
    folder = hierarchy.GetItemParent(hierarchy.GetItemByDataNode(node))
    assert hierarchy.GetItemName(folder) == "Plan A"
    assert hierarchy.GetItemName(hierarchy.GetItemParent(folder)) == "BrachyResponse"
    study = hierarchy.GetItemParent(hierarchy.GetItemByDataNode(plan_part(node, PlanRole.DOSE)))
    assert hierarchy.GetItemAttribute(study, "DicomRtImport.DoseUnitName") == "GY"
    delete_plan(node)
    for class_name in ("vtkMRMLMarkupsNode", "vtkMRMLModelNode", "vtkMRMLTableNode", "vtkMRMLScalarVolumeNode"):
        assert scene.GetNumberOfNodesByClass(class_name) == 0
