"""Thyroglobulin over time: whether a value can be read, and how fast it doubles where values can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import log
from typing import Any

from brachyresponse.response.treatment.data_files import treatment_data
from brachyresponse.response.treatment.details import SerumMarker
from brachyresponse.response.treatment.record import TreatmentRecord
from brachyresponse.response.treatment.vocabulary import Antibodies


@dataclass(frozen=True)
class MarkerReading:
    """Thyroglobulin of one day.

    Parameters
    ----------
    is_interpretable
        False with antibodies; None where nobody knows whether there are any.
    sentence
        Why it cannot be read; empty where it can.
    source
        Of the rule that says so.
    """

    date: date
    marker: SerumMarker
    is_interpretable: bool | None
    sentence: str
    source: str


@dataclass(frozen=True)
class MarkerChange:
    """From one value of thyroglobulin to the next.

    Parameters
    ----------
    percent
        Change in percent of the first; None where the two cannot be compared or the first is 0.
    doubling_days
        Time in which it doubles at this rate; negative where it falls, the time in which it halves; None where the two
        cannot be compared, or it does not change.
    sentences
        Why not, or what is not known.
    """

    before: date
    after: date
    percent: float | None
    doubling_days: float | None
    sentences: tuple[str, ...] = ()

    def describe(self) -> str:
        """Return the change in words; empty where the two values cannot be compared."""
        if self.percent is None:
            return ""
        said = f"Thyroglobulin changed by {self.percent:+.0f} % from {self.before} to {self.after}"
        if self.doubling_days is None:
            return f"{said}."
        verb = "doubles" if self.doubling_days > 0 else "halves"
        return f"{said}: at this rate it {verb} in {abs(self.doubling_days):.0f} days."


def marker_readings(record: TreatmentRecord) -> tuple[MarkerReading, ...]:
    """Return every value of thyroglobulin on record in order of date, and whether it can be read.

    References
    ----------
    Spencer, LoPresti and Fatemi 2014, Curr Opin Endocrinol Diabetes Obes 21:394.
    """
    return tuple(_reading(treatment.start, marker) for treatment, marker in record.detailed(SerumMarker))


def marker_changes(record: TreatmentRecord) -> tuple[MarkerChange, ...]:
    """Return the change from each value of thyroglobulin to the next.

    A doubling time is told where neither blood had antibodies, and method and TSH are comparable.
    """
    readings = marker_readings(record)
    return tuple(_change(before, after) for before, after in pairwise(readings))


def marker_sentences(record: TreatmentRecord) -> tuple[str, ...]:
    """Return what a person has to know to read the thyroglobulin on record, each sentence once.

    How it changed from value to value, with its doubling or halving time, and why a value cannot be read or compared.
    """
    said = [reading.sentence for reading in marker_readings(record) if reading.sentence]
    for change in marker_changes(record):
        said += change.sentences or filter(None, [change.describe()])
    return tuple(dict.fromkeys(said))


def _reading(day: date, marker: SerumMarker) -> MarkerReading:
    rule = treatment_data("serum_markers.json")["antibodies"]
    if marker.antibodies is Antibodies.PRESENT:
        return MarkerReading(day, marker, False, rule["text"].format(date=day), rule["source"])
    if marker.antibodies is Antibodies.UNKNOWN:
        return MarkerReading(day, marker, None, rule["unknown_text"].format(date=day), rule["source"])
    return MarkerReading(day, marker, True, "", rule["source"])


def _change(before: MarkerReading, after: MarkerReading) -> MarkerChange:
    doubts = [reading.sentence for reading in (before, after) if not reading.is_interpretable]
    doubts += [_method_doubt(before, after), _tsh_doubt(before, after)]
    doubts = [doubt for doubt in doubts if doubt]
    first, second = before.marker.value_ug_per_l, after.marker.value_ug_per_l
    if doubts:
        return MarkerChange(before.date, after.date, None, None, tuple(doubts))
    percent = 100 * (second - first) / first if first > 0 else None
    days = (after.date - before.date).days
    is_moving = first > 0 and second > 0 and first != second and days > 0
    doubling_days = days * log(2) / log(second / first) if is_moving else None
    return MarkerChange(before.date, after.date, percent, doubling_days)


def _method_doubt(before: MarkerReading, after: MarkerReading) -> str:
    first, second = before.marker.method, after.marker.method
    rule, days = treatment_data("serum_markers.json")["same_method"], _days(before, after)
    if not first or not second:
        return str(rule["unknown_text"].format(**days))
    return "" if first == second else str(rule["text"].format(first=first, second=second, **days))


def _tsh_doubt(before: MarkerReading, after: MarkerReading) -> str:
    first, second = before.marker.tsh_mu_per_l, after.marker.tsh_mu_per_l
    rule, days = treatment_data("serum_markers.json")["comparable_tsh"], _days(before, after)
    if first is None or second is None:
        return str(rule["unknown_text"].format(**days))
    return "" if _is_comparable(first, second, rule) else str(rule["text"].format(first=first, second=second, **days))


def _is_comparable(first: float, second: float, rule: Mapping[str, Any]) -> bool:
    low, high = sorted((first, second))
    return bool(high <= rule["low_mu_per_l"] or high <= rule["largest_ratio"] * low)


def _days(before: MarkerReading, after: MarkerReading) -> dict[str, date]:
    return {"before": before.date, "after": after.date}
