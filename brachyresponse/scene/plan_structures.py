"""Which segments are the targets and the organs at risk of a plan: segment IDs, kept on the plan's node."""

from __future__ import annotations

import json
from dataclasses import dataclass

import slicer

from brachyresponse.errors import PlanError, StructureError
from brachyresponse.geometry import Structure
from brachyresponse.scene.nodes import get_attribute, set_attribute
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part, require_plan
from brachyresponse.scene.segments import read_structure, segment_ids, segment_name

SEGMENTS = "Segments"


@dataclass(frozen=True)
class PlanSegments:
    """IDs of the segments that a plan is made for; all of the plan's one segmentation.

    Parameters
    ----------
    gtv, ptv
        Empty when there is none; the PTV is prescribed to, and where there is none the GTV.
    organs
        At risk, in the order in which they are shown.
    skin
        The body's surface, for depth rules; empty when there is none.
    """

    gtv: str = ""
    ptv: str = ""
    organs: tuple[str, ...] = ()
    skin: str = ""

    @property
    def target(self) -> str:
        """The segment that is prescribed to; empty when neither target is chosen."""
        return self.ptv or self.gtv

    @property
    def all(self) -> tuple[str, ...]:
        """Every segment once: targets, organs, skin."""
        chosen = (self.ptv, self.gtv, *self.organs, self.skin)
        return tuple(dict.fromkeys(segment_id for segment_id in chosen if segment_id))


def read_plan_segments(plan_node: slicer.vtkMRMLScriptedModuleNode) -> PlanSegments:
    """Return the segments of a plan.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or the attribute is damaged.
    """
    require_plan(plan_node)
    text = get_attribute(plan_node, SEGMENTS, "{}")
    try:
        fields = json.loads(text)
        return PlanSegments(**{**fields, "organs": tuple(fields.get("organs", ()))})
    except (ValueError, TypeError, AttributeError) as error:
        raise PlanError(
            f"Plan {plan_node.GetName()!r}: its list of segments {text!r} is damaged; choose the structures again."
        ) from error


def write_plan_segments(plan_node: slicer.vtkMRMLScriptedModuleNode, segments: PlanSegments) -> None:
    """Keep the segments of a plan.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    require_plan(plan_node)
    set_attribute(plan_node, SEGMENTS, json.dumps(vars(segments)))


def target_name(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return the name of the segment that a plan is prescribed to, without reading its voxels.

    Raises
    ------
    SceneError, StructureError
        The plan has no segmentation or target, or the segment is no longer there.
    """
    segment_id = read_plan_segments(plan_node).target
    if not segment_id:
        raise StructureError(f"Plan {plan_node.GetName()!r} has no target: choose the segment to be treated.")
    return segment_name(need_plan_part(plan_node, PlanRole.SEGMENTATION, "segmentation"), segment_id)


def read_plan_structure(plan_node: slicer.vtkMRMLScriptedModuleNode, segment_id: str) -> Structure:
    """Return one of the structures of a plan.

    Raises
    ------
    SceneError, StructureError, GeometryError
        The plan has no segmentation, or the segment is gone or cannot be read.
    """
    segmentation = need_plan_part(plan_node, PlanRole.SEGMENTATION, "segmentation")
    if segment_id not in segment_ids(segmentation):
        there = ", ".join(segment_name(segmentation, each) for each in segment_ids(segmentation)) or "none"
        raise StructureError(
            f"Plan {plan_node.GetName()!r}: its {_use_of(plan_node, segment_id)} is no longer in "
            f"{segmentation.GetName()!r} (segments: {there}); choose the structures again."
        )
    return read_structure(segmentation, segment_id)


def _use_of(plan_node: slicer.vtkMRMLScriptedModuleNode, segment_id: str) -> str:
    """What a plan uses a segment for: the name of one that was deleted is gone with it."""
    chosen = read_plan_segments(plan_node)
    if segment_id in (chosen.gtv, chosen.ptv):
        return "target"
    if segment_id in chosen.organs:
        return "organ at risk"
    return "skin" if segment_id == chosen.skin else "structure to be avoided or to crop with"
