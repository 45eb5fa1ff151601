"""An optimised plan: the plan with what was computed of it and how it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from brachyresponse.dose import Dvh
from brachyresponse.dose.metrics import Metric
from brachyresponse.errors import PlanError
from brachyresponse.planning.evaluate import PlanEvaluation
from brachyresponse.planning.inverse.flags import Flag
from brachyresponse.planning.organ_limits import LimitResult
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.types import FloatArray


@dataclass(frozen=True, eq=False)
class TriedTracks:
    """One set of needle tracks that was tried by a short search: its direction, RAS (3,), and what it came to cost."""

    direction: FloatArray
    tracks: int
    cost: float


@dataclass(frozen=True, eq=False)
class SearchRecord:
    """How a plan was found.

    Parameters
    ----------
    costs
        After every step of the search, the greedy start first: the convergence chart.
    terms
        What each term of the objective costs in the plan, by its name, needles and seeds among them.
    tried
        The sets of tracks among which the search chose; one where there was no choice.
    random_seed
        The same number gives the same plan.
    cancelled
        Whether the search was stopped: the plan is the best until then.
    """

    costs: tuple[float, ...]
    terms: Mapping[str, float]
    tried: tuple[TriedTracks, ...]
    random_seed: int
    cancelled: bool

    @property
    def cost(self) -> float:
        """Cost of the plan: the sum over the terms."""
        return sum(self.terms.values())


@dataclass(frozen=True, eq=False)
class OptimisedPlan(ImplantPlan):
    """A plan that was searched for.

    Parameters
    ----------
    evaluation
        What was computed of it, on a grid of its own and not at the points of the search.
    search
        How it was found.
    flags
        What is noteworthy of the problem.
    """

    evaluation: PlanEvaluation = field(kw_only=True)
    search: SearchRecord = field(kw_only=True)
    flags: tuple[Flag, ...] = field(default=(), kw_only=True)

    def __eq__(self, other: object) -> bool:
        """Equal to a plan with the same needles, seeds and particulars, however that was found."""
        if not isinstance(other, ImplantPlan):
            return NotImplemented
        return self.plan == (other.plan if isinstance(other, OptimisedPlan) else other)

    __hash__ = None

    @property
    def plan(self) -> ImplantPlan:
        """The plan alone."""
        return ImplantPlan(**{item.name: getattr(self, item.name) for item in fields(ImplantPlan)})

    @property
    def metrics(self) -> Mapping[str, tuple[Metric, ...]]:
        """Metrics by structure, targets first."""
        return {**self.evaluation.metrics, **self.evaluation.organ_metrics}

    @property
    def limits(self) -> tuple[LimitResult, ...]:
        """The dose limits with what was found."""
        return self.evaluation.limits

    def dvh(self, name: str) -> Dvh:
        """Return the dose-volume histogram of a target or organ.

        Raises
        ------
        PlanError
            There is none of this structure.
        """
        dvhs = self.evaluation.dvhs
        if name not in dvhs:
            raise PlanError(f"No dose of {name!r} was computed: choose one of {', '.join(dvhs)}.")
        return dvhs[name]
