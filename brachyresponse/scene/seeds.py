"""Seeds as control points of one fiducial node: centre, orientation, and a description with the rest.

Only this file writes a seed's orientation. ``SetNthControlPointOrientationMatrixWorld`` is wrong under a transform,
and its counterpart in the node's coordinates fires no event, so axes are written there and ``Modified`` follows.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import slicer

from brachyresponse.errors import SeedsError
from brachyresponse.scene.nodes import add_node, modify, require_node, rigid_world_matrix
from brachyresponse.scene.seed_axes import SeedFrames, frames_of_axes, turn_angle_deg, turn_left_behind
from brachyresponse.scene.seed_notes import Axis, SeedNote
from brachyresponse.scene.seeds_as_written import read_as_written, write_as_written
from brachyresponse.seeds import Origin, Seeds
from brachyresponse.types import AnyArray, FloatArray, IntArray

HANDLE_MM = 2.0
COLOUR = (0.1, 0.9, 0.3)


def create_seeds_node(scene: slicer.vtkMRMLScene, name: str = "Seeds") -> slicer.vtkMRMLMarkupsFiducialNode:
    """Add a node for seeds, without any, whose points can be dragged freely."""
    node = add_node(scene, "vtkMRMLMarkupsFiducialNode", name)
    node.CreateDefaultDisplayNodes()
    display = node.GetDisplayNode()
    display.SetUseGlyphScale(False)
    display.SetGlyphSize(HANDLE_MM)
    display.SetTextScale(2.0)
    display.SetSelectedColor(*COLOUR)
    display.SetSnapMode(display.SnapModeUnconstrained)  # the default makes points jump to visible surfaces
    return node


def read_seeds(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> Seeds:
    """Return the seeds in the world, in the order of their control points; rigid transforms above are applied.

    Points still being placed are passed over. Seeds that Harden Transform moved get the axes that the transform
    should have turned, which is said in the log; :func:`mend_seeds` writes these into the node.

    Raises
    ------
    SceneError
        There is no such node.
    SeedsError
        A description cannot be read, a strength is not set, a position is not finite, or a hardened transform
        scaled or sheared the seeds.
    GeometryError
        A transform above the node does more than turn and move.
    """
    to_world = _to_world(seeds_node)
    notes = [_note(seeds_node, index) for index in seed_indices(seeds_node)]
    frames = _frames(seeds_node)
    turn = _turn_left_behind(seeds_node, frames)
    if turn_angle_deg(turn):
        logging.warning(_sentence_on_turn(seeds_node, turn))
    axes = frames.axes @ turn.T
    try:
        return Seeds(
            frames.positions_mm @ to_world[:3, :3].T + to_world[:3, 3],
            axes @ to_world[:3, :3].T,
            np.array([note.strength_u for note in notes]),
            np.array([note.axis is Axis.KNOWN for note in notes], bool),
            np.array([note.needle for note in notes], np.int64),
        )
    except SeedsError as error:
        raise SeedsError(f"{seeds_node.GetName()!r}: {error}") from error


def write_seeds(
    seeds: Seeds,
    seeds_node: slicer.vtkMRMLMarkupsFiducialNode,
    *,
    origin: Origin | Sequence[Origin] | None = None,
) -> None:
    """Make the control points of a node these seeds, numbered from 1; reading gives back the same ``Seeds``.

    Parameters
    ----------
    origin
        Where the seeds come from, one for all or one each; None keeps what the node says of seeds that have not
        moved, and calls others manual.

    Raises
    ------
    SceneError, SeedsError, GeometryError
        There is no such node, origins and seeds disagree in number, or a transform above it is not rigid.
    """
    from_world = np.linalg.inv(_to_world(seeds_node))
    positions = seeds.positions_mm @ from_world[:3, :3].T + from_world[:3, 3]
    axes = seeds.directions @ from_world[:3, :3].T
    orientations = frames_of_axes(axes).reshape(-1, 9)
    origins = _origins(seeds_node, positions, origin)
    with modify(seeds_node):
        points = _make_points(seeds_node, seeds.count)
        for number, (point, position, orientation) in enumerate(zip(points, positions, orientations, strict=True)):
            seeds_node.SetNthControlPointPosition(point, *position.tolist())
            seeds_node.SetNthControlPointOrientationMatrix(point, orientation.tolist())
            seeds_node.SetNthControlPointLabel(point, str(number + 1))
            seeds_node.SetNthControlPointDescription(point, str(_note_of(seeds, number, origins[number])))
        write_as_written(seeds_node, _point_ids(seeds_node), SeedFrames(positions, axes))
        seeds_node.Modified()


def mend_seeds(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> str:
    """Turn axes that a hardened transform left behind, and return a sentence about it; empty when all was well.

    Raises
    ------
    SceneError, SeedsError, GeometryError
        As :func:`read_seeds`.
    """
    turn = _turn_left_behind(seeds_node, _frames(seeds_node))
    if not turn_angle_deg(turn):
        return ""
    write_seeds(read_seeds(seeds_node), seeds_node)
    return _sentence_on_turn(seeds_node, turn)


def adopt_clicked_seeds(seeds_node: slicer.vtkMRMLMarkupsFiducialNode, strength_u: float) -> int:
    """Describe the points that were just clicked as free seeds of unknown axis, and return how many there were.

    Raises
    ------
    SceneError, SeedsError
        There is no such node, or the strength is not positive.
    """
    require_node(seeds_node, "vtkMRMLMarkupsFiducialNode", "list of seeds")
    clicked = [n for n in seed_indices(seeds_node) if not seeds_node.GetNthControlPointDescription(n)]
    try:
        note = SeedNote(0, strength_u, Axis.UNKNOWN, Origin.MANUAL)
    except SeedsError as error:
        raise SeedsError(f"A new seed of {seeds_node.GetName()!r}: {error}.") from error
    with modify(seeds_node):
        for index in clicked:
            seeds_node.SetNthControlPointDescription(index, str(note))
    return len(clicked)


def read_origins(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> tuple[Origin, ...]:
    """Return where each seed comes from, in the order of :func:`read_seeds`.

    Raises
    ------
    SceneError, SeedsError
        There is no such node, or a description cannot be read.
    """
    require_node(seeds_node, "vtkMRMLMarkupsFiducialNode", "list of seeds")
    return tuple(_note(seeds_node, index).origin for index in seed_indices(seeds_node))


def seed_indices(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> list[int]:
    """Return the control points that are seeds: those whose position is set, not the one following the mouse."""
    points = range(seeds_node.GetNumberOfControlPoints())
    return [n for n in points if seeds_node.GetNthControlPointPositionStatus(n) == seeds_node.PositionDefined]


def _to_world(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> FloatArray:
    require_node(seeds_node, "vtkMRMLMarkupsFiducialNode", "list of seeds")
    return rigid_world_matrix(seeds_node)


def _note_of(seeds: Seeds, index: int, origin: Origin) -> SeedNote:
    axis = Axis.KNOWN if seeds.axis_known[index] else Axis.UNKNOWN
    return SeedNote(int(seeds.needle[index]), float(seeds.air_kerma_strength_u[index]), axis, origin)


def _note(seeds_node: slicer.vtkMRMLMarkupsFiducialNode, index: int) -> SeedNote:
    try:
        return SeedNote.parse(seeds_node.GetNthControlPointDescription(index))
    except SeedsError as error:
        label = seeds_node.GetNthControlPointLabel(index)
        raise SeedsError(f"Control point {index + 1} ({label}) of {seeds_node.GetName()!r}: {error}.") from error


def _frames(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> SeedFrames:
    points = seed_indices(seeds_node)
    positions = [seeds_node.GetNthControlPointPosition(index) for index in points]
    axes = [seeds_node.GetNthControlPointNormal(index) for index in points]
    return SeedFrames(np.array(positions, float).reshape(-1, 3), np.array(axes, float).reshape(-1, 3))


def _point_ids(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> list[str]:
    return [seeds_node.GetNthControlPointID(index) for index in seed_indices(seeds_node)]


def _turn_left_behind(seeds_node: slicer.vtkMRMLMarkupsFiducialNode, found: SeedFrames) -> FloatArray:
    written = read_as_written(seeds_node)
    places = {point_id: place for place, point_id in enumerate(written.point_ids)}
    ids = _point_ids(seeds_node)
    now = np.array([n for n, point_id in enumerate(ids) if point_id in places], np.int64)
    then = np.array([places[ids[n]] for n in now], np.int64)
    try:
        return turn_left_behind(_some(written.frames, then), _some(found, now))
    except SeedsError as error:
        raise SeedsError(f"{seeds_node.GetName()!r}: {error}.") from error


def _sentence_on_turn(seeds_node: slicer.vtkMRMLMarkupsFiducialNode, turn: FloatArray) -> str:
    return (
        f"The seeds of {seeds_node.GetName()!r} had been turned by {turn_angle_deg(turn):.1f} degrees without their "
        "axes, as Harden Transform does; the axes were turned along."
    )


def _some(frames: SeedFrames, index: IntArray) -> SeedFrames:
    return SeedFrames(frames.positions_mm[index], frames.axes[index])


def _origins(
    seeds_node: slicer.vtkMRMLMarkupsFiducialNode,
    positions_mm: AnyArray,
    origin: Origin | Sequence[Origin] | None,
) -> Sequence[Origin]:
    if isinstance(origin, Origin):
        return [origin] * len(positions_mm)
    if origin is None:
        return _kept_origins(seeds_node, positions_mm)
    if len(origin) != len(positions_mm):
        raise SeedsError(f"{len(positions_mm)} seeds but {len(origin)} origins: give one a seed, or one for all.")
    return origin


def _kept_origins(seeds_node: slicer.vtkMRMLMarkupsFiducialNode, positions_mm: AnyArray) -> list[Origin]:
    """Origins that the node states, found by place in the list when the number is the same, else by position."""
    stated = []
    for index in seed_indices(seeds_node):
        try:
            stated.append(_note(seeds_node, index).origin)
        except SeedsError:
            stated.append(Origin.MANUAL)  # what cannot be read is about to be overwritten
    if len(stated) == len(positions_mm):
        return stated
    known = {tuple(position): origin for position, origin in zip(_frames(seeds_node).positions_mm, stated, strict=True)}
    return [known.get(tuple(position), Origin.MANUAL) for position in positions_mm]


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
