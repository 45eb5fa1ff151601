"""What the treatment record puts on a time line: marks, and series of serum markers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from brachyresponse.response.timeline.timeline import TimelineMark, TimelinePoint, TimelineSeries
from brachyresponse.response.treatment import (
    Antibodies,
    Biopsy,
    Details,
    Drug,
    ExternalBeam,
    PerformanceStatus,
    Radiation,
    SerumMarker,
    Steroids,
    Toxicity,
    Treatment,
    TreatmentKind,
)

SERUM_UNIT, TSH_UNIT = "µg/L", "mU/L"
LEFT_OUT = (TreatmentKind.SERUM_MARKER, TreatmentKind.PERFORMANCE_STATUS)
"""Kinds that are no marks: they are values over time."""
GOES_ON = (
    TreatmentKind.BEVACIZUMAB,
    TreatmentKind.CHEMOTHERAPY,
    TreatmentKind.IMMUNOTHERAPY,
    TreatmentKind.STEROIDS,
)
"""Kinds that go on where they have no end."""


def treatment_marks(treatments: Iterable[Treatment]) -> tuple[TimelineMark, ...]:
    """Return the marks of treatments and events, in order of date; serum markers and performance status are none."""
    treatments = sorted(treatments, key=lambda one: one.start)
    doses = [one.start for one in treatments if one.kind is TreatmentKind.STEROIDS]
    marks = (_mark(one, doses) for one in treatments if one.kind not in LEFT_OUT)
    return tuple(sorted(marks, key=lambda mark: (mark.start, mark.last)))


def serum_series(treatments: Iterable[Treatment]) -> tuple[TimelineSeries, ...]:
    """Return thyroglobulin over time, and TSH where it was measured.

    Values of different assays, and those with antibodies in the same blood, are series of their own: they are not to
    be compared.
    """
    known = ((one.start, one.details) for one in treatments if isinstance(one.details, SerumMarker))
    measured = sorted(known, key=lambda each: each[0])
    names = dict.fromkeys(_serum_name(marker) for _, marker in measured)
    series = [
        TimelineSeries(
            name,
            SERUM_UNIT,
            tuple(TimelinePoint(day, marker.value_ug_per_l) for day, marker in measured if _serum_name(marker) == name),
        )
        for name in names
    ]
    tsh = tuple(TimelinePoint(day, marker.tsh_mu_per_l) for day, marker in measured if marker.tsh_mu_per_l is not None)
    return (*series, *([TimelineSeries("TSH", TSH_UNIT, tsh)] if tsh else []))


def treatment_words(treatment: Treatment) -> str:
    """Return kind and details of a treatment in a few words."""
    kind, details = str(treatment.kind).capitalize(), treatment.details
    if isinstance(details, SerumMarker):
        return _serum_words(details)
    if isinstance(details, PerformanceStatus):
        return f"{details.scale} {details.score}"
    said = _radiation_words(details) if isinstance(details, Radiation) else _other_words(details)
    return f"{kind}, {said}" if said else kind


def _radiation_words(details: Radiation) -> str:
    if details.prescription_gy is None:
        return ""
    fractions = f" in {details.fractions}" if isinstance(details, ExternalBeam) and details.fractions else ""
    return f"{details.prescription_gy:g} Gy{fractions}"


def _other_words(details: Details) -> str:
    match details:
        case Steroids(dose_mg=dose_mg):
            return f"{dose_mg:g} mg"
        case Drug(agent=agent):
            return agent
        case Biopsy(result=result):
            return str(result)
        case Toxicity(grade=grade, organ=organ):
            return f"grade {grade}{f', {organ}' if organ else ''}"
    return ""


def _serum_words(details: SerumMarker) -> str:
    tsh = "" if details.tsh_mu_per_l is None else f", TSH {details.tsh_mu_per_l:g} {TSH_UNIT}"
    return f"Thyroglobulin {details.value_ug_per_l:g} {SERUM_UNIT}{tsh}, antibodies {details.antibodies}"


def _mark(treatment: Treatment, doses: Sequence[date]) -> TimelineMark:
    """Return a mark; a dose of steroids holds until the next one starts."""
    end = treatment.end
    if treatment.kind is TreatmentKind.STEROIDS:
        end = min((day for day in (end, *doses) if day is not None and day > treatment.start), default=end)
    is_open = end is None and treatment.kind in GOES_ON
    return TimelineMark(treatment_words(treatment), str(treatment.kind), treatment.start, end, is_open)


def _serum_name(marker: SerumMarker) -> str:
    notes = [marker.method] if marker.method else []
    notes += ["antibodies present"] if marker.antibodies is Antibodies.PRESENT else []
    return f"Thyroglobulin ({', '.join(notes)})" if notes else "Thyroglobulin"
