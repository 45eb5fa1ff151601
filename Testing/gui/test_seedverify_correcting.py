"""Correcting the found seeds in the panel: flipping, clicking, dragging, splitting, merging, bringing back, undo."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gui.scanned_implant import DOUBTFUL, scanned
from gui.seedverify_panel import Panel

SNAPPED = 0.5  # mm; within it a click has found the metal
BESIDE_MM = np.array([1.6, 0.0, 0.0])
"""Where the second of two touching seeds lies from the first."""


@pytest.fixture
def panel(seedverify: Panel) -> Panel:
    """The panel after a search that rejected the last seed and doubts two."""
    seedverify.find()
    seedverify.widget.panel.accordion.open("correctSection")
    return seedverify


def chosen_rows(panel: Panel) -> list[int]:
    from brachyresponse.slicer_panel import selected_rows

    return selected_rows(panel.ui.foundTable)


class TestFlipping:
    def test_next_goes_through_the_doubtful_seeds_the_least_certain_first(self, panel: Panel) -> None:
        seen = []
        for _ in range(3):
            panel.click("nextLowButton")
            seen += chosen_rows(panel)
        assert seen == [DOUBTFUL[1], DOUBTFUL[0], DOUBTFUL[1]]
        panel.click("previousLowButton")
        assert chosen_rows(panel) == [DOUBTFUL[0]]

    def test_the_views_jump_to_the_seed_and_one_is_turned_along_it(self, panel: Panel, a_layout_manager: Any) -> None:
        red, yellow = (a_layout_manager.sliceWidget(name).mrmlSliceNode() for name in ("Red", "Yellow"))
        before = yellow.GetOrientation()
        panel.click("nextLowButton")
        row = chosen_rows(panel)[0]
        found = panel.logic.foundSeeds(panel.verification)
        assert red.GetSliceOffset() == pytest.approx(found.positions_mm[row][2], abs=0.01)
        normal = [yellow.GetSliceToRAS().GetElement(n, 2) for n in range(3)]
        assert np.dot(normal, found.directions[row]) == pytest.approx(0, abs=1e-6)
        panel.click("straightenButton")
        assert yellow.GetOrientation() == before

    def test_accepting_goes_on_to_the_next_and_the_count_falls(self, panel: Panel) -> None:
        counts = []
        panel.widget.panel.correcting._shortcuts.keys["N"].activated.emit()
        for chosen in (DOUBTFUL[1], DOUBTFUL[0]):
            assert chosen_rows(panel) == [chosen]
            counts.append(panel.ui.headlineLabel.text)
            panel.widget.panel.correcting._shortcuts.keys["A"].activated.emit()
            panel.settle()
        assert "2 to look at" in counts[0]
        assert "1 to look at" in counts[1]
        assert "to look at" not in panel.ui.headlineLabel.text
        assert [panel.column("foundTable", 3)[row] for row in (1, *DOUBTFUL)] == ["finder", "confirmed", "confirmed"]
        assert not panel.ui.nextLowButton.enabled
        panel.click("undoButton")
        assert "1 to look at" in panel.ui.headlineLabel.text
        assert panel.logic.lowConfidenceSeeds(panel.verification) == [DOUBTFUL[0]]

    def test_keys_press_the_buttons(self, panel: Panel) -> None:
        keys = panel.widget.panel.correcting._shortcuts.keys
        keys["N"].activated.emit()
        panel.settle()
        row, count = chosen_rows(panel), panel.ui.foundTable.rowCount
        assert len(row) == 1
        keys["P"].activated.emit()
        assert chosen_rows(panel) != row
        keys["Delete"].activated.emit()
        panel.settle()
        assert panel.ui.foundTable.rowCount == count - 1
        keys["Ctrl+Z"].activated.emit()
        panel.settle()
        assert panel.ui.foundTable.rowCount == count
        keys["Ctrl+Y"].activated.emit()
        panel.settle()
        assert panel.ui.foundTable.rowCount == count - 1


class TestEditing:
    def test_a_click_near_a_seed_that_was_not_found_adds_it_with_its_axis(self, panel: Panel) -> None:
        count, truth = panel.ui.foundTable.rowCount, panel.implant.implanted_mm[-1]
        panel.click("addSeedButton")
        assert panel.ui.addSeedButton.checked
        panel.seeds_node.AddControlPointWorld(*(truth + [0.8, -0.6, 0.9]))
        panel.settle()
        assert panel.errors == []
        found = panel.logic.foundSeeds(panel.verification)
        assert found.count == count + 1
        np.testing.assert_allclose(found.positions_mm[-1], truth, atol=SNAPPED)
        assert abs(found.directions[-1] @ panel.implant.case.axes[-1]) > 0.98  # 10 degrees
        assert panel.column("foundTable", 3)[-1] == "hand"
        panel.click("undoButton")
        assert panel.ui.foundTable.rowCount == count

    def test_seeds_can_be_clicked_before_any_search(self, seedverify: Panel) -> None:
        panel, truth = seedverify, seedverify.implant.implanted_mm
        assert panel.ui.addSeedButton.toolTip == "Choose the implant CT first."
        panel.choose_images()
        for count, centre in enumerate(truth[:2], start=1):
            panel.click("addSeedButton")
            panel.seeds_node.AddControlPointWorld(*(centre + [0.5, 0.5, -0.5]))
            panel.settle()
            assert panel.errors == []
            assert panel.ui.headlineLabel.text.startswith(f"{count} of ")
            assert panel.column("foundTable", 3) == ["hand"] * count
        for _ in range(2):
            panel.click("undoButton")
        assert panel.ui.foundTable.rowCount == 0
        assert panel.ui.matchButton.toolTip == panel.ui.computeButton.toolTip == "Find the seeds first."

    def test_a_click_far_from_metal_adds_nothing_and_says_so(self, panel: Panel) -> None:
        count = panel.ui.foundTable.rowCount
        panel.click("addSeedButton")
        panel.seeds_node.AddControlPointWorld(25, 20, -15)
        panel.settle()
        assert panel.ui.foundTable.rowCount == count == panel.seeds_node.GetNumberOfControlPoints()
        assert "metal" in panel.ui.statusLabel.text

    def test_escape_ends_clicking(self, panel: Panel) -> None:
        panel.click("addSeedButton")
        panel.widget.panel.correcting._placing._escape.activated.emit()
        panel.settle()
        assert not panel.ui.addSeedButton.checked

    def test_a_dragged_seed_is_a_manual_one_when_it_is_let_go(self, panel: Panel) -> None:
        start = np.array(panel.seeds_node.GetNthControlPointPositionWorld(1))
        panel.drag(panel.seeds_node, 1, tuple(start + [0.5, 0, 0]), tuple(start + [1, 0, 0]), release=False)
        assert panel.column("foundTable", 3)[1] == "finder"
        panel.seeds_node.InvokeEvent(panel.seeds_node.PointEndInteractionEvent)
        panel.settle()
        assert panel.column("foundTable", 3)[1] == "hand"
        panel.click("undoButton")
        np.testing.assert_allclose(panel.seeds_node.GetNthControlPointPositionWorld(1), start, atol=1e-6)
        assert panel.column("foundTable", 3)[1] == "finder"

    @pytest.mark.validation
    def test_touching_seeds_are_split_and_what_is_one_is_merged_again(self, panel: Panel) -> None:
        import qt
        import slicer

        count, truth = panel.ui.foundTable.rowCount, panel.implant.implanted_mm
        beside = truth[0] + BESIDE_MM
        slicer.util.updateVolumeFromArray(panel.implant.ct, scanned(tuple(map(tuple, [*truth, beside]))).ct_hu)
        panel.ui.foundTable.selectRow(0)
        panel.click("splitSeedButton")
        assert panel.errors == []
        assert panel.ui.foundTable.rowCount == count + 1
        halves = [row for row, by in enumerate(panel.column("foundTable", 3)) if by == "hand"]
        assert len(halves) == 2
        places = panel.logic.foundSeeds(panel.verification).positions_mm[halves]
        for centre in (truth[0], beside):
            assert np.linalg.norm(places - centre, axis=1).min() < SNAPPED
        panel.ui.foundTable.clearSelection()
        panel.ui.foundTable.setSelectionMode(qt.QAbstractItemView.MultiSelection)
        panel.ui.foundTable.selectRow(halves[0])
        assert panel.ui.mergeSeedsButton.toolTip == "Choose the two seeds to be merged."
        panel.ui.foundTable.selectRow(halves[1])
        panel.click("mergeSeedsButton")
        assert panel.ui.foundTable.rowCount == count

    def test_a_lone_seed_is_not_split_and_the_panel_says_why(self, panel: Panel) -> None:
        count = panel.ui.foundTable.rowCount
        panel.ui.foundTable.selectRow(0)
        panel.click("splitSeedButton")
        assert "one seed only" in panel.errors[0]
        assert panel.ui.foundTable.rowCount == count

    def test_a_rejected_candidate_says_why_and_comes_back(self, panel: Panel) -> None:
        count = panel.ui.foundTable.rowCount
        panel.ui.correctTabs.currentIndex = 1
        assert panel.logic.rejectedNode(panel.verification).GetDisplayNode().GetVisibility()
        assert len(panel.column("rejectedTable", 2)[0]) > 10
        panel.ui.rejectedTable.selectRow(0)
        panel.click("bringBackButton")
        assert panel.ui.foundTable.rowCount == count + 1
        assert panel.ui.rejectedTable.rowCount == 0
        panel.ui.correctTabs.currentIndex = 0
        assert not panel.logic.rejectedNode(panel.verification).GetDisplayNode().GetVisibility()

    def test_the_count_runs_along(self, panel: Panel) -> None:
        found = panel.ui.foundTable.rowCount
        assert panel.ui.headlineLabel.text.startswith(f"{found} of {found + 2} seeds found, 2 to look at")
        panel.ui.foundTable.selectRow(0)
        panel.click("deleteSeedButton")
        assert panel.ui.headlineLabel.text.startswith(f"{found - 1} of {found + 2} seeds found")
