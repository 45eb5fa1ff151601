"""Diameters that a reader measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import ResponseError
from brachyresponse.response.measurement.measurement import LesionMeasurement
from brachyresponse.response.measurement.vocabulary import MeasurementOrigin
from brachyresponse.types import AnyArray, FloatArray, frozen_array

MOST_ANGLE_OFF_DEG = 5.0
MOST_APART_MM = 0.5
"""Between the two lines, where the thickness of the slices is not known."""
NEARLY_PARALLEL = 0.1
"""Sine of the angle between two lines."""


def manual_measurement(
    longest: ArrayLike,
    perpendicular: ArrayLike | None = None,
    *,
    volume_ml: float | None = None,
    slices: int | None = None,
    slice_thickness_mm: float | None = None,
) -> LesionMeasurement:
    """Return a reader's measurement, from lines or from plain numbers.

    Parameters
    ----------
    longest, perpendicular
        A diameter in mm, or the two ends of a line, (2, 3) RAS mm.
    volume_ml, slices, slice_thickness_mm
        Where they are known.

    Raises
    ------
    ResponseError
        A diameter or volume that is not a positive number, or a line that has not two different ends.
    """
    longest_mm, longest_line = _diameter("longest", longest)
    warnings: list[str] = []
    perpendicular_mm, line = None, None
    if perpendicular is not None:
        perpendicular_mm, line = _diameter("perpendicular", perpendicular)
        if perpendicular_mm > longest_mm:
            warnings.append(
                f"The perpendicular diameter ({perpendicular_mm:.1f} mm) is longer than the longest one "
                f"({longest_mm:.1f} mm): exchange them."
            )
    if longest_line is not None and line is not None:
        warnings += _line_warnings(longest_line, line, slice_thickness_mm or 2 * MOST_APART_MM)
    if volume_ml is not None:
        _positive("volume in mL", volume_ml)
    return LesionMeasurement(
        longest_mm,
        perpendicular_mm,
        volume_ml,
        slices=slices,
        slice_thickness_mm=slice_thickness_mm,
        longest_ras_mm=longest_line,
        perpendicular_ras_mm=line,
        warnings=tuple(warnings),
        origin=MeasurementOrigin.MANUAL,
    )


def _diameter(name: str, value: ArrayLike) -> tuple[float, FloatArray | None]:
    array = np.asarray(value, float)
    if array.ndim == 0:
        return _positive(f"{name} diameter in mm", float(array)), None
    if array.shape != (2, 3) or not np.isfinite(array).all():
        raise ResponseError(
            f"The line of the {name} diameter has shape {array.shape}: "
            "give a number in mm, or two finite ends, (2, 3) RAS."
        )
    length = float(np.linalg.norm(array[1] - array[0]))
    return _positive(f"length in mm of the line of the {name} diameter", length), frozen_array(array, np.float64)


def _positive(what: str, value: float) -> float:
    if not (np.isfinite(value) and value > 0):
        raise ResponseError(f"The {what} is {value}: give a positive number, or leave it out if it was not measured.")
    return value


def _line_warnings(longest: FloatArray, perpendicular: FloatArray, slice_thickness_mm: float) -> list[str]:
    along, across = (_direction(line) for line in (longest, perpendicular))
    off_deg = float(np.degrees(np.arcsin(min(1.0, abs(float(along @ across))))))
    warnings = []
    if off_deg > MOST_ANGLE_OFF_DEG:
        warnings.append(
            f"The two diameters are {90 - off_deg:.0f} degrees to each other, {off_deg:.0f} off a right angle."
        )
    normal = np.cross(along, across)
    if np.linalg.norm(normal) < NEARLY_PARALLEL:
        return warnings  # there is no plane of both, and the angle has been told
    apart = perpendicular[0] - longest[0]
    first, second, off = np.linalg.solve(np.stack([longest[1] - longest[0], -across, normal], axis=1), apart)
    apart_mm = abs(float(off)) * float(np.linalg.norm(normal))
    if apart_mm > slice_thickness_mm / 2:
        warnings.append(f"The two diameters lie {apart_mm:.1f} mm apart: draw them in one slice.")
    length_mm = float(np.linalg.norm(perpendicular[1] - perpendicular[0]))
    if not (0 <= first <= 1 and 0 <= second <= length_mm):
        warnings.append("The two diameters do not cross: draw the second one across the first.")
    return warnings


def _direction(line: AnyArray) -> FloatArray:
    direction: FloatArray = (line[1] - line[0]) / np.linalg.norm(line[1] - line[0])
    return direction
