"""Surfaces from arrays: what the models of seeds and isodoses are made of."""

from __future__ import annotations

from functools import cache

import numpy as np
import vtk
from vtk.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy

from brachyresponse.types import AnyArray, frozen_array


def triangles_to_polydata(points_mm: AnyArray, triangles: AnyArray) -> vtk.vtkPolyData:
    """Return a surface of points (N, 3) and triangles (M, 3) of their indices."""
    points = vtk.vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(points_mm, np.float32), deep=True))
    cells = vtk.vtkCellArray()
    flat = np.ascontiguousarray(triangles, np.int64).ravel()
    cells.SetData(3, numpy_to_vtkIdTypeArray(flat, deep=True))
    polydata = vtk.vtkPolyData()
    polydata.SetPoints(points)
    polydata.SetPolys(cells)
    return polydata


def add_values(polydata: vtk.vtkPolyData, name: str, values: AnyArray) -> None:
    """Give the points of a surface a value each, (N,), as their active array of that name."""
    array = numpy_to_vtk(np.ascontiguousarray(values, np.float32), deep=True)
    array.SetName(name)
    polydata.GetPointData().SetScalars(array)


@cache
def cylinder(length_mm: float, diameter_mm: float, sides: int) -> tuple[AnyArray, AnyArray]:
    """Return points and triangles of a closed cylinder along z, its centre at the origin."""
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    ring = np.column_stack([np.cos(angle), np.sin(angle)]) * diameter_mm / 2
    ends = [np.column_stack([ring, np.full(sides, z)]) for z in (-length_mm / 2, length_mm / 2)]
    centres = np.array([[0, 0, -length_mm / 2], [0, 0, length_mm / 2]])
    low, high = np.arange(sides), np.arange(sides) + sides
    next_low, next_high = np.roll(low, -1), np.roll(high, -1)
    bottom, top = np.full(sides, 2 * sides), np.full(sides, 2 * sides + 1)
    sides_and_caps = (
        (low, next_low, high),
        (next_low, next_high, high),
        (bottom, next_low, low),
        (top, high, next_high),
    )
    triangles = np.concatenate([np.column_stack(corners) for corners in sides_and_caps])
    return frozen_array(np.concatenate([*ends, centres]), float), frozen_array(triangles, np.int64)


@cache
def ball(diameter_mm: float) -> tuple[AnyArray, AnyArray]:
    """Return points and triangles of a coarse ball round the origin."""
    source = vtk.vtkPlatonicSolidSource()
    source.SetSolidTypeToIcosahedron()
    finer = vtk.vtkLinearSubdivisionFilter()
    finer.SetInputConnection(source.GetOutputPort())
    finer.Update()
    points = np.array(vtk_to_numpy(finer.GetOutput().GetPoints().GetData()), float)
    points *= diameter_mm / 2 / np.linalg.norm(points, axis=1, keepdims=True)
    triangles = vtk_to_numpy(finer.GetOutput().GetPolys().GetConnectivityArray()).reshape(-1, 3)
    return frozen_array(points, float), frozen_array(triangles, np.int64)
