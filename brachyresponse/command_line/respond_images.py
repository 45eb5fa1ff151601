"""Visits with images: lesions measured on their segmentations, and the scans for key images."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from brachyresponse.command_line.images import read_image
from brachyresponse.command_line.inputs import read_labels
from brachyresponse.command_line.respond_dose import (
    ONE_SPACE,
    GrownLesion,
    PlacedLesion,
    grown_lesions,
    place_new_lesions,
    read_courses,
)
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.pictures.response_pictures import MeasuredLesion
from brachyresponse.progress import Report
from brachyresponse.response.field import Course
from brachyresponse.response.measurement import LesionMeasurement, measure_structure
from brachyresponse.response.study import InputEntry, ResponseRequest, SiteEntry, measurement_entry


@dataclass(frozen=True, eq=False)
class MeasuredDay:
    """The lesions of one day by name, drawn and measured, and the scan that they were drawn on."""

    day: date
    drawn: Mapping[str, Structure]
    lesions: Mapping[str, LesionMeasurement]
    volume: Volume | None = None


@dataclass(frozen=True, eq=False)
class MeasuredVisits:
    """All that was read of images, in order of date; empty without any.

    Parameters
    ----------
    nodes
        Lesions that are lymph nodes.
    placed
        New lesions against the irradiated field.
    grown
        Lesions that have grown, against the implant's dose.
    courses
        Doses with their prescriptions, the implant's first.
    inputs, notes
        The files, and what was assumed in reading them.
    """

    days: tuple[MeasuredDay, ...] = ()
    nodes: frozenset[str] = frozenset()
    placed: tuple[PlacedLesion, ...] = ()
    grown: tuple[GrownLesion, ...] = ()
    courses: tuple[Course, ...] = ()
    inputs: tuple[InputEntry, ...] = ()
    notes: tuple[str, ...] = ()

    def added_to(self, request: ResponseRequest) -> ResponseRequest:
        """Return a request with how its lesions were measured, and where new ones lie against the dose."""
        sizes = [measurement_entry(each.day, name, size) for each in self.days for name, size in each.lesions.items()]
        sites = [SiteEntry.of(each.day, each.lesion, each.site) for each in self.placed]
        sites += [SiteEntry.of(each.day, each.lesion, each.site) for each in self.grown]
        return replace(request, measurements=(*request.measurements, *sizes), sites=(*request.sites, *sites))

    @property
    def pictured(self) -> tuple[MeasuredLesion, ...]:
        """The lesions that have a scan to be shown on."""
        return tuple(
            MeasuredLesion(each.day, name, each.volume, size)
            for each in self.days
            for name, size in each.lesions.items()
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
        found = read_labels(path, dict(options.label), may_lack=True)
        notes += found.notes
        lesions = {
            name: measure_structure(structure, plane=options.plane, holes=options.holes)
            for name, structure in found.structures.items()
        }
        volume = read_image(scans[day]).volume if day in scans else None
        if volume is not None:
            _check_covered(day, found.structures, volume)
        days.append(MeasuredDay(day, found.structures, lesions, volume))
    _check_names("--label", [name for _, name in options.label], days)
    _check_names("--node", options.node, days)
    courses = read_courses(options)
    placed, grown = place_new_lesions(courses, days), tuple(grown_lesions(courses, days))
    notes += [ONE_SPACE] if placed or grown else []
    notes += [f"{each.day}: {each.placement.sentence}" for each in placed]
    return MeasuredVisits(tuple(days), frozenset(options.node), placed, grown, courses, _inputs(options), tuple(notes))


def _inputs(options: argparse.Namespace) -> tuple[InputEntry, ...]:
    lesions = [InputEntry(f"Lesions of {day}", path.name) for day, path in sorted(options.lesions)]
    scans = [InputEntry(f"Scan of {day}", path.name) for day, path in sorted(options.visit)]
    given = zip(options.dose, options.prescription_gy, strict=True)
    return (*lesions, *scans, *(InputEntry("Dose", f"{path.name}, {gy:g} Gy") for path, gy in given))


def _check_covered(day: date, drawn: Mapping[str, Structure], volume: Volume) -> None:
    for name, lesion in drawn.items():
        centre_kji = np.argwhere(lesion.mask).mean(axis=0)
        if not volume.grid.contains(lesion.grid.to_ras(centre_kji[::-1])):
            raise InputFileError(
                f"Lesion {name!r} of {day} lies outside the scan {volume.name!r}: they are of different frames of "
                "reference, give the scan that the lesion was drawn on."
            )


def _check_names(option: str, names: Sequence[str], days: Sequence[MeasuredDay]) -> None:
    for name in names:
        if days and not any(name in each.lesions for each in days):
            raise InputFileError(f"{option} {name!r} is no structure of any --lesions: correct it, or leave it out.")


def _by_day(option: str, given: Sequence[tuple[date, Path]]) -> dict[date, Path]:
    found: dict[date, Path] = {}
    for day, path in given:
        if day in found:
            raise InputFileError(f"{option} is given twice for {day}: a day has one.")
        found[day] = path
    return found
