"""The validity rule: when a low ratio may count, and what is said beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.interpretation import (
    Interpretation,
    InterpretationSettings,
    RatioRecord,
    RatioValue,
    Verdict,
    check_timing,
    interpret,
)
from brachyresponse.perfusion.interpretation.rules import interpretation_data, rule_ids
from brachyresponse.perfusion.series import SeriesKind

LOW, HIGH = 0.8, 2.4


def a_visit(vp: float | None = LOW, ktrans: float | None = 3.0, **changes: object) -> RatioRecord:
    """A lesion of 3 cc with 200 valid voxels; None is a ratio that is not evaluable."""
    ratios = {"vp": a_ratio("rVp", vp), "ktrans": a_ratio("rKtrans", ktrans)}
    record = RatioRecord("Lesion", SeriesKind.DCE, ratios, volume_cc=3.0, scan_date=date(2027, 2, 1))
    return replace(record, **changes)


def a_ratio(label: str, value: float | None, voxels: int = 200) -> RatioValue:
    if value is None:
        return RatioValue(label, None, reason="White matter is noise.", valid_voxels=voxels)
    return RatioValue(label, value, value - 0.1, value + 0.1, valid_voxels=voxels)


def a_dsc_visit(rcbv: float, corrected: bool = True) -> RatioRecord:
    ratios = {"rcbv": a_ratio("rCBV ratio", rcbv)}
    return RatioRecord("Lesion", SeriesKind.DSC, ratios, volume_cc=3.0, leakage_corrected=corrected)


def said(found: Interpretation, rule: str) -> str:
    return next(one.text for one in found.sentences if one.rule == rule)


def test_a_low_ratio_counts_after_a_high_one_before_treatment() -> None:
    found = interpret(a_visit(HIGH), a_visit(LOW))
    assert (found.verdict, found.weight) == (Verdict.ABSENCE_COUNTS, 1.0)
    assert "was 2.40 before treatment" in said(found, "low_counts")


def test_a_low_ratio_has_no_weight_after_a_low_one_before_treatment() -> None:
    found = interpret(a_visit(LOW), a_visit(LOW))
    assert (found.verdict, found.weight) == (Verdict.ABSENCE_UNRELIABLE, 0.0)
    assert "unreliable" in said(found, "low_unreliable")


def test_without_a_pre_treatment_scan_a_low_ratio_has_half_its_weight_and_this_is_said() -> None:
    found = interpret(None, a_visit(LOW))
    assert (found.verdict, found.weight) == (Verdict.ABSENCE_WEAKENED, 0.5)
    assert "no pre-treatment perfusion scan" in said(found, "low_without_pre_treatment")


def test_a_pre_treatment_scan_that_is_not_evaluable_is_as_none() -> None:
    found = interpret(a_visit(None), a_visit(LOW))
    assert (found.verdict, found.weight) == (Verdict.ABSENCE_WEAKENED, 0.5)
    assert "White matter is noise" in said(found, "low_pre_treatment_not_evaluable")


@pytest.mark.parametrize("before", [None, a_visit(LOW), a_visit(HIGH)])
def test_a_high_ratio_is_hyperperfused_whatever_was_before(before: RatioRecord | None) -> None:
    found = interpret(before, a_visit(HIGH))
    assert found.verdict is Verdict.HYPERPERFUSED
    assert found.is_evaluable


@pytest.mark.parametrize(("value", "verdict"), [(1.5, Verdict.HYPERPERFUSED), (1.4999, Verdict.ABSENCE_WEAKENED)])
def test_the_limit_itself_is_not_below_the_limit(value: float, verdict: Verdict) -> None:
    assert interpret(None, a_visit(value)).verdict is verdict


@pytest.mark.parametrize(("value", "weight"), [(1.5, 1.0), (1.4999, 0.0)])
def test_the_limit_itself_counts_as_high_before_treatment_too(value: float, weight: float) -> None:
    assert interpret(a_visit(value), a_visit(LOW)).weight == weight


@pytest.mark.parametrize(
    ("visit", "rule", "words"),
    [
        (a_visit(None), "no_ratio", "White matter is noise"),
        (a_visit(LOW, volume_cc=0.4), "small_lesion", "0.40 cc"),
        (a_visit(LOW, aif_failed=True), "aif_failed", "arterial input function failed"),
        (a_visit(LOW, ratios={"vp": a_ratio("rVp", LOW, voxels=12)}), "few_voxels", "Only 12 voxels"),
    ],
)
def test_not_evaluable_is_a_result_with_its_reason(visit: RatioRecord, rule: str, words: str) -> None:
    found = interpret(a_visit(HIGH), visit)
    assert (found.verdict, found.weight, found.is_evaluable) == (Verdict.NOT_EVALUABLE, 0.0, False)
    assert words in said(found, rule)


def test_a_drug_takes_the_weight_of_a_low_ratio_but_not_of_a_high_one() -> None:
    low = interpret(a_visit(HIGH), a_visit(LOW, drug="bevacizumab"))
    assert (low.verdict, low.weight) == (Verdict.ABSENCE_UNRELIABLE, 0.0)
    assert "bevacizumab" in said(low, "drug")
    assert interpret(a_visit(HIGH), a_visit(HIGH, drug="bevacizumab")).verdict is Verdict.HYPERPERFUSED


def test_a_blood_volume_that_was_not_corrected_for_leakage_has_no_weight() -> None:
    found = interpret(a_dsc_visit(HIGH), a_dsc_visit(LOW, corrected=False))
    assert found.weight == 0.0
    assert "leakage" in said(found, "leakage_uncorrected")


def test_a_pre_treatment_blood_volume_that_was_not_corrected_is_as_none() -> None:
    found = interpret(a_dsc_visit(HIGH, corrected=False), a_dsc_visit(LOW))
    assert (found.verdict, found.weight) == (Verdict.ABSENCE_WEAKENED, 0.5)


def test_dsc_is_judged_by_rcbv_and_the_limit_is_said_to_be_that_of_dce() -> None:
    found = interpret(a_dsc_visit(HIGH), a_dsc_visit(LOW))
    assert found.weight == 1.0
    assert "extrapolation" in said(found, "limit_is_of_dce")


def test_a_dsc_before_says_nothing_for_a_dce_after() -> None:
    found = interpret(a_dsc_visit(HIGH), a_visit(LOW))
    assert found.weight == 0.5
    assert "no vp map" in said(found, "low_pre_treatment_not_evaluable")


def test_both_ratios_of_both_visits_are_shown() -> None:
    found = interpret(a_visit(HIGH, 6.2), a_visit(LOW, None))
    before, after = (one.text for one in found.sentences if one.rule == "both_ratios")
    assert "rVp 2.40 (2.30 to 2.50); rKtrans 6.20" in before
    assert "rVp 0.80" in after
    assert "rKtrans not evaluable" in after


def test_an_interval_that_holds_the_limit_is_named() -> None:
    assert "interval_holds_threshold" in interpret(None, a_visit(1.45)).rules
    assert "interval_holds_threshold" not in interpret(None, a_visit(LOW)).rules


def test_irradiated_white_matter_takes_the_weight_of_a_low_ratio_and_is_named_with_a_high_one() -> None:
    low = interpret(a_visit(HIGH), a_visit(LOW, white_matter_irradiated=True))
    assert (low.verdict, low.weight) == (Verdict.ABSENCE_UNRELIABLE, 0.0)
    high = interpret(a_visit(HIGH), a_visit(HIGH, white_matter_irradiated=True))
    assert high.verdict is Verdict.HYPERPERFUSED
    small = interpret(a_visit(HIGH), a_visit(LOW, white_matter_irradiated=True, volume_cc=0.4))
    assert all(found.rules.count("irradiated_white_matter") == 1 for found in (low, high, small))


def test_a_lesion_that_the_pre_treatment_scan_does_not_show_is_as_none_and_this_is_said() -> None:
    found = interpret(a_visit(ratios={}, is_found=False), a_visit(LOW))
    assert (found.verdict, found.weight) == (Verdict.ABSENCE_WEAKENED, 0.5)
    assert "shows no lesion that is known to be this one" in said(found, "low_not_seen_before")
    assert found.rules.count("both_ratios") == 1


def test_a_high_ratio_is_no_proof_of_recurrence() -> None:
    assert "does not prove recurrence" in said(interpret(None, a_visit(HIGH)), "high_in_necrosis")


def test_a_ratio_that_rounds_to_the_limit_is_shown_below_it() -> None:
    assert "is 1.4999, below 1.5" in interpret(None, a_visit(1.4999)).sentences[0].text


def test_deviations_of_the_timing_are_named() -> None:
    timing = check_timing(pre_treatment_scan=date(2026, 1, 1), treatment=date(2026, 3, 7))
    found = interpret(a_visit(HIGH), a_visit(LOW), timing=timing)
    assert "65 days" in said(found, "timing_deviates")


def test_limit_parameter_and_weight_are_settings() -> None:
    settings = InterpretationSettings(parameter="ktrans", threshold=4.0, weight_without_pre_treatment=0.25)
    found = interpret(None, a_visit(HIGH, 3.0), settings)
    assert (found.verdict, found.weight) == (Verdict.ABSENCE_WEAKENED, 0.25)
    assert "rKtrans of Lesion is 3.00, below 4" in found.sentences[0].text


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"threshold": 0.0}, "limit of hyperperfusion is 0"), ({"weight_without_pre_treatment": 2.0}, "expected 0 to 1")],
)
def test_settings_that_make_no_sense_are_refused(changes: dict[str, float], message: str) -> None:
    with pytest.raises(PerfusionError, match=message):
        InterpretationSettings(**changes)


RATIOS = st.one_of(st.none(), st.floats(0.01, 300))
VISITS = st.builds(
    a_visit,
    RATIOS,
    RATIOS,
    volume_cc=st.floats(0.1, 30),
    aif_failed=st.booleans(),
    drug=st.sampled_from(["", "dexamethasone"]),
    white_matter_irradiated=st.sampled_from([None, False, True]),
)


@given(st.one_of(st.none(), VISITS), VISITS)
def test_whatever_is_concluded_is_traceable_cautious_and_no_diagnosis(
    before: RatioRecord | None, after: RatioRecord
) -> None:
    found = interpret(before, after)
    assert set(found.rules) <= set(rule_ids())
    assert found.rules[-1] == "six_of_fourteen"
    assert "6 of 14" in found.sentences[-1].text
    assert all(one.source and "{" not in one.text for one in found.sentences)
    assert "probab" not in " ".join(one.text for one in found.sentences).lower()
    assert 0 <= found.weight <= 1
    counts = before is not None and (before.ratio("vp").value or 0) >= 1.5
    assert found.verdict is not Verdict.ABSENCE_COUNTS or counts


def test_every_rule_of_the_table_has_a_source_and_the_table_a_citation() -> None:
    table = interpretation_data("rules.json")
    assert "abstract 4054" in table["citation"]
    assert all(row["source"] for row in table["rules"])
