"""Metrics, rules and limits of a plan as tables of the scene."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf

import slicer

from brachyresponse.dose.metrics import Metric
from brachyresponse.errors import BrachyResponseError, PlanError
from brachyresponse.planning import (
    LimitResult,
    OrganLimit,
    RuleFinding,
    SiteProfile,
    Table,
    findings_table,
    parse_limit,
)
from brachyresponse.scene.nodes import add_node
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part, plan_part, set_plan_part
from brachyresponse.scene.tables import Cell, column_of, read_table, write_table

LIMIT_COLUMNS = ("structure", "metric", "sense", "limit", "unit")
WEIGHT = "weight"
RESULT_COLUMNS = ("found", "result", "note")
RULE_COLUMNS = ("rule", "label", "least", "most", "unit")
AT_MOST, AT_LEAST = "<=", ">="
WARNING = "warning"
"""Stands in the column of the metrics' names where a row is a warning."""


def write_plan_table(
    table: Table,
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    role: PlanRole,
    editable: tuple[str, ...] = (),
) -> slicer.vtkMRMLTableNode:
    """Write a table into the node of a role of a plan, making it when absent, and return the node.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    table_node = plan_part(plan_node, role)
    if table_node is None:
        name = f"{plan_node.GetName()} {table.title.lower()}"
        table_node = add_node(plan_node.GetScene(), "vtkMRMLTableNode", name)
        set_plan_part(plan_node, role, table_node)
    return write_table(table, table_node, editable=editable)


def write_metrics(
    metrics: Iterable[Metric], plan_node: slicer.vtkMRMLScriptedModuleNode, warnings: Iterable[str] = ()
) -> slicer.vtkMRMLTableNode:
    """Write metrics of a plan's structures, one a row, with formula and source; last the warnings, as notes.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    rows = tuple((m.structure, m.label, _shown(m), m.unit, m.note, m.formula, m.source) for m in metrics)
    columns = ("structure", "metric", "value", "unit", "note", "formula", "source")
    said = tuple((plan_node.GetName(), WARNING, "", "", sentence, "", "") for sentence in warnings)
    return write_plan_table(Table("Metrics", columns, rows + said), plan_node, PlanRole.METRICS)


def write_findings(
    findings: Iterable[RuleFinding], plan_node: slicer.vtkMRMLScriptedModuleNode
) -> slicer.vtkMRMLTableNode:
    """Write the rule table of a plan.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    return write_plan_table(findings_table(findings), plan_node, PlanRole.RULES)


def write_limits(
    limits: Iterable[OrganLimit],
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    results: Iterable[LimitResult] = (),
    weights: Mapping[str, float] | None = None,
) -> slicer.vtkMRMLTableNode:
    """Write the dose limits of a plan's structures, for the user to change, with what was found where it is known.

    Parameters
    ----------
    weights
        Of limits in the planner's objective, by their text; those not named have 1. None keeps what the table says.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    found = {str(result.limit): _found(result) for result in results}
    weights = _stated_weights(plan_node) if weights is None else weights
    return _write_limit_rows(plan_node, limits, weights, found)


def write_limit_weights(weights: Mapping[str, float], plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Change the weights of limits by their text; what was found of the limits stays beside them.

    Raises
    ------
    SceneError, PlanError
        As :func:`read_limit_weights`.
    """
    limits, before = read_limits(plan_node), read_limit_weights(plan_node)
    table = read_table(need_plan_part(plan_node, PlanRole.LIMITS, "table of limits"))
    cells = zip(*(column_of(table, heading) for heading in RESULT_COLUMNS), strict=True)
    found = {str(limit): tuple(map(str, row)) for limit, row in zip(limits, cells, strict=True)}
    _write_limit_rows(plan_node, limits, {**before, **weights}, found)


def read_limits(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[OrganLimit, ...]:
    """Return the dose limits of a plan; none when there is no table of them.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, the table is not of this kind, or a row is no limit; the message names the row.
    """
    table_node = plan_part(plan_node, PlanRole.LIMITS)
    if table_node is None:
        return ()
    table = read_table(table_node)
    rows = zip(*(column_of(table, heading) for heading in LIMIT_COLUMNS), strict=True)
    return tuple(_limit(table.title, number, row) for number, row in enumerate(rows, start=1))


def read_limit_weights(plan_node: slicer.vtkMRMLScriptedModuleNode) -> dict[str, float]:
    """Return the weights of a plan's limits in the planner's objective, by the limits' text; 1 where none is stated.

    Raises
    ------
    SceneError, PlanError
        As :func:`read_limits`, or a weight is not a number from 0 on; the message names the row.
    """
    limits, table_node = read_limits(plan_node), plan_part(plan_node, PlanRole.LIMITS)
    if table_node is None:
        return {}
    table = read_table(table_node)
    if WEIGHT not in table.columns:  # of a scene that was saved before limits had weights
        return {str(limit): 1.0 for limit in limits}
    stated = enumerate(zip(limits, column_of(table, WEIGHT), strict=True), start=1)
    return {str(limit): _weight(table.title, number, cell) for number, (limit, cell) in stated}


def write_rule_limits(profile: SiteProfile, table_node: slicer.vtkMRMLTableNode) -> None:
    """Write the limits of a profile's rules for the user to change; an empty cell is no limit on that side.

    Raises
    ------
    SceneError
        There is no such node.
    """
    rows = tuple((r.id, r.label, _or_empty(r.least), _or_empty(r.most), r.unit) for r in profile.rules)
    write_table(Table("Rule limits", RULE_COLUMNS, rows), table_node, editable=("least", "most"))


def read_rule_limits(profile: SiteProfile, table_node: slicer.vtkMRMLTableNode) -> SiteProfile:
    """Return a profile with the limits of a table; rules that the table does not name keep theirs.

    Raises
    ------
    SceneError, PlanError
        There is no such node, it is not of this kind, or a limit is not a number; the message names the rule.
    """
    return profile.with_limits(limits_in(table_node))


def limits_in(table_node: slicer.vtkMRMLTableNode) -> dict[str, tuple[float | None, float | None]]:
    """Return at least and at most by the id of a rule, from a table as :func:`write_rule_limits` writes it.

    Raises
    ------
    SceneError, PlanError
        There is no such node, it is not of this kind, or a limit is not a number; the message names the rule.
    """
    table = read_table(table_node)
    rules, least, most = (column_of(table, heading) for heading in ("rule", "least", "most"))
    return {
        str(rule): (_number(table.title, rule, low), _number(table.title, rule, high))
        for rule, low, high in zip(rules, least, most, strict=True)
    }


def _shown(metric: Metric) -> str:
    return "–" if metric.value is None else f"{metric.value:.{metric.decimals}f}"


def _write_limit_rows(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    limits: Iterable[OrganLimit],
    weights: Mapping[str, float],
    found: Mapping[str, tuple[str, ...]],
) -> slicer.vtkMRMLTableNode:
    rows = tuple(
        (*_limit_row(limit), float(weights.get(str(limit), 1.0)), *found.get(str(limit), ("", "", "")))
        for limit in limits
    )
    table = Table("Limits", (*LIMIT_COLUMNS, WEIGHT, *RESULT_COLUMNS), rows)
    return write_plan_table(table, plan_node, PlanRole.LIMITS, editable=(*LIMIT_COLUMNS, WEIGHT))


def _limit_row(limit: OrganLimit) -> tuple[Cell, ...]:
    sense = AT_LEAST if limit.at_least else AT_MOST
    return limit.structure, limit.metric.text, sense, float(limit.limit), str(limit.unit)


def _found(result: LimitResult) -> tuple[str, str, str]:
    if result.value is None:
        return "–", "not known", result.note
    return f"{result.value:.4g}", "pass" if result.passed else "fail", result.note


def _limit(table: str, number: int, row: tuple[Cell, ...]) -> OrganLimit:
    structure, metric, sense, limit, unit = row
    text = f"{structure}:{metric}{sense}{limit}{unit}"
    try:
        return parse_limit(text)
    except BrachyResponseError as error:
        raise PlanError(f"Table {table!r}, row {number}: {error}") from error


def _stated_weights(plan_node: slicer.vtkMRMLScriptedModuleNode) -> dict[str, float]:
    """The weights that the table states; what cannot be read is about to be overwritten."""
    try:
        return read_limit_weights(plan_node)
    except BrachyResponseError:
        return {}


def _weight(table: str, number: int, cell: Cell) -> float:
    if cell == "":
        return 1.0
    try:
        weight = float(cell)
    except ValueError:
        weight = -1.0
    if not 0 <= weight < inf:
        raise PlanError(f"Table {table!r}, row {number}: its weight {cell!r} is none; write a number from 0 on.")
    return weight


def _or_empty(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _number(table: str, rule: Cell, text: Cell) -> float | None:
    if text == "":
        return None
    try:
        return float(text)
    except ValueError as error:
        raise PlanError(f"Table {table!r}, rule {rule!r}: its limit {text!r} is not a number; write one.") from error
