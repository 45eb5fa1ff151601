"""Seeds found on a CT as two lists of points: the seeds, and beside them, hidden, the candidates that were none."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import slicer

from brachyresponse.errors import SeedsError
from brachyresponse.scene.nodes import modify, require_node
from brachyresponse.scene.seed_axes import SeedFrames
from brachyresponse.scene.seed_notes import Axis, FoundNote, RejectedNote
from brachyresponse.scene.seed_points import (
    SeedPoint,
    create_points_node,
    seed_indices,
    unmended_frames,
    world_frames,
    write_points,
)
from brachyresponse.seeds.detection import DetectedSeeds, RejectedCandidate, RejectionReason

FOUND_COLOUR, REJECTED_COLOUR = (0.1, 0.9, 0.3), (1.0, 0.55, 0.1)
HANDLE_MM = 0.7
"""Less than a seed is thick, so that the drawn seed can be seen round it; Slicer takes a grip a few pixels beside."""
LEAST_AXIS_CONFIDENCE = 0.5
"""Below it an axis counts as unknown for those who read the list as planned seeds."""

Note = TypeVar("Note", FoundNote, RejectedNote)


def create_found_node(scene: slicer.vtkMRMLScene, name: str) -> slicer.vtkMRMLMarkupsFiducialNode:
    """Add a node for seeds found on a CT, without any."""
    node = create_points_node(scene, name, FOUND_COLOUR)
    node.GetDisplayNode().SetGlyphSize(HANDLE_MM)
    return node


def create_rejected_node(scene: slicer.vtkMRMLScene, name: str) -> slicer.vtkMRMLMarkupsFiducialNode:
    """Add a node for candidates that were not taken for seeds: hidden until somebody wants to see them, and locked."""
    node = create_points_node(scene, name, REJECTED_COLOUR)
    node.SetLocked(True)
    with modify(node.GetDisplayNode()):
        node.GetDisplayNode().SetVisibility(False)
        node.GetDisplayNode().SetGlyphType(node.GetDisplayNode().Cross2D)
    return node


def read_found(
    seeds_node: slicer.vtkMRMLMarkupsFiducialNode,
    rejected_node: slicer.vtkMRMLMarkupsFiducialNode | None = None,
    warnings: tuple[str, ...] = (),
) -> DetectedSeeds:
    """Return the seeds that the points of a node stand for, in their order; points without a description are left out.

    Raises
    ------
    SceneError, SeedsError, GeometryError
        There is no such node, a description cannot be read, or a transform above the node is not rigid.
    """
    require_node(seeds_node, "vtkMRMLMarkupsFiducialNode", "list of found seeds")
    frames, described = world_frames(seeds_node), described_places(seeds_node)
    notes = _notes(seeds_node, FoundNote.parse, described)
    return DetectedSeeds(
        frames.positions_mm[described],
        frames.axes[described],
        np.array([note.confidence for note in notes], float),
        np.array([note.axis_confidence for note in notes], float),
        origins=tuple(note.origin for note in notes),
        rejected=() if rejected_node is None else _read_rejected(rejected_node),
        warnings=warnings,
    )


def write_found(
    found: DetectedSeeds,
    seeds_node: slicer.vtkMRMLMarkupsFiducialNode,
    rejected_node: slicer.vtkMRMLMarkupsFiducialNode,
    *,
    strength_u: float | None = None,
) -> None:
    """Make the points of two nodes these seeds and rejected candidates, each numbered from 1.

    Parameters
    ----------
    strength_u
        Air-kerma strength of one seed, U, where the plan says it; then the list serves BrachyDose as well.

    Raises
    ------
    SceneError, GeometryError
        There is no such node, or a transform above it is not rigid.
    """
    notes = [_note_of(found, index, strength_u) for index in range(found.count)]
    points = [SeedPoint(str(number), str(note)) for number, note in enumerate(notes, start=1)]
    write_points(seeds_node, SeedFrames(found.positions_mm, found.directions), points)
    frames = SeedFrames(
        np.array([candidate.position_mm for candidate in found.rejected], float).reshape(-1, 3),
        np.array([candidate.direction for candidate in found.rejected], float).reshape(-1, 3),
    )
    points = [
        SeedPoint(f"{number} {candidate.reason}", str(_rejected_note(candidate)))
        for number, candidate in enumerate(found.rejected, start=1)
    ]
    write_points(rejected_node, frames, points)


def described_places(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> list[int]:
    """Return the places in the list of points that are described; a point that was just clicked is not."""
    indices = seed_indices(seeds_node)
    return [place for place, index in enumerate(indices) if seeds_node.GetNthControlPointDescription(index)]


def clicked_points(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> list[int]:
    """Return the control points that were just clicked: set, and without a description."""
    return [index for index in seed_indices(seeds_node) if not seeds_node.GetNthControlPointDescription(index)]


def _note_of(found: DetectedSeeds, index: int, strength_u: float | None) -> FoundNote:
    axis_confidence = float(found.axis_confidence[index])
    return FoundNote(
        float(found.confidence[index]),
        axis_confidence,
        found.origins[index],
        strength_u,
        Axis.KNOWN if axis_confidence >= LEAST_AXIS_CONFIDENCE else Axis.UNKNOWN,
    )


def _rejected_note(candidate: RejectedCandidate) -> RejectedNote:
    return RejectedNote(candidate.reason.value, float(candidate.confidence), float(candidate.axis_confidence))


def _read_rejected(rejected_node: slicer.vtkMRMLMarkupsFiducialNode) -> tuple[RejectedCandidate, ...]:
    frames = _rejected_frames(rejected_node)
    notes = _notes(rejected_node, RejectedNote.parse, range(len(frames.positions_mm)))
    return tuple(
        RejectedCandidate(position, axis, note.confidence, note.axis_confidence, RejectionReason(note.reason))
        for position, axis, note in zip(frames.positions_mm, frames.axes, notes, strict=True)
    )


def _rejected_frames(rejected_node: slicer.vtkMRMLMarkupsFiducialNode) -> SeedFrames:
    """Frames of the rejected candidates; where a few on one line were hardened, their axes stay, which is logged."""
    try:
        return world_frames(rejected_node)
    except SeedsError as error:
        logging.warning(f"{error} The axes of these rejected candidates are those from before.")
        return unmended_frames(rejected_node)


def _notes(
    node: slicer.vtkMRMLMarkupsFiducialNode, parse: Callable[[str], Note], places: list[int] | range
) -> list[Note]:
    indices, notes = seed_indices(node), []
    for index in (indices[place] for place in places):
        try:
            notes.append(parse(node.GetNthControlPointDescription(index)))
        except SeedsError as error:
            label = node.GetNthControlPointLabel(index)
            raise SeedsError(f"Control point {index + 1} ({label}) of {node.GetName()!r}: {error}.") from error
    return notes
