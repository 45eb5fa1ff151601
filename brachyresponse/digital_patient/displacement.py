"""The law by which the digital patient's seeds come to lie elsewhere than planned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.digital_patient.head import SKULL_INSIDE
from brachyresponse.errors import SeedsError
from brachyresponse.seeds import Seeds
from brachyresponse.types import AnyArray, FloatArray, IntArray

NEAREST_CENTRES_MM = 3.0


@dataclass(frozen=True)
class DisplacementLaw:
    """How an implant differs from its plan: made up, not fitted to patients.

    Each seed is pulled back along its needle by the same length, as the needle drags it, and strays at random along
    the needle and across it; its axis tilts. Some seeds are lost, some migrate through the brain. Later the tissue
    shrinks round the target's centre: after ``day`` days every length from there is
    1 - contraction (1 - 2^(-day / contraction_half_life_days)) of that on day 0.
    """

    pull_mm: float = 1.5
    along_sd_mm: float = 1.2
    across_sd_mm: float = 0.8
    tilt_sd_deg: float = 9.0
    missing: int = 2
    migrated: int = 1
    migration_mm: tuple[float, float] = (28.0, 38.0)
    contraction: float = 0.06
    contraction_half_life_days: float = 10.0

    def scale_on_day(self, day: float) -> float:
        """Return the factor of lengths from the target's centre, 1 on day 0."""
        return float(1 - self.contraction * (1 - 2 ** (-day / self.contraction_half_life_days)))


@dataclass(frozen=True)
class DisplacedSeeds:
    """Seeds as they lie on day 0, in the plan's frame: (N, 3) mm, (N, 3), and the plan's index of each, (N,)."""

    positions_mm: FloatArray
    directions: FloatArray
    planned_index: IntArray
    migrated: tuple[int, ...]  # of these seeds
    missing: tuple[int, ...]  # of the plan's


def displace(planned: Seeds, law: DisplacementLaw, random: np.random.Generator) -> DisplacedSeeds:
    """Return planned seeds after the law of displacement, in random order.

    Raises
    ------
    SeedsError
        The plan has fewer seeds than the law loses and lets migrate.
    """
    least = law.missing + law.migrated + 1
    if planned.count < least:
        raise SeedsError(f"The plan has {planned.count} seeds, the digital implant needs at least {least}: plan more.")
    order = random.permutation(planned.count)
    missing, index = order[: law.missing], order[law.missing :]
    outward = _outward(planned)
    positions, directions = np.empty((len(index), 3)), np.empty((len(index), 3))
    for n, seed in enumerate(index):
        axis = outward[seed]
        slope = np.tan(np.deg2rad(np.clip(random.normal(0, law.tilt_sd_deg, 2), -60, 60)))
        directions[n] = _unit(axis + slope @ _across(axis))
        start = planned.positions_mm[seed]
        if n < law.migrated:
            positions[n] = _migrated(start, planned.positions_mm, law, random)
        else:
            positions[n] = _strayed(start, axis, positions[:n], law, random)
    shuffled = random.permutation(len(index))
    return DisplacedSeeds(
        positions[shuffled],
        directions[shuffled],
        index[shuffled].astype(np.int64),
        tuple(int(n) for n in np.flatnonzero(shuffled < law.migrated)),
        tuple(sorted(int(n) for n in missing)),
    )


def _outward(planned: Seeds) -> FloatArray:
    """Axes of the seeds, turned so that each points from the middle of the head to the skin, (N, 3)."""
    from_middle = planned.positions_mm - SKULL_INSIDE.centre_mm
    sign = np.sign(np.sum(from_middle * planned.directions, axis=1))
    result: FloatArray = planned.directions * np.where(sign == 0, 1, sign)[:, None]
    return result


def _strayed(
    start_mm: FloatArray, axis: FloatArray, others_mm: FloatArray, law: DisplacementLaw, random: np.random.Generator
) -> FloatArray:
    """Return a place near the planned one that no other seed has taken."""
    for _ in range(200):
        along = law.pull_mm + random.normal(0, law.along_sd_mm)
        place: FloatArray = start_mm + along * axis + random.normal(0, law.across_sd_mm, 2) @ _across(axis)
        if np.all(np.linalg.norm(others_mm - place, axis=1) > NEAREST_CENTRES_MM):
            return place
    raise SeedsError(f"Planned seeds at {np.round(start_mm, 1)} mm lie in one another: plan them further apart.")


def _migrated(
    start_mm: FloatArray, planned_mm: FloatArray, law: DisplacementLaw, random: np.random.Generator
) -> FloatArray:
    """Return a place within the skull, far from the implant."""
    least, most = law.migration_mm
    for _ in range(2000):
        place: FloatArray = start_mm + _unit(random.normal(size=3)) * random.uniform(least, most)
        depth_mm = float(-SKULL_INSIDE.distance_mm(place[None])[0])
        if depth_mm > 6 and np.linalg.norm(planned_mm - place, axis=1).min() > 0.6 * least:
            return place
    raise SeedsError("The planned seeds fill the head: a migrated seed finds no place; plan fewer.")


def _across(axis: AnyArray) -> FloatArray:
    """Two unit vectors across an axis, (2, 3)."""
    first = _unit(np.cross(axis, np.eye(3)[np.argmin(np.abs(axis))]))
    return np.stack([first, np.cross(axis, first)])


def _unit(vector: AnyArray) -> FloatArray:
    result: FloatArray = np.asarray(vector / np.linalg.norm(vector), np.float64)
    return result
