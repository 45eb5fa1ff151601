"""From an evaluated study to its time line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from brachyresponse.response.timeline.perfusion_limit import hyperperfusion_limit
from brachyresponse.response.timeline.timeline import (
    LevelStep,
    Timeline,
    TimelineLevel,
    TimelinePoint,
    TimelineSeries,
    TimelineVisit,
    TimelineWindow,
)
from brachyresponse.response.timeline.treatments import serum_series, treatment_marks
from brachyresponse.response.vocabulary import CriteriaName, Measure, VisitRole

if TYPE_CHECKING:
    from brachyresponse.response.case import ResponseCase
    from brachyresponse.response.criteria import ResponseAssessment
    from brachyresponse.response.study import PerfusionEntry, ResponseStudy

LENGTHS = frozenset({CriteriaName.RANO_BM, CriteriaName.RECIST_1_1})
"""Criteria that sum diameters; the others sum their products, or volumes."""


def timeline_of(study: ResponseStudy) -> Timeline:
    """Return the course of a patient as series and marks; a visit without a sum leaves a gap, never a zero."""
    found, treatments = study.assessment, study.treatments or ()
    name, unit = sum_words(study.case)
    return Timeline(
        title=f"Course of {study.case.title or study.case.id}",
        size=TimelineSeries(name, unit, tuple(TimelinePoint(visit.date, visit.sum) for visit in found.visits)),
        nadir=_nadir(found),
        response=_response(found),
        progression=_progression(found),
        visits=_visits(study),
        marks=treatment_marks(treatments),
        window=_window(study),
        perfusion=_perfusion(study.perfusion),
        perfusion_limit=hyperperfusion_limit(study.perfusion),
        serum=serum_series(treatments),
        next_due=study.schedule.next_due if study.schedule else None,
        today=study.today,
    )


def sum_words(case: ResponseCase) -> tuple[str, str]:
    """Return what is summed in a few words, and its unit."""
    if case.options.measure is Measure.THREE_D:
        return "Sum of volumes", "mL"
    return ("Sum of diameters", "mm") if case.criteria in LENGTHS else ("Sum of products", "mm²")


def ratio_name(map_name: str) -> str:
    """Return what the ratio of a map of perfusion is called: "rVp"."""
    from brachyresponse.perfusion.study import map_facts  # imports all of perfusion

    facts = map_facts(map_name)
    return facts.ratio_label or facts.label


def _nadir(found: ResponseAssessment) -> TimelineLevel:
    """Return the smallest sum before each visit."""
    return TimelineLevel("nadir before the visit", _steps(found, {v.date: v.nadir for v in found.visits}))


def _progression(found: ResponseAssessment) -> TimelineLevel:
    """Return the sum from which on the targets of each visit progress."""
    criteria = found.criteria
    share = criteria.thresholds[found.case.options.measure].progression
    least = f", {criteria.absolute_of} by {criteria.absolute_mm:g} mm" if criteria.absolute_of else ""
    name = f"progression by size: +{100 * share:g} %{least}"
    return TimelineLevel(name, _steps(found, {v.date: v.progression_threshold for v in found.visits}))


def _response(found: ResponseAssessment) -> TimelineLevel:
    """Return the sum down to which the targets of each visit respond in part."""
    share = found.criteria.thresholds[found.case.options.measure].response
    steps = _steps(found, {v.date: v.response_threshold for v in found.visits})
    return TimelineLevel(f"partial response: −{100 * share:g} %", steps)


def _baseline_date(case: ResponseCase) -> date | None:
    return next((visit.date for visit in case.visits if visit.role is VisitRole.BASELINE), None)


def _steps(found: ResponseAssessment, values: dict[date, float | None]) -> tuple[LevelStep, ...]:
    """Return a step to each visit after the baseline from the one before it; one without a value is left out."""
    start = _baseline_date(found.case)
    days = [visit.date for visit in found.visits if start is not None and visit.date >= start]
    steps = ((before, day, values[day]) for before, day in pairwise(days))
    return tuple(LevelStep(before, day, value) for before, day, value in steps if value is not None)


def _visits(study: ResponseStudy) -> tuple[TimelineVisit, ...]:
    readers = {one.visit: one.category for one in study.adjudications}
    return tuple(
        TimelineVisit(
            date=visit.date,
            category=visit.category,
            adjudicated=readers.get(visit.date),
            is_confirmed=bool(visit.confirmed),
            is_imaging_only=visit.is_imaging_only,
            has_new_lesion=bool(of_case.new_lesions),
            is_deviating=bool(visit.deviations),
        )
        for visit, of_case in zip(study.assessment.visits, study.case.visits, strict=True)
    )


def _window(study: ResponseStudy) -> TimelineWindow | None:
    """Return the early window after radiation, where the criteria know one and its start is known."""
    criteria, start = study.assessment.criteria, study.case.radiation_end
    if criteria.early_window is None or start is None:
        return None
    days = round(criteria.number(criteria.early_window))
    return TimelineWindow(f"early window, {days / 7:g} weeks", start, start + timedelta(days=days))


def _perfusion(entries: Iterable[PerfusionEntry]) -> tuple[TimelineSeries, ...]:
    """Return the ratios of each lesion over time, one series a map."""
    by_name: dict[str, list[TimelinePoint]] = {}
    for entry in entries:
        name = f"{ratio_name(entry.map)}, {entry.lesion}"
        by_name.setdefault(name, []).append(TimelinePoint(entry.date, entry.ratio, entry.low, entry.high))
    return tuple(
        TimelineSeries(name, "", tuple(sorted(points, key=lambda point: point.date)))
        for name, points in by_name.items()
    )
