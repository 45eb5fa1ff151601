"""The train of a needle: its seeds and spacers in order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from brachyresponse.errors import PlanError
from brachyresponse.planning.needles import Needle
from brachyresponse.planning.plan import ImplantPlan

SHORTEST_SPACER_MM = 0.05
"""Gaps below this are no spacer: seeds lie end to end."""


@dataclass(frozen=True)
class TrainPart:
    """A seed or a spacer.

    Parameters
    ----------
    length_mm
        Along the needle.
    depth_mm
        Of its centre, from the entry.
    seed
        Number of the seed in the plan; 0 for a spacer.
    strength_u
        Of the seed; 0 for a spacer.
    """

    length_mm: float
    depth_mm: float
    seed: int = 0
    strength_u: float = 0.0

    @property
    def is_seed(self) -> bool:
        """Whether this is a seed."""
        return self.seed > 0

    def __str__(self) -> str:
        return "seed" if self.is_seed else f"{self.length_mm:.1f} mm"


def train_of(plan: ImplantPlan, needle: Needle, seed_length_mm: float) -> tuple[TrainPart, ...]:
    """Return the seeds of a needle and the spacers between them, from the tip backwards.

    The first part is the spacer that keeps the deepest seed from the tip, where there is a gap.

    Raises
    ------
    PlanError
        Two seeds overlap, or a seed reaches beyond the tip.
    """
    held = np.flatnonzero(plan.seeds.needle == needle.number)
    depth_mm = needle.depth_of(plan.seeds.positions_mm[held])
    deepest_first = np.argsort(-depth_mm, kind="stable")
    strengths_u = plan.seeds.air_kerma_strength_u
    seeds = [
        TrainPart(seed_length_mm, float(depth_mm[n]), int(held[n]) + 1, float(strengths_u[held[n]]))
        for n in deepest_first
    ]
    tip = TrainPart(0.0, needle.length_mm)
    train: list[TrainPart] = []
    for deeper, seed in pairwise([tip, *seeds]):
        train.extend(_spacer(needle, deeper, seed))
        train.append(seed)
    return tuple(train)


def describe_train(train: tuple[TrainPart, ...]) -> str:
    """Return a train in words, from the tip: ``2.0 mm, seed, 5.5 mm, seed``."""
    return ", ".join(str(part) for part in train)


def _spacer(needle: Needle, deeper: TrainPart, seed: TrainPart) -> list[TrainPart]:
    upper_mm, lower_mm = seed.depth_mm + seed.length_mm / 2, deeper.depth_mm - deeper.length_mm / 2
    gap_mm = lower_mm - upper_mm
    if gap_mm < -SHORTEST_SPACER_MM:
        what = f"overlaps seed {deeper.seed}" if deeper.is_seed else "reaches beyond the tip"
        raise PlanError(
            f"Needle {needle.label}: seed {seed.seed} {what} by {-gap_mm:.1f} mm; move it along the needle."
        )
    return [TrainPart(gap_mm, (upper_mm + lower_mm) / 2)] if gap_mm >= SHORTEST_SPACER_MM else []
