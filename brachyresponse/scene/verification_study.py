"""How robust the dose of an implant is, and two scans of one implant side by side."""

from __future__ import annotations

import slicer

from brachyresponse.planning import Table
from brachyresponse.scene.tables import write_table
from brachyresponse.scene.verification_parts import VerificationRole, own_node
from brachyresponse.verification import Robustness, ScanComparison, robustness_table


def write_robustness(verification_node: slicer.vtkMRMLScriptedModuleNode, found: Robustness) -> slicer.vtkMRMLTableNode:
    """Write intervals as a table, what was assumed as its last row, and return the node."""
    node = own_node(verification_node, VerificationRole.ROBUSTNESS, "vtkMRMLTableNode", "robustness")
    return write_table(robustness_table(found), node)


def write_scans(verification_node: slicer.vtkMRMLScriptedModuleNode, scans: ScanComparison) -> slicer.vtkMRMLTableNode:
    """Write two scans of one implant side by side as a table, warnings as its last rows, and return the node."""
    node = own_node(verification_node, VerificationRole.COMPARISON, "vtkMRMLTableNode", "scans side by side")
    return write_table(scans_table(scans), node)


def scans_table(scans: ScanComparison) -> Table:
    """Return two scans side by side, numbers as people read them, and in the last rows the warnings."""
    table = scans.table
    shown = tuple(tuple(_shown(cell) for cell in row) for row in table.rows)
    empty = ("",) * (len(table.columns) - 3)
    warnings = tuple(("scans", "warning", sentence, *empty) for sentence in scans.warnings)
    return Table(table.title, table.columns, shown + warnings)


def _shown(cell: str | int | float) -> str:
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)
