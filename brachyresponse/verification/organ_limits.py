"""The dose limits of organs at risk, held against plan and implant."""

from __future__ import annotations

from dataclasses import dataclass

from brachyresponse.planning import PlanEvaluation
from brachyresponse.verification.request import VerificationRequest


@dataclass(frozen=True)
class LimitComparison:
    """A dose limit of an organ: what the plan and the implant have of it.

    Parameters
    ----------
    structure, limit, unit
        The organ, the limit as written (``Cord:D2cc<=45Gy``), and the unit of what is found.
    plan, implant
        What was found; None where it is not known, and ``note`` says why.
    passed
        Whether the implant keeps it; None where that cannot be told.
    stamp
        ``carried, not verified`` where the organ was not contoured on the implant's images; else empty.
    """

    structure: str
    limit: str
    unit: str
    plan: float | None
    implant: float | None
    passed: bool | None
    stamp: str = ""
    note: str = ""


def compare_limits(
    request: VerificationRequest, plan: PlanEvaluation, implant: PlanEvaluation
) -> tuple[LimitComparison, ...]:
    """Return the limits of the implant's anatomy, one row a limit, beside what the plan had."""
    planned = {str(result.limit): result.value for result in plan.limits}
    return tuple(
        LimitComparison(
            structure=result.limit.structure,
            limit=str(result.limit),
            unit=str(result.limit.unit),
            plan=planned.get(str(result.limit)),
            implant=result.value,
            passed=result.passed,
            stamp=request.stamp(result.limit.structure),
            note=result.note,
        )
        for result in implant.limits
    )
