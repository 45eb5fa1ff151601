"""What a reader makes of the digital patient's scans: lesions grown from clicks, and matched from visit to visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from brachyresponse.digital_patient.response import DigitalVisit, ResponseCourse
from brachyresponse.geometry import Structure
from brachyresponse.lesions import grow_lesion
from brachyresponse.progress import Report, share_of
from brachyresponse.response.matching import (
    LesionMatch,
    VisitLesions,
    VisitRegistration,
    known_lesions,
    match_lesions,
    register_visits,
)
from brachyresponse.types import FloatArray

KNOWN, NEW = "T", "N"


@dataclass(frozen=True, eq=False)
class ReadVisit:
    """The lesions of a visit by the names they have at all visits.

    ``registration`` brings the scan to the baseline's; with ``match`` it is None for the baseline itself.
    """

    visit: DigitalVisit
    lesions: Mapping[str, Structure]
    new_lesions: tuple[str, ...] = ()
    registration: VisitRegistration | None = None
    match: LesionMatch | None = None


def read_visits(course: ResponseCourse, report: Report) -> tuple[ReadVisit, ...]:
    """Click on every lesion, register every scan to the baseline's and match; the baseline has to be the first visit.

    The reader knows nothing of a lesion but where it enhances: its name is found by matching.

    Raises
    ------
    BrachyResponseError
        A lesion cannot be grown, or a scan not be registered.
    """
    read: list[ReadVisit] = []
    visits = course.visits
    for number, visit in enumerate(visits):
        part = share_of(report, number / len(visits), (number + 1) / len(visits))
        part(0.0, f"Lesions of {visit.date}")
        grown = grow_visit(visit)
        if not read:
            names = dict(zip(grown, (f"{KNOWN}{n}" for n in count(1)), strict=False))
            read.append(ReadVisit(visit, _named(grown, names)))
            continue
        registration = register_visits(read[0].visit.volume, visit.volume, report=share_of(part, 0.2, 1.0))
        read.append(_matched(read, visit, grown, registration))
    return tuple(read)


def grow_visit(visit: DigitalVisit) -> dict[str, Structure]:
    """Return a lesion for each click, numbered in the order of the clicks."""
    clicks = visit.clicks_mm.values()
    return {f"Lesion {n}": grow_lesion(visit.volume, click).structure for n, click in enumerate(clicks, start=1)}


def _matched(
    read: list[ReadVisit], visit: DigitalVisit, grown: dict[str, Structure], registration: VisitRegistration
) -> ReadVisit:
    before = known_lesions((VisitLesions(each.lesions), each.registration) for each in read)
    match = match_lesions(before, grown, registration)
    names, taken = match.names(), {name for each in read for name in each.lesions}
    free = (name for n in count(1) if (name := f"{NEW}{n}") not in taken)
    for decision in match.new:
        names[decision.after[0]] = next(free)
    baseline = read[0].lesions
    return ReadVisit(
        visit=visit,
        lesions=_named(grown, names),
        new_lesions=tuple(name for name in names.values() if name not in baseline),
        registration=registration,
        match=match,
    )


def _named(grown: Mapping[str, Structure], names: Mapping[str, str]) -> dict[str, Structure]:
    return {names[name]: replace(structure, name=names[name]) for name, structure in grown.items()}


def to_plan(course: ResponseCourse, read: ReadVisit) -> FloatArray:
    """Return the way from a visit's scan to the plan, (4, 4) RAS: to the baseline's, whose place there is known."""
    to_baseline = np.eye(4) if read.registration is None else read.registration.matrix
    return np.asarray(np.linalg.inv(course.baseline.plan_to_visit) @ to_baseline, np.float64)
