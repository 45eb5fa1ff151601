"""Dose rate of an implant at any points, by the formulas themselves: what every faster way is held against."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.dose.tg43 import line_rate_per_u, point_rate_per_u
from brachyresponse.errors import GeometryError
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source
from brachyresponse.types import FloatArray

MM_PER_CM = 10.0
POINTS_PER_BLOCK = 50_000


def dose_rate(source: Source, seeds: Seeds, points_mm: ArrayLike) -> FloatArray:
    """Return the dose rate at implantation at points in the patient, cGy/h, (M,).

    Parameters
    ----------
    source
        Model of all seeds.
    seeds
        N seeds of any strengths and directions; those with ``axis_known`` False are computed by the 1D formalism
        with the anisotropy factor (``seeds.without_axes()`` asks for that throughout). No seeds give zero.
    points_mm
        (M, 3) RAS.

    Returns
    -------
    FloatArray
        (M,); inside a capsule the value of its nearest surface point, so always finite.

    Raises
    ------
    GeometryError
        The points are not (M, 3) finite numbers.

    References
    ----------
    Rivard et al. 2004, Med Phys 31:633 (TG-43U1), eq. 1 (2D) and eq. 11 (1D).
    """
    points = np.asarray(points_mm, np.float64)
    if points.ndim != 2 or points.shape[1] != 3:
        raise GeometryError(f"Points have shape {points.shape}, expected (M, 3): one row a point.")
    if not np.isfinite(points).all():
        raise GeometryError("The points hold NaN or infinity: give finite positions in mm.")
    rate = np.zeros(len(points))
    for start in range(0, len(points), POINTS_PER_BLOCK):
        block = slice(start, start + POINTS_PER_BLOCK)
        for index in range(seeds.count):
            rate[block] += seed_dose_rate(source, seeds, index, points[block])
    return rate


def seed_dose_rate(source: Source, seeds: Seeds, index: int, points_mm: FloatArray) -> FloatArray:
    """Return the dose rate of one seed of an implant at points (..., 3) RAS, cGy/h, (...,)."""
    offset_cm = (points_mm - seeds.positions_mm[index]) / MM_PER_CM
    strength_u = float(seeds.air_kerma_strength_u[index])
    if not seeds.axis_known[index]:
        return strength_u * point_rate_per_u(source, np.linalg.norm(offset_cm, axis=-1))
    direction = seeds.directions[index]
    along_cm = offset_cm @ direction
    away_cm = np.linalg.norm(offset_cm - along_cm[..., None] * direction, axis=-1)
    return strength_u * line_rate_per_u(source, along_cm, away_cm)
