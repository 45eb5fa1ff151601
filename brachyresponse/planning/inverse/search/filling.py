"""The state of a search: which loads are laid, the dose they give, and what each place would be worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from brachyresponse.planning.inverse.search.loads import Loads
from brachyresponse.planning.inverse.search.objective import Objective, bends_of, cost_of, slope_of
from brachyresponse.types import BoolArray, Float32Array, FloatArray, IntArray

MANY_POINTS = 0.5
"""Where more than this share of the points changed, the marginals are computed anew instead of mended."""


@dataclass(frozen=True, eq=False)
class Rules:
    """What needles and seeds cost, and how many there may be.

    Parameters
    ----------
    needle_cost
        Of each needle when it is first used, (needles,); 0 for those that are there anyway.
    seed_cost
        Of one seed.
    used_needles, used_seeds
        Locked ones, which count.
    most_needles, most_seeds
        0 for any number.
    """

    needle_cost: FloatArray
    is_there: BoolArray
    seed_cost: float
    used_needles: int = 0
    used_seeds: int = 0
    most_needles: int = 0
    most_seeds: int = 0


class Filling:
    """Loads laid into the needles; kept together with the dose and the change of the cost with each place.

    As every penalty is piecewise linear, its slope changes only at points whose dose passes a level: the marginals of
    all places are mended from these few points instead of computed from all.

    Parameters
    ----------
    base
        Dose of locked seeds, percent of the prescription, (M,).
    """

    def __init__(self, objective: Objective, loads: Loads, rules: Rules, base: Float32Array) -> None:
        self.objective = objective
        self.loads = loads
        self.rules = rules
        self.base = base
        self.laid: list[int] = []
        self.dose = base.copy()
        self._blocked = np.zeros(len(loads.influence), np.int32)
        self._on_needle = np.zeros(len(rules.needle_cost), np.int32)
        self._slope = np.zeros_like(base)
        self._dose_cost: float | None = None
        self._marginals: FloatArray = np.zeros(len(loads.influence))
        self._look_again()

    @property
    def seeds(self) -> int:
        """Number of seeds laid."""
        return int(self.loads.seeds[self.laid].sum()) if self.laid else 0

    @property
    def needles(self) -> IntArray:
        """Indices of the needles with loads."""
        return np.flatnonzero(self._on_needle)

    @property
    def cost(self) -> float:
        """Cost of dose, needles and seeds."""
        if self._dose_cost is None:
            self._dose_cost = cost_of(self.penalties, self.dose)
        return self._dose_cost + self.upkeep

    @property
    def upkeep(self) -> float:
        """Cost of needles and seeds."""
        used = self._on_needle > 0
        return float(self.rules.needle_cost[used].sum()) + self.rules.seed_cost * self.seeds

    def free(self) -> BoolArray:
        """Tell which loads can be laid beside those that are, (K,)."""
        loads, rules = self.loads, self.rules
        free: BoolArray = loads.sums((self._blocked > 0).astype(np.float64)) == 0
        if rules.most_needles and rules.used_needles + len(self.needles_with_cost()) >= rules.most_needles:
            free &= ((self._on_needle > 0) | rules.is_there)[loads.needle]
        if rules.most_seeds:
            free &= loads.seeds <= rules.most_seeds - rules.used_seeds - self.seeds
        return free

    def prices_of_use(self, loads: IntArray | slice) -> FloatArray:
        """Return what needles and seeds of further loads would cost, (N,)."""
        needle = self.loads.needle[loads]
        opened = np.where(self._on_needle[needle] > 0, 0.0, self.rules.needle_cost[needle])
        prices: FloatArray = opened + self.rules.seed_cost * self.loads.seeds[loads]
        return prices

    def best_guesses(self, count: int) -> IntArray:
        """Return the free loads whose marginals promise most, at most ``count``, the most promising first."""
        value = self.loads.sums(self._marginals) * self.loads.strength_u + self.prices_of_use(slice(None))
        free = np.flatnonzero(self.free())
        if len(free) > count:
            free = free[np.argpartition(value[free], count - 1)[:count]]
        return free[np.argsort(value[free], kind="stable")]

    def costs_with(self, loads: IntArray) -> FloatArray:
        """Return the cost with each of some further loads, exactly but for volumes let off anew, (N,)."""
        bends = bends_of(self.penalties, self.dose, self.loads.doses(loads))
        straight = self.loads.sums(self._marginals)[loads] * self.loads.strength_u[loads]
        return self.cost + straight + bends + self.prices_of_use(loads)

    def within_numbers(self) -> bool:
        """Tell whether there are no more needles and seeds than may be."""
        rules = self.rules
        needles = rules.used_needles + len(self.needles_with_cost())
        seeds = rules.used_seeds + self.seeds
        too_many = (rules.most_needles and needles > rules.most_needles) or (
            rules.most_seeds and seeds > rules.most_seeds
        )
        return not too_many

    def needles_with_cost(self) -> IntArray:
        """Return the indices of the needles that are new and have loads."""
        return np.flatnonzero((self._on_needle > 0) & ~self.rules.is_there)

    def least_missed(self) -> int:
        """Return the load that is laid and whose dose is worth least, by the marginals."""
        laid = np.array(self.laid)
        worth = self.loads.sums(self._marginals)[laid] * self.loads.strength_u[laid]
        return int(laid[np.argmax(worth)])

    def add(self, *loads: int) -> None:
        """Lay loads."""
        for load in loads:
            self.laid.append(load)
            self._count(load, 1)
            self.dose += self.loads.doses(np.array([load]))[0]
        self.penalties = self.objective.at(self.dose)
        self._mend()

    def remove(self, *loads: int) -> None:
        """Take loads away; volumes that limits let off stay those of the dose before, so that putting back is free."""
        for load in loads:
            self.laid.remove(load)
            self._count(load, -1)
            self.dose -= self.loads.doses(np.array([load]))[0]
        self._mend()

    def reset(self, loads: Iterable[int]) -> None:
        """Lay these loads and no others; the dose is summed afresh, without what rounding has left in it."""
        for load in self.laid:
            self._count(load, -1)
        self.laid = list(loads)
        for load in self.laid:
            self._count(load, 1)
        total = self.base.astype(np.float64)
        if self.laid:
            total += self.loads.doses(np.array(self.laid)).sum(axis=0, dtype=np.float64)
        self.dose = total.astype(np.float32)
        self._look_again()

    def aim_at(self, objective: Objective) -> None:
        """Go on with another objective at the same points."""
        self.objective = objective
        self._look_again()

    def close(self, needle: int) -> None:
        """Keep loads off a needle."""
        self._blocked[self.loads.places_on(needle)] += 1

    def open(self, needle: int) -> None:
        """Allow loads on a closed needle again."""
        self._blocked[self.loads.places_on(needle)] -= 1

    def _count(self, load: int, step: int) -> None:
        loads = self.loads
        for place in range(loads.first[load], loads.last[load] + 1):
            self._blocked[loads.conflicts[place]] += step
        self._on_needle[loads.needle[load]] += step

    def _look_again(self) -> None:
        self._dose_cost = None
        self.penalties = self.objective.at(self.dose)
        self._slope = slope_of(self.penalties, self.dose)
        self._marginals = (self._slope @ self.loads.by_point).astype(np.float64)

    def _mend(self) -> None:
        self._dose_cost = None
        slope = slope_of(self.penalties, self.dose)
        changed = np.flatnonzero(slope != self._slope)
        if len(changed) > MANY_POINTS * len(slope):
            self._look_again()
            return
        self._marginals += (slope[changed] - self._slope[changed]) @ self.loads.by_point[changed]
        self._slope = slope
