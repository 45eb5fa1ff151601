"""Planned and implanted seeds brought together one to one, and what has no partner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import SeedsError
from brachyresponse.seeds.pairing_alignment import PairingAlignment
from brachyresponse.seeds.point_sets import checked_points
from brachyresponse.types import BoolArray, FloatArray, IntArray, frozen_array

ALONG_TO_ACROSS = 2.0
"""How many times wider seeds are taken to scatter along their needle than across it, when needles are heeded.

Seeds move most along the needle track (Wang et al. 2015, J Contemp Brachyther 7:203, introduction); the figure itself
is an assumption of this software.
"""
TIE_BREAK = 1e-6
"""Weight of squared distances beside distances: of equal totals the more even one is taken."""


@dataclass(frozen=True, eq=False)
class SeedMatch:
    """Which implanted seed is which planned one.

    Parameters
    ----------
    pairs
        (P, 2) indices, planned and implanted, in the order of the plan.
    missing
        Planned seeds without a partner, indices in order.
    extra
        Implanted seeds without a partner, indices in order.
    displacement_mm
        (P,) distance of the two centres of each pair, as they were given: an alignment for pairing does not change it.
    max_distance_mm
        The limit of the pairing.
    """

    pairs: IntArray
    missing: IntArray
    extra: IntArray
    displacement_mm: FloatArray
    max_distance_mm: float

    def __post_init__(self) -> None:
        for name in ("pairs", "missing", "extra"):
            object.__setattr__(self, name, frozen_array(getattr(self, name), np.int64))
        object.__setattr__(self, "displacement_mm", frozen_array(self.displacement_mm, np.float64))

    @property
    def count(self) -> int:
        """Number of pairs."""
        return len(self.pairs)


def match_seeds(
    planned_mm: ArrayLike,
    implanted_mm: ArrayLike,
    *,
    max_distance_mm: float = 10.0,
    needle_directions: ArrayLike | None = None,
    avoid_chains: bool = False,
    alignment: PairingAlignment | None = None,
) -> SeedMatch:
    """Pair planned with implanted seeds: as many pairs as the limit allows first, then the least total distance.

    Parameters
    ----------
    planned_mm, implanted_mm
        Centres in one space, RAS, (N, 3) and (M, 3): the plan carried over by its registration.
    max_distance_mm
        No pair is further apart.
    needle_directions
        (N, 3), the direction of the needle of each planned seed (either sign), to heed needles: instead of distances,
        squared distances are added up, where a way along the needle counts half of one across it. Squares keep the
        seeds of a needle in their order: two that slid on by one place each cost less than one that passed the other.
    avoid_chains
        Leave a missing and an extra seed unpaired where all the pairs between them would have to move up by one, by
        more than the limit altogether. With missing seeds and false detections in one implant, far more seeds find
        their true partner so; without, it changes next to nothing.
    alignment
        From :func:`align_for_pairing`, where plan and implant lie apart: pairs, and the limit, are then taken from
        the aligned centres. ``displacement_mm`` still is the distance of the centres as given.

    Returns
    -------
    SeedMatch
        Where several pairings are equally good, the one with the more even distances.

    Raises
    ------
    SeedsError
        Positions are not (N, 3) and finite, the limit is not positive, or directions are not one a planned seed.

    References
    ----------
    Crouse 2016, IEEE Trans Aerosp Electron Syst 52:1679 (the assignment algorithm behind scipy's
    ``linear_sum_assignment``).
    """
    planned, implanted = checked_points("Planned seeds", planned_mm), checked_points("Implanted seeds", implanted_mm)
    if not (np.isfinite(max_distance_mm) and max_distance_mm > 0):
        raise SeedsError(f"The greatest distance of a pair is {max_distance_mm} mm: give a positive number.")
    compared = planned if alignment is None else alignment.moved_for_pairing(planned)
    offsets = implanted[None] - compared[:, None]
    distance = np.linalg.norm(offsets, axis=-1)
    cost, dearest = distance + TIE_BREAK / max_distance_mm * distance**2, max_distance_mm * (1 + TIE_BREAK)
    if needle_directions is not None:
        cost = _needle_cost(offsets, distance, _unit_rows(needle_directions, len(planned)))
        dearest = max_distance_mm**2
    pairs = cheapest_pairs(cost, distance <= max_distance_mm, cost_of_none=dearest if avoid_chains else np.inf)
    return SeedMatch(
        pairs=pairs,
        missing=np.setdiff1d(np.arange(len(planned)), pairs[:, 0]),
        extra=np.setdiff1d(np.arange(len(implanted)), pairs[:, 1]),
        displacement_mm=np.linalg.norm(implanted[pairs[:, 1]] - planned[pairs[:, 0]], axis=1),
        max_distance_mm=float(max_distance_mm),
    )


def cheapest_pairs(cost: FloatArray, allowed: BoolArray, *, cost_of_none: float = np.inf) -> IntArray:
    """Return the pairs (P, 2) of rows and columns with the least total cost, in the order of rows.

    Parameters
    ----------
    cost
        (N, M), not negative.
    allowed
        (N, M); what is not allowed is never paired.
    cost_of_none
        Of a row and a column that both stay alone. Infinite: as many pairs as possible come first.
    """
    from scipy.optimize import linear_sum_assignment

    if not allowed.any():
        return np.empty((0, 2), np.int64)
    # One row left alone more costs more than every pair together, unless its price is given.
    alone = min(cost_of_none, (min(cost.shape) + 1.0) * max(float(cost[allowed].max()), 1e-12))
    rows, columns = linear_sum_assignment(np.where(allowed, cost, alone))
    kept = allowed[rows, columns] & (cost[rows, columns] <= alone)
    return np.stack([rows[kept], columns[kept]], axis=1).astype(np.int64)


def _needle_cost(offsets: FloatArray, distance: FloatArray, directions: FloatArray) -> FloatArray:
    """Squared distances (N, M), mm2, in which a way along the needle counts less than one across it."""
    along = np.einsum("nmx,nx->nm", offsets, directions)
    cost: FloatArray = np.maximum(distance**2 - along**2, 0.0) + (along / ALONG_TO_ACROSS) ** 2
    return cost


def _unit_rows(directions: ArrayLike, count: int) -> FloatArray:
    rows = checked_points("Needle directions", directions)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    if len(rows) != count:
        raise SeedsError(f"{count} planned seeds but {len(rows)} needle directions: give one a seed.")
    if (length < 1e-9).any():
        raise SeedsError(f"Planned seed {np.argmin(length) + 1} has a needle direction without length.")
    unit: FloatArray = rows / length
    return unit
