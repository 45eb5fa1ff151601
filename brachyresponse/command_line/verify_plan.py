"""The plan's side of a verification: the plan, its image and its structures, from our files or from DICOM."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from brachyresponse.command_line.anatomy import PatientAnatomy, anatomy_of_rois, read_anatomy
from brachyresponse.command_line.images import Notes, PatientImage, is_dicom, of_series, read_image
from brachyresponse.dicom import DicomPlan, DicomStudy, read_study
from brachyresponse.errors import InputFileError
from brachyresponse.planning import ImplantPlan, check_same_patient, read_plan

DICOM_ONLY = ("source", "prescription_gy", "plan_date")


@dataclass(frozen=True, eq=False)
class PlanSide:
    """A plan with the structures it was made on, and its image where there is one."""

    plan: ImplantPlan
    patient: PatientAnatomy
    image: PatientImage | None
    notes: Notes = ()

    @property
    def frame_of_reference_uid(self) -> str:
        """Frame of reference of plan and image; empty where it is not known."""
        return self.plan.frame_of_reference_uid or (self.image.frame_of_reference_uid if self.image else "")


def read_plan_side(options: argparse.Namespace) -> PlanSide:
    """Return what the options say of the plan.

    Raises
    ------
    BrachyResponseError
        A file cannot be read, something is missing, or plan, image and structures do not belong together.
    """
    if is_dicom(options.plan):
        return _from_dicom(options)
    for option in DICOM_ONLY:
        if getattr(options, option) is not None:
            raise InputFileError(
                f"--{option.replace('_', '-')} cannot be changed with a plan.json: it is the plan's; leave it out."
            )
    image = None if options.plan_image is None else read_image(options.plan_image)
    plan = read_plan(options.plan)
    patient = _drawn(options, image, None)
    return PlanSide(_checked(plan, image), patient, image, (*_notes(image), *patient.notes))


def _from_dicom(options: argparse.Namespace) -> PlanSide:
    study = read_study(options.plan if options.plan.is_dir() else [options.plan])
    found = _only_plan(study, options.plan)
    plan = found.to_implant_plan(
        implant_date=options.implant_date,
        source=options.source or "",
        prescription_gy=options.prescription_gy,
        target=found.target or options.target,
        created=datetime.combine(options.plan_date, time()) if options.plan_date else None,
    )
    image = _image_of(options, study)
    patient = _drawn(options, image, (study, found))
    notes = (*study.warnings, *([plan.notes] if plan.notes else []))
    return PlanSide(_checked(plan, image), patient, image, (*_notes(image), *notes, *patient.notes))


def _only_plan(study: DicomStudy, path: Path) -> DicomPlan:
    if len(study.plans) == 1:
        return study.plans[0]
    listed = ", ".join(repr(plan.label) for plan in study.plans) or "none"
    raise InputFileError(
        f"{path.name!r} holds {len(study.plans)} DICOM RT Plans ({listed}), expected one: give the file of the plan."
    )


def _image_of(options: argparse.Namespace, study: DicomStudy) -> PatientImage | None:
    if options.plan_image is not None:
        return read_image(options.plan_image)
    return of_series(options.plan, study.read_ct()) if study.series else None


def _drawn(
    options: argparse.Namespace, image: PatientImage | None, dicom: tuple[DicomStudy, DicomPlan] | None
) -> PatientAnatomy:
    """Return the structures: those that are given, else those on which a DICOM plan was made."""
    if options.plan_structures is not None:
        if image is None:
            raise InputFileError("--plan-structures needs the image it was drawn on: give --plan-image.")
        return read_anatomy(options, image, options.plan_structures, dict(options.plan_label or options.label))
    drawn = dicom[0].structures_of(dicom[1]) if dicom else None
    if drawn is None:
        raise InputFileError("The plan's structures are missing: give --plan-image and --plan-structures.")
    return anatomy_of_rois(options, drawn, image)


def _checked(plan: ImplantPlan, image: PatientImage | None) -> ImplantPlan:
    if image is not None:
        check_same_patient(plan, image.patient_id, image.frame_of_reference_uid)
    return plan


def _notes(image: PatientImage | None) -> Notes:
    return () if image is None else tuple(f"Planning image: {note}" for note in image.geometry_notes)
