"""Plan and implant moved onto one another by their seeds, to pair them and for nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import SeedsError
from brachyresponse.geometry.rigid import turn_deg
from brachyresponse.seeds.point_sets import checked_points
from brachyresponse.types import FloatArray, IntArray, frozen_array

FEWEST_SEEDS = 3
START_TURNS_DEG = (-10.0, 0.0, 10.0)
"""About each of the patient's axes: 27 starts, none further than 8 degrees from a turn of up to 10 about any axis."""
WIDTHS_MM = (8.0, 6.0, 4.5, 3.5, 2.5, 2.0)
"""How far a partner may lie off, from the first look to the last; the end is the scatter of seeds about a plan."""
STEPS_PER_WIDTH = 4
FINISHING_STEPS = 20
FINISHED = 5
"""How many of the starts are followed to the end."""
REACH_MM = 10.0
"""Seeds further than this from every possible partner do not pull."""


@dataclass(frozen=True, eq=False)
class PairingAlignment:
    """A rigid motion that lays the planned seeds on the implanted ones, for :func:`match_seeds` alone.

    It holds the common part of every seed's displacement, which is what a verification has to show. So it is no
    registration: it carries no target and no dose, and no displacement is measured after it. For those there is
    ``brachyresponse.verification.register``, which looks at bone, soft tissue or contours.

    Parameters
    ----------
    distance_mm
        Median distance of the pairs after the motion.
    """

    distance_mm: float
    _turn: FloatArray = field(repr=False)
    _shift_mm: FloatArray = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_turn", frozen_array(self._turn, np.float64))
        object.__setattr__(self, "_shift_mm", frozen_array(self._shift_mm, np.float64))

    def moved_for_pairing(self, planned_mm: ArrayLike) -> FloatArray:
        """Return planned centres (N, 3) where their partners are looked for."""
        moved: FloatArray = np.asarray(planned_mm, float) @ self._turn.T + self._shift_mm
        return moved

    @property
    def turn_deg(self) -> float:
        """Angle of the motion's rotation."""
        return turn_deg(self._turn)


def align_for_pairing(planned_mm: ArrayLike, implanted_mm: ArrayLike) -> PairingAlignment:
    """Return the rigid motion that lays planned on implanted seeds, to pair them where both lie apart.

    Seeds are attracted by all possible partners at once, at first from afar, then from ever nearer; the best of 27
    starts, their centres on one another, are followed to the end, one partner each, and the one that leaves the least
    is taken. Scatter, missing, extra and migrated seeds do little, since what is far from every partner does not pull.
    Made for offsets of any length and turns up to about 15 degrees. The same seeds give the same result.

    Parameters
    ----------
    planned_mm, implanted_mm
        Centres, RAS, (N, 3) and (M, 3), each in its own image's space.

    Raises
    ------
    SeedsError
        There are fewer than three seeds on one side.

    References
    ----------
    Gold et al. 1998, Pattern Recognit 31:1019 (soft assignment with annealing); Besl and McKay 1992, IEEE Trans
    Pattern Anal 14:239 (iterative closest points).
    """
    planned, implanted = checked_points("Planned seeds", planned_mm), checked_points("Implanted seeds", implanted_mm)
    for what, points in (("planned", planned), ("implanted", implanted)):
        if len(points) < FEWEST_SEEDS:
            raise SeedsError(f"{len(points)} {what} seeds cannot be aligned: at least {FEWEST_SEEDS} are needed.")
    turns, shifts = _annealed(planned, implanted, _start_turns())
    left = _left_over(_distances(planned, implanted, turns, shifts))
    ends = [_finished(planned, implanted, turns[i], shifts[i]) for i in np.argsort(left, kind="stable")[:FINISHED]]
    _, distance_mm, turn, shift = min(ends, key=lambda end: end[0])
    return PairingAlignment(distance_mm, turn, shift)


def _start_turns() -> FloatArray:
    """Rotations to start from, (S, 3, 3)."""
    from scipy.spatial.transform import Rotation

    vectors = np.deg2rad(list(product(START_TURNS_DEG, repeat=3)))
    turns: FloatArray = Rotation.from_rotvec(vectors).as_matrix()
    return turns


def _annealed(planned: FloatArray, implanted: FloatArray, turns: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Motions (S, 3, 3) and (S, 3) that start from rotations about the middle of the seeds, all partners pulling."""
    shifts = np.median(implanted, axis=0) - np.einsum("sxy,y->sx", turns, np.median(planned, axis=0))
    for width_mm in np.repeat(WIDTHS_MM, STEPS_PER_WIDTH):
        distance = _distances(planned, implanted, turns, shifts)
        near = np.exp(-0.5 * (distance / width_mm) ** 2)
        none = np.exp(-0.5 * (REACH_MM / width_mm) ** 2)
        pull = near**2 / ((near.sum(axis=1, keepdims=True) + none) * (near.sum(axis=2, keepdims=True) + none))
        turns, shifts = _fitted(planned, implanted, pull)
    return turns, shifts


def _fitted(planned: FloatArray, implanted: FloatArray, pull: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Motions (S, 3, 3) and (S, 3) of least weighted squared distance, for weights (S, N, M) (Kabsch 1976)."""
    total = pull.sum(axis=(1, 2))[:, None]
    middle_planned = np.einsum("snm,nx->sx", pull, planned) / total
    middle_implanted = np.einsum("snm,mx->sx", pull, implanted) / total
    covariance = np.einsum("nx,snm,my->sxy", planned, pull, implanted, optimize=True)
    covariance -= total[..., None] * middle_planned[:, :, None] * middle_implanted[:, None, :]
    left, _, right = np.linalg.svd(covariance)
    right[:, 2] *= np.sign(np.linalg.det(left @ right))[:, None]  # a rotation, not a mirror image
    turns = np.swapaxes(left @ right, 1, 2)
    return turns, middle_implanted - np.einsum("sxy,sy->sx", turns, middle_planned)


def _distances(planned: FloatArray, implanted: FloatArray, turns: FloatArray, shifts: FloatArray) -> FloatArray:
    """Distances (S, N, M) of every planned seed, moved, to every implanted one."""
    moved = planned @ np.swapaxes(turns, 1, 2) + shifts[:, None]
    squared = (moved**2).sum(axis=-1)[..., None] + (implanted**2).sum(axis=-1) - 2 * moved @ implanted.T
    distance: FloatArray = np.sqrt(np.maximum(squared, 0.0))
    return distance


def _left_over(distance: FloatArray) -> FloatArray:
    """How badly motions fit, (S,): the distances to the nearest seed, from either side, none above the reach."""
    clipped = np.minimum(distance, REACH_MM)
    left: FloatArray = clipped.min(axis=1).sum(axis=-1) + clipped.min(axis=2).sum(axis=-1)
    return left


def _finished(
    planned: FloatArray, implanted: FloatArray, turn: FloatArray, shift: FloatArray
) -> tuple[float, float, FloatArray, FloatArray]:
    """What is left over, the median distance of the pairs, and the motion, refined with one partner each."""
    from scipy.optimize import linear_sum_assignment

    pairs: tuple[IntArray, IntArray] | None = None
    for _ in range(FINISHING_STEPS):
        distance = _distances(planned, implanted, turn[None], shift[None])[0]
        found = linear_sum_assignment(np.minimum(distance, REACH_MM))
        if pairs is not None and np.array_equal(found[1], pairs[1]):
            break
        pairs = found
        apart = distance[pairs]
        pull = np.zeros((1, *distance.shape))
        # Tukey's weight: full for a good pair, none from the reach on.
        pull[0][pairs] = np.maximum(1 - (apart / REACH_MM) ** 2, 0.0) ** 2
        (turn,), (shift,) = _fitted(planned, implanted, pull)
    apart = np.minimum(distance[found], REACH_MM)
    unpaired = abs(len(planned) - len(implanted))
    return float(apart.sum() + unpaired * REACH_MM), float(np.median(apart)), turn, shift
