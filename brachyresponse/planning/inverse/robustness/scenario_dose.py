"""Dose of many implants at some points: the same seeds, each time a little elsewhere, and some of them missing."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from brachyresponse.dose.frames import local_frames
from brachyresponse.dose.implant import CGY_PER_GY
from brachyresponse.dose.kernel import BLOCK, Kernel, KernelReader
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source, integrated_hours
from brachyresponse.types import BoolArray, Float32Array, FloatArray

REACH_STEP_MM = 32.0
KEPT_TABLES = 4


def scenario_dose_gy(
    source: Source, seeds: Seeds, points_mm: FloatArray, moved_mm: Float32Array, lost: BoolArray
) -> Float32Array:
    """Return the dose to all time of implants whose seeds are moved, Gy, float32, (implants, points).

    Every seed is looked up at its own place in the table of its model; seeds keep their axes. Exact to 0.5 % of a
    seed's dose beyond 2.5 mm from it.

    Parameters
    ----------
    seeds
        As planned, N of them.
    points_mm
        RAS, (M, 3).
    moved_mm
        How far each seed lies off, RAS, (implants, N, 3).
    lost
        Which seeds give no dose, (implants, N).
    """
    dose_gy = np.zeros((len(moved_mm), len(points_mm)), np.float32)
    reach_mm = _reach_mm(seeds, points_mm, moved_mm)
    frames = local_frames(seeds.directions)
    for known in (True, False):
        chosen = np.flatnonzero(seeds.axis_known == known)
        if not chosen.size:
            continue
        reader = KernelReader(_table(source, reach_mm, known), max(BLOCK, len(points_mm)))
        for index in chosen:
            at_points = (points_mm - seeds.positions_mm[index]) @ frames[index].T
            of_seed = moved_mm[:, index] @ frames[index].T
            strength_u = np.where(lost[:, index], 0.0, seeds.air_kerma_strength_u[index])
            _add_seed(dose_gy, reader, at_points, of_seed, strength_u)
    dose_gy *= np.float32(integrated_hours(source.half_life_days) / CGY_PER_GY)
    return dose_gy


def _add_seed(
    rates: Float32Array, reader: KernelReader, at_points: FloatArray, of_seed: FloatArray, strength_u: FloatArray
) -> None:
    """Add the dose rates of one seed, in its frame, to those of every implant, (implants, points)."""
    points, steps = at_points.T.astype(np.float32), of_seed.T.astype(np.float32)
    strengths = strength_u.astype(np.float32)
    at_once = max(1, reader.capacity // max(points.shape[1], 1))
    for first in range(0, len(rates), at_once):
        block = slice(first, first + at_once)
        some = rates[block]
        offsets = [flat.reshape(some.shape) for flat in reader.inputs(some.size)]
        for offset, point, step in zip(offsets, points, steps, strict=True):
            np.subtract(point, step[block, None], out=offset)
        rate = reader.rate_per_u(*(offset.reshape(-1) for offset in offsets)).reshape(some.shape)
        rate *= strengths[block, None]
        some += rate


@lru_cache(maxsize=KEPT_TABLES)
def _table(source: Source, reach_mm: float, axis_known: bool) -> Kernel:
    return Kernel.of(source, reach_mm, axis_known=axis_known, faded=False)


def _reach_mm(seeds: Seeds, points_mm: FloatArray, moved_mm: Float32Array) -> float:
    """Farthest distance that may be looked up, in whole steps."""
    both = np.concatenate([seeds.positions_mm, points_mm])
    farthest = float(np.linalg.norm(both.max(axis=0) - both.min(axis=0)))
    farthest += float(np.sqrt((moved_mm**2).sum(axis=-1).max(initial=0.0)))
    return REACH_STEP_MM * float(np.ceil(farthest / REACH_STEP_MM + 1e-6))
