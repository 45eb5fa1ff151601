"""Slices of one image: in which order they lie, and whether they make a volume without gaps or tilt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from brachyresponse.dicom.attributes import LPS_TO_RAS, Attributes
from brachyresponse.errors import ImageError
from brachyresponse.geometry import Grid
from brachyresponse.types import FloatArray, IntArray

SAME_POSITION_MM = 0.01
STEP_TOLERANCE = 0.02
DRIFT_MM = 0.1
"""How far a slice may lie from its place in an evenly spaced stack: rounding in files, not a missing slice."""
SAME_DIRECTION = 1e-3
SAME_SPACING_MM = 1e-3
TILT = 1e-3
"""Sine of the angle between the slices' normal and their step that a grid can neglect."""


class Stack(NamedTuple):
    """The order in which slices lie along their normal, and the grid that they make."""

    order: IntArray
    grid: Grid


@dataclass(frozen=True, eq=False)
class Plane:
    """One slice: LPS position of its first pixel, its axes, the distance of its pixels, its size."""

    origin: FloatArray
    along_row: FloatArray
    along_column: FloatArray
    spacing_row_column_mm: FloatArray
    rows_columns: tuple[int, int]

    @classmethod
    def of(cls, attributes: Attributes) -> Plane:
        """Return the plane of a slice's dataset."""
        axes = attributes.numbers("ImageOrientationPatient", 6).reshape(2, 3)
        lengths = np.linalg.norm(axes, axis=1)
        if np.abs(lengths - 1).max() > SAME_DIRECTION or abs(axes[0] @ axes[1]) > SAME_DIRECTION:
            raise ImageError(
                f"{attributes.where}: Image Orientation (Patient) is {axes.ravel()}, expected two unit vectors at "
                "right angles: the file is damaged."
            )
        spacing = attributes.numbers("PixelSpacing", 2)
        if spacing.min() <= 0:
            raise ImageError(f"{attributes.where}: Pixel Spacing is {spacing} mm, expected positive numbers.")
        return cls(
            attributes.numbers("ImagePositionPatient", 3),
            axes[0] / lengths[0],
            axes[1] / lengths[1],
            spacing,
            (attributes.whole("Rows"), attributes.whole("Columns")),
        )

    @property
    def normal(self) -> FloatArray:
        """Unit vector across the slice: the row's direction crossed with the column's."""
        normal: FloatArray = np.cross(self.along_row, self.along_column)
        return normal

    def grid(self, count: int, step_mm: float) -> Grid:
        """Return the grid, in RAS, of so many slices of which this is the first."""
        matrix = np.eye(4)
        down_mm, across_mm = self.spacing_row_column_mm  # Pixel Spacing: between rows, then between columns
        matrix[:3, 0] = self.along_row * across_mm
        matrix[:3, 1] = self.along_column * down_mm
        matrix[:3, 2] = self.normal * step_mm
        matrix[:3, 3] = self.origin
        matrix[:3] *= LPS_TO_RAS[:, None]
        return Grid((count, *self.rows_columns), matrix)


def stack_slices(name: str, planes: Sequence[Plane]) -> Stack:
    """Return the order and the grid of slices, checked to be one volume; ``name`` is the image's in errors.

    Raises
    ------
    ImageError
        One slice only, slices of different size, spacing or orientation, two at one place, a gap, uneven steps, or
        a gantry tilt.
    """
    if len(planes) < 2:
        raise ImageError(f"{name} has {len(planes)} slice, expected a volume: give all slices of the series.")
    _check_alike(name, planes)
    heights = np.array([plane.origin for plane in planes]) @ planes[0].normal
    order = np.argsort(heights, kind="stable")
    step_mm = check_even_steps(name, heights[order])
    first, last = planes[int(order[0])], planes[int(order[-1])]
    _check_tilt(name, last.origin - first.origin, first.normal)
    _check_in_line(name, np.array([planes[int(place)].origin for place in order]))
    return Stack(order, first.grid(len(planes), step_mm))


def check_even_steps(name: str, heights_mm: FloatArray) -> float:
    """Return the distance of slices, given their ascending heights (N,), checked to be even.

    Raises
    ------
    ImageError
        Two slices at one place, a gap, or uneven steps; the place is named.
    """
    steps = np.diff(heights_mm)
    expected = float(np.sort(steps)[(len(steps) - 1) // 2])  # of two that differ, the smaller: the other is a gap
    together = int(np.argmin(steps))
    if steps[together] < SAME_POSITION_MM:
        raise ImageError(
            f"{name} has two slices at {heights_mm[together]:.1f} mm: remove the copy, or give one series only."
        )
    worst = int(np.argmax(np.abs(steps - expected)))
    below, above = heights_mm[worst], heights_mm[worst + 1]
    if abs(steps[worst] - expected) > max(STEP_TOLERANCE * expected, SAME_POSITION_MM):
        raise ImageError(
            f"{name} is not evenly spaced: between {below:.1f} and {above:.1f} mm lie {steps[worst]:.4g} mm, expected "
            f"{expected:.4g} mm; {_what_is_wrong(steps[worst], expected)}."
        )
    even = np.linspace(heights_mm[0], heights_mm[-1], len(heights_mm))
    drift = float(np.abs(heights_mm - even).max())
    if drift > DRIFT_MM:
        raise ImageError(
            f"{name} is not evenly spaced: its slices lie up to {drift:.2g} mm from even steps, from {steps.min():.4g} "
            f"to {steps.max():.4g} mm apart; reconstruct it evenly."
        )
    return float(even[1] - even[0])


def _what_is_wrong(step: float, expected: float) -> str:
    missing = round(step / expected) - 1
    if missing < 1 or abs(step / expected - missing - 1) > STEP_TOLERANCE:
        return "reconstruct it with even slices"
    return f"{missing} {'slice is' if missing == 1 else 'slices are'} missing, export it again"


def _check_alike(name: str, planes: Sequence[Plane]) -> None:
    first = planes[0]
    for plane in planes[1:]:
        if plane.rows_columns != first.rows_columns:
            raise ImageError(
                f"{name} has slices of {first.rows_columns} and of {plane.rows_columns} rows and columns: "
                "give one series only."
            )
        if np.abs(plane.spacing_row_column_mm - first.spacing_row_column_mm).max() > SAME_SPACING_MM:
            raise ImageError(
                f"{name} has pixels of {first.spacing_row_column_mm} and of {plane.spacing_row_column_mm} mm: "
                "give one series only."
            )
        turned = max(
            np.abs(plane.along_row - first.along_row).max(), np.abs(plane.along_column - first.along_column).max()
        )
        if turned > SAME_DIRECTION:
            angle = np.degrees(np.arccos(np.clip(plane.normal @ first.normal, -1, 1)))
            raise ImageError(
                f"{name} has slices of different orientation (normals {angle:.1f} degrees apart): give one series only."
            )


def _check_tilt(name: str, span: FloatArray, normal: FloatArray) -> None:
    along = float(span @ normal)
    sideways = float(np.linalg.norm(span - along * normal))
    if sideways > TILT * np.linalg.norm(span):
        angle = np.degrees(np.arctan2(sideways, along))
        raise ImageError(
            f"{name} was taken with a gantry tilt of {angle:.1f} degrees: its slices are sheared against each other; "
            "reconstruct it without tilt, or resample it to upright slices."
        )


def _check_in_line(name: str, origins: FloatArray) -> None:
    """Check that no slice is shifted in its own plane; origins (N, 3) in order."""
    even = np.linspace(origins[0], origins[-1], len(origins))
    shift = np.linalg.norm(origins - even, axis=1)
    if shift.max() > DRIFT_MM + SAME_POSITION_MM:
        raise ImageError(
            f"{name}: slice {int(shift.argmax()) + 1} is shifted {shift.max():.2g} mm from the line of the others: "
            "give one series only."
        )
