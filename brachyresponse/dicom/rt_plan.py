"""An RT Plan of a permanent seed implant, as the file says it, and as a plan of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from brachyresponse.dicom.attributes import Attributes
from brachyresponse.dicom.files import read_as
from brachyresponse.dicom.plan_channels import DicomChannel, read_channels
from brachyresponse.dicom.plan_implant import implant_of
from brachyresponse.dicom.plan_kerma import kerma_warnings
from brachyresponse.dicom.plan_sources import DicomSource, check_source, read_sources, recognised_model
from brachyresponse.errors import InputFileError, PlanError
from brachyresponse.planning import ImplantPlan
from brachyresponse.planning.dates import check_reference_date
from brachyresponse.sources import load_source

MODALITY = "RTPLAN"
PERMANENT = "PERMANENT"
TARGET = "TARGET"


class PlanField(StrEnum):
    """What an RT Plan may leave open, and a person then has to say."""

    SOURCE = "source"
    """Name of a seed model of ours: the file names none, or one that is not recognised."""
    IMPLANT_DATE = "implant_date"
    """No attribute of an RT Plan holds it."""
    PRESCRIPTION_GY = "prescription_gy"
    TARGET = "target"
    """Name of the target structure."""
    CREATED = "created"
    """When the plan was made."""


@dataclass(frozen=True, eq=False)
class DicomPlan:
    """An RT Plan of a permanent implant.

    Parameters
    ----------
    created
        Day and time of the plan; None where the file does not say.
    prescription_gy
        Prescribed dose of the target; None where there is none, or several targets have different ones.
    target, target_roi_number
        Name of the target and its number in the structure set, as far as the file says.
    source
        Name of the seed model of ours that the file's sources are; empty where they are not recognised.
    structure_set_uid
        SOP instance of the structure set the plan was made on.
    warnings
        What was assumed and what a person should know, one sentence each.
    """

    label: str
    patient_id: str
    frame_of_reference_uid: str
    instance_uid: str
    structure_set_uid: str
    created: datetime | None
    prescription_gy: float | None
    target: str
    target_roi_number: int | None
    source: str
    sources: tuple[DicomSource, ...]
    channels: tuple[DicomChannel, ...]
    warnings: tuple[str, ...] = ()

    @property
    def seed_count(self) -> int:
        """Number of seeds in all channels."""
        return sum(channel.count for channel in self.channels)

    @property
    def missing(self) -> tuple[PlanField, ...]:
        """What :meth:`to_implant_plan` has to be told."""
        known = {
            PlanField.SOURCE: bool(self.source),
            PlanField.PRESCRIPTION_GY: self.prescription_gy is not None,
            PlanField.TARGET: bool(self.target),
            PlanField.CREATED: self.created is not None,
            PlanField.IMPLANT_DATE: False,
        }
        return tuple(field for field, is_known in known.items() if not is_known)

    @property
    def reference_dates(self) -> tuple[date, ...]:
        """Days for which the strengths are certified, sorted: many systems write the day of the implant."""
        return tuple(sorted({source.reference.date() for source in self.sources}))

    def to_implant_plan(
        self,
        *,
        implant_date: date | None = None,
        source: str = "",
        prescription_gy: float | None = None,
        target: str = "",
        created: datetime | None = None,
    ) -> ImplantPlan:
        """Return the plan as ours, strengths decayed to the day of the implant.

        What is given here goes before what the file says. Assumptions are in the plan's notes.

        Parameters
        ----------
        implant_date
            With a time where that is known; a date alone is its midnight.
        source
            Name of a seed model of ours; where the file names another one, it stands in for that as a surrogate.

        Raises
        ------
        PlanError
            Something the file leaves open was not given (all of it is named), the seed model is of another nuclide or
            half-life, or the strengths' reference date cannot belong to the implant.
        SourceError
            There is no such seed model.
        """
        filled = replace(
            self,
            source=source or self.source,
            prescription_gy=self.prescription_gy if prescription_gy is None else prescription_gy,
            target=target or self.target,
            created=created or self.created,
        )
        return _implant_plan(self, filled, implant_date)


def read_rt_plan(path: str | Path) -> DicomPlan:
    """Return the RT Plan of a permanent implant, turned from LPS to RAS.

    Raises
    ------
    InputFileError
        The file cannot be read, is no brachytherapy plan, is not permanent (HDR, PDR, temporary), or misses what
        cannot be asked of a person: sources, strengths with their date, positions. The message names it.
    """
    return plan_of(read_as(path, MODALITY, "RT Plan"))


def plan_of(attributes: Attributes) -> DicomPlan:
    """Return the plan of a dataset; errors as :func:`read_rt_plan`."""
    _check_permanent(attributes)
    sources = read_sources(attributes)
    channels = read_channels(attributes)
    prescription_gy, target, roi_number, notes = _prescription(attributes)
    return DicomPlan(
        label=attributes.text("RTPlanLabel", "") or "RT Plan",
        patient_id=attributes.text("PatientID", ""),
        frame_of_reference_uid=attributes.text("FrameOfReferenceUID", ""),
        instance_uid=attributes.text("SOPInstanceUID", ""),
        structure_set_uid=next(iter(attributes.referenced_uids("ReferencedStructureSetSequence")), ""),
        created=attributes.moment("RTPlanDate", "RTPlanTime")
        or attributes.moment("InstanceCreationDate", "InstanceCreationTime"),
        prescription_gy=prescription_gy,
        target=target,
        target_roi_number=roi_number,
        source=recognised_model(sources),
        sources=sources,
        channels=channels,
        warnings=(*notes, *kerma_warnings(attributes, sources, channels)),
    )


def _check_permanent(attributes: Attributes) -> None:
    technique = attributes.text("BrachyTreatmentTechnique", "")
    if technique == PERMANENT:
        return
    if not technique:
        raise InputFileError(
            f"{attributes.where}: the plan has no Brachy Treatment Technique, expected {PERMANENT}: it is not a "
            "brachytherapy plan, or was exported without its technique."
        )
    kind = attributes.text("BrachyTreatmentType", "")
    raise InputFileError(
        f"{attributes.where}: the plan is {technique}{f', {kind}' if kind else ''}, expected {PERMANENT}: only "
        "permanent seed implants are read."
    )


def _prescription(attributes: Attributes) -> tuple[float | None, str, int | None, list[str]]:
    """Dose, name and ROI number of the target, and what a person should know of them."""
    references = [
        item for item in attributes.items("DoseReferenceSequence") if item.text("DoseReferenceType", "") == TARGET
    ]
    prescribed = [item for item in references if item.has("TargetPrescriptionDose")]
    doses = sorted({item.number("TargetPrescriptionDose") for item in prescribed})
    if len(doses) > 1:
        listed = " and ".join(f"{dose:g}" for dose in doses)
        return None, "", None, [f"The RT Plan prescribes {listed} Gy to different targets: choose target and dose."]
    chosen = prescribed or references
    if not chosen:
        return None, "", None, ["The RT Plan names no target and no prescribed dose."]
    target = chosen[0].text("DoseReferenceDescription", "")
    number = chosen[0].whole("ReferencedROINumber") if chosen[0].has("ReferencedROINumber") else None
    return doses[0] if doses else None, target, number, []


def _implant_plan(plan: DicomPlan, filled: DicomPlan, implant_date: date | None) -> ImplantPlan:
    """A plan of ours from a file's plan that was filled in by a person."""
    dose, created = filled.prescription_gy, filled.created
    if implant_date is None or dose is None or created is None or len(filled.missing) > 1:
        raise _incomplete(filled, implant_date)
    model = load_source(filled.source)
    notes = check_source(plan.sources, model)
    for day in plan.reference_dates:
        check_reference_date(day, _as_day(implant_date))
    strengths_u = {one.number: one.strength_at(implant_date, model.half_life_days) for one in plan.sources}
    needles, seeds, assumed = implant_of(plan.channels, strengths_u)
    return ImplantPlan(
        patient_id=plan.patient_id,
        frame_of_reference_uid=plan.frame_of_reference_uid,
        created=created,
        implant_date=implant_date,
        target=filled.target,
        source=filled.source,
        prescription_gy=dose,
        needles=needles,
        seeds=seeds,
        name=plan.label,
        surrogate_for="" if filled.source == plan.source else _named_model(plan.sources),
        notes=" ".join((*plan.warnings, *notes, *assumed)),
    )


def _incomplete(plan: DicomPlan, implant_date: date | None) -> PlanError:
    fields = [field for field in plan.missing if field is not PlanField.IMPLANT_DATE or implant_date is None]
    named = _named_model(plan.sources)
    model = f" (the file calls its seeds {named!r})" if named and PlanField.SOURCE in fields else ""
    return PlanError(f"The RT Plan {plan.label!r} leaves open: {', '.join(fields)}{model}; give them.")


def _named_model(sources: Sequence[DicomSource]) -> str:
    """Manufacturer and model as the file names them; empty where it names no model."""
    return next((source.label for source in sources if source.model_id), "")


def _as_day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
