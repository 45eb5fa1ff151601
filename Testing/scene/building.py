"""Nodes for the tests of the adapters."""

from __future__ import annotations

import numpy as np
import slicer
import slicer.util
from numpy.typing import ArrayLike

from brachyresponse.geometry import Grid
from brachyresponse.scene.nodes import array_to_matrix
from brachyresponse.types import AnyArray, FloatArray


def rotation(angle_deg: float, axis: ArrayLike) -> FloatArray:
    """Rotation matrix (3, 3) about an axis, by Rodrigues' formula."""
    x, y, z = np.asarray(axis, float) / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.deg2rad(angle_deg)
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def linear_transform(
    scene: slicer.vtkMRMLScene, turn: AnyArray, move_mm: ArrayLike = (0, 0, 0)
) -> slicer.vtkMRMLLinearTransformNode:
    """A linear transform node of a 3x3 matrix and a translation."""
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = turn, move_mm
    node = scene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "Turned")
    node.SetMatrixTransformToParent(array_to_matrix(matrix))
    return node


def bent_transform(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLNode:
    """A transform that is not linear."""
    import vtk

    bend = vtk.vtkThinPlateSplineTransform()
    source, target = vtk.vtkPoints(), vtk.vtkPoints()
    for point in np.random.default_rng(1).uniform(-50, 50, (6, 3)):
        source.InsertNextPoint(*point)
        target.InsertNextPoint(*(point + 0.01 * point**2))
    bend.SetSourceLandmarks(source)
    bend.SetTargetLandmarks(target)
    node = scene.AddNewNodeByClass("vtkMRMLTransformNode", "Bent")
    node.SetAndObserveTransformToParent(bend)
    return node


def oblique_grid(shape_kji: tuple[int, int, int] = (5, 6, 7)) -> Grid:
    """A grid with unequal spacing, turned by 20 degrees, left-handed as many MRI are."""
    matrix = np.eye(4)
    matrix[:3, :3] = rotation(20.0, [2, 1, -1]) @ np.diag([-1.0, 1.5, 2.5])
    matrix[:3, 3] = [10.0, -20.0, 30.0]
    return Grid(shape_kji, matrix)


def volume_of(array: AnyArray, grid: Grid, name: str = "CT") -> slicer.vtkMRMLNode:
    """A scalar volume node that holds an array on a grid."""
    return slicer.util.addVolumeFromArray(array, ijkToRAS=grid.ijk_to_ras, name=name)
