"""Replanning on the panel: what was found is listed, ticked, and the rest planned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from brachyresponse.geometry import Grid
from gui.brachydose_panel import Panel
from needle_ct import needle_ct
from small_patient import add_small_patient

OFF_MM = np.array([0.8, -0.6, 0.5])
"""How far seeds and needle lie off plan."""
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


@pytest.mark.validation
def test_a_real_ct_is_searched_and_the_rest_is_planned(
    load_widget: Callable[[str], Any], scene: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import qt
    import slicer

    errors: list[str] = []
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda text, *args, **kwargs: errors.append(text))
    panel = Panel(load_widget("BrachyDose"), add_small_patient(scene), errors)
    panel.plan_by_template()
    panel.ask_for_little()
    logic, plan, ui = panel.logic, panel.plan, panel.ui
    planned, waiting = logic.seeds(plan), logic.needles(plan)[2]
    dropped = planned.select(np.isin(planned.needle, (4, 5)))
    steel = np.array([[waiting.tip_mm + [0, 0, 34], waiting.tip_mm]]) + OFF_MM
    grid = Grid.covering(np.array([-16.0, -16.0, -16.0]), np.array([16.0, 16.0, 44.0]), 1.0)
    values = needle_ct(grid, steel, dropped.positions_mm + OFF_MM, dropped.directions)
    ct = slicer.util.addVolumeFromArray(values, ijkToRAS=grid.ijk_to_ras, name="Procedure")
    ui.procedureSelector.setCurrentNode(ct)
    panel.settle()
    panel.click("findSoFarButton")
    assert errors == []
    kinds = [text.split()[0] for text in panel.column("soFarTable", 1)]
    assert kinds.count("seed") == dropped.count
    row = kinds.index("seed")
    for state in (qt.Qt.Unchecked, qt.Qt.Checked):
        ui.soFarTable.item(row, 0).setCheckState(state)
        panel.settle()
        count = dropped.count if state == qt.Qt.Checked else dropped.count - 1
        assert f"{count} seeds" in ui.soFarBox.toPlainText()
    panel.click("replanButton")
    assert errors == []
    assert len(logic.lockedSeeds(plan)) == dropped.count
    assert ui.lockedLabel.text.endswith(f"{dropped.count} seeds")
    assert ui.metricsTable.rowCount > 0
    ui.folderEdit.currentPath = str(tmp_path)
    panel.click("remainingSheetButton")
    assert errors == []
    assert (tmp_path / "remaining_loading_sheet.html").is_file()
