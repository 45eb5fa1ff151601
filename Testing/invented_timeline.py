"""A time line with every kind of thing on it, without a study behind it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from brachyresponse.response.timeline import (
    LevelStep,
    Timeline,
    TimelineLevel,
    TimelineMark,
    TimelinePoint,
    TimelineSeries,
    TimelineVisit,
    TimelineWindow,
)
from brachyresponse.response.vocabulary import Category

FIRST = date(2026, 3, 1)
CATEGORIES = (
    Category.BASELINE,
    Category.SD,
    Category.PR,
    Category.PRELIMINARY_PD,
    Category.PD,
    Category.NE,
    Category.CR,
    Category.NON_CR_NON_PD,
)
SUMS = (900.0, 700.0, 400.0, 600.0, 1200.0, None, 0.0, 300.0)


def days(count: int, every: int = 56) -> list[date]:
    """Visits at equal distances."""
    return [FIRST + timedelta(days=every * number) for number in range(count)]


def marks(count: int) -> tuple[TimelineMark, ...]:
    """Treatments that overlap, with long names."""
    start = [FIRST + timedelta(days=37 * number) for number in range(count)]
    return tuple(
        TimelineMark(f"Treatment {n} with a name that goes on for long", "chemotherapy", day, day + timedelta(days=20))
        for n, day in enumerate(start)
    )


def timeline(visits: int = 8, treatments: tuple[TimelineMark, ...] = ()) -> Timeline:
    """Every category in turn, with thresholds, ratios and markers."""
    when = days(visits)
    spans = list(pairwise(when))

    def level(name: str, value: float) -> TimelineLevel:
        return TimelineLevel(name, tuple(LevelStep(start, end, value) for start, end in spans))

    def series(name: str, unit: str, value: float) -> TimelineSeries:
        return TimelineSeries(name, unit, tuple(TimelinePoint(day, value, 0.9 * value, 1.1 * value) for day in when))

    return Timeline(
        title="Course of P1",
        size=TimelineSeries("Sum", "mm²", tuple(TimelinePoint(d, SUMS[n % len(SUMS)]) for n, d in enumerate(when))),
        nadir=level("nadir before the visit", 400),
        response=level("partial response", 450),
        progression=level("progression", 500),
        visits=tuple(
            TimelineVisit(
                day,
                CATEGORIES[number % len(CATEGORIES)],
                adjudicated=Category.SD if number == 4 else None,
                has_new_lesion=number == 4,
            )
            for number, day in enumerate(when)
        ),
        marks=treatments,
        window=TimelineWindow("early window", FIRST, FIRST + timedelta(days=84)),
        perfusion=(series("rVp, Lesion", "", 1.2),),
        serum=(series("Thyroglobulin", "µg/L", 30.0), series("TSH", "mU/L", 0.3)),
        next_due=when[-1] + timedelta(days=60),
    )
