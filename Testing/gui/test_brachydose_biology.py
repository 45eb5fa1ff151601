"""Biological dose on the panel: tissues, ranges, an earlier beam."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gui.brachydose_panel import Panel
from small_patient import add_small_patient


@pytest.fixture
def panel(load_widget: Callable[[str], Any], scene: Any, monkeypatch: pytest.MonkeyPatch) -> Panel:
    """The panel with the small patient."""
    import slicer

    errors: list[str] = []
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda text, *args, **kwargs: errors.append(text))
    panel = Panel(load_widget("BrachyDose"), add_small_patient(scene), errors)
    panel.choose_patient()
    return panel


def test_a_tissue_is_chosen_and_its_parameters_are_changed_in_place(panel: Panel) -> None:
    ui = panel.ui
    assert "tissue" in ui.biologyButton.toolTip.lower() or "dose" in ui.biologyButton.toolTip.lower()
    ui.tissueTable.selectRow(0)
    panel.settle()
    panel.choose_word("tissueSelector", next(iter(panel.logic.tissues())))
    panel.click("useTissueButton")
    assert panel.errors == []
    assert panel.logic.biology(panel.plan)[0].tissue
    ui.tissueTable.item(0, 1).setText("9 (7-12)")
    assert panel.errors == []
    assert panel.logic.biology(panel.plan)[0].alpha_beta_gy == "9 (7-12)"
    ui.fractionsSpinBox.value = 30
    ui.recoveredPercentSpinBox.value = 10
    assert panel.logic.earlierFractions(panel.plan) in (0, 30)


@pytest.mark.validation
def test_ranges_of_bed_and_eqd2_are_shown(panel: Panel) -> None:
    ui = panel.ui
    panel.plan_by_template()
    ui.doseSpacingSpinBox.value = 4
    panel.click("computeButton")
    ui.tissueTable.selectRow(0)
    panel.settle()
    panel.choose_word("tissueSelector", next(iter(panel.logic.tissues())))
    panel.click("useTissueButton")
    panel.click("biologyButton")
    assert panel.errors == []
    assert ui.bedTable.rowCount > 0
    assert "–" in ui.bedTable.item(0, 2).text()
    panel.click("showBedButton")
    assert panel.errors == []
