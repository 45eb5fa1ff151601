"""The dose in the scene: a volume in Gy that other radiotherapy extensions recognise."""

from __future__ import annotations

from colorsys import hsv_to_rgb

import numpy as np
import slicer

from brachyresponse.errors import DoseError, GeometryError
from brachyresponse.geometry import Grid
from brachyresponse.scene.hierarchy import place_dose, root_folder
from brachyresponse.scene.isodose_levels import write_isodose_levels
from brachyresponse.scene.nodes import add_node, batch, modify, require_node
from brachyresponse.scene.slicerrt import DOSE_VOLUME, limit_histogram_rows
from brachyresponse.scene.volumes import view_image, write_image
from brachyresponse.types import AnyArray

SHOWN_FROM_PERCENT, SHOWN_TO_PERCENT = 25.0, 200.0
DOSE_COLOURS = "BrachyResponse dose colours"
COLOUR_STEPS = 256


def write_dose(
    dose_gy: AnyArray,
    grid: Grid,
    scene: slicer.vtkMRMLScene,
    name: str = "Dose",
    *,
    node: slicer.vtkMRMLScalarVolumeNode | None = None,
    prescription_gy: float | None = None,
) -> slicer.vtkMRMLScalarVolumeNode:
    """Write a dose into the scene as it is, and return its volume node.

    Parameters
    ----------
    dose_gy
        [k, j, i], Gy, finite and not negative.
    node
        Is updated in place; None makes a new volume under ``name``.
    prescription_gy
        Colours, window and isodose levels are set for it.

    Raises
    ------
    DoseError
        The dose holds NaN, infinite or negative values.
    GeometryError
        Its shape is not the grid's.
    """
    _check_dose(dose_gy, grid)
    if node is None:
        with batch(scene):
            node = _create_dose_node(scene, name)
    with modify(node):
        write_image(np.asarray(dose_gy, np.float32), grid, node)
    if prescription_gy is not None:
        show_dose_for(node, prescription_gy)
    limit_histogram_rows(float(dose_gy.max()))
    return node


def read_dose(dose_node: slicer.vtkMRMLScalarVolumeNode) -> tuple[AnyArray, Grid]:
    """Return a copy of the dose in Gy, [k, j, i], and its grid in the world.

    Raises
    ------
    SceneError, GeometryError, DoseError
        There is no such node, it cannot be read as an image, or it is not marked as a dose.
    """
    dose_gy, grid = view_dose(dose_node)
    return dose_gy.copy(), grid


def view_dose(dose_node: slicer.vtkMRMLScalarVolumeNode) -> tuple[AnyArray, Grid]:
    """Return the dose itself, read-only, until something else is written into the node; else as :func:`read_dose`."""
    require_node(dose_node, "vtkMRMLScalarVolumeNode", "dose")
    if not dose_node.GetAttribute(DOSE_VOLUME):
        raise DoseError(f"Volume {dose_node.GetName()!r} is not marked as a dose: compute the dose, or choose another.")
    return view_image(dose_node, "dose")


def show_dose_for(dose_node: slicer.vtkMRMLScalarVolumeNode, prescription_gy: float) -> None:
    """Set a dose's window, lower threshold and isodose levels by the prescription in Gy."""
    display = dose_node.GetDisplayNode()
    with modify(display):
        display.AutoWindowLevelOff()
        display.SetWindowLevelMinMax(
            prescription_gy * SHOWN_FROM_PERCENT / 100, prescription_gy * SHOWN_TO_PERCENT / 100
        )
        display.AutoThresholdOff()
        display.ApplyThresholdOn()
        display.SetLowerThreshold(prescription_gy * SHOWN_FROM_PERCENT / 100)
    write_isodose_levels(dose_node, prescription_gy)


def _check_dose(dose_gy: AnyArray, grid: Grid) -> None:
    if dose_gy.shape != grid.shape_kji:
        raise GeometryError(f"The dose has shape {dose_gy.shape}, its grid {grid.shape_kji}: they must agree.")
    lowest = float(dose_gy.min())  # NaN where any voxel is
    if not (lowest >= 0 and np.isfinite(dose_gy.max())):
        raise DoseError(f"The dose holds NaN, infinite or negative values (lowest {lowest:g} Gy): it is not written.")


def _create_dose_node(scene: slicer.vtkMRMLScene, name: str) -> slicer.vtkMRMLNode:
    node = add_node(scene, "vtkMRMLScalarVolumeNode", name)
    node.SetAttribute(DOSE_VOLUME, "1")
    node.SetVoxelValueQuantity(coded_entry("128513", "DCM", "Absorbed Dose"))
    node.SetVoxelValueUnits(coded_entry("Gy", "UCUM", "Gy"))
    node.CreateDefaultDisplayNodes()
    node.GetDisplayNode().SetAndObserveColorNodeID(_dose_colours(scene).GetID())
    place_dose(node, root_folder(scene))
    return node


def coded_entry(value: str, scheme: str, meaning: str) -> slicer.vtkCodedEntry:
    """Return a code for a volume's quantity or unit."""
    entry = slicer.vtkCodedEntry()
    entry.SetValueSchemeMeaning(value, scheme, meaning)
    return entry


def _dose_colours(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLNode:
    """Return the colour table of doses, blue to red; one a scene."""
    existing = scene.GetFirstNodeByName(DOSE_COLOURS)
    if existing is not None:
        return existing
    table = slicer.vtkMRMLColorTableNode()
    table.SetTypeToUser()
    table.SetName(DOSE_COLOURS)
    table.SetHideFromEditors(False)
    table.SetNumberOfColors(COLOUR_STEPS)
    for index in range(COLOUR_STEPS):
        share = index / (COLOUR_STEPS - 1)
        table.SetColor(index, f"{share:.0%}", *hsv_to_rgb((1 - share) * 2 / 3, 1.0, 1.0), 1.0)
    return scene.AddNode(table)
