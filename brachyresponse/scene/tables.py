"""Tables of the library as table nodes, typed and with units, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence

import slicer
import vtk

from brachyresponse.planning import Table
from brachyresponse.scene.nodes import SceneError, modify, require_node

Cell = str | int | float
HEADING = re.compile(r"(?P<name>.*?)\s*\((?P<unit>[^()]{1,12})\)")


def write_table(
    table: Table, table_node: slicer.vtkMRMLTableNode, *, editable: Sequence[str] = ()
) -> slicer.vtkMRMLTableNode:
    """Write a table of the library into a node, in place, and return the node.

    A column of whole numbers, of numbers and of text becomes one; the unit in a heading, ``depth (mm)``, also becomes
    the column's unit label.

    Parameters
    ----------
    editable
        Columns that the user may change; without any the table is locked.

    Raises
    ------
    SceneError
        There is no such node.
    """
    require_node(table_node, "vtkMRMLTableNode", "table")
    filled = vtk.vtkTable()
    for index, heading in enumerate(table.columns):
        filled.AddColumn(_column(heading, [row[index] for row in table.rows]))
    with modify(table_node):
        table_node.SetAndObserveTable(filled)
        table_node.SetLocked(not editable)
        for heading in table.columns:
            if match := HEADING.fullmatch(heading):
                table_node.SetColumnUnitLabel(heading, match["unit"])
    return table_node


def read_table(table_node: slicer.vtkMRMLTableNode) -> Table:
    """Return the content of a table node.

    Raises
    ------
    SceneError
        There is no such node.
    """
    require_node(table_node, "vtkMRMLTableNode", "table")
    table = table_node.GetTable()
    columns = [table.GetColumn(index) for index in range(table.GetNumberOfColumns())]
    values = [[_cell(column, row) for row in range(table.GetNumberOfRows())] for column in columns]
    headings = tuple(column.GetName() for column in columns)
    return Table(table_node.GetName(), headings, tuple(zip(*values, strict=True)))


def column_of(table: Table, heading: str) -> tuple[Cell, ...]:
    """Return a column of a table that was read from a node.

    Raises
    ------
    SceneError
        The table has no such column.
    """
    if heading not in table.columns:
        raise SceneError(
            f"Table {table.title!r} has no column {heading!r} (columns: {', '.join(table.columns) or 'none'}): "
            "it is not of this kind, or was damaged; make it anew."
        )
    index = table.columns.index(heading)
    return tuple(row[index] for row in table.rows)


def _column(heading: str, values: Sequence[Cell]) -> vtk.vtkAbstractArray:
    if all(isinstance(value, int) for value in values) and values:
        column: vtk.vtkAbstractArray = vtk.vtkIntArray()
    elif all(isinstance(value, (int, float)) for value in values):
        column = vtk.vtkDoubleArray()
    else:
        column, values = vtk.vtkStringArray(), [_text(value) for value in values]
    column.SetName(heading)
    for value in values:
        column.InsertNextValue(value)
    return column


def _cell(column: vtk.vtkAbstractArray, row: int) -> Cell:
    value = column.GetVariantValue(row)
    if value.IsString():
        return str(value.ToString())
    return int(value.ToInt()) if value.IsInt() else float(value.ToDouble())


def _text(value: Cell) -> str:
    """Text that Slicer's table file can hold: line breaks, tabs and double quotes would shift its cells."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return " ".join(text.split()).replace('"', "'")
