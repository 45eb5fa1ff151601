"""The evidence on a lesion through the Logic: typed in, answered, weighed, and shown with what it rests on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import slicer

from brachyresponse.errors import BrachyResponseError, ResponseError
from brachyresponse.response.evidence import Answer, Verdict
from brachyresponse.scene.tables import column_of, read_table
from scene.followed import FOLLOW_UP
from scene.weighed import FET, FET_ID, LESION, answer_all
from scene_state import scene_state


@pytest.fixture
def weighed(logic: Any, evidence: Any) -> Any:
    """With a PET value above its cut-off, and every question answered."""
    logic.addFinding(evidence, FET_ID, **FET)
    answer_all(logic, evidence)
    logic.weigh(evidence)
    return evidence


class TestWeigh:
    def test_a_marker_moves_the_answer_from_its_prior(self, logic: Any, weighed: Any) -> None:
        found = logic.evidence(weighed)
        assert found.verdict is Verdict.FAVOURS_RECURRENCE
        assert [used.marker.id for used in found.used] == [FET_ID]
        assert found.prior.mid < found.interval[1]
        assert logic.evidenceState(weighed) == ""

    def test_all_of_it_is_read_without_the_module(self, logic: Any, weighed: Any) -> None:
        found = logic.evidence(weighed)
        text = logic.evidenceText(weighed).GetText()
        assert text.startswith(f"Lesion {LESION} on {FOLLOW_UP}: {found.headline}")
        assert logic.evidenceDisclaimer() in text
        assert all(statement in text for statement in found.statements)
        assert found.what_would_change in text
        table = read_table(logic.markerTable(weighed))
        row = dict(zip(table.columns, table.rows[0], strict=True))
        assert (row["id"], row["side"], row["indicates"], row["include"]) == (FET_ID, "positive", "recurrence", "yes")
        assert float(row["likelihood ratio"]) == pytest.approx(found.used[0].likelihood_ratio, abs=0.005)  # as shown
        assert "Romagna" in row["study"]
        answers = column_of(read_table(logic.questionTable(weighed)), "answer")
        assert set(answers) <= {"yes", "no"}
        attributes = {name: weighed.GetAttribute(f"BrachyResponse.{name}") for name in ("PriorLow", "PriorHigh")}
        assert attributes == {"PriorLow": "0.31", "PriorHigh": "0.69"}

    def test_a_table_that_was_deleted_is_written_again_as_it_was(self, logic: Any, weighed: Any) -> None:
        rows = read_table(logic.markerTable(weighed)).rows
        slicer.mrmlScene.RemoveNode(logic.markerTable(weighed))
        assert read_table(logic.markerTable(weighed)).rows == rows

    def test_the_chart_shows_prior_and_weight(self, logic: Any, weighed: Any) -> None:
        chart = logic.sensitivityChart(weighed)
        series = [chart.GetNthPlotSeriesNode(n) for n in range(chart.GetNumberOfPlotSeriesNodes())]
        assert [each.GetName() for each in series] == ["w 0", "w 0.5", "w 1", "50 %", "prior's range"]
        first = slicer.util.arrayFromTableColumn(series[0].GetTableNode(), series[0].GetYColumnName())
        assert (first[1:] > first[:-1]).all()
        assert 0 < first.min() < first.max() < 100
        assert chart.GetTitle() == "Recurrence by prior and weight w of later markers"

    def test_without_a_valid_marker_it_is_not_evaluable_and_says_what_was_left_out(
        self, logic: Any, evidence: Any
    ) -> None:
        logic.addFinding(evidence, "lesion_quotient_recurrence", positive=True)
        found = logic.weigh(evidence)
        assert found.verdict is Verdict.NOT_EVALUABLE
        assert [each.marker.id for each in found.left_out] == ["lesion_quotient_recurrence"]
        assert logic.sensitivityChart(evidence) is None
        assert "Not evaluable" in logic.evidenceText(evidence).GetText()

    def test_an_unanswered_question_leaves_its_marker_out_and_is_asked(self, logic: Any, evidence: Any) -> None:
        logic.addFinding(evidence, FET_ID, **FET)
        found = logic.weigh(evidence)
        assert found.verdict is Verdict.NOT_EVALUABLE
        open_ = {each.id for each in logic.questions(evidence) if each.answer is Answer.UNKNOWN}
        assert {each.id for each in found.questions} <= open_
        assert "Not answered yet" in logic.evidenceText(evidence).GetText()

    def test_what_the_scene_knows_is_not_asked(self, logic: Any, evidence: Any) -> None:
        logic.addFinding(evidence, FET_ID, **FET)
        logic.collectFindings(evidence)
        known = {each.id: each for each in logic.questions(evidence)}
        assert known["lesion_at_least_1_cm"].answer is Answer.YES
        assert "30.0 mm" in known["lesion_at_least_1_cm"].source
        assert known["multiple_lesions"].answer is Answer.NO


class TestTypedIn:
    def test_a_marker_that_is_left_out_says_why_and_counts_no_more(self, logic: Any, weighed: Any) -> None:
        logic.setIncluded(weighed, 0, False, "the scan was repeated")
        assert logic.evidenceState(weighed) == "a marker was changed"
        assert logic.evidenceText(weighed).GetText().startswith("OUT OF DATE: a marker was changed; weigh again.")
        found = logic.weigh(weighed)
        assert found.verdict is Verdict.NOT_EVALUABLE
        assert "the scan was repeated" in found.left_out[0].sentence
        logic.setIncluded(weighed, 0, True)
        assert logic.weigh(weighed).verdict is Verdict.FAVOURS_RECURRENCE

    def test_one_that_was_typed_in_can_be_removed(self, logic: Any, weighed: Any) -> None:
        assert logic.isTyped(weighed, 0)
        logic.removeFinding(weighed, 0)
        assert logic.findings(weighed) == ()

    def test_a_person_reads_words_and_is_asked_what_concerns_the_tracer(self, logic: Any, weighed: Any) -> None:
        name = "fdg_or_aa_pet_mets_li2018"
        pet = {"unit": "1", "statistic": "hot_spot", "reference_region": "cortex"}
        for tracer, is_asked in (("18F-FET", False), ("18F-FDG", True)):
            logic.addFinding(weighed, name, 2.9, tracer=tracer, **pet)
            assert ("near_cortex" in {each.id for each in logic.questions(weighed)}) is is_asked
            table = read_table(logic.markerTable(weighed))
            row = dict(zip(table.columns, table.rows[1], strict=True))
            assert (row["group"], row["statistic"]) == ("FDG PET" if is_asked else "PET", "hot spot")
            logic.removeFinding(weighed, 1)

    def test_the_clinics_own_cutoff_is_for_what_the_value_is(self, logic: Any, evidence: Any) -> None:
        logic.addFinding(evidence, "dce_hgg_patel", 3.0, unit="1", statistic="mean", quantity="ktrans")
        logic.setOwnCutoff(evidence, "dce_hgg_patel", 2.2, "mean", setBy="Dr. Clinic")
        assert [each.quantity for each in logic.ownCutoffs(evidence)] == ["ktrans"]

    def test_the_clinics_own_cutoff_is_used_and_named(self, logic: Any, evidence: Any) -> None:
        logic.addFinding(evidence, "cho_naa_glioma_zhang", 2.6, unit="1", statistic="voxel")
        logic.setOwnCutoff(evidence, "cho_naa_glioma_zhang", 2.2, "voxel", setBy="Dr. Clinic, 40 patients")
        answer_all(logic, evidence)
        (used,) = logic.weigh(evidence).used
        assert "Dr. Clinic" in used.cutoff_words
        logic.setOwnCutoff(evidence, "cho_naa_glioma_zhang", None)
        assert logic.ownCutoffs(evidence) == ()

    def test_the_prior_has_its_source_and_who_set_it(self, logic: Any, weighed: Any) -> None:
        before = logic.evidence(weighed).interval[1]
        logic.setPrior(weighed, 0.1, 0.2, 0.3, source="our own series", setBy="Tumour board")
        assert logic.evidenceState(weighed) == "the prior was changed"
        table = read_table(logic.markerTable(weighed))
        assert column_of(table, "side") == ("positive",)  # of the last answer, which is marked as out of date
        assert logic.markerTable(weighed).GetDescription().startswith("OUT OF DATE")
        assert logic.weigh(weighed).interval[1] < before
        text = logic.evidenceText(weighed).GetText()
        assert "our own series" in text
        assert "Tumour board" in text

    def test_context_is_shown_without_weight(self, logic: Any, weighed: Any) -> None:
        before = logic.evidence(weighed).interval
        logic.setContext(weighed, "t1_enhancement", "nodular")
        logic.setContext(weighed, "radiomics_score", "0,8")
        logic.setContext(weighed, "t2_flair_volumes_ml", {"2026-03-01": 20, FOLLOW_UP: "35.5"})
        logic.setContext(weighed, "dose", (130.0, 80.0, 120.0))
        assert logic.evidenceState(weighed) == "the context was changed"
        assert logic.weigh(weighed).interval == before
        context = logic.context(weighed)
        assert (context.radiomics_score, context.dose.d50_gy) == (0.8, 130.0)
        assert [each.volume_ml for each in context.rim_volumes_ml] == [2.0, 3.0]
        assert all(sentence in logic.evidenceText(weighed).GetText() for sentence in context.sentences)
        logic.setContext(weighed, "dose", None)
        assert logic.context(weighed).dose is None or logic.context(weighed).dose.d50_gy != 130.0

    def test_settings_and_population_are_the_users(self, logic: Any, weighed: Any) -> None:
        assert logic.population(weighed) == "brain metastasis"
        logic.setPopulation(weighed, "meningioma")
        logic.setSetting(weighed, "weight", 0.25)
        assert logic.settings(weighed).weight == 0.25
        assert logic.weigh(weighed).used[0].population_fits is False
        logic.setSetting(weighed, "weight", None)
        logic.setPopulation(weighed, "")
        assert (logic.settings(weighed).weight, logic.population(weighed)) == (0.5, "brain metastasis")

    def test_an_answer_can_be_taken_back(self, logic: Any, weighed: Any) -> None:
        logic.answer(weighed, "pet_as_in_study", "unknown")
        assert logic.evidenceState(weighed) == "an answer was changed"
        assert logic.weigh(weighed).verdict is Verdict.NOT_EVALUABLE

    def test_a_persons_answer_goes_before_the_record_and_that_is_said(self, logic: Any, weighed: Any) -> None:
        logic.answer(weighed, "lesion_at_least_1_cm", "no", by="A. Reader")
        said = [each for each in logic.collectFindings(weighed) if "Answered by A. Reader." in each]
        assert len(said) == 1
        assert "The person's answer is used." in said[0]


REFUSED: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "two values for one marker": (
        lambda logic, ev: logic.addFinding(ev, FET_ID, **FET),
        "'fet_tbrmax_romagna' has a value already, 2.8",
    ),
    "a value without a unit": (
        lambda logic, ev: logic.addFinding(ev, "adc_glioma_li2016", 900.0),
        "'adc_glioma_li2016' .* no unit, expected",
    ),
    "a ratio without a unit": (
        lambda logic, ev: logic.addFinding(ev, "rcbv_mets_meta", 3.0),
        "'rcbv_mets_meta' is 3 without a unit, expected '1'",
    ),
    "a PET ratio without its reference region": (
        lambda logic, ev: logic.addFinding(ev, "met_lnr_yomo", 1.8, unit="1"),
        "'met_lnr_yomo' .* has no reference region",
    ),
    "an unknown marker": (lambda logic, ev: logic.addFinding(ev, "fet_tbrmax", positive=True), "fet_tbrmax_"),
    "neither value nor judgement": (lambda logic, ev: logic.addFinding(ev, "rcbv_mets_meta"), "neither value nor"),
    "a value that is no number": (
        lambda logic, ev: logic.addFinding(ev, "rcbv_mets_meta", float("nan"), unit="1"),
        "expected a finite number",
    ),
    "a prior of 0": (lambda logic, ev: logic.setPrior(ev, 0.0, 0.5, 0.7), "above 0 and below 1"),
    "a prior of 1": (lambda logic, ev: logic.setPrior(ev, 0.3, 0.5, 1.0), "above 0 and below 1"),
    "a prior that is no number": (lambda logic, ev: logic.setPrior(ev, "a", 0.5, 0.7), "is 'a', expected a number"),
    "an own cut-off that is no number": (
        lambda logic, ev: logic.setOwnCutoff(ev, FET_ID, "high", "maximum"),
        "is 'high', expected a number",
    ),
    "a row that is a text": (lambda logic, ev: logic.setIncluded(ev, "0", True), "no marker in row '0'"),
    "a row before the first": (lambda logic, ev: logic.isTyped(ev, -1), "no marker in row -1"),
    "a prior out of order": (lambda logic, ev: logic.setPrior(ev, 0.6, 0.5, 0.7), "in order"),
    "leaving out without a reason": (lambda logic, ev: logic.setIncluded(ev, 0, False), "left out without a reason"),
    "a row that is not there": (
        lambda logic, ev: logic.removeFinding(ev, 7),
        "no marker in row 7, counted from 0: there are 1",
    ),
    "an unknown condition": (lambda logic, ev: logic.answer(ev, "pet_as_in_a_study", "yes"), "pet_as_in_study"),
    "another word": (lambda logic, ev: logic.answer(ev, "pet_as_in_study", "perhaps"), "is no answer: choose one of"),
    "an own cut-off without its statistic": (
        lambda logic, ev: logic.setOwnCutoff(ev, FET_ID, 2.0),
        "names no statistic",
    ),
    "a row of the context that is not there": (
        lambda logic, ev: logic.setContext(ev, "t1_colour", "red"),
        "has no row 't1_colour': choose one of t1_enhancement",
    ),
    "a word of the context": (
        lambda logic, ev: logic.setContext(ev, "t1_enhancement", "red"),
        "'red' is no kind of T1",
    ),
    "a dose above 100 %": (lambda logic, ev: logic.setContext(ev, "dose", (100, 120)), "expected 0 to 100 %"),
    "volumes without days": (lambda logic, ev: logic.setContext(ev, "rim_volumes_ml", 5.0), "volumes in mL by date"),
    "an unknown setting": (lambda logic, ev: logic.setSetting(ev, "heaviness", 1), "no setting 'heaviness'"),
    "a setting out of range": (lambda logic, ev: logic.setSetting(ev, "weight", 1.5), "expected 0 to 1"),
    "an unknown population": (lambda logic, ev: logic.setPopulation(ev, "goats"), "'goats' is no population"),
    "a lesion of a study that is not there": (
        lambda logic, ev: logic.setPerfusionLesion(ev, "T9"),
        r"has no lesion 'T9' \(lesions: none\)",
    ),
    "a second evidence on one lesion": (
        lambda logic, ev: logic.createEvidence(logic.evidenceVisit(ev), LESION),
        "has evidence already",
    ),
    "evidence on no lesion": (lambda logic, ev: logic.createEvidence(logic.evidenceVisit(ev), "T9"), "no lesion 'T9'"),
    "another node": (lambda logic, ev: logic.weigh(logic.evidenceVisit(ev)), "is no evidence"),
}


def test_bad_input_is_refused_with_a_sentence_and_nothing_is_changed(logic: Any, evidence: Any) -> None:
    logic.addFinding(evidence, FET_ID, **FET)
    before = scene_state(slicer.mrmlScene)
    for what, (act, message) in REFUSED.items():
        with pytest.raises(BrachyResponseError) as refused:
            act(logic, evidence)
        assert re.search(message, str(refused.value)), what
        assert scene_state(slicer.mrmlScene) == before, what


def test_weighing_that_fails_leaves_the_evidence_as_it_was(
    logic: Any, weighed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(request: Any) -> None:
        raise ResponseError("It cannot be weighed.")

    before = scene_state(slicer.mrmlScene)
    monkeypatch.setattr("brachyresponse.scene.evidence_weighing.weigh_request", refuse)
    with pytest.raises(ResponseError, match="It cannot be weighed"):
        logic.weigh(weighed)
    assert scene_state(slicer.mrmlScene) == before
