"""Seeds as control points of one fiducial node: centre, orientation, and a description with the rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import slicer

from brachyresponse.errors import SeedsError
from brachyresponse.geometry.rigid import turn_deg
from brachyresponse.scene.nodes import modify, require_node
from brachyresponse.scene.seed_axes import SeedFrames
from brachyresponse.scene.seed_notes import Axis, SeedNote
from brachyresponse.scene.seed_points import (
    SeedPoint,
    axes_left_behind,
    create_points_node,
    node_frames,
    seed_indices,
    sentence_on_turn,
    to_world,
    world_frames,
    write_points,
)
from brachyresponse.seeds import Origin, Seeds
from brachyresponse.types import AnyArray

COLOUR = (0.1, 0.9, 0.3)


def create_seeds_node(scene: slicer.vtkMRMLScene, name: str = "Seeds") -> slicer.vtkMRMLMarkupsFiducialNode:
    """Add a node for seeds, without any, whose points can be dragged freely."""
    return create_points_node(scene, name, COLOUR)


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
    to_world(seeds_node)  # the node itself first
    notes = [_note(seeds_node, index) for index in seed_indices(seeds_node)]
    frames = world_frames(seeds_node)
    try:
        return Seeds(
            frames.positions_mm,
            frames.axes,
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
    from_world = np.linalg.inv(to_world(seeds_node))
    origins = _origins(seeds_node, seeds.positions_mm @ from_world[:3, :3].T + from_world[:3, 3], origin)
    points = [SeedPoint(str(n + 1), str(_note_of(seeds, n, origins[n]))) for n in range(seeds.count)]
    write_points(seeds_node, SeedFrames(seeds.positions_mm, seeds.directions), points)


def mend_seeds(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> str:
    """Turn axes that a hardened transform left behind, and return a sentence about it; empty when all was well.

    Raises
    ------
    SceneError, SeedsError, GeometryError
        As :func:`read_seeds`.
    """
    to_world(seeds_node)
    turn = axes_left_behind(seeds_node)
    if not turn_deg(turn):
        return ""
    write_seeds(read_seeds(seeds_node), seeds_node)
    return sentence_on_turn(seeds_node, turn)


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


def _note_of(seeds: Seeds, index: int, origin: Origin) -> SeedNote:
    axis = Axis.KNOWN if seeds.axis_known[index] else Axis.UNKNOWN
    return SeedNote(int(seeds.needle[index]), float(seeds.air_kerma_strength_u[index]), axis, origin)


def _note(seeds_node: slicer.vtkMRMLMarkupsFiducialNode, index: int) -> SeedNote:
    try:
        return SeedNote.parse(seeds_node.GetNthControlPointDescription(index))
    except SeedsError as error:
        label = seeds_node.GetNthControlPointLabel(index)
        raise SeedsError(f"Control point {index + 1} ({label}) of {seeds_node.GetName()!r}: {error}.") from error


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
    known = {
        tuple(position): origin for position, origin in zip(node_frames(seeds_node).positions_mm, stated, strict=True)
    }
    return [known.get(tuple(position), Origin.MANUAL) for position in positions_mm]
