"""Cases in a table: one row a lesion and visit; what is wrong is named by row and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from brachyresponse.errors import InputFileError, ResponseError
from brachyresponse.response.study import read_case_table, read_requests
from brachyresponse.response.vocabulary import ClinicalStatus, FieldPosition, LesionState, VisitRole

HEADING = "date,visit,lesion,role,longest_mm,perpendicular_mm,clinical_status,state,merged_into,measurable,field"


def table(folder: Path, *rows: str, heading: str = HEADING) -> Path:
    path = folder / "patient.csv"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return path


def test_rows_become_visits_with_lesions_and_new_lesions(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "RANO-2010,2026-01-05,baseline,T1,target,30,20,,,,,",
        ",2026-01-05,,T2,,12.5,11,,,,,",
        ",,,,,,,,,,,",
        ",2026-03-02,follow-up,T1,target,33,21,worse,,,,",
        ",2026-03-02,,T2,target,,,,merged,T1,,",
        ",2026-03-02,,N1,new,,,,,,yes,outside",
        heading=f"criteria,{HEADING}",
    )
    (request,) = read_requests(path)
    baseline, second = request.case.visits
    assert request.case.id == "patient"
    assert baseline.role is VisitRole.BASELINE
    assert (baseline.lesions[1].longest_mm, baseline.lesions[1].perpendicular_mm) == (12.5, 11.0)
    assert second.clinical_status is ClinicalStatus.WORSE
    assert second.lesions[1].state is LesionState.MERGED
    assert second.new_lesions[0].field is FieldPosition.OUTSIDE
    assert second.new_lesions[0].is_measurable


def test_several_patients_stand_in_one_table_and_the_first_visit_is_the_baseline(tmp_path: Path) -> None:
    heading = "case;criteria;date;lesion;longest_mm;state"
    path = table(
        tmp_path,
        "a;RANO-BM;2026-01-05;T1;30;",
        "a;;2026-03-02;T1;12;split",
        "a;;2026-03-02;T1;9;split",
        "b;RANO-BM;2026-01-05;T1;20;",
        "b;;2026-03-02;T1;;absent",
        heading=heading,
    )
    first, second = (request.case for request in read_requests(path))
    assert [visit.role for visit in first.visits] == [VisitRole.BASELINE, VisitRole.FOLLOW_UP]
    assert [part.longest_mm for part in first.visits[1].lesions[0].parts] == [12.0, 9.0]
    assert second.id == "b"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("2026-01-05,,T1,,thirty,,,,,,",), "row 2, column 'longest_mm': 'thirty', expected a number such as 12.5"),
        (('2026-01-05,,T1,,"20,5",,,,,,',), "column 'longest_mm': '20,5', expected a decimal point, as 20.5"),
        (("2026-01-05,,T1,,3 cm,,,,,,",), "column 'longest_mm': '3 cm', expected a number without a unit, in mm"),
        (("2026-01-05,,T1,,3.0,20,,,,,",), "column 'perpendicular_mm': '20', expected no more than .* 3: .* in cm"),
        ((",,T1,,30,20,,,,,",), "row 2, column 'date': '', expected a date"),
        (
            ("2026-01-05,,T1,,30,20,worse,,,,", "2026-01-05,,T2,,30,20,stable_or_improved,,,,"),
            "row 3, column 'clinical_status': .* expected 'worse' for the visit of 2026-01-05",
        ),
        (("2026-01-05,,T1,,30,20,,,,,", "2026-01-05,,T1,,9,8,,,,,"), r"row 3: lesion 'T1' .* before \(.*row 2\)"),
        (("2026-01-05,,N1,new,,,,,,maybe,",), "column 'measurable': 'maybe', expected yes or no"),
        (("2026-01-05,,T1,,30,20,,,,,,,",), "row 2: more cells than headings"),
        ((), "has no rows"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(tmp_path: Path, rows: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        read_case_table(table(tmp_path, *rows))


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ("date,lesion,longest_cm", "'longest_cm' is not known; did you mean 'longest_mm'"),
        ("date,longest_mm", "has no column 'lesion'"),
        ("date,lesion,lesion", "the column 'lesion' is there twice"),
    ],
)
def test_a_wrong_heading_is_named_with_the_right_one(tmp_path: Path, heading: str, message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        read_case_table(table(tmp_path, "2026-01-05,T1,30", heading=heading))


def test_a_diameter_in_cm_beside_a_volume_is_found(tmp_path: Path) -> None:
    heading = "criteria,date,lesion,longest_mm,perpendicular_mm,volume_ml"
    path = table(tmp_path, "RANO-2010,2026-01-05,T1,3,2,40", heading=heading)
    with pytest.raises(ResponseError, match="a longest diameter of 3 mm and a volume of 40 mL cannot be one"):
        read_requests(path)


def test_options_and_tumour_of_a_case_stand_in_columns_of_their_own(tmp_path: Path) -> None:
    heading = "criteria,tumour,protocol_targets,min_sd_weeks,date,lesion,kind,longest_mm,short_axis_mm"
    row = "RECIST-1.1,neck node metastasis,yes,6,2026-01-05,N1,node,18,12"
    (request,) = read_requests(table(tmp_path, row, heading=heading))
    options = request.case.options
    assert (options.has_protocol_targets, options.min_sd_weeks, options.must_confirm_response) == (True, 6, False)
    assert request.treatments is not None
    assert request.treatments.tumour is not None
    assert request.treatments.tumour.describe() == "neck node metastasis"
