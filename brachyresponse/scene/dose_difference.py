"""The difference of two doses in the scene: a volume in Gy, blue where the implant has less, red where it has more."""

from __future__ import annotations

import numpy as np
import slicer

from brachyresponse.geometry import Grid
from brachyresponse.scene.nodes import modify
from brachyresponse.scene.volumes import write_image
from brachyresponse.types import AnyArray

DIFFERENCE_COLOURS = "BrachyResponse dose difference colours"
LESS, SAME, MORE = (0.13, 0.32, 0.78), (0.96, 0.96, 0.96), (0.75, 0.10, 0.13)
COLOUR_STEPS = 255
"""Odd, so that no difference has a colour of its own."""
SHOWN_PERCENT = 100.0
"""The colours end at so many percent of the prescription, less and more."""


def write_difference(
    difference_gy: AnyArray, grid: Grid, volume_node: slicer.vtkMRMLScalarVolumeNode, prescription_gy: float
) -> None:
    """Write a dose difference, [k, j, i] in Gy, into a volume, with colours that have their middle at no difference.

    Raises
    ------
    GeometryError
        Its shape is not the grid's.
    """
    with modify(volume_node):
        write_image(np.asarray(difference_gy, np.float32), grid, volume_node)
    if volume_node.GetDisplayNode() is not None:
        return
    volume_node.CreateDefaultDisplayNodes()
    display, most_gy = volume_node.GetDisplayNode(), prescription_gy * SHOWN_PERCENT / 100
    with modify(display):
        display.SetAndObserveColorNodeID(_colours(volume_node.GetScene()).GetID())
        display.AutoWindowLevelOff()
        display.SetWindowLevelMinMax(-most_gy, most_gy)


def _colours(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLNode:
    """The colour table of differences; one a scene."""
    existing = scene.GetFirstNodeByName(DIFFERENCE_COLOURS)
    if existing is not None:
        return existing
    table = slicer.vtkMRMLColorTableNode()
    table.SetTypeToUser()
    table.SetName(DIFFERENCE_COLOURS)
    table.SetHideFromEditors(False)
    table.SetNumberOfColors(COLOUR_STEPS)
    for index, share in enumerate(np.linspace(-1, 1, COLOUR_STEPS)):
        end = np.array(MORE if share > 0 else LESS)
        table.SetColor(index, f"{share:+.0%}", *(np.array(SAME) + abs(share) * (end - SAME)).tolist(), 1.0)
    return scene.AddNode(table)
