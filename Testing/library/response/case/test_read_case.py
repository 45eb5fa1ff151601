from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from brachyresponse.errors import InputFileError
from brachyresponse.response import as_json, assess_response, read_case
from brachyresponse.response.vocabulary import Certainty, CriteriaName, LesionState, SteroidTrend, T2Flair
from reference import REFERENCE, needs_reference
from response_cases import absent, case, new_lesion, node, target, visit

GLIOMA = case("RANO-2010", visit(0, target(30, 20)), visit(56, target(20, 15)), radiation_day=-28)


@needs_reference("response", "cases.json")
def test_every_reference_case_survives_writing_and_reading() -> None:
    cases = json.loads((REFERENCE / "response" / "cases.json").read_text(encoding="utf-8"))["cases"]
    for one in cases:
        read = read_case(one)
        assert read_case(as_json(read)) == read


def test_a_case_of_a_file_is_that_of_its_object(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(GLIOMA), encoding="utf-8")
    assert read_case(path) == read_case(GLIOMA)


def test_states_parts_and_new_lesions_survive_writing_and_reading() -> None:
    lesions = [
        target(
            state="split", parts=[{"longest_mm": 9, "perpendicular_mm": 8}, {"longest_mm": 5, "perpendicular_mm": 4}]
        ),
        target(12, 10, id="T2", volume_ml=0.5),
        target(id="T3", state="merged", merged_into="T2"),
    ]
    first = [target(30, 20, id=name) for name in ("T1", "T2", "T3")]
    read = read_case(case("RANO-2010", visit(0, *first), visit(56, *lesions, new_lesions=[new_lesion()])))
    assert read.visits[1].lesions[0].state is LesionState.SPLIT
    assert read.visits[1].new_lesions[0].certainty is Certainty.UNEQUIVOCAL
    assert read_case(as_json(read)) == read


def test_drugs_that_were_begun_between_visits_survive_writing_and_reading() -> None:
    told = [visit(0, target(30)), visit(56, target(20), immunotherapy=False), visit(84, target(20), immunotherapy=True)]
    for one in told[1:]:
        one["new_lesions"] = [new_lesion()]
    read = read_case(case("RANO-BM", *told))
    assert [one.is_immunotherapy for one in read.visits] == [None, False, True]
    assert read_case(as_json(read)) == read
    assert [one.category for one in assess_response(read).visits] == ["baseline", "PD", "pPD"]


def test_what_is_left_out_is_unknown() -> None:
    bare = {"date": "2024-03-04", "role": "follow-up", "lesions": [target(30, 20)]}
    read = read_case(case("RANO-2010", visit(0, target(30, 20)), bare)).visits[1]
    assert read.steroid_trend is None
    assert read.steroid_dose_mg is None
    assert read.t2_flair is T2Flair.NOT_ASSESSED


def test_role_organ_and_kind_need_to_be_given_once_only() -> None:
    read = read_case(case("RECIST-1.1", visit(0, node(20)), visit(56, {"id": "T1", "short_axis_mm": 12})))
    first, second = (one.lesions[0] for one in read.visits)
    assert (second.organ, second.kind, second.role) == (first.organ, first.kind, first.role)


def test_what_a_study_adds_to_a_case_is_left_alone() -> None:
    assert (
        read_case({**GLIOMA, "patient_id": "A", "treatments": [], "adjudications": [], "schedule": "x"}).id
        == "invented"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"visit": []}, r"Case invented: 'visit' is not known; did you mean 'visits'\?"),
        ({"radiation_ended": None}, r"'radiation_ended' is not known; did you mean 'radiation_end'\?"),
        ({"criteria": "RANO-3"}, "'criteria' is 'RANO-3', expected one of RANO-2010, RANO-2.0, RANO-BM, RECIST-1.1"),
        ({"radiation_end": "28.11.2023"}, "'radiation_end' is '28.11.2023', expected a date such as 2026-01-31"),
        ({"options": {"antiangiogenetic": True}}, r"'antiangiogenetic' is not known; did you mean 'antiangiogenic'\?"),
        ({"options": {"measure": "volume"}}, "'measure' is 'volume', expected one of 2D, 3D"),
        ({"options": {"min_sd_weeks": 1.5}}, "'min_sd_weeks' is 1.5, expected a whole number"),
        ({"options": {"antiangiogenic": "yes"}}, "'antiangiogenic' is 'yes', expected true or false"),
    ],
)
def test_a_wrong_key_or_word_of_a_case_is_named_with_what_is_right(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        read_case({**GLIOMA, **change})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"steroid_dose": 4}, r"visit 2024-03-04: 'steroid_dose' is not known; did you mean 'steroid_dose_mg'\?"),
        ({"steroid_trend": "rising"}, "'steroid_trend' is 'rising', expected one of stable, increased, decreased"),
        ({"clinical_status": "better"}, "expected one of stable_or_improved, worse, not_assessed"),
        ({"histology": "necrosis"}, "'histology' is 'necrosis', expected 'tumour' or null.*adjudication"),
        ({"criteria": "RANO-BM"}, "visit 2024-03-04 names criteria of its own .RANO-BM., expected one set.*half way"),
        ({"date": "March"}, "'date' is 'March', expected a date such as"),
    ],
)
def test_a_wrong_key_or_word_of_a_visit_is_named_with_what_is_right(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        read_case(case("RANO-2010", visit(0, target(30, 20)), visit(56, target(20, 15), **change)))


@pytest.mark.parametrize(
    ("lesion", "message"),
    [
        (target(20, 15, width_mm=3), r"visit 2024-03-04: lesion T1: 'width_mm' is not known"),
        (target(state="gone"), "'state' is 'gone', expected one of measured, absent, too_small, not_evaluable"),
        (target(state="split", parts=[{"long": 3}]), r"'long' is not known; did you mean 'longest_mm'\?"),
        (target("20", 15), "'longest_mm' is '20', expected a number"),
        (target(float("nan"), 15), "'longest_mm' holds nan, expected a finite number"),
    ],
)
def test_a_wrong_key_or_word_of_a_lesion_is_named_with_what_is_right(lesion: dict[str, Any], message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        read_case(case("RANO-2010", visit(0, target(30, 20)), visit(56, lesion)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "case.json is not JSON"),
        ("[]", "case.json holds list, expected an object"),
        ('{"cases": []}', "case.json holds many cases under 'cases', expected one"),
    ],
)
def test_a_file_that_holds_no_case_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "case.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputFileError, match=message):
        read_case(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"none\.json cannot be read: No such file"):
        read_case(tmp_path / "none.json")


def test_a_case_of_nodes_is_read_with_its_options() -> None:
    read = read_case(
        case("RECIST-1.1", visit(0, node(20)), visit(56, absent(kind="node", organ="neck")), min_sd_weeks=6)
    )
    assert read.criteria is CriteriaName.RECIST_1_1
    assert read.options.min_sd_weeks == 6
    assert read.visits[1].steroid_trend is SteroidTrend.STABLE
