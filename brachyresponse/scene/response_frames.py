"""Whether a lesion was drawn on the image of its visit: coordinates of another frame of reference say nothing here."""

from __future__ import annotations

import numpy as np
import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Structure
from brachyresponse.response.matching import check_one_frame
from brachyresponse.scene.dicom_facts import dicom_facts
from brachyresponse.scene.response_lesions import LesionEntry, lesion_label, segment_of
from brachyresponse.scene.response_parts import ResponseRole, VisitPart, assessment_of, response_parts, visit_part
from brachyresponse.scene.response_visits import day_of_visit
from brachyresponse.scene.volumes import read_grid

REFERENCE_IMAGE = "referenceImageGeometryRef"
"""Role in which a segmentation refers to the image that it was drawn on."""


def check_drawn_here(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry, structure: Structure) -> None:
    """Refuse a lesion that was drawn on the image of another visit, or lies outside the image of this one.

    Raises
    ------
    ResponseError
        Naming the visit, the lesion and the images.
    """
    volume_node = visit_part(visit_node, VisitPart.VOLUME)
    if volume_node is None:
        return  # a lesion can be measured on its segment alone
    label = lesion_label(visit_node, entry.id)
    chosen = segment_of(visit_node, entry)
    drawn_on = None if chosen is None or chosen.node is None else chosen.node.GetNodeReference(REFERENCE_IMAGE)
    if drawn_on is not None and drawn_on is not volume_node:
        _check_frames(visit_node, label, drawn_on, volume_node)
    grid = read_grid(volume_node)
    if not grid.contains(structure.centre_mm[None]).all():
        raise ResponseError(
            f"{label} lies outside the image {volume_node.GetName()!r}, with its centre at "
            f"{np.round(structure.centre_mm, 1).tolist()} mm: it was drawn on another frame of reference; draw it on "
            "this image, or choose the right image of the visit."
        )


def _check_frames(
    visit_node: slicer.vtkMRMLScriptedModuleNode,
    label: str,
    drawn_on: slicer.vtkMRMLScalarVolumeNode,
    volume_node: slicer.vtkMRMLScalarVolumeNode,
) -> None:
    frames = {
        f"image {volume_node.GetName()!r} of the visit of {day_of_visit(visit_node)}": dicom_facts(volume_node),
        f"{label}, drawn on {drawn_on.GetName()!r},": dicom_facts(drawn_on),
    }
    check_one_frame({what: facts.frame_of_reference_uid for what, facts in frames.items()})
    if all(facts.frame_of_reference_uid for facts in frames.values()):
        return
    owner, name = assessment_of(visit_node), drawn_on.GetName()
    for other in [] if owner is None else response_parts(owner, ResponseRole.VISITS):
        if other is visit_node or visit_part(other, VisitPart.VOLUME) is not drawn_on:
            continue
        if not _share_a_grid(drawn_on, volume_node):
            raise ResponseError(
                f"{label} was drawn on {name!r}, the image of the visit of {day_of_visit(other)}, which "
                "lies elsewhere: draw it on the image of its own visit."
            )


def _share_a_grid(one: slicer.vtkMRMLScalarVolumeNode, other: slicer.vtkMRMLScalarVolumeNode) -> bool:
    """Whether two images have the same voxels at the same places, as those that were brought together have."""
    return bool(read_grid(one) == read_grid(other))
