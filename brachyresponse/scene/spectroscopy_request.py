"""What the nodes of a visit say of its spectra, as a request to the library: all is read, and nothing is written."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import Any

import slicer

from brachyresponse.errors import BrachyResponseError, SpectroscopyError
from brachyresponse.geometry import Structure
from brachyresponse.scene.nodes import set_attribute
from brachyresponse.scene.perfusion_segments import ChosenSegment
from brachyresponse.scene.response_fields import ResponseField, response_text
from brachyresponse.scene.response_implant_seeds import implant_on
from brachyresponse.scene.response_lesions import find_entry, read_entries, segment_of
from brachyresponse.scene.response_parts import VisitPart, need_assessment, visit_part
from brachyresponse.scene.response_visits import day_of_visit
from brachyresponse.scene.segments import read_structure
from brachyresponse.scene.spectroscopy_data import read_data
from brachyresponse.scene.spectroscopy_fields import SpectraField, set_spectra_field, spectra_json, spectra_text
from brachyresponse.scene.spectroscopy_parts import visit_of_spectra
from brachyresponse.scene.volumes import read_grid
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.spectroscopy.study import SpectroscopyRequest, SpectroscopySettings
from brachyresponse.spectroscopy.voxels import shares_on_grid
from brachyresponse.spectroscopy.voxels.shares import check_voxel
from brachyresponse.types import FloatArray

STRUCTURES = {"ventricle": SpectraField.VENTRICLE, "bone": SpectraField.BONE}
"""Segments that spoil a voxel, by the word that a user chooses them with."""
Voxel = tuple[int, int, int]


def read_spectroscopy_request(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> SpectroscopyRequest:
    """Return what spectra are to be measured from: the drawn lesions of the visit, its image, the seeds on the scan.

    Raises
    ------
    BrachyResponseError
        Something is missing or cannot be read; the message says what to do.
    """
    visit_node = visit_of_spectra(spectra_node)
    volume_node = visit_part(visit_node, VisitPart.VOLUME)
    seeds = implant_on(visit_node).seeds
    return SpectroscopyRequest(
        spectra=read_data(spectra_node),
        lesions=drawn_lesions(visit_node),
        anatomy=None if volume_node is None else read_grid(volume_node, "image of the visit"),
        assigned_lesion=voxel_lesion(spectra_node),
        ventricle=_structure(spectra_node, "ventricle"),
        bone=_structure(spectra_node, "bone"),
        seed_positions_mm=None if seeds is None else seeds.positions_mm,
        normal_voxels=normal_voxels(spectra_node),
        patient_id=response_text(need_assessment(visit_node), ResponseField.PATIENT_ID),
        scan_date=day_of_visit(visit_node),
        settings=spectroscopy_settings(spectra_node),
    )


def drawn_lesions(visit_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[Structure, ...]:
    """Return the lesions of a visit that have a segment, by their names."""
    found = ((entry.id, segment_of(visit_node, entry)) for entry in read_entries(visit_node))
    read = ((name, chosen.read()) for name, chosen in found if chosen is not None and chosen.exists)
    return tuple(Structure(name, one.occupancy, one.grid) for name, one in read)


def set_voxel_lesion(spectra_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str) -> None:
    """Say which lesion the single voxel was laid on; "" takes that back.

    Raises
    ------
    SceneError, ResponseError, SpectroscopyError
        There are no such spectra or lesion, or there are several voxels: of these the shares decide.
    """
    visit_node = visit_of_spectra(spectra_node)
    if not lesion_id:
        set_spectra_field(spectra_node, SpectraField.LESION, None)
        return
    entry, data = find_entry(visit_node, lesion_id), read_data(spectra_node)
    count = data.fid[..., 0].size if isinstance(data, Spectra) else len(data.voxels)
    if count > 1:
        raise SpectroscopyError(
            f"{spectra_node.GetName()!r} has {count} voxels: which of them lie on a lesion is found by their places."
        )
    set_spectra_field(spectra_node, SpectraField.LESION, entry.slot)


def voxel_lesion(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return the lesion that a person laid the voxel on; empty where nobody said so, or it was removed."""
    slot = spectra_json(spectra_node, SpectraField.LESION)
    entries = read_entries(visit_of_spectra(spectra_node))
    return next((entry.id for entry in entries if entry.slot == slot), "")


def lesion_shares(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> dict[str, FloatArray]:
    """Return each drawn lesion's share of every voxel, [k, j, i], as all lie now; nothing where that is not known."""
    data = read_data(spectra_node)
    if data.grid is None or (isinstance(data, Spectra) and not data.has_position):
        return {}
    return {each.name: shares_on_grid(data.grid, each) for each in drawn_lesions(visit_of_spectra(spectra_node))}


def lesion_share(
    spectra_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str | None = None, voxel: Voxel | None = None
) -> float | None:
    """Return which share of a voxel a lesion fills, 0 to 1, as they lie now; None where that is not known.

    Without a lesion that which the voxel was laid on, or the one that fills most; without a voxel the fullest one.

    Raises
    ------
    SceneError, ResponseError, SpectroscopyError
        There are no such spectra, lesion or voxel.
    """
    if lesion_id:
        find_entry(visit_of_spectra(spectra_node), lesion_id)
    shares, data = lesion_shares(spectra_node), read_data(spectra_node)
    if voxel is not None and data.grid is not None:
        check_voxel(data.grid, voxel)
    name = lesion_id or voxel_lesion(spectra_node)
    found = [shares[name]] if name in shares else ([] if name else list(shares.values()))
    values = [float(each.max() if voxel is None else each[voxel[::-1]]) for each in found]
    return max(values, default=None)


def set_normal_voxels(spectra_node: slicer.vtkMRMLScriptedModuleNode, voxels: list[Voxel]) -> None:
    """Say which voxels, by index (i, j, k), stand for normal tissue.

    Raises
    ------
    SpectroscopyError
        There is no such voxel.
    """
    data = read_data(spectra_node)
    for voxel in voxels if isinstance(data, Spectra) else ():
        check_voxel(data.grid, voxel)  # type: ignore[arg-type]
    set_spectra_field(spectra_node, SpectraField.NORMAL_VOXELS, [[int(n) for n in voxel] for voxel in voxels] or None)


def normal_voxels(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[Voxel, ...]:
    """Return the voxels that stand for normal tissue, by index (i, j, k)."""
    return tuple((int(i), int(j), int(k)) for i, j, k in spectra_json(spectra_node, SpectraField.NORMAL_VOXELS, []))


def set_spectroscopy_setting(spectra_node: slicer.vtkMRMLScriptedModuleNode, name: str, value: float) -> None:
    """Set a setting by its name in :class:`~brachyresponse.spectroscopy.SpectroscopySettings`.

    Raises
    ------
    SpectroscopyError
        There is no such setting, or the value lies outside its range.
    """
    names = [each.name for each in fields(SpectroscopySettings)]
    if name not in names:
        raise SpectroscopyError(f"There is no setting {name!r}: choose one of {', '.join(names)}.")
    kept = {**asdict(spectroscopy_settings(spectra_node)), name: value}
    set_spectra_field(spectra_node, SpectraField.SETTINGS, asdict(SpectroscopySettings(**kept)))


def spectroscopy_settings(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> SpectroscopySettings:
    """Return the settings of spectra."""
    kept: dict[str, Any] = spectra_json(spectra_node, SpectraField.SETTINGS, {})
    return replace(SpectroscopySettings(), **kept)


def choose_structure(
    spectra_node: slicer.vtkMRMLScriptedModuleNode,
    what: str,
    segmentation_node: slicer.vtkMRMLSegmentationNode | None,
    segment_id: str,
) -> None:
    """Choose the segment of the "ventricle" or the "bone"; "" is none.

    Raises
    ------
    SpectroscopyError, SceneError, StructureError, GeometryError
        There is no such word or segment, or it is empty.
    """
    field = _field(what)
    if segment_id:
        read_structure(segmentation_node, segment_id)
    node_id = segmentation_node.GetID() if segment_id and segmentation_node is not None else None
    spectra_node.SetNodeReferenceID(_role(what), node_id)
    set_attribute(spectra_node, field.value, segment_id or None)


def chosen_structure(spectra_node: slicer.vtkMRMLScriptedModuleNode, what: str) -> ChosenSegment | None:
    """Return the segment of the "ventricle" or the "bone", or None."""
    segment_id = spectra_text(spectra_node, _field(what))
    return ChosenSegment(spectra_node.GetNodeReference(_role(what)), segment_id) if segment_id else None


def _field(what: str) -> SpectraField:
    if what not in STRUCTURES:
        raise SpectroscopyError(f"{what!r} is nothing that spoils a voxel: choose one of {', '.join(STRUCTURES)}.")
    return STRUCTURES[what]


def _role(what: str) -> str:
    return f"{what}SegmentRef"


def _structure(spectra_node: slicer.vtkMRMLScriptedModuleNode, what: str) -> Structure | None:
    chosen = chosen_structure(spectra_node, what)
    try:
        return None if chosen is None else chosen.read()
    except BrachyResponseError as error:
        raise SpectroscopyError(f"The segment of the {what} cannot be read: {error}") from error
