"""The treatment record goes to rows, CSV and JSON and comes back the same; what cannot be read is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.errors import InputFileError, ResponseError
from brachyresponse.response.treatment import (
    COLUMNS,
    BiopsyResult,
    Treatment,
    TreatmentRecord,
    Tumour,
    as_rows,
    from_rows,
    new_treatment,
    read_treatments_csv,
    record_as_json,
    record_from_json,
    treatments_from_json,
    tumour_from_json,
    write_treatments_csv,
)

DAYS = st.dates(date(2000, 1, 1), date(2040, 1, 1))
WORDS = st.text("abc ,;\"'\näß", max_size=8).map(str.strip)
AMOUNTS = st.integers(1, 9999).map(lambda n: n / 100)
TEXT_OF_ALL = (
    new_treatment("external beam", date(2024, 1, 8), date(2024, 2, 16), prescription_gy=60.0, fractions=30),
    new_treatment("surgery", date(2026, 1, 5), note="resection, second"),
    new_treatment("source removal", date(2026, 1, 31), prescription_gy=60.0, inserted_on=date(2026, 1, 26)),
    new_treatment("implant", date(2026, 1, 31), prescription_gy=120.0, source="amersham_6711", dose_volume="dose"),
    new_treatment("bevacizumab", date(2026, 2, 1)),
    new_treatment("immunotherapy", date(2026, 2, 1), agent="nivolumab"),
    new_treatment("chemotherapy", date(2026, 2, 1), date(2026, 5, 1), agent="temozolomide"),
    new_treatment("steroids", date(2026, 2, 1), dose_mg=1.5),
    new_treatment("biopsy", date(2026, 9, 1), result="mixed", lesion="T1"),
    new_treatment("performance status", date(2026, 9, 1), score=80),
    new_treatment("toxicity", date(2026, 9, 1), grade=2, organ="skin", phase="acute"),
    new_treatment(
        "serum marker", date(2026, 9, 1), value_ug_per_l=8.9, tsh_mu_per_l=0.05, antibodies="absent", method="A"
    ),
)


@st.composite
def any_treatment(draw: st.DrawFn) -> Treatment:
    kind, details = draw(
        st.sampled_from(
            [
                ("implant", {"prescription_gy": AMOUNTS, "half_life_days": AMOUNTS, "source": WORDS}),
                ("external beam", {"prescription_gy": AMOUNTS, "fractions": st.integers(1, 40), "dose_volume": WORDS}),
                ("immunotherapy", {"agent": WORDS}),
                ("steroids", {"dose_mg": AMOUNTS}),
                ("biopsy", {"result": st.sampled_from(BiopsyResult), "lesion": WORDS}),
                ("toxicity", {"grade": st.integers(0, 5), "organ": WORDS}),
                ("serum marker", {"value_ug_per_l": AMOUNTS, "method": WORDS}),
            ]
        )
    )
    return new_treatment(kind, draw(DAYS), note=draw(WORDS), **{name: draw(value) for name, value in details.items()})


@given(st.lists(any_treatment(), max_size=4))
def test_rows_come_back_as_the_treatments_they_were(treatments: list[Treatment]) -> None:
    rows = as_rows(treatments)
    assert all(len(row) == len(COLUMNS) and all(isinstance(cell, str) for cell in row) for row in rows)
    assert from_rows(rows) == tuple(treatments)


def test_every_kind_comes_back_from_rows_csv_and_json(tmp_path: Path) -> None:
    record = TreatmentRecord(TEXT_OF_ALL, Tumour("high-grade glioma, recurrent", "wildtype"))
    assert from_rows(as_rows(record)) == TEXT_OF_ALL
    assert read_treatments_csv(write_treatments_csv(record, tmp_path / "treatments.csv")) == TEXT_OF_ALL
    assert record_from_json(record_as_json(record)) == record


def test_no_digit_of_a_number_is_lost(tmp_path: Path) -> None:
    given = (
        new_treatment("steroids", date(2026, 1, 5), dose_mg=2 / 3),
        new_treatment("implant", date(2026, 1, 5), prescription_gy=120.0),
    )
    assert read_treatments_csv(write_treatments_csv(given, tmp_path / "treatments.csv")) == given
    assert as_rows(given)[1][COLUMNS.index("prescription_gy")] == "120"


def test_cells_may_be_separated_by_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("kind;start;note\nsurgery;2026-01-05;first, of two\n", encoding="utf-8")
    assert read_treatments_csv(path) == (new_treatment("surgery", date(2026, 1, 5), note="first, of two"),)


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ResponseError, match="the column 'start' is there twice"):
        from_rows([("surgery", "2026-01-05", "2026-02-05")], columns=("kind", "start", "start"))


def test_unknown_cells_are_empty_and_empty_rows_are_left_out() -> None:
    (row,) = as_rows([new_treatment("surgery", date(2026, 1, 5))])
    assert [cell for cell in row if cell] == ["surgery", "2026-01-05"]
    assert from_rows([row, ("",) * len(COLUMNS), ()]) == (new_treatment("surgery", date(2026, 1, 5)),)


def test_columns_may_come_in_another_order(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("start, kind, dose_mg\n2026-01-05,steroids,4\n", encoding="utf-8")
    assert read_treatments_csv(path) == (new_treatment("steroids", date(2026, 1, 5), dose_mg=4.0),)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            {"kind": "steroids", "start": "2026-13-01", "dose_mg": "4"},
            "row 1: 'start' is '2026-13-01', expected a date",
        ),
        ({"kind": "steroids", "start": "2026-01-05", "dose_mg": "four"}, "'dose_mg' is 'four', expected a number"),
        ({"kind": "toxicity", "start": "2026-01-05", "grade": "2.5"}, "'grade' is '2.5', expected a whole number"),
        ({"kind": "toxicity", "start": "2026-01-05", "grade": "7"}, "row 1: The RTOG/EORTC grade is 7"),
        ({"kind": "steroid", "start": "2026-01-05"}, "no treatment 'steroid'; did you mean 'steroids'"),
        ({"start": "2026-01-05"}, "'kind' is missing"),
        ({"kind": "surgery"}, "'start' is missing"),
        ({"kind": "surgery", "start": "2026-01-05", "grade": "2"}, "'surgery' has no 'grade'"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(row: dict[str, str], message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        from_rows([row])


def test_an_unknown_column_is_told_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("kind,start,dose\nsteroids,2026-01-05,4\n", encoding="utf-8")
    with pytest.raises(ResponseError, match=r"own.csv: there is no column 'dose', did you mean 'dose_"):
        read_treatments_csv(path)


def test_a_row_with_more_cells_than_columns_is_refused() -> None:
    with pytest.raises(ResponseError, match="row 1: 3 cells for 2 columns; put text with commas in quotes"):
        from_rows([("surgery", "2026-01-05", "second")], columns=("kind", "start"))


@pytest.mark.parametrize(("text", "message"), [("", "is empty"), (None, "cannot be read")])
def test_a_file_that_is_empty_or_absent_is_named(tmp_path: Path, text: str | None, message: str) -> None:
    path = tmp_path / "treatments.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(InputFileError, match=f"treatments.csv {message}"):
        read_treatments_csv(path)


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ({"kind": "implant"}, "expected a list of objects"),
        (
            [{"kind": "implant", "start": "2026-01-05", "prescripton_gy": 120}],
            "treatments 1: .* did you mean 'prescription_gy'",
        ),
        ([{"kind": "implant", "start": 20260105}], "'start' is 20260105, expected a date"),
        ([{"kind": "toxicity", "start": "2026-01-05", "grade": float("inf")}], "'grade' is inf, expected a whole"),
        ([{"kind": "steroids", "start": "2026-01-05", "dose_mg": 10**400}], "'dose_mg' is 10+, expected a number"),
        ([{"kind": "implant", "start": "2026-01-05", "source": 6711}], "'source' is 6711, expected a text"),
        ([{"kind": "implant", "start": "2026-01-05", "prescription_gy": True}], "'prescription_gy' is True"),
    ],
)
def test_wrong_json_is_refused_with_its_place(items: Any, message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        treatments_from_json(items)


@pytest.mark.parametrize("wrong", [{"treatments": {}}, {"treatments": ""}, {"tumour": []}])
def test_a_record_of_another_shape_is_not_taken_for_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(ResponseError, match=r"expected a(n object| list of objects)"):
        record_from_json(wrong)


def test_a_missing_record_is_an_empty_one() -> None:
    assert record_from_json({}) == TreatmentRecord()


@pytest.mark.parametrize("item", ["glioma", {"idh": "mutant"}, {"type": "brain metastasis", "grade": 4}])
def test_a_tumour_without_its_type_or_with_more_is_refused(item: Any) -> None:
    with pytest.raises(ResponseError, match="expected an object with 'type'"):
        tumour_from_json(item)
