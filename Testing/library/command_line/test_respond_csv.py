"""A table of measurements becomes cases of the JSON schema, or is refused with the line that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from brachyresponse.command_line.respond_csv import read_cases_of_table
from brachyresponse.errors import InputFileError

HEADING = "date,visit,lesion,role,longest_mm,perpendicular_mm,clinical_status,state,merged_into,measurable,field"


def table(folder: Path, *rows: str, heading: str = HEADING) -> Path:
    path = folder / "patient.csv"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return path


def test_rows_become_visits_with_lesions_and_new_lesions(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "2026-01-05,baseline,T1,target,30,20,,,,,",
        "2026-01-05,,T2,target,12.5,11,,,,,",
        "2026-03-02,follow-up,T1,target,33,21,worse,,,,",
        "2026-03-02,,T2,target,,,,merged,T1,,",
        "2026-03-02,,N1,new,,,,,,yes,outside",
    )
    (case,) = read_cases_of_table(path)
    baseline, second = case["visits"]
    assert case["id"] == "patient"
    assert baseline == {
        "date": "2026-01-05",
        "role": "baseline",
        "lesions": [
            {"id": "T1", "role": "target", "longest_mm": 30.0, "perpendicular_mm": 20.0},
            {"id": "T2", "role": "target", "longest_mm": 12.5, "perpendicular_mm": 11.0},
        ],
        "new_lesions": [],
    }
    assert second["clinical_status"] == "worse"
    assert second["lesions"][1] == {"id": "T2", "role": "target", "state": "merged", "merged_into": "T1"}
    assert second["new_lesions"] == [{"id": "N1", "field": "outside", "measurable": True}]


def test_without_roles_the_first_visit_is_the_baseline(tmp_path: Path) -> None:
    path = table(tmp_path, "2026-01-05,T1,30", "2026-03-02,T1,20", heading="date,lesion,longest_mm")
    (case,) = read_cases_of_table(path)
    assert [visit["role"] for visit in case["visits"]] == ["baseline", "follow-up"]


def test_a_visit_without_a_lesion_is_a_row_without_one(tmp_path: Path) -> None:
    (case,) = read_cases_of_table(table(tmp_path, "2026-01-05,baseline,,,,,,,,,"))
    assert case["visits"][0]["lesions"] == []


def test_a_lesion_that_split_has_a_row_a_part(tmp_path: Path) -> None:
    rows = ("2026-01-05,baseline,T1,,30,20,,,,,", "2026-03-02,,T1,,12,,,split,,,", "2026-03-02,,T1,,9,,,split,,,")
    (case,) = read_cases_of_table(table(tmp_path, *rows))
    assert case["visits"][1]["lesions"][0]["parts"] == [{"longest_mm": 12.0}, {"longest_mm": 9.0}]


def test_a_column_of_cases_and_semicolons_make_several_cases(tmp_path: Path) -> None:
    rows = ("A;RECIST-1.1;2026-01-05;T1;30", "B;RANO-BM;2026-02-05;T1;20", "B;;2026-04-05;T1;25")
    cases = read_cases_of_table(table(tmp_path, *rows, heading="case;criteria;date;lesion;longest_mm"))
    assert [(case["id"], case["criteria"], len(case["visits"])) for case in cases] == [
        ("A", "RECIST-1.1", 1),
        ("B", "RANO-BM", 2),
    ]


@pytest.mark.parametrize(
    ("heading", "row", "message"),
    [
        (
            HEADING.replace("longest_mm", "longest_cm"),
            "",
            "'longest_cm' is not known; did you mean 'longest_mm'",
        ),
        ("date,longest_mm", "2026-01-05,3", "no column 'lesion'"),
        (HEADING, "2026-01-05,,T1,,thirty,,,,,,", "line 2: longest_mm is 'thirty', expected a number"),
        (HEADING, ",,T1,,30,,,,,,", "line 2: the row has no date"),
        (HEADING, "2026-01-05,,N1,new,,,,,,perhaps,", "measurable is 'perhaps', expected yes or no"),
        (HEADING, "2026-01-05,,T1,,1,2,3,4,5,6,7,8", "more cells than headings"),
        (HEADING, "", "has no rows"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, heading: str, row: str, message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        read_cases_of_table(table(tmp_path, row, heading=heading))


def test_a_lesion_twice_at_a_visit_is_refused_with_both_lines(tmp_path: Path) -> None:
    rows = ("2026-01-05,,T1,,30,20,,,,,", "2026-01-05,,T1,,31,20,,,,,")
    with pytest.raises(InputFileError, match="lesion 'T1' stands in lines 2 and 3"):
        read_cases_of_table(table(tmp_path, *rows))


def test_rows_of_a_visit_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    rows = ("2026-01-05,,T1,,30,20,worse,,,,", "2026-01-05,,T2,,30,20,stable_or_improved,,,,")
    with pytest.raises(InputFileError, match="line 3: clinical_status of the visit of 2026-01-05"):
        read_cases_of_table(table(tmp_path, *rows))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"none\.csv cannot be read: No such file"):
        read_cases_of_table(tmp_path / "none.csv")
