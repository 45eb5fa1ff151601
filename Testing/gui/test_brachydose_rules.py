"""The rule table of the BrachyDose panel: limits typed into it, and rows that lead to their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from brachyresponse.planning import load_profile
from gui.brachydose_panel import Panel
from small_patient import add_small_patient

NECK = load_profile("neck_node").rules
RX = next(row for row, rule in enumerate(NECK) if rule.id == "rx")
SPACING = next(row for row, rule in enumerate(NECK) if rule.id == "seed_spacing")


@pytest.fixture
def panel(load_widget: Callable[[str], Any], scene: Any, monkeypatch: pytest.MonkeyPatch) -> Panel:
    """The panel with a plan that is held to the rules of a neck node."""
    import slicer

    errors: list[str] = []
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda text, *args, **kwargs: errors.append(text))
    panel = Panel(load_widget("BrachyDose"), add_small_patient(scene), errors)
    panel.plan_by_template()
    choose_profile(panel, "neck_node")
    return panel


def choose_profile(panel: Panel, name: str) -> None:
    selector = panel.ui.profileSelector
    selector.setCurrentIndex(selector.findData(name))
    selector.activated.emit(selector.currentIndex)
    panel.settle()


def type_limit(panel: Panel, row: int, text: str) -> None:
    panel.ui.rulesTable.item(row, 2).setText(text)
    panel.settle()


def test_the_rules_are_shown_before_anything_is_computed(panel: Panel) -> None:
    assert panel.column("rulesTable", 0) == [rule.label for rule in NECK]
    assert panel.column("rulesTable", 2) == [rule.limit for rule in NECK]
    assert set(panel.column("rulesTable", 1)) == {"–"}


def test_only_the_limit_can_be_typed_into(panel: Panel) -> None:
    import qt

    editable = [bool(panel.ui.rulesTable.item(RX, n).flags() & qt.Qt.ItemIsEditable) for n in range(3)]
    assert editable == [False, False, True]
    assert panel.ui.rulesTable.editTriggers & qt.QAbstractItemView.DoubleClicked


def test_a_typed_limit_is_judged_and_says_whose_it_is(panel: Panel) -> None:
    panel.click("computeButton")
    assert not panel.ui.rulesTable.item(RX, 0).icon().isNull()
    type_limit(panel, RX, "at least 130")
    assert panel.errors == []
    assert panel.ui.rulesTable.item(RX, 2).text() == "at least 130 Gy"
    assert panel.ui.rulesTable.item(RX, 0).icon().isNull()  # the other limit was judged
    assert "Out of date" in panel.ui.staleLabel.text
    panel.click("computeButton")
    assert not panel.ui.rulesTable.item(RX, 0).icon().isNull()
    assert "clinic's own limit" in panel.ui.rulesTable.item(RX, 0).toolTip()
    assert panel.ui.staleLabel.text == ""


def test_an_emptied_limit_is_the_profile_s_own_again(panel: Panel) -> None:
    type_limit(panel, RX, "no limit")
    assert panel.ui.rulesTable.item(RX, 2).text() == "no limit"
    type_limit(panel, RX, "")
    assert panel.ui.rulesTable.item(RX, 2).text() == "110 to 140 Gy"


def test_a_wrong_limit_is_refused_and_the_old_one_shown_again(panel: Panel) -> None:
    type_limit(panel, RX, "a lot")
    assert "'a lot' is no limit" in panel.errors[0]
    assert panel.ui.rulesTable.item(RX, 2).text() == "110 to 140 Gy"


def test_another_profile_shows_its_own_rules_and_limits(panel: Panel) -> None:
    type_limit(panel, RX, "at least 1")
    choose_profile(panel, "prostate")
    assert panel.column("rulesTable", 2) == [rule.limit for rule in load_profile("prostate").rules]
    choose_profile(panel, "neck_node")
    assert panel.column("rulesTable", 2) == [rule.limit for rule in NECK]


def test_a_row_brings_the_slices_to_where_the_worst_case_lies(panel: Panel, a_slice_view: Any) -> None:
    panel.logic.moveSeed(panel.plan, 0, panel.position(0) + [0, 0, -3])
    panel.click("computeButton")
    (finding,) = [f for f in panel.logic.evaluatePlan(panel.plan, 2.0, 15.0).findings if f.rule == "seed_spacing"]
    assert finding.position_mm is not None
    a_slice_view.node.SetSliceOffset(50)
    panel.ui.rulesTable.selectRow(SPACING)
    panel.settle()
    assert a_slice_view.node.GetSliceOffset() == pytest.approx(finding.position_mm[2], abs=0.01)


def test_a_row_without_a_place_leaves_the_slices_where_they_are(panel: Panel, a_slice_view: Any) -> None:
    panel.click("computeButton")
    a_slice_view.node.SetSliceOffset(50)
    panel.ui.rulesTable.selectRow(RX)
    panel.settle()
    assert a_slice_view.node.GetSliceOffset() == 50
