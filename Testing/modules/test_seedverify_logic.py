from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import slicer
import slicer.util

from brachyresponse.scene.nodes import nodes_of_class
from brachyresponse.scene.seed_source import read_source
from brachyresponse.scene.seeds import read_seeds
from brachyresponse.scene.tables import read_table
from brachyresponse.scene.verification_registration import need_registration, write_registration
from brachyresponse.scene.verification_seeds import write_found_seeds
from brachyresponse.seeds import Origin
from brachyresponse.seeds.detection import DetectedSeeds
from brachyresponse.verification import OedemaModel, read_verification
from scene.verified import Verified

QUICK = {"doseSpacingMm": 2.5, "doseMarginMm": 12.0}


def found_by(truth: Any) -> Any:
    """A seed finder that finds what is there, and counts its calls."""
    calls: list[dict[str, Any]] = []

    def detect(ct_hu: Any, grid: Any, **options: Any) -> DetectedSeeds:
        calls.append(options)
        return truth

    detect.calls = calls  # type: ignore[attr-defined]
    return detect


@pytest.fixture
def evaluated(verifier: Any, verified: Verified) -> Verified:
    verifier.evaluate(verified.node, **QUICK)
    return verified


class TestFinding:
    def test_the_seeds_of_a_ct_are_found_where_they_lie(self, verifier: Any, phantom: Any, scene: Any) -> None:
        ct = slicer.util.addVolumeFromArray(phantom.ct_hu, ijkToRAS=phantom.grid.ijk_to_ras, name="Implant CT")
        node = verifier.createVerification(ct)
        seeds = verifier.findSeeds(node, expectedCount=5)
        found = verifier.foundSeeds(node)
        distance = np.linalg.norm(found.positions_mm[:, None] - phantom.centres_mm[None], axis=-1)
        assert found.count == seeds.GetNumberOfControlPoints() == 5
        assert distance.min(axis=0).max() < 1.0  # the finder's own tests hold it to less
        assert set(found.origins) == {Origin.DETECTED}
        assert verifier.seedCounts(node)[:2] == (5, 5)
        assert verifier.canUndo(node)  # back to the empty list
        verifier.undo(node)
        assert verifier.seedCounts(node)[0] == 0

    def test_the_finder_is_told_the_plans_number_and_the_region(
        self, verifier: Any, verified: Verified, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        finder = found_by(replace(verified.found, warnings=("Thick slices.",)))
        monkeypatch.setattr("brachyresponse.scene.verification_finding.detect_seeds", finder)
        target = verifier.segments(verified.node).gtv
        verifier.findSeeds(verified.node, None, verified.structures, target)
        assert finder.calls[0]["expected_count"] == 9
        assert finder.calls[0]["region"].name == "GTV"
        assert verifier.foundSeeds(verified.node).warnings == ("Thick slices.",)
        verifier.findSeeds(verified.node, expectedCount=11)
        assert finder.calls[1]["expected_count"] == 11
        assert verifier.seedCounts(verified.node)[:2] == (9, 11)


class TestCase:
    def test_what_is_set_is_what_is_said(self, verifier: Any, verified: Verified) -> None:
        node = verified.node
        assert verifier.verifications() == [node]
        assert (verifier.planNode(node), verifier.implantVolumeNode(node)) == (verified.plan, verified.ct)
        assert verifier.planVolumeNode(node) is verified.plan_volume
        assert verifier.scanDate(node) == date(2026, 3, 8)
        verifier.setImplantDate(node, "2026-03-07")
        assert verifier.implantDate(node) == date(2026, 3, 7)
        verifier.setPatient(node, patientID=" P-17 ")
        assert verifier.patientID(node) == "P-17"
        assert verifier.profile(node) == "brain"
        assert verifier.roles(node).organs == ("Cord",)
        verifier.renameVerification(node, "Day 2")
        assert verifier.seedsNode(node).GetName().startswith("Day 2")

    def test_found_seeds_have_the_strength_of_the_plan_that_is_chosen(self, verifier: Any, verified: Verified) -> None:
        verifier.setPlan(verified.node, None)
        seeds = verifier.seedsNode(verified.node)
        assert "strength_u" not in seeds.GetNthControlPointDescription(0)
        verifier.setPlan(verified.node, verified.plan)
        assert read_seeds(seeds).air_kerma_strength_u.tolist() == [0.6] * 9
        assert read_source(seeds).name == "amersham_6711"

    def test_a_plan_may_come_later_and_another_ct_take_its_place(self, verifier: Any, verified: Verified) -> None:
        other = slicer.util.addVolumeFromArray(np.zeros((4, 4, 4)), name="Other CT")
        verifier.setPlan(verified.node, None)
        assert verifier.planVolumeNode(verified.node) is None
        verifier.setPlan(verified.node, verified.plan)
        verifier.setPlanVolume(verified.node, other)
        verifier.setImplantVolume(verified.node, other)
        assert verifier.planVolumeNode(verified.node) is verifier.implantVolumeNode(verified.node) is other

    def test_another_implant_ct_makes_results_stale(self, verifier: Any, evaluated: Verified) -> None:
        verifier.setImplantVolume(evaluated.node, evaluated.ct)
        assert verifier.staleReason(evaluated.node) == ""
        verifier.setImplantVolume(evaluated.node, evaluated.plan_volume)
        assert verifier.staleReason(evaluated.node) == "another implant CT was chosen"

    def test_a_deleted_verification_is_forgotten(self, verifier: Any, evaluated: Verified) -> None:
        verifier.deleteVerification(evaluated.node)
        assert verifier.verifications() == []
        assert not nodes_of_class(slicer.mrmlScene, "vtkMRMLPlotChartNode")

    def test_the_nodes_to_be_watched_are_those_that_results_depend_on(self, verifier: Any, verified: Verified) -> None:
        names = {node.GetName() for node in verifier.verificationNodes(verified.node)}
        assert {"Implant CT", "CT", "Plan", "Verification seeds", "On the implant CT"} <= names


class TestRegistering:
    def test_one_frame_of_reference_needs_no_registration(self, verifier: Any, verified: Verified) -> None:
        verifier.setPatient(verified.node, frameOfReference="1.2.3")
        transform = verifier.register(verified.node, "none")
        assert transform is verifier.transformNode(verified.node)
        np.testing.assert_array_equal(verifier.registration(verified.node).matrix, np.eye(4))
        verifier.removeRegistration(verified.node)
        assert verifier.registration(verified.node) is None

    def test_contours_of_the_target_bring_plan_and_implant_together(self, verifier: Any, verified: Verified) -> None:
        verifier.register(verified.node, "contours")
        found = verifier.registration(verified.node)
        centre = found.to_implant([0.0, 0, 0])
        np.testing.assert_allclose(centre, verified.matrix[:3, 3], atol=0.5)  # a ball on voxels of 2 mm
        assert found.residual_mm is not None

    def test_a_carried_target_is_no_outline_to_register_on(self, verifier: Any, verified: Verified) -> None:
        verifier.carryStructures(verified.node)
        assert verifier.isCarried(verified.node)
        with pytest.raises(ValueError, match="target"):
            verifier.register(verified.node, "contours")


class TestResults:
    def test_everything_is_there_after_evaluating(self, verifier: Any, verified: Verified) -> None:
        result = verifier.evaluate(verified.node, **QUICK)
        node = verified.node
        assert verifier.staleReason(node) == ""
        for get in (
            verifier.seedTable,
            verifier.metricsTable,
            verifier.coldRegionsTable,
            verifier.nearOrgansTable,
            verifier.dvhChart,
            verifier.doseNode,
            verifier.differenceVolume,
        ):
            assert get(node) is not None
        assert result.target_stamp == ""
        assert result.days_after_implant == 2
        assert 0 < result.metric("GTV", "d90").implant < result.metric("GTV", "d90").plan * 2

    def test_files_come_from_the_last_result_while_it_holds(
        self, verifier: Any, evaluated: Verified, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*request: Any) -> None:
            raise AssertionError("it was computed again")

        monkeypatch.setattr("brachyresponse.scene.verification_evaluation.verify_implant", refuse)
        files = verifier.exportVerification(evaluated.node, tmp_path / "out")
        names = {path.name for path in files}
        assert {"verification.json", "detected.json", "dose.nrrd", "difference.nrrd", "report.html"} <= names
        assert all(path.stat().st_size for path in files)
        record = read_verification(tmp_path / "out")
        assert record.seeds.found == 9
        assert json.loads((tmp_path / "out" / "detected.json").read_text())["seeds"][0]["confidence"] == 0.6

    def test_robustness_goes_into_the_files_while_it_belongs_to_the_result(
        self, verifier: Any, evaluated: Verified, tmp_path: Path
    ) -> None:
        verifier.estimateRobustness(evaluated.node, samples=20)
        verifier.exportVerification(evaluated.node, tmp_path / "with")
        assert (tmp_path / "with" / "robustness.csv").is_file()
        assert "How sure D90 and V100 are" in (tmp_path / "with" / "report.html").read_text()
        verifier.evaluate(evaluated.node, **QUICK)
        names = {path.name for path in verifier.exportVerification(evaluated.node, tmp_path / "without")}
        assert "robustness.csv" not in names

    def test_a_stale_result_is_computed_again_for_the_files(
        self, verifier: Any, evaluated: Verified, tmp_path: Path
    ) -> None:
        verifier.deleteSeed(evaluated.node, 0)
        assert verifier.staleReason(evaluated.node)
        verifier.exportVerification(evaluated.node, tmp_path)
        assert verifier.staleReason(evaluated.node) == ""
        assert read_verification(tmp_path).seeds.found == 8

    def test_robustness_is_an_interval_round_what_was_found(self, verifier: Any, evaluated: Verified) -> None:
        rows = read_table(verifier.estimateRobustness(evaluated.node, samples=20, randomSeed=1)).rows
        assert verifier.robustnessTable(evaluated.node) is not None
        for row in rows[:2]:
            as_found, low, _, high = map(float, row[2:6])
            assert low <= high
            assert low - 15 < as_found < high + 15

    def test_an_oedema_model_is_a_column_of_its_own(self, verifier: Any, verified: Verified) -> None:
        assert verifier.oedema(verified.node) is None
        verifier.setOedema(verified.node, 0.4, 9.0)
        assert verifier.oedema(verified.node) == OedemaModel(0.4, 9.0)
        verifier.evaluate(verified.node, **QUICK)
        assert "with oedema" in read_table(verifier.metricsTable(verified.node)).columns
        verifier.setOedema(verified.node)
        assert verifier.staleReason(verified.node)

    def test_limits_are_changed_for_one_verification(self, verifier: Any, verified: Verified) -> None:
        first = verifier.verificationLimits(verified.node)[0]
        verifier.setVerificationLimit(verified.node, first.id, least=50)
        assert verifier.verificationLimits(verified.node)[0].least == 50
        verifier.resetVerificationLimits(verified.node)
        assert verifier.verificationLimits(verified.node)[0] == first

    def test_isodoses_and_difference_are_shown_and_hidden(self, verifier: Any, evaluated: Verified) -> None:
        verifier.writeIsodoses(evaluated.node, [100])
        verifier.showIsodoses(evaluated.node, surfaces=False, opacity=0.5)
        verifier.showDifference(evaluated.node, True)
        models = [n for n in nodes_of_class(slicer.mrmlScene, "vtkMRMLModelNode") if "isodose" in n.GetName()]
        assert [model.GetDisplayNode().GetVisibility3D() for model in models] == [0]

    def test_two_scans_of_one_implant_stand_side_by_side(
        self, verifier: Any, evaluated: Verified, tmp_path: Path
    ) -> None:
        later = verifier.createVerification(evaluated.ct, evaluated.plan, "Day 30")
        verifier.setScanDate(later, "2026-04-05")
        write_found_seeds(later, verifier.foundSeeds(evaluated.node))
        write_registration(later, need_registration(evaluated.node))
        chosen = verifier.segments(evaluated.node)
        verifier.setTarget(later, "gtv", evaluated.structures, chosen.gtv)
        verifier.setOrgans(later, evaluated.structures, chosen.organs, chosen.skin)
        verifier.evaluate(later, **QUICK)
        rows = read_table(verifier.compareScans(evaluated.node, later))
        assert "day 2" in rows.columns
        assert "day 30" in rows.columns
        names = {path.name for path in verifier.exportVerification(evaluated.node, tmp_path)}
        assert "scans.csv" in names
        with pytest.raises(ValueError, match="is not after the first"):
            verifier.compareScans(later, evaluated.node)


class TestSavedScenes:
    def test_all_is_as_it_was_after_loading(
        self, verifier: Any, seedverify: Any, evaluated: Verified, tmp_path: Path, scene: Any
    ) -> None:
        parameters = verifier.getParameterNode()
        parameters.verification = evaluated.node
        parameters.registering = seedverify.Registering.CONTOURS
        before = verifier.foundSeeds(evaluated.node)
        path = tmp_path / "scene.mrb"
        assert scene.WriteToMRB(str(path))
        scene.Clear(0)
        scene.ReadFromMRB(str(path), True)
        loaded = seedverify.SeedVerifyLogic()
        node = loaded.getParameterNode().verification
        assert loaded.getParameterNode().registering.method == "contours"
        np.testing.assert_allclose(loaded.foundSeeds(node).positions_mm, before.positions_mm, atol=1e-3)
        assert loaded.staleReason(node) == ""
        assert loaded.registration(node).method == "bone"
        assert loaded.scanDate(node) == date(2026, 3, 8)
        assert not loaded.canUndo(node)
        loaded.deleteSeed(node, 0)
        loaded.undo(node)
        assert loaded.foundSeeds(node).count == before.count
