"""A perfusion scan of the digital patient at one visit, with its truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from brachyresponse.digital_patient.head import Head
from brachyresponse.digital_patient.patient import IMPLANT_DATE, PATIENT_ID, DigitalPatient
from brachyresponse.digital_patient.perfusion.implant_seeds import schematic_seeds
from brachyresponse.digital_patient.perfusion.lying import LyingHead, moved_seeds, position_at
from brachyresponse.digital_patient.perfusion.scans import anatomical_images, dynamic_series, flip_angle_series
from brachyresponse.digital_patient.perfusion.tables import PatientVariant, Visit, table, tissues_at
from brachyresponse.digital_patient.perfusion.truth import PerfusionTruth, diagnosis_of, truth_of
from brachyresponse.digital_patient.perfusion.visit_head import head_at
from brachyresponse.geometry import Structure, Volume
from brachyresponse.perfusion.series import DynamicSeries, SeriesKind
from brachyresponse.perfusion.study import FlipAngleSeries
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray

LESION, WHITE_MATTER = "Lesion", "White matter"


@dataclass(frozen=True, eq=False)
class DigitalPerfusion:
    """A perfusion scan as the scanner gives it, what a reader would draw, and the truth.

    All of it lies in the visit's own RAS; ``plan_to_visit`` (4, 4) takes the plan's RAS there. ``anatomical`` (T1 after
    contrast agent), ``flair``, ``t2star`` and all structures share one grid, the series and the flip angles another.
    ``vfa`` belongs to DCE and is None for DSC. ``seeds`` are those in the patient on that day: none before the implant.
    """

    patient_id: str
    scan_date: date
    implant_date: date
    variant: PatientVariant
    visit: Visit
    kind: SeriesKind
    series: DynamicSeries
    vfa: FlipAngleSeries | None
    anatomical: Volume
    flair: Volume
    t2star: Volume
    lesions: Mapping[str, Structure]
    white_matter: Structure
    structures: Mapping[str, Structure]
    """Arteries, Sinus, Ventricles, Implanted target, and Necrosis where there is any."""
    seeds: Seeds
    plan_to_visit: FloatArray
    truth: PerfusionTruth


def perfusion_visit(  # noqa: PLR0913 - whose scan, which one, and what chance may do
    patient: DigitalPatient | Head | None = None,
    *,
    variant: PatientVariant | str = PatientVariant.RECURRENCE_AT_MARGIN,
    visit: Visit | str = Visit.FOLLOW_UP,
    kind: SeriesKind | str = SeriesKind.DCE,
    seeds: Seeds | None = None,
    random_seed: int = 0,
    report: Report = ignore_progress,
) -> DigitalPerfusion:
    """Scan the digital patient's perfusion: about three seconds, no data from outside.

    Parameters
    ----------
    patient
        The patient, or a head of another anatomy; by default that of ``build_patient()``.
    variant
        What became of the tumour.
    visit
        Before the implant, or at the follow-up.
    kind
        DCE or DSC.
    seeds
        The implanted ones in the plan's RAS; by default a schematic implant of the tumour.
    random_seed
        Of noise and motion; the same number gives the same scan.
    report
        Told the progress; may raise ``Cancelled``.
    """
    variant, visit, kind = PatientVariant(variant), Visit(visit), SeriesKind(kind)
    head = patient.truth.head if isinstance(patient, DigitalPatient) else patient or Head()
    random = np.random.default_rng((random_seed, list(Visit).index(visit), list(SeriesKind).index(kind)))
    plan_to_visit = position_at(visit)
    implanted = Seeds.none() if visit is Visit.BEFORE else moved_seeds(seeds or schematic_seeds(head), plan_to_visit)
    anatomy, tissues = head_at(head, variant, visit), tissues_at(variant, visit)
    lying = LyingHead(anatomy, tissues, plan_to_visit, implanted)
    scanned = lying.on_grid(kind, share_of(report, 0.0, 0.25))
    series, motion = dynamic_series(scanned, kind, random, share_of(report, 0.25, 0.7))
    still = lying.on_grid("anatomical", share_of(report, 0.7, 0.95))
    images = anatomical_images(still, random)
    drawn = lying.structures(still.grid)
    return DigitalPerfusion(
        patient_id=PATIENT_ID,
        scan_date=scan_date(visit),
        implant_date=IMPLANT_DATE,
        variant=variant,
        visit=visit,
        kind=kind,
        series=series,
        vfa=flip_angle_series(scanned, random) if kind is SeriesKind.DCE else None,
        anatomical=images["T1 post-contrast"],
        flair=images["FLAIR"],
        t2star=images["T2*"],
        lesions={LESION: drawn.pop(LESION)},
        white_matter=drawn.pop(WHITE_MATTER),
        structures=drawn,
        seeds=implanted,
        plan_to_visit=plan_to_visit,
        truth=truth_of(scanned, kind, motion, diagnosis_of(variant, visit)),
    )


def scan_date(visit: Visit) -> date:
    """Return the day of a visit."""
    return IMPLANT_DATE + timedelta(days=table("variants")["visits"][f"{visit}_days"])
