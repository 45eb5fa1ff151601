"""Whether what was computed beside a plan still belongs to it: robustness, trade-offs, and how the plan was found."""

from __future__ import annotations

import numpy as np
import slicer

from brachyresponse.scene.contents import segment_contents
from brachyresponse.scene.inverse_fields import PlannerField, planner_text
from brachyresponse.scene.inverse_tracks import placed_entries
from brachyresponse.scene.needles import read_needles
from brachyresponse.scene.nodes import get_attribute
from brachyresponse.scene.plan_choices import CHOICES, read_plan_choices
from brachyresponse.scene.plan_fields import PlanField
from brachyresponse.scene.plan_locks import read_locked
from brachyresponse.scene.plan_parts import PlanRole, plan_part, plan_parts
from brachyresponse.scene.plan_structures import SEGMENTS, read_plan_segments
from brachyresponse.scene.plans import seeds_node_of
from brachyresponse.scene.results import read_limit_weights
from brachyresponse.scene.seeds import read_seeds
from brachyresponse.scene.segments import segment_ids, segment_name
from brachyresponse.scene.stale import input_signature, is_current, mark_current, stale_reason
from brachyresponse.seeds import Seeds

DIGITS = 3
PLAN_VALUES = (PlanField.SOURCE, PlanField.PRESCRIPTION_GY, PlanField.IMPLANT_DATE)
PROBLEM_SETTINGS = (PlannerField.TRACKS, PlannerField.PLACEMENT, PlannerField.SEARCH, PlannerField.STRENGTHS)
"""Without the weights: the trade-offs go through these themselves."""
CHANGED_SINCE = "needles or seeds were changed since it was found"
CHANGED_PLAN, CHANGED_PROBLEM = "the plan, its structures or its limits were changed", "the problem was changed"


def implant_signature(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return a text that changes with needles and seeds; lengths are rounded, as markup files keep fewer digits."""
    needles = [np.round([needle.entry_mm, needle.tip_mm], DIGITS) + 0.0 for needle in read_needles(plan_node)]
    return input_signature(needles, *_of_seeds(read_seeds(seeds_node_of(plan_node))))


def anatomy_signature(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return a text that changes with structures, their roles, limits and their weights, source and prescription."""
    values = [get_attribute(plan_node, name) for name in (*PLAN_VALUES, SEGMENTS, CHOICES)]
    return input_signature(values, read_limit_weights(plan_node), _structures(plan_node))


def plan_state_signature(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return a text that changes with whatever the robustness of a plan depends on."""
    return input_signature(implant_signature(plan_node), anatomy_signature(plan_node))


def problem_signature(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return a text that changes with what the planner is to solve, but not with the plan that is there."""
    settings = [planner_text(plan_node, field) for field in PROBLEM_SETTINGS]
    locked = read_locked(plan_node)
    points = [np.round(place, DIGITS) + 0.0 for place in placed_entries(plan_node)]
    needles = [np.round([needle.entry_mm, needle.tip_mm], DIGITS) + 0.0 for needle in locked.needles]
    kept = (needles, *_of_seeds(locked.seeds), sorted(locked.loadable))
    return input_signature(anatomy_signature(plan_node), settings, points, *kept)


def settings_signature(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return a text that changes with what the planner is to solve, its weights and what is locked included."""
    return input_signature(problem_signature(plan_node), planner_text(plan_node, PlannerField.WEIGHTS))


def mark_role_current(plan_node: slicer.vtkMRMLScriptedModuleNode, roles: tuple[PlanRole, ...], signature: str) -> None:
    """Say of the nodes in some roles of a plan that they were just computed from the inputs of a signature."""
    mark_current([node for role in roles for node in plan_parts(plan_node, role)], signature)


def role_state(plan_node: slicer.vtkMRMLScriptedModuleNode, role: PlanRole, signature: str, changed: str) -> str:
    """Return why the node in a role no longer holds, as the end of a sentence; empty while it does or is not there.

    Parameters
    ----------
    signature
        Of the inputs now.
    changed
        The reason where they are others than they were.
    """
    node = plan_part(plan_node, role)
    if node is None or is_current(node, signature):
        return ""
    return stale_reason(node) or changed


def _of_seeds(seeds: Seeds) -> tuple[object, ...]:
    places = (np.round(seeds.positions_mm, DIGITS) + 0.0, np.round(np.abs(seeds.directions), DIGITS))
    return (*places, seeds.axis_known, np.round(seeds.air_kerma_strength_u, 2 * DIGITS), seeds.needle)


def _structures(plan_node: slicer.vtkMRMLScriptedModuleNode) -> list[str]:
    """What the segments that a plan uses hold: with a role, to be avoided, or named in a limit."""
    node = plan_part(plan_node, PlanRole.SEGMENTATION)
    if node is None:
        return []
    limited = {text.split(":")[0] for text in read_limit_weights(plan_node)}
    named = [segment for segment in segment_ids(node) if segment_name(node, segment) in limited]
    used = dict.fromkeys((*read_plan_segments(plan_node).all, *read_plan_choices(plan_node).avoid, *named))
    present = set(segment_ids(node))
    return [segment_contents(node, segment) if segment in present else f"{segment} gone" for segment in used]
