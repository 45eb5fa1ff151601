"""A plan that was found but misses the prescription: said, with what held it back."""

from __future__ import annotations

from collections.abc import Iterator

from brachyresponse.planning.evaluate import PlanEvaluation
from brachyresponse.planning.inverse.flags import Flag, FlagKind
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.organ_limits import LimitResult

NEARLY = 0.8
"""A limit that is used up to this share counts as holding the dose back: seeds are whole, so some of it is left."""


def flags_of_shortfall(problem: ImplantProblem, evaluation: PlanEvaluation) -> Iterator[Flag]:
    """Yield a flag for every target whose D90 is below the prescription, naming what held the plan back."""
    for name in problem.anatomy.roles.targets:
        d90_gy = evaluation.metric(name, "d90").value
        if d90_gy is not None and d90_gy < problem.prescription_gy:
            found = f"D90 of {name} is {d90_gy:.1f} Gy, below the prescription of {problem.prescription_gy:g} Gy"
            yield Flag(FlagKind.PRESCRIPTION_MISSED, name, f"{found}: {_why(problem, evaluation)}.")


def _why(problem: ImplantProblem, evaluation: PlanEvaluation) -> str:
    plan, placement = evaluation.plan, problem.placement
    reasons = []
    for what, used, most in (
        ("seeds", plan.seeds.count, placement.most_seeds),
        ("needles", len(plan.needles), placement.most_needles),
    ):
        if most and used >= most:
            reasons.append(f"no more than {most} {what} are allowed; allow more")
    held = [str(found.limit) for found in evaluation.limits if _holds_back(found)]
    if held:
        reasons.append(f"{' and '.join(held)} left no room; allow more or choose other tracks")
    return "; ".join(reasons) or "the weights prefer fewer seeds or less dose elsewhere; raise that of underdose"


def _holds_back(found: LimitResult) -> bool:
    limit = found.limit
    return found.value is not None and not limit.at_least and found.value >= NEARLY * limit.limit
