"""Isodose levels as a colour table, the form in which SlicerRT's Isodose module takes them."""

from __future__ import annotations

from collections.abc import Sequence

import slicer

from brachyresponse.errors import DoseError
from brachyresponse.pictures.colours import DEFAULT_LEVELS_PERCENT, IsodoseLevel, isodose_levels
from brachyresponse.scene.nodes import get_attribute, modify, set_attribute
from brachyresponse.scene.slicerrt import LEVELS_ROLE

PRESCRIPTION = "PrescriptionGy"


def write_isodose_levels(
    dose_node: slicer.vtkMRMLScalarVolumeNode,
    prescription_gy: float,
    percents: Sequence[float] = DEFAULT_LEVELS_PERCENT,
) -> slicer.vtkMRMLColorTableNode:
    """Write isodose levels, in percent of the prescription, into the colour table of a dose, and return it.

    The names of its colours are the levels in Gy, lowest first.

    Raises
    ------
    DoseError
        The prescription is not positive, or there are no levels, or one is not positive or given twice.
    """
    levels = _checked_levels(prescription_gy, percents)
    table = dose_node.GetNodeReference(LEVELS_ROLE) or _create_table(dose_node)
    with modify(table):
        table.SetNumberOfColors(len(levels))
        table.GetLookupTable().SetTableRange(0, len(levels) - 1)
        for index, level in enumerate(levels):
            table.SetColor(index, f"{level.dose_gy:.6g}", *rgb(level.colour), 1.0)
        set_attribute(table, PRESCRIPTION, repr(float(prescription_gy)))
    return table


def read_isodose_levels(dose_node: slicer.vtkMRMLScalarVolumeNode) -> tuple[IsodoseLevel, ...]:
    """Return the isodose levels of a dose, lowest first, with the colours that its table gives them.

    Raises
    ------
    DoseError
        The dose has no levels, or a level's name in its colour table is not a number.
    """
    table = dose_node.GetNodeReference(LEVELS_ROLE)
    if table is None or not get_attribute(table, PRESCRIPTION):
        raise DoseError(f"Dose {dose_node.GetName()!r} has no isodose levels of ours: set the prescription first.")
    prescription_gy = float(get_attribute(table, PRESCRIPTION))
    levels = [_read_level(table, index, prescription_gy) for index in range(table.GetNumberOfColors())]
    return tuple(sorted(levels, key=lambda level: level.dose_gy))


def rgb(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue, 0 to 1, of a colour written ``#rrggbb``."""
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return red, green, blue


def _checked_levels(prescription_gy: float, percents: Sequence[float]) -> list[IsodoseLevel]:
    if not prescription_gy > 0:
        raise DoseError(f"The prescription is {prescription_gy} Gy: isodose levels need a positive one.")
    if not percents or min(percents) <= 0 or len(set(percents)) < len(percents):
        raise DoseError(
            f"Isodose levels of {list(percents)} % cannot be shown: give one or more positive levels, each once."
        )
    return sorted(isodose_levels(prescription_gy, percents), key=lambda level: level.dose_gy)


def _create_table(dose_node: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkMRMLNode:
    table = slicer.vtkMRMLColorTableNode()
    table.SetTypeToUser()
    table.SetName(f"{dose_node.GetName()} isodose levels")
    table.SetHideFromEditors(False)
    table = dose_node.GetScene().AddNode(table)
    dose_node.SetNodeReferenceID(LEVELS_ROLE, table.GetID())
    return table


def _read_level(table: slicer.vtkMRMLColorTableNode, index: int, prescription_gy: float) -> IsodoseLevel:
    name = table.GetColorName(index)
    try:
        dose_gy = float(name)
    except ValueError as error:
        raise DoseError(
            f"Colour {index + 1} of {table.GetName()!r} is named {name!r}: an isodose level is named by its dose in Gy."
        ) from error
    colour = [0.0] * 4
    table.GetColor(index, colour)
    percent = round(100 * dose_gy / prescription_gy, 3)
    return IsodoseLevel(dose_gy, percent, _hexadecimal(colour), is_prescription=percent == 100)


def _hexadecimal(colour: Sequence[float]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour[:3])
