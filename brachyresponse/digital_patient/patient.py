"""The digital patient: images of the head, its structures and the truth about them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from brachyresponse.digital_patient.head import Head, Region
from brachyresponse.digital_patient.shapes import occupancy_in_box
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
    ct = _paint(head, ct_grid, "ct_hu", share_of(report, 0.0, 0.4))
    mri = _paint(head, mri_grid, "mri_t1_gd", share_of(report, 0.4, 0.8))
    report(0.8, "Digital patient: structures")
    noisy_ct = ct + random.normal(0, _tissue_table()["ct_noise_hu"], ct.shape).astype(np.float32)
    tumour = head.tumour
    return DigitalPatient(
        patient_id=PATIENT_ID,
        frame_of_reference_uid=FRAME_OF_REFERENCE_UID,
        planning_ct_date=PLANNING_CT_DATE,
        implant_date=IMPLANT_DATE,
        ct=Volume("Planning CT", np.clip(np.rint(noisy_ct), -1024, 3071).astype(np.int16), ct_grid, "HU"),
        mri=Volume("T1 post-contrast MRI", _with_rician_noise(mri, random), mri_grid),
        structures={name: _structure(name, region, ct_grid) for name, region in head.structures().items()},
        truth=PatientTruth(head, np.array(tumour.centre_mm), tumour.outline.volume_cc(), tumour.core.volume_cc()),
    )


def planning_ct_grid() -> Grid:
    """Return the planning CT's grid: 1 x 1 x 1.5 mm, the head turned a little in the scanner."""
    return _turned_grid((176, 216, 132), (1.0, 1.0, 1.5), (4.0, -3.0, 6.0), (0, 0, 12))


def planning_mri_grid() -> Grid:
    """Return the MRI's grid: sagittal slices of 1.2 mm, 1.1 mm in plane, turned otherwise than the CT."""
    grid = _turned_grid((150, 190, 190), (1.2, 1.1, 1.1), (-9.0, 4.0, -5.0), (0, 0, 14))
    sagittal = np.array([[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]], float)
    return Grid((150, 190, 190), grid.ijk_to_ras @ sagittal)


def _turned_grid(
    size: tuple[int, int, int],
    spacing_mm: tuple[float, float, float],
    angles_deg: tuple[float, float, float],
    centre_mm: tuple[float, float, float],
) -> Grid:
    matrix = np.eye(4)
    matrix[:3, :3] = _rotation(angles_deg) @ np.diag([-1.0, -1.0, 1.0]) * spacing_mm
    matrix[:3, 3] = np.array(centre_mm) - matrix[:3, :3] @ ((np.array(size) - 1) / 2)
    return Grid((size[2], size[1], size[0]), matrix)


def _rotation(angles_deg: tuple[float, float, float]) -> FloatArray:
    result = np.eye(3)
    for axis, angle in enumerate(np.deg2rad(angles_deg)):
        turn, (a, b) = np.eye(3), sorted({0, 1, 2} - {axis})
        turn[[a, a, b, b], [a, b, a, b]] = [np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)]
        result = result @ turn
    return result


def _paint(head: Head, grid: Grid, modality: str, report: Report) -> Float32Array:
    tissues = _tissue_table()["tissues"]
    image = np.full(grid.shape_kji, tissues["air"][modality], np.float32)
    painting = list(head.painting())
    for done, (tissue, shape) in enumerate(painting):
        report(done / len(painting), f"Digital patient: {tissue}")
        box, share = occupancy_in_box(shape, grid)
        image[box] += share * (np.float32(tissues[tissue][modality]) - image[box])
    return image


def _with_rician_noise(signal: Float32Array, random: np.random.Generator) -> Float32Array:
    noise = _tissue_table()["mri_noise"]
    real = signal + random.normal(0, noise, signal.shape).astype(np.float32)
    imaginary = random.normal(0, noise, signal.shape).astype(np.float32)
    return np.hypot(real, imaginary).astype(np.float32)


def _structure(name: str, region: Region, grid: Grid) -> Structure:
    filled = np.zeros(grid.shape_kji, np.float32)
    for shape in region.shapes:
        box, share = occupancy_in_box(shape, grid)
        filled[box] = np.maximum(filled[box], share)
    if region.without is not None:
        box, share = occupancy_in_box(region.without, grid)
        filled[box] = np.maximum(filled[box] - share, 0)
    return Structure(name, filled, grid)


@cache
def _tissue_table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("data", "tissues.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
