"""Slice views that go to a seed: all jump there, and one is turned to lie along it."""

from __future__ import annotations

import numpy as np
import slicer

from brachyresponse.errors import SeedsError
from brachyresponse.scene.nodes import get_attribute, nodes_of_class, set_attribute
from brachyresponse.seeds.detection import DetectedSeeds
from brachyresponse.types import AnyArray

SLICE_CLASS = "vtkMRMLSliceNode"
TURNED_VIEW = "Yellow"
"""The view that is turned along the seed; where there is none of this name, the last one."""
ORIENTATION_BEFORE = "OrientationBefore"


def show_seed(scene: slicer.vtkMRMLScene, found: DetectedSeeds, index: int) -> None:
    """Let all slice views jump to a seed, and turn one of them to hold the seed's axis.

    Raises
    ------
    SeedsError
        There is no such seed.
    """
    _check_index(index, found.count, "seed")
    show_place(scene, found.positions_mm[index], found.directions[index])


def show_rejected(scene: slicer.vtkMRMLScene, found: DetectedSeeds, index: int) -> None:
    """Let all slice views jump to a rejected candidate, as :func:`show_seed`."""
    _check_index(index, len(found.rejected), "rejected candidate")
    show_place(scene, found.rejected[index].position_mm, found.rejected[index].direction)


def show_place(scene: slicer.vtkMRMLScene, position_mm: AnyArray, axis: AnyArray) -> None:
    """Let all slice views jump to a place, RAS, and turn one of them to hold an axis through it."""
    views = nodes_of_class(scene, SLICE_CLASS)
    for view in views:
        view.JumpSliceByCentering(*map(float, position_mm))
    named = [view for view in views if view.GetLayoutName() == TURNED_VIEW]
    for view in (named or views)[-1:]:
        _turn(view, position_mm, axis)


def reset_views(scene: slicer.vtkMRMLScene) -> None:
    """Turn the slice views back that were turned along a seed."""
    for view in nodes_of_class(scene, SLICE_CLASS):
        before = get_attribute(view, ORIENTATION_BEFORE)
        if before:
            view.SetOrientation(before)
            set_attribute(view, ORIENTATION_BEFORE, None)


def _turn(view: slicer.vtkMRMLSliceNode, position_mm: AnyArray, axis: AnyArray) -> None:
    """Turn a view so that the axis runs from left to right in it, and the patient's head is as far up as can be."""
    if not get_attribute(view, ORIENTATION_BEFORE):
        set_attribute(view, ORIENTATION_BEFORE, view.GetOrientation())
    across = axis / np.linalg.norm(axis)
    up = np.array([0.0, 0.0, 1.0]) if abs(across[2]) < 0.9 else np.array([0.0, 1.0, 0.0])
    normal = np.cross(across, up)
    normal /= np.linalg.norm(normal)
    view.SetSliceToRASByNTP(*map(float, (*normal, *across, *position_mm)), 0)


def _check_index(index: int, count: int, what: str) -> None:
    if not 0 <= index < count:
        raise SeedsError(f"There is no {what} {index + 1}: there are {count}.")
