"""Why a visit has its category, in sentences that can be read without the module."""

from __future__ import annotations

from collections.abc import Iterator

from brachyresponse.response.criteria import Reason, VisitAssessment
from brachyresponse.response.evidence.gathering.weigh import LesionEvidence
from brachyresponse.response.study import Adjudication, ResponseStudy
from brachyresponse.response.vocabulary import Category, VisitRole

UNVERIFIED = "unverified"
PRELIMINARY = "possible pseudoprogression"


def study_text(study: ResponseStudy) -> str:
    """Return the whole result: the category of every visit with its reasons, and what it rests on."""
    found = study.assessment
    lines = [
        f"{study.case.title or study.case.id}, by {found.criteria.title}, assessed on {study.today}.",
        *([found.criteria.badge] if found.criteria.badge else []),
        f"Best overall response: {found.best_overall_response}. "
        f"Progression: {found.progression_date or 'none so far'}.",
        "",
    ]
    for visit in found.visits:
        lines += [*visit_lines(visit, study.adjudication(visit.date)), ""]
    lines += _listed("Evidence on recurrence or necrosis, not a diagnosis", tuple(map(_weighed, study.evidence)))
    if study.schedule is not None:
        lines += [study.schedule.sentence, ""]
    lines += _listed("What has to be looked at", study.warnings)
    lines += _listed("What it rests on", [_assumed(each.sentence, each.is_verified) for each in study.assumptions])
    lines.append("Research use only; not for the treatment of patients.")
    return "\n".join(lines)


def visit_text(study: ResponseStudy, visit: VisitAssessment) -> str:
    """Return why a visit has its category."""
    return "\n".join(visit_lines(visit, study.adjudication(visit.date)))


def visit_lines(visit: VisitAssessment, said: Adjudication | None) -> list[str]:
    """Return why a visit has its category, line by line; the reader's word comes beside it, never instead."""
    lines = [f"{visit.date}: {headline(visit)}"]
    if said is not None:
        lines.append(f"  The reader: {said.describe()}")
    lines += [f"  {_reason(reason)}" for reason in visit.reasons]
    if visit.category is None and visit.role is VisitRole.PRE_BASELINE:
        lines.append("  Before the baseline: shown, not assessed.")
    for sentences in (
        [outcome.sentence for outcome in visit.if_known],
        [visit.confirmation.sentence],
        [change.sentence for change in visit.changes],
        [visit.reader_variability] if visit.is_near_threshold else [],
        visit.deviations,
    ):
        lines += [f"  {sentence}" for sentence in sentences if sentence]
    return lines


def headline(visit: VisitAssessment) -> str:
    """Return the category of a visit with its size in one line."""
    parts = [str(visit.category or "before the baseline")]
    if visit.category is Category.PRELIMINARY_PD:
        parts[0] += f" ({PRELIMINARY})"
    parts += [visit.label] if visit.label else []
    if visit.sum is not None:
        parts.append(f"sum {visit.sum:.4g} {visit.unit.replace('mm2', 'mm²')}")
    for percent, what in ((visit.percent_from_baseline, "baseline"), (visit.percent_from_nadir, "nadir")):
        if percent is not None:
            parts.append(f"{percent:+.1f} % from {what}")
    if visit.volume_percent_from_baseline is not None:
        parts.append(f"volume {visit.volume_percent_from_baseline:+.1f} % from baseline")
    return "; ".join(parts)


def _reason(reason: Reason) -> str:
    mark = "" if reason.is_verified else f", {UNVERIFIED}"
    rule = f"rule: {reason.text}; " if reason.text else ""
    return f"{reason.sentence} ({rule}{reason.source}{mark})"


def _weighed(found: LesionEvidence) -> str:
    return f"Lesion {found.lesion} on {found.visit}: {found.evidence.headline}"


def _assumed(sentence: str, is_verified: bool) -> str:
    return sentence if is_verified else f"{sentence} ({UNVERIFIED})"


def _listed(title: str, sentences: tuple[str, ...] | list[str]) -> Iterator[str]:
    if sentences:
        yield f"{title}:"
        yield from (f"  {sentence}" for sentence in sentences)
        yield ""
