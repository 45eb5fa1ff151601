"""Whether what was measured of spectra still belongs to what it was measured from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import slicer

from brachyresponse.errors import BrachyResponseError
from brachyresponse.scene.contents import drawn_contents, in_steps
from brachyresponse.scene.nodes import get_attribute, world_matrix
from brachyresponse.scene.response_implant_seeds import implant_on
from brachyresponse.scene.response_lesions import read_entries, segment_of
from brachyresponse.scene.response_parts import VisitPart, visit_part
from brachyresponse.scene.response_staleness import REACH_MM
from brachyresponse.scene.spectroscopy_data import data_text
from brachyresponse.scene.spectroscopy_fields import SpectraField, spectra_text
from brachyresponse.scene.spectroscopy_parts import SpectraRole, spectra_part, spectra_parts, visit_of_spectra
from brachyresponse.scene.spectroscopy_request import STRUCTURES, chosen_structure, voxel_lesion
from brachyresponse.scene.stale import SIGNATURE, input_signature, is_current, mark_current, stale_reason
from brachyresponse.scene.volumes import read_grid

RESULT_ROLES = (
    SpectraRole.RECORD,
    SpectraRole.METABOLITES,
    SpectraRole.RATIOS,
    SpectraRole.LESIONS,
    SpectraRole.MAPS,
    SpectraRole.CHART,
)
CHOICES = (SpectraField.LESION, SpectraField.NORMAL_VOXELS, SpectraField.SETTINGS)
DATA, PLACE, A_LESION = "the data were changed", "the voxels were moved", "a lesion was changed"
CHOICE, SEEDS, OTHERS = "a choice was changed", "the seeds were changed", "the ventricle or the bone was changed"
IMAGE = "the image of the visit was changed"
REASONS = (DATA, PLACE, A_LESION, CHOICE, SEEDS, OTHERS, IMAGE)
"""In the order of the parts of a signature."""
UNREADABLE, OUT_OF_DATE = "cannot be read", "OUT OF DATE:"


def mark_spectra_current(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Say of what was measured that it belongs to what the scene holds now."""
    mark_current(_results(spectra_node), spectra_inputs(spectra_node))


def stale_spectra_reason(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return why what was measured no longer holds; empty while it does, or while nothing was measured.

    Raises
    ------
    SceneError
        There are no such spectra, or their visit was deleted.
    """
    record = spectra_part(spectra_node, SpectraRole.RECORD)
    if record is None or stale_reason(record) or is_current(record, signature := spectra_inputs(spectra_node)):
        return "" if record is None else stale_reason(record)
    before = get_attribute(record, SIGNATURE).split()
    changed = [why for why, was, now in zip_longest(REASONS, before, signature.split()) if was != now]
    return changed[0] if changed else DATA


def say_spectra_staleness(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Say in the descriptions of the results whether they are out of date, for those who have no module of ours."""
    reason = stale_spectra_reason(spectra_node)
    said = f"{OUT_OF_DATE} {reason}; fit again." if reason else ""
    for node in _results(spectra_node):
        kept = (node.GetDescription() or "").split(OUT_OF_DATE)[0].strip()
        text = f"{kept} {said}".strip()
        if (node.GetDescription() or "") != text:
            node.SetDescription(text)


def spectra_inputs(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return a text that is another one when something changes that the results depend on; the same after loading.

    Raises
    ------
    SceneError
        There are no such spectra, or their visit was deleted.
    """
    visit_node = visit_of_spectra(spectra_node)
    seeds = implant_on(visit_node).seeds
    subjects = (
        data_text(spectra_node),
        _place(spectra_node),
        list(_lesions(spectra_node)),
        [spectra_text(spectra_node, field) for field in CHOICES],
        "" if seeds is None else in_steps(seeds.positions_mm),
        list(_structures(spectra_node)),
        _image(visit_node),
    )
    return " ".join(input_signature(subject) for subject in subjects)


def _results(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLNode]:
    return [node for role in RESULT_ROLES for node in spectra_parts(spectra_node, role)]


def _place(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> object:
    drawn = spectra_part(spectra_node, SpectraRole.VOXEL)
    if drawn is None or drawn.GetParentTransformNode() is None:
        return ""
    try:
        return in_steps(world_matrix(drawn) @ REACH_MM)
    except BrachyResponseError:
        return UNREADABLE


def _lesions(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> Iterator[object]:
    """The lesions that are drawn, and the one that the voxel was laid on: of others no share can be told."""
    visit_node, laid_on = visit_of_spectra(spectra_node), voxel_lesion(spectra_node)
    for entry in read_entries(visit_node):
        chosen = segment_of(visit_node, entry)
        if chosen is not None and chosen.exists:
            yield entry.id, drawn_contents(chosen.node, chosen.segment_id)
        elif entry.id == laid_on:
            yield entry.id, ""


def _structures(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> Iterator[object]:
    for what in STRUCTURES:
        chosen = chosen_structure(spectra_node, what)
        yield "" if chosen is None or not chosen.exists else drawn_contents(chosen.node, chosen.segment_id)


def _image(visit_node: slicer.vtkMRMLScriptedModuleNode) -> object:
    volume_node = visit_part(visit_node, VisitPart.VOLUME)
    try:
        return "" if volume_node is None else in_steps(read_grid(volume_node).corners_mm())
    except BrachyResponseError:
        return UNREADABLE
