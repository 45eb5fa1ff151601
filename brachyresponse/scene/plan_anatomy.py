"""The anatomy of a plan: its segments as structures of the library, each with what it is to the plan."""

from __future__ import annotations

import slicer

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Structure
from brachyresponse.planning import PlanAnatomy, PlanRoles
from brachyresponse.scene.plan_choices import read_plan_choices
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.plan_structures import PlanSegments, read_plan_segments, read_plan_structure
from brachyresponse.scene.results import read_limits
from brachyresponse.scene.segments import segment_ids, segment_name


def read_plan_anatomy(plan_node: slicer.vtkMRMLScriptedModuleNode) -> PlanAnatomy:
    """Return the structures of a plan with their roles.

    Raises
    ------
    SceneError, StructureError, GeometryError, PlanError
        The plan has no segmentation or target, a segment cannot be read, two segments have one name, or a row of the
        table of limits is no limit.
    """
    chosen, choices = read_plan_segments(plan_node), read_plan_choices(plan_node)
    if not chosen.target:
        raise StructureError(f"Plan {plan_node.GetName()!r} has no target: choose the segment to be treated.")
    return anatomy_of(plan_node, chosen, avoid=choices.avoid)


def anatomy_of(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    chosen: PlanSegments,
    *,
    avoid: tuple[str, ...] = (),
    beside: tuple[str, ...] = (),
) -> PlanAnatomy:
    """Return segments of a plan with their roles, those that limits name, and some beside them.

    Parameters
    ----------
    chosen
        May be without a target.
    avoid, beside
        IDs of segments that no needle may cross, and of others that are wanted.

    Raises
    ------
    SceneError, StructureError, GeometryError, PlanError
        A segment cannot be read, two segments have one name, or a row of the table of limits is no limit.
    """
    limits = read_limits(plan_node)
    limited = _segments_named(plan_node, {limit.structure for limit in limits})
    needed = dict.fromkeys((*chosen.all, *avoid, *beside, *limited))
    found = {segment_id: read_plan_structure(plan_node, segment_id) for segment_id in needed}
    names = _distinct_names(found)
    roles = PlanRoles(
        gtv=names.get(chosen.gtv, ""),
        ptv=names.get(chosen.ptv, "") or names.get(chosen.gtv, ""),
        body=names.get(chosen.skin, ""),
        organs=tuple(names[organ] for organ in chosen.organs),
        avoid=tuple(names[organ] for organ in avoid),
        limits=limits,
    )
    return PlanAnatomy({structure.name: structure for structure in found.values()}, roles)


def _segments_named(plan_node: slicer.vtkMRMLScriptedModuleNode, names: set[str]) -> list[str]:
    """IDs of the segments that have one of some names."""
    segmentation = plan_part(plan_node, PlanRole.SEGMENTATION)
    if segmentation is None:
        return []
    return [segment for segment in segment_ids(segmentation) if segment_name(segmentation, segment) in names]


def _distinct_names(structures: dict[str, Structure]) -> dict[str, str]:
    names: dict[str, str] = {}
    for segment_id, structure in structures.items():
        if structure.name in names.values():
            raise StructureError(f"Two segments of the plan are named {structure.name!r}: rename one of them.")
        names[segment_id] = structure.name
    return names
