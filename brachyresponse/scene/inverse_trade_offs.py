"""Plans of one problem under other weights, kept in the scene with what each gives, to be looked at and loaded."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning import ImplantPlan, Table
from brachyresponse.planning.inverse.trade_off.file import (
    SCHEMA,
    TRADE_OFFS_FILE,
    trade_off_from_record,
    write_trade_offs,
)
from brachyresponse.planning.inverse.trade_off.plans import TradeOffs
from brachyresponse.planning.plan_file import plan_from_record
from brachyresponse.planning.record import parse_record
from brachyresponse.scene.inverse_staleness import CHANGED_PROBLEM, mark_role_current, problem_signature, role_state
from brachyresponse.scene.inverse_trade_off_charts import write_charts
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.plan_parts import PARTS, PlanRole, plan_part
from brachyresponse.scene.results import write_plan_table

NUMBER = "plan"
"""Column with the number under which a plan is loaded."""
ROLES = (
    PlanRole.TRADE_OFF_RECORD, PlanRole.TRADE_OFFS, PlanRole.TRADE_OFF_CHART, PlanRole.TRADE_OFF_AXES,
)  # fmt: skip


def keep_trade_offs(plan_node: slicer.vtkMRMLScriptedModuleNode, found: TradeOffs, signature: str) -> None:
    """Take plans into the scene: all of them as text, their figures as a table, and two charts.

    Parameters
    ----------
    signature
        Of the problem that they were made for.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or not one plan was found.
    """
    if not found.plans:
        raise PlanError(f"Not one plan was made as trade-off for {plan_node.GetName()!r}: check its problem first.")
    text = _as_text(found)
    with batch(plan_node.GetScene()):
        node = PARTS.made(plan_node, PlanRole.TRADE_OFF_RECORD, "vtkMRMLTextNode", "trade-offs record")
        node.SetHideFromEditors(True)
        node.SetText(text)
        write_plan_table(_best_first(found.as_table(), found), plan_node, PlanRole.TRADE_OFFS)
        write_charts(plan_node, found)
    mark_role_current(plan_node, ROLES, signature)


def kept_trade_offs(plan_node: slicer.vtkMRMLScriptedModuleNode) -> TradeOffs | None:
    """Return the plans that were made last, also in an earlier session; None while there are none.

    Raises
    ------
    SceneError, InputFileError
        There is no such plan, or what is kept is damaged.
    """
    node = plan_part(plan_node, PlanRole.TRADE_OFF_RECORD)
    return None if node is None or not node.GetText() else _parsed(node.GetText(), node.GetName())


def trade_off_plan(plan_node: slicer.vtkMRMLScriptedModuleNode, number: int) -> ImplantPlan:
    """Return one of the plans by its number in the table.

    Raises
    ------
    SceneError, PlanError, InputFileError
        There is no such plan, or there are no trade-offs, or what is kept is damaged.
    """
    found = kept_trade_offs(plan_node)
    if found is None:
        raise PlanError(f"Plan {plan_node.GetName()!r} has no trade-offs: make them first.")
    places = {plan.number: place for place, plan in enumerate(found.plans)}
    if number not in places:
        raise PlanError(f"There is no trade-off {number}: choose one of {', '.join(map(str, places))}.")
    return found.plan(places[number])


def show_loaded(plan_node: slicer.vtkMRMLScriptedModuleNode, number: int) -> None:
    """Let a plan stand out in the charts, by its number in the table; raises as :func:`kept_trade_offs`."""
    found = kept_trade_offs(plan_node)
    if found is not None:
        with batch(plan_node.GetScene()):
            write_charts(plan_node, found, number)


def trade_off_state(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return why the trade-offs no longer hold, as the end of a sentence; empty while they do, or are not there."""
    if plan_part(plan_node, PlanRole.TRADE_OFF_RECORD) is None:
        return ""
    return role_state(plan_node, PlanRole.TRADE_OFF_RECORD, problem_signature(plan_node), CHANGED_PROBLEM)


@lru_cache(maxsize=4)
def _parsed(text: str, name: str) -> TradeOffs:
    """The plans in a text; kept, because a panel asks for them with every change."""
    record = parse_record(text, name, SCHEMA)
    plans = tuple(trade_off_from_record(part) for part in record.records("plans"))
    header = plan_from_record(record.part("plan"))
    return TradeOffs(header, plans, record.whole("wanted"), record.whole("random_seed"))


def _as_text(found: TradeOffs) -> str:
    """The plans as their file holds them."""
    with tempfile.TemporaryDirectory() as folder:
        return write_trade_offs(found, Path(folder) / TRADE_OFFS_FILE).read_text("utf-8")


def _best_first(table: Table, found: TradeOffs) -> Table:
    """The rows of the plans that no other beats first."""
    front = set(found.front)
    order = sorted(range(len(table.rows)), key=lambda place: place not in front)
    return Table(table.title, table.columns, tuple(table.rows[place] for place in order))
