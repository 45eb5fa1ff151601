"""What segments are to a plan: chosen, checked, and a planning target grown from the tumour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import slicer

from brachyresponse.errors import PlanError, StructureError
from brachyresponse.geometry import Grid, Structure, fill_holes, grow_structure
from brachyresponse.scene.nodes import require_node
from brachyresponse.scene.plan_choices import read_plan_choices, write_plan_choices
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part, plan_part
from brachyresponse.scene.plan_structures import (
    PlanSegments,
    read_plan_segments,
    read_plan_structure,
    write_plan_segments,
)
from brachyresponse.scene.segments import read_structure, segment_name, write_structure
from brachyresponse.scene.volumes import read_grid

ONE_SEGMENT = ("gtv", "ptv", "skin")
SEVERAL_SEGMENTS = ("organs", "avoid", "barriers")
PTV_COLOUR = (0.45, 0.75, 0.30)


def set_roles(plan_node: slicer.vtkMRMLScriptedModuleNode, roles: Mapping[str, str | Sequence[str]]) -> None:
    """Choose segments by what they are to a plan; roles that are not given stay.

    Parameters
    ----------
    roles
        ``gtv``, ``ptv`` and ``skin`` to a segment ID; ``organs``, ``avoid`` and ``barriers`` to several.

    Raises
    ------
    PlanError
        There is no such role.
    SceneError, StructureError, GeometryError
        As :func:`set_segments`, or there is no such segment.
    """
    unknown = set(roles) - {*ONE_SEGMENT, *SEVERAL_SEGMENTS}
    if unknown:
        raise PlanError(
            f"{sorted(unknown)[0]!r} is nothing that a structure can be to a plan: "
            f"give {', '.join((*ONE_SEGMENT, *SEVERAL_SEGMENTS))}."
        )
    one: dict[str, str] = {role: str(roles[role]) for role in ONE_SEGMENT if role in roles}
    several = {role: tuple(roles[role]) for role in SEVERAL_SEGMENTS if role in roles}
    _check_segments(plan_node, [*one.values(), *(segment_id for ids in several.values() for segment_id in ids)])
    before, choices = read_plan_segments(plan_node), read_plan_choices(plan_node)
    organs, avoid = several.get("organs", before.organs), several.get("avoid", choices.avoid)
    set_segments(plan_node, replace(before, organs=organs, **one))
    write_plan_choices(plan_node, replace(choices, avoid=avoid, barriers=several.get("barriers", choices.barriers)))


def grow_target(plan_node: slicer.vtkMRMLScriptedModuleNode, margin_mm: float) -> str:
    """Make the PTV of a plan from its GTV by a margin that stops at the barriers and the skin; return its segment ID.

    The segment is named after GTV and margin; one of that name is replaced.

    Raises
    ------
    SceneError, StructureError, GeometryError
        The plan has no segmentation or GTV, a segment cannot be read, or the margin is not a positive length.
    """
    chosen, choices = read_plan_segments(plan_node), read_plan_choices(plan_node)
    if not chosen.gtv:
        raise StructureError(f"Plan {plan_node.GetName()!r} has no GTV to grow: choose the segment of the tumour.")
    gtv = read_plan_structure(plan_node, chosen.gtv)
    ptv = grow_structure(
        gtv,
        margin_mm,
        barriers=[read_plan_structure(plan_node, barrier) for barrier in choices.barriers],
        within=fill_holes(read_plan_structure(plan_node, chosen.skin)) if chosen.skin else None,
        name=f"PTV {gtv.name} + {margin_mm:g} mm",
    )
    segmentation = need_plan_part(plan_node, PlanRole.SEGMENTATION, "segmentation")
    segment_id = write_structure(ptv, segmentation, ptv.name, PTV_COLOUR)
    write_plan_segments(plan_node, replace(chosen, ptv=segment_id))
    return segment_id


def set_segments(plan_node: slicer.vtkMRMLScriptedModuleNode, segments: PlanSegments) -> None:
    """Choose what segments are to a plan; a target is read, so that an empty or misplaced one is refused at once.

    Raises
    ------
    SceneError, StructureError, GeometryError
        The plan has no segmentation, a target cannot be read, or it lies outside the planning image.
    """
    segmentation = plan_part(plan_node, PlanRole.SEGMENTATION)
    before = read_plan_segments(plan_node)
    for target in {segments.gtv, segments.ptv} - {before.gtv, before.ptv, ""}:
        check_in_image(plan_node, read_structure(segmentation, target))
    write_plan_segments(plan_node, segments)


def check_in_image(plan_node: slicer.vtkMRMLScriptedModuleNode, target: Structure) -> None:
    """Refuse a target that lies wholly outside the planning image, where one is chosen.

    Raises
    ------
    StructureError
        No voxel of the target lies in the image.
    """
    volume_node = plan_part(plan_node, PlanRole.PLANNING_VOLUME)
    if volume_node is not None and not _meets(target, read_grid(volume_node, "planning image")):
        raise _outside(target, volume_node)


def check_inputs(
    volume_node: slicer.vtkMRMLScalarVolumeNode | None,
    segmentation_node: slicer.vtkMRMLSegmentationNode | None,
    target_id: str,
) -> None:
    """Refuse an image, a segmentation or a target that a plan cannot be made for, before it is made.

    Raises
    ------
    SceneError, StructureError, GeometryError
        A node is not what it should be, the target is empty, or it lies outside the image.
    """
    grid = None if volume_node is None else read_grid(volume_node, "planning image")
    if segmentation_node is not None:
        require_node(segmentation_node, "vtkMRMLSegmentationNode", "segmentation")
    if not target_id:
        return
    target = read_structure(segmentation_node, target_id)
    if grid is not None and not _meets(target, grid):
        raise _outside(target, volume_node)


def _check_segments(plan_node: slicer.vtkMRMLScriptedModuleNode, segment_ids: Sequence[str]) -> None:
    segmentation = plan_part(plan_node, PlanRole.SEGMENTATION)
    for segment_id in filter(None, segment_ids):
        segment_name(segmentation, segment_id)


def _outside(target: Structure, volume_node: slicer.vtkMRMLScalarVolumeNode) -> StructureError:
    return StructureError(
        f"Target {target.name!r} lies outside the image {volume_node.GetName()!r}: "
        "choose the image it was drawn on, or another target."
    )


def _meets(structure: Structure, grid: Grid) -> bool:
    kji = np.argwhere(structure.mask)
    return bool(grid.contains(structure.grid.to_ras(kji[:, ::-1])).any())
