"""Two plans side by side: what their tables say, and their histograms in one chart."""

from __future__ import annotations

import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning import Table
from brachyresponse.scene.dvh import PRESCRIPTION_LINE, STRUCTURE, make_dvh_chart, make_dvh_curve
from brachyresponse.scene.needles import read_needles
from brachyresponse.scene.nodes import batch, get_attribute, modify
from brachyresponse.scene.plan_fields import PlanField, plan_number
from brachyresponse.scene.plan_parts import PARTS, PlanRole, need_plan_part, plan_part, plan_parts, set_plan_part
from brachyresponse.scene.plan_staleness import stale_plan_reason
from brachyresponse.scene.plan_structures import target_name
from brachyresponse.scene.plans import seeds_node_of
from brachyresponse.scene.results import WARNING, write_plan_table
from brachyresponse.scene.seeds import read_seeds
from brachyresponse.scene.tables import Cell, column_of, read_table

Key = tuple[str, str, str]
"""Structure, metric, unit."""
UNKNOWN = "–"
COMPARED_LEGEND_POINTS = 8
"""Twice the curves of one plan: a larger legend hides them."""


def compare_plans(
    plan_a: slicer.vtkMRMLScriptedModuleNode, plan_b: slicer.vtkMRMLScriptedModuleNode
) -> slicer.vtkMRMLTableNode:
    """Write what two plans come to side by side, and both their histograms in one chart; return the table.

    Table and chart belong to the first plan.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, it is one plan, or one was not computed as it is now.
    """
    if plan_a is plan_b:
        raise PlanError(f"Plan {plan_a.GetName()!r} is compared with itself: choose another one.")
    values = [_values(plan) for plan in (plan_a, plan_b)]
    names = _names(plan_a, plan_b)
    keys = list(dict.fromkeys(key for found in values for key in found))
    rows = tuple((*key, *_row(*(found.get(key, UNKNOWN) for found in values))) for key in keys)
    columns = ("structure", "metric", "unit", *names, "difference")
    with batch(plan_a.GetScene()):
        table = write_plan_table(Table("Comparison", columns, rows), plan_a, PlanRole.COMPARISON)
        _write_chart(plan_a, plan_b, names)
    return table


def _values(plan_node: slicer.vtkMRMLScriptedModuleNode) -> dict[Key, str]:
    """What the tables of a plan say, as they are shown."""
    table_node = plan_part(plan_node, PlanRole.METRICS)
    reason = "it has no results" if table_node is None else stale_plan_reason(plan_node)
    if table_node is None or reason:
        raise PlanError(f"Plan {plan_node.GetName()!r} cannot be compared: {reason}; compute its dose first.")
    table = read_table(table_node)
    said = zip(*(column_of(table, name) for name in ("structure", "metric", "unit", "value")), strict=True)
    used = {int(number) for number in read_seeds(seeds_node_of(plan_node)).needle if number}
    counts: dict[Key, str] = {
        ("", "target", ""): target_name(plan_node),
        ("", "prescription", "Gy"): f"{plan_number(plan_node, PlanField.PRESCRIPTION_GY):g}",
        ("", "needles", ""): str(sum(needle.number in used for needle in read_needles(plan_node))),
        ("", "seeds", ""): str(read_seeds(seeds_node_of(plan_node)).count),
    }
    metrics = {(str(s), str(m), str(u)): str(value) for s, m, u, value in said if m != WARNING}
    return counts | metrics | _limits(plan_node)


def _limits(plan_node: slicer.vtkMRMLScriptedModuleNode) -> dict[Key, str]:
    table_node = plan_part(plan_node, PlanRole.LIMITS)
    if table_node is None:
        return {}
    table = read_table(table_node)
    columns = ("structure", "metric", "sense", "limit", "unit", "found")
    rows = zip(*(column_of(table, name) for name in columns), strict=True)
    return {
        (str(structure), f"{metric} {sense} {float(limit):g}", str(unit)): str(found) or UNKNOWN
        for structure, metric, sense, limit, unit, found in rows
    }


def _row(one: str, other: str) -> tuple[Cell, ...]:
    try:
        difference = float(other) - float(one)
    except ValueError:
        return one, other, ""
    decimals = max(len(text.partition(".")[2]) for text in (one, other))
    return one, other, f"{difference:+.{decimals}f}"


def _names(plan_a: slicer.vtkMRMLScriptedModuleNode, plan_b: slicer.vtkMRMLScriptedModuleNode) -> tuple[str, str]:
    """The plans' names; numbered where they are the same."""
    one, other = plan_a.GetName(), plan_b.GetName()
    return (one, other) if one != other else (f"{one} (1)", f"{other} (2)")


def _write_chart(
    plan_a: slicer.vtkMRMLScriptedModuleNode, plan_b: slicer.vtkMRMLScriptedModuleNode, names: tuple[str, str]
) -> None:
    curves = []
    for plan, other, dashed in ((plan_a, "", False), (plan_b, ", dashed", True)):
        tables, series = (plan_parts(plan, role) for role in (PlanRole.DVH_TABLE, PlanRole.DVH_SERIES))
        for table, own in zip(tables, series, strict=True):
            structure = get_attribute(table, STRUCTURE)
            if structure != PRESCRIPTION_LINE:
                curve = make_dvh_curve(table, f"{structure}{other}", dashed=dashed)
                curve.SetColor(*own.GetColor())
                curves.append(curve)
    PARTS.put_every(plan_a, PlanRole.COMPARISON_SERIES, curves)
    chart = plan_part(plan_a, PlanRole.COMPARISON_CHART)
    if chart is None:
        chart = make_dvh_chart(plan_a.GetScene(), plan_a.GetName())
        chart.SetName(f"{plan_a.GetName()} comparison")
        set_plan_part(plan_a, PlanRole.COMPARISON_CHART, chart)
    with modify(chart):
        chart.SetLegendFontSize(COMPARED_LEGEND_POINTS)
        chart.SetTitle(f"{names[0]} (solid) and {names[1]} (dashed)")
        chart.SetXAxisRange(*need_plan_part(plan_a, PlanRole.DVH_CHART, "DVH chart").GetXAxisRange())
        chart.RemoveAllPlotSeriesNodeIDs()
        for curve in curves:
            chart.AddAndObservePlotSeriesNodeID(curve.GetID())
