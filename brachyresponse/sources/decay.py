"""Radioactive decay of a seed: strength on another day, and the share of the dose given in a time."""

from __future__ import annotations

from datetime import date, datetime, time
from math import exp, inf, isfinite, log

from brachyresponse.errors import SourceError

HOURS_PER_DAY = 24.0


def decay_factor(half_life_days: float, elapsed_days: float) -> float:
    """Return the share of the strength left after a time; above 1 for a time before the reference."""
    _check_half_life(half_life_days)
    if not isfinite(elapsed_days):
        raise SourceError(f"The time of decay is {elapsed_days} days: give a finite number.")
    return exp(-log(2) * elapsed_days / half_life_days)


def decayed_strength_u(strength_u: float, half_life_days: float, reference: date, implant: date) -> float:
    """Return the air-kerma strength at implantation, U, from the strength certified for a reference date.

    Parameters
    ----------
    reference, implant
        Dates, or dates with times; where only one has a time, the other counts as the same day's midnight.

    Raises
    ------
    SourceError
        One time names its time zone and the other does not, or the half-life is not positive.
    """
    start, end = _as_time(reference), _as_time(implant)
    if (start.tzinfo is None) != (end.tzinfo is None):
        raise SourceError(
            "One of reference and implant time names a time zone and the other does not: give both or none."
        )
    return strength_u * decay_factor(half_life_days, (end - start).total_seconds() / 3600 / HOURS_PER_DAY)


def fraction_delivered(half_life_days: float, start_days: float = 0.0, end_days: float = inf) -> float:
    """Return the share of a permanent implant's total dose given between two times after implantation.

    Raises
    ------
    SourceError
        The times are not 0 <= start <= end, or the half-life is not positive.
    """
    _check_half_life(half_life_days)
    if not 0 <= start_days <= end_days:
        raise SourceError(f"Dose from day {start_days} to day {end_days}: give 0 <= start <= end, days after implant.")
    rate = log(2) / half_life_days
    return exp(-rate * start_days) - exp(-rate * end_days)


def integrated_hours(half_life_days: float, start_days: float = 0.0, end_days: float = inf) -> float:
    """Return the hours that, at the initial dose rate, give the dose of the decaying source between two times.

    ``(exp(-lambda t1) - exp(-lambda t2)) / lambda``; for all time the mean life, 1.4427 half-lives.
    """
    mean_life_hours = half_life_days * HOURS_PER_DAY / log(2)
    return mean_life_hours * fraction_delivered(half_life_days, start_days, end_days)


def _check_half_life(half_life_days: float) -> None:
    if not (isfinite(half_life_days) and half_life_days > 0):
        raise SourceError(f"The half-life is {half_life_days} days: give a positive number.")


def _as_time(moment: date) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())
