"""What the report of a plan of the scene tells of its planning: the search, robustness and trade-offs that hold."""

from __future__ import annotations

from dataclasses import fields

import slicer

from brachyresponse.planning import ImplantPlan, PlanEvaluation, Table
from brachyresponse.planning.inverse import OptimisedPlan, TradeOffs
from brachyresponse.report.markup import Markup, joined
from brachyresponse.report.optimised_plan import (
    SearchPictures,
    robustness_section,
    search_section,
    trade_off_section,
)
from brachyresponse.scene.inverse_problem import read_problem
from brachyresponse.scene.inverse_robustness import robustness_again
from brachyresponse.scene.inverse_search_record import is_as_found, planner_flags, read_search_record
from brachyresponse.scene.inverse_settings import read_preset
from brachyresponse.scene.inverse_trade_offs import kept_trade_offs, trade_off_state

EDITED = "as edited"
"""What the weights are called that are no preset's any more."""


def planner_sections(plan_node: slicer.vtkMRMLScriptedModuleNode, evaluation: PlanEvaluation) -> Markup:
    """Return the sections of a plan's report on its planning; what is out of date is left out.

    Raises
    ------
    BrachyResponseError
        Something of the plan cannot be read.
    """
    # charts load much that only reports need
    from brachyresponse.pictures.robustness_charts import robustness_charts
    from brachyresponse.pictures.search_charts import convergence_chart, cost_terms_chart
    from brachyresponse.pictures.trade_off_charts import trade_off_parallel, trade_off_scatter

    found = _as_found(plan_node, evaluation)
    tested, others = robustness_again(plan_node), _trade_offs(plan_node)
    sections = []
    if found is not None:
        charts = SearchPictures(convergence_chart(found.search.costs), cost_terms_chart(found.search.terms))
        sections.append(search_section(read_problem(plan_node), found, read_preset(plan_node) or EDITED, charts))
    if tested is not None:
        sections.append(robustness_section(tested, SearchPictures(robustness=robustness_charts(tested))))
    if others is not None:
        coverage, *rest = others.criteria
        scatter = [trade_off_scatter(others, criterion, coverage) for criterion in rest]
        charts = SearchPictures(scatter=scatter, parallel=trade_off_parallel(others))
        sections.append(trade_off_section(others, charts))
    return joined(*sections)


def planner_tables(plan_node: slicer.vtkMRMLScriptedModuleNode) -> dict[str, Table]:
    """Return the tables of a plan's robustness and trade-offs by the names of their files; those that hold."""
    tested, others = robustness_again(plan_node), _trade_offs(plan_node)
    found = {"robustness.csv": tested, "trade_offs.csv": others}
    return {name: each.as_table() for name, each in found.items() if each is not None}


def _as_found(plan_node: slicer.vtkMRMLScriptedModuleNode, evaluation: PlanEvaluation) -> OptimisedPlan | None:
    record = read_search_record(plan_node) if is_as_found(plan_node) else None
    if record is None:
        return None
    parts = {item.name: getattr(evaluation.plan, item.name) for item in fields(ImplantPlan)}
    return OptimisedPlan(**parts, evaluation=evaluation, search=record, flags=planner_flags(plan_node))


def _trade_offs(plan_node: slicer.vtkMRMLScriptedModuleNode) -> TradeOffs | None:
    return None if trade_off_state(plan_node) else kept_trade_offs(plan_node)
