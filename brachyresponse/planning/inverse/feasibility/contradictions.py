"""Limits and numbers that contradict each other, whatever the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from brachyresponse.dose.samples import sample_points
from brachyresponse.errors import PlanError
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.organ_limits import LimitUnit, OrganLimit

COVERED_PERCENT = 90.0
"""A plan reaches the prescription when D90 does."""
ROUNDING = 1e-9


@dataclass(frozen=True)
class DoseBound:
    """The least or the largest dose that the hottest share of a structure's volume may get.

    Parameters
    ----------
    text
        The constraint, for messages.
    share
        0 for the largest dose in the structure, 1 for the least.
    dose_gy
        A bound of it.
    """

    text: str
    share: float
    dose_gy: float
    is_mean: bool = False


def check_contradictions(problem: ImplantProblem) -> None:
    """Refuse limits that no dose can keep together, or numbers below what is locked.

    Raises
    ------
    PlanError
        Both constraints are named.
    """
    _check_numbers(problem)
    for name in problem.anatomy.roles.names:
        lower, upper = list(_bounds(problem, name, at_least=True)), list(_bounds(problem, name, at_least=False))
        for least, most in product(lower, upper):
            if _contradict(least, most):
                raise PlanError(
                    f"{least.text} and {most.text} contradict each other: no dose keeps both; change one of them."
                )
    for name in problem.anatomy.roles.reported_organs:
        _check_overlap(problem, name)


def _check_numbers(problem: ImplantProblem) -> None:
    placement, locked = problem.placement, problem.locked
    for what, most, held in (
        ("seeds", placement.most_seeds, locked.seeds.count),
        ("needles", placement.most_needles, len(locked.needles)),
    ):
        if most and most < held:
            raise PlanError(
                f"At most {most} {what} are allowed, but {held} are locked: allow {held} or more, or unlock some."
            )


def _bounds(problem: ImplantProblem, name: str, *, at_least: bool) -> Iterator[DoseBound]:
    if at_least and name == problem.target:
        text = f"The prescription (D90 of {name} of {problem.prescription_gy:g} Gy)"
        yield DoseBound(text, COVERED_PERCENT / 100, problem.prescription_gy)
    for limit in problem.limits:
        if limit.structure == name and limit.at_least is at_least:
            yield _bound(problem, limit)


def _bound(problem: ImplantProblem, limit: OrganLimit) -> DoseBound:
    volume_cc = problem.anatomy.structures[limit.structure].volume_cc
    metric, rx_gy = limit.metric, problem.prescription_gy
    if not metric.is_dose:  # V(dose) of a share of the volume is a dose to that share
        dose_gy = metric.amount if metric.unit is LimitUnit.GY else metric.amount / 100 * rx_gy
        share = limit.limit / volume_cc if limit.unit is LimitUnit.CC else limit.limit / 100
        return DoseBound(str(limit), share, dose_gy)
    dose_gy = limit.limit if limit.unit is LimitUnit.GY else limit.limit / 100 * rx_gy
    share = metric.amount / volume_cc if metric.unit is LimitUnit.CC else metric.amount / 100
    named = {"max": 0.0, "min": 1.0, "mean": 0.0}
    return DoseBound(str(limit), named.get(metric.quantity, share), dose_gy, metric.quantity == "mean")


def _contradict(least: DoseBound, most: DoseBound) -> bool:
    """Tell whether a lower and an upper bound of one structure exclude each other: the dose falls with the share."""
    if most.is_mean:  # a share of the volume at a dose makes a mean of at least their product
        needed_gy = least.dose_gy * (1.0 if least.is_mean else least.share)
        return needed_gy > most.dose_gy * (1 + ROUNDING)
    if least.is_mean and most.share > 0:
        return False
    less_dose, more_dose = most.dose_gy < least.dose_gy * (1 - ROUNDING), most.dose_gy > least.dose_gy * (1 + ROUNDING)
    return most.share <= least.share and (less_dose or (most.share < least.share and not more_dose))


def _check_overlap(problem: ImplantProblem, organ: str) -> None:
    """Refuse a limit of an organ that the prescription to the target breaks where the two overlap."""
    upper = [bound for bound in _bounds(problem, organ, at_least=False) if bound.dose_gy < problem.prescription_gy]
    if not upper or organ == problem.target:
        return
    positions_mm, volume_cc = sample_points(problem.anatomy.structures[problem.target])
    shared_cc = float(volume_cc[problem.anatomy.surface(organ).contains(positions_mm)].sum())
    hot_cc = shared_cc - (1 - COVERED_PERCENT / 100) * float(volume_cc.sum())
    organ_cc = problem.anatomy.structures[organ].volume_cc
    for bound in upper:
        broken = (
            hot_cc * problem.prescription_gy > bound.dose_gy * organ_cc
            if bound.is_mean
            else (hot_cc > bound.share * organ_cc + ROUNDING)
        )
        if broken:
            raise PlanError(
                f"{bound.text} contradicts the prescription of {problem.prescription_gy:g} Gy: {organ} and "
                f"{problem.target} overlap by {shared_cc:.1f} cc; draw them apart, or change the limit."
            )
