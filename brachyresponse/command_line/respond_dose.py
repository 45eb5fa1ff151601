"""New lesions against the implant's dose: inside or outside the irradiated field, and the site of failure."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from brachyresponse.command_line.images import read_image
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Structure
from brachyresponse.response.field import Course, FailureSite, FieldPlacement, irradiated_field, place_lesion
from brachyresponse.response.field import site_of_failure as site_of

ONE_SPACE = "The dose is taken to lie in the space of every scan: register scans that do not share it first."


@dataclass(frozen=True)
class PlacedLesion:
    """Where a new lesion lies on a day."""

    day: date
    lesion: str
    placement: FieldPlacement
    site: FailureSite


def place_new_lesions(
    options: argparse.Namespace, structures: Sequence[tuple[date, Mapping[str, Structure]]]
) -> tuple[PlacedLesion, ...]:
    """Return where each lesion that the first day has not lies against ``--dose``; none without a dose.

    Raises
    ------
    BrachyResponseError
        Dose or prescription is missing, or the dose cannot be used.
    """
    if (options.dose is None) != (options.prescription_gy is None):
        raise InputFileError("--dose and --prescription-gy belong together: give both.")
    if options.dose is None or not structures:
        return ()
    dose = replace(read_image(options.dose).volume, unit="Gy")
    course = Course(dose, options.prescription_gy)
    known = structures[0][1]
    placed = []
    for day, lesions in structures[1:]:
        for name in (name for name in lesions if name not in known):
            field = irradiated_field([course], lesions[name].grid)
            site = site_of(lesions[name], dose, options.prescription_gy)
            placed.append(PlacedLesion(day, name, place_lesion(lesions[name], field), site))
    return tuple(placed)
