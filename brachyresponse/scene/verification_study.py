"""How robust the dose of an implant is, and two scans of one implant side by side."""

from __future__ import annotations

import slicer

from brachyresponse.planning import Table
from brachyresponse.progress import Report
from brachyresponse.scene.tables import write_table
from brachyresponse.scene.verification_parts import VerificationRole, own_node
from brachyresponse.verification import (
    Robustness,
    SeedUncertainty,
    Verification,
    compare_scans,
    robustness_of,
)

ROBUSTNESS_COLUMNS = ("structure", "metric", "as found", "low", "median", "high", "unit", "stamp", "note")


def estimate_robustness(verification: Verification, uncertainty: SeedUncertainty, report: Report) -> Robustness:
    """Return the interval of D90 and V100 of the judged target; nothing is written.

    Raises
    ------
    VerificationError
        There is no such target, or a number of the uncertainty cannot be used.
    Cancelled
        By the report.
    """
    return robustness_of(verification, uncertainty=uncertainty, report=report)


def write_robustness(verification_node: slicer.vtkMRMLScriptedModuleNode, found: Robustness) -> slicer.vtkMRMLTableNode:
    """Write intervals as a table, what was assumed as its last row, and return the node."""
    rows = [
        (
            found.structure,
            interval.label,
            *(f"{value:.1f}" for value in (interval.as_found, interval.low, interval.median, interval.high)),
            interval.unit,
            found.stamp,
            "",
        )
        for interval in (found.d90, found.v100)
    ]
    rows.append((found.structure, "note", "", "", "", "", "", "", found.sentence))
    node = own_node(verification_node, VerificationRole.ROBUSTNESS, "vtkMRMLTableNode", "robustness")
    return write_table(Table("Robustness", ROBUSTNESS_COLUMNS, tuple(rows)), node)


def write_scans(
    verification_node: slicer.vtkMRMLScriptedModuleNode, first: Verification, second: Verification
) -> slicer.vtkMRMLTableNode:
    """Write two scans of one implant side by side as a table, warnings as its last rows, and return the node.

    Raises
    ------
    VerificationError
        They are of different patients, plans or implants, a scan has no date, or the second is not later.
    """
    comparison = compare_scans(first, second)
    table = comparison.table
    shown = tuple(tuple(_shown(cell) for cell in row) for row in table.rows)
    empty = ("",) * (len(table.columns) - 3)
    warnings = tuple(("scans", "warning", sentence, *empty) for sentence in comparison.warnings)
    node = own_node(verification_node, VerificationRole.COMPARISON, "vtkMRMLTableNode", "scans side by side")
    return write_table(Table(table.title, table.columns, shown + warnings), node)


def _shown(cell: str | int | float) -> str:
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)
