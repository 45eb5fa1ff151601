"""The digital patient's visits after the implant, with the truth of every one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from brachyresponse.digital_patient.head import Head
from brachyresponse.digital_patient.painting import rotation
from brachyresponse.digital_patient.patient import IMPLANT_DATE, PATIENT_ID, DigitalPatient
from brachyresponse.digital_patient.perfusion.tables import PatientVariant, Visit, tissues_at
from brachyresponse.digital_patient.perfusion.visit import scan_date
from brachyresponse.digital_patient.response.lesion import CourseLesion, TrueSize
from brachyresponse.digital_patient.response.scan import Scene, seeds_at
from brachyresponse.digital_patient.response.site import Site
from brachyresponse.digital_patient.response.tables import (
    ResponseVariant,
    course_facts,
    lesions_of,
    table,
    visible_from_mm,
)
from brachyresponse.digital_patient.response.truth import Adjudicated, CourseTruth, true_sum
from brachyresponse.geometry import Structure, Volume
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.response.treatment import Treatment, TreatmentRecord, Tumour, new_treatment
from brachyresponse.response.vocabulary import (
    Category,
    ClinicalStatus,
    CriteriaName,
    NonTargetStatus,
    SteroidTrend,
    T2Flair,
    VisitRole,
)
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray

NECK_PATIENT_ID = "BrachyResponse-digital-neck"


@dataclass(frozen=True)
class VisitReading:
    """What a reader says of a visit beside the lesions; None where the criteria do not ask."""

    non_target: NonTargetStatus = NonTargetStatus.NONE
    t2_flair: T2Flair | None = T2Flair.STABLE_OR_IMPROVED
    steroid_dose_mg: float | None = 0.0
    steroid_trend: SteroidTrend | None = SteroidTrend.STABLE
    clinical_status: ClinicalStatus | None = ClinicalStatus.STABLE_OR_IMPROVED


@dataclass(frozen=True, eq=False)
class DigitalVisit:
    """One visit as the scanner gives it and a reader draws it, in the visit's own RAS.

    Parameters
    ----------
    day
        After the implant; negative before it.
    volume
        T1-weighted MRI after contrast agent, or CT, in axial slices.
    lesions
        What a careful reader draws, on the volume's grid, by name; what is too small to be seen is missing.
    new_lesions
        Names of those that the baseline did not have.
    sizes
        Exact sizes of the drawn lesions.
    seeds
        As they lie on that day; none before the implant.
    plan_to_visit, to_baseline
        (4, 4) RAS: from the plan to this visit, and from this visit to the baseline.
    """

    date: date
    day: int
    role: VisitRole
    volume: Volume
    lesions: Mapping[str, Structure]
    new_lesions: tuple[str, ...]
    sizes: Mapping[str, TrueSize]
    reading: VisitReading
    seeds: Seeds
    plan_to_visit: FloatArray
    to_baseline: FloatArray


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
    schedule: str = ""

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
    maker = _Maker(variant, site, implanted, start, voxel_mm, random_seed)
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
        schedule=facts["schedule"],
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


@dataclass(frozen=True)
class _Maker:
    """Makes the parts of a course from its facts."""

    variant: ResponseVariant
    site: Site
    seeds: Seeds
    implant_date: date
    voxel_mm: float
    random_seed: int
    lesions: tuple[CourseLesion, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lesions", lesions_of(self.variant, self.site.implant_centre_mm))

    @property
    def facts(self) -> dict[str, Any]:
        return course_facts(self.variant)

    @property
    def criteria(self) -> CriteriaName:
        return CriteriaName(self.facts["criteria"])

    def visits(self, report: Report) -> tuple[DigitalVisit, ...]:
        """Scan every visit."""
        records = self.facts["visits"]
        motions = [_position(number) for number in range(len(records))]
        baseline = next(n for n, record in enumerate(records) if record.get("role") == VisitRole.BASELINE)
        visits = []
        for number, record in enumerate(records):
            report(number / len(records), f"Digital patient: visit {number + 1} of {len(records)}")
            to_baseline = motions[baseline] @ np.linalg.inv(motions[number])
            visits.append(self._visit(number, dict(record), motions[number], to_baseline))
        return tuple(visits)

    def _visit(self, number: int, record: dict[str, Any], motion: FloatArray, to_baseline: FloatArray) -> DigitalVisit:
        day, role = record.pop("day"), VisitRole(record.pop("role", VisitRole.FOLLOW_UP))
        seen = tuple(lesion for lesion in self.lesions if lesion.is_visible(day, visible_from_mm()))
        scene = Scene(self.site, day, seen, seeds_at(self.seeds, seen, day, motion), motion)
        grid, on = self.site.grid(motion, self.voxel_mm), self.date_of(day)
        image = scene.image(grid, np.random.default_rng((self.random_seed, number)))
        figures = self.site.figures
        return DigitalVisit(
            date=on,
            day=day,
            role=role,
            volume=Volume(f"{figures['image']} {on}", image, grid, figures["unit"]),
            lesions=scene.drawn(grid),
            new_lesions=tuple(lesion.id for lesion in seen if lesion.is_new),
            sizes={lesion.id: lesion.size(day, motion[:3, :3]) for lesion in seen},
            reading=self._reading(record),
            seeds=scene.seeds,
            plan_to_visit=motion,
            to_baseline=to_baseline,
        )

    def _reading(self, record: dict[str, Any]) -> VisitReading:
        if self.criteria is CriteriaName.RECIST_1_1:
            return VisitReading(t2_flair=None, steroid_dose_mg=None, steroid_trend=None, clinical_status=None)
        return VisitReading(**record)

    def treatments(self) -> TreatmentRecord:
        """Return the record, its days as dates."""
        tumour = Tumour(**self.facts["tumour"])
        return TreatmentRecord(tuple(self._treatment(dict(record)) for record in self.facts["treatments"]), tumour)

    def _treatment(self, record: dict[str, Any]) -> Treatment:
        start, end = self.date_of(record.pop("day")), record.pop("until_day", None)
        return new_treatment(record.pop("kind"), start, None if end is None else self.date_of(end), **record)

    def truth(self, visits: tuple[DigitalVisit, ...]) -> CourseTruth:
        """Return what is true of the visits, and what the data file says of it."""
        expected = self.facts["expected"]
        progression, adjudicated = expected["progression_visit"], expected.get("adjudicated")
        return CourseTruth(
            sizes=tuple(visit.sizes for visit in visits),
            sums=tuple(true_sum(visit.sizes, self.lesions, self.criteria) for visit in visits),
            categories=tuple(Category(word) for word in expected["categories"]),
            best_overall_response=Category(expected["best_overall_response"]),
            progression_date=None if progression is None else visits[progression - 1].date,
            adjudicated=None if adjudicated is None else self._adjudicated(adjudicated),
            diagnosis=self.facts["diagnosis"],
            why=expected["why"],
        )

    def _adjudicated(self, record: dict[str, Any]) -> Adjudicated:
        on = self.date_of(record["day"])
        return Adjudicated(record["visit"] - 1, Category(record["category"]), record["reason"], on, record["by"])

    def date_of(self, day: int) -> date:
        """Return a day after the implant as a date."""
        return self.implant_date + timedelta(days=day)


def _position(number: int) -> FloatArray:
    """Return how the patient lies at a visit against the plan, 4x4."""
    positions = table("course")["positions"]
    position, matrix = positions[number % len(positions)], np.eye(4)
    x, y, z = position["angles_deg"]
    matrix[:3, :3] = rotation((x, y, z))
    matrix[:3, 3] = position["shift_mm"]
    return matrix
