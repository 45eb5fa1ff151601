"""Longest and perpendicular diameter, volume and slices of a segmented lesion."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.response.measurement.chord import Chord
from brachyresponse.response.measurement.connected import enclosed
from brachyresponse.response.measurement.measurement import LesionMeasurement
from brachyresponse.response.measurement.measuring_warnings import measurement_warnings
from brachyresponse.response.measurement.outline import LEVEL
from brachyresponse.response.measurement.pairs import DiameterPair, best_pair
from brachyresponse.response.measurement.parts import count_parts, parts_of
from brachyresponse.response.measurement.stacks import SliceStack, stack_of
from brachyresponse.response.measurement.vocabulary import Holes, Plane, Rule
from brachyresponse.types import AnyArray, FloatArray, frozen_array


class Choices(TypedDict, total=False):
    """What :func:`measure_structure` leaves to the caller."""

    plane: Plane | str | ArrayLike
    holes: Holes | str
    rule: Rule | str
    slice_index: int | None
    measure_parts: bool


def measure_lesion(
    mask: AnyArray, grid: Grid, *, name: str = "Lesion", **choices: Unpack[Choices]
) -> LesionMeasurement:
    """Measure a lesion given as an array; see :func:`measure_structure` for the choices.

    Parameters
    ----------
    mask
        [k, j, i] on ``grid``; bool, or occupancy from 0 to 1.

    Raises
    ------
    ResponseError, StructureError
        As :func:`measure_structure`; the mask is empty, of another shape than the grid, or no occupancy.
    """
    return measure_structure(Structure(name, mask, grid), **choices)


def measure_structure(
    lesion: Structure,
    *,
    plane: Plane | str | ArrayLike = Plane.AXIAL,
    holes: Holes | str = Holes.EXCLUDE,
    rule: Rule | str = Rule.LONGEST,
    slice_index: int | None = None,
    measure_parts: bool = False,
) -> LesionMeasurement:
    """Measure a lesion in the slices of one plane.

    Parameters
    ----------
    plane
        Axial, sagittal, coronal, acquired, or a normal (3,) in RAS.
    holes
        Whether what the lesion encloses in a slice counts as lesion.
    rule
        Which pair of diameters stands for the lesion.
    slice_index
        The slice to measure, as numbered in the result; otherwise the one that the rule chooses.
    measure_parts
        Whether every separate part is measured as well.

    Raises
    ------
    ResponseError
        A choice that is not known, a slice without lesion, no voxel that belongs to the lesion by half, or a mask of
        noise.
    """
    holes, rule = Holes(_known("Holes", holes, Holes)), Rule(_known("Rule", rule, Rule))
    stack = _with_holes(stack_of(lesion, plane), holes)
    is_seen = np.any(stack.occupancy >= LEVEL, axis=(1, 2))
    _check_seen(lesion.name, stack, is_seen, slice_index)
    numbers = np.flatnonzero(is_seen) if slice_index is None else np.array([slice_index - stack.first_slice])
    found = best_pair(stack, numbers.tolist(), rule)
    part_count, slices = count_parts(lesion), int(np.count_nonzero(is_seen))
    measurement = LesionMeasurement(
        longest_mm=found.longest.length_mm,
        perpendicular_mm=found.perpendicular.length_mm,
        volume_ml=lesion.volume_cc if holes == Holes.EXCLUDE else stack.volume_ml,
        slice=found.number + stack.first_slice,
        slices=slices,
        slice_thickness_mm=stack.slice_thickness_mm,
        plane=_words(plane),
        longest_ras_mm=_line(stack, found.longest, found.number),
        perpendicular_ras_mm=_line(stack, found.perpendicular, found.number),
        outline_ras_mm=_outline(stack, found),
        warnings=measurement_warnings(lesion, stack, slices=slices, part_count=part_count),
        holes=holes,
        rule=rule,
        part_count=part_count,
    )
    if measure_parts and part_count > 1:
        measured = tuple(measure_structure(part, plane=plane, holes=holes, rule=rule) for part in parts_of(lesion))
        measurement = replace(measurement, parts=measured)
    return measurement


def _with_holes(stack: SliceStack, holes: Holes) -> SliceStack:
    if holes == Holes.EXCLUDE:
        return stack
    occupancy = stack.occupancy.copy()
    occupancy[enclosed(occupancy >= LEVEL)] = 1
    return replace(stack, occupancy=occupancy)


def _known(what: str, word: str, words: type[StrEnum]) -> str:
    if word not in list(words):
        raise ResponseError(f"{what} {word!r} is not known: choose {' or '.join(words)}.")
    return word


def _check_seen(name: str, stack: SliceStack, is_seen: AnyArray, slice_index: int | None) -> None:
    if not is_seen.any():
        raise ResponseError(f"No voxel belongs to {name!r} by half: draw it on a finer grid, or measure by hand.")
    seen = np.flatnonzero(is_seen) + stack.first_slice
    if slice_index is not None and slice_index not in seen:
        raise ResponseError(f"{name!r} is not in slice {slice_index}: it is seen in slices {seen[0]} to {seen[-1]}.")


def _line(stack: SliceStack, chord: Chord, number: int) -> FloatArray:
    return frozen_array(stack.to_ras(np.stack([chord.start_mm, chord.end_mm]), number), np.float64)


def _outline(stack: SliceStack, found: DiameterPair) -> tuple[FloatArray, ...]:
    points_mm = stack.to_ras(found.region.outline.points_mm, found.number)
    return tuple(frozen_array(points_mm[loop], np.float64) for loop in found.region.outline.loops)


def _words(plane: Plane | str | ArrayLike) -> str:
    if isinstance(plane, str):
        return str(plane)
    return "plane across ({:.3g}, {:.3g}, {:.3g})".format(*np.asarray(plane, float))
