"""Distances between straight pieces: seeds, and needles."""

from __future__ import annotations

import numpy as np

from brachyresponse.planning.overlap import ROUNDING_MM, SEED_DIAMETER_MM, SEED_LENGTH_MM
from brachyresponse.seeds import Seeds
from brachyresponse.types import BoolArray, FloatArray

TINY = 1e-12


def segments_distance_mm(
    first_start: FloatArray, first_end: FloatArray, second_start: FloatArray, second_end: FloatArray
) -> FloatArray:
    """Return the least distance of pairs of straight pieces; their ends (..., 3) are broadcast against each other.

    References
    ----------
    Ericson 2005, Real-Time Collision Detection, section 5.1.9.
    """
    u, v, between = first_end - first_start, second_end - second_start, first_start - second_start
    a, e = _dot(u, u), _dot(v, v)
    b, c, f = _dot(u, v), _dot(u, between), _dot(v, between)
    across = a * e - b * b
    s = np.clip(np.where(across > TINY * a * e, (b * f - c * e) / np.maximum(across, TINY), 0.0), 0.0, 1.0)
    t = np.clip((b * s + f) / np.maximum(e, TINY), 0.0, 1.0)
    s = np.clip((b * t - c) / np.maximum(a, TINY), 0.0, 1.0)
    nearest = between + s[..., None] * u - t[..., None] * v
    distance: FloatArray = np.linalg.norm(nearest, axis=-1)
    return distance


def overlap_seeds(positions_mm: FloatArray, directions: FloatArray, seeds: Seeds) -> BoolArray:
    """Tell which places (P, 3) of a seed, with its direction, would overlap one of some seeds; (P,).

    Seeds are rods with round ends, as :func:`overlapping_seeds` has them.
    """
    if not seeds.count or not len(positions_mm):
        return np.zeros(len(positions_mm), bool)
    half_mm = (SEED_LENGTH_MM - SEED_DIAMETER_MM) / 2
    theirs = np.where(seeds.axis_known, half_mm, 0.0)[:, None] * seeds.directions
    ours = half_mm * directions[:, None]
    distance_mm = segments_distance_mm(
        positions_mm[:, None] - ours,
        positions_mm[:, None] + ours,
        seeds.positions_mm - theirs,
        seeds.positions_mm + theirs,
    )
    found: BoolArray = np.any(distance_mm < SEED_DIAMETER_MM - ROUNDING_MM, axis=1)
    return found


def _dot(first: FloatArray, second: FloatArray) -> FloatArray:
    product: FloatArray = np.einsum("...x,...x->...", first, second)
    return product
