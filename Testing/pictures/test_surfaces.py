from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.geometry import Grid
from brachyresponse.pictures.surfaces import level_lines, level_surface


def test_a_disc_gives_one_closed_line_at_its_radius() -> None:
    row, column = np.mgrid[:41, :61].astype(float)
    lines = level_lines(12 - np.hypot(row - 20, column - 30), 0.0)
    assert len(lines) == 1
    np.testing.assert_allclose(lines[0][0], lines[0][-1])
    radius = np.hypot(lines[0][:, 0] - 30, lines[0][:, 1] - 20)
    np.testing.assert_allclose(radius, 12, atol=0.05)  # of a pixel: linear interpolation of a cone


def test_what_leaves_the_image_is_closed_along_its_border() -> None:
    values = np.zeros((10, 10))
    values[:, :5] = 1
    (line,) = level_lines(values, 0.5)
    np.testing.assert_allclose(line[0], line[-1])
    assert line[:, 0].min() == pytest.approx(0, abs=1.001)
    assert line[:, 0].max() == pytest.approx(4.5, abs=1e-5)


def test_a_level_above_all_values_has_no_line() -> None:
    assert level_lines(np.ones((4, 4)), 2.0) == []


def test_the_surface_of_a_ball_lies_where_the_ball_is_on_an_oblique_grid() -> None:
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))
    matrix = np.eye(4)
    matrix[:3, :3] = turn * [0.8, 1.0, 1.3]
    matrix[:3, 3] = [5, -40, 70]
    grid = Grid((30, 34, 40), matrix)
    ball = 9 - np.linalg.norm(grid.points_mm() - grid.centre_mm, axis=-1)
    surface = level_surface(np.clip(ball, -5, 5) + 5, grid, 5.0)
    points = np.array([surface.GetPoint(n) for n in range(surface.GetNumberOfPoints())])
    np.testing.assert_allclose(np.linalg.norm(points - grid.centre_mm, axis=1), 9, atol=0.05)  # interpolation


def test_a_structure_at_the_edge_of_its_image_has_a_closed_surface() -> None:
    from vtkmodules.vtkFiltersCore import vtkFeatureEdges

    grid = Grid.covering([0, 0, 0], [9, 9, 9], 1.0)
    edges = vtkFeatureEdges()
    edges.SetInputData(level_surface(np.ones(grid.shape_kji, bool), grid, 0.5, smooth=True))
    edges.FeatureEdgesOff()
    edges.NonManifoldEdgesOff()
    edges.Update()
    assert edges.GetOutput().GetNumberOfCells() == 0
