"""Spectra in the scene: one node a file, in a folder of its own within the visit's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import slicer

from brachyresponse.errors import InputFileError, SpectroscopyError, reason_of
from brachyresponse.geometry import Grid
from brachyresponse.scene.hierarchy import child_folder, place, rename_folder
from brachyresponse.scene.nodes import add_node, batch, rigid_world_matrix, set_attribute
from brachyresponse.scene.parts import KIND_ATTRIBUTE, delete_owner, folder_for, rename_owner
from brachyresponse.scene.response_fields import ResponseField, response_text
from brachyresponse.scene.response_parts import (
    VisitPart,
    assessment_of,
    require_visit,
    set_visit_parts,
    visit_part,
    visit_parts,
)
from brachyresponse.scene.spectroscopy_data import write_decays, write_table_text
from brachyresponse.scene.spectroscopy_fields import SpectraField, set_spectra_field
from brachyresponse.scene.spectroscopy_parts import (
    SPECTRA_CLASS,
    SPECTRA_KIND,
    SpectraRole,
    require_spectra,
    visit_of_spectra,
)
from brachyresponse.scene.spectroscopy_voxel import draw_voxels, voxel_node
from brachyresponse.scene.volumes import read_grid
from brachyresponse.spectroscopy.reading import read_spectra
from brachyresponse.spectroscopy.reading.metabolite_table import parse_metabolite_table
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.spectroscopy.study.place import check_anatomy
from brachyresponse.spectroscopy.study.request import SpectroscopyRequest


def load_spectra(
    visit_node: slicer.vtkMRMLScriptedModuleNode,
    path: str | Path,
    water_path: str | Path | None = None,
    echo_time_ms: float | None = None,
    leave_out_damaged: bool = False,
) -> slicer.vtkMRMLScriptedModuleNode:
    """Load a NIfTI-MRS file for a visit, coils and averages combined, draw its voxels, and return the node.

    Raises
    ------
    InputFileError, SpectroscopyError
        The file cannot be read or used, is of another patient, or its voxels lie outside the visit's image; then
        nothing is added.
    """
    require_visit(visit_node)
    read = read_spectra(path, water_path, echo_time_ms=echo_time_ms, leave_out_damaged=leave_out_damaged)
    return add_spectra(visit_node, read)


def add_spectra(visit_node: slicer.vtkMRMLScriptedModuleNode, spectra: Spectra) -> slicer.vtkMRMLScriptedModuleNode:
    """Add spectra to a visit, draw their voxels, and return the node.

    Raises
    ------
    SceneError, SpectroscopyError
        There is no such visit, the spectra are of another patient, or lie outside the visit's image.
    """
    require_visit(visit_node)
    _check_patient(visit_node, spectra)
    volume_node = visit_part(visit_node, VisitPart.VOLUME)
    if volume_node is not None:
        spectra = _check_place(spectra, volume_node)

    def fill(node: slicer.vtkMRMLScriptedModuleNode) -> None:
        write_decays(node, spectra)
        draw_voxels(node)
        drawn = voxel_node(node)
        if drawn is not None and volume_node is not None:
            drawn.SetAndObserveTransformNodeID(volume_node.GetTransformNodeID())
            draw_voxels(node)

    return _add(visit_node, spectra.name, fill)


def load_metabolite_table(
    visit_node: slicer.vtkMRMLScriptedModuleNode, path: str | Path
) -> slicer.vtkMRMLScriptedModuleNode:
    """Load a table of amplitudes that another program fitted, and return the node.

    Raises
    ------
    SceneError, InputFileError
        There is no such visit, or the file cannot be read as a metabolite table; then nothing is added.
    """
    require_visit(visit_node)
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputFileError(f"{path.name} cannot be read: {reason_of(error)}.") from error
    parse_metabolite_table(text, path.name)
    return _add(visit_node, path.name, lambda node: write_table_text(node, text))


def spectra_of(visit_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLScriptedModuleNode]:
    """Return the spectra of a visit, in the order in which they were added.

    Raises
    ------
    SceneError
        There is no such visit.
    """
    require_visit(visit_node)
    return visit_parts(visit_node, VisitPart.SPECTRA)


def delete_spectra(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Delete spectra with their voxels, tables, maps and chart.

    Raises
    ------
    SceneError
        There are no such spectra.
    """
    require_spectra(spectra_node)
    delete_owner(spectra_node, SpectraRole)


def rename_spectra_of(visit_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> None:
    """Name the spectra of a visit, and what belongs to them, by the name that the visit is about to get."""
    old = visit_node.GetName()
    for node in visit_parts(visit_node, VisitPart.SPECTRA):
        rename_spectra(node, name + node.GetName().removeprefix(old))


def rename_spectra(spectra_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> None:
    """Name spectra and what belongs to them; their folder is called by the series."""
    title = folder_title(spectra_node)
    rename_owner(spectra_node, name, SpectraRole)
    rename_folder(spectra_node.GetScene(), folder_for(spectra_node), title)


def folder_title(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return the name of the folder of spectra: what follows the visit's in theirs."""
    visit = visit_of_spectra(spectra_node).GetName()
    return f"Spectra {spectra_node.GetName().removeprefix(visit).strip()}"


def _add(
    visit_node: slicer.vtkMRMLScriptedModuleNode, series: str, fill: Callable[[slicer.vtkMRMLScriptedModuleNode], None]
) -> slicer.vtkMRMLScriptedModuleNode:
    scene, folder = visit_node.GetScene(), folder_for(visit_node)
    with batch(scene):
        node = add_node(scene, SPECTRA_CLASS, f"{visit_node.GetName()} {series}")
        set_attribute(node, KIND_ATTRIBUTE, SPECTRA_KIND)
        node.SetHideFromEditors(False)  # so that a node selector can offer it
        set_spectra_field(node, SpectraField.CREATED, datetime.now().replace(microsecond=0).isoformat())
        set_spectra_field(node, SpectraField.SERIES, series)
        set_visit_parts(visit_node, VisitPart.SPECTRA, [*visit_parts(visit_node, VisitPart.SPECTRA), node])
        place(node, child_folder(scene, folder, folder_title(node)))
        fill(node)
    return node


def _check_place(spectra: Spectra, volume_node: slicer.vtkMRMLScalarVolumeNode) -> Spectra:
    """Refuse spectra beside the image of the visit; of one that was moved they are moved with it, and it is said."""
    motion = rigid_world_matrix(volume_node)
    anatomy = read_grid(volume_node, "image of the visit")
    own = Grid(anatomy.shape_kji, np.linalg.inv(motion) @ anatomy.ijk_to_ras)
    check_anatomy(SpectroscopyRequest(spectra, anatomy=own))
    if volume_node.GetParentTransformNode() is None or not spectra.has_position:
        return spectra
    said = (
        f"The voxels lie under the transform of {volume_node.GetName()!r}, as the image of the same examination does."
    )
    return replace(spectra, notes=(*spectra.notes, said))


def _check_patient(visit_node: slicer.vtkMRMLScriptedModuleNode, spectra: Spectra) -> None:
    owner = assessment_of(visit_node)
    known = "" if owner is None else response_text(owner, ResponseField.PATIENT_ID)
    if known and spectra.patient_id and known != spectra.patient_id:
        raise SpectroscopyError(
            f"Spectra {spectra.name!r} are of patient {spectra.patient_id!r}, but the assessment is of patient "
            f"{known!r}: choose a file of this patient, or correct the patient ID of the assessment."
        )
