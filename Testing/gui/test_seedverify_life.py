"""The life of the SeedVerify panel: scenes saved, loaded, closed, modules left and reloaded, errors, DICOM."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gui.seedverify_panel import Panel
from scene_state import scene_state


class TestSavedScenes:
    def test_a_saved_scene_brings_back_seeds_results_and_panel(
        self, seedverify: Panel, scene: Any, tmp_path: Path
    ) -> None:
        panel = seedverify
        panel.compute()
        tables = ("foundTable", "rejectedTable", "matchTable", "metricsTable", "limitsTable", "watchTable")
        shown = {name: panel.column(name, 1) for name in tables}
        headline, residual = panel.ui.headlineLabel.text, panel.ui.registrationLabel.text
        path = str(tmp_path / "verification.mrb")
        assert scene.WriteToMRB(path)
        scene.Clear(0)
        panel.settle()
        assert panel.verification is None
        assert panel.ui.headlineLabel.text == "No seeds yet."
        assert scene.ReadFromMRB(path, True)
        panel.settle()
        assert panel.errors == []
        assert {name: panel.column(name, 1) for name in tables} == shown
        assert panel.ui.headlineLabel.text == headline
        assert panel.ui.registrationLabel.text == residual
        assert panel.ui.staleLabel.text == ""
        assert panel.ui.implantVolumeSelector.currentNode().GetName() == "Implant CT"
        assert panel.ui.targetSelector.currentSegmentID() == panel.implant.target
        assert panel.ui.doseSpacingSpinBox.value == 2

    def test_seeds_can_be_dragged_after_loading(self, seedverify: Panel, scene: Any, tmp_path: Path) -> None:
        panel = seedverify
        panel.find()
        path = str(tmp_path / "verification.mrb")
        scene.WriteToMRB(path)
        scene.Clear(0)
        scene.ReadFromMRB(path, True)
        panel.settle()
        start = np.array(panel.seeds_node.GetNthControlPointPositionWorld(1))
        panel.drag(panel.seeds_node, 1, tuple(start + [1, 0, 0]))
        assert panel.column("foundTable", 3)[1] == "hand"


class TestClosing:
    def test_the_scene_can_be_closed_while_the_panel_is_open_and_while_a_seed_is_clicked(
        self, seedverify: Panel, scene: Any
    ) -> None:
        seedverify.find()
        seedverify.click("addSeedButton")
        scene.Clear(0)
        seedverify.settle()
        assert seedverify.verification is None
        assert not seedverify.ui.addSeedButton.checked
        assert seedverify.errors == []

    def test_leaving_the_module_stops_following_and_entering_shows_what_was_done(self, seedverify: Panel) -> None:
        seedverify.find()
        verification, rows = seedverify.verification, seedverify.ui.foundTable.rowCount
        seedverify.widget.parent.exit()
        seedverify.logic.deleteSeed(verification, 0)
        seedverify.widget.parent.enter()
        assert seedverify.verification is verification
        assert seedverify.ui.foundTable.rowCount == rows - 1

    def test_reload_takes_the_library_anew_and_shows_the_same_verification(self, seedverify: Panel) -> None:
        import slicer

        seedverify.find()
        verification, old = seedverify.verification, sys.modules["brachyresponse.scene.verification_seeds"]
        before = dict(sys.modules)
        try:
            seedverify.widget.onReload()
            reloaded = slicer.modules.SeedVerifyWidget
            assert reloaded is not seedverify.widget
            assert sys.modules["brachyresponse.scene.verification_seeds"] is not old
            assert reloaded.panel.verification is verification
            reloaded.cleanup()
        finally:
            sys.modules.update({name: module for name, module in before.items() if name.startswith("brachyresponse")})

    def test_deleting_a_verification_asks_and_leaves_images_and_plan(
        self, seedverify: Panel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import slicer

        seedverify.find()
        monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", lambda text, *args, **kwargs: False)
        seedverify.click("deleteVerificationButton")
        assert seedverify.verification is not None
        monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", lambda text, *args, **kwargs: True)
        seedverify.click("deleteVerificationButton")
        assert seedverify.logic.verifications() == []
        assert seedverify.implant.ct.GetScene() is not None
        assert seedverify.implant.plan.GetScene() is not None


class TestErrors:
    def test_cancel_stops_the_search_and_changes_nothing(
        self, implant_panel: Panel, scene: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import qt
        import slicer

        implant_panel.choose_images()
        before = scene_state(scene)
        create = slicer.util.createProgressDialog

        def cancelled_dialog(*args: Any, **kwargs: Any) -> qt.QProgressDialog:
            dialog = create(*args, **kwargs)
            dialog.cancel()
            return dialog

        monkeypatch.setattr(slicer.util, "createProgressDialog", cancelled_dialog)
        implant_panel.click("findButton")
        assert implant_panel.errors == []
        assert implant_panel.ui.statusLabel.text == "Cancelled; nothing was changed."
        assert scene_state(scene) == before

    def test_an_image_without_metal_is_refused_in_a_sentence(self, implant_panel: Panel, scene: Any) -> None:
        implant_panel.ui.implantVolumeSelector.setCurrentNode(implant_panel.patient["volume"])
        before = scene_state(scene)
        implant_panel.click("findButton")
        assert len(implant_panel.errors) == 1
        assert implant_panel.errors[0].startswith("The seeds were not found.")
        assert implant_panel.ui.statusLabel.text in implant_panel.errors[0]
        assert scene_state(scene) == before

    def test_export_without_a_folder_is_refused(self, seedverify: Panel) -> None:
        seedverify.compute()
        seedverify.click("exportButton")
        assert "folder" in seedverify.errors[0]

    def test_a_correction_makes_the_dose_out_of_date(self, seedverify: Panel) -> None:
        seedverify.compute()
        seedverify.ui.foundTable.selectRow(0)
        seedverify.click("deleteSeedButton")
        assert "Out of date" in seedverify.ui.staleLabel.text
        seedverify.click("undoButton")
        assert seedverify.ui.staleLabel.text == ""


class FakeDatabase:
    """What the menu asks of a ctkDICOMDatabase."""

    def __init__(self) -> None:
        self.series = {"1.1": "CT", "1.2": "RTPLAN", "1.3": "RTSTRUCT", "1.4": "MR"}

    def patients(self) -> list[str]:
        return ["1"]

    def studiesForPatient(self, patient: str) -> list[str]:
        return ["1"]

    def seriesForStudy(self, study: str) -> list[str]:
        return list(self.series)

    def filesForSeries(self, series: str) -> list[str]:
        return [series]

    def fileValue(self, file: str, tag: str) -> str:
        return self.series[file] if tag == "0008,0060" else ""

    def nameForPatient(self, patient: str) -> str:
        return "Doe^Jane"

    def descriptionForSeries(self, series: str) -> str:
        return "Neck implant"


class TestDicom:
    def test_plans_of_the_database_are_offered_with_what_belongs_to_them(
        self, seedverify: Panel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import slicer

        asked: list[Any] = []
        monkeypatch.setattr(slicer, "dicomDatabase", FakeDatabase(), raising=False)
        monkeypatch.setattr(
            seedverify.logic, "importDicomPlanFromDatabase", lambda series, **answers: asked.append((series, answers))
        )
        menu = seedverify.ui.databasePlanButton.menu()
        menu.aboutToShow.emit()
        (action,) = menu.actions()
        assert action.text == "Doe^Jane: Neck implant"
        action.trigger()
        series, answers = asked[0]
        assert series == ("1.2", "1.1", "1.3")
        assert answers == {"source": "", "prescriptionGy": None, "target": "", "implantDate": None}

    def test_without_a_database_the_menu_says_so(self, seedverify: Panel) -> None:
        menu = seedverify.ui.databasePlanButton.menu()
        menu.aboutToShow.emit()
        (action,) = menu.actions()
        assert action.text == "No RT Plan in the DICOM database"
        assert not action.enabled

    def test_a_folder_without_a_plan_is_refused(
        self, seedverify: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import qt

        monkeypatch.setattr(qt.QFileDialog, "getExistingDirectory", lambda *args: str(tmp_path))
        seedverify.choose_images()
        seedverify.click("openPlanButton")
        assert seedverify.errors[0].startswith("The plan was not read.")


class TestModule:
    def test_the_layout_is_set_on_the_first_opening_only(self, seedverify: Panel, a_layout_manager: Any) -> None:
        import slicer

        slicer.app.userSettings().remove("SeedVerify/LayoutWasShown")
        seedverify.widget.parent.enter()
        assert a_layout_manager.layout == slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpPlotView
        a_layout_manager.setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutOneUp3DView)
        seedverify.widget.parent.enter()
        assert a_layout_manager.layout == slicer.vtkMRMLLayoutNode.SlicerLayoutOneUp3DView
