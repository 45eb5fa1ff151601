"""Volume nodes: where their voxels lie, and what they hold."""

from __future__ import annotations

import slicer
import slicer.util
import vtk

from brachyresponse.errors import GeometryError
from brachyresponse.geometry import Grid
from brachyresponse.scene.nodes import array_to_matrix, matrix_to_array, require_node, world_matrix
from brachyresponse.types import AnyArray


def read_grid(volume_node: slicer.vtkMRMLScalarVolumeNode, what: str = "volume") -> Grid:
    """Return the grid of a volume in the world: its own geometry and the linear transforms above it.

    Parameters
    ----------
    what
        What the volume is for, in messages: ``"planning CT"``.

    Raises
    ------
    SceneError
        There is no such node.
    GeometryError
        The volume has no image, lies under a transform that is not linear, or is sheared.
    """
    require_node(volume_node, "vtkMRMLVolumeNode", what)
    image = volume_node.GetImageData()
    if image is None or image.GetNumberOfPoints() == 0:
        raise GeometryError(f"Volume {volume_node.GetName()!r} holds no image: load it, or choose another one.")
    ijk_to_node = vtk.vtkMatrix4x4()
    volume_node.GetIJKToRASMatrix(ijk_to_node)
    columns, rows, slices = image.GetDimensions()
    try:
        return Grid((slices, rows, columns), world_matrix(volume_node) @ matrix_to_array(ijk_to_node))
    except GeometryError as error:
        raise GeometryError(f"Volume {volume_node.GetName()!r}: {error}") from error


def read_image(volume_node: slicer.vtkMRMLScalarVolumeNode, what: str = "volume") -> tuple[AnyArray, Grid]:
    """Return a copy of a volume's values, [k, j, i], and its grid in the world.

    Raises
    ------
    SceneError, GeometryError
        As :func:`read_grid`; or the volume has several values a voxel.
    """
    array, grid = view_image(volume_node, what)
    return array.copy(), grid


def view_image(volume_node: slicer.vtkMRMLScalarVolumeNode, what: str = "volume") -> tuple[AnyArray, Grid]:
    """Return a volume's values themselves, [k, j, i], read-only, and its grid; they last as long as the image.

    Raises
    ------
    SceneError, GeometryError
        As :func:`read_image`.
    """
    grid = read_grid(volume_node, what)
    array = slicer.util.arrayFromVolume(volume_node).view()
    array.setflags(write=False)
    if array.shape != grid.shape_kji:
        raise GeometryError(
            f"Volume {volume_node.GetName()!r} has {array.shape[-1]} values a voxel, expected one: "
            "choose one frame or component of it."
        )
    return array, grid


def write_image(array: AnyArray, grid: Grid, volume_node: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Give a volume node other values, [k, j, i], and the geometry of ``grid`` in the world.

    The node is taken out of any transform: its own matrix says where it lies.

    Raises
    ------
    GeometryError
        The array's shape is not the grid's.
    """
    if array.shape != grid.shape_kji:
        raise GeometryError(f"The array has shape {array.shape}, the grid {grid.shape_kji}: they must agree.")
    volume_node.SetAndObserveTransformNodeID(None)
    volume_node.SetIJKToRASMatrix(array_to_matrix(grid.ijk_to_ras))
    slicer.util.updateVolumeFromArray(volume_node, array)
