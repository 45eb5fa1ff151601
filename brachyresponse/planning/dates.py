"""The days of an implant: whether the reference date of the seeds' strength can belong to it."""

from __future__ import annotations

from datetime import date

from brachyresponse.errors import PlanError

MOST_DAYS_BEFORE = 365
MOST_DAYS_AFTER = 31
"""A certificate for a day after the implant happens within a delivery, and would raise the strength without end."""


def check_reference_date(reference: date, implant: date) -> None:
    """Check that a strength certified for one day can be that of seeds implanted on another.

    Raises
    ------
    PlanError
        The reference date is more than a year before the implant, or more than a month after it.
    """
    days_before = (implant - reference).days
    if not -MOST_DAYS_AFTER <= days_before <= MOST_DAYS_BEFORE:
        apart = f"{days_before} days before" if days_before > 0 else f"{-days_before} days after"
        raise PlanError(
            f"The reference date {reference} of the strength is {apart} the implant on {implant}, expected at most "
            f"{MOST_DAYS_BEFORE} days before or {MOST_DAYS_AFTER} after: check both dates."
        )
