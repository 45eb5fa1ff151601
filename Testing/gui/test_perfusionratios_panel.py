"""The PerfusionRatios panel, clicked: from the series to the files, on the stand-in or on Slicer's own Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gui.module_panel import light_of
from gui.perfusionratios_panel import SECTIONS, Panel
from gui.small_scan import LESION_MM

PANEL_WIDTH, PANEL_HEIGHT = 400, 640
RATIO, NOW, BEFORE = 1, 2, 3
"""Columns of the ratio table."""


class TestMainPath:
    def test_a_study_begins_when_the_series_is_chosen_and_says_of_what_kind_it_seems(
        self, perfusionratios: Panel
    ) -> None:
        panel = perfusionratios
        assert panel.study is None
        panel.ui.seriesSelector.setCurrentNode(panel.scan.series)
        panel.settle()
        assert panel.logic.seriesNodes(panel.study) == [panel.scan.series]
        assert panel.ui.kindSelector.itemData(panel.ui.kindSelector.currentIndex) == "dce"
        assert "echo time" in panel.ui.kindLabel.text
        assert panel.ui.timesLabel.text.startswith("32 frames in 124 s, every 4 s")
        assert panel.column("acquisitionTable", 1)[:3] == ["5", "1.6", "15"]

    def test_both_visits_by_clicks_to_ratios_meaning_and_files(self, perfusionratios: Panel, tmp_path: Path) -> None:
        panel = perfusionratios
        panel.compute_both()
        assert panel.errors == []
        ui = panel.ui
        assert panel.column("aifTable", 1)[0] == "Good"
        assert {"Ktrans", "vp"} <= set(panel.column("mapsTable", 0))
        vp = panel.column("ratioTable", RATIO).index("rVp")
        assert float(panel.column("ratioTable", NOW)[vp].split()[0]) == pytest.approx(1.1, abs=0.1)
        assert float(panel.column("ratioTable", BEFORE)[vp].split()[0]) == pytest.approx(3.0, abs=0.3)
        assert ui.headlineLabel.text == "Lesion: Not hyperperfused: may count as evidence for necrosis"
        assert "[low_counts]" in ui.interpretationBox.toPlainText()
        assert "[six_of_fourteen]" in ui.interpretationBox.toPlainText()
        assert panel.column("timingTable", 1)[0] == "14 days"
        assert ui.staleLabel.text == ""
        ui.folderEdit.setCurrentPath(str(tmp_path))
        panel.click("exportButton")
        assert panel.errors == []
        assert json.loads((tmp_path / "perfusion.json").read_text())["schema"] == 1
        ui.studySelector.setCurrentNode(panel.logic.studies()[0])
        panel.settle()
        assert panel.before.segmentation.GetDisplayVisibility()
        assert not panel.scan.segmentation.GetDisplayVisibility()

    def test_buttons_say_what_is_missing_until_it_is_there(self, perfusionratios: Panel) -> None:
        ui, scan = perfusionratios.ui, perfusionratios.scan
        assert ui.computeButton.toolTip == ui.findAifButton.toolTip == "Choose the dynamic series first."
        assert ui.exportButton.toolTip == "Compute the maps first."
        ui.seriesSelector.setCurrentNode(scan.series)
        perfusionratios.settle()
        assert ui.computeButton.toolTip == "Give T1 before contrast agent first."
        assert ui.clickLesionButton.toolTip == "Choose the image of the lesion first."
        ui.t1SpinBox.value = 1.4
        ui.anatomicalSelector.setCurrentNode(scan.anatomical)
        perfusionratios.settle()
        assert ui.computeButton.enabled
        assert ui.proposeButton.toolTip == "Click the lesion first, or add a segment."
        ui.aifSelector.activated.emit(1)
        assert ui.findAifButton.toolTip == "Choose the segment of the artery first."


class TestScan:
    def test_a_typed_value_is_taken_and_a_wrong_one_is_refused_and_put_back(self, perfusionratios: Panel) -> None:
        panel = perfusionratios
        panel.ui.seriesSelector.setCurrentNode(panel.scan.series)
        panel.settle()
        panel.ui.acquisitionTable.item(2, 1).setText("12")
        panel.settle()
        assert panel.logic.acquisition(panel.study).flip_angle_deg == 12
        assert panel.column("acquisitionTable", 3)[2] == "entered"
        panel.ui.acquisitionTable.item(2, 1).setText("wide")
        panel.settle()
        assert "not a number" in panel.errors[0]
        assert panel.column("acquisitionTable", 1)[2] == "12"

    def test_figures_that_do_not_fit_together_are_said_at_once(self, perfusionratios: Panel) -> None:
        panel = perfusionratios
        panel.ui.seriesSelector.setCurrentNode(panel.scan.series)
        panel.settle()
        panel.ui.acquisitionTable.item(0, 1).setText("1")
        panel.settle()
        assert "The echo time, 1.6 ms, is not shorter than the repetition time, 1 ms" in panel.ui.scanWarningsLabel.text

    def test_an_interval_gives_times_to_volumes_that_have_none(self, perfusionratios: Panel, scene: Any) -> None:
        import slicer

        panel = perfusionratios
        frames = [panel.scan.series.GetNthDataNode(number) for number in range(6)]
        for number, frame in enumerate(frames):
            values = slicer.util.arrayFromVolume(frame)
            volume = slicer.util.addVolumeFromArray(values, name=f"Frame {number}")
            panel.ui.framesSelector.check(volume)
        panel.click("takeFramesButton")
        assert "when its frames were acquired" in panel.ui.scanWarningsLabel.text
        assert panel.ui.computeButton.toolTip == panel.ui.scanWarningsLabel.text
        panel.ui.intervalSpinBox.value = 2.5
        panel.click("takeIntervalButton")
        assert panel.column("timesTable", 1)[:3] == ["0", "2.5", "5"]
        assert panel.ui.scanWarningsLabel.text == ""

    def test_t1_is_one_value_or_a_map_and_a_dsc_series_needs_none(self, perfusionratios: Panel) -> None:
        panel, ui = perfusionratios, perfusionratios.ui
        panel.choose(panel.scan, "2026-09-22")
        ui.t1Selector.activated.emit(1)
        ui.t1MapSelector.setCurrentNode(panel.scan.anatomical)
        panel.settle()
        assert ui.t1Selector.currentIndex == 1
        ui.t1Selector.activated.emit(0)
        ui.t1SpinBox.value = 1.2
        panel.settle()
        assert ui.t1MapSelector.currentNode() is None
        assert ui.computeButton.enabled
        ui.kindSelector.setCurrentIndex(1)
        ui.kindSelector.activated.emit(1)
        assert panel.logic.kind(panel.study) == "dsc"
        assert ui.t1Selector.toolTip == "A DSC series needs no T1."
        assert ui.modelLabel.text == "Flow:"
        assert ui.kindLabel.text.startswith("Proposed: DCE.")


class TestLesion:
    def test_a_click_in_a_slice_grows_the_lesion_a_click_on_its_row_goes_there(
        self, perfusionratios: Panel, a_slice_view: Any
    ) -> None:
        import slicer

        panel, ui = perfusionratios, perfusionratios.ui
        ui.seriesSelector.setCurrentNode(panel.before.series)
        ui.anatomicalSelector.setCurrentNode(panel.before.anatomical)
        panel.settle()
        panel.click("clickLesionButton")
        assert ui.clickLesionButton.checked
        point = slicer.mrmlScene.GetNodeByID(slicer.app.applicationLogic().GetSelectionNode().GetActivePlaceNodeID())
        point.AddControlPointWorld(*LESION_MM)
        slicer.app.applicationLogic().GetInteractionNode().SwitchToViewTransformMode()
        panel.settle()
        panel.widget.panel.lesions.clicking.flush()
        panel.settle()
        assert panel.errors == []
        assert not ui.clickLesionButton.checked
        assert point.GetScene() is None
        assert panel.column("lesionsTable", 0) == ["Lesion"]
        assert float(panel.column("lesionsTable", 1)[0]) == pytest.approx(6.9, rel=0.5)
        a_slice_view.node.SetSliceOffset(20)
        ui.lesionsTable.selectRow(0)
        panel.settle()
        assert a_slice_view.node.GetSliceOffset() == pytest.approx(LESION_MM[2], abs=3)  # half a voxel
        grown = panel.logic.lesions(panel.study)[0]
        panel.click("removeLesionButton")
        assert panel.column("lesionsTable", 0) == []
        assert grown.exists


class TestMaps:
    def test_a_click_lays_a_map_over_the_image_and_the_crosshair_is_followed_until_the_module_is_left(
        self, perfusionratios: Panel, a_slice_view: Any
    ) -> None:
        import slicer

        from brachyresponse.slicer_panel.perfusionratios.crosshair import crosshair

        panel = perfusionratios
        panel.choose(panel.scan, "2026-09-22")
        follower = panel.widget.panel.curves.crosshair
        assert not follower.following
        panel.click("followCheckBox")
        crosshair(slicer.mrmlScene).SetCursorPositionRAS(LESION_MM)
        follower.timer.flush()
        assert panel.ui.curveLabel.text.startswith("The signal as it was scanned")
        panel.click("computeButton")
        crosshair(slicer.mrmlScene).SetCursorPositionRAS((LESION_MM[0], LESION_MM[1], 1.0))
        follower.timer.flush()
        assert "Ktrans" in panel.ui.curveLabel.text
        layers = a_slice_view.logic.GetSliceCompositeNode()
        panel.ui.mapsTable.selectRow(panel.column("mapsTable", 0).index("vp"))
        panel.settle()
        assert layers.GetForegroundVolumeID() == panel.logic.maps(panel.study)["vp"].GetID()
        panel.click("hideMapButton")
        assert not layers.GetForegroundVolumeID()
        panel.widget.parent.exit()
        assert not follower.following
        panel.widget.parent.enter()
        assert follower.following

    def test_another_visit_brings_its_own_map_and_takes_that_of_the_other_away(
        self, perfusionratios: Panel, a_slice_view: Any
    ) -> None:
        import slicer

        panel, layers = perfusionratios, a_slice_view.logic.GetSliceCompositeNode()
        panel.compute_both()
        before, after = panel.logic.studies()
        panel.ui.mapsTable.selectRow(panel.column("mapsTable", 0).index("vp"))
        panel.settle()
        assert layers.GetForegroundVolumeID() == panel.logic.maps(after)["vp"].GetID()
        panel.ui.studySelector.setCurrentNode(before)
        panel.settle()
        assert layers.GetForegroundVolumeID() == panel.logic.maps(before)["vp"].GetID()
        legends = slicer.util.getNodesByClass("vtkMRMLColorLegendDisplayNode")
        assert sorted(legend.GetVisibility() for legend in legends) == [0, 1]
        panel.click("newStudyButton")
        panel.ui.seriesSelector.setCurrentNode(panel.scan.series)
        panel.settle()
        assert not layers.GetForegroundVolumeID()


class TestSettings:
    def test_a_setting_is_typed_makes_results_stale_and_an_emptied_cell_brings_the_default_back(
        self, perfusionratios: Panel
    ) -> None:
        panel = perfusionratios
        panel.compute()
        labels = panel.column("settingsTable", 0)
        row = labels.index("Limit of hyperperfusion")
        panel.ui.settingsTable.item(row, 1).setText("1.8")
        panel.settle()
        assert panel.logic.setting(panel.study, "threshold") == 1.8
        assert panel.ui.staleLabel.text.startswith("Out of date: ")
        panel.ui.settingsTable.item(row, 1).setText("")
        panel.settle()
        assert panel.logic.setting(panel.study, "threshold") == 1.5
        assert panel.ui.staleLabel.text == ""
        panel.ui.settingsTable.item(labels.index("Leakage correction"), 1).setText("perhaps")
        panel.settle()
        assert "Leakage correction" in panel.errors[0]


class TestLook:
    @pytest.mark.usefixtures("dark_theme")
    def test_the_panel_fits_with_any_section_open_in_the_colours_of_the_theme(self, perfusionratios: Panel) -> None:
        panel = perfusionratios
        panel.compute()
        panel.widget.parent.resize(PANEL_WIDTH, PANEL_HEIGHT)
        panel.widget.parent.show()
        for section in SECTIONS:
            panel.widget.panel.accordion.open(section)
            panel.settle()
            panel.settle()  # nested layouts take a turn more
            layout = panel.widget.parent.layout()
            assert layout.minimumSize().width() <= PANEL_WIDTH, section
            assert layout.minimumHeightForWidth(PANEL_WIDTH) <= PANEL_HEIGHT, section
        light = np.median(light_of(panel.widget.parent, (PANEL_WIDTH, PANEL_HEIGHT)))
        assert light < 90  # a background painted by us would be light

    def test_every_control_says_what_it_does(self, perfusionratios: Panel) -> None:
        import qt

        kinds = (qt.QAbstractButton, qt.QAbstractSpinBox, qt.QComboBox, qt.QLineEdit, qt.QTableWidget)
        ui = perfusionratios.ui
        text = Path(perfusionratios.widget.resourcePath("UI/PerfusionRatios.ui")).read_text()
        assert "styleSheet" not in text
        assert "<palette>" not in text
        named = [w for name, w in vars(ui).items() if isinstance(w, kinds) and f'name="{name}"' in text]
        assert len(named) > 40
        assert [w.name for w in named if not w.toolTip] == []
