"""Lines and surfaces of equal value, by VTK's flying edges."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.types import AnyArray, FloatArray

if TYPE_CHECKING:
    from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData
    from vtkmodules.vtkCommonExecutionModel import vtkPolyDataAlgorithm

SMOOTHING_STEPS = 15
SMOOTHING_PASS_BAND = 0.1


def level_lines(values: AnyArray, level: float) -> list[FloatArray]:
    """Return the lines on which an image (rows, columns) has a value: each (N, 2) in pixels, column first.

    Pixel centres lie at whole numbers; a line that runs out of the image is closed along its border.
    """
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkFiltersCore import vtkFlyingEdges2D, vtkStripper

    if not values.max() >= level:
        return []
    contour = vtkFlyingEdges2D()
    contour.SetInputData(_image(_bordered(values, level)[np.newaxis]))
    contour.SetValue(0, level)
    stripper = vtkStripper()
    stripper.SetInputConnection(contour.GetOutputPort())
    stripper.JoinContiguousSegmentsOn()
    stripper.SetMaximumLength(100_000)
    stripper.Update()
    lines = stripper.GetOutput()
    points = vtk_to_numpy(lines.GetPoints().GetData())[:, :2].astype(float)
    connections = vtk_to_numpy(lines.GetLines().GetConnectivityArray())
    starts = vtk_to_numpy(lines.GetLines().GetOffsetsArray())
    return [points[connections[a:b]] - 1 for a, b in pairwise(starts)]


def _bordered(values: AnyArray, level: float) -> AnyArray:
    """Return an image with one more pixel on each side, so far below the level that lines close at the border."""
    low = level - 1e3 * max(float(np.ptp(values)), abs(level))
    return np.pad(values.astype(np.float32), 1, constant_values=low)


def level_surface(values: AnyArray, grid: Grid, level: float, *, smooth: bool = False) -> vtkPolyData:
    """Return the surface in RAS on which an array [k, j, i] has a value, closed at the array's border.

    ``smooth`` takes the steps off a surface made from voxels, at a fraction of a voxel.
    """
    from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D, vtkPolyDataNormals

    padded, matrix = _padded_box(values, grid, level)
    edges = vtkFlyingEdges3D()
    edges.SetInputData(_image(padded))
    edges.SetValue(0, level)
    edges.ComputeNormalsOff()
    placed = _moved(_smoothed(edges) if smooth else edges, matrix)  # named: an output port does not keep its filter
    normals = vtkPolyDataNormals()
    normals.SetInputConnection(placed.GetOutputPort())
    normals.SplittingOff()
    normals.Update()
    surface: vtkPolyData = normals.GetOutput()
    return surface


def _smoothed(surface: vtkPolyDataAlgorithm) -> vtkPolyDataAlgorithm:
    from vtkmodules.vtkFiltersCore import vtkWindowedSincPolyDataFilter

    smoother = vtkWindowedSincPolyDataFilter()
    smoother.SetInputConnection(surface.GetOutputPort())
    smoother.SetNumberOfIterations(SMOOTHING_STEPS)
    smoother.SetPassBand(SMOOTHING_PASS_BAND)
    smoother.NormalizeCoordinatesOn()
    return smoother


def _padded_box(values: AnyArray, grid: Grid, level: float) -> tuple[AnyArray, FloatArray]:
    """Cut out the part at or above the level with one voxel round it; return it and its index-to-RAS matrix."""
    inside = np.argwhere(values >= level)
    lower = inside.min(axis=0) if len(inside) else np.zeros(3, int)
    upper = inside.max(axis=0) + 1 if len(inside) else np.ones(3, int)
    padded = np.zeros(upper - lower + 4, np.float32)
    source = tuple(slice(max(0, a - 1), b + 1) for a, b in zip(lower, upper, strict=True))
    target = tuple(
        slice(s.start - a + 2, s.start - a + 2 + values[source].shape[n])
        for n, (s, a) in enumerate(zip(source, lower, strict=True))
    )
    padded[target] = values[source]
    matrix = grid.ijk_to_ras.copy()
    matrix[:3, 3] = grid.to_ras((lower - 2)[::-1])
    return padded, matrix


def _moved(source: vtkPolyDataAlgorithm, matrix: FloatArray) -> vtkPolyDataAlgorithm:
    from vtkmodules.vtkCommonTransforms import vtkTransform
    from vtkmodules.vtkFiltersGeneral import vtkTransformPolyDataFilter

    transform = vtkTransform()
    transform.SetMatrix(matrix.ravel().tolist())
    moved = vtkTransformPolyDataFilter()
    moved.SetInputConnection(source.GetOutputPort())
    moved.SetTransform(transform)
    return moved


def _image(values: AnyArray) -> vtkImageData:
    """Return an array [k, j, i] as vtkImageData in voxel coordinates; the array is copied."""
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonDataModel import vtkImageData

    image = vtkImageData()
    image.SetDimensions(*values.shape[::-1])
    image.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(values, np.float32).ravel(), deep=True))
    return image
