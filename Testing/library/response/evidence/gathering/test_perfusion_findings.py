"""Perfusion studies as markers: which, in which statistic, how good, and what the rule on a low ratio says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.perfusion.interpretation import TimingRow
from brachyresponse.perfusion.study import MapName, PerfusionRecord
from brachyresponse.perfusion.study.record import LesionEntry
from brachyresponse.response.evidence import Finding, OwnCutoff, Quality, marker
from brachyresponse.response.evidence.gathering import (
    EvidenceSettings,
    PerfusionScans,
    answers_of_perfusion,
    findings_of_perfusion,
    scans_by_date,
)
from evidence_records import LESION, aif, before, dce, dsc

DCE_POOLED = {"seed_rvp_rktrans", "dce_hgg_vandijken", "dce_hgg_patel"}


def by_id(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    return {finding.id: finding for finding in findings}


def test_dce_gives_both_ratios_and_markers_that_pool_parameters_take_rvp() -> None:
    found = by_id(findings_of_perfusion(dce(vp=3.2, ktrans=4.0), LESION))
    assert set(found) == {"vp_ratio_hatzoglou", "ktrans_ratio_hatzoglou", *DCE_POOLED}
    assert found["ktrans_ratio_hatzoglou"].value == 4.0
    assert {found[name].value for name in DCE_POOLED} == {3.2}
    assert {found[name].details["quantity"] for name in DCE_POOLED} == {"vp"}


def test_the_parameter_is_a_setting_and_both_ratios_are_told_all_the_same() -> None:
    found = by_id(findings_of_perfusion(dce(vp=3.2, ktrans=1.1), LESION, settings=EvidenceSettings(parameter="ktrans")))
    assert {found[name].value for name in DCE_POOLED} == {1.1}
    told = found["seed_rvp_rktrans"].details["perfusion_sentences"]
    assert "rVp 3.20" in told
    assert "rKtrans 1.10" in told


def test_dsc_gives_the_markers_of_the_mean_and_the_hot_spot_under_its_own_name() -> None:
    found = by_id(findings_of_perfusion(dsc(rcbv=2.8), LESION))
    assert found["rcbv_mets_meta"].statistic == "mean"
    assert found["rcbv_max_hgg_patel"].statistic == "hot_spot"
    assert found["rcbv_mets_meta"].unit == marker("rcbv_mets_meta").unit == "1"
    assert (found["rcbv_mets_meta"].low, found["rcbv_mets_meta"].high) == pytest.approx((2.52, 3.08))  # as recorded
    assert "rcbv_max_gm_mets_hoefnagels" not in found  # lesion over grey matter is another quantity


def test_signal_recovery_and_peak_height_are_shown_where_they_were_measured() -> None:
    lesion = LesionEntry(LESION, 4.2, 0.9, signal_recovery_percent=71.0, relative_peak_height=1.9)
    found = by_id(findings_of_perfusion(dsc(lesions=(lesion,)), LESION))
    assert (found["psr_mets_barajas"].value, found["psr_mets_barajas"].unit) == (71.0, "%")
    assert found["rph_mets_barajas"].value == 1.9
    assert "psr_mets_barajas" not in by_id(findings_of_perfusion(dsc(), LESION))


def test_a_marker_is_taken_in_the_statistic_of_the_clinics_own_cutoff() -> None:
    own = OwnCutoff("rcbv_mets_meta", 1.8, "median", "Physics group")
    found = by_id(findings_of_perfusion(dsc(), LESION, own_cutoffs=[own]))
    assert found["rcbv_mets_meta"].statistic == "median"


def test_a_statistic_that_was_not_measured_is_a_finding_with_the_reason() -> None:
    own = OwnCutoff("rcbv_mets_meta", 1.8, "p5")
    finding = by_id(findings_of_perfusion(dsc(), LESION, own_cutoffs=[own]))["rcbv_mets_meta"]
    assert finding.value is None
    assert finding.reason == "The study has no p5 of rCBV ratio."


def test_a_ratio_that_is_not_evaluable_stays_with_its_reason() -> None:
    found = by_id(findings_of_perfusion(dce(vp=None), LESION))
    assert found["dce_hgg_patel"].value is None
    assert found["dce_hgg_patel"].quality is Quality.POOR
    assert found["dce_hgg_patel"].reason == "rVp is not evaluable: The map is noise there."
    assert found["ktrans_ratio_hatzoglou"].value == 4.0


def test_a_failed_input_function_leaves_no_value_and_a_doubtful_one_limits_it() -> None:
    failed = findings_of_perfusion(replace(dce(), aif=aif("failed")), LESION)
    assert {finding.value for finding in failed} == {None}
    assert "The input is failed." in failed[0].reason
    doubtful = findings_of_perfusion(replace(dce(), aif=aif("doubtful")), LESION)
    assert {finding.quality for finding in doubtful} == {Quality.LIMITED}


def test_what_is_left_of_the_lesion_leakage_and_irradiated_white_matter_decide_the_quality() -> None:
    little = replace(dsc(), lesions=(LesionEntry(LESION, 4.2, 0.5),))
    assert findings_of_perfusion(dsc(), LESION)[0].quality is Quality.GOOD
    assert findings_of_perfusion(little, LESION)[0].quality is Quality.LIMITED
    irradiated = replace(dsc(), white_matter_irradiated=True)
    assert findings_of_perfusion(irradiated, LESION)[0].quality is Quality.POOR
    rows = tuple(replace(row, map=MapName.RCBV_UNCORRECTED) for row in dsc().ratios)
    uncorrected = replace(dsc(), leakage_corrected=False, ratios=rows)
    finding = by_id(findings_of_perfusion(uncorrected, LESION))["rcbv_mets_meta"]
    assert (finding.value, finding.quality) == (3.0, Quality.POOR)


@pytest.mark.parametrize(
    ("earlier", "verdict", "weight"),
    [
        (2.4, "absence_counts", "1"),
        (1.2, "absence_unreliable", "0"),
        (None, "absence_weakened", "0.5"),
        ("no scan", "absence_weakened", "0.5"),
    ],
)
def test_the_weight_of_absent_hyperperfusion_hangs_on_the_scan_before(
    earlier: object, verdict: str, weight: str
) -> None:
    first = () if earlier == "no scan" else (before(dce(vp=earlier)),)  # type: ignore[arg-type]
    finding = by_id(findings_of_perfusion(PerfusionScans((dce(vp=1.0),), first), LESION))["dce_hgg_patel"]
    assert finding.details["perfusion_verdict"] == verdict
    assert finding.details["perfusion_weight"] == weight
    assert "6 of 14 proven recurrences" in finding.details["perfusion_sentences"]


def test_the_rule_speaks_of_the_ratio_that_it_judges_alone() -> None:
    found = by_id(findings_of_perfusion(dce(vp=1.0, ktrans=4.0), LESION))
    assert "perfusion_sentences" not in found["ktrans_ratio_hatzoglou"].details
    told = found["dce_hgg_patel"].details["perfusion_sentences"]
    assert "is hyperperfused" not in told.replace("ever hyperperfused", "")
    assert "rKtrans 4.00" in told  # shown all the same


def test_a_study_without_the_ratio_that_is_judged_says_how_to_judge_the_other() -> None:
    rows = tuple(row for row in dce().ratios if row.map is not MapName.VP)
    finding = by_id(findings_of_perfusion(dce(ratios=rows), LESION))["dce_hgg_patel"]
    assert finding.value is None
    assert finding.reason.startswith("The study has no rVp: another ratio is held against the limits by the setting")
    other = findings_of_perfusion(dce(ratios=rows), LESION, settings=EvidenceSettings(parameter="ktrans"))
    assert by_id(other)["dce_hgg_patel"].value == 4.0


@pytest.mark.parametrize(
    "first",
    [
        replace(dce(vp=1.1), lesions=(LesionEntry(LESION, 0.5, 0.9),)),
        dsc(rcbv=1.1),
        replace(dce(vp=1.1), aif=aif("failed")),
    ],
    ids=["too small", "of another kind", "failed input"],
)
def test_a_scan_before_treatment_that_cannot_be_judged_is_none_in_rule_and_conditions(first: PerfusionRecord) -> None:
    scans = PerfusionScans((dce(vp=1.0),), (before(first),))
    assert by_id(findings_of_perfusion(scans, LESION))["dce_hgg_patel"].details["perfusion_weight"] == "0.5"
    told = {one.condition: str(one.answer) for one in answers_of_perfusion(scans, LESION)}
    assert told["pre_treatment_perfusion"] == "no"
    assert told["pre_treatment_not_hyperperfused"] == "unknown"


def test_threshold_and_weight_are_settings() -> None:
    settings = EvidenceSettings(threshold=2.0, weight_without_pre_treatment=0.25)
    finding = by_id(findings_of_perfusion(dce(vp=1.8), LESION, settings=settings))["dce_hgg_patel"]
    assert finding.details["perfusion_weight"] == "0.25"
    assert "below 2" in finding.details["perfusion_sentences"]


def test_a_timing_that_differs_from_the_study_behind_the_limit_is_told() -> None:
    row = TimingRow("repeat_scan", "Repeat scan", "0 to 30 days before the surgery", 45, False, "Repeat scan: 45 days.")
    finding = by_id(findings_of_perfusion(dce(vp=1.0, timing=(row,)), LESION))["dce_hgg_patel"]
    assert "The timing differs from that of the study behind the limit: Repeat scan: 45 days." in (
        finding.details["perfusion_sentences"].splitlines()
    )


def test_studies_are_told_apart_by_their_dates() -> None:
    first, later = before(dce()), dce()
    scans = scans_by_date([later, first])
    assert scans.after == (later,)
    assert scans.before == (first,)


def test_two_studies_of_one_kind_are_two_values_for_one_marker() -> None:
    with pytest.raises(ResponseError, match="two DCE studies of the visit, which would give two values"):
        PerfusionScans((dce(), dce()))


def test_studies_of_two_patients_are_refused() -> None:
    with pytest.raises(ResponseError, match=r"of the patients 'PAT-1' and 'PAT-2': give one patient's"):
        PerfusionScans((dce(),), (replace(before(dce()), patient_id="PAT-2"),))


def test_a_lesion_that_the_study_has_not_is_named_with_those_it_has() -> None:
    two = replace(dsc(), lesions=(LesionEntry(LESION, 4.2, 0.9), LesionEntry("T2", 1.0, 0.9)))
    with pytest.raises(ResponseError, match=r"DSC study of 2026-08-01 has no lesion 'T9', but 'T1', 'T2'"):
        findings_of_perfusion(two, "T9")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weight": 1.5}, "'weight' is 1.5, expected 0 to 1"),
        ({"weight_without_pre_treatment": -1.0}, "'weight_without_pre_treatment' is -1, expected 0 to 1"),
        ({"threshold": 0.0}, "'threshold' is 0, expected above 0"),
        ({"threshold": float("nan")}, "'threshold' is nan, expected above 0"),
        ({"parameter": "ve"}, "'parameter' is 've', expected one of vp, ktrans"),
    ],
)
def test_settings_out_of_range_are_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ResponseError, match=said):
        EvidenceSettings(**changes)  # type: ignore[arg-type]
