"""Which day counts as the end of radiation: for a permanent implant a choice that nobody makes but the user."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log2

from brachyresponse.errors import ResponseError
from brachyresponse.response.treatment.data_files import treatment_data
from brachyresponse.response.treatment.details import Implant
from brachyresponse.response.treatment.treatment import Treatment, known_word
from brachyresponse.response.treatment.vocabulary import ReferenceChoice, TreatmentKind
from brachyresponse.sources import fraction_delivered, load_source

DATA = "reference_dates.json"
LATE_DAYS = 84
"""The window of the criteria after radiation, 12 weeks: how much an implant has given by then is told."""


@dataclass(frozen=True)
class ReferenceDate:
    """A day that may count as the end of radiation.

    Parameters
    ----------
    choice
        What the day is.
    date
        The day.
    sentence
        For people.
    delivered_share
        Share of the permanent implant's dose given by then, 0 to 1; None where the course is no permanent implant.
    course
        Which treatment.
    """

    choice: ReferenceChoice
    date: date
    sentence: str
    delivered_share: float | None
    course: Treatment


@dataclass(frozen=True)
class RadiationEnd:
    """The end of radiation that is used; the date is None where it has to be chosen or is not known."""

    date: date | None
    sentence: str
    choice: ReferenceChoice | None = None
    delivered_share: float | None = None


def delivered_share(half_life_days: float, implanted_on: date, day: date) -> float:
    """Return the share of a permanent implant's dose, 0 to 1, that is given by a day.

    ``1 - 2^(-t / T_half)``; of I-125 62 % by 12 weeks.

    Raises
    ------
    ResponseError
        The day is before the implant.
    """
    days = (day - implanted_on).days
    if days < 0:
        raise ResponseError(f"{day} is before the implant on {implanted_on}: give a later day.")
    return fraction_delivered(half_life_days, 0.0, float(days))


def implant_half_life_days(implant: Implant) -> float:
    """Return the half-life of an implant's source: its own, that of the named model, else that of I-125."""
    if implant.half_life_days is not None:
        return implant.half_life_days
    return (
        load_source(implant.source).half_life_days if implant.source else float(treatment_data(DATA)["half_life_days"])
    )


def reference_dates(treatments: Iterable[Treatment]) -> tuple[ReferenceDate, ...]:
    """Return the days that may count as the end of radiation, the latest course first.

    A permanent implant offers its day and the days on which shares of its dose are given; a removed source the day
    of its removal; external beam its last day, where it is known.
    """
    offered: list[ReferenceDate] = []
    for course in reversed(_courses(treatments)):
        offered += _of_implant(course, course.details) if isinstance(course.details, Implant) else _of_finished(course)
    return tuple(offered)


def radiation_end(treatments: Iterable[Treatment], choice: ReferenceChoice | date | None = None) -> RadiationEnd:
    """Return the end of radiation.

    Parameters
    ----------
    choice
        One of :func:`reference_dates` by its word (of the latest course that offers it), or a day of the user's own.
        None: the end of the latest course where that is no permanent implant and no earlier implant still gives dose;
        otherwise no date, for it has to be chosen.

    Raises
    ------
    ResponseError
        The choice is not offered, or the day is before all radiation on record.
    """
    courses = _courses(treatments)
    if isinstance(choice, date):
        return _own_date(courses, choice)
    offered = reference_dates(courses)
    if choice is not None:
        return _chosen(offered, known_word(choice, ReferenceChoice, "choice of the end of radiation"))
    if not courses:
        return RadiationEnd(
            None, "No radiation is on record: whether a visit lies in the window after it is not known."
        )
    if why := _undecided(courses):
        return RadiationEnd(None, why)
    last = [each for each in offered if each.course == courses[-1]]
    if not last:
        return RadiationEnd(None, f"{courses[-1].describe()} has no end: give it, or choose a date of your own.")
    return _used(last[0])


def _courses(treatments: Iterable[Treatment]) -> list[Treatment]:
    return sorted((each for each in treatments if each.is_radiation), key=lambda each: each.end or each.start)


def _of_implant(course: Treatment, implant: Implant) -> Iterator[ReferenceDate]:
    half_life_days = implant_half_life_days(implant)
    for row in treatment_data(DATA)["shares"]:
        days = round(-half_life_days * log2(1 - row["share"]))
        share = fraction_delivered(half_life_days, 0.0, float(days))
        what = "the day of the implant" if days == 0 else f"day {days} after the implant"
        sentence = (
            f"{course.start + timedelta(days)}, {what}: {100 * share:.1f} % of its dose is delivered"
            f" ({half_life_days:g} d half-life)."
        )
        yield ReferenceDate(ReferenceChoice(row["choice"]), course.start + timedelta(days), sentence, share, course)


def _of_finished(course: Treatment) -> Iterator[ReferenceDate]:
    if course.kind is TreatmentKind.SOURCE_REMOVAL:
        sentence = f"{course.start}, the day on which the source was removed: all of its dose is delivered."
        yield ReferenceDate(ReferenceChoice.SOURCE_REMOVAL, course.start, sentence, None, course)
    elif course.end is not None:
        sentence = f"{course.end}, the last day of external beam from {course.start}."
        yield ReferenceDate(ReferenceChoice.EXTERNAL_BEAM_END, course.end, sentence, None, course)


def _implants(courses: Sequence[Treatment]) -> list[tuple[Treatment, Implant]]:
    return [(course, course.details) for course in courses if isinstance(course.details, Implant)]


def _undecided(courses: Sequence[Treatment]) -> str:
    """Why the date has to be chosen; empty where no implant still gave dose at the end of the latest course."""
    end = courses[-1].end or courses[-1].start
    for course, implant in reversed(_implants(courses)):
        half_life_days = implant_half_life_days(implant)
        if delivered_share(half_life_days, course.start, end) < treatment_data(DATA)["still_delivering_below"]:
            share = fraction_delivered(half_life_days, 0.0, float(LATE_DAYS))
            return (
                f"The implant of {course.start} is permanent, and no criteria say when its radiation ends (by 12 weeks "
                f"{100 * share:.0f} % of its dose is delivered): choose the reference date."
                f"{_removed_since(courses, course)}"
            )
    return ""


def _removed_since(courses: Sequence[Treatment], implant: Treatment) -> str:
    """A removal after an implant may be of that implant's source, which then was not permanent."""
    days = [each.start for each in courses if each.kind is TreatmentKind.SOURCE_REMOVAL and each.start >= implant.start]
    return f" If it is the source that was removed on {days[0]}, leave the implant's row out." if days else ""


def _chosen(offered: Sequence[ReferenceDate], choice: ReferenceChoice) -> RadiationEnd:
    for each in offered:
        if each.choice is choice:
            return _used(each)
    if choice is ReferenceChoice.OWN_DATE:
        raise ResponseError("The end of radiation is a date of your own: give that date.")
    words = "; ".join(dict.fromkeys(str(each.choice) for each in offered))
    raise ResponseError(
        f"The end of radiation cannot be {str(choice)!r}, for the record has no such course; "
        f"{f'choose one of: {words}' if words else 'enter the course first'}."
    )


def _used(each: ReferenceDate) -> RadiationEnd:
    return RadiationEnd(each.date, f"End of radiation: {each.sentence}", each.choice, each.delivered_share)


def _own_date(courses: Sequence[Treatment], day: date) -> RadiationEnd:
    """A day of the user's own, with the share that the last implant made by then had given."""
    begun = [course for course in courses if course.start <= day]
    if courses and not begun:
        raise ResponseError(
            f"The end of radiation is {day}, before all radiation on record ({courses[0].describe()}): correct the "
            "date, or enter the earlier course."
        )
    share, told = None, ""
    for course, implant in _implants(begun)[-1:]:
        share = delivered_share(implant_half_life_days(implant), course.start, day)
        told = f": {100 * share:.1f} % of the dose of the implant of {course.start} is delivered"
    later = [course for course in courses if course not in begun]
    if later:
        told += f"; not counted, for it came later: {', '.join(course.describe() for course in later)}"
    sentence = f"End of radiation: {day}, a date of the user's own{told}."
    return RadiationEnd(day, sentence, ReferenceChoice.OWN_DATE, share)
