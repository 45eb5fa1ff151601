"""The sensitivity of the answer to the prior and to the weight of later markers, as a chart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import slicer

from brachyresponse.response.evidence import Verdict
from brachyresponse.response.evidence.weighing import Evidence, sensitivity
from brachyresponse.scene.evidence_parts import (
    EvidenceRole,
    evidence_part,
    evidence_parts,
    own_evidence_node,
    set_evidence_part,
    set_evidence_parts,
)
from brachyresponse.scene.nodes import modify
from brachyresponse.scene.perfusion_plots import LEGEND_POINTS, fill_columns
from brachyresponse.types import FloatArray

TITLE = "Recurrence by prior and weight w of later markers"
PRIOR, EVEN, RANGE = "prior", "50 %", "prior's range"
PERCENT = 100
SHOWN_WEIGHTS = (0.0, 0.5, 1.0)
LINE_WIDTH, THIN = 2.5, 1.0
COLOURS = ((0.00, 0.45, 0.70), (0.11, 0.15, 0.20), (0.75, 0.31, 0.00))
GREY = (0.48, 0.53, 0.60)


@dataclass(frozen=True, eq=False)
class Line:
    """A line of the chart: probabilities in percent over priors in percent."""

    name: str
    prior_percent: FloatArray
    probability_percent: FloatArray
    colour: tuple[float, float, float]
    width: float = LINE_WIDTH


def write_sensitivity(
    evidence_node: slicer.vtkMRMLScriptedModuleNode, evidence: Evidence
) -> slicer.vtkMRMLPlotChartNode | None:
    """Write the chart and return it; where nothing can be weighed there is none, and one of before is removed."""
    if evidence.verdict is Verdict.NOT_EVALUABLE:
        for role in (EvidenceRole.CHART, EvidenceRole.CHART_SERIES, EvidenceRole.CHART_TABLE):
            set_evidence_part(evidence_node, role, None)
        return None
    lines = list(_lines(evidence))
    tables, series = _nodes(evidence_node, lines)
    for line, table, shown in zip(lines, tables, series, strict=True):
        columns = {PRIOR: line.prior_percent, line.name: line.probability_percent}
        fill_columns(table, columns, {PRIOR: "%", line.name: "%"})
        _look(shown, table, line)
    return _chart(evidence_node, evidence, series)


def sensitivity_chart(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLPlotChartNode | None:
    """Return the chart, or None before the evidence was weighed and where nothing could be."""
    return evidence_part(evidence_node, EvidenceRole.CHART)


def _lines(evidence: Evidence) -> Iterator[Line]:
    grid = sensitivity(evidence)
    priors, weights = np.asarray(grid.priors, float), np.asarray(grid.weights, float)
    percent = PERCENT * np.asarray(grid.probability, float)
    for weight, colour in zip(SHOWN_WEIGHTS, COLOURS, strict=True):
        column = int(np.argmin(np.abs(weights - weight)))
        yield Line(f"w {weights[column]:g}", PERCENT * priors, percent[:, column], colour)
    ends = PERCENT * priors[[0, -1]]
    yield Line(EVEN, ends, np.array([50.0, 50.0]), GREY, THIN)
    low, high = PERCENT * evidence.prior.low, PERCENT * evidence.prior.high
    yield Line(RANGE, np.array([low, low, high, high]), np.array([0.0, 100.0, 100.0, 0.0]), GREY, THIN)


def _nodes(
    evidence_node: slicer.vtkMRMLScriptedModuleNode, lines: list[Line]
) -> tuple[list[slicer.vtkMRMLTableNode], list[slicer.vtkMRMLPlotSeriesNode]]:
    """The tables and series of the lines, those of before where there are as many."""
    roles = (EvidenceRole.CHART_TABLE, EvidenceRole.CHART_SERIES)
    tables, series = (evidence_parts(evidence_node, role) for role in roles)
    if len(tables) == len(series) == len(lines):
        return tables, series
    scene, owner = evidence_node.GetScene(), evidence_node.GetName()
    tables = [scene.AddNewNodeByClass("vtkMRMLTableNode", f"{owner} sensitivity {line.name}") for line in lines]
    series = [scene.AddNewNodeByClass("vtkMRMLPlotSeriesNode", line.name) for line in lines]
    for role, nodes in zip(roles, (tables, series), strict=True):
        set_evidence_parts(evidence_node, role, nodes)
    return tables, series


def _look(series: slicer.vtkMRMLPlotSeriesNode, table: slicer.vtkMRMLTableNode, line: Line) -> None:
    with modify(series):
        series.SetName(line.name)
        series.SetAndObserveTableNodeID(table.GetID())
        series.SetXColumnName(PRIOR)
        series.SetYColumnName(line.name)
        series.SetPlotType(series.PlotTypeScatter)
        series.SetMarkerStyle(series.MarkerStyleNone)
        series.SetColor(*line.colour)
        series.SetLineWidth(line.width)
        series.SetLineStyle(series.LineStyleSolid if line.width == LINE_WIDTH else series.LineStyleDash)


def _chart(
    evidence_node: slicer.vtkMRMLScriptedModuleNode, evidence: Evidence, series: list[slicer.vtkMRMLPlotSeriesNode]
) -> slicer.vtkMRMLPlotChartNode:
    chart = own_evidence_node(evidence_node, EvidenceRole.CHART, "vtkMRMLPlotChartNode", "sensitivity")
    with modify(chart):
        chart.SetTitle(TITLE)
        chart.SetXAxisTitle("prior probability of recurrence (%)")
        chart.SetYAxisTitle("probability of recurrence (%)")
        chart.SetLegendFontSize(LEGEND_POINTS)
        chart.SetXAxisRangeAuto(False)
        chart.SetXAxisRange(0.0, 100.0)
        chart.SetYAxisRangeAuto(False)
        chart.SetYAxisRange(0.0, 100.0)
        chart.RemoveAllPlotSeriesNodeIDs()
        for each in series:
            chart.AddAndObservePlotSeriesNodeID(each.GetID())
    return chart
