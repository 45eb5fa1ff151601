"""From options and images to a balloon plan that can be computed, and what was assumed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from brachyresponse.command_line.balloon_anatomy import BalloonPatient, read_patient
from brachyresponse.command_line.balloon_truth import read_balloon_truth
from brachyresponse.command_line.biology import NO_BIOLOGY, BiologyRequest, read_biology
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.planning import PlanAnatomy, check_same_patient
from brachyresponse.planning.balloon import (
    BalloonPlan,
    BalloonProfile,
    BalloonSphere,
    Interruption,
    balloon_shape,
    evaluation_grid,
    load_balloon_profile,
    prescription_rate,
    read_balloon,
)
from brachyresponse.planning.balloon.shells import structures_named
from brachyresponse.planning.balloon.times import HOURS_PER_DAY, days_after
from brachyresponse.sources import mci_to_mbq

PROVISIONAL_MBQ = 1000.0
PROVISIONAL_DAYS = 1.0
SET_BY_PLAN = (
    "balloon", "diameter_mm", "fill_volume_ml", "centre", "prescription_gy", "depth_mm", "activity_mbq",
    "activity_mci", "assayed", "filled", "removed", "dwell_hours", "interruption", "recovered_mbq", "recovered_mci",
    "half_life_days", "barrier", "gap", "wall_mm", "balloon_model",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class BalloonInput:
    """A balloon plan with all that is needed to compute and report it."""

    plan: BalloonPlan
    anatomy: PlanAnatomy
    image: Volume | None
    dose_grid: Grid
    profile: BalloonProfile | None
    inputs: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    biology: BiologyRequest = NO_BIOLOGY
    truth: Mapping[str, float] = field(default_factory=dict)


def make_case(options: argparse.Namespace) -> BalloonInput:
    """Return the case that the options describe.

    Raises
    ------
    BrachyResponseError
        Anything in the options contradicts the files or itself; the message says what.
    """
    patient = read_patient(options)
    profile = load_balloon_profile(options.profile) if options.profile else None
    if options.balloon_json is None:
        plan, grid, notes = _told_plan(options, patient)
    else:
        plan, grid, notes = _read_plan(options, patient)
    if isinstance(plan.balloon, BalloonSphere):
        patient.check_holds(plan.balloon)
    structures_named((*plan.barriers, *plan.gaps), patient.anatomy)  # a wrong name is said before anything is computed
    return BalloonInput(
        plan,
        patient.anatomy,
        patient.volume,
        grid,
        profile,
        inputs=_inputs(options, patient),
        notes=(*patient.notes, *notes),
        biology=read_biology(options, plan.frame_of_reference_uid),
        truth={} if options.truth is None else read_balloon_truth(options.truth),
    )


def _read_plan(options: argparse.Namespace, patient: BalloonPatient) -> tuple[BalloonPlan, Grid, list[str]]:
    given = [name for name in SET_BY_PLAN if getattr(options, name)]
    if given:
        raise InputFileError(
            f"--{given[0].replace('_', '-')} cannot be changed with --balloon-json: it is the plan's; leave it out."
        )
    plan = read_balloon(options.balloon_json)
    check_same_patient(plan, patient.patient_id, patient.frame_of_reference_uid)
    return plan, _grid(plan, patient, options), ["The plan is that of the file; nothing of it was changed."]


def _told_plan(options: argparse.Namespace, patient: BalloonPatient) -> tuple[BalloonPlan, Grid, list[str]]:
    """The plan of the options; activity or time, where one is not given, for the prescription."""
    activity_mbq = _in_mbq(options.activity_mbq, options.activity_mci)
    timed = options.removed is not None or options.dwell_hours is not None
    _check_complete(options, activity_mbq, timed)
    plan = _plan(options, patient, PROVISIONAL_MBQ if activity_mbq is None else activity_mbq)
    grid = _grid(plan, patient, options)
    if activity_mbq is not None and timed:
        return plan, grid, []
    rate = prescription_rate(plan, patient.anatomy, grid)
    aim = f"{plan.prescription_gy:g} Gy at {plan.prescription_depth_mm:g} mm"
    if activity_mbq is None:
        plan = plan.with_activity_for(rate)
        return plan, grid, [f"The activity was computed for {aim} in the dwell time given."]
    plan = plan.with_removal_for(rate)
    return plan, grid, [f"The time of removal was computed for {aim}."]


def _check_complete(options: argparse.Namespace, activity_mbq: float | None, timed: bool) -> None:
    for name in ("prescription_gy", "depth_mm", "filled"):
        if getattr(options, name) is None:
            raise InputFileError(f"--{name.replace('_', '-')} is missing: give it, or a plan with --balloon-json.")
    if activity_mbq is None and not timed:
        raise InputFileError(
            "Neither activity nor time is given: give --activity-mci (or --activity-mbq), or --removed (or "
            "--dwell-hours), or both; the one left out is computed for the prescription."
        )


def _plan(options: argparse.Namespace, patient: BalloonPatient, activity_mbq: float) -> BalloonPlan:
    day = options.plan_date
    interruptions = tuple(Interruption(start, end) for start, end in options.interruption)
    return BalloonPlan(
        patient_id=patient.patient_id,
        frame_of_reference_uid=patient.frame_of_reference_uid,
        created=datetime.combine(day, time()) if day else datetime.now().replace(microsecond=0),
        balloon=_balloon(options, patient),
        activity_mbq=activity_mbq,
        assayed=options.assayed or options.filled,
        filled=options.filled,
        removed=_removed(options, interruptions),
        prescription_gy=options.prescription_gy,
        prescription_depth_mm=options.depth_mm,
        interruptions=interruptions,
        wall_mm=options.wall_mm,
        liquid=options.liquid,
        half_life_days=options.half_life_days,
        fill_volume_ml=options.fill_volume_ml,
        balloon_model=options.balloon_model,
        recovered_mbq=_in_mbq(options.recovered_mbq, options.recovered_mci),
        barriers=tuple(options.barrier),
        gaps=tuple(options.gap),
        name=options.name or "Plan",
    )


def _balloon(options: argparse.Namespace, patient: BalloonPatient) -> str | BalloonSphere:
    if options.balloon is not None:
        if options.diameter_mm is not None or options.centre is not None:
            raise InputFileError("--balloon names a structure; leave out --diameter-mm and --centre, or leave it out.")
        return str(options.balloon)
    centre = options.centre or patient.centre_mm
    if options.diameter_mm is not None:
        return BalloonSphere(centre, options.diameter_mm)
    if options.fill_volume_ml is None:
        raise InputFileError("There is no balloon: give --balloon, --diameter-mm or --fill-volume-ml.")
    return BalloonSphere.holding(options.fill_volume_ml, centre, wall_mm=max(options.wall_mm, 0.0))


def _removed(options: argparse.Namespace, interruptions: tuple[Interruption, ...]) -> datetime:
    if options.removed is not None:
        return options.removed  # type: ignore[no-any-return]
    if options.dwell_hours is not None:
        if options.dwell_hours <= 0:
            raise InputFileError(f"--dwell-hours is {options.dwell_hours:g}: give a positive number of hours.")
        return days_after(options.filled, options.dwell_hours / HOURS_PER_DAY)
    last: datetime = max((pause.end for pause in interruptions), default=options.filled)
    return last + timedelta(days=PROVISIONAL_DAYS)


def _grid(plan: BalloonPlan, patient: BalloonPatient, options: argparse.Namespace) -> Grid:
    return evaluation_grid(plan, patient.anatomy, balloon_shape(plan, patient.anatomy), options.dose_grid_mm)


def _in_mbq(mbq: float | None, mci: float | None) -> float | None:
    return mbq if mci is None else mci_to_mbq(mci)


def _inputs(options: argparse.Namespace, patient: BalloonPatient) -> list[tuple[str, str]]:
    found = [("Site profile", options.profile or "none")]
    if patient.volume is not None:
        found.insert(0, ("Image", f"{patient.volume.name}, {patient.volume.grid.describe()}"))
    if options.structures is not None:
        found.insert(1, ("Structures", options.structures.name))
    if options.balloon_json is not None:
        found.append(("Plan", options.balloon_json.name))
    return found
