"""Structures to be avoided in 3D, each in a shell at the margin that needles keep from it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("slicer_core", reason="needs the slicer-core wheel")

from vtk.util.numpy_support import vtk_to_numpy

from brachyresponse.geometry import Structure
from brachyresponse.scene.inverse_shells import shell_polydata
from scene.building import oblique_grid
from scene.planner_case import PlannerCase, add_planner_case

RADIUS_MM = 9.0


@pytest.fixture
def case(scene: Any) -> PlannerCase:
    case = add_planner_case(scene)
    case.logic.setStructures(case.plan, avoid=[case.cord])
    return case


@pytest.mark.parametrize("margin_mm", [0.0, 4.0])
def test_the_shell_of_a_ball_is_a_ball_on_an_oblique_grid(margin_mm: float) -> None:
    grid = oblique_grid((12, 20, 30))
    centre = grid.points_mm().mean(axis=(0, 1, 2))
    away_mm = np.linalg.norm(grid.points_mm() - centre, axis=-1)
    surface = shell_polydata(Structure("Ball", away_mm < RADIUS_MM, grid), margin_mm)
    points = vtk_to_numpy(surface.GetPoints().GetData())
    found_mm = np.linalg.norm(points - centre, axis=1)
    voxel_mm = grid.spacing_ijk_mm.max()
    np.testing.assert_allclose(found_mm, RADIUS_MM + margin_mm, atol=0.75 * voxel_mm)  # stairs of the mask
    assert found_mm.mean() == pytest.approx(RADIUS_MM + margin_mm, abs=0.2 * voxel_mm)


def test_obstacles_are_drawn_on_demand_with_the_margin_of_now(case: PlannerCase) -> None:
    logic, plan = case.logic, case.plan
    (alone,) = logic.showObstacles(plan)
    logic.setPlacement(plan, avoidMarginMm=3)
    structure, shell = logic.showObstacles(plan)
    assert alone.GetScene() is None
    assert shell.GetDisplayNode().GetOpacity() < structure.GetDisplayNode().GetOpacity()
    assert shell.GetMesh().GetLength() > structure.GetMesh().GetLength()
    assert logic.obstaclesShown(plan)
    logic.showObstacles(plan, False)
    assert not logic.obstaclesShown(plan)
    assert shell.GetScene() is None
