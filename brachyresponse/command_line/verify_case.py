"""From options and files to a verification that can be computed: plan, implant CT, seeds, registration, dose grids."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.command_line.anatomy import PatientAnatomy, read_anatomy
from brachyresponse.command_line.dose_grid import dose_grid_round
from brachyresponse.command_line.images import Notes, PatientImage, read_image
from brachyresponse.command_line.verify_plan import PlanSide, read_plan_side
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import PlanAnatomy, check_same_patient, load_profile
from brachyresponse.planning.record import read_record
from brachyresponse.progress import Report, share_of
from brachyresponse.seeds import DetectedSeeds, check_ct, detect_seeds
from brachyresponse.sources import Source, load_source
from brachyresponse.verification import (
    OedemaModel,
    Pairing,
    Registration,
    RegistrationMethod,
    RegistrationScan,
    VerificationRequest,
    read_detected,
    register,
)
from brachyresponse.verification.delivery import check_dates

DETECTED_SCHEMA = 1
GRID_WITHIN_MM = 40.0
"""A seed further from the target than this does not widen the dose grid; its dose is computed all the same."""


@dataclass(frozen=True, eq=False)
class VerifiedCase:
    """All that a verification and its report need.

    Parameters
    ----------
    request
        What is computed.
    image
        The implant CT.
    found
        The seeds with what was not taken for one.
    notes, warnings
        What was assumed; what a person should look at.
    """

    request: VerificationRequest
    image: PatientImage
    found: DetectedSeeds
    inputs: tuple[tuple[str, str], ...]
    notes: Notes
    warnings: Notes


def read_case(options: argparse.Namespace, report: Report) -> VerifiedCase:
    """Return the case that the options describe: files read, seeds found, plan registered to the implant.

    Raises
    ------
    BrachyResponseError
        A file cannot be read, what it holds cannot be used, or things do not belong together.
    """
    profile = load_profile(options.profile) if options.profile else None
    oedema = OedemaModel(*options.oedema) if options.oedema else None
    sides = _read_sides(options)
    planned, image, drawn = sides.planned, sides.image, sides.drawn
    found = _found_seeds(options, sides, share_of(report, 0.1, 0.7))
    registration = _registered(options, sides, found, share_of(report, 0.7, 1.0))
    plan, patient = planned.plan, planned.patient
    request = VerificationRequest(
        plan=plan,
        source=_source(planned),
        plan_anatomy=patient.anatomy,
        plan_grid=dose_grid_round(plan.seeds, patient.anatomy, patient.target, options.dose_grid_mm),
        registration=registration,
        found=found,
        implant_grid=_implant_grid(options, sides, registration, found),
        implant_anatomy=drawn.anatomy if drawn else None,
        scan_date=image.day,
        implant_date=options.implant_date,
        implanted_count=options.expected,
        profile=profile,
        oedema=oedema,
        pairing=Pairing(options.match_limit_mm, options.by_needle, options.align),
        patient_id=image.patient_id,
        frame_of_reference_uid=image.frame_of_reference_uid,
    )
    return VerifiedCase(request, image, found, _inputs(options, sides), sides.notes, found.warnings)


@dataclass(frozen=True, eq=False)
class _Sides:
    """The plan's side, the implant CT, and what was drawn on it; None where the plan's structures are carried over."""

    planned: PlanSide
    image: PatientImage
    drawn: PatientAnatomy | None

    @property
    def notes(self) -> Notes:
        """What was assumed, each once."""
        of_image = (f"Implant CT: {note}" for note in self.image.geometry_notes)
        return tuple(dict.fromkeys((*self.planned.notes, *of_image, *(self.drawn.notes if self.drawn else ()))))


def _read_sides(options: argparse.Namespace) -> _Sides:
    planned = read_plan_side(options)
    image = read_image(options.image).identified(options.patient_id, options.frame_of_reference, options.image_date)
    _check_owner_and_days(options, planned, image)
    drawn = None if options.carry else read_anatomy(options, image, options.structures, dict(options.label))
    return _Sides(planned, image, drawn)


def _check_owner_and_days(options: argparse.Namespace, planned: PlanSide, image: PatientImage) -> None:
    """Refuse another patient, or days that contradict each other, before anything takes long."""
    plan = planned.plan
    check_same_patient(plan, image.patient_id, "")
    check_dates(plan, options.implant_date or plan.implant_date, image.day)
    if options.oedema and image.day is None:
        raise InputFileError("--oedema needs the day of the implant CT: give it with --image-date.")


def _found_seeds(options: argparse.Namespace, sides: _Sides, report: Report) -> DetectedSeeds:
    volume = sides.image.volume
    if options.seeds is not None:
        _check_owner(options, sides.image)
        found = read_detected(options.seeds)
        said = (*check_ct(volume.values, volume.grid), *found.warnings)  # the finder checks the CT itself
        return replace(found, warnings=tuple(dict.fromkeys(said)))
    return detect_seeds(
        volume.values,
        volume.grid,
        expected_count=options.expected or sides.planned.plan.seeds.count,
        region=_region(options, sides.drawn),
        report=report,
    )


def _check_owner(options: argparse.Namespace, image: PatientImage) -> None:
    record = read_record(options.seeds, DETECTED_SCHEMA)
    for key, what, expected in (
        ("patient_id", "patient", image.patient_id),
        ("frame_of_reference_uid", "frame of reference", image.frame_of_reference_uid),
    ):
        found = record.text(key, "")
        if found and expected and found != expected:
            raise InputFileError(
                f"{record.where} holds seeds of {what} {found!r}, the implant CT is of {expected!r}: give the seeds "
                "found on this image."
            )


def _region(options: argparse.Namespace, drawn: PatientAnatomy | None) -> Structure | None:
    if not options.region:
        return None
    if drawn is None:
        raise InputFileError("--region names a structure drawn on the implant CT: give it with --structures.")
    if options.region not in drawn.anatomy.structures:
        listed = ", ".join(drawn.anatomy.structures)
        raise InputFileError(f"There is no structure {options.region!r} to look for seeds in: there are {listed}.")
    return drawn.anatomy.structures[options.region]


def _registered(options: argparse.Namespace, sides: _Sides, found: DetectedSeeds, report: Report) -> Registration:
    planned, image, drawn = sides.planned, sides.image, sides.drawn
    before = RegistrationScan(
        ct=planned.image.volume if planned.image else None,
        target=planned.patient.target_structure,
        frame_of_reference_uid=planned.frame_of_reference_uid,
    )
    after = RegistrationScan(
        ct=image.volume,
        target=drawn.target_structure if drawn else None,
        seeds_mm=found.positions_mm,
        frame_of_reference_uid=image.frame_of_reference_uid,
    )
    return register(before, after, method=options.register or _usual_method(before, after), report=report)


def _usual_method(before: RegistrationScan, after: RegistrationScan) -> RegistrationMethod:
    """Bone, unless there is no planning image, or both images are known to share a frame of reference."""
    frame = before.frame_of_reference_uid
    is_one_frame = bool(frame) and frame == after.frame_of_reference_uid
    return RegistrationMethod.NONE if before.ct is None or is_one_frame else RegistrationMethod.BONE


def _implant_grid(options: argparse.Namespace, sides: _Sides, registration: Registration, found: DetectedSeeds) -> Grid:
    """Return a grid round the structures and the seeds, planned and found, but those far away."""
    planned, target = sides.planned, sides.planned.patient.target
    anatomy = sides.drawn.anatomy if sides.drawn else carried_anatomy(planned.patient.anatomy, registration)
    every = registration.seeds(planned.plan.seeds).joined(found.to_seeds(1.0))
    lower, upper = anatomy.structures[target].bounds_mm()
    beyond = np.maximum(lower - every.positions_mm, every.positions_mm - upper).max(axis=1)
    near = every.select(beyond <= GRID_WITHIN_MM)
    return dose_grid_round(near if near.count else every, anatomy, target, options.dose_grid_mm)


def carried_anatomy(anatomy: PlanAnatomy, registration: Registration) -> PlanAnatomy:
    """Return the plan's structures in the implant's space."""
    moved = {name: registration.structure(anatomy.structures[name]) for name in anatomy.roles.names}
    return PlanAnatomy(moved, anatomy.roles)


def _source(planned: PlanSide) -> Source:
    source = load_source(planned.plan.source)
    return source.as_surrogate_for(planned.plan.surrogate_for) if planned.plan.surrogate_for else source


def _inputs(options: argparse.Namespace, sides: _Sides) -> tuple[tuple[str, str], ...]:
    planning = sides.planned.image
    return (
        ("Plan", options.plan.name),
        ("Planning image", planning.description if planning else "none"),
        ("Implant CT", sides.image.description),
        ("Structures", "carried over from the plan" if options.carry else options.structures.name),
        ("Seeds", "found on the implant CT" if options.seeds is None else f"from {options.seeds.name}"),
        ("Site profile", options.profile or "none"),
    )
