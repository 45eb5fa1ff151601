"""Validity first: conditions that are met, failed, asked or taken for granted, and absent hyperperfusion."""

from __future__ import annotations

from typing import Any

import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence import (
    Answer,
    ConditionAnswer,
    Evidence,
    Finding,
    Quality,
    Verdict,
    WeighingSettings,
    weigh_evidence,
)
from brachyresponse.response.evidence.markers import ConditionAction, condition, marker

PRIOR = (0.31, 0.5, 0.69)
FEW = WeighingSettings(draws=1000)
SIX_OF_FOURTEEN = (
    "In the study behind this rule 6 of 14 proven recurrences had a low repeat ratio, with high values before "
    "treatment: a low ratio does not exclude recurrence."
)


def all_met(name: str, **others: Answer) -> list[ConditionAnswer]:
    answers = {one: condition(one).holds_when for one in marker(name).conditions} | others
    return [ConditionAnswer(one, answer, "The record.") for one, answer in answers.items()]


def weighed(finding: dict[str, Any], answers: list[ConditionAnswer] | None, **settings: float) -> Evidence:
    return weigh_evidence([finding], PRIOR, circumstances=answers, settings=WeighingSettings(draws=1000, **settings))


def test_a_marker_whose_conditions_are_all_met_is_weighed_without_assumption_or_question() -> None:
    evidence = weighed({"id": "rcbv_mets_meta", "positive": True}, all_met("rcbv_mets_meta"))
    assert len(evidence.used) == 1
    assert evidence.assumptions == evidence.questions == ()


@pytest.mark.parametrize(
    "name",
    [one for one in marker("rcbv_mets_meta").conditions if condition(one).action is not ConditionAction.FLAG],
)
def test_one_condition_that_fails_takes_the_weight_of_a_negative_marker_or_part_of_it(name: str) -> None:
    failed = Answer.NO if condition(name).holds_when is Answer.YES else Answer.YES
    answers = all_met("rcbv_mets_meta", **{name: failed})
    evidence = weighed({"id": "rcbv_mets_meta", "positive": False}, answers)
    if condition(name).action is ConditionAction.HALF_POWER:
        assert evidence.used[0].power == 0.5
    else:
        assert evidence.verdict is Verdict.NOT_EVALUABLE
        sentence = condition(name).failed
        assert evidence.left_out[0].reasons == (f"{sentence[0].upper()}{sentence[1:]} (The record).",)


@pytest.mark.parametrize("answer", [Answer.UNKNOWN, None])
def test_a_condition_that_nobody_answered_is_asked_and_leaves_the_marker_out(answer: Answer | None) -> None:
    answers = [one for one in all_met("fet_tbrmax_romagna") if one.condition != "pet_as_in_study"]
    answers += [ConditionAnswer("pet_as_in_study", answer)] if answer else []
    evidence = weighed({"id": "fet_tbrmax_romagna", "positive": True}, answers)
    assert [one.id for one in evidence.questions] == ["pet_as_in_study"]
    asked = "Asked: Are tracer, time window and reference region those of the study?"
    assert evidence.left_out[0].reasons == (asked,)


def test_a_caller_who_vouches_gets_every_condition_listed_as_an_assumption() -> None:
    evidence = weighed({"id": "fet_tbrmax_romagna", "positive": True}, None)
    assert "the lesion measures at least 1 cm" in evidence.assumptions
    assert len(evidence.assumptions) == 5
    assert any(one.startswith("Taken for granted, because nobody was asked: ") for one in evidence.statements)


def test_what_cannot_be_weighed_anyway_is_not_asked_about() -> None:
    evidence = weighed({"id": "seed_rvp_rktrans", "value": 3.0}, [])
    assert evidence.questions == ()


def test_a_flag_is_said_and_the_marker_weighed_all_the_same() -> None:
    answers = all_met("adc_hgg_vandijken", infection_possible=Answer.YES)
    evidence = weighed({"id": "adc_hgg_vandijken", "positive": True}, answers)
    assert len(evidence.used) == 1
    assert any("not part of the two-class question" in one for one in evidence.statements)


def test_a_flag_that_nobody_answered_is_asked_and_the_marker_weighed_all_the_same() -> None:
    answers = all_met("adc_hgg_vandijken", infection_possible=Answer.UNKNOWN)
    evidence = weighed({"id": "adc_hgg_vandijken", "positive": True}, answers)
    assert len(evidence.used) == 1
    assert [one.id for one in evidence.questions] == ["infection_possible"]


def test_high_perfusion_does_not_depend_on_the_scan_before_treatment() -> None:
    answers = all_met("rcbv_mets_meta", pre_treatment_not_hyperperfused=Answer.YES, pre_treatment_perfusion=Answer.NO)
    assert weighed({"id": "rcbv_mets_meta", "positive": True}, answers).used[0].power == 1.0


def test_absent_hyperperfusion_that_was_never_there_carries_no_weight_and_says_so() -> None:
    answers = all_met("rcbv_mets_meta", pre_treatment_not_hyperperfused=Answer.YES)
    evidence = weighed({"id": "rcbv_mets_meta", "positive": False}, answers)
    assert evidence.verdict is Verdict.NOT_EVALUABLE
    assert "absent hyperperfusion is unreliable in it and has no weight" in evidence.left_out[0].reasons[0]


@pytest.mark.parametrize("answer", [Answer.NO, Answer.UNKNOWN])
def test_without_a_scan_before_treatment_absent_hyperperfusion_has_half_its_power(answer: Answer) -> None:
    answers = [one for one in all_met("rcbv_mets_meta") if not one.condition.startswith("pre_treatment")]
    answers.append(ConditionAnswer("pre_treatment_perfusion", answer))
    evidence = weighed({"id": "rcbv_mets_meta", "positive": False}, answers)
    (used,) = evidence.used
    assert (used.power, used.weight) == (0.5, 0.5)
    assert "power 0.5" in used.remarks[0]
    odds = (0.184 / 0.806) ** 0.5
    assert evidence.at_weight_one == pytest.approx(odds / (1 + odds))
    assert bool(evidence.questions) == (answer is Answer.UNKNOWN)


def test_the_power_without_a_scan_before_treatment_is_a_setting() -> None:
    answers = all_met("rcbv_mets_meta", pre_treatment_perfusion=Answer.NO)
    finding = {"id": "rcbv_mets_meta", "positive": False}
    assert weighed(finding, answers, weight_without_pre_treatment=0.2).used[0].power == 0.2
    assert weighed(finding, answers, weight_without_pre_treatment=0.0).verdict is Verdict.NOT_EVALUABLE


@pytest.mark.parametrize(("told", "power"), [("1", 1.0), ("0.5", 0.5), ("0", None)])
def test_the_rule_s_weight_is_the_power_in_the_draws_too(told: str, power: float | None) -> None:
    finding = {"id": "rcbv_mets_meta", "positive": False, "details": {"perfusion_weight": told}}
    answers = [one for one in all_met("rcbv_mets_meta") if not one.condition.startswith("pre_treatment")]
    evidence = weighed(finding, answers)
    if power is None:
        assert evidence.left_out[0].reasons == (
            "Absent hyperperfusion is unreliable in this lesion and carries no weight.",
        )
        return
    assert evidence.used[0].power == power
    assert evidence.questions == ()  # the rule has looked at both scans
    odds = (0.184 / 0.806) ** power
    # The median of 1,000 draws.
    assert evidence.interval.mid == pytest.approx(odds / (1 + odds), abs=0.02)


def test_a_ratio_that_the_rule_calls_high_and_a_cutoff_low_hangs_on_the_scan_before_treatment() -> None:
    finding = {"id": "rcbv_mets_meta", "positive": False, "details": {"perfusion_weight": "1"}}
    finding["details"]["perfusion_verdict"] = "hyperperfused"
    answers = [one for one in all_met("rcbv_mets_meta") if not one.condition.startswith("pre_treatment")]
    evidence = weighed(finding, answers)
    assert evidence.used[0].power == 0.5
    assert [one.id for one in evidence.questions] == ["pre_treatment_perfusion"]


def test_reduced_power_is_told_once() -> None:
    finding = {"id": "rcbv_mets_meta", "positive": False, "details": {"perfusion_weight": "0.5"}}
    answers = all_met("rcbv_mets_meta", pre_treatment_perfusion=Answer.NO)
    assert len(weighed(finding, answers).used[0].remarks) == 1
    finding["details"]["perfusion_sentences"] = "Absent hyperperfusion has the weight 0.5."
    assert weighed(finding, answers).used[0].remarks == ()


@pytest.mark.parametrize(
    ("details", "is_left_out"),
    [
        ({"tracer": "18F-FDG"}, True),
        ({}, True),
        ({"tracer": "18F-FET"}, False),
        ({"quantity": "fdg_ratio"}, True),
        ({"quantity": "met_ratio"}, False),
    ],
)
def test_cortex_beside_the_lesion_takes_the_weight_from_fdg_in_a_pooled_study(
    details: dict[str, str], is_left_out: bool
) -> None:
    name = "fdg_or_aa_pet_mets_li2018"
    finding = {"id": name, "positive": True, "details": details}
    evidence = weighed(finding, all_met(name, near_cortex=Answer.YES))
    assert [bool(one) for one in (evidence.left_out, evidence.used)] == [is_left_out, not is_left_out]


def test_a_positive_marker_keeps_its_power_whatever_the_rule_says_of_absence() -> None:
    finding = {"id": "dce_hgg_vandijken", "positive": True, "details": {"perfusion_weight": "0"}}
    assert weighed(finding, None).used[0].power == 1.0


@pytest.mark.parametrize("positive", [True, False])
def test_a_ratio_that_the_rule_cannot_evaluate_is_left_out_on_either_side(positive: bool) -> None:
    finding = {"id": "dce_hgg_vandijken", "positive": positive, "details": {"perfusion_verdict": "not_evaluable"}}
    assert "finds no ratio that can be trusted" in weighed(finding, None).left_out[0].reasons[0]


@pytest.mark.parametrize("positive", [True, False])
def test_six_of_fourteen_is_said_with_every_perfusion_marker(positive: bool) -> None:
    for answers in (None, []):
        evidence = weighed({"id": "rcbv_mets_meta", "positive": positive}, answers)
        assert SIX_OF_FOURTEEN in evidence.sentences
        assert SIX_OF_FOURTEEN in evidence.statements
    assert SIX_OF_FOURTEEN not in weighed({"id": "fet_tbrmax_romagna", "positive": True}, None).statements


def test_the_sentences_of_the_rule_travel_with_its_finding() -> None:
    details = {"perfusion_weight": "0.5", "perfusion_sentences": "It is low.\nNobody knows what it was before."}
    evidence = weighed({"id": "dce_hgg_vandijken", "positive": False, "details": details}, None)
    assert {"It is low.", "Nobody knows what it was before."} <= set(evidence.sentences)


def test_a_weight_that_is_no_number_is_refused() -> None:
    finding = {"id": "dce_hgg_vandijken", "positive": False, "details": {"perfusion_weight": "half"}}
    with pytest.raises(ResponseError, match="'perfusion_weight' of 'dce_hgg_vandijken' is 'half', expected a number"):
        weighed(finding, None)


def test_what_the_user_left_out_stays_out_with_the_reason() -> None:
    finding = Finding("rcbv_mets_meta", positive=True, is_included=False, reason="motion")
    evidence = weigh_evidence([finding], PRIOR, settings=FEW)
    assert evidence.left_out[0].reasons == ("Left out by the user: motion.",)


def test_what_was_measured_poorly_is_not_weighed() -> None:
    finding = Finding("rcbv_mets_meta", positive=True, quality=Quality.POOR, reason="the bolus was missed")
    evidence = weigh_evidence([finding], PRIOR, settings=FEW)
    assert evidence.left_out[0].reasons == ("It was measured poorly: the bolus was missed.",)


def test_a_finding_without_value_is_listed_with_its_reason() -> None:
    finding = Finding("rcbv_mets_meta", quality=Quality.POOR, reason="not evaluable: no ratio")
    evidence = weigh_evidence([finding], PRIOR, settings=FEW)
    assert evidence.left_out[0].reasons == ("not evaluable: no ratio.",)


def test_no_marker_at_all_is_not_evaluable_and_leaves_the_prior() -> None:
    evidence = weigh_evidence([], PRIOR)
    assert evidence.verdict is Verdict.NOT_EVALUABLE
    assert tuple(evidence.interval) == PRIOR
    assert evidence.headline == (
        "Not evaluable: no marker could be weighed; the prior of recurrence stands, 31 to 69 % (middle 50 %)."
    )


def test_a_tumour_outside_the_brain_has_no_marker() -> None:
    finding = {"id": "fet_tbrmax_romagna", "positive": True}
    evidence = weigh_evidence([finding], PRIOR, population="neck node metastasis", settings=FEW)
    assert evidence.verdict is Verdict.NOT_EVALUABLE
    assert evidence.left_out[0].reasons == (
        "All markers were studied in the brain; the patient's tumour is neck node metastasis.",
    )
