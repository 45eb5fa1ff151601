"""Control points that stand for seeds: their places, axes, labels and descriptions, in the world.

Only this file writes a point's orientation. ``SetNthControlPointOrientationMatrixWorld`` is wrong under a transform,
and its counterpart in the node's coordinates fires no event, so axes are written there and ``Modified`` follows.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import slicer

from brachyresponse.errors import SeedsError
from brachyresponse.geometry.rigid import turn_deg
from brachyresponse.scene.nodes import add_node, modify, require_node, rigid_world_matrix
from brachyresponse.scene.seed_axes import SeedFrames, frames_of_axes, turn_left_behind
from brachyresponse.scene.seeds_as_written import read_as_written, write_as_written
from brachyresponse.types import AnyArray, FloatArray, IntArray

HANDLE_MM = 2.0
MOVED_MM = 0.01
"""A point further than this from where it was written was moved by somebody."""


@dataclass(frozen=True)
class SeedPoint:
    """What a control point says besides its place."""

    label: str
    description: str


def create_points_node(
    scene: slicer.vtkMRMLScene, name: str, colour: tuple[float, float, float]
) -> slicer.vtkMRMLMarkupsFiducialNode:
    """Add a node for seeds, without any, whose points can be dragged freely."""
    node = add_node(scene, "vtkMRMLMarkupsFiducialNode", name)
    node.CreateDefaultDisplayNodes()
    display = node.GetDisplayNode()
    display.SetUseGlyphScale(False)
    display.SetGlyphSize(HANDLE_MM)
    display.SetTextScale(2.0)
    display.SetSelectedColor(*colour)
    display.SetSnapMode(display.SnapModeUnconstrained)  # the default makes points jump to visible surfaces
    return node


def seed_indices(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> list[int]:
    """Return the control points that are seeds: those whose position is set, not the one following the mouse."""
    points = range(seeds_node.GetNumberOfControlPoints())
    return [n for n in points if seeds_node.GetNthControlPointPositionStatus(n) == seeds_node.PositionDefined]


def to_world(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> FloatArray:
    """Return the 4x4 matrix from the coordinates of a node of seeds to RAS.

    Raises
    ------
    SceneError, GeometryError
        There is no such node, or a transform above it does more than turn and move.
    """
    require_node(seeds_node, "vtkMRMLMarkupsFiducialNode", "list of seeds")
    return rigid_world_matrix(seeds_node)


def node_frames(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> SeedFrames:
    """Return positions and axes in the node's own coordinates, as they stand there."""
    points = seed_indices(seeds_node)
    positions = [seeds_node.GetNthControlPointPosition(index) for index in points]
    axes = [seeds_node.GetNthControlPointNormal(index) for index in points]
    return SeedFrames(np.array(positions, float).reshape(-1, 3), np.array(axes, float).reshape(-1, 3))


def world_frames(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> SeedFrames:
    """Return positions and axes in the world; axes that a hardened transform left behind are turned, which is logged.

    Raises
    ------
    SceneError, SeedsError, GeometryError
        There is no such node, a hardened transform scaled or sheared the seeds, or one above it is not rigid.
    """
    to_world(seeds_node)  # the node itself first
    turn = axes_left_behind(seeds_node)
    if turn_deg(turn):
        logging.warning(sentence_on_turn(seeds_node, turn))
    return unmended_frames(seeds_node, turn)


def unmended_frames(seeds_node: slicer.vtkMRMLMarkupsFiducialNode, turn: AnyArray | None = None) -> SeedFrames:
    """Return positions and axes in the world, the axes turned by a rotation in the node's coordinates first, if any.

    Raises
    ------
    SceneError, GeometryError
        There is no such node, or a transform above it is not rigid.
    """
    matrix, frames = to_world(seeds_node), node_frames(seeds_node)
    axes = frames.axes if turn is None else frames.axes @ turn.T
    return SeedFrames(frames.positions_mm @ matrix[:3, :3].T + matrix[:3, 3], axes @ matrix[:3, :3].T)


def write_points(
    seeds_node: slicer.vtkMRMLMarkupsFiducialNode, frames: SeedFrames, points: Sequence[SeedPoint]
) -> None:
    """Make the control points of a node these, with positions and axes given in the world.

    Raises
    ------
    SceneError, GeometryError
        There is no such node, or a transform above it is not rigid.
    """
    from_world = np.linalg.inv(to_world(seeds_node))
    positions = frames.positions_mm @ from_world[:3, :3].T + from_world[:3, 3]
    axes = frames.axes @ from_world[:3, :3].T
    orientations = frames_of_axes(axes).reshape(-1, 9)
    with modify(seeds_node):
        indices = _make_points(seeds_node, len(points))
        for index, point, position, orientation in zip(indices, points, positions, orientations, strict=True):
            seeds_node.SetNthControlPointPosition(index, *position.tolist())
            seeds_node.SetNthControlPointOrientationMatrix(index, orientation.tolist())
            seeds_node.SetNthControlPointLabel(index, point.label)
            seeds_node.SetNthControlPointDescription(index, point.description)
        write_as_written(seeds_node, point_ids(seeds_node), SeedFrames(positions, axes))
        seeds_node.Modified()


def point_ids(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> list[str]:
    """Return the IDs of the seeds' control points, which stay the same when points are reordered."""
    return [seeds_node.GetNthControlPointID(index) for index in seed_indices(seeds_node)]


def moved_points(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> dict[int, FloatArray]:
    """Return the places in the list of seeds that were moved one by one since they were written, each with where from.

    Seeds that a hardened transform moved together do not count; where only a few did not move with the others, these
    count.

    Raises
    ------
    SeedsError
        A hardened transform scaled or sheared the seeds.
    """
    written, found, now, then = _both(seeds_node)
    turn = turn_left_behind(_some(written, then), _some(found, now)) if len(now) else np.eye(3)
    before = written.positions_mm[then] @ turn.T
    shift = found.positions_mm[now] - before
    if not len(shift):
        return {}
    together = np.median(shift, axis=0) if turn_deg(turn) or _moved_as_one(shift) else np.zeros(3)
    moved = np.linalg.norm(shift - together, axis=1) > MOVED_MM
    matrix, came_from = to_world(seeds_node), found.positions_mm[now] - shift + together
    from_mm = came_from @ matrix[:3, :3].T + matrix[:3, 3]
    return {int(place): from_mm[n] for n, place in enumerate(now) if moved[n]}


def axes_left_behind(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> FloatArray:
    """Return the rotation (3, 3) that seeds underwent since they were written and their axes did not.

    Raises
    ------
    SeedsError
        A hardened transform scaled or sheared the seeds.
    """
    written, found, now, then = _both(seeds_node)
    try:
        return turn_left_behind(_some(written, then), _some(found, now))
    except SeedsError as error:
        raise SeedsError(f"{seeds_node.GetName()!r}: {error}.") from error


def sentence_on_turn(seeds_node: slicer.vtkMRMLMarkupsFiducialNode, turn: FloatArray) -> str:
    """Say that axes were turned along with their seeds."""
    return (
        f"The seeds of {seeds_node.GetName()!r} had been turned by {turn_deg(turn):.1f} degrees without their "
        "axes, as Harden Transform does; the axes were turned along."
    )


def _both(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> tuple[SeedFrames, SeedFrames, IntArray, IntArray]:
    """Frames as written and as found, and the places in both of the seeds that are in both."""
    written = read_as_written(seeds_node)
    places = {point_id: place for place, point_id in enumerate(written.point_ids)}
    ids = point_ids(seeds_node)
    now = np.array([n for n, point_id in enumerate(ids) if point_id in places], np.int64)
    then = np.array([places[ids[n]] for n in now], np.int64)
    return written.frames, node_frames(seeds_node), now, then


def _moved_as_one(shift_mm: AnyArray) -> bool:
    """Whether most of several seeds were shifted alike, as by a hardened translation."""
    alike = np.linalg.norm(shift_mm - np.median(shift_mm, axis=0), axis=1) < MOVED_MM
    return bool(len(shift_mm) > 2 and alike.sum() > len(shift_mm) / 2)


def _some(frames: SeedFrames, index: IntArray) -> SeedFrames:
    return SeedFrames(frames.positions_mm[index], frames.axes[index])


def _make_points(seeds_node: slicer.vtkMRMLMarkupsFiducialNode, count: int) -> list[int]:
    """Return the control points for a number of seeds, added or removed at the end.

    A point that still follows the mouse is left alone: Slicer's placing counts on it.
    """
    points = seed_indices(seeds_node)
    for index in reversed(points[count:]):
        seeds_node.RemoveNthControlPoint(index)
    for _ in range(count - len(points)):
        seeds_node.AddControlPoint(0.0, 0.0, 0.0)
    return seed_indices(seeds_node)
