"""The voxels of spectra drawn on the anatomy: one as a box, a grid as its boxes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray

from brachyresponse.scene.nodes import modify
from brachyresponse.scene.spectroscopy_data import read_file_data, shown_voxel
from brachyresponse.scene.spectroscopy_fields import SpectraField, set_spectra_field
from brachyresponse.scene.spectroscopy_parts import SpectraRole, own_spectra_node, set_spectra_part, spectra_part
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.spectroscopy.voxels import VoxelOutline, grid_outline, voxel_outline
from brachyresponse.spectroscopy.voxels.shares import check_voxel
from brachyresponse.types import FloatArray

VOXEL_COLOUR, GRID_COLOUR = (1.0, 0.85, 0.1), (0.35, 0.75, 1.0)
VOXEL_OPACITY = 0.35
VOXEL_LINE, GRID_LINE = 4, 1
"""Width where a slice cuts them: the shown voxel has to be seen among the others."""
Voxel = tuple[int, int, int]


def draw_voxels(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Draw the voxel that is shown, and of a grid all voxels; nothing where it is not known where they lie.

    The models lie in the coordinates of the file; a transform above the voxel's moves the spectra.

    Raises
    ------
    SpectroscopyError
        The data were deleted.
    """
    data = read_file_data(spectra_node)
    if not isinstance(data, Spectra) or not data.has_position:
        set_spectra_part(spectra_node, SpectraRole.VOXEL, None)
        set_spectra_part(spectra_node, SpectraRole.GRID, None)
        return
    model = _model(spectra_node, SpectraRole.VOXEL, "voxel", VOXEL_COLOUR)
    model.SetAndObserveMesh(outline_polydata(voxel_outline(data.grid, shown_voxel(spectra_node))))
    if data.fid[..., 0].size > 1:
        grid = _model(spectra_node, SpectraRole.GRID, "grid", GRID_COLOUR)
        grid.SetAndObserveMesh(outline_polydata(grid_outline(data.grid)))
        grid.GetDisplayNode().SetRepresentation(grid.GetDisplayNode().WireframeRepresentation)
        grid.SetAndObserveTransformNodeID(model.GetTransformNodeID())


def voxel_node(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLModelNode | None:
    """Return the model of the voxel that is shown, or None where it is not known where it lies."""
    return spectra_part(spectra_node, SpectraRole.VOXEL)


def show_voxel(spectra_node: slicer.vtkMRMLScriptedModuleNode, voxel: Voxel) -> None:
    """Choose the voxel that is drawn, by its index (i, j, k).

    Raises
    ------
    SpectroscopyError
        There is no such voxel, or the data were deleted.
    """
    data = read_file_data(spectra_node)
    if isinstance(data, Spectra):
        check_voxel(data.grid, voxel)
    set_spectra_field(spectra_node, SpectraField.SHOWN_VOXEL, [int(n) for n in voxel])
    draw_voxels(spectra_node)


def set_voxels_visible(spectra_node: slicer.vtkMRMLScriptedModuleNode, show: bool) -> None:
    """Show or hide what is drawn of the voxels."""
    for role in (SpectraRole.VOXEL, SpectraRole.GRID):
        node = spectra_part(spectra_node, role)
        if node is not None:
            node.SetDisplayVisibility(show)


def voxels_with(shares: Mapping[str, FloatArray]) -> list[tuple[Voxel, dict[str, float]]]:
    """Return the voxels (i, j, k) that hold some of a lesion, fullest first, with the share of each lesion."""
    if not shares:
        return []
    most = np.max(list(shares.values()), axis=0)
    places = sorted(np.argwhere(most > 0).tolist(), key=lambda kji: -float(most[tuple(kji)]))
    return [((i, j, k), {name: float(each[k, j, i]) for name, each in shares.items()}) for k, j, i in places]


def outline_polydata(outline: VoxelOutline) -> vtk.vtkPolyData:
    """Return boxes as a surface of four-cornered faces."""
    points = vtk.vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(outline.corners_mm, np.float64), deep=True))
    cells = vtk.vtkCellArray()
    cells.SetData(4, numpy_to_vtkIdTypeArray(np.ascontiguousarray(outline.faces, np.int64).ravel(), deep=True))
    surface = vtk.vtkPolyData()
    surface.SetPoints(points)
    surface.SetPolys(cells)
    return surface


def _model(
    spectra_node: slicer.vtkMRMLScriptedModuleNode,
    role: SpectraRole,
    what: str,
    colour: tuple[float, float, float],
) -> slicer.vtkMRMLModelNode:
    model = own_spectra_node(spectra_node, role, "vtkMRMLModelNode", what)
    if model.GetDisplayNode() is None:
        model.SetSelectable(False)  # clicks go past it
        model.CreateDefaultDisplayNodes()
        display = model.GetDisplayNode()
        with modify(display):
            display.SetColor(*colour)
            display.SetOpacity(VOXEL_OPACITY)
            display.SetEdgeVisibility(True)
            display.SetEdgeColor(*colour)
            display.SetVisibility2D(True)
            display.SetSliceIntersectionThickness(VOXEL_LINE if role is SpectraRole.VOXEL else GRID_LINE)
    return model
