"""The days of an implant: when it was scanned, and how much of its dose was given by then."""

from __future__ import annotations

from datetime import date

from brachyresponse.errors import VerificationError
from brachyresponse.planning import ImplantPlan
from brachyresponse.sources import Source, fraction_delivered


def check_dates(plan: ImplantPlan, implant_date: date, scan_date: date | None) -> tuple[str, ...]:
    """Check that plan, implant and scan follow one another; return warnings, whole sentences.

    The plan's day is that of its planning images; where it is not known, the day on which the plan was written.

    Raises
    ------
    VerificationError
        The implant was made before the plan, or the scan before the implant.
    """
    imaged, written = plan.planning_image_date, plan.created.date()
    if imaged is not None and implant_date < imaged:
        raise VerificationError(
            f"The implant of {implant_date} is before the planning images of {imaged} of plan {plan.name!r}: "
            "correct the implant date, or choose the plan that belongs to it."
        )
    if imaged is None and implant_date < written:
        raise VerificationError(
            f"The implant of {implant_date} is before plan {plan.name!r}, which was made on {written}: correct the "
            "implant date, choose the plan that belongs to it, or give the plan the date of its planning images."
        )
    if scan_date is not None and scan_date < implant_date:
        raise VerificationError(
            f"The verification images are of {scan_date}, before the implant on {implant_date}: "
            "correct the dates, or choose the images after the implant."
        )
    return tuple(_date_warnings(plan, implant_date, scan_date))


def _date_warnings(plan: ImplantPlan, implant_date: date, scan_date: date | None) -> list[str]:
    said = []
    if implant_date < plan.created.date():
        said.append(
            f"Plan {plan.name!r} was written on {plan.created.date()}, after the implant on {implant_date}: "
            "it is a plan made in retrospect."
        )
    if scan_date is None:
        said.append("The date of the verification images is not known: the share of the dose delivered is not told.")
    return said


def days_after(implant_date: date, day: date) -> int:
    """Return the days from the implant to another day.

    Raises
    ------
    VerificationError
        The day is before the implant.
    """
    days = (day - implant_date).days
    if days < 0:
        raise VerificationError(f"{day} is before the implant on {implant_date}: give a later day.")
    return days


def share_delivered(source: Source, implant_date: date, day: date) -> float:
    """Return the share, 0 to 1, of a permanent implant's total dose that is delivered by a day.

    ``1 - exp(-ln2 t / T_half)`` with the half-life of the source's data file; 29.5 % of I-125 at 30 days.

    Raises
    ------
    VerificationError
        The day is before the implant.
    """
    return fraction_delivered(source.half_life_days, 0.0, float(days_after(implant_date, day)))
