"""The SeedVerify panel when the scene is changed behind its back: nodes removed, runs cancelled, other modules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gui.seedverify_panel import Panel
from scene_state import scene_state


def saved_and_loaded(panel: Panel, scene: Any, path: Path) -> None:
    assert scene.WriteToMRB(str(path))
    scene.Clear(0)
    panel.settle()
    assert scene.ReadFromMRB(str(path), True)
    panel.settle()


def shown(panel: Panel) -> dict[str, Any]:
    """What a user sees of a verification."""
    ui = panel.ui
    labels = ("countLabel", "headlineLabel", "registrationLabel", "matchLabel", "datesLabel", "staleLabel")
    tables = ("foundTable", "rejectedTable", "matchTable", "metricsTable")
    buttons = ("addSeedButton", "nextLowButton", "matchButton", "computeButton", "exportButton", "robustnessButton")
    return {
        **{name: getattr(ui, name).text for name in labels},
        **{name: panel.column(name, 1) for name in tables},
        **{name: getattr(ui, name).enabled for name in buttons},
        "by": panel.column("foundTable", 3),
        "section": panel.widget.panel.parameters.openSection,
    }


def chosen_only(panel: Panel) -> None:
    panel.choose_images()


def clicked_only(panel: Panel) -> None:
    panel.choose_images()
    panel.click("addSeedButton")
    panel.seeds_node.AddControlPointWorld(*panel.implant.implanted_mm[0])
    panel.settle()


def corrected(panel: Panel) -> None:
    panel.find()
    panel.click("nextLowButton")
    panel.click("acceptSeedButton")
    panel.ui.foundTable.selectRow(0)
    panel.click("deleteSeedButton")


def matched(panel: Panel) -> None:
    panel.match()


STATES = (chosen_only, clicked_only, corrected, matched)


class TestSavedScenes:
    @pytest.mark.parametrize("reach", STATES)
    def test_every_state_comes_back_from_a_file(
        self, seedverify: Panel, scene: Any, tmp_path: Path, reach: Callable[[Panel], None]
    ) -> None:
        reach(seedverify)
        seedverify.widget.panel.accordion.open("registerSection")
        before = shown(seedverify)
        saved_and_loaded(seedverify, scene, tmp_path / "case.mrb")
        assert seedverify.errors == []
        assert shown(seedverify) == before

    def test_the_panels_own_choices_come_back(self, seedverify: Panel, scene: Any, tmp_path: Path) -> None:
        seedverify.find()
        seedverify.register("NONE")
        ui = seedverify.ui
        for name in ("alignedCheckBox", "byNeedleCheckBox"):
            seedverify.click(name)
        ui.matchingLimitSpinBox.value = 7
        ui.doseSpacingSpinBox.value = 1.5
        saved_and_loaded(seedverify, scene, tmp_path / "case.mrb")
        parameters = seedverify.widget.panel.parameters
        assert (parameters.aligned, parameters.byNeedle, parameters.maxDistanceMm) == (True, True, 7)
        assert parameters.registering.name == "NONE"
        assert ui.alignedCheckBox.checked
        assert (ui.matchingLimitSpinBox.value, ui.doseSpacingSpinBox.value) == (7, 1.5)


class TestRemovedNodes:
    @pytest.mark.parametrize("victim", ["plan", "ct", "structures", "seeds", "registration", "plan volume"])
    def test_a_node_removed_behind_its_back_is_shown_as_missing(
        self, seedverify: Panel, scene: Any, victim: str
    ) -> None:
        panel, implant = seedverify, seedverify.implant
        panel.compute()
        for name in ("vtkMRMLScalarVolumeNode", "vtkMRMLSegmentationNode"):  # others, to be taken in its place
            scene.AddNewNodeByClass(name, "A before").CreateDefaultDisplayNodes()
        node = {
            "plan": implant.plan,
            "ct": implant.ct,
            "structures": implant.structures,
            "seeds": panel.seeds_node,
            "registration": panel.logic.transformNode(panel.verification),
            "plan volume": implant.patient["volume"],
        }[victim]
        selectors = ("implantVolumeSelector", "planSelector", "planVolumeSelector", "targetSegmentationSelector")
        before = {name: getattr(panel.ui, name).currentNode() for name in selectors}
        scene.RemoveNode(node)
        panel.settle()
        panel.widget.parent.exit()
        panel.widget.parent.enter()
        panel.settle()
        assert panel.errors == []
        for name in selectors:
            assert getattr(panel.ui, name).currentNode() in (before[name], None)
        if victim == "plan volume":  # the dose needs the structures, not the image
            panel.click("computeButton")
            assert panel.errors == []
        else:
            assert panel.ui.computeButton.toolTip.endswith("first.")
            assert panel.ui.staleLabel.text.startswith("Out of date: ")

    def test_the_verification_itself_can_be_removed(self, seedverify: Panel, scene: Any) -> None:
        seedverify.compute()
        scene.RemoveNode(seedverify.verification)
        seedverify.settle()
        assert seedverify.errors == []
        assert seedverify.verification is None
        assert seedverify.ui.headlineLabel.text == "No seeds yet."


class TestCancelled:
    @pytest.mark.parametrize(
        "button",
        [
            "findButton",
            "registerButton",
            pytest.param("computeButton", marks=pytest.mark.validation),
            pytest.param("robustnessButton", marks=pytest.mark.validation),
        ],
    )
    def test_cancel_changes_nothing_in_any_state(
        self, implant_panel: Panel, scene: Any, monkeypatch: pytest.MonkeyPatch, button: str
    ) -> None:
        import slicer

        panel = implant_panel
        with panel.finder_at_once():
            panel.compute()
        if button == "registerButton":
            parameters = panel.widget.panel.parameters
            parameters.registering = type(parameters.registering).SOFT_TISSUE  # the small patient has no bone
        if button in ("computeButton", "robustnessButton"):
            panel.ui.foundTable.selectRow(0)
            panel.click("deleteSeedButton")  # the kept result no longer holds
        before = scene_state(scene)
        create = slicer.util.createProgressDialog

        def cancelled_dialog(*args: Any, **kwargs: Any) -> Any:
            dialog = create(*args, **kwargs)
            dialog.cancel()
            return dialog

        monkeypatch.setattr(slicer.util, "createProgressDialog", cancelled_dialog)
        panel.click(button)
        assert panel.errors == []
        assert panel.ui.statusLabel.text == "Cancelled; nothing was changed."
        assert scene_state(scene) == before


class TestWithoutAPlan:
    def test_seeds_are_found_and_corrected_and_the_rest_says_what_it_needs(self, seedverify: Panel) -> None:
        panel, ui = seedverify, seedverify.ui
        ui.implantVolumeSelector.setCurrentNode(panel.implant.ct)
        panel.click("findButton")
        count = ui.foundTable.rowCount
        assert ui.headlineLabel.text == f"{count} seeds found, 2 to look at"
        panel.click("nextLowButton")
        panel.click("acceptSeedButton")
        assert "1 to look at" in ui.headlineLabel.text
        for name in ("registerButton", "matchButton", "computeButton"):
            assert getattr(ui, name).toolTip == "Choose a plan first."
        for name in ("carryButton", "exportButton", "robustnessButton", "chartButton"):
            button = getattr(ui, name)
            assert not button.enabled
            assert button.toolTip.endswith("first.")


class TestSideBySide:
    def test_two_verifications_of_one_plan_do_not_mix(self, seedverify: Panel) -> None:
        panel = seedverify
        panel.match()
        first, count = panel.verification, panel.ui.foundTable.rowCount
        panel.click("newVerificationButton")
        assert panel.verification is not first
        assert panel.ui.headlineLabel.text == "No seeds yet."
        assert panel.ui.planSelector.currentNode() is panel.implant.plan
        panel.click("findButton")
        panel.ui.foundTable.selectRow(0)
        panel.click("deleteSeedButton")
        panel.ui.verificationSelector.setCurrentNode(first)
        panel.settle()
        assert panel.ui.foundTable.rowCount == count
        assert panel.ui.matchTable.rowCount > 0
        assert not panel.logic.canUndo(first) or panel.logic.foundSeeds(first).count == count

    def test_seeds_found_anew_can_be_taken_back_to_the_corrected_list(self, seedverify: Panel) -> None:
        panel = seedverify
        panel.find()
        count = panel.ui.foundTable.rowCount
        panel.ui.foundTable.selectRow(0)
        panel.click("deleteSeedButton")
        panel.click("nextLowButton")
        panel.click("acceptSeedButton")
        by = panel.column("foundTable", 3)
        panel.click("findButton")
        assert panel.column("foundTable", 3) == ["finder"] * count
        panel.click("undoButton")
        assert panel.column("foundTable", 3) == by
        panel.click("redoButton")
        assert panel.ui.foundTable.rowCount == count

    def test_a_plan_edited_in_brachydose_makes_the_results_out_of_date(
        self, seedverify: Panel, load_widget: Callable[[str], Any]
    ) -> None:
        panel = seedverify
        panel.compute()
        assert panel.ui.staleLabel.text == ""
        planner = load_widget("BrachyDose")
        panel.widget.parent.exit()
        planner.parent.enter()
        planner.logic.deleteSeed(panel.implant.plan, 0)
        planner.parent.exit()
        panel.widget.parent.enter()
        panel.settle()
        assert panel.ui.staleLabel.text.startswith("Out of date: ")
        planner.logic.undo(panel.implant.plan)
        panel.widget.parent.exit()
        panel.widget.parent.enter()
        assert panel.ui.staleLabel.text == ""

    def test_a_transform_hardened_on_found_seeds_turns_their_axes_too(self, seedverify: Panel, scene: Any) -> None:
        from scene.building import linear_transform, rotation

        panel = seedverify
        panel.find()
        before = panel.logic.foundSeeds(panel.verification)
        turn = rotation(30.0, (1.0, 0.0, 0.0))
        panel.seeds_node.SetAndObserveTransformNodeID(linear_transform(scene, turn, np.array([5.0, 0.0, 0.0])).GetID())
        panel.settle()
        under = panel.logic.foundSeeds(panel.verification)
        panel.seeds_node.HardenTransform()
        panel.settle()
        hardened = panel.logic.foundSeeds(panel.verification)
        for found in (under, hardened):
            np.testing.assert_allclose(found.positions_mm, before.positions_mm @ turn.T + [5, 0, 0], atol=1e-3)
            np.testing.assert_allclose(np.abs((found.directions * (before.directions @ turn.T)).sum(1)), 1, atol=1e-6)
            assert found.origins == before.origins


class TestClosing:
    @pytest.mark.parametrize("button", [pytest.param("findButton", marks=pytest.mark.validation), "computeButton"])
    def test_the_scene_can_be_closed_while_something_runs(self, implant_panel: Panel, scene: Any, button: str) -> None:
        """Slicer works on its events, and scripts on theirs, each time that progress is shown."""
        import qt

        panel = implant_panel
        with panel.finder_at_once():
            panel.compute()
        qt.QTimer.singleShot(0, lambda: scene.Clear(0))
        getattr(panel.ui, button).click()
        panel.settle()
        assert panel.verification is None
        assert panel.ui.headlineLabel.text == "No seeds yet."
        assert not panel.logic.verifications()
