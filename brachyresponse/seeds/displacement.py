"""How far implanted seeds lie from where they were planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import SeedsError
from brachyresponse.seeds.matching import SeedMatch
from brachyresponse.seeds.seeds import Seeds
from brachyresponse.types import BoolArray, FloatArray, IntArray, frozen_array


@dataclass(frozen=True)
class DisplacementSummary:
    """Some displacements in five numbers, mm; None where there are too few (one for a mean, two for a deviation)."""

    count: int
    mean_mm: float | None
    sd_mm: float | None
    """Standard deviation of the sample, n - 1."""
    median_mm: float | None
    largest_mm: float | None
    """The value of the largest size, with its sign."""


@dataclass(frozen=True, eq=False)
class SeedDisplacements:
    """Displacement of each pair of a match, planned to implanted, in the space of the implant.

    Parameters
    ----------
    pairs
        (P, 2) indices, planned and implanted, as in the match.
    vector_mm
        (P, 3) RAS.
    along_mm
        (P,) along the needle, deeper positive. Where it is not known which end of the axis is deep, the size alone.
    is_signed
        (P,) whether ``along_mm`` has its sign.
    lateral_mm
        (P,) distance from the needle's line.
    deeper_mm
        (P,) change of the depth under the skin, deeper positive; None where no skin is known.
    """

    pairs: IntArray
    vector_mm: FloatArray
    along_mm: FloatArray
    is_signed: BoolArray
    lateral_mm: FloatArray
    deeper_mm: FloatArray | None = None

    def __post_init__(self) -> None:
        for name in ("pairs", "vector_mm", "along_mm", "is_signed", "lateral_mm", "deeper_mm"):
            values = getattr(self, name)
            if values is not None:
                object.__setattr__(self, name, frozen_array(values, np.asarray(values).dtype))

    @property
    def count(self) -> int:
        """Number of pairs."""
        return len(self.pairs)

    @property
    def total_mm(self) -> FloatArray:
        """Distance of each pair, (P,)."""
        distance: FloatArray = np.linalg.norm(self.vector_mm, axis=1)
        return distance

    def summaries(self) -> dict[str, DisplacementSummary]:
        """Return ``total``, ``along`` (pairs with a sign), ``along_size`` (all pairs), ``lateral``, and ``deeper``."""
        values = {
            "total": self.total_mm,
            "along": self.along_mm[self.is_signed],
            "along_size": np.abs(self.along_mm),
            "lateral": self.lateral_mm,
        }
        if self.deeper_mm is not None:
            values["deeper"] = self.deeper_mm
        return {name: summarise(array) for name, array in values.items()}


def summarise(values_mm: ArrayLike) -> DisplacementSummary:
    """Return count, mean, standard deviation (n - 1), median and largest of some displacements."""
    values = np.asarray(values_mm, float)
    if not values.size:
        return DisplacementSummary(0, None, None, None, None)
    return DisplacementSummary(
        count=values.size,
        mean_mm=float(values.mean()),
        sd_mm=float(values.std(ddof=1)) if values.size > 1 else None,
        median_mm=float(np.median(values)),
        largest_mm=float(values[np.argmax(np.abs(values))]),
    )


def seed_displacements(
    planned: Seeds,
    implanted: Seeds,
    match: SeedMatch,
    *,
    needle_directions: Mapping[int, ArrayLike] | None = None,
    depths_mm: tuple[ArrayLike, ArrayLike] | None = None,
) -> SeedDisplacements:
    """Return the displacement of every pair, split along and across the planned axis.

    Parameters
    ----------
    planned
        In the implant's space: carried over by a registration of the images, never by one of the seeds.
    implanted
        As found.
    match
        Of these two.
    needle_directions
        From entry to tip, in the implant's space, by the number of the needle (``planned.needle``). It tells which
        way is deeper; a seed of no needle in it is taken along its own axis, which has no sign.
    depths_mm
        Depths under the skin of the planned seeds (N,) and of the implanted ones (M,), each in its own image.

    Raises
    ------
    SeedsError
        The match is of other seeds, a direction has no length, or depths are not one a seed.
    """
    _check_match(planned, implanted, match)
    first, second = match.pairs.T
    vector = implanted.positions_mm[second] - planned.positions_mm[first]
    axes, is_signed = _axes(planned.select(first), needle_directions or {})
    along = np.einsum("px,px->p", vector, axes)
    return SeedDisplacements(
        pairs=match.pairs,
        vector_mm=vector,
        along_mm=np.where(is_signed, along, np.abs(along)),
        is_signed=is_signed,
        lateral_mm=np.linalg.norm(vector - along[:, None] * axes, axis=1),
        deeper_mm=_deeper(planned, implanted, match, depths_mm),
    )


def _axes(seeds: Seeds, needle_directions: Mapping[int, ArrayLike]) -> tuple[FloatArray, BoolArray]:
    """Unit axes (P, 3), and whether each points to where it is deep, (P,)."""
    axes, is_signed = seeds.directions.copy(), np.zeros(seeds.count, bool)
    for number, direction in needle_directions.items():
        vector = np.asarray(direction, float)
        length = np.linalg.norm(vector)
        if vector.shape != (3,) or not (np.isfinite(length) and length > 0):
            raise SeedsError(f"Needle {number} has the direction {vector}: give three finite numbers, not all zero.")
        held = seeds.needle == number
        axes[held], is_signed[held] = vector / length, True
    return axes, is_signed


def _deeper(
    planned: Seeds, implanted: Seeds, match: SeedMatch, depths_mm: tuple[ArrayLike, ArrayLike] | None
) -> FloatArray | None:
    if depths_mm is None:
        return None
    before, after = (np.asarray(depths, float) for depths in depths_mm)
    for what, depths, count in (("planned", before, planned.count), ("implanted", after, implanted.count)):
        if depths.shape != (count,):
            raise SeedsError(f"{count} {what} seeds but {depths.size} depths under the skin: give one a seed.")
    first, second = match.pairs.T
    deeper: FloatArray = after[second] - before[first]
    return deeper


def _check_match(planned: Seeds, implanted: Seeds, match: SeedMatch) -> None:
    counts = (match.count + len(match.missing), match.count + len(match.extra))
    if counts != (planned.count, implanted.count):
        raise SeedsError(
            f"The match is of {counts[0]} planned and {counts[1]} implanted seeds, but there are {planned.count} and "
            f"{implanted.count}: match them again."
        )
