"""``evidence.json`` as people get it wrong: each mistake is one sentence with the file, the lesion and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from brachyresponse.diffusion.record_file import write_diffusion
from brachyresponse.errors import InputFileError
from brachyresponse.perfusion.study import PerfusionRecord
from brachyresponse.perfusion.study.record_file import record_text
from brachyresponse.response.evidence.gathering import read_evidence_file, read_evidence_request
from evidence_records import LESION, before, dce, diffusion
from evidence_records import written_evidence as written

RCBV = {"id": "rcbv_mets_meta", "value": 3.4, "unit": "1", "statistic": "mean"}
FET = {"tracer": "18F-FET", "measure": "TBRmax", "value": 2.9, "unit": "1", "reference_region": "cortex"}
FDG = {**FET, "tracer": "18F-FDG", "measure": "SUV ratio", "value": 1.5}
PLAIN: dict[str, Any] = {"schema": 1, "lesion": LESION, "visit": "2026-08-03", "findings": [RCBV]}


def study(folder: Path, name: str, record: PerfusionRecord) -> str:
    (folder / name).mkdir()
    (folder / name / "perfusion.json").write_text(record_text(record), encoding="utf-8")
    return name


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"prior": 1}, r"T1: 'prior' is 1, expected low, mid and high in braces, each above 0 and below 1"),
        ({"prior": {"low": 0, "mid": 0.5, "high": 0.7}}, r"T1: The prior of recurrence is 0, 0.5, 0.7"),
        ({"prior": {"setting": "resected_growing", "low": 0.1}}, r"prior: 'low' is not known; expected one of setting"),
        ({"settings": {"weight": 2}}, r"T1: The setting 'weight' is 2, expected 0 to 1"),
        ({"context": {"distance_to_seeds_mm": -1}}, r"T1: 'distance_to_seeds_mm' is -1 mm"),
        ({"treatments": [{"kind": "bevacizumb", "start": "2026-01-01"}]}, r"T1: treatments 1: There is no treatment"),
        (
            {"answers": {"near_cortex": True}},
            r"answers: 'near_cortex' is True, expected one of yes, no, unknown, or an",
        ),
        ({"findings": [{**RCBV, "low": 4, "high": 2}]}, r"'T1' .*interval of the marker 'rcbv_mets_meta' is 4 to 2"),
        ({"excluded": [{"id": "rcbv_mets_meta", "reason": " "}]}, r"excluded 1: 'reason' is empty: say why"),
        ({"pet": [{**FET, "reference_region": " "}]}, r"T1: The 18F-FET TBRmax of 2.9 has no reference region"),
        ({"pet": [FET, FET]}, r"'T1' .*two values for the marker 'fet_tbrmax_romagna'"),
    ],
)
def test_a_mistake_is_told_with_the_lesion(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(InputFileError, match=rf"^evidence\.json: .*{said}"):
        read_evidence_request({**PLAIN, **fields})


@pytest.mark.parametrize(
    ("lesions", "said"),
    [
        ([], r"'lesions' is empty, expected one object a lesion"),
        ([{"lesion": "T1"}, {"lesion": "T2"}, {"lesion": "T1"}], r"Evidence of 'T1' on 2026-08-03 is there twice"),
    ],
)
def test_each_lesion_of_a_file_is_there_once(lesions: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(InputFileError, match=said):
        read_evidence_file({"schema": 1, "visit": "2026-08-03", "lesions": lesions})


def test_a_published_prior_may_tell_who_chose_it() -> None:
    prior = read_evidence_request({**PLAIN, "prior": {"setting": "resected_growing", "set_by": "Dr Roe"}}).prior
    assert (prior.mid, prior.set_by) == (0.636, "Dr Roe")


def test_what_a_clinic_always_uses_may_stand_beside_the_lesions() -> None:
    own = {"marker": "rcbv_mets_meta", "value": 2, "statistic": "mean"}
    lesions = [{"lesion": "T1"}, {"lesion": "T2", "own_cutoffs": []}]
    first, second = read_evidence_file(
        {"schema": 1, "visit": "2026-08-03", "own_cutoffs": [own], "random_seed": 3, "lesions": lesions}
    ).requests
    assert ([one.value for one in first.own_cutoffs], second.own_cutoffs) == ([2], ())
    assert (first.random_seed, second.random_seed) == (3, 3)


def test_values_of_two_tracers_or_statistics_may_stand_together() -> None:
    found = read_evidence_request({**PLAIN, "pet": [FET, FDG, {**FET, "measure": "TBRmean", "value": 2.2}]}).findings
    values = {finding.id: finding.value for finding in found}
    assert values["fdg_or_aa_pet_mets_li2018"] == values["aa_pet_mets_2023"] == 2.9  # pools them: the first stands
    assert values["fdg_suvratio_hatzoglou"] == 1.5
    assert len(values) == len(found)


def test_studies_of_two_patients_are_refused_though_the_file_names_none(tmp_path: Path) -> None:
    write_diffusion(diffusion(patient_id="PAT-2"), tmp_path / "diffusion")
    files = {"perfusion": [study(tmp_path, "dce", dce())], "diffusion": "diffusion"}
    with pytest.raises(InputFileError, match=r"the diffusion study is of patient 'PAT-2', the evidence of 'PAT-1'"):
        read_evidence_request(written(tmp_path, {**PLAIN, **files}))


def test_perfusion_from_before_the_treatment_alone_is_no_marker_and_that_is_said(tmp_path: Path) -> None:
    name = study(tmp_path, "dce", before(dce()))
    with pytest.raises(InputFileError, match=r"T1: The perfusion studies \(DCE of 2025-12-20\) are all from before"):
        read_evidence_request(written(tmp_path, {**PLAIN, "perfusion": [name]}))
    asked = [{"file": name, "is_before_treatment": False}]
    assert read_evidence_request(written(tmp_path, {**PLAIN, "perfusion": asked})).findings


def test_a_file_with_several_lesions_tells_each_of_the_others() -> None:
    lesions: list[dict[str, Any]] = [{"lesion": "T1"}, {"lesion": "T2"}, {"lesion": "T3", "visit": "2026-06-01"}]
    lesions[1]["answers"] = {"multiple_lesions": "no"}
    file = {"schema": 1, "visit": "2026-08-03", "lesions": lesions}
    first, second, third = read_evidence_file(file).requests
    assert [(one.condition, one.source) for one in first.answers] == [
        ("multiple_lesions", "Lesions of 2026-08-03 in the evidence: T1, T2.")
    ]
    assert [one.answer for one in second.answers] == ["no"]
    assert third.answers == ()
