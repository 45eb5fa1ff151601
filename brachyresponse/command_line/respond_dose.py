"""Lesions against the dose: new ones by the irradiated field, new and grown ones by site, what evidence asks about."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from brachyresponse.command_line.images import read_image
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Structure
from brachyresponse.response.evidence import EvidenceRequest
from brachyresponse.response.evidence.gathering import dose_context
from brachyresponse.response.field import Course, FailureSite, FieldPlacement, irradiated_field, place_lesion
from brachyresponse.response.field import site_of_failure as site_of

if TYPE_CHECKING:
    from brachyresponse.command_line.respond_images import MeasuredDay

ONE_SPACE = "The dose is taken to lie in the space of every scan: register scans that do not share it first."
GROWN = 1.2
"""Longest diameter over the shortest one before from which on a lesion counts as grown: less is between readers."""


@dataclass(frozen=True)
class PlacedLesion:
    """Where a new lesion lies on a day."""

    day: date
    lesion: str
    placement: FieldPlacement
    site: FailureSite


@dataclass(frozen=True)
class GrownLesion:
    """The site of failure of a lesion that was there before and has grown."""

    day: date
    lesion: str
    site: FailureSite


def read_courses(options: argparse.Namespace) -> tuple[Course, ...]:
    """Return the courses of ``--dose``, the implant first; none without a dose.

    Raises
    ------
    BrachyResponseError
        A dose or a prescription is missing, or a dose cannot be used.
    """
    if len(options.dose) != len(options.prescription_gy):
        raise InputFileError(
            f"--dose and --prescription-gy belong together: {len(options.dose)} and {len(options.prescription_gy)} are "
            "given, expected one prescription for each dose, in the same order."
        )
    doses = (replace(read_image(path).volume, unit="Gy") for path in options.dose)
    return tuple(Course(dose, gy) for dose, gy in zip(doses, options.prescription_gy, strict=True))


def place_new_lesions(courses: Sequence[Course], days: Sequence[MeasuredDay]) -> tuple[PlacedLesion, ...]:
    """Return where each lesion that the first day has not lies against the field of all courses; none without any.

    Raises
    ------
    ResponseError
        The field lies outside a scan.
    """
    if not courses:
        return ()
    known = days[0].drawn
    return tuple(
        _placed(courses, each.day, name, lesion)
        for each in days[1:]
        for name, lesion in each.drawn.items()
        if name not in known
    )


def grown_lesions(courses: Sequence[Course], days: Sequence[MeasuredDay]) -> Iterator[GrownLesion]:
    """Yield the site of failure, against the first course, of each lesion of the first day that has grown since."""
    smallest_mm: dict[str, float] = {}
    for each in days:
        for name in days[0].drawn.keys() & each.drawn.keys():
            longest_mm = each.lesions[name].longest_mm
            if courses and name in smallest_mm and longest_mm >= GROWN * smallest_mm[name]:
                yield GrownLesion(each.day, name, _site(courses, each.drawn[name]))
            smallest_mm[name] = min(longest_mm, smallest_mm.get(name, longest_mm))


def with_doses(
    asked: Sequence[EvidenceRequest], courses: Sequence[Course], days: Sequence[MeasuredDay]
) -> Iterator[EvidenceRequest]:
    """Yield evidence with the dose of the first course, the implant's, at lesions that are drawn on that day."""
    drawn = {(each.day, name): lesion for each in days for name, lesion in each.drawn.items()}
    for one in asked:
        lesion = drawn.get((one.visit, one.lesion))
        if lesion is None or not courses or one.context.dose is not None:
            yield one
            continue
        dose = dose_context(lesion, courses[0].dose, courses[0].prescription_gy)
        yield replace(one, context=replace(one.context, dose=dose))


def _placed(courses: Sequence[Course], day: date, name: str, lesion: Structure) -> PlacedLesion:
    field = irradiated_field(courses, lesion.grid)
    return PlacedLesion(day, name, place_lesion(lesion, field), _site(courses, lesion))


def _site(courses: Sequence[Course], lesion: Structure) -> FailureSite:
    return site_of(lesion, courses[0].dose, courses[0].prescription_gy)
