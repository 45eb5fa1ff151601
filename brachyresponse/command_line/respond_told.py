"""What a case file tells of visits whose lesions are measured on images, and how both become one case."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from brachyresponse.command_line.respond_images import MeasuredDay, MeasuredVisits
from brachyresponse.errors import InputFileError
from brachyresponse.planning.record import Record
from brachyresponse.response.case import CaseOptions, as_json
from brachyresponse.response.case.keys import FLAGS, SIZES
from brachyresponse.response.study import CaseFrame, LesionFinding, MeasuredVisit, case_from_visits, choose_targets
from brachyresponse.response.vocabulary import (
    CriteriaName,
    FieldPosition,
    LesionKind,
    LesionState,
    Measure,
    VisitRole,
)

LESIONS, NEW_LESIONS = "lesions", "new_lesions"
OF_IMAGES = (LESIONS, NEW_LESIONS, "date", "role")
"""What images tell of a visit; all else is as the case says."""
Fields = dict[str, Any]


@dataclass(frozen=True)
class ToldVisit:
    """What a case says of a visit: its role, lesions that were not drawn by their state, new ones by their fields."""

    day: date
    role: VisitRole | None = None
    states: Mapping[str, LesionState] = field(default_factory=dict)
    new: Mapping[str, Fields] = field(default_factory=dict)
    beside: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FilledIn:
    """A case with the lesions that were measured; what was taken for granted, and which lesions are summed and why."""

    fields: Fields
    doubts: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


def told_visits(fields: Fields, options: argparse.Namespace) -> dict[date, ToldVisit]:
    """Return what a case says of the visits that are measured, by their day; nothing where none are.

    Raises
    ------
    InputFileError
        Case and images both tell sizes, a visit or a scan has no segmentation, or a word is not known.
    """
    days = {day for day, _ in options.lesions}
    for day, _ in options.visit:
        if day not in days:
            raise InputFileError(f"--visit {day} has no --lesions of that day: give both, or leave the scan out.")
    record = Record(f"Case {fields.get('id') or 'without id'}", fields)
    visits = [_told_visit(visit) for visit in record.records("visits")] if days and record.has("visits") else []
    _check_days([visit.day for visit in visits], days)
    return {visit.day: visit for visit in visits}


def _check_days(told: Sequence[date], drawn: set[date]) -> None:
    """Check that each visit that is told has a segmentation, and is told once."""
    for number, day in enumerate(told):
        if day not in drawn:
            raise InputFileError(f"The case has a visit of {day}, but no --lesions of that day: give them.")
        if day in told[:number]:
            raise InputFileError(f"The case has two visits of {day}: keep one.")


def fill_in(fields: Fields, told: Mapping[date, ToldVisit], measured: MeasuredVisits) -> FilledIn:
    """Return a case with the lesions that were measured, and what has to be said of them.

    Raises
    ------
    InputFileError
        The criteria are not known.
    ResponseError
        The lesions make no case: another baseline, or none.
    """
    if not measured.days:
        return FilledIn(fields)
    first, *later = measured.days
    doubts = tuple(
        f"Lesion {name!r} is no structure of {each.day}: it is taken as absent there."
        for each in later
        for name in first.lesions
        if name not in each.lesions and name not in told.get(each.day, ToldVisit(each.day)).states
    )
    found, frame = _visits(told, measured), _frame(fields)
    case = case_from_visits(found, frame)
    baseline = next(visit for visit in found if visit.role is VisitRole.BASELINE)
    chosen = choose_targets(baseline, frame.criteria, frame.options)
    visits = [_filled(visit, told.get(date.fromisoformat(visit["date"]))) for visit in as_json(case)["visits"]]
    return FilledIn({**fields, "visits": visits}, doubts, chosen.sentences)


def _told_visit(visit: Record) -> ToldVisit:
    states = {}
    for lesion in visit.records(LESIONS) if visit.has(LESIONS) else ():
        if any(lesion.has(size) for size in (*SIZES, "parts")):
            raise InputFileError(f"{lesion.where} has a size in the case, and --lesions as well: give one of them.")
        states[lesion.text("id")] = lesion.choice("state", LesionState)
    new = (
        {lesion.text("id"): dict(lesion.fields) for lesion in visit.records(NEW_LESIONS)}
        if visit.has(NEW_LESIONS)
        else {}
    )
    role = visit.choice("role", VisitRole) if visit.has("role") else None
    beside = {key: value for key, value in visit.fields.items() if key not in OF_IMAGES}
    return ToldVisit(visit.day("date"), role, states, new, beside)


def _frame(fields: Fields) -> CaseFrame:
    """Return what the choice of targets depends on; the rest of the case is checked when it is read."""
    record = Record(f"Case {fields.get('id')}", fields)
    options = record.part("options") if record.has("options") else Record("options", {})
    flags = {name: options.flag(key) for key, name in FLAGS.items() if options.has(key)}
    measure = options.choice("measure", Measure) if options.has("measure") else Measure.TWO_D
    frame = CaseOptions(measure=measure, **flags)
    return CaseFrame(record.text("id"), record.choice("criteria", CriteriaName), options=frame)


def _visits(told: Mapping[date, ToldVisit], measured: MeasuredVisits) -> list[MeasuredVisit]:
    """Return the visits in order of date; where no role is told, the first one is the baseline."""
    has_baseline = any(visit.role is VisitRole.BASELINE for visit in told.values())
    visits = []
    for number, each in enumerate(measured.days):
        said = told.get(each.day, ToldVisit(each.day))
        usual = VisitRole.FOLLOW_UP if number or has_baseline else VisitRole.BASELINE
        visits.append(MeasuredVisit(each.day, said.role or usual, _findings(each, said, measured)))
    return visits


def _findings(each: MeasuredDay, said: ToldVisit, measured: MeasuredVisits) -> dict[str, LesionFinding]:
    """Return the lesions of a day; those of the first day that were not drawn are as told, or absent."""
    places = {placed.lesion: placed.placement.position for placed in measured.placed if placed.day == each.day}
    found = {
        name: LesionFinding(
            size,
            kind=LesionKind.NODE if name in measured.nodes else None,
            field=places.get(name, FieldPosition.NOT_APPLICABLE),
        )
        for name, size in each.lesions.items()
    }
    for name in measured.days[0].lesions:
        if name not in found:
            found[name] = LesionFinding(state=said.states.get(name, LesionState.ABSENT))
    return found


def _filled(visit: Fields, said: ToldVisit | None) -> Fields:
    """Return a measured visit with what the case says of it; of a new lesion the reader's word goes first."""
    if said is None:
        return visit
    new = [{**lesion, **said.new.get(lesion["id"], {})} for lesion in visit[NEW_LESIONS]]
    drawn = {lesion["id"] for lesion in new}
    new += [lesion for name, lesion in said.new.items() if name not in drawn]
    return {**visit, **said.beside, NEW_LESIONS: new}
