"""The found seeds of a verification: written, read, corrected with undo, and followed when points are moved by hand."""

from __future__ import annotations

from dataclasses import replace

import slicer

from brachyresponse.geometry import Grid
from brachyresponse.scene.found_seeds import (
    clicked_points,
    create_found_node,
    create_rejected_node,
    described_places,
    read_found,
    write_found,
)
from brachyresponse.scene.node_editing import NodeEditor
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.plan_fields import PlanField, plan_day, plan_text
from brachyresponse.scene.plans import seeds_node_of
from brachyresponse.scene.seed_points import moved_points, world_frames
from brachyresponse.scene.seed_source import write_source
from brachyresponse.scene.seeds import read_seeds
from brachyresponse.scene.verification_fields import (
    VerificationField,
    set_verification_field,
    verification_json,
)
from brachyresponse.scene.verification_parts import (
    VerificationRole,
    need_verification_part,
    set_verification_part,
    verification_part,
)
from brachyresponse.scene.volumes import view_image
from brachyresponse.seeds.corrections import add_seed, move_seed
from brachyresponse.seeds.detection import DetectedSeeds
from brachyresponse.types import AnyArray, FloatArray


def implant_image(verification_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[AnyArray, Grid]:
    """Return the implant CT, HU [k, j, i], read-only, and its grid.

    Raises
    ------
    SceneError, GeometryError
        No implant CT is chosen, or it cannot be read as an image.
    """
    node = need_verification_part(verification_node, VerificationRole.IMPLANT_VOLUME, "implant CT")
    return view_image(node, "implant CT")


def has_found_seeds(verification_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Tell whether seeds were searched for, or a first one was added by hand."""
    return verification_part(verification_node, VerificationRole.SEEDS) is not None


def read_found_seeds(verification_node: slicer.vtkMRMLScriptedModuleNode) -> DetectedSeeds:
    """Return the found seeds of a verification with the rejected candidates; none before they were searched for.

    Raises
    ------
    SceneError, SeedsError, GeometryError, VerificationError
        There is no such verification, or its points cannot be read.
    """
    seeds_node = verification_part(verification_node, VerificationRole.SEEDS)
    if seeds_node is None:
        return no_seeds()
    rejected_node = verification_part(verification_node, VerificationRole.REJECTED)
    warnings = verification_json(verification_node, VerificationField.DETECTION_WARNINGS, [])
    return read_found(seeds_node, rejected_node, tuple(map(str, warnings if isinstance(warnings, list) else [])))


def write_found_seeds(verification_node: slicer.vtkMRMLScriptedModuleNode, found: DetectedSeeds) -> None:
    """Make these the found seeds of a verification; their lists are made when absent."""
    with batch(verification_node.GetScene()):
        seeds_node, rejected_node = _lists(verification_node)
        write_found(found, seeds_node, rejected_node, strength_u=_strength_u(verification_node))
        _write_source(verification_node, seeds_node)
        warnings = list(found.warnings) or None
        set_verification_field(verification_node, VerificationField.DETECTION_WARNINGS, warnings)


def take_over_strength(verification_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Say of the found seeds what the plan that was just chosen says of its own: seed model, strength and day."""
    if has_found_seeds(verification_node):
        write_found_seeds(verification_node, read_found_seeds(verification_node))


def no_seeds() -> DetectedSeeds:
    """Return a list without seeds."""
    return DetectedSeeds.of([])


class FoundSeedsEditor(NodeEditor[DetectedSeeds]):
    """Corrects the found seeds of verifications, and takes corrections back."""

    def read(self, owner: slicer.vtkMRMLScriptedModuleNode) -> DetectedSeeds:
        """Return the seeds that the nodes of a verification hold now; raises as :func:`read_found_seeds`."""
        return read_found_seeds(owner)

    def put(self, owner: slicer.vtkMRMLScriptedModuleNode, state: DetectedSeeds) -> None:
        """Make the nodes of a verification hold these seeds."""
        write_found_seeds(owner, state)

    def same(self, one: DetectedSeeds, other: DetectedSeeds) -> bool:
        """Tell whether two lists hold the same seeds and the same rejected candidates."""
        return _content(one) == _content(other)

    def follow(self, owner: slicer.vtkMRMLScriptedModuleNode) -> bool:
        """Take what the user did to the points in views as a correction, and tell whether he did anything.

        A point that was dragged becomes a manual seed, a clicked one is snapped to the metal under it, one that was
        removed is gone. Where a clicked point has no metal near, it is taken away again and the error says so.

        Raises
        ------
        ImageError
            There is no metal near a clicked point.
        SceneError, SeedsError, GeometryError
            The points cannot be read.
        """
        seeds_node = verification_part(owner, VerificationRole.SEEDS)
        if seeds_node is None:
            return False
        edited = self._find(owner) or self._look(owner)
        clicked = _take_clicked(seeds_node)
        found = self.read(owner)
        for index, from_mm in _dragged(seeds_node).items():
            found = _moved(found, index, from_mm)
        if clicked:
            ct_hu, grid = implant_image(owner)
            for position_mm in clicked:
                found = add_seed(found, ct_hu, grid, position_mm)
        if self.same(found, edited.known):
            return False
        self._write(edited, found)  # one step: what the drag itself left in the nodes is none of its own
        self._record(edited)
        return True


def _take_clicked(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> list[AnyArray]:
    """Return where points were clicked, and remove these: seeds take their places."""
    positions_mm = world_frames(seeds_node).positions_mm
    places = set(range(len(positions_mm))) - set(described_places(seeds_node))
    for index in reversed(clicked_points(seeds_node)):
        seeds_node.RemoveNthControlPoint(index)
    return [positions_mm[place] for place in sorted(places)]


def _dragged(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> dict[int, FloatArray]:
    """Return the indices, among the seeds, of those that were dragged, each with where from."""
    described = described_places(seeds_node)
    moved = moved_points(seeds_node)
    return {described.index(place): from_mm for place, from_mm in moved.items() if place in described}


def _moved(found: DetectedSeeds, index: int, from_mm: FloatArray) -> DetectedSeeds:
    """The list with one seed moved by hand to where it is now."""
    positions = found.positions_mm.copy()
    positions[index] = from_mm
    return move_seed(replace(found, positions_mm=positions), index, found.positions_mm[index])


def _content(found: DetectedSeeds) -> tuple[object, ...]:
    arrays = (found.positions_mm, found.directions, found.confidence, found.axis_confidence)
    rejected = tuple((c.reason, *c.position_mm.tolist(), *c.direction.tolist()) for c in found.rejected)
    return (tuple(array.tobytes() for array in arrays), found.origins, rejected)


def _lists(verification_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[slicer.vtkMRMLNode, slicer.vtkMRMLNode]:
    scene, name = verification_node.GetScene(), verification_node.GetName()
    seeds_node = verification_part(verification_node, VerificationRole.SEEDS)
    if seeds_node is None:
        seeds_node = create_found_node(scene, f"{name} seeds")
        set_verification_part(verification_node, VerificationRole.SEEDS, seeds_node)
    rejected_node = verification_part(verification_node, VerificationRole.REJECTED)
    if rejected_node is None:
        rejected_node = create_rejected_node(scene, f"{name} rejected")
        set_verification_part(verification_node, VerificationRole.REJECTED, rejected_node)
    return seeds_node, rejected_node


def _strength_u(verification_node: slicer.vtkMRMLScriptedModuleNode) -> float | None:
    """Strength of the plan's seeds where all have the same, U."""
    plan_node = verification_part(verification_node, VerificationRole.PLAN)
    strengths = set(read_seeds(seeds_node_of(plan_node)).air_kerma_strength_u.tolist()) if plan_node else set()
    return strengths.pop() if len(strengths) == 1 else None


def _write_source(
    verification_node: slicer.vtkMRMLScriptedModuleNode, seeds_node: slicer.vtkMRMLMarkupsFiducialNode
) -> None:
    plan_node = verification_part(verification_node, VerificationRole.PLAN)
    if plan_node is not None:
        source, surrogate = (plan_text(plan_node, field) for field in (PlanField.SOURCE, PlanField.SURROGATE_FOR))
        day = plan_day(plan_node, PlanField.IMPLANT_DATE) if plan_text(plan_node, PlanField.IMPLANT_DATE) else None
        write_source(seeds_node, source, surrogate_for=surrogate, reference_time=day)
