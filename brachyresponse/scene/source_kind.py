"""What a plan irradiates with: seeds, or a balloon of radioactive liquid."""

from __future__ import annotations

from enum import StrEnum

import slicer

from brachyresponse.errors import PlanError
from brachyresponse.scene.nodes import get_attribute, set_attribute
from brachyresponse.scene.plan_parts import require_plan

KIND = "SourceKind"


class SourceKind(StrEnum):
    """What a plan irradiates with; plans of scenes saved before there was a choice are of seeds."""

    SEEDS = "seeds"
    BALLOON = "balloon"


def source_kind(plan_node: slicer.vtkMRMLScriptedModuleNode) -> SourceKind:
    """Return what a plan irradiates with.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or the attribute is damaged.
    """
    require_plan(plan_node)
    return as_kind(get_attribute(plan_node, KIND, SourceKind.SEEDS))


def set_source_kind(plan_node: slicer.vtkMRMLScriptedModuleNode, kind: str) -> SourceKind:
    """Choose what a plan irradiates with, and return it; what is set for the other kind stays for another time.

    Raises
    ------
    SceneError, PlanError
        There is no such plan or kind.
    """
    require_plan(plan_node)
    chosen = as_kind(kind)
    set_attribute(plan_node, KIND, None if chosen is SourceKind.SEEDS else chosen)
    return chosen


def as_kind(text: str) -> SourceKind:
    """Return a kind of source by its word.

    Raises
    ------
    PlanError
        There is no such kind.
    """
    try:
        return SourceKind(text)
    except ValueError as error:
        raise PlanError(f"There is no kind of source {text!r}: choose {' or '.join(SourceKind)}.") from error


def is_balloon(plan_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Tell whether a plan is of a balloon."""
    return source_kind(plan_node) is SourceKind.BALLOON


def require_seeds(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Refuse a plan of a balloon where only seeds make sense.

    Raises
    ------
    PlanError
        The plan is of a balloon.
    """
    if is_balloon(plan_node):
        raise PlanError(
            f"Plan {plan_node.GetName()!r} is of a balloon, and this is for plans of seeds: set its kind of source to "
            "seeds, or compute the balloon."
        )


def require_balloon(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Refuse a plan of seeds where only a balloon makes sense.

    Raises
    ------
    PlanError
        The plan is of seeds.
    """
    if not is_balloon(plan_node):
        raise PlanError(
            f"Plan {plan_node.GetName()!r} is of seeds, and this is for plans of a balloon: set its kind of source to "
            "balloon first."
        )
