"""evidence.json: what it may hold, files beside it, and errors that name file, lesion and what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from brachyresponse.diffusion import write_diffusion
from brachyresponse.errors import InputFileError
from brachyresponse.perfusion.study.record_file import record_text
from brachyresponse.planning.record import Record
from brachyresponse.response.evidence import Answer, ConditionAnswer, default_prior, prior_of_setting
from brachyresponse.response.evidence.gathering import (
    EvidenceRequest,
    read_evidence_file,
    read_evidence_request,
    request_as_json,
)
from brachyresponse.response.evidence.gathering.request_file import ITEM_KEYS
from brachyresponse.response.evidence.gathering.request_json import request_from_record
from brachyresponse.spectroscopy.study.record_file import record_text as spectra_text
from evidence_records import LESION, before, dce, diffusion, dsc, spectroscopy
from evidence_records import written_evidence as written

FET = {"id": "fet_tbrmax_romagna", "value": 2.9, "unit": "1", "statistic": "maximum"}
CORTEX = {"reference_region": "contralateral cortex", "tracer": "18F-FET"}
WHOLE: dict[str, Any] = {
    "schema": 1,
    "lesion": LESION,
    "visit": "2026-08-03",
    "patient_id": "PAT-1",
    "prior": {"low": 0.3, "mid": 0.5, "high": 0.7, "source": "our board", "set_by": "Dr Roe"},
    "population": "brain metastasis",
    "findings": [{**FET, "details": CORTEX}, {"id": "rcbv_visual_mets_hoefnagels", "positive": True}],
    "answers": {"pet_as_in_study": "yes", "near_cortex": {"answer": "no", "by": "Dr Roe"}},
    "own_cutoffs": [{"marker": "adc_hgg_vandijken", "value": 900, "statistic": "p5", "set_by": "Physics"}],
    "context": {
        "t1_enhancement": "nodular",
        "t2_flair": "markedly increased",
        "t2_flair_volumes_ml": {"2026-06-01": 30, "2026-08-03": 31},
        "rim_volumes_ml": {"2026-06-01": 2, "2026-08-03": 3},
        "radiomics_score": 0.7,
        "dose": {"d50_gy": 88, "share_above_prescription_percent": 71, "prescription_gy": 60},
        "distance_to_seeds_mm": 12,
        "is_after_balloon": True,
    },
    "settings": {"weight": 0.4, "weight_without_pre_treatment": 0.3, "threshold": 1.6, "parameter": "ktrans"},
    "random_seed": 7,
}


def changed(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in {**WHOLE, **changes}.items() if value is not None}


def with_files(folder: Path) -> Path:
    """A file whose lesion has all studies beside it."""
    for name, record in {"after": dce(), "before": before(dce(vp=2.4)), "dsc": dsc()}.items():
        (folder / name).mkdir()
        (folder / name / "perfusion.json").write_text(record_text(record), encoding="utf-8")
    write_diffusion(diffusion(), folder / "diffusion")
    (folder / "spectroscopy.json").write_text(spectra_text(spectroscopy()), encoding="utf-8")
    files = {
        "perfusion": ["after", "before/perfusion.json", {"file": "dsc", "is_before_treatment": False}],
        "diffusion": "diffusion",
        "spectroscopy": "spectroscopy.json",
        "pet": [{"tracer": "11C-MET", "measure": "LNRmax", "value": 1.9, "unit": "1", "reference_region": "cortex"}],
        "tumour": {"type": "brain metastasis"},
        "treatments": [{"kind": "implant", "start": "2026-01-05", "prescription_gy": 60}],
    }
    return written(folder, {"schema": 1, "lesion": LESION, "visit": "2026-08-03", **files})


def test_a_whole_file_is_read_and_reads_back_to_the_same_request() -> None:
    request = read_evidence_request(WHOLE)
    assert [finding.id for finding in request.findings] == ["fet_tbrmax_romagna", "rcbv_visual_mets_hoefnagels"]
    assert request.settings.parameter == "ktrans"
    assert request.context.dose is not None
    again = json.loads(json.dumps(request_as_json(request)))
    assert request_from_record(Record("evidence.json", again)) == request


def test_answers_say_who_gave_them() -> None:
    answers = {one.condition: one for one in read_evidence_request(WHOLE).answers}
    assert answers["pet_as_in_study"].source == "Answered by the user."
    assert answers["near_cortex"].source == "Answered by Dr Roe."
    assert answers["near_cortex"].answer is Answer.NO


def test_an_answer_against_the_record_reads_back_with_both() -> None:
    request = read_evidence_request(WHOLE).with_answers([ConditionAnswer("near_cortex", Answer.YES, "The scan.")])
    again = request_from_record(Record("evidence.json", json.loads(json.dumps(request_as_json(request)))))
    assert again.answers == request.answers
    (told,) = [one for one in again.answers if one.condition == "near_cortex"]
    assert (told.by, told.otherwise) == ("Dr Roe", "Otherwise known (yes): The scan.")


def test_the_prior_may_be_a_published_setting_or_the_default() -> None:
    assert read_evidence_request(changed(prior=None)).prior == default_prior()
    named = read_evidence_request(changed(prior="resected_growing")).prior
    assert named == prior_of_setting("resected_growing")
    assert (named.low, named.mid, named.high) == (0.407, 0.636, 0.828)  # Clopper and Pearson for 14 of 22


def test_files_beside_it_become_markers_answers_and_inputs(tmp_path: Path) -> None:
    request = read_evidence_request(with_files(tmp_path))
    ids = {finding.id for finding in request.findings}
    assert {"dce_hgg_patel", "rcbv_mets_meta", "adc_hgg_vandijken", "cho_naa_glioma_zhang", "met_lnr_yomo"} <= ids
    answers = {one.condition: one.answer for one in request.answers}
    assert answers["pre_treatment_perfusion"] is Answer.YES
    assert answers["over_quarter_excluded_adc"] is Answer.YES
    assert answers["high_native_blood_volume"] is Answer.NO
    assert request.population == "brain metastasis"
    assert request.context.central_restriction == "The core diffuses less than the rim."
    assert len(request.inputs) == 5
    assert "DCE of 2025-12-20, before treatment" in request.inputs[2]


def test_a_metabolite_table_of_one_voxel_is_measured_on_reading(tmp_path: Path) -> None:
    rows = ["metabolite,amplitude,crb_percent,te_ms,line_width_hz,snr", "tCho,2.4,6,144,5,25", "tCr,1.2,8,144,5,25"]
    (tmp_path / "voxel.csv").write_text("\n".join([*rows, "tNAA,1.0,34,144,5,25"]), encoding="utf-8")
    contents = {"schema": 1, "lesion": LESION, "visit": "2026-08-03", "spectroscopy": "voxel.csv"}
    found = {one.id: one for one in read_evidence_request(written(tmp_path, contents)).findings}
    assert found["cho_cr_li2016"].value == pytest.approx(2.0)  # 2.4 over 1.2
    assert found["cho_naa_li2016"].value is None
    assert "34" in found["cho_naa_li2016"].reason


def test_the_only_lesion_of_a_study_is_taken_for_the_one_asked_about_and_this_is_said(tmp_path: Path) -> None:
    with_files(tmp_path)
    request = read_evidence_request({"lesion": "Node", "visit": "2026-08-03", "diffusion": str(tmp_path / "diffusion")})
    assert request.measured_as == (LESION,)
    assert request.inputs[-1] == "Diffusion: its only lesion, 'T1', is taken for 'Node'."


def test_a_study_of_one_lesion_is_never_taken_for_another_of_the_file(tmp_path: Path) -> None:
    with_files(tmp_path)
    second = {"lesion": "T2", "perfusion": ["after"]}
    contents = {"schema": 1, "visit": "2026-08-03", "lesions": [{"lesion": LESION}, second]}
    with pytest.raises(InputFileError, match=r"'T2' on 2026-08-03: a study has the lesion 'T1' only, which is another"):
        read_evidence_file(written(tmp_path, contents))


def test_what_is_excluded_stays_with_its_reason(tmp_path: Path) -> None:
    path = with_files(tmp_path)
    contents = json.loads(path.read_text(encoding="utf-8"))
    contents["excluded"] = [{"id": "dce_hgg_patel", "reason": "The patient moved."}]
    finding = {one.id: one for one in read_evidence_request(written(tmp_path, contents)).findings}["dce_hgg_patel"]
    assert (finding.is_included, finding.reason, finding.value) == (False, "The patient moved.", 3.2)


def test_several_lesions_are_asked_about_apart_with_what_they_share() -> None:
    shared = {"schema": 1, "visit": "2026-08-03", "prior": "resected_growing", "answers": {"near_cortex": "no"}}
    lesions = [{"lesion": "T1", "answers": {"near_cortex": "yes"}}, {"lesion": "T2", "answers": {"inflammation": "no"}}]
    first, second = read_evidence_file({**shared, "lesions": lesions}).requests
    assert {one.condition: one.answer for one in first.answers} == {
        "near_cortex": Answer.YES,
        "multiple_lesions": Answer.YES,
    }
    assert {one.condition: one.answer for one in second.answers} == {
        "near_cortex": Answer.NO,
        "inflammation": Answer.NO,
        "multiple_lesions": Answer.YES,
    }
    assert first.prior == second.prior
    with pytest.raises(InputFileError, match=r"evidence.json holds 2 lesions, expected one"):
        read_evidence_request({**shared, "lesions": lesions})


def test_the_case_is_named_relative_to_the_file(tmp_path: Path) -> None:
    assert read_evidence_file(written(tmp_path, changed(case="case.json"))).case == tmp_path / "case.json"


def finding(**fields: Any) -> list[dict[str, Any]]:
    return [{**FET, "details": CORTEX, **fields}]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"findings": finding(unit="")}, r"'fet_tbrmax_romagna' is 2.9 without a unit, expected '1'"),
        ({"findings": finding(unit="SUV")}, r"has the unit 'SUV', expected '1'"),
        ({"findings": finding(details={})}, r"has no reference region"),
        ({"findings": finding(value=float("nan"))}, r"'value' holds nan, expected a finite number"),
        ({"findings": finding(positive=True)}, r"has the value 2.9 and a judgement as well"),
        ({"findings": finding() + finding()}, r"two values for the marker 'fet_tbrmax_romagna'"),
        (
            {"findings": finding(id="fet_tbrmax_romana")},
            r"no marker 'fet_tbrmax_romana'; did you mean 'fet_tbrmax_romagna'",
        ),
        ({"findings": [{"id": "fet_tbrmax_romagna"}]}, r"neither.* value nor .*judgement"),
        ({"findings": finding(valeu=3)}, r"'valeu' is not known; did you mean 'value'"),
        ({"prior": {"low": 0.0, "mid": 0.5, "high": 0.7}}, r"prior of recurrence is 0, 0.5, 0.7, expected"),
        ({"prior": {"low": 0.3, "mid": 0.5, "high": 1.0}}, r"prior of recurrence is 0.3, 0.5, 1, expected"),
        ({"prior": {"low": 0.6, "mid": 0.5, "high": 0.7}}, r"in order"),
        ({"prior": "resected"}, r"no source of a prior 'resected'; did you mean 'resected_growing'"),
        ({"prior": "gliasite"}, r"which is no prior for a growing lesion: choose one of biopsied_after_srs"),
        ({"answers": {"near_cortex": "perhaps"}}, r"'near_cortex' is 'perhaps', expected one of yes, no, unknown"),
        ({"answers": {"near_kortex": "no"}}, r"no condition 'near_kortex'; did you mean 'near_cortex'"),
        ({"excluded": [{"id": "dce_hgg_patel", "reason": "x"}]}, r"no finding of 'dce_hgg_patel' to exclude"),
        ({"excluded": [{"id": "fet_tbrmax_romagna"}]}, r"'reason' is missing"),
        ({"own_cutoffs": [{"marker": "adc_hgg_vandijken", "value": 900, "statistic": ""}]}, r"names no statistic"),
        (
            {"own_cutoffs": [{"marker": "dce_hgg_patel", "value": 2, "statistic": "mean", "quantity": "ktran"}]},
            r"no quantity of the marker 'dce_hgg_patel': 'ktran'; did you mean 'ktrans'\?",
        ),
        ({"population": "brain metastases"}, r"population 'brain metastases'; did you mean 'brain metastasis'"),
        ({"context": {"t1_enhancement": "round"}}, r"'t1_enhancement' is 'round', expected one of nodular, diffuse"),
        ({"context": {"t2_flair_volumes_ml": {"June": 30}}}, r"'June' is no date: write it as 2026-01-31"),
        ({"context": {"dose": {"d50": 88}}}, r"'d50' is not known; did you mean 'd50_gy'"),
        ({"settings": {"wieght": 0.5}}, r"'wieght' is not known; did you mean 'weight'"),
        ({"visit": "August"}, r"'visit' is 'August', expected a date"),
        ({"lesions": []}, r"'lesion' is not known; did you mean 'lesions'"),
        ({"random_seed": -1}, r"random seed is -1"),
        ({"perfusion": "after"}, r"'perfusion' is 'after', expected a list of files"),
        ({"perfusion": [3]}, r"perfusion 1 is 3, expected a file, or an object with 'file'"),
        ({"pet": [{"tracer": "11C-MET", "measure": "LNRmax", "value": 2, "unit": "1"}]}, r"has no reference region"),
        ({"tumour": {"type": "glioma"}}, r"no tumour type 'glioma'"),
        ({"lesion": ""}, r"names no lesion"),
    ],
)
def test_an_error_names_the_file_and_what_to_do(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InputFileError, match=said) as error:
        read_evidence_request(written(tmp_path, changed(**changes)))
    assert str(error.value).startswith("evidence.json")


def test_an_error_names_the_lesion_of_several(tmp_path: Path) -> None:
    lesions = [{"lesion": "T1"}, {"lesion": "T2", "findings": finding(unit="")}]
    contents = {"schema": 1, "visit": "2026-08-03", "lesions": lesions}
    with pytest.raises(InputFileError, match=r"evidence.json: Evidence of 'T2' on 2026-08-03: The marker"):
        read_evidence_file(written(tmp_path, contents))


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        ("{", "evidence.json is not JSON"),
        ("[]", "evidence.json holds list"),
        ({"lesion": "T1"}, "'schema' is missing"),
        ({"schema": 2, "lesion": "T1"}, "evidence.json is of schema 2, this version reads schema 1"),
        ({"schema": 1, "lesion": "T1"}, "'visit' is missing"),
        ({"schema": 1, "lesion": "T1", "visit": "2026-08-03", "diffusion": "absent"}, "absent cannot be read"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, contents: Any, said: str) -> None:
    with pytest.raises(InputFileError, match=said):
        read_evidence_file(written(tmp_path, contents))


def test_a_study_of_another_patient_is_refused(tmp_path: Path) -> None:
    path = with_files(tmp_path)
    contents = json.loads(path.read_text(encoding="utf-8")) | {"patient_id": "PAT-9"}
    with pytest.raises(InputFileError, match=r"of patient 'PAT-1', the evidence of 'PAT-9'"):
        read_evidence_file(written(tmp_path, contents))


def test_a_typed_value_beside_a_measured_one_is_refused(tmp_path: Path) -> None:
    path = with_files(tmp_path)
    typed = [{"id": "dce_hgg_patel", "value": 2.0, "unit": "1"}]
    contents = json.loads(path.read_text(encoding="utf-8")) | {"findings": typed}
    with pytest.raises(InputFileError, match="two values for the marker 'dce_hgg_patel', expected one"):
        read_evidence_file(written(tmp_path, contents))


def test_a_request_is_frozen_and_compares_by_its_values() -> None:
    assert read_evidence_request(WHOLE) == read_evidence_request(WHOLE)
    assert isinstance(read_evidence_request(WHOLE), EvidenceRequest)


ALLOWED = 4
"""Of the values below, that some key may have: an empty list, an empty object, a text."""
WRONG = (3, 1e400, True, "x", "", [], [3], ["x"], {}, {"x": 3}, [{}], [{"id": 3}], [[]], {"2026-01-01": "x"})


@pytest.mark.parametrize("key", [key for key in ITEM_KEYS if key != "result"])
def test_values_of_other_kinds_are_refused_with_a_sentence(key: str) -> None:
    refused = []
    for wrong in WRONG:
        with suppress_input_error(refused):
            read_evidence_file({"visit": "2026-08-03", "lesions": [{"lesion": LESION, key: wrong}]})
    assert len(refused) >= len(WRONG) - ALLOWED
    assert all(len(message) > 20 for message in refused)


@contextmanager
def suppress_input_error(messages: list[str]) -> Iterator[None]:
    """Keep the message of an input error; any other error goes on."""
    try:
        yield
    except InputFileError as error:
        messages.append(str(error))
