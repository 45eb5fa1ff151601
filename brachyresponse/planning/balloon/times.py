"""When the liquid was in the balloon, and what that is worth in hours at the dose rate of filling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import expm1, inf, log, log1p

from brachyresponse.errors import PlanError
from brachyresponse.sources import fraction_delivered, integrated_hours

SECONDS_PER_DAY = 86400.0
HOURS_PER_DAY = 24.0
CGY_PER_GY = 100.0
LONGEST_DAYS = 36525.0
"""A hundred years: more is a slip of the unit, or a half-life of one."""


@dataclass(frozen=True)
class Interruption:
    """A time between filling and removal in which the balloon was empty.

    Raises
    ------
    PlanError
        It does not end after it begins.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if days_between(self.start, self.end) <= 0:
            raise PlanError(f"An interruption ends at {said(self.end)}, not after its start at {said(self.start)}.")


def days_between(start: datetime, end: datetime) -> float:
    """Return the days from one time to another; negative where the second is the earlier.

    Raises
    ------
    PlanError
        One of them names its time zone and the other does not.
    """
    if (start.tzinfo is None) != (end.tzinfo is None):
        raise PlanError(
            f"Of {said(start)} and {said(end)} one names a time zone, the other does not: give both or none."
        )
    return (end - start).total_seconds() / SECONDS_PER_DAY


def days_after(moment: datetime, days: float) -> datetime:
    """Return the time some days after another, to the second.

    Raises
    ------
    PlanError
        The days are not a number, or lead beyond the calendar.
    """
    if not abs(days) <= LONGEST_DAYS:
        raise PlanError(f"{days * HOURS_PER_DAY:g} h after {said(moment)}: give at most {LONGEST_DAYS:g} days.")
    return moment + timedelta(seconds=round(days * SECONDS_PER_DAY))


def said(moment: datetime) -> str:
    """Return a time as people write it, ``2026-01-31 14:05``."""
    return moment.isoformat(sep=" ", timespec="minutes")


def filled_intervals(
    filled: datetime, removed: datetime | None, interruptions: Sequence[Interruption]
) -> tuple[tuple[float, float], ...]:
    """Return the intervals in which the liquid is in the balloon, days after filling; open at the end without removal.

    Raises
    ------
    PlanError
        Removal comes before filling, or an interruption is not between them, or two overlap, or no time is left.
    """
    end_days = inf if removed is None else days_between(filled, removed)
    if end_days <= 0:
        raise PlanError(f"The liquid is removed at {said(removed or filled)}, not after filling at {said(filled)}.")
    starts, last = [0.0], filled
    ends = []
    for pause in sorted(interruptions, key=lambda pause: days_between(filled, pause.start)):
        if days_between(filled, pause.start) < 0 or days_between(filled, pause.end) > end_days:
            raise PlanError(
                f"The interruption from {said(pause.start)} to {said(pause.end)} is not between filling and removal."
            )
        if days_between(last, pause.start) < 0:
            raise PlanError(
                f"Two interruptions overlap: one ends at {said(last)}, another begins at {said(pause.start)}."
            )
        ends.append(days_between(filled, pause.start))
        starts.append(days_between(filled, pause.end))
        last = pause.end
    found = tuple((start, end) for start, end in zip(starts, [*ends, end_days], strict=True) if end > start)
    if not found:
        raise PlanError("The interruptions take all the time from filling to removal: no liquid is in the balloon.")
    return found


def hours_at_first_rate(intervals: Sequence[tuple[float, float]], half_life_days: float) -> float:
    """Return the hours that give the same dose at the dose rate of filling, without decay."""
    return sum(integrated_hours(half_life_days, start, end) for start, end in intervals)


def dwell_for(dose_gy: float, rate_cgy_per_h: float, *, half_life_days: float) -> float:
    """Return the hours from filling to removal that give a dose.

    ``T = -ln(1 - lambda D / D0) / lambda``

    Parameters
    ----------
    dose_gy, rate_cgy_per_h
        The dose, and the dose rate at filling, at the same point.

    Raises
    ------
    PlanError
        The dose is never reached, however long the liquid stays; or dose or rate are not positive.
    """
    needed_hours = _needed_hours(dose_gy, rate_cgy_per_h)
    mean_life_hours = integrated_hours(half_life_days)
    if needed_hours >= mean_life_hours:
        raise PlanError(never_reached(dose_gy, rate_cgy_per_h, half_life_days))
    return -mean_life_hours * log1p(-needed_hours / mean_life_hours)


def removal_days_for(
    dose_gy: float, rate_cgy_per_h: float, intervals: Sequence[tuple[float, float]], half_life_days: float
) -> float:
    """Return the days after filling at which a dose is reached, in the last, open, one of ``intervals`` or before.

    Raises
    ------
    PlanError
        As :func:`dwell_for`.
    """
    left_hours = _needed_hours(dose_gy, rate_cgy_per_h)
    mean_life_hours = integrated_hours(half_life_days)
    for start, end in intervals:
        given = integrated_hours(half_life_days, start, end)
        if given > left_hours:
            remaining = 1 - fraction_delivered(half_life_days, 0.0, start)
            return start - mean_life_hours * log1p(-left_hours / (mean_life_hours * remaining)) / HOURS_PER_DAY
        left_hours -= given
    raise PlanError(never_reached(dose_gy, rate_cgy_per_h, half_life_days))


def activity_for(dose_gy: float, rate_cgy_per_h_per_mbq: float, *, half_life_days: float, dwell_hours: float) -> float:
    """Return the activity, MBq contained at filling, that gives a dose in a time without interruption.

    Raises
    ------
    PlanError
        Dose, rate or time is not positive.
    """
    if not dwell_hours > 0:
        raise PlanError(f"The dwell time is {dwell_hours:g} h: give a positive number.")
    decay_per_h = log(2) / (half_life_days * HOURS_PER_DAY)
    return _needed_hours(dose_gy, rate_cgy_per_h_per_mbq) * decay_per_h / -expm1(-decay_per_h * dwell_hours)


def never_reached(dose_gy: float, rate_cgy_per_h: float, half_life_days: float) -> str:
    """Return the sentence for a dose that complete decay does not give."""
    most_gy = rate_cgy_per_h * integrated_hours(half_life_days) / CGY_PER_GY
    return (
        f"{dose_gy:g} Gy is never reached: at {rate_cgy_per_h:.3g} cGy/h the liquid gives {most_gy:.1f} Gy by complete "
        "decay; fill in more activity, or prescribe at a smaller depth."
    )


def _needed_hours(dose_gy: float, rate_cgy_per_h: float) -> float:
    for what, value, unit in (("dose", dose_gy, "Gy"), ("dose rate", rate_cgy_per_h, "cGy/h")):
        if not 0 < value < inf:
            raise PlanError(f"The {what} at the prescription's depth is {value:g} {unit}: give a positive number.")
    return dose_gy * CGY_PER_GY / rate_cgy_per_h
