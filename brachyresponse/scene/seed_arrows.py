"""Arrows from planned to found seeds, coloured by displacement, and marks where a seed is missing or extra."""

from __future__ import annotations

import numpy as np
import slicer
import vtk

from brachyresponse.scene.nodes import modify
from brachyresponse.scene.polydata import add_values, ball, triangles_to_polydata
from brachyresponse.scene.seed_axes import frames_of_axes
from brachyresponse.scene.seed_looks import LOOK_ARRAY, SeedLook, show_looks
from brachyresponse.scene.seed_model import looking_seeds_polydata
from brachyresponse.scene.verification_parts import VerificationRole, own_node, verification_part
from brachyresponse.scene.verification_tables import PairedSeeds, SeedState
from brachyresponse.types import AnyArray

DISPLACEMENT = "displacement (mm)"
COLOURS = "Displacement colours"
SHAFT_MM, HEAD_MM, HEAD_LENGTH_MM = 0.5, 1.1, 2.0
"""Radii of shaft and head, and the head's length, shorter on a short arrow; wider than a seed, or it would hide it."""
SIDES = 12
SHORTEST_MM = 0.05
MARK_MM = 5.0
MARKED = {SeedState.EXTRA: SeedLook.EXTRA, SeedState.MIGRATED: SeedLook.MIGRATED}
LARGE_MM = 10.0
"""Displacement at the red end of the colours."""


def draw_arrows(verification_node: slicer.vtkMRMLScriptedModuleNode, paired: PairedSeeds) -> None:
    """Draw arrows and marks of pairs, shown in 3D and where slices cut them; models are made when absent."""
    first, second = paired.match.pairs.T
    starts, ends = paired.planned.positions_mm[first], paired.found.positions_mm[second]
    arrows = own_node(verification_node, VerificationRole.ARROWS, "vtkMRMLModelNode", "displacements")
    arrows.SetAndObserveMesh(arrows_polydata(starts, ends))
    if arrows.GetDisplayNode() is None:
        _show_displacements(arrows)
    marks = own_node(verification_node, VerificationRole.MARKS, "vtkMRMLModelNode", "planned, missing and extra seeds")
    marks.SetAndObserveMesh(marks_polydata(paired))
    if marks.GetDisplayNode() is None:
        show_looks(marks)
        marks.GetDisplayNode().SetOpacity(0.5)


def show_arrows(verification_node: slicer.vtkMRMLScriptedModuleNode, visible: bool) -> None:
    """Show or hide arrows and marks."""
    for role in (VerificationRole.ARROWS, VerificationRole.MARKS):
        model = verification_part(verification_node, role)
        if model is not None:
            model.GetDisplayNode().SetVisibility(visible)


def arrows_polydata(starts_mm: AnyArray, ends_mm: AnyArray) -> vtk.vtkPolyData:
    """Return arrows (N, 3) to (N, 3) as one surface, each point with its arrow's length in ``displacement (mm)``.

    Arrows shorter than 0.05 mm are left out: they have no direction.
    """
    lengths = np.linalg.norm(ends_mm - starts_mm, axis=1)
    shown = lengths > SHORTEST_MM
    lengths, axes = lengths[shown], (ends_mm - starts_mm)[shown] / lengths[shown, None]
    shapes = [_arrow(length) for length in lengths]
    points = [
        shape @ frame.T + start
        for (shape, _), frame, start in zip(shapes, frames_of_axes(axes), starts_mm[shown], strict=True)
    ]
    count = len(_arrow(1.0)[0])
    triangles = [triangles + count * n for n, (_, triangles) in enumerate(shapes)]
    polydata = triangles_to_polydata(
        np.concatenate(points) if points else np.empty((0, 3)),
        np.concatenate(triangles) if triangles else np.empty((0, 3)),
    )
    add_values(polydata, DISPLACEMENT, np.repeat(lengths, count))
    return polydata


def marks_polydata(paired: PairedSeeds) -> vtk.vtkPolyData:
    """Return the planned seeds, and balls round those that are missing, extra or migrated; points say which is which.

    A ball round a missing seed lies where that was planned.
    """
    states = {index: paired.state_of(index) for index in range(paired.found.count)}
    marked = [(paired.planned.positions_mm[index], SeedLook.MISSING) for index in paired.match.missing]
    marked += [(paired.found.positions_mm[index], MARKED[state]) for index, state in states.items() if state in MARKED]
    shape, triangles = ball(MARK_MM)
    centres = np.array([place for place, _ in marked], float).reshape(-1, 1, 3)
    offsets = len(shape) * np.arange(len(marked))[:, None, None]
    balls = triangles_to_polydata((shape + centres).reshape(-1, 3), (triangles + offsets).reshape(-1, 3))
    add_values(balls, LOOK_ARRAY, np.repeat([float(look) for _, look in marked], len(shape)))
    joined = vtk.vtkAppendPolyData()
    joined.AddInputData(looking_seeds_polydata(paired.planned, [SeedLook.PLANNED] * paired.planned.count))
    joined.AddInputData(balls)
    joined.Update()
    return joined.GetOutput()


def _arrow(length_mm: float) -> tuple[AnyArray, AnyArray]:
    """Points and triangles of an arrow along z from the origin: rings round the axis, joined one to the next."""
    head_mm = min(HEAD_LENGTH_MM, 0.6 * length_mm)
    neck_mm = length_mm - head_mm
    profile = ((0, 0), (SHAFT_MM, 0), (SHAFT_MM, neck_mm), (HEAD_MM, neck_mm), (0, length_mm))
    angle = np.linspace(0, 2 * np.pi, SIDES, endpoint=False)
    rings = [np.column_stack([r * np.cos(angle), r * np.sin(angle), np.full(SIDES, z)]) for r, z in profile]
    here = np.arange(SIDES)
    aside = np.roll(here, -1)
    lower, upper = np.column_stack([here, aside, here + SIDES]), np.column_stack([aside, aside + SIDES, here + SIDES])
    strips = [np.concatenate([lower, upper]) + SIDES * n for n in range(len(profile) - 1)]
    return np.concatenate(rings), np.concatenate(strips)


def _show_displacements(model: slicer.vtkMRMLModelNode) -> None:
    model.SetSelectable(False)
    model.CreateDefaultDisplayNodes()
    display = model.GetDisplayNode()
    with modify(display):
        display.SetAndObserveColorNodeID(_colours(model.GetScene()).GetID())
        display.SetActiveScalar(DISPLACEMENT, vtk.vtkAssignAttribute.POINT_DATA)
        display.SetScalarVisibility(True)
        display.SetScalarRangeFlag(display.UseManualScalarRange)
        display.SetScalarRange(0.0, LARGE_MM)
        display.SetVisibility2D(True)
        display.SetSliceIntersectionThickness(2)


def _colours(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLNode:
    """The colours of displacements, green over yellow to red; one table a scene."""
    existing = scene.GetFirstNodeByName(COLOURS)
    if existing is not None:
        return existing
    table = slicer.vtkMRMLColorTableNode()
    table.SetTypeToUser()
    table.SetName(COLOURS)
    table.SetNumberOfColors(256)
    for index in range(256):
        share = index / 255
        table.SetColor(index, f"{share * LARGE_MM:.1f} mm", min(2 * share, 1.0), min(2 - 2 * share, 1.0), 0.1, 1.0)
    return scene.AddNode(table)
