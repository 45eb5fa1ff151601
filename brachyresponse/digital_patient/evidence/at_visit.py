"""The session of advanced MRI laid on the visit of a course: the lesions of the course in its own anatomy.

The courses have lesions that follow their laws, so that a session of the perfusion part's anatomy would lie beside
them. Here the head is painted with the lesions of the course as they are on the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from brachyresponse.digital_patient.evidence.diffusion import diffusion_scan
from brachyresponse.digital_patient.evidence.session import EvidenceSession, EvidenceTruth
from brachyresponse.digital_patient.evidence.spectra import Spectroscopist
from brachyresponse.digital_patient.evidence.tables import session_facts
from brachyresponse.digital_patient.head import Head, Region
from brachyresponse.digital_patient.perfusion.lying import LyingHead
from brachyresponse.digital_patient.perfusion.mixing import tissue_shares
from brachyresponse.digital_patient.perfusion.scans import ScannedHead
from brachyresponse.digital_patient.perfusion.tables import PatientVariant, Visit, tissues_at
from brachyresponse.digital_patient.perfusion.visit_head import OPPOSITE_WHITE_MATTER, REPAINTED, head_at
from brachyresponse.digital_patient.response import DigitalVisit, ResponseCourse
from brachyresponse.digital_patient.response.lesion import CourseLesion
from brachyresponse.digital_patient.shapes import Shape
from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Grid
from brachyresponse.progress import Report, ignore_progress, share_of

OEDEMA_SHARE = 1.3
"""Axes of the oedema round a lesion, of the lesion's."""
OF_TUMOUR = REPAINTED | {"oedema"}
"""Tissues of the head that belong to the tumour before treatment, which the lesions of a course take the place of."""


@dataclass(frozen=True)
class LyingCourse(LyingHead):
    """A head that is painted with the lesions of a course; tissues and shapes in the order in which they cover."""

    painting: tuple[tuple[str, Shape], ...] = ()

    def scanned(self, grid: Grid, report: Report) -> ScannedHead:
        """Return what lies in the voxels of a grid."""
        shares = tissue_shares(iter(self.painting), list(self.tissues), self._in_plan(grid), report)
        return ScannedHead(grid, shares, self.tissues, self.seeds.positions_mm)


def session_at_visit(
    course: ResponseCourse, *, random_seed: int = 0, report: Report = ignore_progress
) -> EvidenceSession:
    """Scan diffusion and spectra of a course at the visit of its session: about two seconds.

    Raises
    ------
    ResponseError
        The course has no such session, or no visit with the lesion on its day.
    """
    facts = session_facts(course.variant)
    visit, lesion = _visit_of(course, facts["day"], facts["lesion"])
    lying = _lying(course, visit, lesion, PatientVariant(facts["anatomy"]))
    random = np.random.default_rng((random_seed, facts["day"]))
    diffusion = diffusion_scan(lying, facts["adc"], random, share_of(report, 0.0, 0.6))
    grid = visit.volume.grid
    drawn = lying.drawn({"White matter": Region((OPPOSITE_WHITE_MATTER,)), **_core(visit, lesion)}, grid)
    report(0.7, "Digital patient: spectra")
    seed = 100 * random_seed + facts["day"]
    measuring = Spectroscopist(visit.lesions[lesion.id], visit.seeds, facts["mixture"], seed)
    return EvidenceSession(
        variant=course.variant,
        patient_id=course.patient_id,
        scan_date=visit.date,
        lesion_id=lesion.id,
        lesion=visit.lesions[lesion.id],
        core=drawn.get("Core"),
        white_matter=drawn["White matter"],
        seeds=visit.seeds,
        plan_to_visit=visit.plan_to_visit,
        diffusion=diffusion,
        single_voxel=measuring.single_voxel(),
        grid=measuring.grid() if facts.get("has_grid") else None,
        truth=_truth(facts["diagnosis"], diffusion.adc_of_tissues, has_core="Core" in drawn),
        pet=facts.get("pet", {}),
    )


def _visit_of(course: ResponseCourse, day: int, lesion_id: str) -> tuple[DigitalVisit, CourseLesion]:
    """The visit nearest to the day of the session at which the lesion is seen."""
    lesions = {lesion.id: lesion for lesion in course.lesions}
    seen = [visit for visit in course.visits if lesion_id in visit.lesions]
    if lesion_id not in lesions or not seen:
        raise ResponseError(f"The course {course.variant} shows no lesion {lesion_id!r} at any visit.")
    return min(seen, key=lambda visit: abs(visit.day - day)), lesions[lesion_id]


def _lying(course: ResponseCourse, visit: DigitalVisit, asked: CourseLesion, variant: PatientVariant) -> LyingCourse:
    head = Head()
    return LyingCourse(
        head_at(head, variant, Visit.FOLLOW_UP),
        tissues_at(variant, Visit.FOLLOW_UP),
        visit.plan_to_visit,
        visit.seeds,
        tuple(_painting(head, course, visit, asked)),
    )


def _painting(
    head: Head, course: ResponseCourse, visit: DigitalVisit, asked: CourseLesion
) -> Iterator[tuple[str, Shape]]:
    yield from ((tissue, shape) for tissue, shape in head.painting() if tissue not in OF_TUMOUR)
    seen = [lesion for lesion in course.lesions if lesion.id in visit.lesions]
    for lesion in seen:
        yield "oedema", lesion.shape(visit.day, share=OEDEMA_SHARE)
    for lesion in sorted(seen, key=lambda each: each is asked):
        yield "lesion" if lesion is asked else "treated tumour", lesion.shape(visit.day)
        if lesion.core_share:
            yield "necrosis", lesion.shape(visit.day, share=lesion.core_share)


def _core(visit: DigitalVisit, lesion: CourseLesion) -> dict[str, Region]:
    return {"Core": Region((lesion.shape(visit.day, share=lesion.core_share),))} if lesion.core_share else {}


def _truth(diagnosis: str, adc: Mapping[str, float], *, has_core: bool) -> EvidenceTruth:
    known = {"lesion": adc["lesion"], "white matter": adc["white matter"]}
    if not has_core:
        return EvidenceTruth(diagnosis, known, None)
    return EvidenceTruth(diagnosis, {**known, "core": adc["necrosis"]}, adc["necrosis"] < adc["lesion"])
