"""Visits with images: lesions measured on their segmentations, and the scans for key images."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from brachyresponse.command_line.images import read_image
from brachyresponse.command_line.inputs import read_labels
from brachyresponse.command_line.respond_dose import ONE_SPACE, PlacedLesion, place_new_lesions
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.pictures.response_pictures import MeasuredLesion
from brachyresponse.progress import Report
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
        New lesions against the dose.
    inputs, notes
        The files, and what was assumed in reading them.
    """

    days: tuple[MeasuredDay, ...] = ()
    nodes: frozenset[str] = frozenset()
    placed: tuple[PlacedLesion, ...] = ()
    inputs: tuple[InputEntry, ...] = ()
    notes: tuple[str, ...] = ()

    def added_to(self, request: ResponseRequest) -> ResponseRequest:
        """Return a request with how its lesions were measured, and where new ones lie against the dose."""
        sizes = [measurement_entry(each.day, name, size) for each in self.days for name, size in each.lesions.items()]
        sites = [SiteEntry.of(each.day, each.lesion, each.site) for each in self.placed]
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
        found = read_labels(path, dict(options.label))
        notes += found.notes
        lesions = {name: measure_structure(structure) for name, structure in found.structures.items()}
        volume = read_image(scans[day]).volume if day in scans else None
        days.append(MeasuredDay(day, found.structures, lesions, volume))
    _check_nodes(options.node, days)
    placed = place_new_lesions(options, [(each.day, each.drawn) for each in days])
    notes += [ONE_SPACE, *(f"{each.day}: {each.placement.sentence}" for each in placed)] if placed else []
    return MeasuredVisits(tuple(days), frozenset(options.node), placed, _inputs(options), tuple(notes))


def _inputs(options: argparse.Namespace) -> tuple[InputEntry, ...]:
    lesions = [InputEntry(f"Lesions of {day}", path.name) for day, path in sorted(options.lesions)]
    scans = [InputEntry(f"Scan of {day}", path.name) for day, path in sorted(options.visit)]
    dose = [InputEntry("Dose", f"{options.dose.name}, {options.prescription_gy:g} Gy")] if options.dose else []
    return (*lesions, *scans, *dose)


def _check_nodes(names: Sequence[str], days: Sequence[MeasuredDay]) -> None:
    for name in names:
        if not any(name in each.lesions for each in days):
            raise InputFileError(f"--node {name!r} is no structure of --lesions: correct the name.")


def _by_day(option: str, given: Sequence[tuple[date, Path]]) -> dict[date, Path]:
    found: dict[date, Path] = {}
    for day, path in given:
        if day in found:
            raise InputFileError(f"{option} is given twice for {day}: a day has one.")
        found[day] = path
    return found
