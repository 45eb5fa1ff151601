"""The irradiated field on a follow-up scan: the union of isodoses of all courses on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Grid, Structure, sample
from brachyresponse.response.field.course import Course
from brachyresponse.response.field.isodose_surface import isodose_box, reaches_edge
from brachyresponse.types import BoolArray

FIELD_LEVEL = 0.8
"""In the first 12 weeks after radiation only what lies outside the 80 % isodose is progression without histology
(Wen et al. 2010, J Clin Oncol 28:1963, RANO)."""
POINTS_AT_ONCE = 500_000
NAME = "irradiated field"


@dataclass(frozen=True, eq=False)
class IrradiatedField:
    """What was irradiated, in the space of a follow-up scan.

    Parameters
    ----------
    structure
        [k, j, i] on the grid of the scan.
    courses
        Whose isodoses it is made of.
    level
        Share of each course's prescription.
    residual_mm
        The largest of the registrations of its courses; None where one is not known.
    sentence
        What it is made of, with the residual, and which courses on record are not part of it.
    warnings
        What a person has to look at.
    without_dose
        Courses on record that have no dose volume.
    """

    structure: Structure
    courses: tuple[Course, ...]
    level: float
    residual_mm: float | None
    sentence: str
    warnings: tuple[str, ...] = ()
    without_dose: tuple[str, ...] = ()


def irradiated_field(
    courses: Sequence[Course], grid: Grid, *, level: float = FIELD_LEVEL, without_dose: Sequence[str] = ()
) -> IrradiatedField:
    """Return the union of the isodoses of courses on the grid of a scan; a few slices at a time.

    Parameters
    ----------
    grid
        Of the follow-up scan.
    level
        Share of each course's prescription.
    without_dose
        Courses on record without a dose volume, by name: the sentence says that they are not part of it.

    Raises
    ------
    ResponseError
        There is no course with a dose, the level is not a share, a dose does not reach it, or the field lies outside
        the scan.
    """
    if not 0 < level <= 1:
        raise ResponseError(f"The isodose of the field is {level:g} of the prescription, expected a share from 0 to 1.")
    if not courses:
        missing = f"; without one: {', '.join(without_dose)}" if without_dose else ""
        raise ResponseError(f"No course on record has a dose volume{missing}: load one, or place lesions by hand.")
    inside = np.zeros(grid.shape_kji, bool)
    for course in courses:
        _mark(inside, grid, course, level)
    if not inside.any():
        raise ResponseError(
            f"The {100 * level:g} % isodose of {_names(courses)} lies outside the scan ({grid.describe()}): check the "
            "registration."
        )
    known = [course.residual_mm for course in courses if course.residual_mm is not None]
    residual_mm = max(known) if len(known) == len(courses) else None
    return IrradiatedField(
        structure=Structure(NAME, inside, grid),
        courses=tuple(courses),
        level=level,
        residual_mm=residual_mm,
        sentence=_sentence(courses, level, residual_mm, without_dose),
        warnings=_warnings(courses, level),
        without_dose=tuple(without_dose),
    )


def _mark(inside: BoolArray, grid: Grid, course: Course, level: float) -> None:
    """Mark the voxels of the scan at or above the isodose of one course, only near it."""
    level_gy = course.level_gy(level)
    there = course.grid_on_scan
    box = _box_on_scan(course, level_gy, grid)
    rows = inside[box]
    if not rows.size:
        return
    part = _part(grid, box)
    step = max(1, POINTS_AT_ONCE // (rows.shape[1] * rows.shape[2]))
    for first in range(0, rows.shape[0], step):
        slices = slice(first, first + step)
        rows[slices] |= sample(course.dose.values, there, part.points_mm(slices)) >= level_gy


def _box_on_scan(course: Course, level_gy: float, grid: Grid) -> tuple[slice, slice, slice]:
    """Index box (k, j, i) of the scan round the isodose of a course; empty where it lies outside."""
    box = isodose_box(course.dose.values, level_gy)
    if box is None:
        return slice(0, 0), slice(0, 0), slice(0, 0)
    corners_ijk = grid.to_ijk(_part(course.grid_on_scan, box).corners_mm())
    lower = np.clip(np.floor(corners_ijk.min(axis=0)), 0, grid.size_ijk).astype(int)[::-1].tolist()
    upper = np.clip(np.ceil(corners_ijk.max(axis=0)) + 1, 0, grid.size_ijk).astype(int)[::-1].tolist()
    return slice(lower[0], upper[0]), slice(lower[1], upper[1]), slice(lower[2], upper[2])


def _part(grid: Grid, box: tuple[slice, slice, slice]) -> Grid:
    """The grid of an index box."""
    matrix = grid.ijk_to_ras.copy()
    matrix[:3, 3] = grid.to_ras([box[2].start, box[1].start, box[0].start])
    shape = tuple(part.stop - part.start for part in box)
    return replace(grid, shape_kji=shape, ijk_to_ras=matrix)


def _sentence(courses: Sequence[Course], level: float, residual_mm: float | None, without_dose: Sequence[str]) -> str:
    made_of = "union of the {0} % isodoses" if len(courses) > 1 else "{0} % isodose"
    said = f"The field is the {made_of.format(f'{100 * level:g}')} of {_names(courses)}"
    if residual_mm is None:
        said += ", brought to the scan by a registration of unknown residual."
    else:
        said += f", brought to the scan with a residual of {residual_mm:.1f} mm."
    if without_dose:
        is_are = "has" if len(without_dose) == 1 else "have"
        said += f" Not part of it, for want of a dose volume: {' and '.join(without_dose)}, which {is_are} a field too."
    return said


def _warnings(courses: Sequence[Course], level: float) -> tuple[str, ...]:
    return tuple(
        f"The {100 * level:g} % isodose of {course.name!r} reaches the edge of its dose: how far the field goes on is "
        "not known; enlarge the dose grid."
        for course in courses
        if reaches_edge(course.dose.values, course.level_gy(level))
    )


def _names(courses: Sequence[Course]) -> str:
    return " and ".join(course.name for course in courses)
