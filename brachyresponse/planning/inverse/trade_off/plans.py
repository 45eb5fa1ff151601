"""Plans of one problem under other weights: their figures, and which of them no other plan beats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from brachyresponse.errors import PlanError
from brachyresponse.planning.exports import Table
from brachyresponse.planning.inverse.trade_off.figures import PlanFigures
from brachyresponse.planning.inverse.weights import ObjectiveWeights
from brachyresponse.planning.needles import Needle
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray


@dataclass(frozen=True)
class Criterion:
    """One figure by which plans are compared.

    Parameters
    ----------
    name
        As ``V100`` or ``Rectum D2cc``.
    unit
        Empty for a number of needles.
    more_is_better
        Which way is better.
    step
        Differences within this are none.
    """

    name: str
    unit: str
    more_is_better: bool
    step: float


V100 = Criterion("V100", "% of volume", True, 0.1)
V150 = Criterion("V150", "% of volume", False, 0.5)
NEEDLES = Criterion("needles", "", False, 1.0)
ORGAN_UNIT, ORGAN_STEP = "% of prescription", 0.5


@dataclass(frozen=True, eq=False)
class TradeOffPlan:
    """One of the plans.

    Parameters
    ----------
    number
        Of its weights among the variants, from 1.
    weights
        With which it was found.
    cost
        With these weights; not to be compared with other plans'.
    figures
        What it gives.
    needles, seeds
        The plan itself.
    """

    number: int
    weights: ObjectiveWeights
    cost: float
    figures: PlanFigures
    needles: tuple[Needle, ...] = field(repr=False)
    seeds: Seeds = field(repr=False)

    def value(self, criterion: Criterion) -> float:
        """Return the figure that a criterion compares."""
        if criterion == NEEDLES:
            return float(len(self.needles))
        if criterion.name in self.figures.organs:
            return self.figures.organs[criterion.name]
        return float(getattr(self.figures, criterion.name.lower()))


@dataclass(frozen=True, eq=False)
class TradeOffs:
    """Plans to choose among.

    Parameters
    ----------
    header
        A plan without needles and seeds: what all plans have in common.
    plans
        In the order of their numbers.
    wanted
        How many were asked for; there are fewer when it was cancelled.
    random_seed
        Of the weights and of every search.
    """

    header: ImplantPlan
    plans: tuple[TradeOffPlan, ...]
    wanted: int
    random_seed: int

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """What the plans are compared by: coverage, hot volume, the organs, and the number of needles."""
        organs = self.plans[0].figures.organs if self.plans else {}
        compared = (Criterion(name, ORGAN_UNIT, False, ORGAN_STEP) for name in organs)
        return (V100, V150, *compared, NEEDLES)

    @property
    def front(self) -> tuple[int, ...]:
        """Places in ``plans`` of those that no other plan beats in one criterion without losing in another."""
        values = np.array([[plan.value(criterion) for criterion in self.criteria] for plan in self.plans])
        return not_dominated(values, self.criteria) if len(values) else ()

    @property
    def is_cancelled(self) -> bool:
        """Whether plans are missing."""
        return len(self.plans) < self.wanted

    def plan(self, index: int) -> ImplantPlan:
        """Return one of the plans, counted from 0.

        Raises
        ------
        PlanError
            There is none.
        """
        if not 0 <= index < len(self.plans):
            raise PlanError(f"There is no plan {index + 1}: {len(self.plans)} plans were made.")
        chosen = self.plans[index]
        name = f"{self.header.name}, trade-off {chosen.number}"
        return replace(self.header, name=name, needles=chosen.needles, seeds=chosen.seeds)

    def as_table(self) -> Table:
        """Return one row a plan: its number, whether it is on the front, the figures, the counts and broken limits."""
        organs = list(self.plans[0].figures.organs) if self.plans else []
        front = set(self.front)
        rows = [
            (
                str(plan.number),
                "yes" if place in front else "no",
                *(f"{getattr(plan.figures, name):.1f}" for name in ("d90", "v100", "v150", "v200")),
                *(f"{plan.figures.organs[name]:.1f}" for name in organs),
                str(len(plan.needles)),
                str(plan.seeds.count),
                "; ".join(plan.figures.broken),
            )
            for place, plan in enumerate(self.plans)
        ]
        columns = ("plan", "not beaten", "D90 %", "V100 %", "V150 %", "V200 %", *(f"{name} %" for name in organs))
        return Table("Trade-offs", (*columns, "needles", "seeds", "limits not kept"), tuple(rows))


def not_dominated(values: FloatArray, criteria: Sequence[Criterion]) -> tuple[int, ...]:
    """Return which rows of values, (plans, criteria), no other row beats; of equal rows the first.

    A row beats another one that is nowhere better and somewhere worse, differences within the criteria's steps aside.
    """
    steps = np.array([criterion.step for criterion in criteria])
    signs = np.array([-1.0 if criterion.more_is_better else 1.0 for criterion in criteria])
    ranks = np.rint(values * signs / steps)  # the smaller the better
    no_worse = (ranks[:, None] <= ranks[None]).all(axis=2)
    better = (ranks[:, None] < ranks[None]).any(axis=2)
    earlier = np.arange(len(ranks))[:, None] < np.arange(len(ranks))
    beaten = (no_worse & (better | earlier)).any(axis=0)
    return tuple(int(place) for place in np.flatnonzero(~beaten))
