"""The structures on the implant CT: contoured anew there, or carried over from the plan and marked so."""

from __future__ import annotations

from dataclasses import replace

import slicer

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import PlanAnatomy
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.plan_anatomy import read_plan_anatomy
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part
from brachyresponse.scene.plan_structures import read_plan_segments
from brachyresponse.scene.segments import read_structure, segment_colour, segment_name, write_structure
from brachyresponse.scene.verification_parts import (
    VerificationRole,
    need_verification_part,
    own_node,
    set_verification_part,
    verification_part,
)
from brachyresponse.scene.verification_registration import need_registration
from brachyresponse.scene.verification_segments import (
    CARRIED_TAG,
    read_roles,
    read_segments,
    set_organs,
    structure_name,
    write_segments,
)
from brachyresponse.scene.volumes import read_grid
from brachyresponse.verification import CARRIED_STAMP

CARRIED_SUFFIX = f" ({CARRIED_STAMP})"


def read_implant_anatomy(verification_node: slicer.vtkMRMLScriptedModuleNode) -> PlanAnatomy:
    """Return the structures on the implant CT with their roles; the dose limits are those of the plan.

    Raises
    ------
    StructureError
        No target is chosen, a segment is empty, or two have one name.
    SceneError, GeometryError
        A segment cannot be read.
    """
    chosen = read_segments(verification_node)
    if not chosen.target:
        raise StructureError(
            f"Verification {verification_node.GetName()!r} has no target: contour it on the implant CT and choose "
            "the segment, or carry the plan's over."
        )
    targets = need_verification_part(verification_node, VerificationRole.TARGETS, "target segmentation")
    found = [_structure(targets, segment) for segment in dict.fromkeys((chosen.gtv, chosen.ptv)) if segment]
    organs = verification_part(verification_node, VerificationRole.ORGANS)
    found += [_structure(organs, segment) for segment in dict.fromkeys((*chosen.organs, chosen.skin)) if segment]
    by_name = {structure.name: structure for structure in found}
    if len(by_name) < len(found):
        names = [structure.name for structure in found]
        twice = next(name for name in names if names.count(name) > 1)
        raise StructureError(f"Two chosen segments on the implant CT are named {twice!r}: rename one of them.")
    return PlanAnatomy(by_name, read_roles(verification_node))


def carry_structures(
    verification_node: slicer.vtkMRMLScriptedModuleNode, *, targets: bool
) -> slicer.vtkMRMLSegmentationNode:
    """Write the plan's structures, moved by the registration, into a segmentation on the implant CT, and choose them.

    They keep their voxels, which the registration turns and moves, so that nothing is lost by sampling them again.
    Their segments' names end with "(carried, not verified)"; the library knows them by the plan's names.

    Parameters
    ----------
    targets
        Whether the targets are chosen too; without, only organs at risk and skin.

    Raises
    ------
    SceneError, StructureError, GeometryError, VerificationError
        There is no plan, registration or implant CT, or a structure cannot be read or lies outside the implant CT.
    """
    plan_node = need_verification_part(verification_node, VerificationRole.PLAN, "plan")
    registration = need_registration(verification_node)
    volume_node = need_verification_part(verification_node, VerificationRole.IMPLANT_VOLUME, "implant CT")
    grid, anatomy, chosen = read_grid(volume_node), read_plan_anatomy(plan_node), read_plan_segments(plan_node)
    source = need_plan_part(plan_node, PlanRole.SEGMENTATION, "segmentation")
    moved = {
        segment: registration.structure(anatomy.structures[segment_name(source, segment)]) for segment in chosen.all
    }
    for segment in filter(None, (chosen.gtv, chosen.ptv)):
        _check_in_image(moved[segment], grid, volume_node)
    with batch(verification_node.GetScene()):
        node = own_node(verification_node, VerificationRole.CARRIED, "vtkMRMLSegmentationNode", "carried structures")
        node.CreateDefaultDisplayNodes()
        node.SetReferenceImageGeometryParameterFromVolumeNode(volume_node)
        ids = {"": ""}
        for segment, structure in moved.items():
            name, colour = structure.name + CARRIED_SUFFIX, segment_colour(source, segment)
            ids[segment] = write_structure(structure, node, name, colour)
            node.GetSegmentation().GetSegment(ids[segment]).SetTag(CARRIED_TAG, structure.name)
        set_organs(verification_node, node, [ids[organ] for organ in chosen.organs], ids[chosen.skin])
        if targets:
            set_verification_part(verification_node, VerificationRole.TARGETS, node)
            segments = replace(read_segments(verification_node), gtv=ids[chosen.gtv], ptv=ids[chosen.ptv])
            write_segments(verification_node, segments)
    return node


def _check_in_image(target: Structure, grid: Grid, volume_node: slicer.vtkMRMLScalarVolumeNode) -> None:
    if not grid.contains(target.centre_mm):
        raise StructureError(
            f"The registration carries target {target.name!r} out of the implant CT {volume_node.GetName()!r}: look at "
            "the overlay, and register plan and implant again."
        )


def _structure(segmentation_node: slicer.vtkMRMLSegmentationNode, segment_id: str) -> Structure:
    return replace(read_structure(segmentation_node, segment_id), name=structure_name(segmentation_node, segment_id))
