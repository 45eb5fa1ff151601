"""Longest and perpendicular diameter, volume and slices of a segmented lesion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.response.measurement.chords import Chord, LesionSlice
from brachyresponse.response.measurement.measurement import LesionMeasurement
from brachyresponse.response.measurement.measuring_warnings import measurement_warnings
from brachyresponse.response.measurement.outline import LEVEL
from brachyresponse.response.measurement.parts import parts_of
from brachyresponse.response.measurement.perpendicular import longest_perpendicular
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
        A choice that is not known, a slice without lesion, or no voxel that belongs to the lesion by half.
    """
    holes, rule = Holes(_known("Holes", holes, Holes)), Rule(_known("Rule", rule, Rule))
    stack = _with_holes(stack_of(lesion, plane), holes)
    is_seen = np.any(stack.occupancy >= LEVEL, axis=(1, 2))
    _check_seen(lesion.name, stack, is_seen, slice_index)
    numbers = np.flatnonzero(is_seen) if slice_index is None else np.array([slice_index - stack.first_slice])
    found = _best_pair(stack, numbers.tolist())
    parts, slices = parts_of(lesion), int(np.count_nonzero(is_seen))
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
        outline_ras_mm=found.outline_ras_mm(stack),
        warnings=measurement_warnings(lesion, stack, slices=slices, part_count=len(parts)),
        holes=holes,
        rule=rule,
        part_count=len(parts),
    )
    if measure_parts and len(parts) > 1:
        measured = tuple(measure_structure(part, plane=plane, holes=holes, rule=rule) for part in parts)
        measurement = replace(measurement, parts=measured)
    return measurement


@dataclass(frozen=True, eq=False)
class _Pair:
    number: int
    region: LesionSlice
    longest: Chord
    perpendicular: Chord

    @property
    def size(self) -> tuple[float, float]:
        return round(self.longest.length_mm, 6), self.perpendicular.length_mm

    def outline_ras_mm(self, stack: SliceStack) -> tuple[FloatArray, ...]:
        outline = self.region.outline
        return tuple(
            frozen_array(stack.to_ras(outline.points_mm[loop], self.number), np.float64) for loop in outline.loops
        )


def _best_pair(stack: SliceStack, numbers: list[int]) -> _Pair:
    """The pair with the longest first diameter; of equal ones that with the longer second one, then the middle one."""
    best: _Pair | None = None
    for bound_mm, number in _by_bound(stack, numbers):
        longer_than = 0.0 if best is None else best.longest.length_mm
        if bound_mm < longer_than:
            break
        region = LesionSlice(stack.occupancy[number], stack.pixel_mm)
        for longest in region.longest_chords(longer_than):
            pair = _Pair(number, region, longest, longest_perpendicular(region.outline, longest))
            if best is None or pair.size > best.size:
                best = pair
    assert best is not None
    return best


def _by_bound(stack: SliceStack, numbers: list[int]) -> Iterator[tuple[float, int]]:
    """Slices with a length that no diameter of them exceeds, the greatest first, then from the middle outwards."""
    middle = (numbers[0] + numbers[-1]) / 2
    bounds = [(_diameter_bound(stack.occupancy[number], stack.pixel_mm), number) for number in numbers]
    return iter(sorted(bounds, key=lambda item: (-round(item[0], 6), abs(item[1] - middle), item[1])))


def _diameter_bound(occupancy: AnyArray, pixel_mm: FloatArray) -> float:
    """A length that no segment between two points of the outline exceeds: from the ends of each row."""
    inside = occupancy >= LEVEL
    rows = np.flatnonzero(inside.any(axis=1))
    first = inside[rows].argmax(axis=1)
    last = inside.shape[1] - 1 - inside[rows, ::-1].argmax(axis=1)
    points = np.concatenate([np.stack([first, rows], axis=1), np.stack([last, rows], axis=1)]) * pixel_mm
    angle = np.pi * np.arange(32) / 32
    reach = points @ np.stack([np.cos(angle), np.sin(angle)])
    width = float(np.ptp(reach, axis=0).max()) / np.cos(np.pi / 64)
    return float(width + 2 * np.hypot(*pixel_mm))


def _with_holes(stack: SliceStack, holes: Holes) -> SliceStack:
    if holes == Holes.EXCLUDE:
        return stack
    from scipy.ndimage import binary_fill_holes

    occupancy = stack.occupancy.copy()
    for one in occupancy:
        inside = one >= LEVEL
        one[binary_fill_holes(inside) & ~inside] = 1
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


def _words(plane: Plane | str | ArrayLike) -> str:
    if isinstance(plane, str):
        return str(plane)
    return "plane across ({:.3g}, {:.3g}, {:.3g})".format(*np.asarray(plane, float))
