"""The ADC of lesions and white matter as a chart of histograms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import slicer

from brachyresponse.diffusion.record import DiffusionRecord, PartEntry
from brachyresponse.diffusion.units import ADC_UNIT
from brachyresponse.diffusion.vocabulary import LesionPart
from brachyresponse.scene.nodes import modify
from brachyresponse.scene.perfusion_plots import LEGEND_POINTS, fill_columns
from brachyresponse.scene.response_parts import VisitPart, own_visit_node, set_visit_parts, visit_parts
from brachyresponse.scene.response_visits import day_of_visit
from brachyresponse.types import FloatArray

ADC = f"ADC ({ADC_UNIT})"
PERCENT = 100
LINE_WIDTH = 2.0
COLOURS = ((0.75, 0.31, 0.00), (0.48, 0.31, 0.64), (0.00, 0.62, 0.45), (0.84, 0.60, 0.00))
WHITE_MATTER_COLOUR = (0.34, 0.71, 0.91)


@dataclass(frozen=True, eq=False)
class Outline:
    """The outline of a histogram: percent of the valid voxels over ADC."""

    name: str
    adc: FloatArray
    percent: FloatArray
    colour: tuple[float, float, float]


def write_histogram(
    visit_node: slicer.vtkMRMLScriptedModuleNode, record: DiffusionRecord
) -> slicer.vtkMRMLPlotChartNode:
    """Write the histograms of a record as a chart, and return it; nodes that are there are updated in place."""
    outlines = list(_outlines(record))
    tables, series = _nodes(visit_node, outlines)
    for outline, table, shown in zip(outlines, tables, series, strict=True):
        fill_columns(table, {ADC: outline.adc, outline.name: outline.percent}, {ADC: ADC_UNIT, outline.name: "%"})
        _look(shown, table, outline)
    chart = own_visit_node(visit_node, VisitPart.HISTOGRAM, "vtkMRMLPlotChartNode", "ADC histogram")
    with modify(chart):
        chart.SetTitle(f"ADC of {day_of_visit(visit_node)}")
        chart.SetXAxisTitle(ADC)
        chart.SetYAxisTitle("share of the valid voxels (%)")
        chart.SetLegendFontSize(LEGEND_POINTS)
        chart.RemoveAllPlotSeriesNodeIDs()
        for each in series:
            chart.AddAndObservePlotSeriesNodeID(each.GetID())
    return chart


def _outlines(record: DiffusionRecord) -> Iterator[Outline]:
    number = 0
    for part in record.parts:
        if not part.histogram_counts or sum(part.histogram_counts) == 0:
            continue
        if part.part is LesionPart.REFERENCE:
            yield _outline(part, part.label, WHITE_MATTER_COLOUR)
        else:
            yield _outline(part, f"{part.lesion}, {part.label}", COLOURS[number % len(COLOURS)])
            number += 1


def _outline(part: PartEntry, name: str, colour: tuple[float, float, float]) -> Outline:
    """Steps from edge to edge of the bins that hold voxels, with one empty bin at each end."""
    edges, counts = np.asarray(part.histogram_edges, float), np.asarray(part.histogram_counts, float)
    filled = np.flatnonzero(counts)
    first, last = max(int(filled[0]) - 1, 0), min(int(filled[-1]) + 1, len(counts) - 1)
    adc = np.repeat(edges[first : last + 2], 2)[1:-1]
    return Outline(name, adc, np.repeat(PERCENT * counts[first : last + 1] / counts.sum(), 2), colour)


def _nodes(
    visit_node: slicer.vtkMRMLScriptedModuleNode, outlines: list[Outline]
) -> tuple[list[slicer.vtkMRMLTableNode], list[slicer.vtkMRMLPlotSeriesNode]]:
    """The tables and series of the outlines, those of before where there are as many."""
    roles = (VisitPart.HISTOGRAM_TABLE, VisitPart.HISTOGRAM_SERIES)
    tables, series = (visit_parts(visit_node, role) for role in roles)
    if len(tables) == len(series) == len(outlines):
        return tables, series
    scene, owner = visit_node.GetScene(), visit_node.GetName()
    tables = [scene.AddNewNodeByClass("vtkMRMLTableNode", f"{owner} ADC of {each.name}") for each in outlines]
    series = [scene.AddNewNodeByClass("vtkMRMLPlotSeriesNode", each.name) for each in outlines]
    for role, nodes in zip(roles, (tables, series), strict=True):
        set_visit_parts(visit_node, role, nodes)
    return tables, series


def _look(series: slicer.vtkMRMLPlotSeriesNode, table: slicer.vtkMRMLTableNode, outline: Outline) -> None:
    with modify(series):
        series.SetName(outline.name)
        series.SetAndObserveTableNodeID(table.GetID())
        series.SetXColumnName(ADC)
        series.SetYColumnName(outline.name)
        series.SetPlotType(series.PlotTypeScatter)
        series.SetMarkerStyle(series.MarkerStyleNone)
        series.SetColor(*outline.colour)
        series.SetLineWidth(LINE_WIDTH)
