"""A balloon of liquid on the panel: its fields, its sections, dose, time and activity."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from gui.brachydose_panel import PANEL_WIDTH, SECTIONS, Panel
from small_patient import add_small_patient


@pytest.fixture
def panel(load_widget: Callable[[str], Any], scene: Any, monkeypatch: pytest.MonkeyPatch) -> Panel:
    """The panel with the small patient and a balloon in it, on a coarse dose."""
    import slicer

    errors: list[str] = []
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda text, *args, **kwargs: errors.append(text))
    panel = Panel(load_widget("BrachyDose"), add_small_patient(scene), errors)
    panel.choose_patient()
    panel.choose_word("kindSelector", "balloon")
    panel.ui.prescriptionSpinBox.value = 60
    panel.ui.doseSpacingSpinBox.value, panel.ui.doseMarginSpinBox.value = 4, 15
    return panel


def test_a_balloon_shows_its_fields_and_closes_what_is_of_seeds(panel: Panel) -> None:
    ui = panel.ui
    assert ui.balloonTabs.isVisibleTo(ui.implantBox)
    assert not ui.seedSourceBox.isVisibleTo(ui.implantBox)
    assert not ui.plannerSection.enabled
    assert "A balloon has no needles" in ui.plannerSection.toolTip
    panel.choose_word("kindSelector", "seeds")
    assert ui.plannerSection.enabled
    assert not ui.balloonTabs.isVisibleTo(ui.implantBox)


def test_nothing_is_cut_off_at_380_pixels(panel: Panel) -> None:
    panel.click("dwellTimeButton")
    panel.click("dwellDoseButton")
    panel.widget.parent.show()
    for section in SECTIONS:
        panel.widget.panel.accordion.open(section)
        panel.settle()
        assert panel.needed_width() <= PANEL_WIDTH, section
    panel.widget.panel.accordion.open("sourceSection")
    for shape in ("diameter", "volume", "segment"):
        panel.choose_word("balloonShapeSelector", shape)
        for tab in range(panel.ui.balloonTabs.count):
            panel.ui.balloonTabs.setCurrentIndex(tab)
            panel.settle()
            assert panel.needed_width() <= PANEL_WIDTH, (shape, tab)


def test_gaps_are_ticked_in_the_place_of_obstacles(panel: Panel) -> None:
    import qt

    table = panel.ui.structuresTable
    gap = [table.horizontalHeaderItem(column).text() for column in range(table.columnCount)].index("Gap")
    row = panel.column("structuresTable", 0).index("Cord")
    assert (table.isColumnHidden(gap), table.isColumnHidden(2)) == (False, True)
    table.item(row, gap).setCheckState(qt.Qt.Checked)
    assert panel.errors == []
    assert panel.logic.balloon(panel.plan).gaps == (panel.patient["Cord"],)
    panel.choose_word("kindSelector", "seeds")
    assert (table.isColumnHidden(gap), table.isColumnHidden(2)) == (True, False)


def test_a_balloon_is_held_to_its_own_rules(panel: Panel) -> None:
    import qt

    ui = panel.ui
    assert panel.column("rulesTable", 0)[:2] == ["Prescription", "Depth of the prescription outside the balloon"]
    assert not ui.rulesTable.item(0, 2).flags() & qt.Qt.ItemIsEditable
    assert (ui.profileSelector.enabled, ui.profileSelector.currentIndex) == (False, -1)
    assert "GliaSite" in ui.profileSelector.toolTip
    panel.click("computeButton")
    assert ui.rulesTable.item(0, 1).text() == "60 Gy"
    assert "Surface dose" in ui.headlineLabel.text
    assert "Dose at 10 mm" in ui.headlineLabel.text
    panel.choose_word("kindSelector", "seeds")
    assert ui.profileSelector.enabled
    assert ui.rulesTable.item(0, 2).flags() & qt.Qt.ItemIsEditable
    assert set(panel.column("rulesTable", 1)) == {"–"}  # what was found of a balloon is not of seeds


def test_what_is_typed_is_kept_in_the_plan(panel: Panel) -> None:
    import qt

    ui = panel.ui
    ui.balloonDiameterSpinBox.value = 24
    ui.balloonMciSpinBox.value = 200
    assert ui.balloonMbqSpinBox.value == pytest.approx(7400)
    panel.choose_word("balloonModelSelector", "30 mm")
    for name, hour in (("removalEdit", 18), ("fillEdit", 10), ("assayEdit", 8)):
        day = 9 if name == "removalEdit" else 6
        getattr(ui, name).dateTime = qt.QDateTime(qt.QDate(2026, 3, day), qt.QTime(hour, 30))
    panel.write("interruptionsEdit", "2026-03-08 10:00 to 2026-03-08 14:00")
    assert panel.errors == []
    balloon = panel.logic.balloon(panel.plan)
    assert (balloon.diameter_mm, balloon.balloon_model) == (24, "30 mm")
    assert (balloon.assayed, balloon.filled) == (datetime(2026, 3, 6, 8, 30), datetime(2026, 3, 6, 10, 30))
    assert balloon.removed == datetime(2026, 3, 9, 18, 30)
    assert "14:00" in balloon.interruptions
    panel.choose_word("balloonShapeSelector", "segment")
    assert ui.balloonSelector.isVisibleTo(ui.balloonTab)
    assert not ui.balloonDiameterSpinBox.isVisibleTo(ui.balloonTab)


def test_time_activity_and_dose_follow_with_the_surface_dose_beside_them(panel: Panel) -> None:
    panel.ui.balloonDiameterSpinBox.value = 20
    panel.click("dwellTimeButton")
    assert panel.errors == []
    assert "60" in panel.ui.balloonBox.toPlainText()
    panel.click("dwellDoseButton")
    assert panel.errors == []
    assert "urface" in panel.ui.balloonBox.toPlainText()
    assert panel.ui.metricsTable.rowCount > 0
    panel.ui.recoveredMciSpinBox.value = 1
    assert "unaccounted" in panel.ui.leakageBox.toPlainText()


def test_the_sphere_follows_its_centre_and_the_dose_is_out_of_date(panel: Panel) -> None:
    from brachyresponse.scene.plan_parts import PlanRole, plan_part

    panel.ui.balloonDiameterSpinBox.value = 20
    panel.click("dwellDoseButton")
    centre = panel.logic.startBalloonCentre(panel.plan)
    centre.AddControlPointWorld([3.0, 0.0, 0.0])
    panel.widget.panel.follower.timer.flush()
    centre.SetNthControlPointPositionWorld(0, 5.0, 0.0, 0.0)
    panel.widget.panel.follower.timer.flush()
    model = plan_part(panel.plan, PlanRole.BALLOON_MODEL)
    assert model.GetPolyData().GetCenter() == pytest.approx((5, 0, 0), abs=0.1)  # of its flat faces
    assert panel.logic.staleReason(panel.plan) == "the plan was changed"
    assert panel.errors == []
