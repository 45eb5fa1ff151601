"""Visits with images: lesions measured on their segmentations, and the scans for key images."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from brachyresponse.command_line.images import read_image
from brachyresponse.command_line.inputs import Labels, read_labels
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Volume
from brachyresponse.pictures.response_pictures import MeasuredLesion
from brachyresponse.progress import Report
from brachyresponse.response.case import CaseOptions, as_json
from brachyresponse.response.case.keys import FLAGS
from brachyresponse.response.measurement import LesionMeasurement, measure_structure
from brachyresponse.response.study import (
    CaseFrame,
    InputEntry,
    LesionFinding,
    MeasuredVisit,
    ResponseRequest,
    case_from_visits,
    measurement_entry,
)
from brachyresponse.response.vocabulary import CriteriaName, LesionKind, LesionState, Measure, VisitRole

MEASURED = ("lesions", "new_lesions", "date", "role")
"""What images tell of a visit; all else is as the case file says."""
Fields = dict[str, Any]


@dataclass(frozen=True, eq=False)
class MeasuredDay:
    """The lesions of one day by name, and the scan that they were drawn on."""

    day: date
    lesions: Mapping[str, LesionMeasurement]
    volume: Volume | None = None


@dataclass(frozen=True, eq=False)
class MeasuredVisits:
    """All that was read of images; empty without any."""

    days: tuple[MeasuredDay, ...] = ()
    absent: frozenset[tuple[date, str]] = frozenset()
    nodes: frozenset[str] = frozenset()
    inputs: tuple[InputEntry, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def added_to(self, request: ResponseRequest) -> ResponseRequest:
        """Return a request with how its lesions were measured."""
        entries = tuple(
            measurement_entry(each.day, name, measured) for each in self.days for name, measured in each.lesions.items()
        )
        return replace(request, measurements=(*request.measurements, *entries))

    @property
    def pictured(self) -> tuple[MeasuredLesion, ...]:
        """The lesions that have a scan to be shown on."""
        return tuple(
            MeasuredLesion(each.day, name, each.volume, measured)
            for each in self.days
            for name, measured in each.lesions.items()
            if each.volume is not None
        )


def measure_visits(options: argparse.Namespace, report: Report) -> MeasuredVisits:
    """Return every structure of ``--lesions``, measured, with the scans of ``--visit``.

    Raises
    ------
    BrachyResponseError
        A file cannot be read, a day is given twice, or a lesion cannot be measured.
    """
    drawn, scans = _by_day("--lesions", options.lesions), _by_day("--visit", options.visit)
    days: list[MeasuredDay] = []
    notes: list[str] = []
    for number, (day, path) in enumerate(sorted(drawn.items())):
        report(number / len(drawn), f"Measuring: {day}")
        found = read_labels(path, dict(options.label))
        notes += found.notes
        days.append(_measured_day(day, found, scans.get(day)))
    _check_names(options, days)
    absent, doubts = _absences(days)
    inputs = [InputEntry(f"Lesions of {day}", path.name) for day, path in sorted(drawn.items())]
    inputs += [InputEntry(f"Scan of {day}", path.name) for day, path in sorted(scans.items())]
    return MeasuredVisits(tuple(days), absent, frozenset(options.node), tuple(inputs), tuple(notes), tuple(doubts))


def check_told(fields: Fields, options: argparse.Namespace) -> None:
    """Check that a case leaves the sizes of its visits to the images, and that each visit and scan has a segmentation.

    Raises
    ------
    InputFileError
        Both tell sizes, or a visit has no segmentation.
    """
    days = {day.isoformat() for day, _ in options.lesions}
    for day, _ in options.visit:
        if day.isoformat() not in days:
            raise InputFileError(f"--visit {day} has no --lesions of that day: give both, or leave the scan out.")
    for visit in fields.get("visits", ()) if days else ():
        day = visit.get("date")
        if visit.get("lesions"):
            raise InputFileError(f"The visit of {day} has lesions in the case and --lesions as well: give one of them.")
        if day not in days:
            raise InputFileError(f"The case has a visit of {day}, but no --lesions of that day: give them.")


def fill_in(fields: Fields, measured: MeasuredVisits) -> Fields:
    """Return a case with the lesions that were measured; what its visits say beside them stays.

    Raises
    ------
    ResponseError
        The lesions make no case: another baseline, or none.
    """
    if not measured.days:
        return fields
    said = {str(visit.get("date")): visit for visit in fields.get("visits", ())}
    case = case_from_visits(_visits(said, measured), _frame(fields))
    visits = [
        {**_beside(visit), **_beside(said.get(visit["date"], {})), **_measured(visit)}
        for visit in as_json(case)["visits"]
    ]
    return {**fields, "visits": visits}


def _measured_day(day: date, found: Labels, scan: Path | None) -> MeasuredDay:
    lesions = {name: measure_structure(structure) for name, structure in found.structures.items()}
    return MeasuredDay(day, lesions, None if scan is None else read_image(scan).volume)


def _check_names(options: argparse.Namespace, days: Sequence[MeasuredDay]) -> None:
    for name in options.node:
        if not any(name in each.lesions for each in days):
            raise InputFileError(f"--node {name!r} is no structure of --lesions: correct the name.")


def _absences(days: Sequence[MeasuredDay]) -> tuple[frozenset[tuple[date, str]], list[str]]:
    """Return lesions of the first day that a later one has not: they are taken as gone, and that is said."""
    known = list(days[0].lesions) if days else []
    gone = [(each.day, name) for each in days[1:] for name in known if name not in each.lesions]
    said = [f"Lesion {name!r} is no structure of {day}: it is taken as absent there." for day, name in gone]
    return frozenset(gone), said


def _frame(fields: Fields) -> CaseFrame:
    options = fields.get("options") or {}
    flags = {name: bool(options[key]) for key, name in FLAGS.items() if key in options}
    measure = Measure(options["measure"]) if options.get("measure") in tuple(Measure) else Measure.TWO_D
    criteria = CriteriaName(fields["criteria"])
    return CaseFrame(str(fields["id"]), criteria, options=CaseOptions(measure=measure, **flags))


def _visits(said: Mapping[str, Any], measured: MeasuredVisits) -> list[MeasuredVisit]:
    """Return the visits in order of date; without a role the first one is the baseline."""
    roles = {day: VisitRole(visit["role"]) for day, visit in said.items() if "role" in visit}
    visits = []
    for number, each in enumerate(measured.days):
        usual = VisitRole.FOLLOW_UP if number or VisitRole.BASELINE in roles.values() else VisitRole.BASELINE
        visits.append(MeasuredVisit(each.day, roles.get(each.day.isoformat(), usual), _findings(each, measured)))
    return visits


def _findings(each: MeasuredDay, measured: MeasuredVisits) -> dict[str, LesionFinding]:
    """Return the lesions of a day, with those that are gone."""
    found = {
        name: LesionFinding(size, kind=LesionKind.NODE if name in measured.nodes else None)
        for name, size in each.lesions.items()
    }
    gone = (name for day, name in measured.absent if day == each.day)
    return found | {name: LesionFinding(state=LesionState.ABSENT) for name in gone}


def _beside(visit: Mapping[str, Any]) -> Fields:
    return {key: value for key, value in visit.items() if key not in MEASURED}


def _measured(visit: Mapping[str, Any]) -> Fields:
    return {key: visit[key] for key in MEASURED}


def _by_day(option: str, given: Sequence[tuple[date, Path]]) -> dict[date, Path]:
    found: dict[date, Path] = {}
    for day, path in given:
        if day in found:
            raise InputFileError(f"{option} is given twice for {day}: a day has one.")
        found[day] = path
    return found
