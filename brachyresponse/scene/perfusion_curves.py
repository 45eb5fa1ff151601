"""The curves of a study in one chart: arterial input, lesions, white matter and the crosshair, each with its fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import slicer
from vtk.util.numpy_support import vtk_to_numpy

from brachyresponse.perfusion.study import CurveRole, StudyCurve
from brachyresponse.scene.nodes import add_node, get_attribute, modify, set_attribute
from brachyresponse.scene.perfusion_parts import (
    PerfusionRole,
    need_perfusion_part,
    perfusion_part,
    perfusion_parts,
    set_perfusion_parts,
)
from brachyresponse.scene.perfusion_plots import add_chart, add_series, fill_columns
from brachyresponse.types import AnyArray, FloatArray

TIME, MEASURED, FITTED = "time (s)", "measured", "fit"
CURVE, ROLE = "Curve", "CurveRole"
CROSSHAIR = "Crosshair"
DIVIDED = " / "
TITLES = {"": "Signal", "mmol/L": "Concentration (mmol/L)", "1/s": "Change of R2* (1/s)"}
AIF_COLOUR, WHITE_MATTER_COLOUR, PLACE_COLOUR = (0.80, 0.15, 0.20), (0.45, 0.50, 0.58), (0.10, 0.10, 0.10)
LESION_COLOURS = ((0.93, 0.55, 0.10), (0.19, 0.45, 0.77), (0.25, 0.60, 0.33), (0.55, 0.35, 0.70))
SHARE_OF_CURVES, SHARE_BELOW = 0.7, 0.05
"""Of the height of the chart; the rest is the legend's. And what is left free below the curves, of their height."""
DIVISORS = (1, 2, 5, 10, 20, 50, 100, 200)
"""By one of these the arterial curve is divided, so that it fits beside those of tissue."""


def write_curves(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, curves: Sequence[StudyCurve]
) -> slicer.vtkMRMLPlotChartNode:
    """Write the curves of a study and return the chart; nodes of curves that stay are updated in place."""
    tables, series = {}, []
    divisor = _divisor(curves)
    colours = _colours(curves)
    for curve, colour in zip(curves, colours, strict=True):
        name = f"{curve.name}{DIVIDED}{divisor}" if curve.role is CurveRole.AIF and divisor > 1 else curve.name
        table = _table_of(perfusion_node, name, curve.role)
        _fill(table, curve, divisor if curve.role is CurveRole.AIF else 1)
        tables[name] = table
        series += _series_of(perfusion_node, table, curve, name, colour)
    set_perfusion_parts(perfusion_node, PerfusionRole.CURVE_TABLE, list(tables.values()))
    set_perfusion_parts(perfusion_node, PerfusionRole.CURVE_SERIES, series)
    return _chart(perfusion_node, curves[0].unit if curves else "")


def write_place(perfusion_node: slicer.vtkMRMLScriptedModuleNode, curve: StudyCurve) -> None:
    """Write the curve at the crosshair into the chart, beside the others; the one before is replaced."""
    tables = perfusion_parts(perfusion_node, PerfusionRole.CURVE_TABLE)
    series = perfusion_parts(perfusion_node, PerfusionRole.CURVE_SERIES)
    is_new = not any(get_attribute(table, ROLE) == CurveRole.PLACE for table in tables)
    table = _table_of(perfusion_node, CROSSHAIR, CurveRole.PLACE)
    had_fit = not is_new and table.GetTable().GetColumnByName(FITTED) is not None
    _fill(table, curve, 1)
    if not is_new and had_fit == (curve.fitted is not None):
        _leave_room(need_perfusion_part(perfusion_node, PerfusionRole.CURVE_CHART, "chart of curves"), tables)
        return
    others = [node for node in series if node.GetNodeReferenceID("tableNodeRef") != table.GetID()]
    ours = _series_of(perfusion_node, table, curve, CROSSHAIR, PLACE_COLOUR)
    if is_new:
        set_perfusion_parts(perfusion_node, PerfusionRole.CURVE_TABLE, [*tables, table])
    set_perfusion_parts(perfusion_node, PerfusionRole.CURVE_SERIES, [*others, *ours])
    _chart(perfusion_node, curve.unit)


def read_aif_values(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> FloatArray | None:
    """Return the arterial input of the last run, (T,) in the unit of the curves, or None where there is none."""
    for table in perfusion_parts(perfusion_node, PerfusionRole.CURVE_TABLE):
        column = table.GetTable().GetColumnByName(MEASURED)
        if get_attribute(table, ROLE) == CurveRole.AIF and column is not None:
            divisor = int(get_attribute(table, CURVE).partition(DIVIDED)[2] or 1)
            return np.array(vtk_to_numpy(column), float) * divisor
    return None


def _divisor(curves: Sequence[StudyCurve]) -> int:
    arterial = [_peak(curve.values) for curve in curves if curve.role is CurveRole.AIF]
    tissue = [_peak(curve.values) for curve in curves if curve.role is not CurveRole.AIF]
    if not arterial or not tissue or not max(tissue) > 0:
        return 1
    return next((each for each in DIVISORS if arterial[0] / each <= max(tissue)), DIVISORS[-1])


def _peak(values: AnyArray) -> float:
    known = values[np.isfinite(values)]
    return float(known.max()) if known.size else 0.0


def _colours(curves: Sequence[StudyCurve]) -> list[tuple[float, float, float]]:
    found, lesions = [], 0
    for curve in curves:
        if curve.role is CurveRole.LESION:
            found.append(LESION_COLOURS[lesions % len(LESION_COLOURS)])
            lesions += 1
        else:
            found.append(AIF_COLOUR if curve.role is CurveRole.AIF else WHITE_MATTER_COLOUR)
    return found


def _table_of(perfusion_node: slicer.vtkMRMLScriptedModuleNode, name: str, role: CurveRole) -> slicer.vtkMRMLTableNode:
    """Return the table of a curve of a study, made when absent."""
    for table in perfusion_parts(perfusion_node, PerfusionRole.CURVE_TABLE):
        if (get_attribute(table, CURVE), get_attribute(table, ROLE)) == (name, role):
            return table
    table = add_node(perfusion_node.GetScene(), "vtkMRMLTableNode", f"{perfusion_node.GetName()} curve {name}")
    set_attribute(table, CURVE, name)
    set_attribute(table, ROLE, role)
    return table


def _fill(table: slicer.vtkMRMLTableNode, curve: StudyCurve, divisor: float) -> None:
    """Give a table the times that have a value; a table holds no NaN."""
    known = np.isfinite(curve.values)
    if curve.fitted is not None:
        known &= np.isfinite(curve.fitted)
    columns = {TIME: curve.time_s[known], MEASURED: curve.values[known] / divisor}
    if curve.fitted is not None:
        columns[FITTED] = curve.fitted[known] / divisor
    fill_columns(table, columns, {TIME: "s", MEASURED: curve.unit, FITTED: curve.unit})


def _series_of(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode,
    table: slicer.vtkMRMLTableNode,
    curve: StudyCurve,
    name: str,
    colour: tuple[float, float, float],
) -> list[slicer.vtkMRMLPlotSeriesNode]:
    """Return the measured curve of a table, as points where a fitted line goes with it, and that line."""
    owner = perfusion_node.GetName()
    known = [
        node
        for node in perfusion_parts(perfusion_node, PerfusionRole.CURVE_SERIES)
        if node.GetNodeReferenceID("tableNodeRef") == table.GetID()
    ]
    wanted = {MEASURED: f"{name} ({owner})"} | ({FITTED: f"{name}, fit ({owner})"} if curve.fitted is not None else {})
    found = []
    for column, title in wanted.items():
        node = next((each for each in known if each.GetYColumnName() == column), None)
        node = node or add_series(table, title, TIME, column)
        points = column == MEASURED and curve.fitted is not None
        with modify(node):
            node.SetColor(*colour)
            node.SetLineStyle(node.LineStyleNone if points else node.LineStyleSolid)
            node.SetMarkerStyle(node.MarkerStyleCircle if points else node.MarkerStyleNone)
        found.append(node)
    return found


def _chart(perfusion_node: slicer.vtkMRMLScriptedModuleNode, unit: str) -> slicer.vtkMRMLPlotChartNode:
    chart = perfusion_part(perfusion_node, PerfusionRole.CURVE_CHART)
    if chart is None:
        title = f"Curves and fits, {perfusion_node.GetName()}"
        chart = add_chart(perfusion_node, PerfusionRole.CURVE_CHART, "curves", title)
        chart.SetXAxisTitle("Time (s)")
    with modify(chart):
        chart.SetYAxisTitle(TITLES.get(unit, unit))
        chart.RemoveAllPlotSeriesNodeIDs()
        for node in perfusion_parts(perfusion_node, PerfusionRole.CURVE_SERIES):
            chart.AddAndObservePlotSeriesNodeID(node.GetID())
        _leave_room(chart, perfusion_parts(perfusion_node, PerfusionRole.CURVE_TABLE))
    return chart


def _leave_room(chart: slicer.vtkMRMLPlotChartNode, tables: Sequence[slicer.vtkMRMLTableNode]) -> None:
    """Give a chart a range of values that leaves its upper part to the legend, which would hide the curves' ends."""
    columns = [table.GetTable().GetColumnByName(name) for table in tables for name in (MEASURED, FITTED)]
    ranges = [column.GetRange() for column in columns if column is not None and column.GetNumberOfTuples()]
    low, high = min((each[0] for each in ranges), default=0.0), max((each[1] for each in ranges), default=0.0)
    height = high - low
    chart.SetYAxisRangeAuto(not height > 0)
    if height > 0:
        chart.SetYAxisRange(low - SHARE_BELOW * height, low + height / SHARE_OF_CURVES)
