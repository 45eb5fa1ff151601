"""Visits in order: each is judged by what came before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from brachyresponse.response.case import CaseVisit, ResponseCase
from brachyresponse.response.case.keys import DRUG_FLAGS
from brachyresponse.response.criteria.assessment import Outcome, VisitAssessment
from brachyresponse.response.criteria.circumstance import Circumstance, Timing, timing_of
from brachyresponse.response.criteria.confirmation import (
    RANK,
    SeenVisit,
    confirmed_progression,
    confirms_response,
    must_confirm_response,
    response_days,
)
from brachyresponse.response.criteria.decision import Decision
from brachyresponse.response.criteria.deviations import deviations_of
from brachyresponse.response.criteria.findings import NOT_PLACED, Findings, Steroids, findings_at
from brachyresponse.response.criteria.growth import own_smallest
from brachyresponse.response.criteria.incomplete import KnownSoFar, decide_known, non_target_outcomes
from brachyresponse.response.criteria.margins import changes_of, reader_variability
from brachyresponse.response.criteria.overall_table import OverallTable
from brachyresponse.response.criteria.reasons import TABLE, reason
from brachyresponse.response.criteria.row_keys import NEW_LESION, SIZE, STEROIDS
from brachyresponse.response.criteria.sizes import VisitSizes, sizes_at
from brachyresponse.response.criteria.summary_table import SummaryTable
from brachyresponse.response.criteria.target_response import ONE_LESION, SizeFinding, TargetFinding, TargetJudge
from brachyresponse.response.criteria.wording import number, say
from brachyresponse.response.vocabulary import Category, FieldPosition, NonTargetStatus, VisitRole

UNPLACED = frozenset([NOT_PLACED, FieldPosition.STRADDLES])
REAPPEAR = "reappear"
HOLD_OPTION = "hold_confirmed_pr"


@dataclass
class VisitCourse:
    """What is known of a case so far; visits are assessed in order.

    Parameters
    ----------
    judge
        The targets by the case's criteria.
    seen
        Visits after the baseline.
    confirmed
        Those of them that confirmed a response.
    measured
        The baseline and what came after it, as far as all targets could be measured.
    was_gone
        Whether all disease of the baseline was gone at one of them.
    """

    judge: TargetJudge
    seen: list[SeenVisit] = field(default_factory=list)
    confirmed: list[SeenVisit] = field(default_factory=list)
    measured: list[VisitSizes] = field(default_factory=list)
    was_gone: bool = False

    def assess(self, visit: CaseVisit) -> VisitAssessment:
        """Return the assessment of the next visit."""
        sizes = sizes_at(visit, self.judge.rules)
        if visit.role is VisitRole.FOLLOW_UP:
            return self._follow_up(visit, sizes)
        is_baseline = visit.role is VisitRole.BASELINE
        if is_baseline:
            self.measured.append(sizes)
        return VisitAssessment(
            date=visit.date,
            role=visit.role,
            category=Category.BASELINE if is_baseline else None,
            sum=sizes.total,
            unit=self.judge.unit,
            reasons=(reason(self.judge.criteria, TABLE, "baseline" if is_baseline else "pre_baseline"),),
            deviations=deviations_of(self.judge.case) if is_baseline else (),
        )

    @property
    def nadir(self) -> VisitSizes:
        """The earliest of the visits with the smallest sum."""
        return min(self.measured, key=lambda sizes: sizes.total or 0.0)

    def _follow_up(self, visit: CaseVisit, sizes: VisitSizes) -> VisitAssessment:
        target = self.judge.judge(sizes, self.nadir, had_cr=self._had_cr, holds_pr=self._holds_pr)
        known = self._known(visit, target, timing_of(visit.date, self.judge.case, self.judge.criteria))
        decision = known.decision
        now = SeenVisit(visit.date, decision.category)
        assessment = replace(
            self._sized(visit, sizes, target),
            category=decision.category,
            confirmed=self._confirms(now),
            reasons=decision.reasons,
            rows=decision.rows,
            unknown=known.unknown,
            if_known=known.if_known,
            conventions=(*decision.conventions, *target.conventions, *self._conventions(sizes, now.category)),
        )
        self._remember(now, sizes, is_confirmed=bool(assessment.confirmed))
        self.was_gone = self.was_gone or _is_gone(target, visit) or now.category is Category.CR
        return assessment

    def _sized(self, visit: CaseVisit, sizes: VisitSizes, target: TargetFinding) -> VisitAssessment:
        """What the sizes say, before the table is walked."""
        nadir = self.nadir
        changes = changes_of(self.judge, sizes, nadir, target, holds_pr=self._holds_pr)
        variability = reader_variability(changes, len(sizes.sizes))
        return VisitAssessment(
            date=visit.date,
            role=visit.role,
            category=None,
            sum=sizes.total,
            unit=self.judge.unit,
            target_response=target.response,
            percent_from_baseline=percent_change(sizes.total, self.judge.baseline.total),
            percent_from_nadir=percent_change(sizes.total, nadir.total),
            nadir=nadir.total,
            nadir_date=None if nadir.total is None else nadir.date,
            progression_threshold=self.judge.progression_threshold(nadir),
            response_threshold=self.judge.shrunk_to,
            changes=changes,
            is_near_threshold=bool(variability),
            reader_variability=variability,
            volume_percent_from_baseline=percent_change(sizes.volume_ml, self.judge.baseline.volume_ml),
            volume_percent_from_nadir=percent_change(sizes.volume_ml, self._least_volume_ml),
            deviations=deviations_of(self.judge.case),
        )

    def _remember(self, now: SeenVisit, sizes: VisitSizes, *, is_confirmed: bool) -> None:
        self.seen.append(now)
        if is_confirmed:
            self.confirmed.append(now)
        if sizes.total is not None:
            self.measured.append(sizes)

    def _conventions(self, sizes: VisitSizes, category: Category) -> Iterator[str]:
        """Yield the readings that sizes, and what came before, make necessary."""
        too_small = self.judge.criteria.too_small
        if sizes.too_small and too_small and not self.judge.criteria.facts[too_small].is_verified:
            size = number(self.judge.criteria.number(too_small))
            yield say("too_small_taken_over", lesions=" and ".join(sizes.too_small), size=size)
        if self.judge.criteria.absolute_of == ONE_LESION and self.judge.lacks_mm(sizes, self.nadir):
            yield from own_smallest(sizes, self.nadir, self.measured, self.judge.criteria.absolute_mm)
        if category is Category.PD and sizes.total is not None:
            yield from self._stable_since_preliminary(sizes.date, sizes.total)

    def _stable_since_preliminary(self, day: date, total: float) -> Iterator[str]:
        """Yield where growth that confirms a preliminary progression is above the nadir only."""
        since = confirmed_progression(day, self.seen, self.judge.criteria)
        before = next((one.total for one in self.measured if one.date == since), None)
        if before is not None and total < self.judge.grown_from(before):
            share = number(100 * self.judge.threshold.progression)
            yield say("stable_since_preliminary_convention", progression=share, day=since)

    def _known(self, visit: CaseVisit, target: TargetFinding, timing: Timing) -> KnownSoFar:
        case, criteria = _with_drugs_of(visit, self.judge.case), self.judge.criteria
        findings = findings_at(visit, target.finding, case, criteria)
        if criteria.is_recist:
            return KnownSoFar(OverallTable(criteria, target, self._had_cr).decide(findings))
        since = confirmed_progression(visit.date, self.seen, criteria)
        table = SummaryTable(criteria, case.options, timing, target, since, self._has_fallen(visit))
        known = decide_known(findings, visit, [row.key for row in table.rows()], table.decide)
        more = (*non_target_outcomes(findings, table.decide), *_otherwise(table, findings, known.decision))
        return replace(known, if_known=(*known.if_known, *more))

    def _has_fallen(self, visit: CaseVisit) -> bool:
        """Whether steroids are lower than at the nadir; so it is taken where a dose is not known and may be lower."""
        before = next(one for one in self.judge.case.visits if one.date == self.nadir.date)
        now_mg, before_mg = visit.steroid_dose_mg, before.steroid_dose_mg
        return before_mg is None or (before_mg > 0 if now_mg is None else now_mg < before_mg)

    def _confirms(self, now: SeenVisit) -> bool | None:
        """Whether a response confirms an earlier one; None where nothing is to confirm."""
        if now.category not in RANK or not must_confirm_response(self.judge.case, self.judge.criteria):
            return None
        return confirms_response(now, self.seen, response_days(self.judge.criteria))

    @property
    def _had_cr(self) -> bool:
        """Whether all disease of the baseline was gone once, in criteria that speak of what comes back."""
        return REAPPEAR in self.judge.criteria.facts and self.was_gone

    @property
    def _holds_pr(self) -> bool:
        """Whether a partial response, confirmed if that is asked, is kept: until the next progression."""
        if not (self.judge.case.options.holds_confirmed_pr and HOLD_OPTION in self.judge.criteria.options):
            return False
        must_confirm = must_confirm_response(self.judge.case, self.judge.criteria)
        held = self.confirmed if must_confirm else self.seen
        progressed = max((one.date for one in self.seen if one.category is Category.PD), default=date.min)
        return any(visit.category in RANK and visit.date > progressed for visit in held)

    @property
    def _least_volume_ml(self) -> float | None:
        volumes = [sizes.volume_ml for sizes in self.measured]
        known = [volume for volume in volumes if volume is not None]
        return min(known) if known and len(known) == len(volumes) else None


def _with_drugs_of(visit: CaseVisit, case: ResponseCase) -> ResponseCase:
    """The case with the drugs that were begun by a visit, where the visit says so itself."""
    given = {name: getattr(visit, name) for name in DRUG_FLAGS.values()}
    known = {name: was_begun for name, was_begun in given.items() if was_begun is not None}
    return replace(case, options=replace(case.options, **known)) if known else case


def percent_change(now: float | None, before: float | None) -> float | None:
    """Return the change in per cent, rounded to 0.01; None where a value is not known, or the first is 0."""
    if now is None or not before:
        return None
    return round(100 * (now - before) / before, 2) + 0.0  # never a negative zero


def _is_gone(target: TargetFinding, visit: CaseVisit) -> bool:
    return target.response is Category.CR and visit.non_target in (NonTargetStatus.NONE, NonTargetStatus.CR)


def _otherwise(table: SummaryTable, findings: Findings, decision: Decision) -> Iterator[Outcome]:
    """Yield what the category would be at another time or place, or with the steroids of the baseline."""
    if not table.timing.is_judged:
        early = replace(table.timing, circumstance=Circumstance.EARLY)
        category = replace(table, timing=early).decide(findings).category
        if category != decision.category:
            yield Outcome(say("if_early", weeks=table.timing.window_days // 7), category)
    if findings[NEW_LESION] & UNPLACED:
        outside = {**findings, NEW_LESION: frozenset([FieldPosition.OUTSIDE])}
        category = table.decide(outside).category
        if category != decision.category:
            yield Outcome(say("if_outside"), category)
    if decision.category is Category.NE and findings[SIZE] == {SizeFinding.INCREASE}:
        same_dose = {**findings, STEROIDS: frozenset([Steroids.STABLE])}
        yield Outcome(say("if_same_dose"), table.decide(same_dose).category)
