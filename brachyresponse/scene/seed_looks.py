"""What drawn seeds are, told by their colours: one table of named colours, and models whose points say which."""

from __future__ import annotations

from enum import IntEnum

import slicer
import vtk

from brachyresponse.scene.nodes import modify

LOOK_ARRAY = "seed"
LOOK_COLOURS = "BrachyResponse seed colours"


class SeedLook(IntEnum):
    """What a drawn seed is; the value is its place in the table of colours."""

    FOUND = 0
    UNCERTAIN = 1
    MANUAL = 2
    PLANNED = 3
    MISSING = 4
    EXTRA = 5
    MIGRATED = 6


COLOURS = {
    SeedLook.FOUND: (0.1, 0.9, 0.3),
    SeedLook.UNCERTAIN: (1.0, 0.55, 0.1),
    SeedLook.MANUAL: (0.25, 0.6, 1.0),
    SeedLook.PLANNED: (0.85, 0.9, 0.95),
    SeedLook.MISSING: (0.9, 0.2, 0.2),
    SeedLook.EXTRA: (1.0, 0.8, 0.1),
    SeedLook.MIGRATED: (0.75, 0.25, 0.85),
}


def show_looks(model: slicer.vtkMRMLModelNode) -> None:
    """Let a model show what its seeds are by their colours, in 3D and where slices cut it; clicks go past it.

    A model of our own table, not of direct colours: these make Slicer's slice views complain of an empty range.
    """
    model.SetSelectable(False)  # clicks and drags go to the control points
    model.CreateDefaultDisplayNodes()
    display = model.GetDisplayNode()
    with modify(display):
        display.SetAndObserveColorNodeID(look_colours(model.GetScene()).GetID())
        display.SetActiveScalar(LOOK_ARRAY, vtk.vtkAssignAttribute.POINT_DATA)
        display.SetScalarVisibility(True)
        display.SetScalarRangeFlag(display.UseManualScalarRange)
        display.SetScalarRange(0.0, float(len(SeedLook) - 1))
        display.SetVisibility2D(True)
        display.SetSliceIntersectionThickness(2)


def look_colours(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLColorTableNode:
    """Return the table of colours; one a scene."""
    existing = scene.GetFirstNodeByName(LOOK_COLOURS)
    if existing is not None:
        return existing
    table = slicer.vtkMRMLColorTableNode()
    table.SetTypeToUser()
    table.SetName(LOOK_COLOURS)
    table.SetNumberOfColors(len(SeedLook))
    for look, colour in COLOURS.items():
        table.SetColor(look, look.name.lower(), *colour, 1.0)
    return scene.AddNode(table)
