"""The metrics of plan and implant side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from brachyresponse.dose import Metric, organ_metrics
from brachyresponse.planning import PlanEvaluation
from brachyresponse.planning.skin import is_skin_under
from brachyresponse.verification.request import VerificationRequest

SKIN_METRIC = "d0_1cc"


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

    Targets are brought together by what they are, organs by their names; last comes D0.1cc of the skin near the seeds,
    where the profile asks for it and a body is chosen.

    Parameters
    ----------
    corrected
        Values of the implant with the oedema model, by structure and metric id.
    """
    pairs = (*_targets(request, plan, implant), *_organs(request, plan, implant), *_skin(request, plan, implant))
    return tuple(row for pair in pairs for row in pair.rows(corrected or {}))


@dataclass(frozen=True)
class _Pair:
    """The metrics of one structure, planned and implanted."""

    role: ComparedRole
    structure: str
    stamp: str
    before: tuple[Metric, ...]
    after: tuple[Metric, ...]

    def rows(self, corrected: Mapping[tuple[str, str], float]) -> Iterator[MetricComparison]:
        """One row for each metric that either has."""
        before, after = ({metric.id: metric for metric in metrics} for metrics in (self.before, self.after))
        for key, metric in (before | after).items():
            planned, implanted = before.get(key), after.get(key)
            yield MetricComparison(
                role=self.role,
                structure=self.structure,
                id=key,
                label=metric.label,
                unit=metric.unit,
                plan=planned.value if planned else None,
                implant=implanted.value if implanted else None,
                oedema=corrected.get((self.structure, key)),
                stamp=self.stamp,
                note=_note(planned, implanted),
                formula=metric.formula,
                decimals=metric.decimals,
            )


def _targets(request: VerificationRequest, plan: PlanEvaluation, implant: PlanEvaluation) -> Iterator[_Pair]:
    before, after = request.plan_anatomy.roles, request.anatomy.roles
    names = [(ComparedRole.GTV, before.gtv, after.gtv), (ComparedRole.PTV, before.ptv, after.ptv)]
    if before.gtv and before.gtv == before.ptv and after.gtv and after.gtv == after.ptv:
        names = [(ComparedRole.GTV_AND_PTV, before.gtv, after.gtv)]
    for role, planned, implanted in names:
        if planned or implanted:
            metrics = plan.metrics.get(planned, ()), implant.metrics.get(implanted, ())
            yield _Pair(role, implanted or planned, request.stamp(implanted), *metrics)


def _organs(request: VerificationRequest, plan: PlanEvaluation, implant: PlanEvaluation) -> Iterator[_Pair]:
    before, after = request.plan_anatomy.roles.reported_organs, request.anatomy.roles.reported_organs
    for name in dict.fromkeys((*before, *after)):
        metrics = plan.organ_metrics.get(name, ()), implant.organ_metrics.get(name, ())
        yield _Pair(ComparedRole.ORGAN, name, request.stamp(name), *metrics)


def _skin(request: VerificationRequest, plan: PlanEvaluation, implant: PlanEvaluation) -> Iterator[_Pair]:
    bodies = (request.plan_anatomy.roles.body, request.anatomy.roles.body)
    before, after = (_skin_metrics(*pair) for pair in zip((plan, implant), bodies, strict=True))
    if metrics := (*after, *before):
        yield _Pair(ComparedRole.ORGAN, metrics[0].structure, request.stamp(bodies[1]), before, after)


def _skin_metrics(evaluation: PlanEvaluation, body: str) -> tuple[Metric, ...]:
    skins = (dvh for name, dvh in evaluation.dvhs.items() if is_skin_under(body, name))
    return tuple(metric for dvh in skins for metric in organ_metrics(dvh) if metric.id == SKIN_METRIC)


def _note(before: Metric | None, after: Metric | None) -> str:
    """What is to be known of either value, once where it is the same."""
    known = {what: metric for what, metric in (("plan", before), ("implant", after)) if metric is not None}
    said = {what: known[what].note if what in known else "not known there" for what in ("plan", "implant")}
    if said["plan"] == said["implant"]:
        return said["plan"]
    return "; ".join(f"{what}: {note}" for what, note in said.items() if note)
