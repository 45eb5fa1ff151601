"""The SeedVerify panel, clicked: from the CT to the files, on the stand-in or on Slicer's own Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brachyresponse.verification import CARRIED_STAMP
from gui.module_panel import light_of
from gui.seedverify_panel import SECTIONS, Panel

STATE = 6
"""Column of the table of pairs."""
PANEL_WIDTH, PANEL_HEIGHT = 400, 640


class TestMainPath:
    def test_a_verification_begins_when_the_implant_ct_is_chosen(self, seedverify: Panel) -> None:
        assert seedverify.verification is None
        seedverify.ui.implantVolumeSelector.setCurrentNode(seedverify.implant.ct)
        assert seedverify.logic.implantVolumeNode(seedverify.verification) is seedverify.implant.ct
        assert seedverify.ui.verificationSelector.currentNode() is seedverify.verification

    def test_seeds_pairs_dose_results_and_files_by_clicks(self, implant_panel: Panel, tmp_path: Path) -> None:
        panel = implant_panel
        panel.compute()
        assert panel.errors == []
        assert panel.ui.foundTable.rowCount == len(panel.implant.implanted_mm)
        assert panel.column("matchTable", STATE).count("paired") == len(panel.implant.implanted_mm)
        assert panel.column("matchTable", STATE).count("missing") == 1
        assert any(text.startswith("D90") for text in panel.column("metricsTable", 1))
        assert "D90" in panel.ui.headlineLabel.text
        assert panel.ui.staleLabel.text == ""
        panel.ui.folderEdit.setCurrentPath(str(tmp_path))
        panel.click("exportButton")
        assert panel.errors == []
        written = json.loads((tmp_path / "verification.json").read_text())
        assert written["schema"] == 1
        assert (tmp_path / "detected.json").is_file()

    def test_buttons_say_what_is_missing_until_it_is_there(self, seedverify: Panel) -> None:
        ui = seedverify.ui
        assert ui.findButton.toolTip == ui.computeButton.toolTip == "Choose the implant CT first."
        ui.implantVolumeSelector.setCurrentNode(seedverify.implant.ct)
        assert ui.computeButton.toolTip == "Choose a plan first."
        assert ui.matchButton.toolTip == "Choose a plan first."
        ui.planSelector.setCurrentNode(seedverify.implant.plan)
        assert ui.computeButton.toolTip == ui.acceptSeedButton.toolTip == "Find the seeds first."
        seedverify.click("findButton")
        assert ui.computeButton.toolTip == "Register plan and implant first."
        assert ui.exportButton.toolTip == "Compute the dose first."
        assert ui.splitSeedButton.toolTip == "Choose the one seed to be split."
        seedverify.register("NONE")
        seedverify.choose_target()
        assert ui.computeButton.enabled
        assert "DVH" in ui.computeButton.toolTip


class TestImages:
    def test_the_plan_brings_its_image_its_limits_and_its_number_of_seeds(self, seedverify: Panel) -> None:
        seedverify.choose_images()
        assert seedverify.ui.planVolumeSelector.currentNode() is seedverify.patient["volume"]
        assert seedverify.ui.expectedCountSpinBox.value == len(seedverify.implant.implanted_mm) + 1
        assert seedverify.ui.implantDateEdit.placeholderText == "2026-03-06, as planned"
        assert seedverify.ui.datesLabel.text.startswith("Day 1 after the implant of 2026-03-06: 1.2 %")

    def test_a_wrong_date_is_refused_and_the_old_one_shown_again(self, seedverify: Panel) -> None:
        seedverify.choose_images()
        seedverify.ui.scanDateEdit.text = "tomorrow"
        seedverify.ui.scanDateEdit.editingFinished.emit()
        assert "'tomorrow'" in seedverify.errors[0]
        assert seedverify.ui.scanDateEdit.text == "2026-03-07"

    def test_a_scan_before_the_implant_is_said_at_once(self, seedverify: Panel) -> None:
        seedverify.choose_images()
        seedverify.ui.implantDateEdit.text = "2026-03-20"
        seedverify.ui.implantDateEdit.editingFinished.emit()
        assert "2026-03-07 is before the implant on 2026-03-20" in seedverify.ui.datesLabel.text

    def test_the_plan_is_hidden_in_the_views_until_it_is_asked_for(self, seedverify: Panel) -> None:
        from brachyresponse.scene.plans import seeds_node_of

        display = seeds_node_of(seedverify.implant.plan).GetDisplayNode()
        assert display.GetVisibility()
        seedverify.choose_images()
        assert not display.GetVisibility()
        seedverify.click("planCheckBox")
        assert display.GetVisibility()

    def test_only_plans_and_verifications_are_offered_as_such(self, seedverify: Panel) -> None:
        seedverify.choose_images()
        assert [node.GetName() for node in seedverify.ui.planSelector.nodes()] == ["Plan"]
        assert [node.GetName() for node in seedverify.ui.verificationSelector.nodes()] == ["Verification"]


class TestMatching:
    def test_the_preview_is_laid_over_the_implant_ct_and_taken_away(self, seedverify: Panel, a_slice_view: Any) -> None:
        seedverify.match()
        layers = a_slice_view.logic.GetSliceCompositeNode()
        seedverify.click("previewCheckBox")
        assert layers.GetBackgroundVolumeID() == seedverify.implant.ct.GetID()
        assert layers.GetForegroundVolumeID()
        assert seedverify.ui.previewCheckBox.checked
        seedverify.click("previewCheckBox")
        assert not layers.GetForegroundVolumeID()
        assert not seedverify.ui.previewCheckBox.checked

    def test_a_pair_says_how_far_it_moved_and_a_click_goes_there(self, seedverify: Panel, a_slice_view: Any) -> None:
        seedverify.match()
        assert seedverify.ui.matchLabel.text.startswith("9 pairs · 2 missing · largest displacement 1.7 mm")
        assert set(seedverify.column("matchTable", 4)) <= {"0.7", "–"}
        seedverify.ui.matchTable.selectRow(2)
        seedverify.settle()
        row = int(seedverify.column("matchTable", 1)[2]) - 1
        found = seedverify.logic.foundSeeds(seedverify.verification)
        assert a_slice_view.node.GetSliceOffset() == pytest.approx(found.positions_mm[row][2], abs=0.06)  # one decimal

    def test_seeds_are_laid_on_each_other_when_plan_and_implant_lie_apart(self, seedverify: Panel) -> None:
        seedverify.ui.matchingLimitSpinBox.value = 1  # less than all seeds have moved
        seedverify.match()
        assert "paired" not in seedverify.column("matchTable", STATE)
        seedverify.click("alignedCheckBox")
        assert seedverify.widget.panel.parameters.aligned
        seedverify.click("matchButton")
        assert seedverify.ui.matchLabel.text.startswith("9 pairs · 2 missing · largest displacement 1.7 mm")

    def test_arrows_come_and_go(self, seedverify: Panel) -> None:
        from brachyresponse.scene.verification_parts import VerificationRole, verification_part

        seedverify.match()
        display = verification_part(seedverify.verification, VerificationRole.ARROWS).GetDisplayNode()
        assert display.GetVisibility()
        seedverify.click("arrowsCheckBox")
        assert not display.GetVisibility()


class TestTargetAndDose:
    def test_a_carried_target_is_stamped_wherever_its_numbers_stand(self, seedverify: Panel) -> None:
        seedverify.match()
        seedverify.click("carryButton")
        assert CARRIED_STAMP in seedverify.ui.stampLabel.text
        seedverify.ui.doseSpacingSpinBox.value = 2
        seedverify.click("computeButton")
        assert seedverify.errors == []
        assert CARRIED_STAMP in seedverify.ui.headlineLabel.text
        assert CARRIED_STAMP in seedverify.column("metricsTable", 0)[0]

    def test_contouring_anew_opens_the_segment_editor_on_a_target_of_ours(
        self, seedverify: Panel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import slicer

        opened: list[str] = []
        monkeypatch.setattr(slicer.util, "selectModule", opened.append)
        seedverify.match()
        seedverify.click("carryButton")
        seedverify.click("contourButton")
        assert opened == ["SegmentEditor"]
        assert seedverify.ui.targetSelector.currentSegmentID() != ""
        assert seedverify.ui.stampLabel.text == ""
        seedverify.click("computeButton")
        assert "GTV" in seedverify.errors[0]  # it is still empty

    def test_ticks_make_organs_at_risk(self, seedverify: Panel) -> None:
        import qt

        seedverify.match()
        seedverify.choose_target()
        row = seedverify.column("organsTable", 0).index("Cord")
        seedverify.ui.organsTable.item(row, 1).setCheckState(qt.Qt.Checked)
        assert seedverify.logic.segments(seedverify.verification).organs == (seedverify.implant.cord,)

    def test_the_oedema_model_is_off_until_it_is_asked_for_and_says_that_it_is_assumed(self, seedverify: Panel) -> None:
        seedverify.choose_images()
        assert not seedverify.ui.oedemaCheckBox.checked
        assert not seedverify.ui.oedemaSwellingSpinBox.enabled
        seedverify.ui.oedemaCheckBox.checked = True
        seedverify.ui.oedemaSwellingSpinBox.value = 30
        model = seedverify.logic.oedema(seedverify.verification)
        assert (model.swelling, model.half_life_days) == (pytest.approx(0.3), 10)
        assert "assumption" in seedverify.ui.oedemaLabel.text
        seedverify.ui.oedemaCheckBox.checked = False
        assert seedverify.logic.oedema(seedverify.verification) is None


class TestResults:
    def test_a_limit_can_be_changed_for_this_verification_and_goes_back(self, seedverify: Panel) -> None:
        seedverify.choose_images()
        before = seedverify.column("limitsTable", 2)[0]
        seedverify.ui.limitsTable.item(0, 2).setText("at least 80")
        seedverify.settle()
        assert seedverify.column("limitsTable", 2)[0] == "at least 80 %"
        seedverify.ui.limitsTable.item(0, 2).setText("")
        seedverify.settle()
        assert seedverify.column("limitsTable", 2)[0] == before

    def test_places_to_watch_are_listed_and_a_click_goes_there(self, seedverify: Panel, a_slice_view: Any) -> None:
        seedverify.compute()
        rows = [n for n, what in enumerate(seedverify.column("watchTable", 0)) if what == "Cold"]
        assert rows
        a_slice_view.node.SetSliceOffset(40)
        seedverify.ui.watchTable.selectRow(rows[0])
        seedverify.settle()
        assert abs(a_slice_view.node.GetSliceOffset()) < 15  # inside the target

    def test_warnings_and_notes_stand_beside_the_places(self, seedverify: Panel) -> None:
        seedverify.compute()
        what = seedverify.column("watchTable", 0)
        assert any("D90" in text for text in seedverify.column("watchTable", 1)[what.index("Note") :])
        assert what.index("Note") > max(n for n, text in enumerate(what) if text == "Cold")

    def test_a_metric_shows_the_worst_of_its_verdicts(self, seedverify: Panel) -> None:
        seedverify.compute()
        row = next(n for n, text in enumerate(seedverify.column("metricsTable", 1)) if text.startswith("D90"))
        item = seedverify.ui.metricsTable.item(row, 3)
        assert not item.icon().isNull()
        assert seedverify.ui.metricsTable.isColumnHidden(5)

    def test_the_oedema_model_adds_a_column_and_its_assumption(self, seedverify: Panel) -> None:
        seedverify.match()
        seedverify.choose_target()
        seedverify.ui.oedemaCheckBox.checked = True
        seedverify.click("computeButton")
        assert seedverify.errors == []
        assert not seedverify.ui.metricsTable.isColumnHidden(5)
        assert any("Oedema model" in text for text in seedverify.column("watchTable", 1))

    def test_robustness_is_an_interval_with_what_was_assumed(self, seedverify: Panel) -> None:
        seedverify.compute()
        seedverify.widget.panel.parameters.robustnessSamples = 20
        seedverify.click("robustnessButton")
        assert seedverify.errors == []
        assert [text.split()[0] for text in seedverify.column("robustnessTable", 0)] == ["D90", "V100"]
        assert "–" in seedverify.column("robustnessTable", 2)[0]
        assert "20 implants" in seedverify.ui.robustnessLabel.text

    def test_two_scans_stand_side_by_side_whichever_is_chosen_first(self, seedverify: Panel) -> None:
        seedverify.compute()
        first = seedverify.verification
        seedverify.click("newVerificationButton")
        assert seedverify.verification is not first
        seedverify.compute()
        seedverify.ui.scanDateEdit.text = "2026-04-05"
        seedverify.ui.scanDateEdit.editingFinished.emit()
        seedverify.ui.otherSelector.setCurrentNode(first)
        seedverify.settle()
        seedverify.click("compareButton")
        assert seedverify.errors == []
        header = [seedverify.ui.compareTable.horizontalHeaderItem(n).text() for n in range(6)]
        assert header[2:] == ["plan", "day 1", "day 30", "difference"]
        assert seedverify.ui.compareTable.rowCount > 10

    def test_isodoses_are_shown_as_they_are_ticked(self, seedverify: Panel) -> None:
        from brachyresponse.scene.verification_parts import VerificationRole, verification_part

        seedverify.compute()
        display = verification_part(seedverify.verification, VerificationRole.ISODOSE).GetDisplayNode()
        assert (display.GetVisibility2D(), display.GetVisibility3D()) == (True, False)
        seedverify.click("surfacesCheckBox")
        seedverify.click("linesCheckBox")
        assert (display.GetVisibility2D(), display.GetVisibility3D()) == (False, True)

    def test_the_dose_difference_is_laid_over_the_slices(self, seedverify: Panel, a_slice_view: Any) -> None:
        seedverify.compute()
        layers = a_slice_view.logic.GetSliceCompositeNode()
        seedverify.click("differenceCheckBox")
        assert layers.GetForegroundVolumeID() == seedverify.logic.differenceVolume(seedverify.verification).GetID()
        seedverify.click("differenceCheckBox")
        assert not layers.GetForegroundVolumeID()


class TestLook:
    @pytest.mark.parametrize("width", [PANEL_WIDTH, 480])
    def test_the_panel_fits_with_any_section_open(self, seedverify: Panel, width: int) -> None:
        seedverify.compute()
        seedverify.ui.oedemaCheckBox.checked = True
        seedverify.widget.parent.resize(width, PANEL_HEIGHT)
        seedverify.widget.parent.show()
        for section in SECTIONS:
            seedverify.widget.panel.accordion.open(section)
            seedverify.settle()
            layout = seedverify.widget.parent.layout()
            assert layout.minimumSize().width() <= width, section
            assert layout.minimumHeightForWidth(width) <= PANEL_HEIGHT, section

    @pytest.mark.usefixtures("dark_theme")
    def test_the_panel_uses_the_colours_of_the_theme(self, seedverify: Panel) -> None:
        seedverify.compute()
        seedverify.widget.panel.accordion.open("resultsSection")
        seedverify.widget.parent.resize(PANEL_WIDTH, PANEL_HEIGHT)
        seedverify.widget.parent.show()
        seedverify.settle()
        light = np.median(light_of(seedverify.widget.parent, (PANEL_WIDTH, PANEL_HEIGHT)))
        assert light < 90  # a background painted by us would be light
        ui_text = Path(seedverify.widget.resourcePath("UI/SeedVerify.ui")).read_text()
        assert "styleSheet" not in ui_text
        assert "<palette>" not in ui_text

    def test_every_control_says_what_it_does(self, seedverify: Panel) -> None:
        import qt

        kinds = (qt.QAbstractButton, qt.QAbstractSpinBox, qt.QComboBox, qt.QLineEdit, qt.QTableWidget)
        text = Path(seedverify.widget.resourcePath("UI/SeedVerify.ui")).read_text()
        named = [w for name, w in vars(seedverify.ui).items() if isinstance(w, kinds) and f'name="{name}"' in text]
        assert len(named) > 40
        assert [w.name for w in named if not w.toolTip] == []
