"""Isodoses as models: closed, where the dose says, in place, with a legend in Gy."""

from __future__ import annotations

import numpy as np
import pytest
import slicer
import vtk

from brachyresponse.errors import DoseError
from brachyresponse.geometry import Grid
from brachyresponse.scene.dose_volume import write_dose
from brachyresponse.scene.isodose import (
    isodose_surface,
    show_isodoses,
)
from brachyresponse.scene.isodose_display import show_isodose_lines, show_isodose_surfaces
from brachyresponse.scene.isodose_levels import write_isodose_levels
from brachyresponse.scene.nodes import SceneError
from brachyresponse.scene.plan_parts import PlanRole, plan_parts, set_plan_part
from brachyresponse.scene.plans import create_plan, delete_plan
from brachyresponse.types import AnyArray
from scene.building import rotation


def left_handed_oblique_grid() -> Grid:
    matrix = np.eye(4)
    matrix[:3, :3] = rotation(20.0, [2, 1, -1]) @ np.diag([-1.0, 1.2, 1.5])
    matrix[:3, 3] = [10.0, -20.0, 30.0]
    return Grid((31, 37, 45), matrix)


def dose_of_a_point(grid: Grid) -> AnyArray:
    """Dose that is 1000 / r^2 Gy at r mm from the grid's centre."""
    distance = np.linalg.norm(grid.points_mm() - grid.centre_mm, axis=-1)
    return (1000 / np.maximum(distance, 1) ** 2).astype(np.float32)


def volume_mm3(surface: vtk.vtkPolyData) -> float:
    measured = vtk.vtkMassProperties()
    measured.SetInputData(surface)
    return measured.GetVolume()


def is_closed(surface: vtk.vtkPolyData) -> bool:
    edges = vtk.vtkFeatureEdges()
    edges.SetInputData(surface)
    edges.FeatureEdgesOff()
    edges.ManifoldEdgesOff()
    edges.Update()
    return edges.GetOutput().GetNumberOfCells() == 0


@pytest.fixture
def plan(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLScriptedModuleNode:
    grid = left_handed_oblique_grid()
    plan_node = create_plan(scene, "Plan A")
    dose = write_dose(dose_of_a_point(grid), grid, scene, "Plan A dose", prescription_gy=20.0)
    set_plan_part(plan_node, PlanRole.DOSE, dose)
    return plan_node


def test_an_isodose_of_a_point_is_a_sphere_round_it(scene: slicer.vtkMRMLScene) -> None:
    grid = left_handed_oblique_grid()
    surface = isodose_surface(dose_of_a_point(grid), grid, 10.0)
    assert volume_mm3(surface) == pytest.approx(4 / 3 * np.pi * 10**3, rel=0.02)  # facets of about a millimetre
    assert is_closed(surface)
    np.testing.assert_allclose(surface.GetCenter(), grid.centre_mm, atol=0.1)
    assert outward_share(surface, grid.centre_mm) == 1.0


def outward_share(surface: vtk.vtkPolyData, centre_mm: AnyArray) -> float:
    """Share of the triangles whose corners run anticlockwise as seen from outside."""
    points = np.array([surface.GetPoint(n) for n in range(surface.GetNumberOfPoints())])
    ids = np.array(surface.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    a, b, c = (points[ids[:, n]] for n in range(3))
    big = np.linalg.norm(np.cross(b - a, c - a), axis=1) > 0.01
    outward = np.einsum("ij,ij->i", np.cross(b - a, c - a), (a + b + c) / 3 - centre_mm) > 0
    return float(outward[big].mean())


def test_an_isodose_that_leaves_the_grid_is_closed_at_its_border(scene: slicer.vtkMRMLScene) -> None:
    grid = left_handed_oblique_grid()
    assert is_closed(isodose_surface(dose_of_a_point(grid), grid, 1.0))


def test_a_dose_that_is_nowhere_reached_gives_no_surface(scene: slicer.vtkMRMLScene) -> None:
    grid = left_handed_oblique_grid()
    assert isodose_surface(dose_of_a_point(grid), grid, 2000.0).GetNumberOfPoints() == 0


def test_each_level_has_a_model_in_the_colour_of_its_level(plan: slicer.vtkMRMLScriptedModuleNode) -> None:
    models = show_isodoses(plan)
    assert [model.GetName() for model in models] == [
        "Plan A isodose 10 Gy (50 %)",
        "Plan A isodose 15 Gy (75 %)",
        "Plan A isodose 20 Gy (100 %)",
        "Plan A isodose 30 Gy (150 %)",
        "Plan A isodose 40 Gy (200 %)",
    ]
    assert all(model.GetAttribute("DicomRtImport.IsodoseModel") == "1" for model in models)
    assert len({model.GetDisplayNode().GetColor() for model in models}) == 5
    volumes = [volume_mm3(model.GetPolyData()) for model in models]
    assert volumes == sorted(volumes, reverse=True)


def test_drawing_again_updates_the_same_models_and_new_levels_make_new_ones(
    plan: slicer.vtkMRMLScriptedModuleNode,
) -> None:
    models, dose = show_isodoses(plan), plan_parts(plan, PlanRole.DOSE)[0]
    count, before = plan.GetScene().GetNumberOfNodes(), volume_mm3(models[0].GetPolyData())
    grid = left_handed_oblique_grid()
    write_dose(2 * dose_of_a_point(grid), grid, plan.GetScene(), node=dose)
    assert show_isodoses(plan) == models
    assert plan.GetScene().GetNumberOfNodes() == count
    assert volume_mm3(models[0].GetPolyData()) == pytest.approx(before * 2**1.5, rel=0.02)  # the radius grows by root 2
    write_isodose_levels(dose, 20.0, [100])
    assert len(show_isodoses(plan)) == 1
    assert plan.GetScene().GetNumberOfNodesByClass("vtkMRMLModelNode") == 1


def test_lines_and_surfaces_are_switched_apart_and_stay_so_when_levels_change(
    plan: slicer.vtkMRMLScriptedModuleNode,
) -> None:
    show_isodoses(plan)
    show_isodose_surfaces(plan, False)
    show_isodose_lines(plan, True)
    write_isodose_levels(plan_parts(plan, PlanRole.DOSE)[0], 20.0, [100, 150])
    for model in show_isodoses(plan):
        assert model.GetDisplayNode().GetVisibility2D()
        assert not model.GetDisplayNode().GetVisibility3D()


def test_one_legend_names_the_levels_in_gray_and_goes_with_the_plan(plan: slicer.vtkMRMLScriptedModuleNode) -> None:
    first = show_isodoses(plan)[0]
    show_isodoses(plan)
    scene = plan.GetScene()
    assert scene.GetNumberOfNodesByClass("vtkMRMLColorLegendDisplayNode") == 1
    legend = slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(first.GetDisplayNode())
    assert legend.GetTitleText() == "Isodose (Gy)"
    assert legend.GetUseColorNamesForLabels()
    count = first.GetDisplayNode().GetColorNode().GetNumberOfColors()
    assert legend.GetSize()[1] == pytest.approx(0.05 * (count + 1))  # the text grows with the legend
    assert first.GetDisplayNode().GetColorNode().GetColorName(2) == "20"
    delete_plan(plan)
    assert scene.GetNumberOfNodesByClass("vtkMRMLColorLegendDisplayNode") == 0


def test_without_dose_or_levels_it_is_said(scene: slicer.vtkMRMLScene) -> None:
    plan_node = create_plan(scene, "Plan B")
    with pytest.raises(SceneError, match="Plan 'Plan B' has no dose"):
        show_isodoses(plan_node)
    grid = left_handed_oblique_grid()
    set_plan_part(plan_node, PlanRole.DOSE, write_dose(dose_of_a_point(grid), grid, scene, "Dose B"))
    with pytest.raises(DoseError, match="'Dose B' has no isodose levels"):
        show_isodoses(plan_node)
