"""Measurements in a table: one row a lesion and visit, turned into cases of the JSON schema."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from brachyresponse.errors import InputFileError, reason_of

CASE, DATE, LESION, NEW = "case", "date", "lesion", "new"
OF_CASE = ("criteria", "radiation_end", "treatment_start", "patient_id", "title")
OF_VISIT = ("visit", "non_target", "t2_flair", "steroid_dose_mg", "steroid_trend", "clinical_status", "histology")
OF_LESION = ("role", "organ", "kind", "state", "merged_into")
OF_NEW_LESION = ("field", "measurable", "certainty")
SIZES = ("longest_mm", "perpendicular_mm", "short_axis_mm", "volume_ml")
COLUMNS = (CASE, DATE, LESION, *OF_CASE, *OF_VISIT, *OF_LESION, *OF_NEW_LESION, *SIZES)
NUMBERS = frozenset({*SIZES, "steroid_dose_mg"})
YES, NO = ("yes", "true", "1"), ("no", "false", "0")
SPLIT = "split"
Row = Mapping[str, str]


def read_cases_of_table(path: Path) -> list[dict[str, Any]]:
    """Return the cases of a CSV file, in the schema of case files.

    A value of the whole case or visit may stand in any of its rows; an empty cell is not known. A row without a lesion
    is a visit without one; a lesion whose ``role`` is ``new`` is a new one; a lesion that split has one row a part.

    Raises
    ------
    InputFileError
        The file cannot be read, a heading is unknown (the nearest is told), a cell is no number, or two rows of one
        visit contradict each other; the message names the line.
    """
    rows = _rows(path)
    names = dict.fromkeys(row.get(CASE, "") for _, row in rows)
    return [
        _case(name or path.stem, [(line, row) for line, row in rows if row.get(CASE, "") == name], path.name)
        for name in names
    ]


def _rows(path: Path) -> list[tuple[int, Row]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            sample = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=";" if sample.count(";") > sample.count(",") else ",")
            _check_headings([name.strip() for name in reader.fieldnames or ()], path.name)
            rows = [(reader.line_num, _stripped(row, path.name, reader.line_num)) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputFileError(f"{path.name} cannot be read: {reason_of(error)}.") from error
    rows = [(line, row) for line, row in rows if any(row.values())]
    if not rows:
        raise InputFileError(f"{path.name} has no rows: give one a lesion and visit.")
    return rows


def _stripped(row: Mapping[str | None, Any], where: str, line: int) -> Row:
    if None in row:
        raise InputFileError(f"{where}, line {line}: more cells than headings; quote texts that hold a comma.")
    return {str(name).strip(): (value or "").strip() for name, value in row.items()}


def _check_headings(headings: Sequence[str], where: str) -> None:
    for name in headings:
        if name not in COLUMNS:
            near = get_close_matches(name, COLUMNS, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"the columns are {', '.join(COLUMNS)}."
            raise InputFileError(f"{where}: the column {name!r} is not known; {hint}")
    if DATE not in headings or LESION not in headings:
        missing = " and ".join(repr(name) for name in (DATE, LESION) if name not in headings)
        raise InputFileError(
            f"{where} has no column {missing}: give one row a lesion and visit, with {DATE} and {LESION}."
        )


def _case(name: str, rows: Sequence[tuple[int, Row]], where: str) -> dict[str, Any]:
    days = dict.fromkeys(row[DATE] for _, row in rows)
    if "" in days:
        line = next(line for line, row in rows if not row[DATE])
        raise InputFileError(f"{where}, line {line}: the row has no {DATE}; give it, as 2026-01-31.")
    of_case = _common(rows, OF_CASE, f"case {name!r}", where)
    visits = [_visit(day, [each for each in rows if each[1][DATE] == day], where) for day in days]
    if not any("role" in visit for visit in visits):
        visits[0]["role"] = "baseline"
    for visit in visits:
        visit.setdefault("role", "follow-up")
    return {"id": name, **of_case, "visits": visits}


def _visit(day: str, rows: Sequence[tuple[int, Row]], where: str) -> dict[str, Any]:
    about = _common(rows, OF_VISIT, f"the visit of {day}", where)
    if "visit" in about:
        about["role"] = about.pop("visit")
    known = [(line, row) for line, row in rows if row[LESION]]
    new = [_new_lesion(line, row, where) for line, row in known if row.get("role") == NEW]
    old: dict[str, list[tuple[int, Row]]] = {}
    for line, row in known:
        if row.get("role") != NEW:
            old.setdefault(row[LESION], []).append((line, row))
    lesions = [_lesion(name, each, where) for name, each in old.items()]
    return {"date": day, **about, "lesions": lesions, "new_lesions": new}


def _lesion(name: str, rows: Sequence[tuple[int, Row]], where: str) -> dict[str, Any]:
    first = rows[0][1]
    lesion = {"id": name, **_given(first, OF_LESION)}
    if first.get("state") == SPLIT:
        return {**lesion, "parts": [_sizes(line, row, where) for line, row in rows]}
    if len(rows) > 1:
        lines = " and ".join(str(line) for line, _ in rows)
        raise InputFileError(
            f"{where}: lesion {name!r} stands in lines {lines} for one visit ({first[DATE]}): keep one, or give "
            f"state {SPLIT} for the parts of one lesion."
        )
    return {**lesion, **_sizes(*rows[0], where)}


def _new_lesion(line: int, row: Row, where: str) -> dict[str, Any]:
    lesion: dict[str, Any] = {"id": row[LESION], **_given(row, OF_NEW_LESION)}
    if "measurable" in lesion:
        word = lesion["measurable"].lower()
        if word not in (*YES, *NO):
            raise InputFileError(f"{where}, line {line}: measurable is {word!r}, expected yes or no.")
        lesion["measurable"] = word in YES
    return lesion


def _sizes(line: int, row: Row, where: str) -> dict[str, float]:
    return {name: _number(name, text, f"{where}, line {line}") for name, text in _given(row, SIZES).items()}


def _given(row: Row, names: Iterable[str]) -> dict[str, Any]:
    return {name: row[name] for name in names if row.get(name)}


def _common(rows: Sequence[tuple[int, Row]], names: Iterable[str], what: str, where: str) -> dict[str, Any]:
    """Return what the rows say of their case or visit; a row may be silent, two may not differ."""
    found: dict[str, Any] = {}
    for line, row in rows:
        for name, text in _given(row, names).items():
            value = _number(name, text, f"{where}, line {line}") if name in NUMBERS else text
            if found.setdefault(name, value) != value:
                raise InputFileError(
                    f"{where}, line {line}: {name} of {what} is {text!r}, but {found[name]!r} in a line before: "
                    "correct one of them."
                )
    return found


def _number(name: str, text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InputFileError(f"{where}: {name} is {text!r}, expected a number such as 12.5.") from error
