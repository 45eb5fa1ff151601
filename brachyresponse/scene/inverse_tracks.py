"""Where needles may run, from the scene: template, parallel tracks, or entry points that the user has clicked."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning import Template, find_needle
from brachyresponse.planning.inverse import FanTracks, NeedleTracks, ParallelTracks, TemplateTracks
from brachyresponse.scene.inverse_fields import PlannerField, changed, write_settings
from brachyresponse.scene.inverse_settings import TrackKind, TrackSettings, read_tracks
from brachyresponse.scene.needles import read_needles
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.plan_points import choose_points, made_points
from brachyresponse.types import FloatArray

BODY_DIRECTIONS = {
    "inferior": (0.0, 0.0, -1.0),
    "superior": (0.0, 0.0, 1.0),
    "left": (-1.0, 0.0, 0.0),
    "right": (1.0, 0.0, 0.0),
    "posterior": (0.0, -1.0, 0.0),
    "anterior": (0.0, 1.0, 0.0),
}
NEEDLE_DIRECTION = re.compile(r"needle (?P<number>\d+)")
ENTRIES_COLOUR = (1.0, 0.55, 0.1)
"""Colour of the entry points: neither that of seeds nor of needles."""


def set_tracks(
    plan_node: slicer.vtkMRMLScriptedModuleNode, kind: str | None, values: dict[str, object]
) -> TrackSettings:
    """Change where needles may run, and return it; what is not given stays.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, kind, setting or needle, or a value cannot be used; then nothing is changed.
    """
    given = values if kind is None else {"kind": kind, **values}
    settings = changed(read_tracks(plan_node), given)
    if isinstance(settings.origin_mm, str):
        raise PlanError(f"The setting origin_mm is {settings.origin_mm!r}: give three numbers.")
    direction = needle_direction(plan_node, settings)
    for each in TrackKind:  # refuses what cannot be, also of values that only serve another kind
        _tracks(replace(settings, kind=each), direction, np.zeros(3), np.zeros((1, 3)))
    write_settings(plan_node, PlannerField.TRACKS, settings)
    return settings


def needle_tracks(plan_node: slicer.vtkMRMLScriptedModuleNode, target_centre_mm: FloatArray) -> NeedleTracks:
    """Return where the needles of a plan may run.

    Parameters
    ----------
    target_centre_mm
        A hole of the template lies over it unless another origin is set, RAS (3,).

    Raises
    ------
    SceneError, PlanError
        There is no such plan or needle, no entry point is set, or the settings are damaged.
    """
    settings = read_tracks(plan_node)
    entries = entries_mm(plan_node) if settings.kind is TrackKind.FAN else np.empty((0, 3))
    return _tracks(settings, needle_direction(plan_node, settings), target_centre_mm, entries)


def needle_direction(plan_node: slicer.vtkMRMLScriptedModuleNode, settings: TrackSettings) -> FloatArray:
    """Return the direction in which tips point, (3,) RAS.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, direction or needle.
    """
    said = settings.direction
    if not isinstance(said, str):
        return np.asarray(said, float)
    if found := NEEDLE_DIRECTION.fullmatch(said):
        return find_needle(read_needles(plan_node), int(found["number"])).direction
    if said not in BODY_DIRECTIONS:
        raise PlanError(
            f"The needles' direction {said!r} is none: give {', '.join(BODY_DIRECTIONS)}, 'needle 3' or three numbers."
        )
    return np.array(BODY_DIRECTIONS[said])


def entries_node(plan_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLMarkupsFiducialNode | None:
    """Return the node that holds the entry points of a plan, or None."""
    return plan_part(plan_node, PlanRole.ENTRIES)


def set_entries(plan_node: slicer.vtkMRMLScriptedModuleNode, node: slicer.vtkMRMLMarkupsFiducialNode | None) -> None:
    """Choose the node that holds the entry points of a plan.

    Raises
    ------
    SceneError
        There is no such plan, or the node is no list of points.
    """
    choose_points(plan_node, PlanRole.ENTRIES, node, "list of entry points")


def start_entries(plan_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLMarkupsFiducialNode:
    """Return the node for the user to click entry points into; it is made when absent."""
    return made_points(plan_node, PlanRole.ENTRIES, "entry points", ENTRIES_COLOUR)


def entries_mm(plan_node: slicer.vtkMRMLScriptedModuleNode) -> FloatArray:
    """Return the entry points of a plan, (N, 3) RAS; points that still follow the mouse are passed over.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or no point is set.
    """
    placed = placed_entries(plan_node)
    if not placed:
        raise PlanError(
            f"Plan {plan_node.GetName()!r} has no entry points for its needles: click them on the burr hole or the "
            "skin, or choose template or parallel tracks."
        )
    return np.array(placed, np.float64)


def placed_entries(plan_node: slicer.vtkMRMLScriptedModuleNode) -> list[tuple[float, ...]]:
    """Return the entry points that are set, RAS; there may be none."""
    node = entries_node(plan_node)
    if node is None:
        return []
    points = range(node.GetNumberOfControlPoints())
    placed = [n for n in points if node.GetNthControlPointPositionStatus(n) == node.PositionDefined]
    return [tuple(node.GetNthControlPointPositionWorld(n)) for n in placed]


def _tracks(
    settings: TrackSettings, direction: FloatArray, target_centre_mm: FloatArray, entries: FloatArray
) -> NeedleTracks:
    if settings.kind is TrackKind.FAN:
        return FanTracks(entries, settings.pitch_mm, settings.cone_deg, settings.needles_per_entry)
    if settings.kind is TrackKind.PARALLEL:
        return ParallelTracks(
            direction, settings.pitch_mm, settings.cone_deg, settings.directions, settings.entry_distance_mm
        )
    origin = target_centre_mm if settings.origin_mm is None else np.asarray(settings.origin_mm, float)
    template = Template(direction, (settings.pitch_mm, settings.pitch_mm), origin)
    return TemplateTracks(template, settings.entry_distance_mm)
