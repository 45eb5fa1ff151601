"""Cases in a table: one row a case, and for each metric a column as planned and one as implanted.

CSV with a heading, UTF-8: ``case`` (a name, used once), optionally ``patient`` and ``prescription (Gy)``, and pairs of
columns such as ``PTV D90 plan (Gy)`` and ``PTV D90 implant (Gy)``. An empty cell is a value that is not known.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from brachyresponse.cohort.case import CaseValue, CohortCase, MetricKey
from brachyresponse.errors import CohortError, InputFileError, reason_of

CASE, PATIENT, PRESCRIPTION = "case", "patient", "prescription (Gy)"
VALUE_COLUMN = re.compile(r"(?P<title>\S.*?)[ _](?P<side>plan|implant)(?:\s*\((?P<unit>[^)]*)\))?", re.IGNORECASE)


@dataclass(frozen=True)
class _Pair:
    """The two columns of a metric."""

    key: MetricKey
    plan: str
    implant: str


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table, each by its heading; the column ``case`` names every row.

    Raises
    ------
    InputFileError
        The file cannot be read, has no column ``case`` or no rows, a row is too long, or a name is empty or repeated.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            reader.fieldnames = headings = [heading.strip() for heading in reader.fieldnames or ()]
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputFileError(f"The table {path.name!r} cannot be read: {reason_of(error)}.") from error
    _check_headings(path, headings)
    _check_rows(path, rows)
    return [{heading: (cell or "").strip() for heading, cell in row.items()} for row in rows]


def holds_values(rows: Sequence[Mapping[str, str]]) -> bool:
    """Tell whether a table holds planned and implanted values, rather than cases to be computed."""
    return any(VALUE_COLUMN.fullmatch(heading) for heading in rows[0])


def cases_of_rows(where: str, rows: Sequence[Mapping[str, str]]) -> tuple[CohortCase, ...]:
    """Return the cases of a table's rows; ``where`` is the table's name for errors.

    Raises
    ------
    CohortError
        A column has no partner, or a cell is not a number.
    """
    pairs = _pairs(where, list(rows[0]))
    return tuple(_case(where, row, pairs) for row in rows)


def _check_headings(path: Path, headings: Sequence[str]) -> None:
    if CASE not in headings:
        raise InputFileError(
            f"The table {path.name!r} has no column {CASE!r}, found: {', '.join(headings) or 'none'}; name each case "
            "in such a column, and separate columns by commas."
        )
    if len(set(headings)) < len(headings):
        raise InputFileError(f"The table {path.name!r} has a heading twice: {', '.join(headings)}.")


def _check_rows(path: Path, rows: Sequence[Mapping[str | None, object]]) -> None:
    if not rows:
        raise InputFileError(f"The table {path.name!r} has no rows: give one row a case.")
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        name = str(row[CASE] or "").strip()
        if None in row:
            raise InputFileError(f"The table {path.name!r}: row {number} has more cells than there are headings.")
        if not name or name in seen:
            raise InputFileError(
                f"The table {path.name!r}: row {number} is called {name!r}, expected a name used once."
            )
        seen.add(name)


def _pairs(where: str, headings: Sequence[str]) -> list[_Pair]:
    sides: dict[MetricKey, dict[str, str]] = {}
    for heading in headings:
        match = VALUE_COLUMN.fullmatch(heading)
        if match:
            sides.setdefault(_key(match["title"], match["unit"] or ""), {})[match["side"].lower()] = heading
    for key, columns in sides.items():
        if set(columns) != {"plan", "implant"}:
            found = next(iter(columns.values()))
            raise CohortError(f"{where}: the column {found!r} of {key.title} has no partner; give plan and implant.")
    return [_Pair(key, columns["plan"], columns["implant"]) for key, columns in sides.items()]


def _key(title: str, unit: str) -> MetricKey:
    """``PTV D90``: the last word is the metric, what stands before it the structure."""
    structure, _, label = title.replace("_", " ").rpartition(" ")
    return MetricKey(structure, label.lower(), label, unit)


def _case(where: str, row: Mapping[str, str], pairs: Sequence[_Pair]) -> CohortCase:
    place = f"{where}: case {row[CASE]!r}"
    values = {pair.key: CaseValue(_number(place, row, pair.plan), _number(place, row, pair.implant)) for pair in pairs}
    return CohortCase(
        name=row[CASE],
        values=values,
        patient_id=row.get(PATIENT, ""),
        prescription_gy=_number(place, row, PRESCRIPTION) if PRESCRIPTION in row else None,
    )


def _number(place: str, row: Mapping[str, str], heading: str) -> float | None:
    text = row[heading]
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise CohortError(f"{place}: {heading!r} is {text!r}, expected a number, or nothing where it is not known.")
    return value
