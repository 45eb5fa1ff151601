"""The treatment record as rows of text, as JSON and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from io import StringIO
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_type_hints

from brachyresponse.errors import InputFileError, ResponseError, reason_of
from brachyresponse.planning import Table, write_csv
from brachyresponse.response.treatment.details import DETAILS
from brachyresponse.response.treatment.record import TreatmentRecord
from brachyresponse.response.treatment.treatment import Treatment, known_word, new_treatment
from brachyresponse.response.treatment.tumour import Tumour
from brachyresponse.response.treatment.vocabulary import IdhState, TreatmentKind

MOST_SHOWN = 40
"""Characters of a wrong value that an error shows."""
_DETAIL_TYPES = {name: hint for its_type in DETAILS.values() for name, hint in get_type_hints(its_type).items()}

COLUMNS = ("kind", "start", "end", *_DETAIL_TYPES, "note")
"""The fixed columns of the rows: what a kind has not stays empty."""


def as_rows(treatments: Iterable[Treatment]) -> tuple[tuple[str, ...], ...]:
    """Return treatments as rows of text with :data:`COLUMNS`: dates as 2026-01-31, unknown as empty."""
    return tuple(tuple(_text(_values(each).get(column)) for column in COLUMNS) for each in treatments)


def from_rows(
    rows: Iterable[Sequence[str] | Mapping[str, str]], *, columns: Sequence[str] = COLUMNS, where: str = "Treatments"
) -> tuple[Treatment, ...]:
    """Return the treatments of rows of text; empty rows are left out.

    Parameters
    ----------
    columns
        Names of the columns, in the order of the rows.
    where
        What errors call the table.

    Raises
    ------
    ResponseError
        A column is unknown or there twice, or a row cannot be read; the message names table and row, counted from 1.
    """
    unknown = [column for column in columns if column not in COLUMNS]
    if unknown:
        known_column = _nearest(unknown[0])
        raise ResponseError(f"{where}: there is no column {unknown[0]!r}{known_column}; columns: {', '.join(COLUMNS)}.")
    twice = [column for column in columns if list(columns).count(column) > 1]
    if twice:
        raise ResponseError(f"{where}: the column {twice[0]!r} is there twice; keep one.")
    treatments = []
    for place, row in enumerate(rows, start=1):
        if len(row) > len(columns):
            raise ResponseError(
                f"{where}, row {place}: {len(row)} cells for {len(columns)} columns; put text with commas in quotes."
            )
        cells = row if isinstance(row, Mapping) else dict(zip(columns, row, strict=False))
        given = {name: text.strip() for name, text in cells.items() if text and text.strip()}
        if given:
            treatments.append(_treatment(given, f"{where}, row {place}"))
    return tuple(treatments)


def treatments_as_json(treatments: Iterable[Treatment]) -> list[dict[str, Any]]:
    """Return treatments as objects of JSON; what is not known is left out."""
    rows = (_values(each) for each in treatments)
    return [{name: _plain(value) for name, value in row.items() if value not in (None, "")} for row in rows]


def treatments_from_json(items: Any, where: str = "treatments") -> tuple[Treatment, ...]:
    """Return the treatments of a list of JSON objects; see :func:`treatments_as_json`.

    Raises
    ------
    ResponseError
        It is no list of objects, a key or a word is unknown (the nearest is told), or a value is not valid.
    """
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise ResponseError(f"{where} is {items!r}, expected a list of objects, one a treatment.")
    return tuple(
        _treatment({name: value for name, value in item.items() if value is not None}, f"{where} {place}")
        for place, item in enumerate(items, start=1)
    )


def tumour_as_json(tumour: Tumour) -> dict[str, str]:
    """Return a tumour as an object of JSON."""
    return {"type": str(tumour.type), "idh": str(tumour.idh)} if tumour.is_glioma else {"type": str(tumour.type)}


def tumour_from_json(item: Any, where: str = "tumour") -> Tumour:
    """Return the tumour of a JSON object with ``type`` and, of a glioma, ``idh``.

    Raises
    ------
    ResponseError
        It is no such object, or a word is unknown.
    """
    if not isinstance(item, Mapping) or "type" not in item or not set(item) <= {"type", "idh"}:
        raise ResponseError(f"{where} is {item!r}, expected an object with 'type' and, of a glioma, 'idh'.")
    idh = item.get("idh")
    return Tumour(item["type"], IdhState.UNKNOWN if idh is None else idh)


def treatment_table(treatments: Iterable[Treatment]) -> Table:
    """Return treatments as a table with :data:`COLUMNS`."""
    return Table("Treatments", COLUMNS, as_rows(treatments))


def write_treatments_csv(treatments: Iterable[Treatment], path: str | Path) -> Path:
    """Write treatments as CSV, one a row, and return the path.

    Raises
    ------
    InputFileError
        The file cannot be written.
    """
    return write_csv(treatment_table(treatments), path)


def read_treatments_csv(path: str | Path) -> tuple[Treatment, ...]:
    """Return the treatments of a CSV file with a heading of :data:`COLUMNS`, in any order and not necessarily all.

    Cells are separated by commas or semicolons.

    Raises
    ------
    InputFileError
        The file cannot be read.
    ResponseError
        As :func:`from_rows`.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        heading = text.partition("\n")[0]
        separator = ";" if heading.count(";") > heading.count(",") else ","
        lines = list(csv.reader(StringIO(text), delimiter=separator))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputFileError(f"{path.name} cannot be read: {reason_of(error)}.") from error
    if not lines:
        raise InputFileError(
            f"{path.name} is empty, expected a heading with 'kind' and 'start', and one row a treatment."
        )
    return from_rows(lines[1:], columns=[name.strip() for name in lines[0]], where=path.name)


def record_from_json(item: Mapping[str, Any]) -> TreatmentRecord:
    """Return the record of an object with ``treatments`` and ``tumour``, either of which may be missing or null."""
    treatments, tumour = item.get("treatments"), item.get("tumour")
    return TreatmentRecord(
        () if treatments is None else treatments_from_json(treatments),
        None if tumour is None else tumour_from_json(tumour),
    )


def record_as_json(record: TreatmentRecord) -> dict[str, Any]:
    """Return a record as an object with ``treatments`` and ``tumour`` (null where it is not known)."""
    return {
        "treatments": treatments_as_json(record),
        "tumour": None if record.tumour is None else tumour_as_json(record.tumour),
    }


def _values(treatment: Treatment) -> dict[str, Any]:
    its_own = {field.name: getattr(treatment.details, field.name) for field in fields(treatment.details)}
    return {
        "kind": treatment.kind,
        "start": treatment.start,
        "end": treatment.end,
        **its_own,
        "note": treatment.note,
    }


def _treatment(given: Mapping[str, Any], where: str) -> Treatment:
    missing = [name for name in ("kind", "start") if name not in given]
    if missing:
        raise ResponseError(f"{where}: {missing[0]!r} is missing: give it.")
    try:
        kind = known_word(given["kind"], TreatmentKind, "treatment")
        own = get_type_hints(DETAILS[kind])
        hints = {"start": date, "end": date, "note": str, **own}
        values = {name: _parsed(name, value, hints.get(name, Any)) for name, value in given.items() if name != "kind"}
        return new_treatment(kind, values.pop("start"), values.pop("end", None), **values)
    except ResponseError as error:
        raise ResponseError(f"{where}: {error}") from error


def _parsed(name: str, value: Any, hint: Any) -> Any:
    """The value of a field from a text or a JSON value, by the type that the field has."""
    kind = next(part for part in get_args(hint) if part is not type(None)) if isinstance(hint, UnionType) else hint
    if kind not in _READ:
        return value  # an unknown field, or a word: refused by name later, if at all
    is_readable = isinstance(value, str) or (kind is not str and isinstance(value, int | float))
    try:
        if isinstance(value, bool) or not is_readable:
            raise TypeError(value)
        return _READ[kind](value)
    except (ValueError, TypeError, OverflowError) as error:
        raise ResponseError(f"{name!r} is {repr(value)[:MOST_SHOWN]}, expected {_EXPECTED[kind]}.") from error


def _whole(value: str | float) -> int:
    number = float(value)
    if number != int(number):
        raise ValueError(value)
    return int(number)


_READ: Mapping[Any, Callable[[Any], Any]] = {str: str, float: float, int: _whole, date: date.fromisoformat}
_EXPECTED = {str: "a text", float: "a number", int: "a whole number", date: "a date such as 2026-01-31"}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else (str(value) if isinstance(value, StrEnum) else value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(_plain(value))


def _nearest(name: str) -> str:
    near = get_close_matches(name, COLUMNS, n=1)
    return f", did you mean {near[0]!r}?" if near else ""
