"""The digital patient with a GliaSite balloon: images before the balloon is taken out and after, and the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from brachyresponse.digital_patient.gliasite.anatomy import Balloon, ResectedHead
from brachyresponse.digital_patient.gliasite.treatment import GliaSiteTreatment, GliaSiteTruth
from brachyresponse.digital_patient.painting import paint, region_structure, tissue_table, turned_grid
from brachyresponse.digital_patient.patient import PATIENT_ID
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.types import Float32Array

FRAME_OF_REFERENCE_UID = "2.25.137466192573844502127384500216690182950"
LOWEST_HU, HIGHEST_HU = -1024, 3071


@dataclass(frozen=True)
class GliaSitePatient:
    """A patient with a balloon in the cavity of a tumour that was taken out.

    MRI and CT with the balloon, of ``treatment.planned``, and the MRI after it was taken out, of
    ``treatment.explanted``, lie on different, oblique grids in one frame of reference. ``structures`` lie on the MRI's
    grid: Balloon, Gap (air and fluid between it and the tissue), Brainstem, Ventricles, Vessel, Skull and External.
    """

    patient_id: str
    frame_of_reference_uid: str
    mri: Volume
    ct: Volume
    mri_after: Volume
    structures: Mapping[str, Structure]
    treatment: GliaSiteTreatment
    truth: GliaSiteTruth


def gliasite_patient(
    *,
    balloon: Balloon | None = None,
    treatment: GliaSiteTreatment | None = None,
    random_seed: int = 0,
    report: Report = ignore_progress,
) -> GliaSitePatient:
    """Build the digital patient's GliaSite variant: a few seconds, no data from outside.

    Parameters
    ----------
    balloon
        Another balloon.
    treatment
        Other times, activity or prescription.
    random_seed
        Of the image noise; the same number gives the same patient.
    report
        Told the progress; may raise ``Cancelled``.
    """
    balloon, treatment = balloon or Balloon(), treatment or GliaSiteTreatment()
    random = np.random.default_rng(random_seed)
    head, after = ResectedHead(balloon=balloon), ResectedHead(balloon=balloon, is_out=True)
    mri_grid, ct_grid, after_grid = gliasite_mri_grid(), gliasite_ct_grid(), _follow_up_grid()
    mri = _mri(head, mri_grid, random, share_of(report, 0.0, 0.4))
    mri_after = _mri(after, after_grid, random, share_of(report, 0.4, 0.6))
    ct = paint(head, ct_grid, "ct_hu", share_of(report, 0.6, 0.8))
    ct += random.normal(0, tissue_table()["ct_noise_hu"], ct.shape).astype(np.float32)
    report(0.8, "Digital patient: structures")
    return GliaSitePatient(
        patient_id=PATIENT_ID,
        frame_of_reference_uid=FRAME_OF_REFERENCE_UID,
        mri=Volume("T1 post-contrast MRI with the balloon", mri, mri_grid),
        ct=Volume("CT with the balloon", np.clip(np.rint(ct), LOWEST_HU, HIGHEST_HU).astype(np.int16), ct_grid, "HU"),
        mri_after=Volume("T1 post-contrast MRI, balloon out", mri_after, after_grid),
        structures={name: region_structure(name, region, mri_grid) for name, region in head.structures().items()},
        treatment=treatment,
        truth=GliaSiteTruth.of(balloon, treatment),
    )


def gliasite_mri_grid() -> Grid:
    """Return the MRI's grid: 1.2 mm, the head turned a little."""
    return turned_grid((138, 172, 100), (1.2, 1.2, 1.2), (-6.0, 3.0, -4.0), (0, 0, 20))


def gliasite_ct_grid() -> Grid:
    """Return the CT's grid: 1.4 x 1.4 x 3 mm, otherwise turned."""
    return turned_grid((124, 152, 44), (1.4, 1.4, 3.0), (5.0, -4.0, 3.0), (0, 0, 20))


def _follow_up_grid() -> Grid:
    """Return the grid of the MRI after the balloon: slices of 4 mm."""
    return turned_grid((132, 162, 30), (1.3, 1.3, 4.0), (2.0, -3.0, 4.0), (0, 0, 20))


def _mri(head: ResectedHead, grid: Grid, random: np.random.Generator, report: Report) -> Float32Array:
    signal = paint(head, grid, "mri_t1_gd", report)
    noise = tissue_table()["mri_noise"]
    real = signal + random.normal(0, noise, signal.shape).astype(np.float32)
    imaginary = random.normal(0, noise, signal.shape).astype(np.float32)
    return np.hypot(real, imaginary).astype(np.float32)
