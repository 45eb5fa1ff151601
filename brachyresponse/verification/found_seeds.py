"""The seeds found on the implant's images, however they came, and the strengths they are taken to have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brachyresponse.planning import ImplantPlan
from brachyresponse.seeds import DetectedSeeds, Origin, SeedMatch, Seeds
from brachyresponse.seeds.detection.detected import LEAST_AXIS_CONFIDENCE
from brachyresponse.types import BoolArray, FloatArray, IntArray

LISTED = 8


@dataclass(frozen=True, eq=False)
class FoundSeeds:
    """N found seeds: what the dose and the tables need to know of each.

    Parameters
    ----------
    positions_mm, directions
        RAS, (N, 3) each.
    axis_known
        (N,) whether the axis is sure enough to be used for the dose.
    has_axis
        (N,) whether ``directions`` holds a measured axis at all, sure or not.
    confidence, axis_confidence
        (N,) 0 to 1; None where the seeds came without.
    origins
        How each came into the list.
    """

    positions_mm: FloatArray
    directions: FloatArray
    axis_known: BoolArray
    has_axis: BoolArray
    confidence: FloatArray | None
    axis_confidence: FloatArray | None
    origins: tuple[Origin, ...]

    @classmethod
    def of(cls, found: DetectedSeeds | Seeds, *, least_axis_confidence: float = LEAST_AXIS_CONFIDENCE) -> FoundSeeds:
        """Return detected seeds, whose axes count from a confidence on, or seeds that say it themselves."""
        if isinstance(found, Seeds):
            known, origins = found.axis_known, (Origin.MANUAL,) * found.count
            return cls(found.positions_mm, found.directions, known, known, None, None, origins)
        return cls(
            found.positions_mm,
            found.directions,
            np.asarray(found.axis_confidence) >= least_axis_confidence,
            np.ones(found.count, bool),
            found.confidence,
            found.axis_confidence,
            tuple(found.origins),
        )

    @property
    def count(self) -> int:
        """Number of seeds."""
        return len(self.positions_mm)

    def seeds(self, strengths_u: FloatArray) -> Seeds:
        """Return the seeds of these strengths at implantation, U, (N,)."""
        return Seeds(self.positions_mm, self.directions, strengths_u, self.axis_known)


@dataclass(frozen=True, eq=False)
class TakenStrengths:
    """Air-kerma strength of each found seed at implantation, U, (N,), and the sentence that says whence."""

    strengths_u: FloatArray
    sentence: str


def take_strengths(plan: ImplantPlan, match: SeedMatch, found_count: int, decay: float = 1.0) -> TakenStrengths:
    """Return the strengths that found seeds are taken to have: that of the planned partner.

    Where all planned seeds are alike, every found one is; in a plan of several strengths a seed without a partner is
    taken to have that of most planned seeds (of two equally frequent ones the weaker), and the sentence names it.

    Parameters
    ----------
    decay
        Strength on the day of the implant per strength on the plan's day.
    """
    planned_u = plan.seeds.air_kerma_strength_u
    strengths, counts = np.unique(np.round(planned_u, 9), return_counts=True)
    common_u = float(strengths[np.argmax(counts)])
    taken_u = np.full(found_count, common_u)
    taken_u[match.pairs[:, 1]] = planned_u[match.pairs[:, 0]]
    aged = "" if decay == 1 else f", decayed by {decay:.4f} from {plan.implant_date} to the day of the implant"
    if len(strengths) == 1:
        sentence = f"Every seed has the plan's strength, {common_u:.4g} U{aged}."
    else:
        sentence = (
            f"The plan has {len(strengths)} strengths, {strengths[0]:.4g} to {strengths[-1]:.4g} U: a found seed has "
            f"that of its planned partner{aged}{_without_partner(match, common_u * decay)}."
        )
    return TakenStrengths(taken_u * decay, sentence)


def _without_partner(match: SeedMatch, strength_u: float) -> str:
    if not len(match.extra):
        return ""
    have, are = ("have", "are") if len(match.extra) > 1 else ("has", "is")
    seeds = "seeds" if len(match.extra) > 1 else "seed"
    return (
        f"; found {seeds} {listed_seeds(match.extra)} {have} none and {are} taken to have {strength_u:.4g} U, as most"
    )


def listed_seeds(indices: Sequence[int] | IntArray) -> str:
    """Return the numbers of seeds, counted from 1, the first few of many: ``3, 9, 12 and 4 more``."""
    numbers = ", ".join(str(index + 1) for index in indices[:LISTED])
    return f"{numbers} and {len(indices) - LISTED} more" if len(indices) > LISTED else numbers
