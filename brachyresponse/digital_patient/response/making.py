"""How the parts of a course come from its record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from brachyresponse.digital_patient.painting import rotation
from brachyresponse.digital_patient.response.lesion import CourseLesion
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
from brachyresponse.digital_patient.response.visit import DigitalVisit, VisitReading
from brachyresponse.geometry import Volume
from brachyresponse.geometry.rigid import moved_points
from brachyresponse.progress import Report
from brachyresponse.response.treatment import Treatment, TreatmentRecord, Tumour, new_treatment
from brachyresponse.response.vocabulary import Category, ClinicalStatus, CriteriaName, SteroidTrend, T2Flair, VisitRole
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray

NOT_ASKED = VisitReading(
    t2_flair=T2Flair.NOT_ASSESSED,
    steroid_dose_mg=None,
    steroid_trend=None,
    clinical_status=ClinicalStatus.NOT_ASSESSED,
)
"""Of criteria that go by size alone."""


@dataclass(frozen=True)
class CourseMaker:
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
        """The variant's record."""
        return course_facts(self.variant)

    @property
    def criteria(self) -> CriteriaName:
        """By which the course is assessed."""
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
            clicks_mm={lesion.id: moved_points(lesion.click_mm(day), motion) for lesion in seen},
            reading=self._reading(record),
            seeds=scene.seeds,
            plan_to_visit=motion,
            to_baseline=to_baseline,
        )

    def _reading(self, record: dict[str, Any]) -> VisitReading:
        if self.criteria is CriteriaName.RECIST_1_1:
            return NOT_ASKED
        if "steroid_trend" in record:
            record["steroid_trend"] = SteroidTrend(record["steroid_trend"])
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
