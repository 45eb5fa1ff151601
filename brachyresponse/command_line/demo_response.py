"""The response part of the demo: one course of the digital patient by its images, and the others in a list."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from brachyresponse.command_line.demo_cases import measured_case, told_case
from brachyresponse.command_line.demo_perfusion import write_volume
from brachyresponse.command_line.demo_reading import ReadVisit, read_visits, to_plan
from brachyresponse.command_line.inputs import write_labels
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.command_line.respond_dose import PlacedLesion
from brachyresponse.digital_patient import DigitalPatient
from brachyresponse.digital_patient.response import ResponseCourse, ResponseVariant, expected_of, response_course
from brachyresponse.perfusion.study import MapName, read_study_record
from brachyresponse.progress import Report, share_of
from brachyresponse.response.field import Course, irradiated_field, place_lesion, site_of_failure
from brachyresponse.response.study import PerfusionEntry
from brachyresponse.seeds import Seeds

FIRST = ResponseVariant.PROGRESSION_AT_MARGIN
CASE, TRUTH, CASES = "case.json", "truth.json", "courses.json"
RATIOS = (MapName.VP, MapName.RCBV)
"""Perfusion maps whose ratio is drawn over time."""
DOSE_PLACED = "The implant's dose lies on the baseline scan as it truly does; later scans are registered to that one."


def write_first(
    patient: DigitalPatient, seeds: Seeds, studies: Sequence[Path], folder: Path, report: Report
) -> list[str]:
    """Write the first course as a scanner and a reader would give it, and return the options of ``respond`` for it.

    Parameters
    ----------
    seeds
        That were implanted, in the plan's space.
    studies
        Folders of perfusion studies, for the ratios over time.
    folder
        For the scans, the lesions, the case and its truth.
    """
    course = response_course(FIRST, patient=patient, seeds=seeds, report=share_of(report, 0.0, 0.2))
    read = read_visits(course, share_of(report, 0.2, 0.8))
    files: list[str] = []
    with result_folder(folder) as work:
        for number, each in enumerate(read):
            report(0.8 + 0.2 * number / len(read), f"Writing the visit of {each.visit.date}")
            files += _write_visit(each, work, folder)
        _write(_first_case(course, read, studies), work / CASE)
        _write(expected_of(course), work / TRUTH)
    return [str(folder / CASE), *files, "--truth", str(folder / TRUTH)]


@dataclass(frozen=True)
class OtherCourses:
    """The other courses as cases by their ids, and the options of ``respond`` for all of them."""

    courses: Mapping[ResponseVariant, dict[str, Any]]
    arguments: Sequence[str]


def write_others(patient: DigitalPatient, folder: Path, report: Report) -> OtherCourses:
    """Write the other courses as cases, their drawn lesions measured."""
    others = [variant for variant in ResponseVariant if variant is not FIRST]
    cases = {}
    for number, variant in enumerate(others):
        part = share_of(report, number / len(others), (number + 1) / len(others))
        cases[variant] = measured_case(response_course(variant, patient=patient, report=part))
    with result_folder(folder) as work:
        _write({"cases": list(cases.values())}, work / CASES)
    return OtherCourses(cases, [str(folder / CASES)])


def _write_visit(read: ReadVisit, work: Path, folder: Path) -> Iterator[str]:
    day = read.visit.date.isoformat()
    scan, lesions = f"scan_{day}.nrrd", f"lesions_{day}.seg.nrrd"
    write_volume(read.visit.volume, work / scan)
    write_labels([list(read.lesions.values())], work / lesions)
    yield from ("--visit", f"{day}={folder / scan}", "--lesions", f"{day}={folder / lesions}")


def _first_case(course: ResponseCourse, read: Sequence[ReadVisit], studies: Sequence[Path]) -> dict[str, Any]:
    """Return the case with what a person tells; sizes are measured on the images."""
    perfusion = (PerfusionEntry.of_record(read_study_record(study)) for study in studies)
    ratios = [entry for entries in perfusion for entry in entries if entry.map in RATIOS]
    placed = [_placed(course, each, name) for each in read for name in each.new_lesions]
    said = (f"{each.day}: {each.placement.sentence}" for each in placed)
    return told_case(course, ratios, placed, (*_registrations(read), DOSE_PLACED, *said))


def _registrations(read: Sequence[ReadVisit]) -> Iterator[str]:
    said = {each.registration.residual_is for each in read if each.registration is not None}
    yield "Every scan is registered to the baseline's. " + " ".join(sorted(said))
    for each in read:
        if each.registration is None or each.match is None:
            continue
        if each.registration.residual_mm is not None:
            yield f"{each.visit.date}: residual of the registration {each.registration.residual_mm:.2f} mm."
        yield from (f"{each.visit.date}: {decision.reason}" for decision in each.match.decisions)


def _placed(course: ResponseCourse, read: ReadVisit, name: str) -> PlacedLesion:
    """Return where a new lesion lies against the dose, brought to the scan over the baseline's."""
    lesion, matrix = read.lesions[name], to_plan(course, read)
    residual_mm = read.registration.residual_mm if read.registration else None
    to_scan = np.asarray(np.linalg.inv(matrix), np.float64)
    dose = Course(course.dose, course.prescription_gy, to_scan, residual_mm=residual_mm)
    field = irradiated_field([dose], lesion.grid)
    site = site_of_failure(lesion, course.dose, course.prescription_gy, matrix)
    return PlacedLesion(read.visit.date, name, place_lesion(lesion, field), site)


def _write(content: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
