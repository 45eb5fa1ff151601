"""How a plan was found, kept with it: the convergence chart, what each term costs, the tracks that were tried."""

from __future__ import annotations

import numpy as np
import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning import Table
from brachyresponse.planning.inverse import Flag, FlagKind, SearchRecord, TriedTracks
from brachyresponse.scene.inverse_fields import PlannerField, planner_json, set_planner_field
from brachyresponse.scene.inverse_staleness import (
    CHANGED_SINCE,
    implant_signature,
    mark_role_current,
    role_state,
    settings_signature,
)
from brachyresponse.scene.nodes import modify
from brachyresponse.scene.perfusion_plots import LEGEND_POINTS, add_series, fill_columns
from brachyresponse.scene.plan_parts import PARTS, PlanRole, plan_part
from brachyresponse.scene.results import write_plan_table
from brachyresponse.scene.tables import read_table

STEP, COST, BEST = "step", "cost", "best so far"
TERMS, TERM = "What the plan costs", "term"
COST_COLOUR, BEST_COLOUR = (0.60, 0.66, 0.72), (0.00, 0.45, 0.70)
ROLES = (PlanRole.CONVERGENCE_TABLE, PlanRole.CONVERGENCE_CHART, PlanRole.SEARCH)


def write_search_record(
    plan_node: slicer.vtkMRMLScriptedModuleNode, record: SearchRecord, flags: tuple[Flag, ...]
) -> slicer.vtkMRMLPlotChartNode:
    """Keep how the plan that its nodes now hold was found, and return the convergence chart.

    Parameters
    ----------
    flags
        What is to be known of the plan.
    """
    tried = [[each.direction.tolist(), each.tracks, each.cost] for each in record.tried]
    kept = {
        "random_seed": record.random_seed,
        "cancelled": record.cancelled,
        "tried": tried,
        "settings": settings_signature(plan_node),
    }
    set_planner_field(plan_node, PlannerField.FOUND, kept)
    set_planner_field(plan_node, PlannerField.FLAGS, [[flag.what, flag.which, flag.sentence] for flag in flags] or None)
    terms = Table(TERMS, (TERM, COST), tuple((term, float(cost)) for term, cost in record.terms.items()))
    write_plan_table(terms, plan_node, PlanRole.SEARCH)
    chart = _write_chart(plan_node, np.asarray(record.costs, float))
    mark_role_current(plan_node, ROLES, implant_signature(plan_node))
    return chart


def read_search_record(plan_node: slicer.vtkMRMLScriptedModuleNode) -> SearchRecord | None:
    """Return how the plan was found, also in an earlier session; None for a plan that was made by hand.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or what is kept is damaged.
    """
    kept, costs, terms = planner_json(plan_node, PlannerField.FOUND), *_tables(plan_node)
    if kept is None or costs is None or terms is None:
        return None
    try:
        return SearchRecord(
            costs=tuple(slicer.util.arrayFromTableColumn(costs, COST).tolist()),
            terms={str(term): float(cost) for term, cost in read_table(terms).rows},
            tried=tuple(TriedTracks(np.array(way), int(tracks), float(cost)) for way, tracks, cost in kept["tried"]),
            random_seed=int(kept["random_seed"]),
            cancelled=bool(kept["cancelled"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(plan_node, error) from error


def planner_notes(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[str, ...]:
    """Return what the planner said of the plan, in sentences."""
    return tuple(flag.sentence for flag in planner_flags(plan_node))


def planner_flags(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[Flag, ...]:
    """Return what the planner noticed of the plan.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or what is kept is damaged.
    """
    kept = planner_json(plan_node, PlannerField.FLAGS, [])
    try:
        return tuple(Flag(FlagKind(what), which, sentence) for what, which, sentence in kept)
    except (TypeError, ValueError) as error:
        raise _damaged(plan_node, error) from error


def is_as_found(plan_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Tell whether a plan is the one that the planner found, for the problem that the plan's settings still state."""
    kept = planner_json(plan_node, PlannerField.FOUND)
    return kept is not None and not planner_state(plan_node) and kept.get("settings") == settings_signature(plan_node)


def planner_state(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return why a plan is no longer the one that the planner found; empty while it is, and for one made by hand."""
    if plan_part(plan_node, PlanRole.CONVERGENCE_TABLE) is None:
        return ""
    return role_state(plan_node, PlanRole.CONVERGENCE_TABLE, implant_signature(plan_node), CHANGED_SINCE)


def _damaged(plan_node: slicer.vtkMRMLScriptedModuleNode, error: Exception) -> PlanError:
    return PlanError(f"Plan {plan_node.GetName()!r}: what is kept of its search is damaged ({error}); plan it again.")


def _tables(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
) -> tuple[slicer.vtkMRMLTableNode | None, slicer.vtkMRMLTableNode | None]:
    return plan_part(plan_node, PlanRole.CONVERGENCE_TABLE), plan_part(plan_node, PlanRole.SEARCH)


def _write_chart(plan_node: slicer.vtkMRMLScriptedModuleNode, costs: np.ndarray) -> slicer.vtkMRMLPlotChartNode:
    table = PARTS.made(plan_node, PlanRole.CONVERGENCE_TABLE, "vtkMRMLTableNode", "convergence")
    columns = {STEP: np.arange(1.0, len(costs) + 1), COST: costs, BEST: np.minimum.accumulate(costs)}
    fill_columns(table, columns, {})
    chart = plan_part(plan_node, PlanRole.CONVERGENCE_CHART)
    return _make_chart(plan_node, table) if chart is None else chart


def _make_chart(
    plan_node: slicer.vtkMRMLScriptedModuleNode, table: slicer.vtkMRMLTableNode
) -> slicer.vtkMRMLPlotChartNode:
    chart = PARTS.made(plan_node, PlanRole.CONVERGENCE_CHART, "vtkMRMLPlotChartNode", "convergence chart")
    lines = [add_series(table, f"{column} ({plan_node.GetName()})", STEP, column) for column in (COST, BEST)]
    for line, colour in zip(lines, (COST_COLOUR, BEST_COLOUR), strict=True):
        line.SetColor(*colour)
    PARTS.put_every(plan_node, PlanRole.CONVERGENCE_SERIES, lines)
    with modify(chart):
        chart.SetTitle(f"How {plan_node.GetName()} was found")
        chart.SetXAxisTitle(STEP)
        chart.SetYAxisTitle(COST)
        chart.SetLegendFontSize(LEGEND_POINTS)
        for line in lines:
            chart.AddAndObservePlotSeriesNodeID(line.GetID())
    return chart
