"""The search for the best loads: greedy start, sweeps of exchanges, annealing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from brachyresponse.planning.inverse.search.filling import Filling
from brachyresponse.types import FloatArray, IntArray

NOTHING = -1
"""Stands for no load among the choices of a move."""
FRESH_SUM_EVERY = 100
"""Moves after which the dose is summed afresh."""
WHOLE_NEEDLES = 0.1
"""Share of the moves that empty a whole needle."""


@dataclass(frozen=True)
class Manner:
    """How loads are exchanged.

    Parameters
    ----------
    guesses
        How many loads that promise most are priced exactly.
    adding
        Share of the exchanges that only add.
    hot, cold
        Temperatures of the first and the last move, as parts of the cost before.
    """

    guesses: int
    adding: float
    hot: float
    cold: float

    @classmethod
    def of(cls, filling: Filling) -> Manner:
        """Return how the loads of a filling are best exchanged."""
        return SEEDS if filling.loads.are_single else STRANDS


SEEDS = Manner(guesses=24, adding=0.1, hot=0.02, cold=0.0004)
STRANDS = Manner(guesses=64, adding=0.3, hot=0.06, cold=0.001)
"""Marginals say less of a whole strand, which passes many levels, and exchanging one costs more."""


@dataclass
class Course:
    """How a search went.

    Parameters
    ----------
    costs
        After every move.
    best, best_cost
        The best loads so far.
    """

    costs: list[float] = field(default_factory=list)
    best: tuple[int, ...] = ()
    best_cost: float = np.inf

    def note(self, filling: Filling) -> None:
        """Write down where the search stands."""
        cost = filling.cost
        self.costs.append(cost)
        if cost < self.best_cost:
            self.best_cost, self.best = cost, tuple(filling.laid)


def fill_greedily(filling: Filling, course: Course) -> None:
    """Lay the load that lowers the cost most, again and again, until none does."""
    while True:
        guesses = filling.best_guesses(Manner.of(filling).guesses)
        if not len(guesses):
            return
        costs = filling.costs_with(guesses)
        if costs.min() >= filling.cost:
            return
        filling.add(int(guesses[np.argmin(costs)]))
        course.note(filling)


def fill_evenly(filling: Filling, course: Course, seeds: float, given: float = 0.0) -> None:
    """Lay about as many seeds as are needed, the levels of the objective growing with their number.

    Greedy filling heaps the first seeds in the middle, where each lifts most of what is still all too cold. Held
    against levels that are low at first, every seed is laid as if the others were there in proportion.

    Parameters
    ----------
    seeds
        How many are needed, about.
    given
        To how many seeds the locked ones amount.
    """
    objective = filling.objective
    while filling.seeds < seeds:
        step = float(np.mean(filling.loads.seeds[filling.laid])) if filling.laid else 1.0
        filling.aim_at(objective.scaled(min((given + filling.seeds + step) / (given + seeds), 1.0)))
        guesses = filling.best_guesses(Manner.of(filling).guesses)
        if not len(guesses):
            break
        filling.add(int(guesses[np.argmin(filling.costs_with(guesses))]))
    filling.aim_at(objective)
    course.note(filling)
    fill_greedily(filling, course)


def trim(filling: Filling) -> None:
    """Take needles with the fewest seeds away, then the seeds that are missed least, until their numbers are allowed.

    Needles that are chosen among many, and thinned out, lie better than those that were first to be opened.
    """
    rules, loads = filling.rules, filling.loads
    while not filling.within_numbers():
        new = filling.needles_with_cost()
        if rules.most_needles and rules.used_needles + len(new) > rules.most_needles:
            laid = np.array(filling.laid)
            counts = np.bincount(loads.needle[laid], weights=loads.seeds[laid], minlength=len(rules.is_there))
            gone = int(new[np.argmin(counts[new])])
            filling.remove(*[load for load in filling.laid if loads.needle[load] == gone])
        else:
            filling.remove(filling.least_missed())


def sweep(filling: Filling, course: Course) -> bool:
    """Offer every load that is laid the best other place, or none; tell whether any was taken."""
    before = filling.cost
    for load in list(filling.laid):
        filling.remove(load)
        choices, costs = _choices(filling, load)
        best = int(np.argmin(costs))
        _take(filling, choices[best])
        course.note(filling)
    fill_greedily(filling, course)
    return filling.cost < before - 1e-6


def anneal(
    filling: Filling,
    course: Course,
    moves: int,
    rng: np.random.Generator,
    on_move: Callable[[int], None] = lambda move: None,
) -> None:
    """Exchange loads at random, at falling temperature; a worse choice is taken with probability exp(-cost / T)."""
    manner, before = Manner.of(filling), filling.cost
    for move in range(moves):
        temperature = before * manner.hot * (manner.cold / manner.hot) ** (move / max(moves - 1, 1))
        if rng.random() < WHOLE_NEEDLES:
            _move_needle(filling, temperature, rng)
        else:
            _exchange(filling, temperature, rng)
        if move % FRESH_SUM_EVERY == FRESH_SUM_EVERY - 1:
            filling.reset(filling.laid)
        course.note(filling)
        on_move(move)


def _exchange(filling: Filling, temperature: float, rng: np.random.Generator) -> None:
    load = NOTHING
    if filling.laid and rng.random() >= Manner.of(filling).adding:
        load = filling.laid[int(rng.integers(len(filling.laid)))]
        filling.remove(load)
    choices, costs = _choices(filling, load)
    chances = np.exp(-(costs - costs.min()) / temperature)
    _take(filling, choices[int(rng.choice(len(choices), p=chances / chances.sum()))])


def _move_needle(filling: Filling, temperature: float, rng: np.random.Generator) -> None:
    """Empty a needle, fill up greedily without it, and keep that with the probability of its cost."""
    needles = filling.needles
    if not len(needles):
        return
    before, laid = filling.cost, tuple(filling.laid)
    needle = int(rng.choice(needles))
    gone = [load for load in laid if filling.loads.needle[load] == needle]
    filling.remove(*gone)
    filling.aim_at(filling.objective)
    filling.close(needle)
    for _ in range(len(gone) + 2):
        choices, costs = _choices(filling, NOTHING)
        best = int(np.argmin(costs))
        if choices[best] == NOTHING:
            break
        filling.add(int(choices[best]))
    filling.open(needle)
    worse = filling.cost - before
    if worse > 0 and rng.random() >= np.exp(-worse / temperature):
        filling.reset(laid)


def _choices(filling: Filling, taken: int) -> tuple[IntArray, FloatArray]:
    """The best places for one load more, with where it was, and without it; and what each costs."""
    guesses = filling.best_guesses(Manner.of(filling).guesses)
    if taken != NOTHING and taken not in guesses:
        guesses = np.append(guesses, taken)
    costs = filling.costs_with(guesses) if len(guesses) else np.empty(0)
    return np.append(guesses, NOTHING), np.append(costs, filling.cost)


def _take(filling: Filling, choice: int) -> None:
    if choice != NOTHING:
        filling.add(int(choice))
