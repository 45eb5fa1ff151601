"""A part of the trade-offs: what one process makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.result import OptimisedPlan
from brachyresponse.planning.inverse.search.prepared import PreparedProblem
from brachyresponse.planning.inverse.trade_off.figures import FigureReader
from brachyresponse.planning.inverse.trade_off.plans import TradeOffPlan
from brachyresponse.planning.inverse.trade_off.weight_variants import weight_variants
from brachyresponse.planning.inverse.weights import as_weights
from brachyresponse.progress import Report, ignore_progress, share_of

MOVES = 200
"""Of the search for each plan: the figures of plans differ less by more moves than by their weights."""


@dataclass(frozen=True)
class Part:
    """Which of the plans one process makes: every ``parts``-th one, beginning with number ``part``.

    Parameters
    ----------
    count, random_seed
        Of all weights, see :func:`weight_variants`.
    part, parts
        From 1.
    moves
        Of each search.
    """

    count: int
    random_seed: int = 0
    part: int = 1
    parts: int = 1
    moves: int = MOVES


def trade_off_plans(problem: ImplantProblem, part: Part, report: Report = ignore_progress) -> Iterator[TradeOffPlan]:
    """Yield the plans of one part, in the order of their numbers.

    Raises
    ------
    PlanError
        The problem cannot be solved.
    Cancelled
        By the report.
    """
    variants = weight_variants(problem, part.count, part.random_seed)
    numbers = range(part.part, part.count + 1, part.parts)
    prepared = PreparedProblem.of(problem, share_of(report, 0.0, 0.1))
    reader = FigureReader(problem)
    for done, number in enumerate(numbers):
        report(0.1 + 0.9 * done / len(numbers), f"Plan {done + 1} of {len(numbers)}")
        weights = variants[number - 1]
        (needles, seeds), cost = prepared.solve(weights, part.moves)
        if seeds.count:  # weights that make every seed too dear give no plan
            yield TradeOffPlan(number, weights, cost, reader.read(seeds), needles, seeds)


def as_trade_off(problem: ImplantProblem, plan: OptimisedPlan) -> TradeOffPlan:
    """Return a plan of the problem's own weights with its figures, to be shown beside others; its number is 0."""
    figures = FigureReader(problem).read(plan.seeds)
    return TradeOffPlan(0, as_weights(problem.weights), plan.search.cost, figures, plan.needles, plan.seeds)
