"""Dose-volume histograms in the scene: a table a structure, a curve for each, one chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import numpy_to_vtk

from brachyresponse.dose import Dvh
from brachyresponse.scene.nodes import attribute_name, batch, get_attribute, modify, set_attribute
from brachyresponse.scene.plan_parts import (
    PlanRole,
    need_plan_part,
    plan_part,
    plan_parts,
    set_plan_part,
    set_plan_parts,
)
from brachyresponse.scene.slicerrt import HISTOGRAM
from brachyresponse.types import AnyArray

DOSE, VOLUME = "Dose", "Volume"  # SlicerRT's names of the columns, never translated
STRUCTURE = "Structure"
PRESCRIPTION_LINE = "Prescription"
SHOWN_TO_PERCENT = 300.0
LINE_WIDTH, PRESCRIPTION_COLOUR = 2.0, (0.5, 0.5, 0.5)
LEGEND_POINTS = 10
"""Slicer's own 16 cover the curves where D90 is read."""


@dataclass(frozen=True)
class DvhLook:
    """What a curve is tied to besides its numbers.

    Parameters
    ----------
    colour
        Of the structure, 0 to 1 each.
    segment_id
        Of the structure's segment; empty for a structure that is none.
    """

    colour: tuple[float, float, float]
    segment_id: str = ""


def write_dvhs(
    dvhs: Mapping[str, Dvh],
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    looks: Mapping[str, DvhLook],
    prescription_gy: float,
) -> slicer.vtkMRMLPlotChartNode:
    """Write the histograms of a plan, by structure, and return the chart; nodes of the plan are updated in place.

    The tables carry the attributes, columns and references by which SlicerRT's DVH comparison takes them.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    names = [get_attribute(node, STRUCTURE) for node in plan_parts(plan_node, PlanRole.DVH_TABLE)]
    if names != [*dvhs, PRESCRIPTION_LINE]:
        with batch(plan_node.GetScene()):
            _make_nodes(plan_node, [*dvhs, PRESCRIPTION_LINE])
    tables = plan_parts(plan_node, PlanRole.DVH_TABLE)
    series = plan_parts(plan_node, PlanRole.DVH_SERIES)
    for dvh, table_node, series_node in zip(dvhs.values(), tables, series, strict=False):
        look = looks[dvh.name]
        fill_dvh_table(table_node, dvh.dose_gy, 100 * dvh.volume_cc_above / dvh.inside_cc)
        _mark_for_slicerrt(table_node, dvh, look, plan_node)
        series_node.SetColor(*look.colour)
    fill_dvh_table(tables[-1], np.full(2, prescription_gy), np.array([0.0, 100.0]))
    series[-1].SetColor(*PRESCRIPTION_COLOUR)
    chart = need_plan_part(plan_node, PlanRole.DVH_CHART, "DVH chart")
    chart.SetXAxisRange(0.0, prescription_gy * SHOWN_TO_PERCENT / 100)
    return chart


def read_dvh_table(table_node: slicer.vtkMRMLTableNode) -> tuple[AnyArray, AnyArray]:
    """Return the doses in Gy and the volumes in percent of a histogram's table, both (N,)."""
    dose, volume = (slicer.util.arrayFromTableColumn(table_node, name) for name in (DOSE, VOLUME))
    return np.array(dose), np.array(volume)


def _make_nodes(plan_node: slicer.vtkMRMLScriptedModuleNode, names: list[str]) -> None:
    scene, plan_name = plan_node.GetScene(), plan_node.GetName()
    tables, curves = [], []
    for name in names:
        table_node = scene.AddNewNodeByClass("vtkMRMLTableNode", f"{plan_name} DVH {name}")
        set_attribute(table_node, STRUCTURE, name)
        fill_dvh_table(table_node, np.zeros(2), np.zeros(2))
        tables.append(table_node)
        curves.append(make_dvh_curve(table_node, f"{name} ({plan_name})", dashed=name == PRESCRIPTION_LINE))
    set_plan_parts(plan_node, PlanRole.DVH_TABLE, tables)
    set_plan_parts(plan_node, PlanRole.DVH_SERIES, curves)
    chart = plan_part(plan_node, PlanRole.DVH_CHART)
    if chart is None:
        chart = make_dvh_chart(scene, plan_name)
        set_plan_part(plan_node, PlanRole.DVH_CHART, chart)
    with modify(chart):
        chart.RemoveAllPlotSeriesNodeIDs()
        for curve in curves:
            chart.AddAndObservePlotSeriesNodeID(curve.GetID())


def make_dvh_curve(table_node: slicer.vtkMRMLTableNode, name: str, *, dashed: bool) -> slicer.vtkMRMLPlotSeriesNode:
    """Add the curve of a histogram's table."""
    curve = table_node.GetScene().AddNewNodeByClass("vtkMRMLPlotSeriesNode", name)
    curve.SetAndObserveTableNodeID(table_node.GetID())
    curve.SetXColumnName(DOSE)
    curve.SetYColumnName(VOLUME)
    curve.SetPlotType(curve.PlotTypeScatter)
    curve.SetMarkerStyle(curve.MarkerStyleNone)
    curve.SetLineWidth(LINE_WIDTH)
    curve.SetLineStyle(curve.LineStyleDash if dashed else curve.LineStyleSolid)
    return curve


def make_dvh_chart(scene: slicer.vtkMRMLScene, owner_name: str) -> slicer.vtkMRMLPlotChartNode:
    """Add a chart for the histograms of a plan or verification, without curves."""
    chart = scene.AddNewNodeByClass("vtkMRMLPlotChartNode", f"{owner_name} DVH")
    chart.SetTitle(f"Dose-volume histogram of {owner_name}")
    chart.SetXAxisTitle("Dose (Gy)")
    chart.SetYAxisTitle("Volume (%)")
    chart.SetXAxisRangeAuto(False)
    chart.SetYAxisRangeAuto(False)
    chart.SetYAxisRange(0.0, 105.0)
    chart.SetLegendFontSize(LEGEND_POINTS)
    return chart


def fill_dvh_table(table_node: slicer.vtkMRMLTableNode, dose_gy: AnyArray, volume_percent: AnyArray) -> None:
    """Give a table a histogram: doses in Gy and volumes in percent, both (N,)."""
    table = vtk.vtkTable()
    for name, values in ((DOSE, dose_gy), (VOLUME, volume_percent)):
        column = numpy_to_vtk(np.ascontiguousarray(values, float), deep=True)
        column.SetName(name)
        table.AddColumn(column)
    with modify(table_node):
        table_node.SetAndObserveTable(table)
        table_node.SetColumnUnitLabel(DOSE, "Gy")
        table_node.SetColumnUnitLabel(VOLUME, "%")
        table_node.SetLocked(True)


def _mark_for_slicerrt(
    table_node: slicer.vtkMRMLTableNode, dvh: Dvh, look: DvhLook, plan_node: slicer.vtkMRMLScriptedModuleNode
) -> None:
    for name, value in (("DVH", "1"), ("SegmentID", look.segment_id), ("Volume (cc)", f"{dvh.volume_cc:.6g}")):
        table_node.SetAttribute(HISTOGRAM + name, value)
    table_node.SetAttribute(attribute_name("Warning"), dvh.warning or None)
    for role, part in (("doseVolumeRef", PlanRole.DOSE), ("segmentationRef", PlanRole.SEGMENTATION)):
        node = plan_part(plan_node, part)
        table_node.SetNodeReferenceID(role, node.GetID() if node is not None else None)
