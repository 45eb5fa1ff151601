"""What the treatment record tells of the circumstances of a scan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from brachyresponse.response.evidence.finding import ConditionAnswer
from brachyresponse.response.evidence.gathering.answered import answered
from brachyresponse.response.evidence.gathering.data_files import limit
from brachyresponse.response.treatment import (
    IdhState,
    Steroids,
    Treatment,
    TreatmentKind,
    TreatmentRecord,
    Tumour,
    steroid_dose_mg,
)


def answers_of_treatments(record: TreatmentRecord, scan_date: date) -> tuple[ConditionAnswer, ...]:
    """Return what the record tells of a scan; what came after it does not count.

    What is not on record stays unknown, and is asked: a drug that is not written down may have been given.
    """
    return tuple(_answers(record, scan_date))


def what_moves_the_prior(record: TreatmentRecord, scan_date: date) -> Iterator[str]:
    """Yield what is on record and makes necrosis more or less likely before any marker is looked at, a sentence each.

    Which way and how far is not told: for I-125 implants and balloons no prior by time was found.
    """
    courses = [each for each in record.courses if each.start <= scan_date]
    if courses:
        last = _last(courses)
        days = _days_since(last, scan_date)
        told = _lower(last.describe())
        if _goes_on(last, scan_date):
            yield f"The {told} was going on at the scan of {scan_date}."
        else:
            yield f"The scan of {scan_date} is {days} days ({days / 30.4:.0f} months) after the {told}."
    if len(courses) > 1:
        yield f"The patient was irradiated {len(courses)} times before the scan."
    for drug in record.of_kind(TreatmentKind.IMMUNOTHERAPY):
        if drug.start <= scan_date:
            yield f"{drug.describe()} is on record, before the scan."


def _answers(record: TreatmentRecord, scan_date: date) -> Iterator[ConditionAnswer]:
    yield _bevacizumab(record, scan_date)
    yield from _steroids(record, scan_date)
    courses = [each for each in record.courses if each.start <= scan_date]
    if courses:
        yield _early(courses, scan_date)
        yield _repeated(courses)
    surgery = [each for each in record.of_kind(TreatmentKind.SURGERY, TreatmentKind.BIOPSY) if each.start <= scan_date]
    if surgery:
        yield _recent_surgery(surgery[-1], scan_date)
    if record.tumour is not None:
        yield _blood_volume(record.tumour)


def _bevacizumab(record: TreatmentRecord, scan_date: date) -> ConditionAnswer:
    """A drug begun before the scan counts, for its effect on the images outlasts it."""
    given = record.of_kind(TreatmentKind.BEVACIZUMAB)
    before = [each for each in given if each.start < scan_date]
    that_day = [each for each in given if each.start == scan_date]
    holds: bool | None = None
    source = "The treatment record has no anti-angiogenic drug, which need not mean that none was given."
    if before:
        holds, source = True, f"{before[-1].describe()} is on record, before the scan of {scan_date}."
    elif that_day:
        source = f"{that_day[0].describe()} was begun on the day of the scan: whether before it is not on record."
    elif given:
        holds, source = False, f"{given[0].describe()} is on record, after the scan of {scan_date}; none before it."
    return answered("antiangiogenic_therapy", holds, source)


def _steroids(record: TreatmentRecord, scan_date: date) -> Iterator[ConditionAnswer]:
    dose_mg = steroid_dose_mg(record, scan_date)
    if dose_mg is None:
        said = f"No dose of steroids is on record for {scan_date}."
        yield from (answered(name, None, said) for name in ("high_dose_steroid", "steroids"))
        return
    yield from answers_of_steroid_dose(dose_mg, f"the treatment record for {scan_date}")
    yield from _recent_high_dose(record, scan_date)
    doses = {steroids.dose_mg for treatment, steroids in record.detailed(Steroids) if treatment.start <= scan_date}
    if doses == {dose_mg}:
        yield answered("steroid_change", False, f"No other dose than {dose_mg:g} mg is on record up to {scan_date}.")


def _recent_high_dose(record: TreatmentRecord, scan_date: date) -> Iterator[ConditionAnswer]:
    """A high dose that was lowered just before the scan still shows on it."""
    days = min(int(limit("steroid_days")), (scan_date - date.min).days)
    doses = [steroid_dose_mg(record, scan_date - timedelta(days=ago)) for ago in range(days + 1)]
    highest_mg = max(dose_mg for dose_mg in doses if dose_mg is not None)
    if highest_mg >= limit("high_dose_dexamethasone_mg"):
        said = f"Dexamethasone {highest_mg:g} mg a day is on record in the {days} days before the scan of {scan_date}."
        yield answered("high_dose_steroid", True, said)


def answers_of_steroid_dose(dose_mg: float, source: str) -> Iterator[ConditionAnswer]:
    """Yield what a dose of steroids on the day of a scan tells, mg of dexamethasone a day.

    Parameters
    ----------
    source
        Who says so.
    """
    most_mg, said = limit("high_dose_dexamethasone_mg"), f"Dexamethasone {dose_mg:g} mg a day, says {source}"
    high = f"{said}; {most_mg:g} mg or more count as a high dose (a convention of this software)."
    yield answered("high_dose_steroid", dose_mg >= most_mg, high)
    yield answered("steroids", dose_mg > 0, f"{said}.")


def _early(courses: list[Treatment], scan_date: date) -> ConditionAnswer:
    """Seeds go on giving dose; their day counts, for the window was published for courses that end."""
    last = _last(courses)
    days = _days_since(last, scan_date)
    said = f"{last.describe()} was {days} days ({days / 7:.0f} weeks) before the scan of {scan_date}."
    if _goes_on(last, scan_date):
        said = f"{last.describe()} was going on at the scan of {scan_date}."
    return answered("within_12_weeks", days <= 7 * limit("early_weeks"), said)


def _last(courses: list[Treatment]) -> Treatment:
    return max(courses, key=lambda each: each.end or each.start)


def _days_since(course: Treatment, scan_date: date) -> int:
    """Days from the end of a course, 0 while it goes on."""
    return (scan_date - min(course.end or course.start, scan_date)).days


def _goes_on(course: Treatment, scan_date: date) -> bool:
    return course.end is not None and course.start <= scan_date < course.end


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]


def _repeated(courses: list[Treatment]) -> ConditionAnswer:
    """More than one course is a repetition; whether one course gave a very high dose is for a person."""
    said = f"Radiation on record before the scan: {'; '.join(each.describe() for each in courses)}."
    return answered("repeated_or_high_dose", True if len(courses) > 1 else None, said)


def _recent_surgery(surgery: Treatment, scan_date: date) -> ConditionAnswer:
    days, weeks = (scan_date - surgery.start).days, limit("recent_surgery_weeks")
    said = f"{surgery.describe()} was {days} days before the scan of {scan_date}; up to {weeks:g} weeks count as recent"
    if days <= 7 * weeks:
        return answered("recent_seizure_or_surgery", True, f"{said} (a convention of this software).")
    return answered("recent_seizure_or_surgery", None, f"{said}. Seizures are not on record.")


def _blood_volume(tumour: Tumour) -> ConditionAnswer:
    """Oligodendrogliomas are IDH-mutant; the tumours that the record knows are high-grade or no gliomas."""
    is_open = tumour.is_glioma and tumour.idh is IdhState.UNKNOWN
    return answered(
        "high_native_blood_volume",
        None if is_open else tumour.idh is IdhState.MUTANT,
        f"Tumour on record: {tumour.describe()}.",
    )
