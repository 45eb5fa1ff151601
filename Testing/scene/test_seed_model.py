"""Seeds as they look: cylinders of the right size along their axes, balls where the axis is not known."""

from __future__ import annotations

import numpy as np
import pytest
import slicer
import vtk
from vtk.util.numpy_support import vtk_to_numpy

from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.plans import create_plan, seeds_node_of
from brachyresponse.scene.seed_model import seeds_polydata, show_seeds
from brachyresponse.scene.seeds import write_seeds
from brachyresponse.seeds import Seeds
from brachyresponse.types import AnyArray

AXIS = np.array([1.0, -2.0, 2.0]) / 3


def points_of(polydata: vtk.vtkPolyData) -> AnyArray:
    return np.array(vtk_to_numpy(polydata.GetPoints().GetData()), float)


def test_a_seed_is_a_closed_cylinder_of_its_size_along_its_axis(scene: slicer.vtkMRMLScene) -> None:
    polydata = seeds_polydata(Seeds([[10, 20, 30]], [AXIS], 0.5))
    offset = points_of(polydata) - [10, 20, 30]
    along = offset @ AXIS
    away = np.linalg.norm(offset - np.outer(along, AXIS), axis=1)
    assert np.ptp(along) == pytest.approx(4.5, abs=1e-4)  # single precision at 30 mm
    assert away.max() == pytest.approx(0.4, abs=1e-4)
    measured = vtk.vtkMassProperties()
    measured.SetInputData(polydata)
    assert measured.GetVolume() == pytest.approx(np.pi * 0.4**2 * 4.5, rel=0.05)  # 12 sides: 4.5 % less than round


def test_a_seed_of_unknown_axis_is_a_ball(scene: slicer.vtkMRMLScene) -> None:
    polydata = seeds_polydata(Seeds([[10, 20, 30]], [AXIS], 0.5, axis_known=False))
    np.testing.assert_allclose(np.linalg.norm(points_of(polydata) - [10, 20, 30], axis=1), 1.0, atol=1e-4)


def test_every_seed_is_drawn_where_it_is(scene: slicer.vtkMRMLScene) -> None:
    random = np.random.default_rng(3)
    seeds = Seeds(random.uniform(-50, 50, (7, 3)), random.normal(size=(7, 3)), 0.5, random.random(7) > 0.4)
    connected = vtk.vtkPolyDataConnectivityFilter()
    connected.SetInputData(seeds_polydata(seeds))
    connected.SetExtractionModeToAllRegions()
    connected.ColorRegionsOn()
    connected.Update()
    region = vtk_to_numpy(connected.GetOutput().GetPointData().GetScalars())
    points = points_of(connected.GetOutput())
    centres = np.array([(points[region == n].min(axis=0) + points[region == n].max(axis=0)) / 2 for n in range(7)])
    nearest = np.linalg.norm(centres[:, None] - seeds.positions_mm, axis=2).min(axis=0)
    np.testing.assert_allclose(nearest, 0, atol=0.05)  # a twelve-sided cylinder is not quite symmetric in a box


def test_no_seeds_give_an_empty_model(scene: slicer.vtkMRMLScene) -> None:
    assert seeds_polydata(Seeds.none()).GetNumberOfPoints() == 0


def test_one_model_follows_the_seeds_and_comes_back_when_it_is_missing(scene: slicer.vtkMRMLScene) -> None:
    plan = create_plan(scene, "Plan A")
    write_seeds(Seeds([[0, 0, 0]], [AXIS], 0.5), seeds_node_of(plan))
    model = show_seeds(plan)
    write_seeds(Seeds([[0, 0, 0], [9, 0, 0]], [AXIS, AXIS], 0.5), seeds_node_of(plan))
    assert show_seeds(plan) is model
    assert model.GetPolyData().GetBounds()[1] > 9
    scene.RemoveNode(model)
    show_seeds(plan)
    assert plan_part(plan, PlanRole.SEED_MODEL).GetPolyData().GetBounds()[1] > 9
    assert scene.GetNumberOfNodesByClass("vtkMRMLModelNode") == 1
