"""Lesions on the ResponseAssess panel: clicked, drawn, dragged, named, matched."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from brachyresponse.response.matching import VisitRegistration
from gui.responseassess_panel import CENTRE_MM, RADII_MM, Panel

CATEGORY = 0
"""Row of the strip."""


def draw_line(panel: Panel, *ends_mm: tuple[float, float, float]) -> None:
    """Click the ends of the line that is being placed, as Slicer's line widget takes them."""
    import slicer

    application = slicer.app.applicationLogic()
    line = slicer.mrmlScene.GetNodeByID(application.GetSelectionNode().GetActivePlaceNodeID())
    for end in ends_mm:
        line.AddControlPointWorld(*end)
    application.GetInteractionNode().SwitchToViewTransformMode()
    panel.widget.panel.drawing.flush()
    panel.settle()


def test_segments_are_measured_and_a_dragged_diameter_is_the_readers(responseassess: Panel) -> None:
    panel, ui = responseassess, responseassess.ui
    panel.add_visits()
    panel.treat()
    panel.add_lesions()
    assert panel.errors == []
    longest = float(panel.cell("lesionsTable", 0, 2).split()[0])
    assert longest == pytest.approx(2 * RADII_MM[2], abs=1.0)  # a pixel
    panel.click("assessButton")
    assert panel.cell("stripTable", CATEGORY, 1)[:2] == "PR"
    line = panel.logic.lineNodes(panel.visit, "1")[0]
    start, end = (np.array(line.GetNthControlPointPositionWorld(number)) for number in (0, 1))
    panel.drag(line, 1, tuple(start + 1.5 * (end - start)))
    assert panel.cell("lesionsTable", 0, 2).endswith("✎")
    assert float(panel.cell("lesionsTable", 0, 2).split()[0]) == pytest.approx(1.5 * longest, abs=0.1)
    assert ui.staleLabel.text.startswith("Out of date: ")
    panel.click("measureButton")
    assert not panel.cell("lesionsTable", 0, 2).endswith("✎")
    assert ui.staleLabel.text == ""


def test_a_click_in_a_slice_grows_a_lesion_and_a_click_on_its_cell_goes_there(
    responseassess: Panel, a_slice_view: Any
) -> None:
    import slicer

    panel, ui = responseassess, responseassess.ui
    panel.add_visits()
    panel.click("clickLesionButton")
    point = slicer.mrmlScene.GetNodeByID(slicer.app.applicationLogic().GetSelectionNode().GetActivePlaceNodeID())
    point.AddControlPointWorld(*CENTRE_MM)
    slicer.app.applicationLogic().GetInteractionNode().SwitchToViewTransformMode()
    panel.widget.panel.measuring.clicking.flush()
    panel.settle()
    assert panel.errors == []
    assert not ui.clickLesionButton.checked
    assert panel.cell("lesionsTable", 0, 0) == "–"
    assert panel.cell("lesionsTable", 0, 2).startswith("+ ")  # the baseline did not have it
    assert float(panel.cell("lesionsTable", 0, 2).split()[1]) == pytest.approx(2 * RADII_MM[2], abs=2.0)
    a_slice_view.node.SetSliceOffset(12)
    ui.lesionsTable.setCurrentCell(0, 0)
    ui.lesionsTable.setCurrentCell(0, 2)
    panel.settle()
    assert a_slice_view.node.GetSliceOffset() == pytest.approx(CENTRE_MM[2], abs=2.0)  # a slice


def test_what_became_of_a_lesion_is_said_at_its_visit(responseassess: Panel) -> None:
    panel, ui = responseassess, responseassess.ui
    panel.add_visits()
    panel.enter_sizes()
    panel.choose_word("stateSelector", "absent")
    assert panel.row("lesionsTable", 0) == ["40.0 × 30.0 ✎", "28.0 × 20.0 ✎", "absent"]
    assert not ui.fieldSelector.enabled
    ui.handNameEdit.text = "N"
    ui.longestSpinBox.value = ui.perpendicularSpinBox.value = 12
    panel.click("handButton")
    assert panel.cell("lesionsTable", 1, 2) == "+ 12.0 × 12.0 ✎"
    panel.choose_word("fieldSelector", "outside")
    assert "new, outside the field" in ui.lesionLabel.text
    panel.choose_word("lesionKindSelector", "node")
    panel.write("organEdit", "neck")
    panel.write("lesionNameEdit", "2")
    assert [each.id for each in panel.logic.lesions(panel.visit)] == ["1", "2"]
    assert panel.logic.lesions(panel.visit)[1].organ == "neck"
    panel.click("removeLesionButton")
    assert ui.lesionsTable.rowCount == 1


def test_diameters_are_drawn_by_clicks_and_escape_leaves_the_second_out(responseassess: Panel) -> None:
    panel, ui = responseassess, responseassess.ui
    panel.add_visits()
    ui.handNameEdit.text = "D"
    panel.click("drawButton")
    draw_line(panel, (-10, 0, 1), (10, 0, 1))
    assert ui.drawButton.text == "Now both ends across it…"
    draw_line(panel, (0, -6, 1), (0, 6, 1))
    assert panel.errors == []
    assert panel.cell("lesionsTable", 0, 2) == "+ 20.0 × 12.0 ✎"
    assert (ui.drawButton.checked, ui.drawButton.text) == (False, "Draw the diameters")
    ui.handNameEdit.text = "E"
    panel.click("drawButton")
    draw_line(panel, (-10, 9, 1), (5, 9, 1))
    panel.widget.panel.drawing._placing._escape.activated.emit()
    panel.widget.panel.drawing.flush()
    panel.settle()
    assert panel.cell("lesionsTable", 1, 2) == "+ 15.0 ✎"


def test_lesions_are_matched_overruled_and_accepted_after_the_visit_was_registered(
    responseassess: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Registered at once: the small scans have nothing to hold on to."""
    panel, ui = responseassess, responseassess.ui
    found = VisitRegistration(np.eye(4), 0.4, "Mean over the head")
    monkeypatch.setattr("brachyresponse.scene.response_registration.register_visits", lambda *args, **kwargs: found)
    panel.add_visits()
    panel.add_lesions()
    panel.choose_word("visitSelector", panel.visits[1].GetID())
    panel.write("lesionNameEdit", "X")
    assert ui.matchButton.toolTip == "Register this visit first."
    panel.click("registerButton")
    assert panel.errors == []
    assert "residual 0.4 mm" in ui.registrationBox.toPlainText()
    panel.click("previewButton")
    assert ui.previewButton.checked
    panel.click("previewButton")
    panel.click("matchButton")
    assert panel.errors == []
    assert panel.row("matchTable", 0)[:2] == ["X", "1"]
    ui.matchTable.item(0, 1).setText("")
    panel.settle()
    assert panel.column("matchTable", 0) == ["–", "X"]
    assert panel.cell("matchTable", 0, 2).startswith("Absent: ")
    assert panel.cell("matchTable", 1, 2).startswith("New: ")
    ui.matchTable.item(1, 1).setText("1")
    panel.settle()
    panel.click("acceptMatchButton")
    assert panel.errors == []
    assert [each.id for each in panel.logic.lesions(panel.visit)] == ["1"]
    assert not ui.acceptMatchButton.enabled
