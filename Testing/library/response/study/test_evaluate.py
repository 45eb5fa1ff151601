"""A patient assessed: criteria, treatment record, schedule and the reader's word, and what it all rests on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.response.study import ResponseStudy, evaluate_response, request_from_json
from brachyresponse.response.vocabulary import Category, CriteriaName, SteroidTrend
from invented_case import glioma
from reference import REFERENCE, needs_reference

IMPLANT = [{"kind": "implant", "start": "2026-01-05", "prescription_gy": 100.0}]


def study_of(**changes: Any) -> ResponseStudy:
    return evaluate_response(request_from_json(glioma(**changes)))


@pytest.fixture(scope="module")
def study() -> ResponseStudy:
    return study_of()


def about(study: ResponseStudy, subject: str) -> list[str]:
    return [row.sentence for row in study.assumptions if row.about == subject]


def test_every_visit_has_its_category_and_the_reader_stands_beside_it(study: ResponseStudy) -> None:
    assert [visit.category for visit in study.assessment.visits] == [Category.BASELINE, Category.PR, Category.PD]
    said = study.adjudication(date(2026, 8, 3))
    assert said is not None
    assert said.category is Category.SD
    assert study.assessment.progression_date == date(2026, 8, 3)
    assert study.warnings[0] == (
        "2026-08-03: computed PD. Adjudicated SD by Board on 2026-08-12: Biopsy of 2026-08-10 showed necrosis."
    )


def test_what_the_case_leaves_open_comes_from_the_treatment_record(study: ResponseStudy) -> None:
    assert study.request.case.visits[1].steroid_dose_mg is None
    assert study.case.visits[1].steroid_dose_mg == 4.0
    assert study.case.visits[1].steroid_trend is SteroidTrend.STABLE
    assert study.case.radiation_end == date(2026, 1, 5)
    assert not study.assessment.visits[1].is_imaging_only
    assert about(study, "treatment record") == [
        "Steroids (dexamethasone a day, against the baseline) from the treatment record: 2026-02-02 4 mg; "
        "2026-06-01 4 mg, stable; 2026-08-03 4 mg, stable."
    ]


def test_what_the_case_says_is_never_changed_by_the_record() -> None:
    visits = glioma()["visits"]
    visits[1] |= {"steroid_dose_mg": 2.0, "steroid_trend": "decreased"}
    study = study_of(visits=visits, radiation_end="2026-01-09")
    assert study.case.visits[1] == study.request.case.visits[1]
    assert study.case.radiation_end == date(2026, 1, 9)
    assert about(study, "reference date")[0].startswith("End of radiation: 2026-01-09")


def test_a_biopsy_of_tumour_counts_for_the_visit_before_it() -> None:
    biopsy = [{"kind": "biopsy", "start": "2026-06-10", "result": "tumour"}]
    study = study_of(treatments=biopsy)
    assert [visit.has_histology_of_tumour for visit in study.case.visits] == [False, True, False]
    assert "A biopsy on record showed tumour, which counts for the visit of 2026-06-01." in about(
        study, "treatment record"
    )
    mixed = study_of(treatments=[biopsy[0] | {"result": "mixed"}])
    assert not mixed.case.visits[1].has_histology_of_tumour
    assert any("showed tumour and necrosis: whether it counts" in warning for warning in mixed.warnings)


def test_drugs_on_record_turn_on_what_the_criteria_ask_of_them() -> None:
    drug = [{"kind": "bevacizumab", "start": "2026-03-01"}]
    study = study_of(criteria="RANO-2.0", treatments=drug)
    assert study.case.options.is_antiangiogenic
    assert any("T2/FLAIR counts" in sentence for sentence in about(study, "treatment record"))
    drug = [{"kind": "immunotherapy", "start": "2026-03-01"}]
    assert study_of(
        criteria="RANO-BM", treatments=drug, tumour={"type": "brain metastasis"}
    ).case.options.is_immunotherapy


def test_a_drug_counts_from_its_begin_on_and_not_before() -> None:
    visits = glioma()["visits"]
    for visit in visits[1:]:
        visit["t2_flair"] = "worse"
    told = {"criteria": "RANO-2.0", "visits": visits, "radiation_end": "2025-06-01"}
    begun = str(visits[2]["date"])
    before, after = (
        study_of(**told, treatments=[{"kind": "bevacizumab", "start": start}]).assessment.visits
        for start in (begun, "2026-01-01")
    )
    reasons = [["T2/FLAIR" in visit.sentence for visit in found[1:]] for found in (before, after)]
    assert reasons == [[False, True], [True, True]]


def test_the_end_of_radiation_of_a_permanent_implant_is_asked_for() -> None:
    study = study_of(treatments=IMPLANT)
    assert study.case.radiation_end is None
    assert any("is permanent" in warning and "choose the reference date" in warning for warning in study.warnings)
    chosen = study_of(treatments=IMPLANT, reference="90 % of the dose delivered")
    assert chosen.case.radiation_end == date(2026, 7, 21)  # 197 days: log2(10) half-lives of 59.4 days
    assert "90.0 % of its dose is delivered" in about(chosen, "reference date")[0]
    with pytest.raises(ResponseError, match="cannot be 'source removal', for the record has no such course"):
        study_of(treatments=IMPLANT, reference="source removal")


def test_without_any_radiation_on_record_it_says_so_where_the_criteria_ask() -> None:
    study = study_of(treatments=None)
    assert "No radiation is on record" in about(study, "reference date")[0]
    assert [warning for warning in study.warnings if "radiation" in warning] == [
        "The end of radiation is not known: whether a scan lies within 12 weeks of it cannot be judged, and all scans "
        "are taken as later."
    ]
    recist = study_of(treatments=None, criteria="RECIST-1.1", tumour={"type": "other solid tumour"})
    assert about(recist, "reference date") == []
    assert not any("radiation" in warning for warning in recist.warnings)


def test_the_assumptions_say_what_the_sizes_are_from(study: ResponseStudy) -> None:
    assert about(study, "targets") == ["Summed: T1, T2."]
    assert about(study, "holes") == ["Holes enclosed by a lesion were left out of its diameters and volume."]
    assert about(study, "measured by hand") == ["Measured or moved by a reader: T1 of 2026-06-01."]
    assert "T2 of 2026-02-02, T1 of 2026-08-03" in about(study, "sizes as given")[0]
    assert about(study, "note") == ["Targets were chosen by the reader."]
    assert about(study_of(measurements=None), "sizes as given")[0].startswith("All sizes are taken as given")


def test_rules_that_were_not_checked_against_the_paper_are_told() -> None:
    study = study_of(criteria="RANO-2.0", tumour={"type": "high-grade glioma, recurrent", "idh": "wildtype"})
    unverified = [row for row in study.assumptions if not row.is_verified]
    assert unverified[0].about == "criteria"
    assert "not checked against the paper's full text" in unverified[0].sentence


def test_the_short_rano_of_the_protocol_stands_beside_after_a_source_was_removed(study: ResponseStudy) -> None:
    (short,) = study.beside
    assert short.criteria.name is CriteriaName.RANO_GLIASITE
    assert [visit.category for visit in short.visits][:2] == [Category.BASELINE, Category.PR]
    assert study_of(treatments=IMPLANT).beside == ()
    assert study_of(criteria="RANO-GliaSite").beside == ()


def test_criteria_that_lack_a_size_are_not_shown_beside_and_that_is_said() -> None:
    visits = glioma()["visits"]
    for visit in visits:
        for lesion in visit["lesions"]:
            lesion.pop("perpendicular_mm", None)
    study = study_of(criteria="RANO-BM", visits=visits, tumour={"type": "brain metastasis"})
    assert study.beside == ()
    assert study.warnings[-1].startswith("RANO-GliaSite cannot be shown beside RANO-BM. Case glioma, visit 2026-02-02")


def test_criteria_changed_half_way_are_asked_about() -> None:
    with pytest.raises(ResponseError, match=r"assessed by RANO-BM before .* by RANO-2010 now.* agree that all visits"):
        study_of(earlier_criteria="RANO-BM")
    agreed = study_of(earlier_criteria="RANO-BM", accepts_new_criteria=True)
    assert any("changed from RANO-BM to RANO-2010" in warning for warning in agreed.warnings)
    assert study_of(earlier_criteria="RANO-2010").warnings == study_of().warnings


def test_the_schedule_counts_from_the_treatments_on_the_day_of_the_assessment(study: ResponseStudy) -> None:
    assert study.schedule is not None
    assert study.schedule.next_due == date(2026, 9, 5)
    assert study.today == date(2026, 8, 20)
    assert study_of(schedule=None).schedule is None
    undated = study_of(today=None)
    assert undated.today == date(2026, 8, 3)
    assert about(undated, "today") == [
        "The day of the assessment was not given: the last visit's, 2026-08-03, is used."
    ]


def test_growth_in_the_field_calls_for_advanced_imaging_until_a_reader_has_said(study: ResponseStudy) -> None:
    open_picture = study_of(adjudications=None)
    assert open_picture.schedule is not None
    assert open_picture.schedule.advanced_imaging != ()
    assert study.schedule is not None
    assert study.schedule.advanced_imaging == ()
    marginal = study_of(adjudications=None, sites=[{**glioma()["sites"][0], "site": "marginal"}])
    assert marginal.schedule is not None
    assert marginal.schedule.advanced_imaging != ()
    outside = study_of(adjudications=None, sites=None)
    assert outside.schedule is not None
    assert outside.schedule.advanced_imaging == ()


def test_serum_markers_perfusion_and_sites_come_in_order_of_time() -> None:
    markers = [
        {"kind": "serum marker", "start": day, "value_ug_per_l": value}
        for day, value in (("2026-06-01", 2.0), ("2026-02-02", 9.0))
    ]
    study = study_of(treatments=markers)
    assert [marker.value_ug_per_l for _, marker in study.serum_markers] == [9.0, 2.0]
    assert [entry.date for entry in study.perfusion] == [date(2026, 2, 2), date(2026, 8, 3)]
    assert study.measurement(date(2026, 2, 2), "T1") == study.measurements[0]
    assert study.measurement(date(2026, 8, 3), "T1") is None
    assert study.sites[0].lesion == "T1"


@needs_reference("response", "cases.json")
def test_the_worked_cases_keep_their_categories_in_a_study() -> None:
    import json

    for case in json.loads((REFERENCE / "response" / "cases.json").read_text(encoding="utf-8"))["cases"]:
        study = evaluate_response(request_from_json(case))
        found = [(visit.date.isoformat(), visit.category) for visit in study.assessment.visits]
        assert found == [(visit["date"], visit["category"]) for visit in case["expected"]["visits"]], case["id"]
        assert study.assessment.best_overall_response == case["expected"]["best_overall_response"], case["id"]


def test_a_day_of_assessment_before_the_last_visit_is_told() -> None:
    said = "The day of the assessment, 2026-07-01, lies before the visit of 2026-08-03: correct one of them."
    assert said in study_of(today="2026-07-01").warnings
    assert not any("day of the assessment" in warning for warning in study_of(today="2026-08-03").warnings)


@pytest.mark.parametrize("criteria", ["RANO-2.0", "RANO-GliaSite"])
def test_what_a_set_of_criteria_is_short_of_is_told_once(criteria: str) -> None:
    warnings = study_of(criteria=criteria).warnings
    assert sum("full text" in warning or "leaves out" in warning for warning in warnings) == 1
