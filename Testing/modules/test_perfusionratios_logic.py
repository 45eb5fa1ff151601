"""What a reader does through the Logic of PerfusionRatios: from a series to a conclusion, and to files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import slicer

from brachyresponse.digital_patient.perfusion import DigitalPerfusion, PatientVariant, Visit
from brachyresponse.errors import Cancelled, PerfusionError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.perfusion import SeriesKind, Verdict
from brachyresponse.perfusion.study import MapName
from brachyresponse.scene.nodes import nodes_of_class
from brachyresponse.scene.tables import read_table
from brachyresponse.seeds import Seeds
from scene.perfused import SIGNAL, T1_S, Perfused, add_perfused, ball, grid, series, signals
from scene_state import scene_state


@pytest.fixture
def perfusionratios(scene: Any) -> ModuleType:
    """The module file, as Slicer loads it."""
    import sys

    from reference import PROJECT
    from slicer_standin.modules import load_module

    return sys.modules[load_module(PROJECT / "PerfusionRatios" / "PerfusionRatios.py").name]


@pytest.fixture
def logic(perfusionratios: ModuleType) -> Any:
    return perfusionratios.PerfusionRatiosLogic()


@pytest.fixture
def after(scene: Any) -> Perfused:
    return add_perfused(scene)


@pytest.fixture
def visits(logic: Any, after: Perfused, scene: Any) -> tuple[Perfused, Perfused]:
    """Before treatment and after, both measured, each with its day."""
    before = add_perfused(scene, "Before")
    logic.setScanDate(before.node, "2026-02-20")
    logic.setScanDate(after.node, "2026-09-20")
    for perfused in (before, after):
        logic.setDay(perfused.node, "treatment", "2026-03-06")
        logic.compute(perfused.node)
    return before, after


class TestStudy:
    def test_what_is_set_is_what_is_said(self, logic: Any, after: Perfused) -> None:
        node = after.node
        assert logic.studies() == [node]
        assert logic.seriesNodes(node) == [after.series]
        assert logic.kind(node) is SeriesKind.DCE
        assert logic.missingTimes(node) == ""
        assert [lesion.name for lesion in logic.lesions(node)] == ["Lesion"]
        assert logic.whiteMatter(node).name == "White matter"
        assert logic.mask(node, "brain").name == "Brain"
        assert logic.setting(node, "model") == "patlak"
        assert logic.aifSource(node) == "segment"
        logic.setPatientID(node, " P-17 ")
        logic.setDrug(node, "bevacizumab")
        assert (logic.patientID(node), logic.drug(node)) == ("P-17", "bevacizumab")
        logic.setScanDate(node, "2026-09-20")
        assert logic.scanDate(node) == logic.dates(node).scan == date(2026, 9, 20)

    def test_the_kind_is_proposed_and_taken_unless_another_is_chosen(self, logic: Any, after: Perfused) -> None:
        logic.setSeries(after.node, after.series)
        assert logic.kind(after.node) is None
        kind, sentence = logic.proposedKind(after.node)
        assert kind is SeriesKind.DCE
        assert "1.8 ms" in sentence
        logic.compute(after.node)
        logic.setKind(after.node, "dsc")
        assert logic.kind(after.node) is SeriesKind.DSC
        with pytest.raises(PerfusionError, match="'asl' is no kind of perfusion series"):
            logic.setKind(after.node, "asl")

    def test_typed_edits_count_in_the_next_run_without_a_panel(self, logic: Any, after: Perfused) -> None:
        before = logic.compute(after.node).ratio("Lesion", MapName.KTRANS).ratio.lesion_value
        logic.acquisitionTable(after.node).SetCellText(2, 1, "25")
        now = logic.compute(after.node).ratio("Lesion", MapName.KTRANS).ratio.lesion_value
        assert logic.acquisition(after.node).flip_angle_deg == 25
        assert now != pytest.approx(before, rel=1e-3)

    def test_the_nodes_to_be_watched_are_those_that_results_depend_on(self, logic: Any, after: Perfused) -> None:
        watched = logic.perfusionNodes(after.node)
        for node in (after.series, after.segmentation, logic.acquisitionTable(after.node)):
            assert any(node is each for each in watched)

    def test_a_deleted_study_is_forgotten(self, logic: Any, after: Perfused) -> None:
        logic.compute(after.node)
        assert logic.result(after.node) is not None
        logic.deleteStudy(after.node)
        assert logic.studies() == []
        assert not nodes_of_class(slicer.mrmlScene, "vtkMRMLPlotChartNode")


class TestMeasuring:
    def test_one_call_gives_maps_ratios_and_a_chart(self, logic: Any, after: Perfused) -> None:
        told: list[float] = []
        study = logic.compute(after.node, report=lambda fraction, message: told.append(fraction))
        assert study.ratio("Lesion", MapName.VP).ratio.value == pytest.approx(3.0, rel=0.05)
        assert told == sorted(told)
        assert {MapName.VP, MapName.KTRANS, MapName.T1} <= set(logic.maps(after.node))
        assert logic.ratioTable(after.node).GetNumberOfRows() > 0
        assert logic.curveChart(after.node).GetNumberOfPlotSeriesNodes() == 5
        assert logic.usedTable(after.node).GetNumberOfRows() > 5
        assert logic.staleReason(after.node) == ""
        logic.setSetting(after.node, "threshold", 2.0)
        assert logic.staleReason(after.node) != ""

    def test_the_curve_follows_the_crosshair_inside_the_series_only(self, logic: Any, after: Perfused) -> None:
        signal = logic.curveAt(after.node, (18, 4, 0))  # not measured yet
        assert signal.values[0] == pytest.approx(SIGNAL, rel=0.02)  # its noise
        assert "measure the study" in signal.missing
        assert logic.curveChart(after.node).GetYAxisTitle() == "Signal"
        logic.compute(after.node)
        assert logic.curveChart(after.node).GetYAxisTitle() == "Concentration (mmol/L)"
        curve = logic.curveAt(after.node, (18, 4, 0))
        assert curve.fitted is not None
        np.testing.assert_allclose(curve.values, curve.fitted, atol=0.03)  # the signal's noise as concentration
        assert logic.curveChart(after.node).GetNumberOfPlotSeriesNodes() == 7
        assert logic.curveAt(after.node, (500, 0, 0)) is None

    def test_the_arterial_input_can_be_looked_at_before(self, logic: Any, after: Perfused, scene: Any) -> None:
        state = scene_state(scene)
        aif = logic.findAif(after.node)
        assert aif.count == ball("Artery").sum()
        assert aif.peak > 2
        assert scene_state(scene) == state

    def test_a_margin_round_seeds_leaves_less_of_the_lesion(self, logic: Any, after: Perfused, scene: Any) -> None:
        from brachyresponse.scene.seeds import create_seeds_node, write_seeds
        from brachyresponse.seeds import Origin

        node = create_seeds_node(scene, "Seeds")
        centre = np.array([[18.0, 4.0, 0.0]])
        write_seeds(Seeds(centre, np.array([[0, 0, 1.0]]), 0.5), node, origin=Origin.PLANNED)
        logic.setSeeds(after.node, node)
        logic.setSetting(after.node, "seed_margin_mm", 5)
        study = logic.compute(after.node)
        assert study.lesion_shares["Lesion"] < 1
        rows = read_table(logic.exclusionTable(after.node)).rows
        assert ("Lesion", "round 1 seeds") in [row[:2] for row in rows]


class TestComparing:
    def test_the_pre_treatment_scan_changes_what_may_be_concluded(
        self, logic: Any, visits: tuple[Perfused, Perfused]
    ) -> None:
        before, after = (perfused.node for perfused in visits)
        logic.setSetting(after, "threshold", 5.0)
        logic.compute(after)
        assert logic.interpretation(after).verdict is Verdict.ABSENCE_WEAKENED
        logic.setPreTreatment(after, before)
        assert logic.preTreatment(after) is before
        assert logic.interpretation(after, "Lesion").verdict is Verdict.ABSENCE_UNRELIABLE
        assert logic.staleReason(after) == ""
        rows = read_table(logic.comparisonTable(after)).rows
        vp = next(row for row in rows if row[1:3] == ("rVp", "mean"))
        assert vp[3] == vp[4]
        assert vp[5] in ("+0 %", "-0 %")
        timing = {row[0]: row for row in read_table(logic.timingTable(after)).rows}
        assert "14" in [row[2] for row in timing.values()]

    def test_a_first_scan_has_no_interpretation_but_says_why(
        self, logic: Any, visits: tuple[Perfused, Perfused]
    ) -> None:
        before = visits[0].node
        assert logic.interpretations(before) == {}
        assert logic.interpretationText(before).GetText().startswith("This scan was made before the treatment")
        with pytest.raises(PerfusionError, match="made before the treatment"):
            logic.interpretation(before)

    def test_a_pre_treatment_scan_that_is_measured_again_is_judged_again(
        self, logic: Any, visits: tuple[Perfused, Perfused]
    ) -> None:
        before, after = (perfused.node for perfused in visits)
        logic.setPreTreatment(after, before)
        logic.removeLesion(before, visits[0].segmentation, visits[0].ids["Lesion"])
        logic.compute(before)
        vp = next(row for row in read_table(logic.comparisonTable(after)).rows if row[1:3] == ("rVp", "mean"))
        assert vp[3] == "-"
        assert logic.staleReason(after) == ""

    def test_visits_that_cannot_belong_together_are_refused(
        self, logic: Any, visits: tuple[Perfused, Perfused]
    ) -> None:
        before, after = (perfused.node for perfused in visits)
        with pytest.raises(PerfusionError, match="'Follow-up' was scanned on 2026-09-20, later than 'Before'"):
            logic.setPreTreatment(before, after)
        with pytest.raises(PerfusionError, match="cannot be its own pre-treatment scan"):
            logic.setPreTreatment(after, after)
        logic.setPatientID(before, "P-1")
        logic.setPatientID(after, "P-2")
        with pytest.raises(PerfusionError, match="'Before' is of patient 'P-1', 'Follow-up' of 'P-2'"):
            logic.setPreTreatment(after, before)

    def test_a_pre_treatment_scan_that_was_not_measured_is_said(self, logic: Any, after: Perfused, scene: Any) -> None:
        before = add_perfused(scene, "Before")
        logic.compute(after.node)
        logic.setPreTreatment(after.node, before.node)
        assert logic.staleReason(after.node) == "another pre-treatment scan was chosen"
        with pytest.raises(PerfusionError, match="'Before' was not measured yet: measure it first"):
            logic.compute(after.node)

    def test_an_earlier_session_s_conclusion_is_still_there(
        self, perfusionratios: Any, logic: Any, after: Perfused
    ) -> None:
        logic.compute(after.node)
        later = perfusionratios.PerfusionRatiosLogic()
        assert later.result(after.node) is None
        assert later.interpretation(after.node).verdict is Verdict.HYPERPERFUSED
        first, again = (each.curveAt(after.node, (18, 4, 0)) for each in (logic, later))
        assert again.facts == first.facts
        np.testing.assert_allclose(again.fitted, first.fitted, rtol=1e-5)  # T1 went through single precision
        logic.setParameter(after.node, "tr_s", 0.006)
        assert perfusionratios.PerfusionRatiosLogic().curveAt(after.node, (18, 4, 0)) is None  # out of date
        with pytest.raises(PerfusionError, match="No lesion 'Other' was measured: choose one of Lesion"):
            later.interpretation(after.node, "Other")


class TestFiles:
    def test_what_is_exported_is_what_the_command_line_writes(
        self, logic: Any, after: Perfused, tmp_path: Path
    ) -> None:
        names = {path.name for path in logic.exportStudy(after.node, tmp_path)}
        assert {"perfusion.json", "ratios.csv", "exclusions.csv", "curves.csv", "vp.nrrd", "report.html"} <= names
        assert logic.result(after.node) is not None  # measured on the way

    def test_a_folder_that_cannot_be_written_is_said(self, logic: Any, after: Perfused, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("", encoding="utf-8")
        with pytest.raises(ValueError, match="file"):
            logic.exportStudy(after.node, tmp_path / "file")


class TestSamplePatient:
    @pytest.fixture
    def quick_patient(self, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
        """The tiny scan in place of the digital patient, which takes seconds."""
        asked: list[dict[str, Any]] = []

        def scan(**choices: Any) -> DigitalPerfusion:
            asked.append(choices)
            choices["report"](1.0, "scanned")
            return tiny_scan(Visit(choices["visit"]))

        monkeypatch.setattr("brachyresponse.scene.perfusion_sample.perfusion_visit", scan)
        return asked

    def test_two_studies_are_ready_to_be_measured(self, logic: Any, quick_patient: Any) -> None:
        before, follow_up = logic.loadSamplePatient("necrosis")
        assert [each["variant"] for each in quick_patient] == ["necrosis", "necrosis"]
        assert logic.preTreatment(follow_up) is before
        assert logic.dates(follow_up).treatment == date(2026, 3, 6)
        assert logic.seedsNode(before) is None
        assert logic.seedsNode(follow_up).GetNumberOfControlPoints() == 1
        for study in (before, follow_up):
            logic.setAif(study, "segment", logic.lesions(study)[0].node, segment_id(logic, study, "Arteries"))
            logic.setT1(study, seconds=T1_S)
            logic.setSettings(study, model="patlak", fit_delay=False, bootstrap_samples=50)
            logic.setMask(study, "brain", logic.lesions(study)[0].node, segment_id(logic, study, "Brain"))
            logic.compute(study)
        assert logic.interpretation(follow_up).verdict is Verdict.HYPERPERFUSED

    def test_a_cancelled_build_adds_nothing(self, logic: Any, quick_patient: Any, scene: Any) -> None:
        state = scene_state(scene)

        def cancel(fraction: float, message: str) -> None:
            raise Cancelled

        with pytest.raises(Cancelled):
            logic.loadSamplePatient(report=cancel)
        assert scene_state(scene) == state

    def test_an_unknown_variant_is_refused(self, logic: Any) -> None:
        with pytest.raises(PerfusionError, match="no sample 'cured', 'dce': choose one of recurrence_at_margin"):
            logic.loadSamplePatient("cured")

    def test_it_is_offered_in_sample_data(self, perfusionratios: Any) -> None:
        import SampleData

        perfusionratios.registerSampleData()
        sources = SampleData.SampleDataLogic.sampleDataSourcesByCategory("BrachyResponse")
        assert "BrachyDigitalPerfusion" in [source.sampleName for source in sources]


def segment_id(logic: Any, study: Any, name: str) -> str:
    """ID of a segment in the segmentation of the study's lesion."""
    return str(logic.lesions(study)[0].node.GetSegmentation().GetSegmentIdBySegmentName(name))


def tiny_scan(visit: Visit) -> DigitalPerfusion:
    """The tiny scan as one of the digital patient."""
    structures = {name: Structure(name, ball(name), grid()) for name in ("Lesion", "White matter")}
    image = Volume("T1 post-contrast", signals()[-1], grid(), "")
    brain = ball("Lesion") | ball("White matter") | ball("Artery")
    one = Seeds(np.array([[30.0, 30.0, 0.0]]), np.array([[0, 0, 1.0]]), 0.5)
    return DigitalPerfusion(
        patient_id="Digital",
        scan_date=date(2026, 2, 20) if visit is Visit.BEFORE else date(2026, 9, 20),
        implant_date=date(2026, 3, 6),
        variant=PatientVariant.NECROSIS,
        visit=visit,
        kind=SeriesKind.DCE,
        series=series(),
        vfa=None,
        anatomical=image,
        flair=replace(image, name="FLAIR"),
        t2star=replace(image, name="T2*"),
        lesions={"Lesion": structures["Lesion"]},
        white_matter=structures["White matter"],
        structures={
            "Arteries": Structure("Arteries", ball("Artery"), grid()),
            "Brain": Structure("Brain", brain, grid()),
        },
        seeds=Seeds.none() if visit is Visit.BEFORE else one,
        plan_to_visit=np.eye(4),
        truth=None,  # type: ignore[arg-type]  # not asked for here
    )
