"""The images of the visits brought to that of the baseline: one linear transform a visit, which moves nothing."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import slicer
import vtk

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.progress import Report
from brachyresponse.response.matching import VisitRegistration, register_visits, unregistered
from brachyresponse.scene.dicom_facts import dicom_facts
from brachyresponse.scene.nodes import (
    array_to_matrix,
    batch,
    get_attribute,
    is_rigid,
    matrix_to_array,
    modify,
    set_attribute,
)
from brachyresponse.scene.perfusion_carrying import DAY, RESIDUAL, RESIDUAL_IS, WARNINGS
from brachyresponse.scene.response_lesions import lesion_label, read_entries, segment_of
from brachyresponse.scene.response_parts import (
    VisitPart,
    need_assessment,
    need_visit_part,
    own_visit_node,
    require_visit,
    set_visit_part,
    visit_part,
)
from brachyresponse.scene.response_visits import IMAGE, baseline_of, day_of_visit
from brachyresponse.scene.volumes import read_grid, view_image
from brachyresponse.types import FloatArray

TRANSFORM_CLASS = "vtkMRMLLinearTransformNode"
HU = "HU"
CT_VALUE = "112031"
"""Code of the quantity that Slicer's DICOM import gives a CT."""
HU_OF_AIR = -500.0
TARGET, HAS_TARGET = "registeredToRef", "RegisteredTo"
"""The image to which a transform brings, and whether it was known: without an image there is no reference."""


def register_to_baseline(
    visit_node: slicer.vtkMRMLScriptedModuleNode, around_lesion: str, report: Report
) -> VisitRegistration:
    """Register the image of a visit to that of the baseline; nothing is written.

    Parameters
    ----------
    around_lesion
        Of CTs: the lesion of the baseline round which the tissue is compared, as in a neck that bends; "" for bone.

    Raises
    ------
    SceneError, ResponseError, GeometryError, RegistrationError
        An image cannot be read, the visit is the baseline, or the images cannot be brought together.
    Cancelled
        By the report.
    """
    baseline = other_baseline(visit_node)
    around = _lesion_structure(baseline, around_lesion) if around_lesion else None
    fixed, moving = (visit_image(node) for node in (baseline, visit_node))
    return register_visits(fixed, moving, around=around, report=report)


def other_baseline(visit_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLScriptedModuleNode:
    """Return the baseline of the assessment of a visit that is not the baseline itself.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit, it is the baseline, or its assessment has no baseline.
    """
    baseline = baseline_of(need_assessment(visit_node))
    if baseline is visit_node:
        raise ResponseError(f"The visit of {day_of_visit(visit_node)} is the baseline itself: choose another visit.")
    return baseline


def write_registration(
    visit_node: slicer.vtkMRMLScriptedModuleNode, registration: VisitRegistration
) -> slicer.vtkMRMLLinearTransformNode:
    """Keep the registration of a visit as a transform from its image to the baseline's; no image is put under it."""
    with batch(visit_node.GetScene()):
        node = own_visit_node(visit_node, VisitPart.REGISTRATION, TRANSFORM_CLASS, "to baseline")
        write_motion(node, registration, need_assessment(visit_node))
    return node


def write_motion(
    node: slicer.vtkMRMLLinearTransformNode,
    registration: VisitRegistration,
    assessment_node: slicer.vtkMRMLScriptedModuleNode,
) -> None:
    """Write a motion to the baseline of an assessment into a transform, with its residual and the day."""
    residual, target = registration.residual_mm, _baseline_image(assessment_node)
    with modify(node):
        node.SetNodeReferenceID(TARGET, None if target is None else target.GetID())
        set_attribute(node, HAS_TARGET, None if target is None else target.GetName())
        node.SetMatrixTransformToParent(array_to_matrix(registration.matrix))
        set_attribute(node, RESIDUAL, None if residual is None else repr(float(residual)))
        set_attribute(node, RESIDUAL_IS, registration.residual_is)
        set_attribute(node, WARNINGS, json.dumps(registration.warnings))
        set_attribute(node, DAY, date.today().isoformat())


def take_registration_away(visit_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Forget the registration of a visit."""
    set_visit_part(visit_node, VisitPart.REGISTRATION, None)


def check_target(node: slicer.vtkMRMLLinearTransformNode, assessment_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Refuse a transform that brings to an image which is not the baseline's any more.

    Raises
    ------
    ResponseError
        Another visit is the baseline since, or the baseline has another image; or there is no baseline.
    """
    name = get_attribute(node, HAS_TARGET)
    image = visit_part(baseline_of(assessment_node), VisitPart.VOLUME)
    if name and node.GetNodeReference(TARGET) is not image:
        now = "has no image" if image is None else f"has the image {image.GetName()!r}"
        raise ResponseError(
            f"Transform {node.GetName()!r} brings to the image {name!r}, but the baseline {now}: register again."
        )


def _baseline_image(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLScalarVolumeNode | None:
    """The image of the baseline; None where it has none, or it is not sure which visit is the baseline."""
    try:
        return visit_part(baseline_of(assessment_node), VisitPart.VOLUME)
    except ResponseError:
        return None


def read_motion(node: slicer.vtkMRMLLinearTransformNode) -> VisitRegistration:
    """Return the motion of a transform; a user may have corrected it by hand.

    Raises
    ------
    ResponseError
        It does more than turn and move.
    """
    matrix = motion_matrix(node)
    if not is_rigid(matrix):
        raise ResponseError(
            f"Transform {node.GetName()!r} scales, shears or mirrors: register again; scans are only turned and moved."
        )
    residual = get_attribute(node, RESIDUAL)
    warnings = tuple(json.loads(get_attribute(node, WARNINGS, "[]")))
    said = get_attribute(node, RESIDUAL_IS, "Its residual is not known.")
    return VisitRegistration(matrix, float(residual) if residual else None, said, warnings)


def motion_matrix(node: slicer.vtkMRMLLinearTransformNode) -> FloatArray:
    """Return the matrix of a transform, (4, 4)."""
    matrix = vtk.vtkMatrix4x4()
    node.GetMatrixTransformToParent(matrix)
    return matrix_to_array(matrix)


def registration_of(visit_node: slicer.vtkMRMLScriptedModuleNode) -> VisitRegistration:
    """Return the motion from the image of a visit to that of the baseline; nothing moves on the baseline itself.

    A visit that was not registered is taken to lie in the baseline's frame only where DICOM says so.

    Raises
    ------
    ResponseError
        It was not registered and is not known to lie in one frame of reference, it was registered to another image
        than the baseline's, or its transform is not rigid.
    """
    require_visit(visit_node)
    owner = need_assessment(visit_node)
    baseline, node = baseline_of(owner), visit_part(visit_node, VisitPart.REGISTRATION)
    if baseline is visit_node:
        return VisitRegistration(np.eye(4), 0.0, "The baseline itself.")
    if node is not None:
        check_target(node, owner)
        return read_motion(node)
    frames = [frame_of(node) for node in (baseline, visit_node)]
    if not all(frames) or frames[0] != frames[1]:
        raise ResponseError(
            f"The visit of {day_of_visit(visit_node)} is not registered to the baseline: register it first."
        )
    return unregistered(*frames)


def frame_of(visit_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return the frame of reference of the image of a visit; empty where it is not known."""
    volume_node = visit_part(visit_node, VisitPart.VOLUME)
    return "" if volume_node is None else dicom_facts(volume_node).frame_of_reference_uid


def visit_image(visit_node: slicer.vtkMRMLScriptedModuleNode) -> Volume:
    """Return the image of a visit; a CT is in HU.

    Raises
    ------
    SceneError, GeometryError
        There is none, or it cannot be read.
    """
    return image_of(need_visit_part(visit_node, VisitPart.VOLUME, IMAGE))


def image_of(volume_node: slicer.vtkMRMLScalarVolumeNode) -> Volume:
    """Return an image of the scene; a CT is in HU."""
    values, grid = view_image(volume_node, IMAGE)
    quantity = volume_node.GetVoxelValueQuantity()
    is_ct = quantity is not None and quantity.GetCodeValue() == CT_VALUE
    unit = HU if is_ct or float(values.min()) <= HU_OF_AIR else ""  # MR images have no values below 0
    return Volume(volume_node.GetName(), values, grid, unit)


def scan_grid(visit_node: slicer.vtkMRMLScriptedModuleNode) -> Grid | None:
    """Return the grid of the image of a visit, or None without one."""
    volume_node = visit_part(visit_node, VisitPart.VOLUME)
    return None if volume_node is None else read_grid(volume_node)


def _lesion_structure(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str) -> Structure:
    for entry in read_entries(visit_node):
        chosen = segment_of(visit_node, entry)
        if entry.id == lesion_id and chosen is not None:
            return chosen.read()
    raise ResponseError(f"{lesion_label(visit_node, lesion_id)} has no segment: draw it, or register by bone.")
