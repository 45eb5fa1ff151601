"""Bad input gets one sentence: what was found, what was expected, what to do."""

from __future__ import annotations

from typing import Any

import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence import (
    Answer,
    ConditionAnswer,
    Finding,
    OwnCutoff,
    Prior,
    WeighingSettings,
    sensitivity,
    weigh_evidence,
)

PRIOR = (0.31, 0.5, 0.69)
FEW = WeighingSettings(draws=1000)
ADC = "adc_hgg_vandijken"


@pytest.mark.parametrize(
    ("finding", "message"),
    [
        ({"id": "rcbv_meta", "positive": True}, r"no marker 'rcbv_meta'; did you mean 'rcbv_mets_meta'\?"),
        ({"positive": True}, "A finding has no 'id'"),
        ({"id": "rcbv_mets_meta", "postive": True}, r"field of a finding 'postive'; did you mean 'positive'\?"),
        ({"id": "rcbv_mets_meta"}, "neither value nor judgement: give 'value' or 'positive'"),
        ({"id": "rcbv_mets_meta", "value": 2.0, "positive": True}, "has the value 2 and a judgement as well"),
        ({"id": "rcbv_mets_meta", "value": float("nan")}, "has the value nan, expected a finite number"),
        ({"id": "rcbv_mets_meta", "value": 2.0, "high": float("inf")}, "has the value inf, expected a finite number"),
        ({"id": "rcbv_mets_meta", "value": "high"}, "has the value high, expected a finite number"),
        ({"id": "rcbv_mets_meta", "positive": "no"}, "is judged 'no', expected true or false"),
        ({"id": "rcbv_mets_meta", "positive": True, "quality": "goood"}, r"quality 'goood'; did you mean 'good'\?"),
        ({"id": ADC, "value": 900.0}, "has no unit, expected '1e-6 mm2/s' for ADC: give it"),
        ({"id": ADC, "value": 0.9, "unit": "1e-3 mm2/s"}, "has the unit '1e-3 mm2/s', expected '1e-6 mm2/s'"),
        ({"id": "rcbv_mets_meta", "value": 2.0, "unit": "ml/100ml"}, "has the unit 'ml/100ml', expected '1'"),
        ({"id": "fet_tbrmax_romagna", "value": 3.0, "details": {"tracer": "18F-FET"}}, "has no reference region"),
        ({"id": ADC, "value": 1.0, "details": {"quantity": "adcc"}}, r"did you mean 'adc'\?"),
    ],
)
def test_a_finding_that_cannot_be_placed_is_refused(finding: dict[str, Any], message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        weigh_evidence([finding], PRIOR, settings=FEW)


def test_two_values_for_one_marker_are_refused_unless_one_is_left_out() -> None:
    first, second = Finding("rcbv_mets_meta", value=2.0), Finding("rcbv_mets_meta", value=4.0)
    with pytest.raises(ResponseError, match="two values for the marker 'rcbv_mets_meta', expected one"):
        weigh_evidence([first, second], PRIOR, settings=FEW)
    left_out = Finding("rcbv_mets_meta", value=4.0, is_included=False)
    assert len(weigh_evidence([first, left_out], PRIOR, settings=FEW).left_out) == 2


def test_a_pet_ratio_needs_its_reference_region_once_conditions_are_asked() -> None:
    plain = {"id": "fet_tbrmax_romagna", "value": 3.1}
    evidence = weigh_evidence([plain], PRIOR, settings=FEW)
    assert "the reference region of 18F-FET TBRmax is that of the study" in evidence.assumptions
    for finding in (plain, Finding(**plain)):
        with pytest.raises(ResponseError, match="no reference region, expected the one that it is a ratio to"):
            weigh_evidence([finding], PRIOR, circumstances=[], settings=FEW)


@pytest.mark.parametrize(
    ("prior", "message"),
    [
        ((0.0, 0.5, 0.7), "is 0, 0.5, 0.7, expected probabilities above 0 and below 1"),
        ((0.3, 0.5, 1.0), "is 0.3, 0.5, 1, expected probabilities above 0 and below 1"),
        ((0.3, float("nan"), 0.7), "is 0.3, nan, 0.7, expected probabilities"),
        ((0.5, 0.3, 0.7), "expected low, mid and high in order"),
        ((0.3, 0.7), "has 2 numbers, expected three"),
    ],
)
def test_a_prior_that_no_marker_could_move_or_that_is_out_of_order_is_refused(
    prior: tuple[float, ...], message: str
) -> None:
    with pytest.raises(ResponseError, match=message):
        weigh_evidence([], prior)


def test_a_prior_without_a_range_is_refused() -> None:
    with pytest.raises(ResponseError, match=r"prior is one number, 0.5, expected three: low, mid and high"):
        weigh_evidence([], 0.5)  # type: ignore[arg-type]


def test_a_prior_of_one_number_is_a_range_of_no_width() -> None:
    assert Prior(0.5, 0.5, 0.5).mid == 0.5


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ([OwnCutoff("rcbv_meta", 2.0, "mean")], "no marker 'rcbv_meta'"),
        ([OwnCutoff(ADC, 0.0, "mean")], "own cut-off for 'adc_hgg_vandijken' is 0, expected above 0"),
        ([OwnCutoff("centrally_restricted_diffusion", 1.0, "mean")], "nothing to be held against, .* read by eye"),
        ([OwnCutoff(ADC, 900.0, "mean", quantity="ktrans")], "no quantity of the marker 'adc_hgg_vandijken': 'ktrans'"),
        ([OwnCutoff(ADC, 900.0, "")], "names no statistic of the lesion"),
        ([OwnCutoff(ADC, 900.0, "mean"), OwnCutoff(ADC, 800.0, "p5")], "two own cut-offs for the marker"),
    ],
)
def test_an_own_cutoff_that_belongs_to_nothing_is_refused(own: list[OwnCutoff], message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        weigh_evidence([], PRIOR, own_cutoffs=own)


def test_an_unknown_condition_and_two_different_answers_are_refused() -> None:
    with pytest.raises(ResponseError, match="no condition 'leakage'"):
        weigh_evidence([], PRIOR, circumstances=[ConditionAnswer("leakage", Answer.YES)])
    with pytest.raises(ResponseError, match=r"no answer 'maybe'; did you mean 'yes'\?"):
        weigh_evidence([], PRIOR, circumstances=[ConditionAnswer("aif_passed", "maybe")])  # type: ignore[arg-type]
    answers = [ConditionAnswer("aif_passed", answer) for answer in (Answer.YES, Answer.NO)]
    with pytest.raises(ResponseError, match="'aif_passed' is answered twice, and differently"):
        weigh_evidence([], PRIOR, circumstances=answers)


def test_an_unknown_population_is_refused() -> None:
    with pytest.raises(ResponseError, match="no population 'brain tumour'"):
        weigh_evidence([{"id": "rcbv_mets_meta", "positive": True}], PRIOR, population="brain tumour")


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ResponseError, match="random seed is -1, expected 0 or above"):
        weigh_evidence([], PRIOR, random_seed=-1)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"weight": 1.2}, "'weight' is 1.2, expected 0 to 1"),
        ({"grey_zone": float("nan")}, "'grey_zone' is nan, expected 0 to 1"),
        ({"least_ratio": 1.0}, "limited to 1 and 10"),
        ({"lesions_stood_in": 0.0}, "lesions that stand in are 0"),
        ({"draws": 10}, "'draws' is 10, expected at least 1000"),
    ],
)
def test_a_setting_outside_its_range_is_refused(setting: dict[str, Any], message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        WeighingSettings(**setting)


def test_a_sensitivity_grid_with_a_prior_of_1_is_refused() -> None:
    evidence = weigh_evidence([{"id": "rcbv_mets_meta", "positive": True}], PRIOR, settings=FEW)
    with pytest.raises(ResponseError, match="Priors have to lie above 0 and below 1"):
        sensitivity(evidence, priors=(0.5, 1.0))
