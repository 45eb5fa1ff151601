"""A segmentation to contour the targets anew on the implant CT: the way an implant is to be verified."""

from __future__ import annotations

from dataclasses import replace

import slicer

from brachyresponse.scene.nodes import add_node, batch
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.plan_structures import read_plan_segments
from brachyresponse.scene.segments import segment_colour, segment_name
from brachyresponse.scene.verification_parts import (
    VerificationRole,
    need_verification_part,
    set_verification_part,
    verification_part,
)
from brachyresponse.scene.verification_segments import read_segments, write_segments

Colour = tuple[float, float, float]

USUAL_TARGET = ("GTV", (0.86, 0.30, 0.25))


def contour_targets(verification_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLSegmentationNode:
    """Return the segmentation to draw the targets in, on the voxels of the implant CT.

    It is the chosen one; where none is chosen, or carried structures are, a new one with an empty segment for each of
    the plan's targets, which are then the chosen ones. It is the user's own: it stays when the verification is deleted.

    Raises
    ------
    SceneError
        There is no such verification, or no implant CT is chosen.
    """
    volume_node = need_verification_part(verification_node, VerificationRole.IMPLANT_VOLUME, "implant CT")
    chosen = verification_part(verification_node, VerificationRole.TARGETS)
    if chosen is not None and chosen is not verification_part(verification_node, VerificationRole.CARRIED):
        return chosen
    scene = verification_node.GetScene()
    with batch(scene):
        node = add_node(scene, "vtkMRMLSegmentationNode", f"{verification_node.GetName()} contours")
        node.CreateDefaultDisplayNodes()
        node.SetReferenceImageGeometryParameterFromVolumeNode(volume_node)
        ids = [node.GetSegmentation().AddEmptySegment("", name, colour) for name, colour in _targets(verification_node)]
        set_verification_part(verification_node, VerificationRole.TARGETS, node)
        ptv = ids[1] if len(ids) > 1 else ""
        write_segments(verification_node, replace(read_segments(verification_node), gtv=ids[0], ptv=ptv))
    return node


def _targets(verification_node: slicer.vtkMRMLScriptedModuleNode) -> list[tuple[str, Colour]]:
    """Names and colours of the plan's GTV and PTV; of one GTV where no plan has any."""
    plan_node = verification_part(verification_node, VerificationRole.PLAN)
    source = plan_part(plan_node, PlanRole.SEGMENTATION) if plan_node is not None else None
    if source is None:
        return [USUAL_TARGET]
    planned = read_plan_segments(plan_node)
    segments = [segment for segment in dict.fromkeys((planned.gtv, planned.ptv)) if segment]
    return [(segment_name(source, segment), segment_colour(source, segment)) for segment in segments] or [USUAL_TARGET]
