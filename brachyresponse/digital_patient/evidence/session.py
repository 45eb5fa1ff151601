"""One session of advanced MRI a course: diffusion and spectra of the lesion that is asked about, with the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np

from brachyresponse.digital_patient.evidence.diffusion import DigitalDiffusion, diffusion_scan
from brachyresponse.digital_patient.evidence.spectra import DigitalSpectra, Spectroscopist
from brachyresponse.digital_patient.evidence.tables import session_facts
from brachyresponse.digital_patient.head import Head, Region
from brachyresponse.digital_patient.patient import IMPLANT_DATE, PATIENT_ID, DigitalPatient
from brachyresponse.digital_patient.perfusion.implant_seeds import schematic_seeds
from brachyresponse.digital_patient.perfusion.lying import LyingHead, moved_seeds, position_at
from brachyresponse.digital_patient.perfusion.scans import grid_of
from brachyresponse.digital_patient.perfusion.tables import PatientVariant, Visit, tissues_at
from brachyresponse.digital_patient.perfusion.visit_head import OPPOSITE_WHITE_MATTER, head_at
from brachyresponse.digital_patient.response.tables import ResponseVariant
from brachyresponse.geometry import Structure
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray


@dataclass(frozen=True, eq=False)
class EvidenceTruth:
    """What the lesion truly is, and what is known of diffusion.

    Parameters
    ----------
    diagnosis
        Recurrence, necrosis or treatment effect.
    adc_um2_per_s
        1e-6 mm2/s, by ``lesion`` (its solid part), ``core`` where there is one, and ``white matter``.
    has_restricted_core
        None without a core.
    """

    diagnosis: str
    adc_um2_per_s: Mapping[str, float]
    has_restricted_core: bool | None


@dataclass(frozen=True, eq=False)
class EvidenceSession:
    """Diffusion and spectra of one visit, and what a reader would draw, in the visit's own RAS.

    Parameters
    ----------
    lesion_id
        The lesion of the course that is asked about.
    lesion, core, white_matter
        On the grid of the anatomical images; the lesion with its core, which is None where it has none.
    seeds
        Of the implant as they lie.
    single_voxel, grid
        Spectra; the grid is None where none was measured.
    pet
        A value typed in: tracer, measure, value, unit, reference region; empty where there is none.
    """

    variant: ResponseVariant
    patient_id: str
    scan_date: date
    lesion_id: str
    lesion: Structure
    core: Structure | None
    white_matter: Structure
    seeds: Seeds
    plan_to_visit: FloatArray
    diffusion: DigitalDiffusion
    single_voxel: DigitalSpectra
    grid: DigitalSpectra | None
    truth: EvidenceTruth
    pet: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def evidence_session(
    variant: ResponseVariant | str = ResponseVariant.PROGRESSION_AT_MARGIN,
    *,
    patient: DigitalPatient | Head | None = None,
    seeds: Seeds | None = None,
    random_seed: int = 0,
    report: Report = ignore_progress,
) -> EvidenceSession:
    """Scan diffusion and spectra of a course at its last visit, or at that of its pseudoprogression: about a second.

    Parameters
    ----------
    variant
        What becomes of the implanted lesion; the neck node has no such session.
    patient
        The patient, or a head of another anatomy; by default that of ``build_patient()``.
    seeds
        The implanted ones in the plan's RAS; by default a schematic implant of the tumour.
    random_seed
        Of the noise; the same number gives the same scan.
    report
        Told the progress; may raise ``Cancelled``.

    Raises
    ------
    ResponseError
        The course has no such session.
    """
    variant = ResponseVariant(variant)
    facts = session_facts(variant)
    head = patient.truth.head if isinstance(patient, DigitalPatient) else patient or Head()
    start = patient.implant_date if isinstance(patient, DigitalPatient) else IMPLANT_DATE
    lying = _lying(head, PatientVariant(facts["anatomy"]), seeds)
    number = list(ResponseVariant).index(variant)
    random = np.random.default_rng((random_seed, number))
    diffusion = diffusion_scan(lying, facts["adc"], random, share_of(report, 0.0, 0.6))
    drawn = _drawn(lying)
    lesion = replace(drawn["Lesion"], name=facts["lesion"])
    report(0.7, "Digital patient: spectra")
    measuring = Spectroscopist(lesion, lying.seeds, facts["mixture"], 100 * random_seed + number)
    return EvidenceSession(
        variant=variant,
        patient_id=PATIENT_ID,
        scan_date=start + timedelta(days=facts["day"]),
        lesion_id=facts["lesion"],
        lesion=lesion,
        core=drawn.get("Core"),
        white_matter=drawn["White matter"],
        seeds=lying.seeds,
        plan_to_visit=lying.plan_to_visit,
        diffusion=diffusion,
        single_voxel=measuring.single_voxel(),
        grid=measuring.grid() if facts.get("has_grid") else None,
        truth=_truth(facts, diffusion, has_core="Core" in drawn),
        pet=facts.get("pet", {}),
    )


def _lying(head: Head, variant: PatientVariant, seeds: Seeds | None) -> LyingHead:
    """Return the head at the follow-up of the perfusion part, as it lies there."""
    plan_to_visit = position_at(Visit.FOLLOW_UP)
    lying_seeds = moved_seeds(seeds or schematic_seeds(head), plan_to_visit)
    anatomy, tissues = head_at(head, variant, Visit.FOLLOW_UP), tissues_at(variant, Visit.FOLLOW_UP)
    return LyingHead(anatomy, tissues, plan_to_visit, lying_seeds)


def _drawn(lying: LyingHead) -> dict[str, Structure]:
    anatomy = lying.anatomy
    regions = {"Lesion": Region((anatomy.lesion,)), "White matter": Region((OPPOSITE_WHITE_MATTER,))}
    if anatomy.lesion_core is not None:
        regions["Core"] = Region((anatomy.lesion_core,))
    return lying.drawn(regions, grid_of("anatomical", lying.plan_to_visit))


def _truth(facts: Mapping[str, Any], diffusion: DigitalDiffusion, *, has_core: bool) -> EvidenceTruth:
    adc = diffusion.adc_of_tissues
    known = {"lesion": float(adc["lesion"]), "white matter": float(adc["white matter"])}
    if has_core:
        known["core"] = float(adc["necrosis"])
    restricted = known["core"] < known["lesion"] if has_core else None
    return EvidenceTruth(facts["diagnosis"], MappingProxyType(known), restricted)
