"""Cases in a table: one row a lesion and visit.

CSV with a heading, UTF-8, separated by commas or semicolons; an empty cell is a value that is not known. ``date`` and
``lesion`` are needed, the others not:

- of the case, in any of its rows: ``case`` (its name; the file's without it), ``patient_id``, ``title``, ``criteria``,
  ``radiation_end``, ``treatment_start``, ``tumour`` and ``idh``, and the options of the criteria by their names, as
  ``measure`` (2D, 3D), ``protocol_targets`` (yes, no), ``min_sd_weeks``;
- of the visit, in any of its rows: ``visit`` (baseline, pre-baseline, follow-up; without any the first visit is the
  baseline), ``non_target``, ``t2_flair``, ``steroid_dose_mg``, ``steroid_trend``, ``clinical_status``, ``histology``;
- of the lesion: ``role`` (target, non-target, new), ``organ``, ``kind``, ``state``, ``merged_into``, ``longest_mm``,
  ``perpendicular_mm``, ``short_axis_mm``, ``volume_ml``; a lesion that split has one row a part;
- of a new lesion: ``field``, ``measurable`` (yes or no), ``certainty``;
- how it was measured, which is not read again: ``origin``, ``plane``, ``slice``, ``slices``, ``slice_thickness_mm``,
  ``holes``, ``warnings``.

A row without a lesion is a visit without one. Rows are counted as a spreadsheet does, the heading as row 1.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any

from brachyresponse.errors import InputFileError, reason_of
from brachyresponse.response.case.keys import FLAGS, OPTION_KEYS, SIZES
from brachyresponse.response.vocabulary import LesionState, VisitRole

CASE, DATE, LESION, NEW = "case", "date", "lesion", "new"
OF_CASE = ("criteria", "radiation_end", "treatment_start", "patient_id", "title")
TUMOUR, IDH, MIN_SD_WEEKS = "tumour", "idh", "min_sd_weeks"
OF_VISIT = ("visit", "non_target", "t2_flair", "steroid_dose_mg", "steroid_trend", "clinical_status", "histology")
OF_LESION = ("role", "organ", "kind", "state", "merged_into")
OF_NEW_LESION = ("field", "measurable", "certainty")
NOT_READ = ("origin", "plane", "slice", "slices", "slice_thickness_mm", "holes", "warnings")
COLUMNS = (
    CASE, DATE, LESION, *OF_CASE, TUMOUR, IDH, *OPTION_KEYS, *OF_VISIT, *OF_LESION, *OF_NEW_LESION, *SIZES, *NOT_READ,
)  # fmt: skip
YES_OR_NO = frozenset({"measurable", *FLAGS})
NUMBERS = frozenset({*SIZES, "steroid_dose_mg", MIN_SD_WEEKS})
YES, NO = ("yes", "true", "1"), ("no", "false", "0")
UNITS_APART = 3.0
"""A diameter so many times the longest one is in another unit; less is a slip, which the assessment tells."""
DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
WITH_UNIT = re.compile(r"(?P<number>[-+.\d]+)\s*(?P<unit>[a-zA-Zµ³3]+)")


class _Row:
    """A row that is not empty, and where it stands."""

    def __init__(self, where: str, cells: Mapping[str, str]) -> None:
        self.where = where
        self._cells = cells

    def text(self, column: str) -> str:
        """Return a cell; empty where there is none."""
        return self._cells.get(column, "")

    def given(self, columns: Iterable[str]) -> dict[str, Any]:
        """Return the cells that are not empty, numbers as numbers."""
        return {column: self._value(column) for column in columns if self.text(column)}

    def refuse(self, column: str, expected: str) -> InputFileError:
        """Return the error that a cell is not what it should be."""
        return InputFileError(f"{self.where}, column {column!r}: {self.text(column)!r}, expected {expected}.")

    def _value(self, column: str) -> str | float | bool:
        text = self.text(column)
        if column in YES_OR_NO:
            if text.lower() not in (*YES, *NO):
                raise self.refuse(column, "yes or no")
            return text.lower() in YES
        return self._number(column) if column in NUMBERS else text

    def _number(self, column: str) -> float:
        text = self.text(column)
        try:
            return float(text)
        except ValueError as error:
            unit = column.rpartition("_")[2]
            if DECIMAL_COMMA.fullmatch(text):
                raise self.refuse(column, f"a decimal point, as {text.replace(',', '.')}") from error
            if WITH_UNIT.fullmatch(text):
                raise self.refuse(column, f"a number without a unit, in {unit} as the heading says") from error
            raise self.refuse(column, "a number such as 12.5, or nothing where it is not known") from error


def read_case_table(path: str | Path) -> list[dict[str, Any]]:
    """Return the cases of a CSV file, as objects for :func:`request_from_json`.

    Raises
    ------
    InputFileError
        The file cannot be read, a heading is not known (the nearest is told), a cell is no number or holds a unit,
        lengths cannot both be in mm, or rows of one visit contradict each other; the message names row and column.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = _rows(path.name, text)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputFileError(f"{path.name} cannot be read: {reason_of(error)}.") from error
    names = dict.fromkeys(row.text(CASE) for row in rows)
    return [_case(name or path.stem, [row for row in rows if row.text(CASE) == name]) for name in names]


def _rows(name: str, text: str) -> list[_Row]:
    first = text.partition("\n")[0]
    reader = csv.reader(StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    headings = [heading.strip() for heading in next(reader, [])]
    _check_headings(name, headings)
    rows = []
    for number, cells in enumerate(reader, start=2):
        if len(cells) > len(headings):
            raise InputFileError(f"{name}, row {number}: more cells than headings; quote texts that hold a comma.")
        stripped = {heading: cell.strip() for heading, cell in zip(headings, cells, strict=False)}
        if any(stripped.values()):
            rows.append(_Row(f"{name}, row {number}", stripped))
    if not rows:
        raise InputFileError(f"{name} has no rows: give one a lesion and visit.")
    return rows


def _check_headings(name: str, headings: Sequence[str]) -> None:
    for heading in headings:
        if heading not in COLUMNS:
            near = get_close_matches(heading, COLUMNS, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"the columns are {', '.join(COLUMNS)}."
            raise InputFileError(f"{name}: the column {heading!r} is not known; {hint}")
    missing = [column for column in (DATE, LESION) if column not in headings]
    if missing:
        raise InputFileError(f"{name} has no column {missing[0]!r}: give one row a lesion and visit, with both named.")
    if len(set(headings)) < len(headings):
        twice = next(heading for heading in headings if headings.count(heading) > 1)
        raise InputFileError(f"{name}: the column {twice!r} is there twice; keep one.")


def _case(name: str, rows: Sequence[_Row]) -> dict[str, Any]:
    for row in rows:
        if not row.text(DATE):
            raise row.refuse(DATE, "a date such as 2026-01-31")
    days = dict.fromkeys(row.text(DATE) for row in rows)
    visits = [_visit(day, [row for row in rows if row.text(DATE) == day]) for day in days]
    if not any("role" in visit for visit in visits):
        visits[0]["role"] = str(VisitRole.BASELINE)
    for visit in visits:
        visit.setdefault("role", str(VisitRole.FOLLOW_UP))
    return {"id": name, **_about(f"case {name!r}", rows), "visits": visits}


def _about(case: str, rows: Sequence[_Row]) -> dict[str, Any]:
    """What the rows say of their case, its tumour and its options, in the form of a case in JSON."""
    about = _common(case, rows, OF_CASE)
    options, tumour = _common(case, rows, OPTION_KEYS), _common(case, rows, (TUMOUR, IDH))
    if MIN_SD_WEEKS in options and float(options[MIN_SD_WEEKS]).is_integer():
        options[MIN_SD_WEEKS] = int(options[MIN_SD_WEEKS])
    if tumour:
        about["tumour"] = {"type" if name == TUMOUR else name: word for name, word in tumour.items()}
    return about | ({"options": options} if options else {})


def _visit(day: str, rows: Sequence[_Row]) -> dict[str, Any]:
    about = _common(f"the visit of {day}", rows, OF_VISIT)
    if "visit" in about:
        about["role"] = about.pop("visit")
    new = [row for row in rows if row.text("role") == NEW]
    names = dict.fromkeys(row.text(LESION) for row in rows if row.text(LESION) and row not in new)
    lesions = [_lesion(name, [row for row in rows if row.text(LESION) == name and row not in new]) for name in names]
    return {"date": day, **about, "lesions": lesions, "new_lesions": [_new_lesion(row) for row in new]}


def _lesion(name: str, rows: Sequence[_Row]) -> dict[str, Any]:
    lesion = {"id": name, **rows[0].given(OF_LESION)}
    if rows[0].text("state") == LesionState.SPLIT:
        return {**lesion, "parts": [_sizes(row) for row in rows]}
    if len(rows) > 1:
        raise InputFileError(
            f"{rows[1].where}: lesion {name!r} of {rows[0].text(DATE)} is there before ({rows[0].where}); keep one, or "
            f"give both the state {str(LesionState.SPLIT)!r} as parts of one lesion."
        )
    return {**lesion, **_sizes(rows[0])}


def _new_lesion(row: _Row) -> dict[str, Any]:
    return {"id": row.text(LESION), **row.given(OF_NEW_LESION)}


def _sizes(row: _Row) -> dict[str, Any]:
    sizes = row.given(SIZES)
    longest_mm = sizes.get("longest_mm")
    for column in ("perpendicular_mm", "short_axis_mm"):
        if longest_mm is not None and sizes.get(column, 0) > UNITS_APART * longest_mm:
            raise row.refuse(
                column, f"no more than the longest diameter, {longest_mm:g}: look whether one of them is in cm"
            )
    return sizes


def _common(what: str, rows: Sequence[_Row], columns: Iterable[str]) -> dict[str, Any]:
    """What the rows say of their case or visit; a row may be silent, two may not differ."""
    columns, found = tuple(columns), dict[str, Any]()
    for row in rows:
        for column, value in row.given(columns).items():
            if found.setdefault(column, value) != value:
                raise row.refuse(column, f"{found[column]!r} for {what}, as in a row before; correct one of them")
    return found
