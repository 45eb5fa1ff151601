"""The timing of the study behind the limit, as a table that a patient's dates are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from brachyresponse.perfusion.interpretation.rules import interpretation_data


@dataclass(frozen=True)
class TimingRow:
    """One condition of the timing.

    Parameters
    ----------
    id, label
        For programs and for people.
    expected
        What the study had, in words.
    days
        From the first date to the second; None where one of them is not known.
    passed
        Whether the condition is kept; None where it cannot be judged.
    note
        What is missing or deviates, a sentence; empty where all is well.
    """

    id: str
    label: str
    expected: str
    days: int | None
    passed: bool | None
    note: str = ""


@dataclass(frozen=True)
class TimingCheck:
    """All rows of the table."""

    rows: tuple[TimingRow, ...]
    source: str

    @property
    def deviations(self) -> tuple[str, ...]:
        """What differs from the study, one sentence each."""
        return tuple(row.note for row in self.rows if row.passed is False)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What cannot be judged, one sentence each."""
        return tuple(row.note for row in self.rows if row.passed is None)


def check_timing(
    *,
    pre_treatment_scan: date | None = None,
    treatment: date | None = None,
    progression: date | None = None,
    repeat_scan: date | None = None,
    surgery: date | None = None,
) -> TimingCheck:
    """Hold the dates of a patient against the timing of the study behind the limit of 1.5.

    References
    ----------
    Int J Med Students 2025, abstract 4054.
    """
    dates = {
        "pre_treatment_scan": pre_treatment_scan,
        "treatment": treatment,
        "progression": progression,
        "repeat_scan": repeat_scan,
        "surgery": surgery,
    }
    table = _table()
    return TimingCheck(tuple(_row(row, dates, table["dates"]) for row in table["rows"]), table["citation"])


def _row(row: Mapping[str, Any], dates: Mapping[str, date | None], words: Mapping[str, str]) -> TimingRow:
    first, second = dates[row["from"]], dates[row["to"]]
    fixed = {"id": row["id"], "label": row["label"], "expected": row["expected"]}
    if first is None or second is None:
        missing = " and ".join(words[row[end]] for end in ("from", "to") if dates[row[end]] is None)
        return TimingRow(**fixed, days=None, passed=None, note=f"{row['label']}: the date of {missing} is not known.")
    days = (second - first).days
    most = row["most_days"]
    passed = days >= row["least_days"] and (most is None or days <= most)
    note = "" if passed else f"{row['label']}: {_interval(days)}, expected {row['expected']}."
    return TimingRow(**fixed, days=days, passed=passed, note=note)


def _interval(days: int) -> str:
    return f"{days} days" if days >= 0 else f"{-days} days in the wrong order"


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = interpretation_data("timing.json")
    return table
