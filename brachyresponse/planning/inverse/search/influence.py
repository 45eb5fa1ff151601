"""Dose of a seed of one U at each place, at each point that the objective looks at."""

from __future__ import annotations

import numpy as np

from brachyresponse.dose.kernel import BLOCK, MM_PER_CM, TRUE_RADIUS_MM, Kernel, KernelReader
from brachyresponse.dose.tg43 import line_rate_per_u
from brachyresponse.errors import PlanError
from brachyresponse.sources import Source, integrated_hours
from brachyresponse.types import Float32Array, FloatArray

CGY_PER_GY = 100.0
REACH_STEP_MM = 32.0
MEMORY_LIMIT_MB = 600.0
BYTES_PER_PAIR = 8
"""Of a float32 for every pair of point and place, kept by rows and by columns."""


def influence_gy_per_u(
    source: Source, positions_mm: FloatArray, directions: FloatArray, points_mm: FloatArray
) -> Float32Array:
    """Return the dose to all time of one seed of 1 U at each place, Gy, float32, (P places, M points).

    By the same table of the seed model as :func:`implant_dose`, and by the formulas themselves within 6 mm.

    Parameters
    ----------
    positions_mm, directions
        Of the places, RAS, (P, 3); directions of unit length.
    points_mm
        RAS, (M, 3).

    Raises
    ------
    PlanError
        There are so many places and points that the matrix would not fit into memory.
    """
    check_influence_memory(len(positions_mm), len(points_mm))
    influence = np.empty((len(positions_mm), len(points_mm)), np.float32)
    if not influence.size:
        return influence
    reader = KernelReader(Kernel.of(source, _reach_mm(positions_mm, points_mm)), max(BLOCK, len(points_mm)))
    for place in range(len(positions_mm)):
        influence[place] = _rates(source, reader, points_mm - positions_mm[place], directions[place])
    influence *= np.float32(integrated_hours(source.half_life_days) / CGY_PER_GY)
    return influence


def check_influence_memory(places: int, points: int) -> None:
    """Refuse a matrix beyond ``MEMORY_LIMIT_MB``.

    Raises
    ------
    PlanError
        It would be larger.
    """
    megabytes = places * points * BYTES_PER_PAIR / 1e6
    if megabytes > MEMORY_LIMIT_MB:
        raise PlanError(
            f"{places} places for seeds and {points} points of dose need {megabytes:.0f} MB, at most "
            f"{MEMORY_LIMIT_MB:.0f} MB are used: take a wider distance between needles or between seeds."
        )


def _reach_mm(positions_mm: FloatArray, points_mm: FloatArray) -> float:
    """Farthest distance that may be looked up, in whole steps."""
    both = np.concatenate([positions_mm, points_mm])
    farthest = float(np.linalg.norm(both.max(axis=0) - both.min(axis=0)))
    return REACH_STEP_MM * float(np.ceil(farthest / REACH_STEP_MM + 1e-6))


def _rates(source: Source, reader: KernelReader, offsets_mm: FloatArray, direction: FloatArray) -> Float32Array:
    """Dose rate of one seed at offsets (M, 3) from it, cGy/h/U, (M,); valid until the next call."""
    along_mm = offsets_mm @ direction
    square_mm2 = np.einsum("mx,mx->m", offsets_mm, offsets_mm)
    away_mm = np.sqrt(np.maximum(square_mm2 - along_mm**2, 0.0))
    first, second, third = reader.inputs(len(offsets_mm))
    first[:], second[:], third[:] = away_mm, 0.0, along_mm
    rates = reader.rate_per_u(first, second, third)
    near = np.flatnonzero(square_mm2 < TRUE_RADIUS_MM**2)
    rates[near] = line_rate_per_u(source, along_mm[near] / MM_PER_CM, away_mm[near] / MM_PER_CM)
    return rates
