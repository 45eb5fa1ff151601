"""Conditions answered from what is known; what is not known is asked, and nothing in between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from brachyresponse.perfusion.study.study import ExclusionRow
from brachyresponse.response.evidence import (
    Answer,
    ConditionAnswer,
    Finding,
    condition,
    conditions,
    default_prior,
    weigh_evidence,
)
from brachyresponse.response.evidence.gathering import (
    EvidenceRequest,
    PerfusionScans,
    answers_of_diffusion,
    answers_of_distances,
    answers_of_perfusion,
    answers_of_size,
    answers_of_spectroscopy,
    answers_of_treatments,
    persons_answer,
    united_answers,
    with_treatments,
)
from brachyresponse.response.evidence.gathering.answers.treatments import what_moves_the_prior
from brachyresponse.response.evidence.markers import Marker, available_markers
from brachyresponse.response.treatment import Treatment, TreatmentRecord, Tumour, TumourType, new_treatment
from evidence_records import LESION, SCAN, aif, before, dce, diffusion, dsc, spectroscopy

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
BY_THE_CASE = {"baseline_scan", "multiple_lesions"}
"""Answered by the study of the patient, which knows the other visits and lesions."""


def said(answers: Iterable[ConditionAnswer]) -> dict[str, Answer]:
    return {one.condition: one.answer for one in united_answers(answers)}


def of(*treatments: Treatment, tumour: Tumour | None = None) -> dict[str, Answer]:
    return said(answers_of_treatments(TreatmentRecord(treatments, tumour), SCAN))


def days_before(days: int) -> date:
    return SCAN - timedelta(days=days)


def test_bevacizumab_counts_from_its_begin_on_and_not_before() -> None:
    assert of(new_treatment("bevacizumab", days_before(300), days_before(200)))["antiangiogenic_therapy"] is YES
    assert of(new_treatment("bevacizumab", SCAN + timedelta(days=1)))["antiangiogenic_therapy"] is NO
    assert of(new_treatment("surgery", days_before(300)))["antiangiogenic_therapy"] is UNKNOWN


@pytest.mark.parametrize(
    ("dose_mg", "high", "any_"), [(8.0, YES, YES), (7.9, NO, YES), (0.0, NO, NO)], ids=["high", "low", "none"]
)
def test_the_dose_of_steroids_on_the_day_decides(dose_mg: float, high: Answer, any_: Answer) -> None:
    found = of(new_treatment("steroids", days_before(60), dose_mg=dose_mg))
    assert (found["high_dose_steroid"], found["steroids"]) == (high, any_)
    assert found["steroid_change"] is NO


@pytest.mark.parametrize(("lowered_days_before", "expected"), [(14, YES), (15, NO)])
def test_a_high_dose_that_was_just_lowered_counts(lowered_days_before: int, expected: Answer) -> None:
    """The high dose's last day is the one before it was lowered."""
    high = new_treatment("steroids", days_before(60), dose_mg=16.0)
    low = new_treatment("steroids", days_before(lowered_days_before - 1), dose_mg=2.0)
    assert of(high, low)["high_dose_steroid"] is expected


def test_steroids_that_are_not_on_record_are_asked() -> None:
    found = of(new_treatment("surgery", days_before(300)))
    assert (found["high_dose_steroid"], found["steroids"]) == (UNKNOWN, UNKNOWN)
    later = of(new_treatment("steroids", SCAN + timedelta(days=1), dose_mg=16.0))
    assert later["high_dose_steroid"] is UNKNOWN


@pytest.mark.parametrize(("days", "expected"), [(84, YES), (85, NO)])
def test_twelve_weeks_after_radiotherapy_are_counted_in_days(days: int, expected: Answer) -> None:
    assert of(new_treatment("external beam", days_before(days + 20), days_before(days)))["within_12_weeks"] is expected


def test_a_second_course_is_a_repetition_and_one_course_is_asked() -> None:
    first, second = new_treatment("external beam", days_before(700)), new_treatment("implant", days_before(300))
    assert of(first)["repeated_or_high_dose"] is UNKNOWN
    assert of(first, second)["repeated_or_high_dose"] is YES


def test_recent_surgery_is_known_but_seizures_are_asked() -> None:
    assert of(new_treatment("surgery", days_before(30)))["recent_seizure_or_surgery"] is YES
    assert of(new_treatment("surgery", days_before(90)))["recent_seizure_or_surgery"] is UNKNOWN


def test_what_moves_the_prior_is_told_and_moves_nothing() -> None:
    treatments = (
        new_treatment("external beam", days_before(900), days_before(880)),
        new_treatment("implant", days_before(304)),
        new_treatment("immunotherapy", days_before(20), agent="pembrolizumab"),
        new_treatment("immunotherapy", SCAN + timedelta(days=5)),
    )
    told = list(what_moves_the_prior(TreatmentRecord(treatments), SCAN))
    assert told == [
        "The scan of 2026-08-01 is 304 days (10 months) after the implant of 2025-10-01.",
        "The patient was irradiated 2 times before the scan.",
        "Immunotherapy of 2026-07-12 is on record, before the scan.",
    ]
    request = EvidenceRequest(LESION, SCAN, default_prior())
    completed = with_treatments(request, TreatmentRecord(treatments))
    assert completed.prior == request.prior
    assert completed.context.sentences == tuple(
        f"{sentence} This moves the prior, which stays as it was set." for sentence in told
    )


@pytest.mark.parametrize(
    ("type_", "idh", "expected"),
    [
        (TumourType.BRAIN_METASTASIS, "unknown", NO),
        (TumourType.RECURRENT_HIGH_GRADE_GLIOMA, "mutant", YES),
        (TumourType.RECURRENT_HIGH_GRADE_GLIOMA, "wildtype", NO),
        (TumourType.RECURRENT_HIGH_GRADE_GLIOMA, "unknown", UNKNOWN),
    ],
)
def test_the_tumour_tells_of_a_native_blood_volume(type_: TumourType, idh: str, expected: Answer) -> None:
    assert of(tumour=Tumour(type_, idh))["high_native_blood_volume"] is expected  # type: ignore[arg-type]


def test_a_dsc_tells_leakage_protocol_size_white_matter_and_exclusions() -> None:
    found = said(answers_of_perfusion(dsc(), LESION))
    assert found["leakage_corrected"] is YES
    assert found["dsc_protocol_consensus"] is YES
    assert found["reference_outside_irradiated"] is YES
    assert found["lesion_at_least_1_cc"] is YES
    assert found["over_quarter_excluded_dsc"] is NO
    assert found["susceptibility_in_dsc"] is NO
    assert found["pre_treatment_perfusion"] is NO


@pytest.mark.parametrize(("share", "expected"), [(0.25, NO), (0.26, YES)])
def test_more_than_a_quarter_left_out_for_seeds_is_too_much(share: float, expected: Answer) -> None:
    rows = (ExclusionRow(LESION, "round 3 seeds", "5 mm.", share, 1 - share),)
    found = said(answers_of_perfusion(replace(dsc(), exclusions=rows), LESION))
    assert found["over_quarter_excluded_dsc"] is expected
    assert found["susceptibility_in_dsc"] is UNKNOWN  # nobody looked for blood


def test_blood_and_seeds_are_too_much_together_where_neither_is_alone() -> None:
    def of_quarter(seeds: float, blood: float, left: float) -> Answer:
        rows = (
            ExclusionRow(LESION, "edge of the lesion", "Partial volume.", 0.30, 0.70),
            ExclusionRow(LESION, "round 3 seeds", "5 mm.", seeds, 0.70 - seeds),
            ExclusionRow(LESION, "blood or calcification", "Dark.", blood, left),
        )
        return said(answers_of_perfusion(replace(dsc(), exclusions=rows), LESION))["over_quarter_excluded_dsc"]

    assert of_quarter(0.15, 0.15, 0.40) is YES
    assert of_quarter(0.15, 0.15, 0.50) is NO  # the same voxels for the most part


def test_a_protocol_of_which_something_is_not_known_is_asked() -> None:
    open_ = ("The scan matches no row of the consensus on DSC.", 'Not "a": the flip angle is not known, enter it.')
    other = ("The scan matches no row of the consensus on DSC.", 'Not "a": flip angle 90°, expected 30°.')
    assert said(answers_of_perfusion(dsc(protocol=open_), LESION))["dsc_protocol_consensus"] is UNKNOWN
    assert said(answers_of_perfusion(dsc(protocol=other), LESION))["dsc_protocol_consensus"] is NO


def test_a_dce_tells_input_t1_and_noise() -> None:
    found = said(answers_of_perfusion(dce(), LESION))
    assert (found["aif_passed"], found["t1_known"], found["white_matter_above_noise"]) == (YES, YES, YES)
    failed = replace(dce(vp=None, ktrans=None), aif=aif("failed"))
    found = said(answers_of_perfusion(failed, LESION))
    assert (found["aif_passed"], found["white_matter_above_noise"]) == (NO, NO)


@pytest.mark.parametrize(("share", "expected"), [(0.5, NO), (0.51, YES), (None, None)])
def test_a_fit_at_a_bound_in_most_voxels_is_told(share: float | None, expected: Answer | None) -> None:
    lesion = replace(dce().lesions[0], share_at_bound=share)
    assert said(answers_of_perfusion(dce(lesions=(lesion,)), LESION)).get("fit_at_bound") is expected


@pytest.mark.parametrize(
    ("earlier", "exists", "low"), [(2.4, YES, NO), (1.49, YES, YES), (1.5, YES, NO), (None, NO, UNKNOWN)]
)
def test_the_scan_before_treatment_tells_whether_the_lesion_was_hyperperfused(
    earlier: float | None, exists: Answer, low: Answer
) -> None:
    scans = PerfusionScans((dce(vp=1.0),), (before(dce(vp=earlier)),))
    found = said(answers_of_perfusion(scans, LESION))
    assert (found["pre_treatment_perfusion"], found["pre_treatment_not_hyperperfused"]) == (exists, low)


def test_one_good_scan_before_treatment_is_enough() -> None:
    bad = replace(before(dsc()), leakage_corrected=False)
    found = said(answers_of_perfusion(PerfusionScans((dce(),), (bad, before(dce(vp=2.0)))), LESION))
    assert found["pre_treatment_perfusion"] is YES


@pytest.mark.parametrize(
    ("name", "size", "limit"),
    [
        ("lesion_at_least_1_cm", "longest_mm", 10.0),
        ("lesion_at_least_1_6_cm", "longest_mm", 16.0),
        ("lesion_at_least_1_cc", "volume_ml", 1.0),
        ("lesion_at_least_1_5_cc", "volume_ml", 1.5),
    ],
)
def test_limits_of_size_hold_at_the_limit_itself(name: str, size: str, limit: float) -> None:
    assert said(answers_of_size(**{size: limit}))[name] is YES
    assert said(answers_of_size(**{size: limit - 0.01}))[name] is NO


@pytest.mark.parametrize(("distance_mm", "expected"), [(4.9, YES), (5.0, UNKNOWN)])
def test_seeds_nearer_than_the_margin_spoil_dsc_and_diffusion(distance_mm: float, expected: Answer) -> None:
    found = said(answers_of_distances(distance_mm, 30.0))
    assert found["susceptibility_in_dsc"] is found["susceptibility_in_adc"] is expected


def test_a_balloon_that_touches_is_in_the_lesion_and_no_distance_says_nothing() -> None:
    assert said(answers_of_distances(None, 0.0))["susceptibility_in_lesion"] is YES
    assert answers_of_distances(None, None) == ()


def test_a_margin_that_a_study_left_out_is_not_in_what_it_measured() -> None:
    """A seed near the lesion spoils what nobody cut its margin from, and so does a balloon that no study knew of."""
    measured = answers_of_diffusion(diffusion(), LESION)
    near = said((*answers_of_distances(3.0, None, measured), *measured))
    assert (near["susceptibility_in_adc"], near["susceptibility_in_dsc"]) == (NO, YES)
    assert said((*answers_of_distances(3.0, 4.0, measured), *measured))["susceptibility_in_adc"] is YES
    (kept,) = [one for one in answers_of_distances(3.0, None, measured) if one.condition == "susceptibility_in_adc"]
    assert "lies 3.0 mm from the lesion; margin 5 mm for ADC" in kept.source
    assert "Left out of the lesion in the diffusion" in kept.source


def test_a_diffusion_study_tells_registration_core_and_exclusions() -> None:
    found = said(answers_of_diffusion(diffusion(is_undistorted=None), LESION))
    assert (found["registered_to_lesion"], found["epi_distortion_checked"]) == (YES, UNKNOWN)
    assert found["necrotic_core_in_roi"] is NO
    assert found["over_quarter_excluded_adc"] is YES
    assert found["susceptibility_in_lesion"] is YES


def test_spectroscopy_tells_the_voxel_the_spectrum_and_leaves_blood_open() -> None:
    found = said(answers_of_spectroscopy(spectroscopy(), LESION))
    assert (found["voxel_in_solid_part"], found["spectrum_quality"]) == (YES, YES)
    assert found["lesion_at_least_1_5_cc"] is YES
    assert found["voxel_disturbed"] is UNKNOWN
    bad = said(answers_of_spectroscopy(spectroscopy(is_good=False, share=0.4), LESION))
    assert (bad["voxel_in_solid_part"], bad["spectrum_quality"]) == (NO, NO)


def test_a_voxel_beside_a_seed_is_disturbed() -> None:
    record = spectroscopy()
    near = replace(record.voxels[0], place_reasons=("A seed lies 2 mm from the voxel.",))
    found = said(answers_of_spectroscopy(replace(record, voxels=(near,)), LESION))
    assert found["voxel_disturbed"] is YES


def test_what_spoils_a_marker_in_one_scan_spoils_it() -> None:
    for one in conditions():
        spoils = NO if one.holds_when is YES else YES
        answers = [ConditionAnswer(one.id, answer) for answer in (UNKNOWN, one.holds_when, spoils)]
        assert united_answers(answers)[0].answer is spoils
        assert united_answers(answers[:2])[0].answer is one.holds_when


def test_a_persons_word_stands_and_tells_what_the_files_say() -> None:
    answers = [
        persons_answer("leakage_corrected", YES, "Dr Roe"),
        ConditionAnswer("leakage_corrected", NO, "The study says so."),
    ]
    (united,) = united_answers(answers)
    assert (united.answer, united.by) == (YES, "Dr Roe")
    assert united.words == "Answered by Dr Roe. Otherwise known (no): The study says so."


def test_what_a_record_calls_answered_is_no_persons_word() -> None:
    records = [ConditionAnswer("leakage_corrected", YES, "Answered in the header."), persons_answer("near_cortex", YES)]
    assert [one.is_by_person for one in records] == [False, True]
    against = ConditionAnswer("leakage_corrected", NO, "The study says so.")
    assert united_answers((records[0], against)) == (against,)  # what spoils a marker in one record spoils it


def test_a_person_who_does_not_know_leaves_it_to_the_files() -> None:
    answers = [persons_answer("leakage_corrected", UNKNOWN), ConditionAnswer("leakage_corrected", NO, "As told.")]
    assert united_answers(answers) == (answers[1],)


names = some.sampled_from([one.id for one in conditions()])


@settings(max_examples=30, deadline=None)
@given(some.lists(some.builds(ConditionAnswer, names, some.sampled_from(Answer), some.just("A record."))))
def test_there_is_one_answer_a_condition_and_uniting_twice_changes_nothing(answers: list[ConditionAnswer]) -> None:
    united = united_answers(answers)
    assert len({one.condition for one in united}) == len(united)
    assert {one.condition for one in united} == {one.condition for one in answers}
    assert united_answers(united) == united


def answered_by_data() -> set[str]:
    drugs = (
        new_treatment("bevacizumab", days_before(10)),
        new_treatment("steroids", days_before(10), dose_mg=4.0),
        new_treatment("implant", days_before(300)),
        new_treatment("external beam", days_before(900)),
        new_treatment("surgery", days_before(30)),
    )
    record = TreatmentRecord(drugs, Tumour(TumourType.BRAIN_METASTASIS))
    scans = PerfusionScans((dce(), dsc()), (before(dce()),))
    disturbed = replace(spectroscopy().voxels[0], place_reasons=("A seed lies in it.",))
    answers = [
        *answers_of_treatments(record, SCAN),
        *answers_of_perfusion(scans, LESION),
        *answers_of_diffusion(diffusion(), LESION),
        *answers_of_spectroscopy(replace(spectroscopy(), voxels=(disturbed,)), LESION),
        *answers_of_size(longest_mm=20.0, volume_ml=4.0),
    ]
    return {one.condition for one in answers if one.answer is not UNKNOWN} | BY_THE_CASE


def is_asked(name: str, by: Marker) -> bool:
    """Whether a marker that all else allows to be weighed asks for a condition."""
    details = {"reference_region": "cortex"}
    others = [ConditionAnswer(one, condition(one).holds_when) for one in by.conditions if one != name]
    asked = [
        question.id
        for positive in (True, False)
        for question in weigh_evidence(
            [Finding(by.id, positive=positive, details=details)], (0.3, 0.5, 0.7), circumstances=others
        ).questions
    ]
    return name in asked


def test_every_condition_is_answered_from_data_or_asked_where_it_matters() -> None:
    """But for markers that are never weighed, of which nothing need be asked."""
    known = answered_by_data()
    for one in conditions():
        by = [marker for marker in available_markers() if one.id in marker.conditions]
        weighed = [marker for marker in by if marker.is_weighable]
        assert by, one.id
        assert one.id in known or not weighed or any(is_asked(one.id, marker) for marker in weighed), one.id


def test_every_answer_from_data_is_of_a_known_condition_and_says_how_it_is_known() -> None:
    scans = PerfusionScans((dce(), dsc()), (before(dce()),))
    answers = [*answers_of_perfusion(scans, LESION), *answers_of_diffusion(diffusion(), LESION)]
    for one in answers:
        assert condition(one.condition)
        assert len(one.source) > 10
