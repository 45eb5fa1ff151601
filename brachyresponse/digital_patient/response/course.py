"""The digital patient's visits after the implant, with the truth of every one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from brachyresponse.digital_patient.head import Head
from brachyresponse.digital_patient.patient import IMPLANT_DATE, PATIENT_ID, DigitalPatient
from brachyresponse.digital_patient.perfusion.tables import PatientVariant, Visit, tissues_at
from brachyresponse.digital_patient.perfusion.visit import scan_date
from brachyresponse.digital_patient.response.lesion import CourseLesion
from brachyresponse.digital_patient.response.making import CourseMaker
from brachyresponse.digital_patient.response.site import Site
from brachyresponse.digital_patient.response.tables import ResponseVariant, course_facts, schedule_of
from brachyresponse.digital_patient.response.truth import CourseTruth
from brachyresponse.digital_patient.response.visit import DigitalVisit
from brachyresponse.geometry import Volume
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.response.treatment import TreatmentRecord, Tumour
from brachyresponse.response.vocabulary import CriteriaName, VisitRole
from brachyresponse.seeds import Seeds

NECK_PATIENT_ID = "BrachyResponse-digital-neck"


@dataclass(frozen=True)
class PerfusionPoint:
    """The true ratio of blood volume of lesion to white matter on a day."""

    date: date
    ratio: float


@dataclass(frozen=True, eq=False)
class ResponseCourse:
    """A patient's visits, treatments and truth.

    Parameters
    ----------
    lesions
        With their laws, in the plan's frame.
    treatments
        The record; the tumour is in it too.
    reference_date
        The day that counts as the end of radiation, as a reader chose it: that of the implant. None for RECIST.
    seeds, dose
        The implant and its total dose, in the plan's RAS.
    schedule
        The id of that of the visits.
    perfusion
        Where the variant's perfusion is known: before the implant and at the follow-up.
    """

    variant: ResponseVariant
    title: str
    patient_id: str
    criteria: CriteriaName
    implant_date: date
    reference_date: date | None
    lesions: tuple[CourseLesion, ...]
    visits: tuple[DigitalVisit, ...]
    treatments: TreatmentRecord
    seeds: Seeds
    dose: Volume
    prescription_gy: float
    perfusion: tuple[PerfusionPoint, ...]
    truth: CourseTruth
    schedule: str

    @property
    def tumour(self) -> Tumour | None:
        """What was treated."""
        return self.treatments.tumour

    @property
    def baseline(self) -> DigitalVisit:
        """The visit to which the others are compared."""
        return next(visit for visit in self.visits if visit.role is VisitRole.BASELINE)


def response_course(
    variant: ResponseVariant | str = ResponseVariant.PROGRESSION_AT_MARGIN,
    *,
    patient: DigitalPatient | Head | None = None,
    seeds: Seeds | None = None,
    voxel_mm: float = 1.0,
    random_seed: int = 0,
    report: Report = ignore_progress,
) -> ResponseCourse:
    """Follow the digital patient after the implant: about a second a visit, no data from outside.

    Parameters
    ----------
    variant
        What becomes of the implanted lesion.
    patient
        The patient, or a head of another anatomy; by default that of ``build_patient()``. The neck has its own.
    seeds
        The implanted ones in the plan's RAS; by default a schematic implant.
    voxel_mm
        Of the images, in every direction.
    random_seed
        Of the noise; the same number gives the same images.
    report
        Told the progress; may raise ``Cancelled``.

    Raises
    ------
    ResponseError
        There is no such variant.
    """
    variant = ResponseVariant(variant)
    facts = course_facts(variant)
    head = patient.truth.head if isinstance(patient, DigitalPatient) else patient or Head()
    site = Site(facts["site"], head if facts["site"] == "head" else None)
    implanted = seeds if seeds is not None and site.head is not None else site.schematic_seeds()
    start = patient.implant_date if isinstance(patient, DigitalPatient) else IMPLANT_DATE
    maker = CourseMaker(variant, site, implanted, start, voxel_mm, random_seed)
    visits = maker.visits(report)
    return ResponseCourse(
        variant=variant,
        title=facts["title"],
        patient_id=PATIENT_ID if site.head else NECK_PATIENT_ID,
        criteria=maker.criteria,
        implant_date=start,
        reference_date=start if site.head else None,
        lesions=maker.lesions,
        visits=visits,
        treatments=maker.treatments(),
        seeds=implanted,
        dose=site.dose(implanted),
        prescription_gy=float(site.figures["implant"]["prescription_gy"]),
        perfusion=perfusion_points(variant),
        truth=maker.truth(visits),
        schedule=schedule_of(variant),
    )


def perfusion_points(variant: ResponseVariant) -> tuple[PerfusionPoint, ...]:
    """Return the true ratios of blood volume of the variant's perfusion scans; none where it has none."""
    name = course_facts(variant)["perfusion_variant"]
    if name is None:
        return ()
    points = []
    for visit in Visit:
        tissues = tissues_at(PatientVariant(name), visit)
        ratio = tissues["lesion"].cbv_ml_per_100ml / tissues["white matter"].cbv_ml_per_100ml
        points.append(PerfusionPoint(scan_date(visit), ratio))
    return tuple(points)
