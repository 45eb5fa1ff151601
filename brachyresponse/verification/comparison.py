"""The metrics of plan and implant side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from brachyresponse.dose import Metric
from brachyresponse.planning import PlanEvaluation, PlanRoles
from brachyresponse.verification.request import VerificationRequest


class ComparedRole(StrEnum):
    """What a compared structure is to plan and implant."""

    GTV = "gtv"
    PTV = "ptv"
    GTV_AND_PTV = "gtv and ptv"
    """One structure that is both."""
    ORGAN = "organ"


@dataclass(frozen=True)
class MetricComparison:
    """One metric of one structure: planned, implanted, and the difference.

    Parameters
    ----------
    role, structure
        GTV, PTV or organ, and its name on the implant's images.
    id, label, unit, formula, decimals
        Of the metric, as :class:`brachyresponse.dose.Metric`.
    plan, implant
        Values; None where one is not defined or not known, and ``note`` says why.
    oedema
        The implant's, corrected by the oedema model; None without a model, or for a metric that the model does not
        speak of.
    stamp
        ``carried, not verified`` where the structure was not contoured on the implant's images; else empty.
    note
        What is to be known beside the numbers.
    """

    role: ComparedRole
    structure: str
    id: str
    label: str
    unit: str
    plan: float | None
    implant: float | None
    oedema: float | None = None
    stamp: str = ""
    note: str = ""
    formula: str = ""
    decimals: int = 2

    @property
    def difference(self) -> float | None:
        """Implant minus plan; None where one of both is not known."""
        return None if self.plan is None or self.implant is None else self.implant - self.plan

    @property
    def percent(self) -> float | None:
        """The difference in percent of the plan; None where it has no meaning."""
        difference = self.difference
        return None if difference is None or not self.plan else 100 * difference / self.plan


def compare_metrics(
    request: VerificationRequest,
    plan: PlanEvaluation,
    implant: PlanEvaluation,
    corrected: Mapping[tuple[str, str], float] | None = None,
) -> tuple[MetricComparison, ...]:
    """Return plan and implant side by side: GTV, PTV, then organs, each metric one row.

    Targets are brought together by what they are, organs by their names.

    Parameters
    ----------
    corrected
        Values of the implant with the oedema model, by structure and metric id.
    """
    rows = []
    for role, planned, implanted in _structures(request):
        before = {metric.id: metric for metric in _metrics(plan, planned)}
        after = {metric.id: metric for metric in _metrics(implant, implanted)}
        for metric_id in dict.fromkeys((*before, *after)):
            rows.append(
                _row(
                    role,
                    before.get(metric_id),
                    after.get(metric_id),
                    structure=implanted or planned,
                    oedema=(corrected or {}).get((implanted, metric_id)),
                    stamp=request.stamp(implanted),
                )
            )
    return tuple(rows)


def _structures(request: VerificationRequest) -> Iterator[tuple[ComparedRole, str, str]]:
    """Role, name on the planning images and name on the implant's; a name is empty where there is none."""
    before, after = request.plan_anatomy.roles, request.anatomy.roles
    if _is_one(before) and _is_one(after):
        yield ComparedRole.GTV_AND_PTV, before.gtv, after.gtv
    else:
        for role, planned, implanted in (
            (ComparedRole.GTV, before.gtv, after.gtv),
            (ComparedRole.PTV, before.ptv, after.ptv),
        ):
            if planned or implanted:
                yield role, planned, implanted
    for name in dict.fromkeys((*before.reported_organs, *after.reported_organs)):
        yield (
            ComparedRole.ORGAN,
            name if name in before.reported_organs else "",
            name if name in after.reported_organs else "",
        )


def _is_one(roles: PlanRoles) -> bool:
    return bool(roles.gtv) and roles.gtv == roles.ptv


def _metrics(evaluation: PlanEvaluation, name: str) -> tuple[Metric, ...]:
    if not name:
        return ()
    return evaluation.metrics.get(name) or evaluation.organ_metrics.get(name, ())


def _row(
    role: ComparedRole,
    before: Metric | None,
    after: Metric | None,
    *,
    structure: str,
    oedema: float | None,
    stamp: str,
) -> MetricComparison:
    metric = after or before
    assert metric is not None  # an id comes from one of both
    return MetricComparison(
        role=role,
        structure=structure,
        id=metric.id,
        label=metric.label,
        unit=metric.unit,
        plan=before.value if before else None,
        implant=after.value if after else None,
        oedema=oedema,
        stamp=stamp,
        note=_note(before, after),
        formula=metric.formula,
        decimals=metric.decimals,
    )


def _note(before: Metric | None, after: Metric | None) -> str:
    """What is to be known of either value, once where it is the same."""
    known = {what: metric for what, metric in (("plan", before), ("implant", after)) if metric is not None}
    said = {what: known[what].note if what in known else "not known there" for what in ("plan", "implant")}
    if said["plan"] == said["implant"]:
        return said["plan"]
    return "; ".join(f"{what}: {note}" for what, note in said.items() if note)
