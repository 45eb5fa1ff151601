"""Positions and axes of the seeds as last written, in a table that goes with the seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import numpy_to_vtk, vtk_to_numpy

from brachyresponse.scene.nodes import modify, nodes_of_class
from brachyresponse.scene.seed_axes import SeedFrames

AS_WRITTEN_ROLE = "seedsAsWrittenRef"
POINT_ID = "control_point"
NUMBERS = ("r_mm", "a_mm", "s_mm", "axis_r", "axis_a", "axis_s")


@dataclass(frozen=True)
class AsWritten:
    """Frames of N seeds, and the IDs of their control points, which stay the same when points are reordered."""

    point_ids: tuple[str, ...]
    frames: SeedFrames


def read_as_written(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> AsWritten:
    """Return what was last written into a node of seeds; without seeds when it never was, or the table is damaged."""
    table_node = seeds_node.GetNodeReference(AS_WRITTEN_ROLE)
    table = table_node.GetTable() if table_node is not None else vtk.vtkTable()
    ids = table.GetColumnByName(POINT_ID)
    columns = [table.GetColumnByName(name) for name in NUMBERS]
    if ids is None or any(column is None for column in columns):
        return AsWritten((), SeedFrames(np.empty((0, 3)), np.empty((0, 3))))
    numbers = np.column_stack([vtk_to_numpy(column) for column in columns])
    point_ids = tuple(ids.GetValue(row) for row in range(ids.GetNumberOfValues()))
    return AsWritten(point_ids, SeedFrames(numbers[:, :3], numbers[:, 3:]))


def write_as_written(seeds_node: slicer.vtkMRMLMarkupsFiducialNode, point_ids: list[str], frames: SeedFrames) -> None:
    """Keep what was just written into a node of seeds, in the node's own coordinates."""
    table = vtk.vtkTable()
    ids = vtk.vtkStringArray()
    ids.SetName(POINT_ID)
    for point_id in point_ids:
        ids.InsertNextValue(point_id)
    table.AddColumn(ids)
    for name, values in zip(NUMBERS, np.column_stack([frames.positions_mm, frames.axes]).T, strict=True):
        column = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
        column.SetName(name)
        table.AddColumn(column)
    table_node = _own_table(seeds_node)
    with modify(table_node):
        table_node.SetAndObserveTable(table)


def _own_table(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> slicer.vtkMRMLTableNode:
    """Return the table of a node; a cloned node, which refers to the table of its original, gets its own."""
    scene, table_node = seeds_node.GetScene(), seeds_node.GetNodeReference(AS_WRITTEN_ROLE)
    if table_node is not None and not any(
        other is not seeds_node and other.GetNodeReference(AS_WRITTEN_ROLE) is table_node
        for other in nodes_of_class(scene, "vtkMRMLMarkupsFiducialNode")
    ):
        return table_node
    table_node = slicer.vtkMRMLTableNode()
    table_node.SetName(f"{seeds_node.GetName()} as written")
    table_node.SetHideFromEditors(True)
    table_node = scene.AddNode(table_node)
    seeds_node.SetNodeReferenceID(AS_WRITTEN_ROLE, table_node.GetID())
    return table_node
