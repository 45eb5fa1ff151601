"""Writing the biological dose of a plan into its nodes: table, histograms with their chart, volumes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

import slicer

from brachyresponse.dose.biology import BiologyEvaluation, Bracket, CombinedDose
from brachyresponse.errors import DoseError
from brachyresponse.geometry import Volume
from brachyresponse.planning import Table
from brachyresponse.planning.biology_tables import ENDS, SUM_FIGURES, biological_dvh_table, regrowth_figures
from brachyresponse.planning.exports import Cell
from brachyresponse.scene.biology_beam import read_beam_settings
from brachyresponse.scene.biology_settings import structures_of, tissue_rows
from brachyresponse.scene.contents import image_contents
from brachyresponse.scene.dose_volume import coded_entry
from brachyresponse.scene.dvh import LEGEND_POINTS
from brachyresponse.scene.inverse_staleness import mark_role_current, role_state
from brachyresponse.scene.nodes import add_node, get_attribute, modify, nodes_of_class, set_attribute
from brachyresponse.scene.plan_parts import (
    PARTS,
    PlanRole,
    plan_part,
    plan_parts,
    set_plan_part,
    set_plan_parts,
)
from brachyresponse.scene.plan_staleness import stale_plan_reason
from brachyresponse.scene.results import write_plan_table
from brachyresponse.scene.segments import segment_colour, segment_ids
from brachyresponse.scene.stale import SIGNATURE, input_signature
from brachyresponse.scene.volumes import write_image

COLUMNS = ("structure", "metric", "dose", "bed low", "bed", "bed high", "eqd2 low", "eqd2", "eqd2 high", "note")
SENTENCES, SEGMENT = "Sentences", "Segment"
DECIMALS = 2
SCHEME = "99BRACHYRESPONSE"
MEANINGS = {
    PlanRole.BED: ("BED", "Biologically effective dose"),
    PlanRole.EQD2: ("EQD2", "Equivalent dose in 2 Gy fractions"),
}
CHANGED = "the dose, the tissues or the earlier beam were changed"
SHELL_COLOUR, THIN, THICK = (0.85, 0.33, 0.25), 1.0, 2.5
WASH_OPACITY = 0.5

Regrowth = tuple[str, Bracket[float], str]
"""Label, range and unit of what regrowth makes of a structure."""


def write_biology(plan_node: slicer.vtkMRMLScriptedModuleNode, found: BiologyEvaluation) -> slicer.vtkMRMLTableNode:
    """Write the biological dose of a plan: table with sentences, histograms, chart.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    regrowth = {name: tuple(regrowth_figures(dose)) for name, dose in found.doses.items()}  # takes its time: once
    rows = tuple(row for name in found.doses for row in _rows(name, found, regrowth[name]))
    table_node = write_plan_table(Table("Biological dose", COLUMNS, rows), plan_node, PlanRole.BIOLOGY)
    for column in COLUMNS[2:-1]:
        table_node.SetColumnUnitLabel(column, "Gy")
    set_attribute(table_node, SENTENCES, json.dumps(_sentences(found, regrowth)))
    _write_chart(plan_node, found)
    mark_role_current(plan_node, (PlanRole.BIOLOGY,), biology_signature(plan_node))
    return table_node


def biology_sentences(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[str, ...]:
    """Return what the last biological dose said: warnings first, then what regrowth does, then all assumptions."""
    table_node = plan_part(plan_node, PlanRole.BIOLOGY)
    return () if table_node is None else tuple(json.loads(get_attribute(table_node, SENTENCES, "[]")))


def biology_state(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return why the biological dose no longer holds, as the end of a sentence; empty while it does or is not there."""
    if plan_part(plan_node, PlanRole.BIOLOGY) is None:
        return ""
    return stale_plan_reason(plan_node) or role_state(
        plan_node, PlanRole.BIOLOGY, biology_signature(plan_node), CHANGED
    )


def biology_signature(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return a text that changes with the dose of a plan, its tissues, and its earlier beam."""
    dose_node, beam_node = plan_part(plan_node, PlanRole.DOSE), plan_part(plan_node, PlanRole.EARLIER_BEAM)
    dose = "" if dose_node is None else get_attribute(dose_node, SIGNATURE)
    beam = "" if beam_node is None else image_contents(beam_node)
    rows = [row for row in tissue_rows(plan_node) if row.tissue]
    return input_signature(dose, rows, beam, read_beam_settings(plan_node))


def write_biology_volume(
    plan_node: slicer.vtkMRMLScriptedModuleNode, volume: Volume, role: PlanRole, segment: str
) -> slicer.vtkMRMLScalarVolumeNode:
    """Write BED or EQD2 of every voxel as a volume that says what it is; one a structure, updated in place."""
    nodes = plan_parts(plan_node, role)
    node = next((each for each in nodes if get_attribute(each, SEGMENT) == segment), None)
    if node is None:
        node = add_node(plan_node.GetScene(), "vtkMRMLScalarVolumeNode", f"{plan_node.GetName()} {volume.name}")
        code, meaning = MEANINGS[role]
        node.SetVoxelValueQuantity(coded_entry(code, SCHEME, meaning))
        node.SetVoxelValueUnits(coded_entry("Gy", "UCUM", "Gy"))
        set_attribute(node, SEGMENT, segment)
        node.CreateDefaultDisplayNodes()
        set_plan_parts(plan_node, role, [*nodes, node])
    with modify(node):
        node.SetName(f"{plan_node.GetName()} {volume.name}")
        write_image(volume.values, volume.grid, node)
        _use_dose_colours(plan_node, node)
    set_attribute(node, SIGNATURE, biology_signature(plan_node))
    return node


def current_volume(
    plan_node: slicer.vtkMRMLScriptedModuleNode, role: PlanRole, segment: str
) -> slicer.vtkMRMLScalarVolumeNode | None:
    """Return the volume of BED or EQD2 of a structure while it holds, or None."""
    for node in plan_parts(plan_node, role):
        if get_attribute(node, SEGMENT) == segment and get_attribute(node, SIGNATURE) == biology_signature(plan_node):
            return node
    return None


def show_bed(plan_node: slicer.vtkMRMLScriptedModuleNode, node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
    """Lay a BED volume over the image in every slice view; None takes those of the plan away."""
    own = {each.GetID() for each in plan_parts(plan_node, PlanRole.BED)}
    for composite in nodes_of_class(plan_node.GetScene(), "vtkMRMLSliceCompositeNode"):
        if node is not None:
            composite.SetForegroundVolumeID(node.GetID())
            composite.SetForegroundOpacity(WASH_OPACITY)
        elif composite.GetForegroundVolumeID() in own:
            composite.SetForegroundVolumeID(None)


def bed_shown(plan_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Tell whether a slice view shows a BED volume of a plan."""
    own = {each.GetID() for each in plan_parts(plan_node, PlanRole.BED)}
    views = nodes_of_class(plan_node.GetScene(), "vtkMRMLSliceCompositeNode")
    return any(composite.GetForegroundVolumeID() in own for composite in views)


def _rows(name: str, found: BiologyEvaluation, regrowth: Sequence[Regrowth]) -> Iterator[tuple[Cell, ...]]:
    dose = found.doses[name]
    for figure in dose.figures:
        note = figure.note or (dose.regrowth_warning if figure.label == "D90" else "")
        yield (name, figure.label, _cell(figure.dose_gy), *_ends(figure.bed_gy), *_ends(figure.eqd2_gy), note)
    for label, bracket, unit in regrowth:
        if unit == "Gy":
            yield (name, label, "", *_ends(bracket), *_ends(None), "")
    if name in found.combined:
        yield from _sum_rows(name, found.combined[name])


def _sum_rows(name: str, combined: CombinedDose) -> Iterator[tuple[Cell, ...]]:
    for label, read in SUM_FIGURES.items():
        try:
            total, note = combined.total.each(read), combined.total.mid.warning
        except DoseError as error:
            total, note = None, str(error)
        yield (name, f"{label} with earlier beam", "", *_ends(None), *_ends(total), note)


def _sentences(found: BiologyEvaluation, regrowth: Mapping[str, Sequence[Regrowth]]) -> list[str]:
    said = [
        f"{name}: {label} {_range(bracket)}{'' if label.endswith(' day') else f' {unit}'}."
        for name, figures in regrowth.items()
        for label, bracket, unit in figures
        if bracket.high > 0
    ]
    return [*found.warnings, *said, *found.assumptions]


def _range(bracket: Bracket[float]) -> str:
    """Low, likely and high; one number where they are the same."""
    shown = dict.fromkeys(f"{value:.3g}" for value in (bracket.low, bracket.mid, bracket.high))
    return " to ".join(shown)


def _write_chart(plan_node: slicer.vtkMRMLScriptedModuleNode, found: BiologyEvaluation) -> None:
    histograms = biological_dvh_table(found)
    table_node = write_plan_table(histograms, plan_node, PlanRole.BIOLOGY_HISTOGRAMS)
    colours = _colours(plan_node)
    curves = [
        _curve(table_node, histograms.columns[0], name, end, colours.get(name, SHELL_COLOUR))
        for name in found.doses
        for end in ENDS
    ]
    set_plan_parts(plan_node, PlanRole.BIOLOGY_SERIES, curves)
    chart = plan_part(plan_node, PlanRole.BIOLOGY_CHART)
    if chart is None:
        chart = PARTS.made(plan_node, PlanRole.BIOLOGY_CHART, "vtkMRMLPlotChartNode", "BED histograms")
        chart.SetXAxisTitle("BED (Gy)")
        chart.SetYAxisTitle("Volume (%)")
        chart.SetYAxisRangeAuto(False)
        chart.SetYAxisRange(0.0, 105.0)
        chart.SetLegendFontSize(LEGEND_POINTS)
        set_plan_part(plan_node, PlanRole.BIOLOGY_CHART, chart)
    with modify(chart):
        chart.SetTitle("BED: likely (solid), range (dashed)")
        chart.RemoveAllPlotSeriesNodeIDs()
        for curve in curves:
            chart.AddAndObservePlotSeriesNodeID(curve.GetID())


def _curve(
    table_node: slicer.vtkMRMLTableNode, across: str, name: str, end: str, colour: tuple[float, float, float]
) -> slicer.vtkMRMLPlotSeriesNode:
    likely = end == ENDS[1]
    curve = table_node.GetScene().AddNewNodeByClass("vtkMRMLPlotSeriesNode", name if likely else f"{name} {end}")
    curve.SetAndObserveTableNodeID(table_node.GetID())
    curve.SetXColumnName(across)
    curve.SetYColumnName(f"{name} BED {end} (%)")
    curve.SetPlotType(curve.PlotTypeScatter)
    curve.SetMarkerStyle(curve.MarkerStyleNone)
    curve.SetLineWidth(THICK if likely else THIN)
    curve.SetLineStyle(curve.LineStyleSolid if likely else curve.LineStyleDash)
    curve.SetColor(*colour)
    return curve


def _colours(plan_node: slicer.vtkMRMLScriptedModuleNode) -> dict[str, tuple[float, float, float]]:
    segmentation = plan_part(plan_node, PlanRole.SEGMENTATION)
    present = set() if segmentation is None else set(segment_ids(segmentation))
    names = structures_of(plan_node)
    return {name: segment_colour(segmentation, segment) for segment, name in names.items() if segment in present}


def _use_dose_colours(plan_node: slicer.vtkMRMLScriptedModuleNode, node: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Colours and window of the dose: the same number is then the same colour."""
    dose_node = plan_part(plan_node, PlanRole.DOSE)
    if dose_node is None or dose_node.GetDisplayNode() is None:
        return
    like, display = dose_node.GetDisplayNode(), node.GetDisplayNode()
    display.SetAndObserveColorNodeID(like.GetColorNodeID())
    display.AutoWindowLevelOff()
    display.SetWindowLevel(like.GetWindow(), like.GetLevel())
    display.ApplyThresholdOn()
    display.SetLowerThreshold(like.GetLowerThreshold())


def _ends(bracket: Bracket[float] | None) -> tuple[Cell, Cell, Cell]:
    if bracket is None:
        return "", "", ""
    return _cell(bracket.low), _cell(bracket.mid), _cell(bracket.high)


def _cell(value: float | None) -> Cell:
    return "" if value is None else round(float(value), DECIMALS)
