"""What the rows of every profile share, of seeds and of balloons, as they are read from its table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from brachyresponse.errors import InputFileError
from brachyresponse.planning.record import Record
from brachyresponse.planning.rules import Severity


class RowFields(TypedDict):
    """Fields of a row, whatever it looks at."""

    id: str
    label: str
    severity: Severity
    least: float | None
    most: float | None
    source: str
    strict: bool


def row_fields(record: Record) -> RowFields:
    """Return the fields that every row has."""
    return {
        "id": record.text("id"),
        "label": record.text("label"),
        "severity": record.choice("severity", Severity),
        "least": record.optional_number("least"),
        "most": record.optional_number("most"),
        "source": record.text("source"),
        "strict": record.flag("strict", False),
    }


def refuse_other_unit(record: Record, unit: str, what: str) -> None:
    """Refuse a row that gives its limits in another unit; ``what`` says what has this one.

    Raises
    ------
    InputFileError
        The row names another unit.
    """
    found = record.text("unit", unit)
    if found != unit:
        raise InputFileError(f"{record.where}: 'unit' is {found!r}, {what} in {unit!r}.")


def refuse_repeated_ids(record: Record, ids: Sequence[str]) -> None:
    """Refuse a profile in which two rows have one id.

    Raises
    ------
    InputFileError
        An id occurs twice; the message names it.
    """
    if repeated := {row_id for row_id in ids if ids.count(row_id) > 1}:
        raise InputFileError(f"{record.where}: the rule id {min(repeated)!r} occurs twice; give each rule its own.")
