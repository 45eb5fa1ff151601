"""Which row of the consensus on DSC acquisition a scan matches, or why none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from brachyresponse.perfusion.series import Acquisition
from brachyresponse.types import FloatArray

NOT_VERIFIED = "recommendation not verified"


@dataclass(frozen=True)
class ProtocolRow:
    """One row of the table, ``data/protocols.json``.

    Parameters
    ----------
    id, label, source
        Its name, what it is, and who recommends it.
    preload
        Whether a dose is given before the bolus.
    flip_angle_deg
        Of the gradient echo.
    te_ms_by_field
        Least and greatest echo time, ms, by field strength in T.
    """

    id: str
    label: str
    source: str
    preload: bool
    flip_angle_deg: float
    te_ms_by_field: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Recommendation:
    """A range that is recommended for every row; ``most`` is None where there is no upper end."""

    id: str
    label: str
    unit: str
    least: float
    most: float | None
    verified: bool
    source: str

    @property
    def range_text(self) -> str:
        """As ``1 to 1.5 s`` or ``at least 120 frames``."""
        if self.most is None:
            return f"at least {self.least:g} {self.unit}"
        return f"{self.least:g} to {self.most:g} {self.unit}"


@dataclass(frozen=True)
class ProtocolMatch:
    """The row that a scan matches, None where it matches none, and sentences on why."""

    row: ProtocolRow | None
    sentences: tuple[str, ...]


def match_dsc_protocol(
    acquisition: Acquisition, frame_count: int, time_s: FloatArray, *, baseline_frames: int | None = None
) -> ProtocolMatch:
    """Return which row of the consensus a scan matches.

    Preload, flip angle, echo time at the field, and dose decide; the number of frames, the time between them and the
    frames before the bolus are only spoken of. What is not known matches no row, and the sentence asks for it.

    Parameters
    ----------
    acquisition
        Of the series.
    frame_count, time_s
        Frames, and their times (T,) s.
    baseline_frames
        Before the bolus, where it was found.
    """
    differences = [(row, _differences(row, acquisition)) for row in protocol_rows()]
    matched = next((row for row, found in differences if not found), None)
    if matched is not None:
        sentences = [f"The scan matches: {matched.label} ({matched.source})."]
    else:
        sentences = ["The scan matches no row of the consensus on DSC."]
        sentences += [f'Not "{row.label}": {"; ".join(found)}.' for row, found in differences]
    figures = {"frame_count": float(frame_count)}
    if len(time_s) > 1:
        figures["tr_s"] = float(np.median(np.diff(time_s)))
    if baseline_frames is not None:
        figures["baseline_frames"] = float(baseline_frames)
    sentences += [_recommendation_sentence(each, figures[each.id]) for each in recommendations() if each.id in figures]
    return ProtocolMatch(matched, tuple(sentences))


@cache
def protocol_rows() -> tuple[ProtocolRow, ...]:
    """Return the rows of the consensus, the best protocol first."""
    return tuple(
        ProtocolRow(
            row["id"], row["label"], row["source"], row["preload"], row["flip_angle_deg"], row["te_ms_by_field"]
        )
        for row in _table()["rows"]
    )


@cache
def recommendations() -> tuple[Recommendation, ...]:
    """Return the ranges that are recommended whatever the row."""
    return tuple(Recommendation(**each) for each in _table()["recommendations"])


@cache
def _table() -> dict[str, Any]:
    text = (files("brachyresponse.perfusion.dsc") / "data" / "protocols.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def _differences(row: ProtocolRow, acquisition: Acquisition) -> list[str]:
    """Return what keeps a scan from matching a row, as parts of a sentence."""
    found = [
        _preload(row, acquisition),
        _dose(acquisition),
        _flip_angle(row, acquisition),
        _echo_time(row, acquisition),
    ]
    return [each for each in found if each]


def _preload(row: ProtocolRow, acquisition: Acquisition) -> str:
    preload = acquisition.preload_dose_mmol_per_kg
    if preload is None:
        return "the dose before the bolus is not known, enter it (0 where there was none)"
    if row.preload and not _is_full(preload):
        return f"preload {preload:g} mmol/kg, expected {_full_dose_text()}"
    if not row.preload and preload > 0:
        return f"preload {preload:g} mmol/kg, expected none"
    return ""


def _dose(acquisition: Acquisition) -> str:
    dose = acquisition.dose_mmol_per_kg
    if dose is None:
        return "the dose of the bolus is not known, enter it"
    return "" if _is_full(dose) else f"bolus {dose:g} mmol/kg, expected {_full_dose_text()}"


def _is_full(dose_mmol_per_kg: float) -> bool:
    full = _table()["full_dose"]
    return bool(dose_mmol_per_kg >= full["least_share"] * full["mmol_per_kg"])


def _full_dose_text() -> str:
    full = _table()["full_dose"]
    note = "" if full["verified"] else f" ({full['source']}; {NOT_VERIFIED})"
    return f"a full dose of {full['mmol_per_kg']:g} mmol/kg{note}"


def _flip_angle(row: ProtocolRow, acquisition: Acquisition) -> str:
    flip_deg = acquisition.flip_angle_deg
    if flip_deg is None:
        return "the flip angle is not known, enter it"
    if abs(flip_deg - row.flip_angle_deg) <= _table()["tolerances"]["flip_angle_deg"]:
        return ""
    return f"flip angle {flip_deg:g}°, expected {row.flip_angle_deg:g}°"


def _echo_time(row: ProtocolRow, acquisition: Acquisition) -> str:
    te_s, field_t = acquisition.te_s, acquisition.field_strength_t
    if te_s is None or field_t is None:
        return f"the {'echo time' if te_s is None else 'field strength'} is not known, enter it"
    tolerance_t = _table()["field_tolerance_t"]
    ranges_ms = [limits for field, limits in row.te_ms_by_field.items() if abs(float(field) - field_t) <= tolerance_t]
    if not ranges_ms:
        return f"no echo time is recommended at {field_t:g} T, only at {' and '.join(row.te_ms_by_field)} T"
    least, most = ranges_ms[0]
    tolerance_ms = _table()["tolerances"]["te_ms"]
    if least - tolerance_ms <= 1000 * te_s <= most + tolerance_ms:
        return ""
    return f"echo time {1000 * te_s:g} ms, expected {least:g} to {most:g} ms at {field_t:g} T"


def _recommendation_sentence(each: Recommendation, value: float) -> str:
    is_within = value >= each.least and (each.most is None or value <= each.most)
    note = each.source if each.verified else f"{each.source}; {NOT_VERIFIED}"
    label, verdict = each.label.capitalize(), "met" if is_within else "not met"
    unit = "" if each.unit == "frames" else f" {each.unit}"
    return f"{label}: {value:.3g}{unit}; recommended: {each.range_text} ({note}): {verdict}."
