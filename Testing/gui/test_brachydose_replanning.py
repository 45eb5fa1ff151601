"""Replanning on the panel: what was found is listed, ticked, and the rest planned."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from gui.brachydose_panel import Panel
from small_patient import add_small_patient

COLUMNS = ("kind", "number", "place (mm)", "confidence", "used", "note")
ROWS = (("needle", "1", "0 0 -8", "0.98", "yes", ""), ("seed", "1", "0 0 0", "0.61", "no", "doubtful"))


def test_what_is_found_is_ticked_and_the_rest_planned(
    load_widget: Callable[[str], Any], scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import qt

    from brachyresponse.planning import Table
    from brachyresponse.scene.plan_parts import PlanRole
    from brachyresponse.scene.results import write_plan_table

    panel = Panel(load_widget("BrachyDose"), add_small_patient(scene), [])
    panel.choose_patient()
    ui, logic, asked = panel.ui, panel.logic, []
    assert not ui.findSoFarButton.enabled
    assert "CT" in ui.findSoFarButton.toolTip
    found = Table("Found so far", COLUMNS, ROWS)
    monkeypatch.setattr(logic, "findSoFar", lambda plan, report: write_plan_table(found, plan, PlanRole.SO_FAR))
    monkeypatch.setattr(logic, "soFarSentences", lambda plan: ("1 needle is placed.",))
    monkeypatch.setattr(logic, "useSoFar", lambda plan, row, used: asked.append((row, used)))
    plan = SimpleNamespace(search=SimpleNamespace(cancelled=False))
    monkeypatch.setattr(
        logic, "replanImplant", lambda node, **how: (asked.append("replan"), SimpleNamespace(plan=plan))[1]
    )
    ui.procedureSelector.setCurrentNode(panel.patient["volume"])
    panel.settle()
    panel.click("findSoFarButton")
    assert panel.column("soFarTable", 1) == ["needle 1", "seed 1"]
    assert "1 needle is placed" in ui.soFarBox.toPlainText()
    ui.soFarTable.item(1, 0).setCheckState(qt.Qt.Checked)
    panel.click("replanButton")
    assert asked == [(1, True), "replan"]
