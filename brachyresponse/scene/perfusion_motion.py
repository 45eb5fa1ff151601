"""Motion of the head in a study's series: taken out on request, the corrected series kept beside the one scanned."""

from __future__ import annotations

import json

import numpy as np
import slicer

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion import DynamicSeries
from brachyresponse.perfusion.motion import MotionCorrection, correct_motion
from brachyresponse.progress import Report
from brachyresponse.scene.nodes import batch, get_attribute, modify, set_attribute
from brachyresponse.scene.perfusion_parts import (
    PerfusionRole,
    own_perfusion_node,
    perfusion_part,
    perfusion_parts,
    require_kept,
    set_perfusion_part,
    set_perfusion_parts,
)
from brachyresponse.scene.perfusion_plots import add_chart, add_series, fill_columns
from brachyresponse.scene.perfusion_sequences import fill_sequence
from brachyresponse.scene.perfusion_studies import read_study_series
from brachyresponse.scene.tables import column_of, read_table

TIME = "time (s)"
REFERENCE, WARNINGS = "ReferenceFrame", "Warnings"
COLUMNS = {
    "to the right (mm)": (0.80, 0.15, 0.20),
    "to the front (mm)": (0.25, 0.60, 0.33),
    "upwards (mm)": (0.19, 0.45, 0.77),
    "about right-left (degrees)": (0.93, 0.60, 0.60),
    "about front-back (degrees)": (0.60, 0.80, 0.60),
    "about the long axis (degrees)": (0.60, 0.70, 0.90),
}


def correct_study_motion(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, report: Report
) -> tuple[slicer.vtkMRMLPlotChartNode, MotionCorrection]:
    """Take the motion out of the series as it was scanned, use the result from now on, and return its chart.

    Raises
    ------
    SceneError, PerfusionError, RegistrationError
        The series cannot be read or registered, or the study was deleted meanwhile.
    Cancelled
        By the report; then everything is as it was.
    """
    name = perfusion_node.GetName()
    found = correct_motion(read_study_series(perfusion_node, as_scanned=True), report=report)
    require_kept(perfusion_node, name, "motion was corrected")
    with batch(perfusion_node.GetScene()):
        node = own_perfusion_node(
            perfusion_node, PerfusionRole.CORRECTED, "vtkMRMLSequenceNode", "series without motion"
        )
        fill_sequence(node, found.series)
        return _write_chart(perfusion_node, found), found


def read_motion(perfusion_node: slicer.vtkMRMLScriptedModuleNode, series: DynamicSeries) -> MotionCorrection | None:
    """Return the motion that was taken out of a study's series, or None where it is used as it was scanned.

    Parameters
    ----------
    series
        The corrected one.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study, or the table of the motion was damaged.
    """
    table = perfusion_part(perfusion_node, PerfusionRole.MOTION_TABLE)
    if table is None or not is_motion_corrected(perfusion_node):
        return None
    found = read_table(table)
    motion = np.array([column_of(found, heading) for heading in COLUMNS], float).T
    if motion.shape != (series.frame_count, len(COLUMNS)):
        raise PerfusionError(f"The table {table.GetName()!r} is not of series {series.name!r}: correct motion again.")
    reference, warnings = (
        get_attribute(table, name, default) for name, default in ((REFERENCE, "0"), (WARNINGS, "[]"))
    )
    return MotionCorrection(series, motion[:, :3], motion[:, 3:], int(reference), tuple(json.loads(warnings)))


def discard_motion_correction(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Use the series as it was scanned again; the corrected one and its chart are removed."""
    with batch(perfusion_node.GetScene()):
        for role in (PerfusionRole.CORRECTED, PerfusionRole.MOTION_CHART, PerfusionRole.MOTION_TABLE):
            set_perfusion_part(perfusion_node, role, None)
        set_perfusion_parts(perfusion_node, PerfusionRole.MOTION_SERIES, [])


def is_motion_corrected(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Tell whether a corrected series is used."""
    return perfusion_part(perfusion_node, PerfusionRole.CORRECTED) is not None


def _write_chart(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, found: MotionCorrection
) -> slicer.vtkMRMLPlotChartNode:
    motion = np.hstack([found.translations_mm, found.rotations_deg])
    table = own_perfusion_node(perfusion_node, PerfusionRole.MOTION_TABLE, "vtkMRMLTableNode", "motion")
    columns = {TIME: found.series.time_s} | dict(zip(COLUMNS, motion.T, strict=True))
    fill_columns(table, columns, {TIME: "s"})
    set_attribute(table, REFERENCE, str(found.reference_frame))
    set_attribute(table, WARNINGS, json.dumps(found.warnings))
    if not perfusion_parts(perfusion_node, PerfusionRole.MOTION_SERIES):
        _add_lines(perfusion_node, table)
    title = f"Motion of the head, {perfusion_node.GetName()}"
    chart = add_chart(perfusion_node, PerfusionRole.MOTION_CHART, "motion chart", title)
    with modify(chart):
        chart.SetXAxisTitle("Time (s)")
        chart.SetYAxisTitle("Translation (mm), rotation (degrees)")
        chart.RemoveAllPlotSeriesNodeIDs()
        for line in perfusion_parts(perfusion_node, PerfusionRole.MOTION_SERIES):
            chart.AddAndObservePlotSeriesNodeID(line.GetID())
    return chart


def _add_lines(perfusion_node: slicer.vtkMRMLScriptedModuleNode, table: slicer.vtkMRMLTableNode) -> None:
    lines = []
    for column, colour in COLUMNS.items():
        line = add_series(table, f"{column} ({perfusion_node.GetName()})", TIME, column)
        line.SetColor(*colour)
        line.SetLineStyle(line.LineStyleDash if "degrees" in column else line.LineStyleSolid)
        lines.append(line)
    set_perfusion_parts(perfusion_node, PerfusionRole.MOTION_SERIES, lines)
