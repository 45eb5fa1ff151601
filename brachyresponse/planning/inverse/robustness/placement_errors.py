"""How far seeds may come to lie from where they were planned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import PlanError
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.types import BoolArray, Float32Array, FloatArray

MOST_SD_MM = 30.0
FARTHEST_SD = 3.0
"""Normal errors are drawn again beyond this many standard deviations: no seed lands in another organ."""


@dataclass(frozen=True)
class PlacementErrors:
    """Errors of seed placement, normal and independent but for what a needle's seeds have in common.

    Seeds were found on average 3.8 mm from their place along the needles, and 1.3 and 1.5 mm across: standard
    deviations of 4.8, 1.6 and 1.9 mm ("Quantifying I-125 placement accuracy in prostate brachytherapy using postimplant
    transrectal ultrasound images", abstract of the University of Alberta; 1,197 seeds of 15 patients, 4.9 mm in all).

    Parameters
    ----------
    sd_mm
        Sizes to be looked at: standard deviation along the needle.
    across
        Standard deviation along each of two axes across the needle, in parts of that along it.
    shared_by_needle
        Share of the variance along the needle that all its seeds have in common: it was inserted too deep or too far.
    lost_seeds
        How many seeds, drawn at random, are missing from each implant.

    Raises
    ------
    PlanError
        A number cannot be used.
    """

    sd_mm: tuple[float, ...] = (2.0, 3.0, 5.0)
    across: float = 0.5
    shared_by_needle: float = 0.5
    lost_seeds: int = 1

    def __post_init__(self) -> None:
        for size_mm in self.sd_mm:
            if not 0 <= size_mm <= MOST_SD_MM:
                raise PlanError(f"An error of seed placement is {size_mm:g} mm: give 0 to {MOST_SD_MM:g} mm.")
        if not self.sd_mm:
            raise PlanError("No error of seed placement is given: give one or more sizes in mm, as 2, 3 and 5.")
        for name in ("across", "shared_by_needle"):
            if not 0 <= getattr(self, name) <= 1:
                raise PlanError(f"Placement errors: {name} is {getattr(self, name):g}; give a share from 0 to 1.")
        if self.lost_seeds < 0:
            raise PlanError(f"Placement errors: {self.lost_seeds} seeds cannot be lost; give 0 or more.")

    @property
    def sentence(self) -> str:
        """What is assumed, in words."""
        lost = {0: "no seed is lost", 1: "one seed is lost"}.get(self.lost_seeds, f"{self.lost_seeds} seeds are lost")
        return (
            f"Seeds are moved by normal errors of the size said (sd) along their needle, "
            f"{100 * self.shared_by_needle:g} % of whose variance all seeds of a needle share, and of "
            f"{self.across:g} times that along each axis across it; in every implant {lost}."
        )


@dataclass(frozen=True, eq=False)
class DrawnErrors:
    """Errors of many implants of one plan for a standard deviation of 1 mm, so that every size moves the same seeds.

    Parameters
    ----------
    moved_mm
        How far each seed lies off, RAS, (implants, seeds, 3).
    lost
        Which seeds are missing, (implants, seeds).
    """

    moved_mm: Float32Array
    lost: BoolArray

    @property
    def count(self) -> int:
        """Number of implants."""
        return len(self.lost)


def draw_errors(plan: ImplantPlan, errors: PlacementErrors, count: int, random_seed: int) -> DrawnErrors:
    """Draw the errors of ``count`` implants of a plan; the same number draws the same ones.

    Raises
    ------
    PlanError
        As many seeds are lost as the plan has.
    """
    seeds = plan.seeds
    if errors.lost_seeds >= seeds.count:
        raise PlanError(f"Plan {plan.name!r} has {seeds.count} seeds: {errors.lost_seeds} of them cannot be lost.")
    draws = _Draws(np.random.default_rng(random_seed))
    along = _axes_of_errors(plan)
    of_needle, place = np.unique(seeds.needle, return_inverse=True)
    common = draws.normal((count, len(of_needle)))[:, place]
    own = draws.normal((count, seeds.count))
    on_needle = seeds.needle > 0  # a free seed shares with none
    shared = np.where(on_needle, errors.shared_by_needle, 0.0)
    depth = np.sqrt(shared) * common + np.sqrt(1 - shared) * own
    across = draws.normal((count, seeds.count, 3)) * errors.across
    across -= (across * along).sum(axis=-1, keepdims=True) * along
    order = draws.uniform((count, seeds.count)).argsort(axis=1).argsort(axis=1)
    moved_mm = depth[..., None] * along + across
    return DrawnErrors(moved_mm.astype(np.float32), order < errors.lost_seeds)


class _Draws:
    """Random numbers, one after the other."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator

    def uniform(self, shape: tuple[int, ...]) -> FloatArray:
        return self._generator.random(shape)

    def normal(self, shape: tuple[int, ...]) -> FloatArray:
        """Normal numbers of variance 1, none beyond ``FARTHEST_SD``."""
        values = self._generator.standard_normal(shape)
        while (far := np.abs(values) > FARTHEST_SD).any():
            values[far] = self._generator.standard_normal(int(far.sum()))
        return values


def _axes_of_errors(plan: ImplantPlan) -> FloatArray:
    """The direction of each seed's needle, or of a free seed itself, (seeds, 3)."""
    along = plan.seeds.directions.copy()
    for needle in plan.needles:
        along[plan.seeds.needle == needle.number] = needle.direction
    return along
