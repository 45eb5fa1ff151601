"""Which segments are the targets, the organs at risk and the skin on the implant CT: IDs, kept on the node."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

import slicer
import vtk

from brachyresponse.errors import VerificationError
from brachyresponse.planning import PlanRoles
from brachyresponse.scene.nodes import attribute_name, get_attribute, set_attribute
from brachyresponse.scene.plan_structures import PlanSegments
from brachyresponse.scene.segments import read_structure, segment_colour, segment_ids, segment_name
from brachyresponse.scene.verification_parts import (
    VerificationRole,
    require_verification,
    set_verification_part,
    verification_part,
)

SEGMENTS = "Segments"
TARGET_ROLES = ("gtv", "ptv")
CARRIED_TAG = attribute_name("Carried")


def read_segments(verification_node: slicer.vtkMRMLScriptedModuleNode) -> PlanSegments:
    """Return the segments of a verification: targets of one segmentation, organs and skin of one.

    Raises
    ------
    SceneError, VerificationError
        There is no such verification, or the attribute is damaged.
    """
    require_verification(verification_node)
    text = get_attribute(verification_node, SEGMENTS, "{}")
    try:
        fields = json.loads(text)
        return PlanSegments(**{**fields, "organs": tuple(fields.get("organs", ()))})
    except (ValueError, TypeError, AttributeError) as error:
        raise VerificationError(
            f"Verification {verification_node.GetName()!r}: its list of segments {text!r} is damaged; "
            "choose the structures again."
        ) from error


def set_target(
    verification_node: slicer.vtkMRMLScriptedModuleNode,
    role: str,
    segmentation_node: slicer.vtkMRMLSegmentationNode,
    segment_id: str,
) -> None:
    """Choose the segment that is the GTV or the PTV; it is read, so that an empty one is refused at once.

    Raises
    ------
    VerificationError
        The role is neither.
    SceneError, StructureError, GeometryError
        There is no such verification or segment, or it cannot be read.
    """
    if role not in TARGET_ROLES:
        raise VerificationError(f"{role!r} is no target: give 'gtv' or 'ptv'.")
    before = read_segments(verification_node)
    if segment_id:
        read_structure(segmentation_node, segment_id)
    if segmentation_node is not verification_part(verification_node, VerificationRole.TARGETS):
        before = replace(before, gtv="", ptv="")
        set_verification_part(verification_node, VerificationRole.TARGETS, segmentation_node)
    chosen = replace(before, gtv=segment_id) if role == "gtv" else replace(before, ptv=segment_id)
    write_segments(verification_node, chosen)


def set_organs(
    verification_node: slicer.vtkMRMLScriptedModuleNode,
    segmentation_node: slicer.vtkMRMLSegmentationNode | None,
    organ_ids: Sequence[str],
    skin_id: str,
) -> None:
    """Choose organs at risk and skin, segments of one segmentation.

    Raises
    ------
    SceneError, StructureError
        There is no such verification or segment.
    """
    before = read_segments(verification_node)
    for segment_id in filter(None, (*organ_ids, skin_id)):
        segment_name(segmentation_node, segment_id)
    set_verification_part(verification_node, VerificationRole.ORGANS, segmentation_node)
    write_segments(verification_node, replace(before, organs=tuple(organ_ids), skin=skin_id))


def read_roles(verification_node: slicer.vtkMRMLScriptedModuleNode) -> PlanRoles:
    """Return what the chosen structures are, by name, carried ones by the plan's; no voxel is read."""
    chosen = read_segments(verification_node)
    targets = verification_part(verification_node, VerificationRole.TARGETS)
    organs = verification_part(verification_node, VerificationRole.ORGANS)
    gtv = structure_name(targets, chosen.gtv) if chosen.gtv else ""
    return PlanRoles(
        gtv=gtv,
        ptv=structure_name(targets, chosen.ptv) if chosen.ptv else gtv,
        body=structure_name(organs, chosen.skin) if chosen.skin else "",
        organs=tuple(structure_name(organs, organ) for organ in chosen.organs),
    )


def structure_name(segmentation_node: slicer.vtkMRMLSegmentationNode, segment_id: str) -> str:
    """Return the name by which the library knows a segment: its own, or of a carried one the plan's.

    Raises
    ------
    SceneError, StructureError
        There is no such node or segment.
    """
    name = segment_name(segmentation_node, segment_id)
    return carried_name(segmentation_node, segment_id) or name


def structure_colours(
    verification_node: slicer.vtkMRMLScriptedModuleNode,
) -> dict[str, tuple[float, float, float]]:
    """Return the colours of the chosen structures, by the names by which the library knows them."""
    chosen = read_segments(verification_node)
    targets = verification_part(verification_node, VerificationRole.TARGETS)
    organs = verification_part(verification_node, VerificationRole.ORGANS)
    places = [(targets, segment) for segment in (chosen.gtv, chosen.ptv) if segment]
    places += [(organs, segment) for segment in (*chosen.organs, chosen.skin) if segment]
    return {structure_name(node, segment): segment_colour(node, segment) for node, segment in places}


def carried_name(segmentation_node: slicer.vtkMRMLSegmentationNode | None, segment_id: str) -> str:
    """Return the plan's name of a segment that was carried over; empty for one that was not."""
    if segmentation_node is None or segment_id not in segment_ids(segmentation_node):
        return ""
    name = vtk.reference("")
    found = segmentation_node.GetSegmentation().GetSegment(segment_id).GetTag(CARRIED_TAG, name)
    return str(name) if found else ""


def carried_names(verification_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[str, ...]:
    """Return the names of the chosen structures that were carried over, and not contoured on the implant CT."""
    chosen = read_segments(verification_node)
    targets = verification_part(verification_node, VerificationRole.TARGETS)
    organs = verification_part(verification_node, VerificationRole.ORGANS)
    names = [carried_name(targets, segment) for segment in (chosen.gtv, chosen.ptv)]
    names += [carried_name(organs, segment) for segment in (*chosen.organs, chosen.skin)]
    return tuple(dict.fromkeys(filter(None, names)))


def write_segments(verification_node: slicer.vtkMRMLScriptedModuleNode, segments: PlanSegments) -> None:
    """Keep the segments of a verification."""
    set_attribute(verification_node, SEGMENTS, json.dumps(asdict(segments)))


def has_carried_target(verification_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Tell whether a chosen target was carried over from the plan, and not contoured on the implant CT."""
    chosen = read_segments(verification_node)
    targets = verification_part(verification_node, VerificationRole.TARGETS)
    return any(carried_name(targets, segment) for segment in (chosen.gtv, chosen.ptv))
