"""What a planner is told besides structures and limits: tracks, places, the search and its weights, seeds on hand."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum

import numpy as np
import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning.inverse import ObjectiveWeights, SeedPlacement, available_presets, load_weights
from brachyresponse.scene.inverse_fields import (
    PlannerField,
    changed,
    planner_json,
    read_settings,
    set_planner_field,
    snake_case,
    write_settings,
)

PRESET = "preset"
MOST_MOVES = 1_000_000


class TrackKind(StrEnum):
    """Where needles may run."""

    TEMPLATE = "template"
    """Holes of a template: direction and pitch are given."""
    PARALLEL = "parallel"
    """Parallel tracks whose direction is searched within a cone."""
    FAN = "fan"
    """Tracks that spread from entry points on a burr hole or a patch of skin."""


@dataclass(frozen=True)
class TrackSettings:
    """Where needles may run, as a plan keeps it; values that a kind of tracks does not use stay for another kind.

    Parameters
    ----------
    kind
        Template, parallel tracks, or a fan from entry points.
    direction
        Where tips point: a direction of the body (``inferior``), ``needle 3`` as that needle, or a vector.
    pitch_mm
        Between neighbouring tracks; of a fan where its tracks are deepest.
    cone_deg
        Half the opening angle of the cone in which directions are searched.
    directions
        How many directions of the cone are tried.
    entry_distance_mm
        From entry to target where no skin is chosen.
    needles_per_entry
        Most needles through one entry point; 0 for any number.
    origin_mm
        A point on the track of one hole; None for the target's centre.
    """

    kind: TrackKind = TrackKind.PARALLEL
    direction: str | tuple[float, ...] = "inferior"
    pitch_mm: float = 10.0
    cone_deg: float = 30.0
    directions: int = 12
    entry_distance_mm: float = 50.0
    needles_per_entry: int = 0
    origin_mm: tuple[float, ...] | None = None


@dataclass(frozen=True)
class SearchSettings:
    """How a plan is searched for; see :class:`ImplantProblem`."""

    target_margin_mm: float = 0.0
    random_seed: int = 0
    moves: int = 2000


def read_tracks(plan_node: slicer.vtkMRMLScriptedModuleNode) -> TrackSettings:
    """Return where needles may run; raises as :func:`read_settings`."""
    return read_settings(plan_node, PlannerField.TRACKS, TrackSettings(), "needle tracks")


def read_placement(plan_node: slicer.vtkMRMLScriptedModuleNode) -> SeedPlacement:
    """Return where seeds may lie; raises as :func:`read_settings`."""
    return read_settings(plan_node, PlannerField.PLACEMENT, SeedPlacement(), "rules for placing seeds")


def read_search(plan_node: slicer.vtkMRMLScriptedModuleNode) -> SearchSettings:
    """Return how a plan is searched for; raises as :func:`read_settings`."""
    return read_settings(plan_node, PlannerField.SEARCH, SearchSettings(), "settings of the search")


def set_placement(plan_node: slicer.vtkMRMLScriptedModuleNode, values: dict[str, object]) -> SeedPlacement:
    """Change where seeds may lie, and return it.

    Raises
    ------
    SceneError, PlanError
        There is no such plan or setting, or a value cannot be used; then nothing is changed.
    """
    placement = changed(read_placement(plan_node), values)
    write_settings(plan_node, PlannerField.PLACEMENT, placement)
    return placement


def set_search(plan_node: slicer.vtkMRMLScriptedModuleNode, values: dict[str, object]) -> SearchSettings:
    """Change how a plan is searched for, and return it; raises as :func:`set_placement`."""
    search = checked_search(changed(read_search(plan_node), values))
    write_settings(plan_node, PlannerField.SEARCH, search)
    return search


def checked_search(search: SearchSettings) -> SearchSettings:
    """Refuse numbers that a search cannot have.

    Raises
    ------
    PlanError
        A number is negative or not finite, or so many moves would take hours.
    """
    for name in ("target_margin_mm", "random_seed", "moves"):
        _check_not_negative(name, getattr(search, name))
    if search.moves > MOST_MOVES:
        raise PlanError(f"{search.moves} moves would take hours: give at most {MOST_MOVES}.")
    return search


def read_weights(plan_node: slicer.vtkMRMLScriptedModuleNode) -> ObjectiveWeights:
    """Return the weights of the objective: of a preset, or as the user has set them.

    Raises
    ------
    SceneError, PlanError
        There is no such plan or preset, or the attribute is damaged.
    """
    preset = read_preset(plan_node)
    if preset:
        return load_weights(preset)
    try:
        return ObjectiveWeights(**planner_json(plan_node, PlannerField.WEIGHTS))
    except TypeError as error:
        raise _damaged(plan_node, "weights", error) from error


def read_preset(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return the preset of the weights; empty once a weight was changed.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or the attribute is damaged.
    """
    kept = planner_json(plan_node, PlannerField.WEIGHTS, {})
    if not isinstance(kept, dict):
        raise _damaged(plan_node, "weights", kept)
    return str(kept.get(PRESET, "")) if kept else available_presets()[0]


def set_weights(
    plan_node: slicer.vtkMRMLScriptedModuleNode, preset: str | None, values: dict[str, float]
) -> ObjectiveWeights:
    """Take the weights of a preset, or change some, or both in this order, and return them.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, preset or weight, or a weight is no number from 0 on; then nothing is changed.
    """
    weights = read_weights(plan_node) if preset is None else load_weights(preset)
    if preset is not None and not values:
        set_planner_field(plan_node, PlannerField.WEIGHTS, {PRESET: preset})
        return weights
    names = {item.name for item in fields(ObjectiveWeights)}
    for name in map(snake_case, values):
        if name not in names:
            raise PlanError(f"There is no weight {name!r}: choose one of {', '.join(sorted(names))}.")
    weights = changed(weights, dict(values))
    set_planner_field(plan_node, PlannerField.WEIGHTS, asdict(weights))
    return weights


def read_strengths(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[float, ...]:
    """Return the strengths of the seeds on hand on the reference date, U; none where only the plan's own are.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or the attribute is damaged.
    """
    try:
        return tuple(float(strength) for strength in planner_json(plan_node, PlannerField.STRENGTHS, []))
    except (TypeError, ValueError) as error:
        raise _damaged(plan_node, "seeds on hand", error) from error


def set_strengths(plan_node: slicer.vtkMRMLScriptedModuleNode, strengths_u: tuple[float, ...]) -> None:
    """Keep the strengths of the seeds on hand, U on the reference date; none for the plan's own only.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or a strength is not positive.
    """
    for strength_u in strengths_u:
        if not (np.isfinite(strength_u) and strength_u > 0):
            raise PlanError(f"A seed on hand has {strength_u:g} U: give a positive air-kerma strength.")
    set_planner_field(plan_node, PlannerField.STRENGTHS, list(dict.fromkeys(strengths_u)) or None)


def _damaged(plan_node: slicer.vtkMRMLScriptedModuleNode, what: str, found: object) -> PlanError:
    return PlanError(f"Plan {plan_node.GetName()!r}: the planner's {what} are damaged ({found}); set them again.")


def _check_not_negative(name: str, value: float) -> None:
    if not (np.isfinite(value) and value >= 0):
        raise PlanError(f"The setting {name} is {value:g}: give a number from 0 on.")
