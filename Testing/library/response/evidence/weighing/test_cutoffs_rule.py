"""On which side a value lies: beyond the highest cut-off, beyond the lowest, or where nothing is weighed."""

from __future__ import annotations

from typing import Any

import pytest

from brachyresponse.response.evidence import OwnCutoff, Side, WeighingSettings, weigh_evidence

PRIOR = (0.31, 0.5, 0.69)
FEW = WeighingSettings(draws=1000)
REGION = {"reference_region": "mirrored white matter"}
ADC_UNIT = "1e-6 mm2/s"


def side_of(finding: dict[str, Any], own: OwnCutoff | None = None) -> tuple[Side, str]:
    evidence = weigh_evidence([finding], PRIOR, own_cutoffs=[own] if own else [], settings=FEW)
    if evidence.used:
        return evidence.used[0].side, evidence.used[0].cutoff_words
    (left_out,) = evidence.left_out
    return left_out.side, left_out.reasons[-1]


@pytest.mark.parametrize(
    ("statistic", "value", "side"),
    [
        *(("mean", 2.16, Side.POSITIVE), ("mean", 2.15, Side.BETWEEN), ("mean", 0.9, Side.BETWEEN)),
        *(("mean", 0.89, Side.NEGATIVE), ("maximum", 3.11, Side.POSITIVE), ("max", 3.1, Side.BETWEEN)),
        *(
            ("maximum", 1.48, Side.NEGATIVE),
            ("", 3.11, Side.POSITIVE),
            ("", 1.2, Side.BETWEEN),
            ("", 0.89, Side.NEGATIVE),
        ),
    ],
)
def test_a_value_is_held_against_the_range_of_published_cutoffs_for_its_statistic(
    statistic: str, value: float, side: Side
) -> None:
    finding = {"id": "rcbv_mets_meta", "value": value, "statistic": statistic}
    assert side_of(finding)[0] is side


@pytest.mark.parametrize(
    ("value", "side"), [(2.48, Side.POSITIVE), (2.47, Side.BETWEEN), (1.83, Side.BETWEEN), (1.82, Side.NEGATIVE)]
)
def test_a_single_cutoff_has_a_grey_zone_of_15_percent(value: float, side: Side) -> None:
    assert side_of({"id": "fet_tbrmax_romagna", "value": value})[0] is side


@pytest.mark.parametrize("cutoff", [1.4, 1.7, 2.15, 2.3, 1000.0])
def test_the_ends_of_the_grey_zone_belong_to_it(cutoff: float) -> None:
    own = OwnCutoff("rcbv_mets_meta", cutoff, "mean")
    for share, side in ((0.849, Side.NEGATIVE), (0.85, Side.BETWEEN), (1.15, Side.BETWEEN), (1.151, Side.POSITIVE)):
        value = float(f"{cutoff * share:.6g}")  # as a person types it
        assert side_of({"id": "rcbv_mets_meta", "value": value, "statistic": "mean"}, own)[0] is side


def test_a_ratio_below_0_is_no_sign_of_necrosis() -> None:
    side, reason = side_of({"id": "rcbv_mets_meta", "value": -3.0, "statistic": "mean"})
    assert side is Side.UNDECIDED
    assert reason == "rCBV, lesion to white matter cannot be below 0, and is -3."
    assert side_of({"id": "rcbv_mets_meta", "value": 0.0, "statistic": "mean"})[0] is Side.NEGATIVE


def test_within_the_grey_zone_nothing_is_weighed_and_the_range_is_told() -> None:
    _, reason = side_of({"id": "fet_tbrmax_romagna", "value": 2.2})
    assert reason == "2.2 lies between 1.8275 and 2.4725, where nothing is weighed."


def test_the_mean_of_fet_has_its_own_cutoff() -> None:
    assert side_of({"id": "fet_tbrmax_romagna", "value": 2.3, "statistic": "mean"})[0] is Side.POSITIVE
    assert side_of({"id": "fet_tbrmax_romagna", "value": 2.3, "statistic": "maximum"})[0] is Side.BETWEEN


@pytest.mark.parametrize(
    ("value", "side"), [(2.2, Side.POSITIVE), (2.0, Side.BETWEEN), (1.3, Side.BETWEEN), (1.2, Side.NEGATIVE)]
)
def test_a_cutoff_from_memory_widens_what_lies_between_and_never_narrows_it(value: float, side: Side) -> None:
    finding = {"id": "dce_hgg_vandijken", "value": value, "statistic": "mean", "details": {"quantity": "vp"}}
    assert side_of(finding)[0] is side


def test_a_mean_is_not_held_against_a_cutoff_for_the_maximum() -> None:
    side, reason = side_of({"id": "rcbv_max_hgg_patel", "value": 4.0, "statistic": "mean"})
    assert side is Side.UNDECIDED
    assert reason == "It is the mean of the lesion, but this study's cut-off is for the maximum."


def test_a_hot_spot_is_called_so() -> None:
    evidence = weigh_evidence([{"id": "rcbv_max_hgg_patel", "value": 4.0, "statistic": "hot_spot"}], PRIOR)
    (left_out,) = evidence.left_out
    assert left_out.reason == "It is the hot spot of the lesion, but this study's cut-off is for the maximum."
    assert "4, hot spot of the lesion" in left_out.sentence


def test_cutoffs_of_one_study_stand_together() -> None:
    _, words = side_of({"id": "rcbv_mets_meta", "value": 4.0, "statistic": "mean"})
    study = "Patel 2017 Neuro-Oncology 19:118"
    assert words == f"published cut-offs 0.9 and 2.15 ({study}), 1.52 (Barajas 2009 AJNR 30:367, unverified)"


def test_a_statistic_without_published_cutoff_is_refused_and_those_that_have_one_are_named() -> None:
    side, reason = side_of({"id": "rcbv_mets_meta", "value": 4.0, "statistic": "p95"})
    assert side is Side.UNDECIDED
    published = "Cut-offs for rCBV, lesion to white matter are published for the maximum and the mean of the lesion"
    assert reason == f"{published}, not for the p95."


def test_a_value_without_any_published_cutoff_is_shown_and_not_weighed() -> None:
    side, reason = side_of({"id": "adc_hgg_vandijken", "value": 900.0, "unit": ADC_UNIT})
    assert side is Side.UNDECIDED
    assert reason.startswith("No cut-off for ADC is published")


def test_a_cutoff_from_memory_is_shown_with_that_and_decides_nothing() -> None:
    (left_out,) = weigh_evidence([{"id": "psr_mets_barajas", "value": 60.0, "unit": "%"}], PRIOR).left_out
    assert left_out.side is Side.UNDECIDED
    assert left_out.cutoff_words == "76.3 (Barajas 2009 AJNR 30:367, unverified)"


def test_what_is_read_by_eye_takes_no_value() -> None:
    assert side_of({"id": "centrally_restricted_diffusion", "value": 1.0})[1].startswith("It is read by eye")


@pytest.mark.parametrize(("value", "side"), [(700.0, Side.POSITIVE), (1000.0, Side.BETWEEN), (1300.0, Side.NEGATIVE)])
def test_the_clinic_s_own_cutoff_is_used_and_labelled(value: float, side: Side) -> None:
    own = OwnCutoff("adc_hgg_vandijken", 1000.0, "mean", "the department, 40 lesions")
    found, words = side_of({"id": "adc_hgg_vandijken", "value": value, "unit": ADC_UNIT, "statistic": "mean"}, own)
    assert found is side
    if side is not Side.BETWEEN:
        assert words.startswith("the clinic's own cut-off 1000 for the mean, set by the department, 40 lesions")


def test_with_an_own_cutoff_it_is_said_that_the_figures_are_the_study_s() -> None:
    own = OwnCutoff("cho_naa_glioma_zhang", 2.0, "mean")
    finding = {"id": "cho_naa_glioma_zhang", "value": 3.0, "statistic": "mean"}
    (used,) = weigh_evidence([finding], PRIOR, own_cutoffs=[own], settings=FEW).used
    assert used.remarks == ("The figures of Cho/NAA are those of its study, not of the clinic's own cut-off.",)


def test_the_clinic_s_own_cutoff_replaces_the_published_ones() -> None:
    finding = {"id": "rcbv_mets_meta", "value": 2.0, "statistic": "mean"}
    assert side_of(finding)[0] is Side.BETWEEN
    assert side_of(finding, OwnCutoff("rcbv_mets_meta", 1.5, "mean"))[0] is Side.POSITIVE


@pytest.mark.parametrize(("statistic", "found"), [("p5", "it is the p5"), ("", "nobody told its statistic")])
def test_the_clinic_s_own_cutoff_is_refused_for_another_statistic(statistic: str, found: str) -> None:
    finding = {"id": "adc_hgg_vandijken", "value": 700.0, "unit": ADC_UNIT, "statistic": statistic}
    side, reason = side_of(finding, OwnCutoff("adc_hgg_vandijken", 1000.0, "mean"))
    assert side is Side.UNDECIDED
    assert reason == f"The clinic's own cut-off of 1000 is for the mean of the lesion, but {found}."


def test_the_clinic_s_own_cutoff_holds_for_one_quantity() -> None:
    finding = {"id": "dce_hgg_vandijken", "value": 3.0, "statistic": "mean", "details": {"quantity": "ktrans"}}
    side, reason = side_of(finding, OwnCutoff("dce_hgg_vandijken", 2.0, "mean"))
    assert side is Side.UNDECIDED
    assert reason == "The clinic's own cut-off of 2 is for rVp, but the value is rKtrans."
    assert side_of(finding, OwnCutoff("dce_hgg_vandijken", 2.0, "mean", quantity="ktrans"))[0] is Side.POSITIVE


def test_the_clinic_s_own_cutoff_in_a_unit_is_not_held_against_a_ratio() -> None:
    finding = {"id": "adc_hgg_vandijken", "value": 1.3, "statistic": "mean", "details": {"quantity": "adc_ratio"}}
    _, reason = side_of(finding, OwnCutoff("adc_hgg_vandijken", 1000.0, "mean"))
    assert reason == "The clinic's own cut-off of 1000 is for ADC, but the value is ADC, lesion to white matter."


@pytest.mark.parametrize(
    ("tracer", "value", "side"),
    [("18F-FET", 2.6, Side.POSITIVE), ("11C-MET", 1.7, Side.POSITIVE), ("11C-MET", 1.1, Side.NEGATIVE)],
)
def test_a_pooled_marker_takes_the_cutoff_of_the_tracer(tracer: str, value: float, side: Side) -> None:
    finding = {
        "id": "aa_pet_mets_2023",
        "value": value,
        "statistic": "maximum",
        "details": {"tracer": tracer, **REGION},
    }
    assert side_of(finding)[0] is side


@pytest.mark.parametrize("found", [{"value": 3.0}, {"positive": True}])
def test_another_tracer_than_the_study_s_is_refused(found: dict[str, Any]) -> None:
    finding = {"id": "fet_tbrmax_romagna", **found, "details": {"tracer": "18F-FDG", **REGION}}
    assert side_of(finding)[1] == "Its tracer is 18F-FDG, but the figures of 18F-FET TBRmax are for another."


def test_a_ratio_whose_study_was_read_by_eye_is_placed_and_not_weighed() -> None:
    finding = {"id": "tl201_kline", "value": 2.3, "details": {"tracer": "201Tl", "reference_region": "scalp"}}
    side, reason = side_of(finding)
    assert side is Side.POSITIVE
    assert reason.startswith("Its value is shown without weight: its sensitivity and specificity are those of the read")
    assert side_of({"id": "tl201_kline", "positive": True})[0] is Side.POSITIVE


def test_a_pooled_marker_without_tracer_is_not_weighed() -> None:
    assert side_of({"id": "aa_pet_mets_2023", "value": 3.0})[1].startswith("Its tracer is not told")
    named = {"quantity": "fet_tbr", **REGION}
    assert side_of({"id": "aa_pet_mets_2023", "value": 3.0, "details": named})[0] is Side.POSITIVE


@pytest.mark.parametrize(("value", "low", "high"), [(2.6, 2.5, 2.7), (1.5, 1.4, 1.6)])
def test_of_an_interval_beside_the_zone_nothing_is_said(value: float, low: float, high: float) -> None:
    finding = {"id": "fet_tbrmax_romagna", "value": value, "low": low, "high": high}
    assert weigh_evidence([finding], PRIOR, settings=FEW).used[0].remarks == ()


def test_a_value_whose_interval_reaches_into_the_zone_is_weighed_and_says_so() -> None:
    finding = {"id": "fet_tbrmax_romagna", "value": 2.6, "low": 2.3, "high": 2.9}
    evidence = weigh_evidence([finding], PRIOR, settings=FEW)
    assert evidence.used[0].remarks == (
        "The interval of 18F-FET TBRmax, 2.3 to 2.9, reaches to where nothing is weighed.",
    )
