"""The digital patient: images of the head, its structures and the truth about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from brachyresponse.digital_patient.head import Head
from brachyresponse.digital_patient.painting import paint, region_structure, tissue_table, turned_grid
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.types import Float32Array, FloatArray

PATIENT_ID = "BrachyResponse-digital-patient"
FRAME_OF_REFERENCE_UID = "2.25.137466192573844502127384500216690182001"
PLANNING_CT_DATE = date(2026, 3, 2)
IMPLANT_DATE = date(2026, 3, 6)


@dataclass(frozen=True)
class PatientTruth:
    """What is exactly known of the digital patient, from its shapes and not from its images."""

    head: Head
    tumour_centre_mm: FloatArray
    tumour_volume_cc: float
    core_volume_cc: float


@dataclass(frozen=True)
class DigitalPatient:
    """A patient before the implant: planning CT and MRI on different, oblique grids in one frame of reference.

    ``structures`` lie on the CT's grid: GTV (enhancing tumour with its core), Brainstem, Ventricles, Vessel, Skull
    and External (the skin's outline). ``truth`` holds the exact figures.
    """

    patient_id: str
    frame_of_reference_uid: str
    planning_ct_date: date
    implant_date: date
    ct: Volume
    mri: Volume
    structures: Mapping[str, Structure]
    truth: PatientTruth


def build_patient(
    *, random_seed: int = 0, head: Head | None = None, report: Report = ignore_progress
) -> DigitalPatient:
    """Build the digital patient: a few seconds, no data from outside.

    Parameters
    ----------
    random_seed
        Of the image noise; the same number gives the same patient.
    head
        Another anatomy, as at a later visit.
    report
        Told the progress; may raise ``Cancelled``.
    """
    head = head or Head()
    random = np.random.default_rng(random_seed)
    ct_grid, mri_grid = planning_ct_grid(), planning_mri_grid()
    ct = paint(head, ct_grid, "ct_hu", share_of(report, 0.0, 0.4))
    mri = paint(head, mri_grid, "mri_t1_gd", share_of(report, 0.4, 0.8))
    report(0.8, "Digital patient: structures")
    noisy_ct = ct + random.normal(0, tissue_table()["ct_noise_hu"], ct.shape).astype(np.float32)
    tumour = head.tumour
    return DigitalPatient(
        patient_id=PATIENT_ID,
        frame_of_reference_uid=FRAME_OF_REFERENCE_UID,
        planning_ct_date=PLANNING_CT_DATE,
        implant_date=IMPLANT_DATE,
        ct=Volume("Planning CT", np.clip(np.rint(noisy_ct), -1024, 3071).astype(np.int16), ct_grid, "HU"),
        mri=Volume("T1 post-contrast MRI", _with_rician_noise(mri, random), mri_grid),
        structures={name: region_structure(name, region, ct_grid) for name, region in head.structures().items()},
        truth=PatientTruth(head, np.array(tumour.centre_mm), tumour.outline.volume_cc(), tumour.core.volume_cc()),
    )


def planning_ct_grid() -> Grid:
    """Return the planning CT's grid: 1 x 1 x 1.5 mm, the head turned a little in the scanner."""
    return turned_grid((176, 216, 132), (1.0, 1.0, 1.5), (4.0, -3.0, 6.0), (0, 0, 12))


def planning_mri_grid() -> Grid:
    """Return the MRI's grid: sagittal slices of 1.2 mm, 1.1 mm in plane, turned otherwise than the CT."""
    grid = turned_grid((150, 190, 190), (1.2, 1.1, 1.1), (-9.0, 4.0, -5.0), (0, 0, 14))
    sagittal = np.array([[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]], float)
    return Grid((150, 190, 190), grid.ijk_to_ras @ sagittal)


def _with_rician_noise(signal: Float32Array, random: np.random.Generator) -> Float32Array:
    noise = tissue_table()["mri_noise"]
    real = signal + random.normal(0, noise, signal.shape).astype(np.float32)
    imaginary = random.normal(0, noise, signal.shape).astype(np.float32)
    return np.hypot(real, imaginary).astype(np.float32)
