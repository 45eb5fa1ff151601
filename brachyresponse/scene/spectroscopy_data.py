"""The decays of spectra, or the rows of a metabolite table, in the scene.

They are kept as text in the formats of their files: decays as NIfTI-MRS in base64 (single precision, combined), a table
as CSV. So they come back from a saved scene exactly, can be fitted again, and are read by every program of the field
once the text is decoded.
"""

from __future__ import annotations

import base64
import binascii
import gzip
from dataclasses import replace
from functools import lru_cache

import numpy as np
import slicer
from vtk.util.numpy_support import vtk_to_numpy

from brachyresponse.errors import SpectroscopyError
from brachyresponse.geometry import Grid
from brachyresponse.scene.nodes import rigid_world_matrix
from brachyresponse.scene.spectroscopy_fields import (
    SpectraContent,
    SpectraField,
    set_spectra_field,
    spectra_json,
    spectra_text,
)
from brachyresponse.scene.spectroscopy_parts import SpectraRole, own_spectra_node, spectra_part
from brachyresponse.spectroscopy.combining import combine
from brachyresponse.spectroscopy.reading.metabolite_table import MetaboliteTable, parse_metabolite_table
from brachyresponse.spectroscopy.reading.nifti_mrs import parse_nifti_mrs
from brachyresponse.spectroscopy.reading.writing import nifti_mrs_bytes
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.spectroscopy.voxels import voxel_outline

TEXT_CLASS = "vtkMRMLTextNode"
SAME_MM = 0.01
"""A corner that is no farther from its place lies there."""
NOTES, SHIFTS, PHASES = "notes", "shift_hz", "phase_deg"


def write_decays(spectra_node: slicer.vtkMRMLScriptedModuleNode, spectra: Spectra) -> None:
    """Keep combined decays with their node."""
    packed = base64.b64encode(gzip.compress(nifti_mrs_bytes(spectra), mtime=0)).decode("ascii")
    _write(spectra_node, SpectraContent.DECAYS, packed)
    reading = {NOTES: spectra.notes, SHIFTS: spectra.average_shift_hz, PHASES: spectra.average_phase_deg}
    set_spectra_field(spectra_node, SpectraField.READING, {key: list(value) for key, value in reading.items()})


def write_table_text(spectra_node: slicer.vtkMRMLScriptedModuleNode, text: str) -> None:
    """Keep the rows of a metabolite table with their node."""
    _write(spectra_node, SpectraContent.TABLE, text)


def data_text(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return the kept text; empty where its node was deleted."""
    node = spectra_part(spectra_node, SpectraRole.DATA)
    return "" if node is None else str(node.GetText() or "")


def read_data(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> Spectra | MetaboliteTable:
    """Return what is kept: decays where their voxels lie now, or a table.

    Raises
    ------
    SpectroscopyError
        Its node was deleted or is damaged, or the drawn voxel itself was changed.
    SceneError, GeometryError
        There are no such spectra, or the voxels lie under a transform that does more than turn and move.
    """
    data = read_file_data(spectra_node)
    if not isinstance(data, Spectra) or not data.has_position:
        return data
    return replace(data, grid=_moved(spectra_node, data.grid))


def read_file_data(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> Spectra | MetaboliteTable:
    """Return what is kept: decays where the file lays their voxels, or a table.

    Raises
    ------
    SpectroscopyError, SceneError
        Its node was deleted or is damaged, or there are no such spectra.
    """
    text, name = data_text(spectra_node), spectra_text(spectra_node, SpectraField.SERIES)
    if not text:
        raise SpectroscopyError(f"The data of spectra {spectra_node.GetName()!r} were deleted: load the file again.")
    if spectra_text(spectra_node, SpectraField.CONTENT) == SpectraContent.TABLE:
        return parse_metabolite_table(text, name)
    reading = spectra_json(spectra_node, SpectraField.READING, {})
    spectra = _unpacked(text, name)
    return replace(
        spectra,
        notes=tuple(reading.get(NOTES, ())),
        average_shift_hz=tuple(reading.get(SHIFTS, ())),
        average_phase_deg=tuple(reading.get(PHASES, ())),
    )


def read_decays(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> Spectra:
    """Return the decays, with their voxels where the file lays them.

    Raises
    ------
    SpectroscopyError
        There are none: only a table of amplitudes was loaded; or as :func:`read_file_data`.
    """
    found = read_file_data(spectra_node)
    if not isinstance(found, Spectra):
        raise SpectroscopyError(
            f"{spectra_node.GetName()!r} is a table of amplitudes without spectra: load the spectra as NIfTI-MRS "
            "to see them."
        )
    return found


def shown_voxel(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[int, int, int]:
    """Return the index (i, j, k) of the voxel that is drawn and whose spectrum is shown."""
    i, j, k = spectra_json(spectra_node, SpectraField.SHOWN_VOXEL, [0, 0, 0])
    return int(i), int(j), int(k)


@lru_cache(maxsize=4)
def _unpacked(text: str, name: str) -> Spectra:
    try:
        data = gzip.decompress(base64.b64decode(text, validate=True))
    except (binascii.Error, OSError, EOFError) as error:
        raise SpectroscopyError(f"The kept data of {name!r} are damaged ({error}): load the file again.") from error
    return combine(parse_nifti_mrs(data, name))


def _moved(spectra_node: slicer.vtkMRMLScriptedModuleNode, grid: Grid) -> Grid:
    """The voxels in the world: a person may lay the drawn voxel under a transform, but not change it."""
    drawn = spectra_part(spectra_node, SpectraRole.VOXEL)
    if drawn is None:
        return grid
    expected = voxel_outline(grid, shown_voxel(spectra_node)).corners_mm
    points = None if drawn.GetPolyData() is None else drawn.GetPolyData().GetPoints()
    found = np.empty((0, 3)) if points is None else vtk_to_numpy(points.GetData())
    if found.shape != expected.shape or np.abs(found - expected).max() > SAME_MM:
        raise SpectroscopyError(
            f"The drawn voxel of {spectra_node.GetName()!r} itself was changed, as by hardening a transform: show its "
            "spectrum to draw it where it was measured, and lay it under a transform to move it."
        )
    if drawn.GetParentTransformNode() is None:
        return grid
    return Grid(grid.shape_kji, rigid_world_matrix(drawn) @ grid.ijk_to_ras)


def _write(spectra_node: slicer.vtkMRMLScriptedModuleNode, content: SpectraContent, text: str) -> None:
    node = own_spectra_node(spectra_node, SpectraRole.DATA, TEXT_CLASS, "data")
    node.SetHideFromEditors(True)
    node.SetText(text)
    node.SetDescription(content.value)
    set_spectra_field(spectra_node, SpectraField.CONTENT, content.value)
