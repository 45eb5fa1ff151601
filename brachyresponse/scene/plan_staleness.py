"""Whether the results of a plan still belong to it."""

from __future__ import annotations

import numpy as np
import slicer

from brachyresponse.scene.balloon_plan import clicked_centre_mm
from brachyresponse.scene.balloon_settings import BALLOON
from brachyresponse.scene.needles import read_needles
from brachyresponse.scene.nodes import get_attribute
from brachyresponse.scene.plan_choices import CHOICES, read_plan_choices
from brachyresponse.scene.plan_fields import PlanField
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.plan_rules import changed_limits
from brachyresponse.scene.plan_structures import SEGMENTS
from brachyresponse.scene.plans import seeds_node_of
from brachyresponse.scene.results import read_limits
from brachyresponse.scene.seeds import read_seeds
from brachyresponse.scene.segments import segment_ids
from brachyresponse.scene.source_kind import KIND, is_balloon
from brachyresponse.scene.stale import input_signature, is_current, mark_current, mark_stale, result_nodes, stale_reason

DESCRIBING = (PlanField.CREATED, PlanField.NOTES)
"""Values of a plan that nothing is computed from."""
DIGITS = 3


def mark_plan_current(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Say of the results of a plan that they were just computed from what its nodes hold now."""
    mark_current(result_nodes(plan_node), plan_signature(plan_node))


def mark_plan_stale(plan_node: slicer.vtkMRMLScriptedModuleNode, reason: str) -> None:
    """Say of the results of a plan why they no longer hold: the end of a sentence."""
    mark_stale(result_nodes(plan_node), reason)


def stale_plan_reason(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return why the results of a plan no longer hold; empty while they do, or while there are none.

    Raises
    ------
    SceneError, PlanError, SeedsError, GeometryError
        There is no such plan, or its needles or seeds cannot be read.
    """
    dose_node = plan_part(plan_node, PlanRole.DOSE)
    if dose_node is None:
        return ""
    if stale_reason(dose_node) or is_current(dose_node, plan_signature(plan_node)):
        return stale_reason(dose_node)
    return "the plan was changed"


def structure_stamps(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[tuple[str, int], ...]:
    """Return when each segment that a plan can use was last changed: another colour or a surface is no change."""
    segmentation_node = plan_part(plan_node, PlanRole.SEGMENTATION)
    if segmentation_node is None:
        return ()
    segmentation = segmentation_node.GetSegmentation()
    source = segmentation.GetSourceRepresentationName()
    shapes = {
        segment: segmentation.GetSegment(segment).GetRepresentation(source)
        for segment in segment_ids(segmentation_node)
    }
    return tuple((segment, shape.GetMTime() if shape is not None else 0) for segment, shape in shapes.items())


def plan_signature(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return a text that changes with a plan's values, needles, seeds and limits, of rules too.

    Structures are watched, not hashed: they are large. Lengths are rounded: markup files keep fewer
    digits than a double has. Of a balloon, its settings and its centre count, not the needles and seeds.
    """
    limits = (tuple(map(str, read_limits(plan_node))), changed_limits(plan_node))
    if is_balloon(plan_node):
        return input_signature(KIND, _balloon_values(plan_node), *limits)
    names = [*(field for field in PlanField if field not in DESCRIBING), SEGMENTS, CHOICES]
    values = tuple(get_attribute(plan_node, name) for name in names)
    needles = [np.round([needle.entry_mm, needle.tip_mm], DIGITS) for needle in read_needles(plan_node)]
    seeds = read_seeds(seeds_node_of(plan_node))
    vectors = (np.round(seeds.positions_mm, DIGITS), np.round(seeds.directions, DIGITS), seeds.axis_known)
    strengths = np.round(seeds.air_kerma_strength_u, 2 * DIGITS)
    return input_signature(values, needles, *vectors, strengths, *limits)


def _balloon_values(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[object, ...]:
    names = (PlanField.PRESCRIPTION_GY, SEGMENTS, BALLOON)
    values = tuple(get_attribute(plan_node, name) for name in names)
    centre_mm = clicked_centre_mm(plan_node)
    place = None if centre_mm is None else np.round(centre_mm, DIGITS) + 0.0
    return (*values, read_plan_choices(plan_node).barriers, place)
