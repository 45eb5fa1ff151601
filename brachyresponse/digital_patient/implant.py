"""The digital patient after the implant: a CT in another position and on another grid, with its truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from brachyresponse.digital_patient.displacement import DisplacedSeeds, DisplacementLaw, displace
from brachyresponse.digital_patient.head import Head, Tumour
from brachyresponse.digital_patient.metal import add_metal
from brachyresponse.digital_patient.painting import paint, region_structure, rotation, turned_grid
from brachyresponse.digital_patient.patient import DigitalPatient
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.seeds import Seeds
from brachyresponse.types import Float32Array, FloatArray, IntArray

FRAME_OF_REFERENCE_ROOT = 137466192573444502127384500216690182100
NOISE_HU = 14.0
SMOOTH_NOISE_VOXELS = 0.7
CLIPPED_HU = (-1024, 3071)


@dataclass(frozen=True)
class ImplantTruth:
    """What is exactly known of an implant CT.

    ``positions_mm`` and ``directions``, (N, 3), lie in the implant CT's RAS; ``planned_index`` (N,) names the planned
    seed of each. ``matrix`` (4, 4) takes the plan's RAS to the implant CT's. ``displacement_mm`` (N, 3) is each seed's
    way from its planned place in the plan's frame, the rigid motion taken out. ``migrated`` counts these seeds,
    ``missing`` the planned ones. ``scale`` is the contraction about the target's centre on that day.
    """

    positions_mm: FloatArray
    directions: FloatArray
    planned_index: IntArray
    displacement_mm: FloatArray
    missing: tuple[int, ...]
    migrated: tuple[int, ...]
    matrix: FloatArray
    scale: float
    law: DisplacementLaw

    def as_record(self) -> dict[str, Any]:
        """Return plain values, to be written as JSON."""
        return {
            "seeds": [
                {
                    "position_ras_mm": position.tolist(),
                    "direction_ras": direction.tolist(),
                    "planned_index": int(index),
                    "displacement_mm": moved.tolist(),
                    "migrated": n in self.migrated,
                }
                for n, (position, direction, index, moved) in enumerate(
                    zip(self.positions_mm, self.directions, self.planned_index, self.displacement_mm, strict=True)
                )
            ],
            "missing_planned_index": list(self.missing),
            "plan_to_implant_ras": self.matrix.tolist(),
            "scale": self.scale,
        }


@dataclass(frozen=True)
class DigitalImplant:
    """A CT of the digital patient after the implant: own frame of reference and oblique grid.

    ``structures`` are those of the patient before the implant, as they lie on this CT.
    """

    patient_id: str
    frame_of_reference_uid: str
    scan_date: date
    ct: Volume
    structures: Mapping[str, Structure]
    truth: ImplantTruth


def implant_patient(
    patient: DigitalPatient,
    planned: Seeds,
    *,
    random_seed: int = 0,
    scan_day: int = 0,
    law: DisplacementLaw | None = None,
    report: Report = ignore_progress,
) -> DigitalImplant:
    """Implant the planned seeds into the digital patient and scan it.

    Parameters
    ----------
    patient
        Before the implant.
    planned
        The plan's seeds, in the planning CT's RAS.
    random_seed
        Of displacement and noise; the same number gives the same implant on every day.
    scan_day
        Days from implant to scan, 0 or more; on later days the patient lies otherwise and the tissue has shrunk.
    law
        How seeds stray; by default two are missing and one has migrated.
    report
        Told the progress; may raise ``Cancelled``.

    Raises
    ------
    SeedsError
        The plan has too few seeds, or seeds that lie in one another.
    """
    law = law or DisplacementLaw()
    scale, tumour = law.scale_on_day(scan_day), patient.truth.head.tumour
    strayed = displace(planned, law, np.random.default_rng(random_seed))
    matrix = _repositioning(scan_day)
    grid = _implant_grid(matrix)
    truth = _truth(planned, strayed, tumour, matrix, (scale, law))
    shrunk = replace(patient.truth.head, tumour=replace(tumour, radius_mm=tumour.radius_mm * scale))
    random = np.random.default_rng((random_seed, scan_day))
    ct_hu = _scan(shrunk, grid, truth, random, share_of(report, 0.0, 0.8))
    report(0.8, "Digital implant: structures")
    return DigitalImplant(
        patient_id=patient.patient_id,
        frame_of_reference_uid=f"2.25.{FRAME_OF_REFERENCE_ROOT + scan_day}",
        scan_date=patient.implant_date + timedelta(days=scan_day),
        ct=Volume(f"Implant CT day {scan_day}", ct_hu, grid, "HU"),
        structures=_structures(shrunk, grid, matrix),
        truth=truth,
    )


def _scan(
    head: Head, grid: Grid, truth: ImplantTruth, random: np.random.Generator, report: Report
) -> NDArray[np.int16]:
    """Return the head's CT [k, j, i], HU, with the seeds' metal and noise."""
    ct_hu = paint(head, _in_plan(grid, truth.matrix), "ct_hu", share_of(report, 0.0, 0.6))
    report(0.6, "Digital implant: metal")
    add_metal(ct_hu, grid, truth.positions_mm, truth.directions)
    return _as_stored(ct_hu, random)


def scan_with_needles(
    head: Head, grid: Grid, seeds: Seeds, needles_mm: FloatArray, random: np.random.Generator
) -> NDArray[np.int16]:
    """Return the head's CT [k, j, i], HU, with seeds, needles (both ends, RAS, (M, 2, 3)) and noise."""
    ct_hu = paint(head, grid, "ct_hu", ignore_progress)
    add_metal(ct_hu, grid, seeds.positions_mm, seeds.directions, needles_mm)
    return _as_stored(ct_hu, random)


def _as_stored(ct_hu: Float32Array, random: np.random.Generator) -> NDArray[np.int16]:
    """The image with the scanner's noise, rounded and clipped."""
    ct_hu += _noise(ct_hu.shape, random)
    return np.clip(np.rint(ct_hu), *CLIPPED_HU).astype(np.int16)


def _structures(head: Head, grid: Grid, matrix: FloatArray) -> dict[str, Structure]:
    in_plan = _in_plan(grid, matrix)
    return {
        name: Structure(name, region_structure(name, region, in_plan).occupancy, grid)
        for name, region in head.structures().items()
    }


def _in_plan(grid: Grid, matrix: FloatArray) -> Grid:
    """Return where the voxels of an implant CT lie in the plan's frame."""
    return Grid(grid.shape_kji, np.linalg.inv(matrix) @ grid.ijk_to_ras)


def _repositioning(scan_day: int) -> FloatArray:
    """Return the rigid motion of the patient from the planning CT to a day's scan, 4x4 RAS: another one every day."""
    matrix = np.eye(4)
    matrix[:3, :3] = rotation((6.0 - 0.4 * scan_day, -4.0, 8.0 - 0.5 * scan_day))
    matrix[:3, 3] = (14.0 - scan_day, -22.0, 35.0 + 0.7 * scan_day)
    return matrix


def _implant_grid(matrix: FloatArray) -> Grid:
    """Return an oblique grid over most of the head, 0.75 x 0.75 x 1.5 mm, where the patient now lies."""
    x, y, z = matrix[:3, :3] @ (0.0, 0.0, 14.0) + matrix[:3, 3]
    return turned_grid((224, 280, 120), (0.75, 0.75, 1.5), (3.0, -2.0, 4.0), (float(x), float(y), float(z)))


def _truth(
    planned: Seeds, strayed: DisplacedSeeds, tumour: Tumour, matrix: FloatArray, law: tuple[float, DisplacementLaw]
) -> ImplantTruth:
    scale, _ = law
    centre = np.array(tumour.centre_mm)
    now_mm = centre + scale * (strayed.positions_mm - centre)
    return ImplantTruth(
        positions_mm=now_mm @ matrix[:3, :3].T + matrix[:3, 3],
        directions=strayed.directions @ matrix[:3, :3].T,
        planned_index=strayed.planned_index,
        displacement_mm=now_mm - planned.positions_mm[strayed.planned_index],
        missing=strayed.missing,
        migrated=strayed.migrated,
        matrix=matrix,
        scale=scale,
        law=law[1],
    )


def _noise(shape: tuple[int, ...], random: np.random.Generator) -> Float32Array:
    """Noise that is alike in neighbouring voxels of a slice, as after reconstruction."""
    from scipy import ndimage

    noise = random.standard_normal(shape, dtype=np.float32)
    smooth = ndimage.gaussian_filter(noise, (0, SMOOTH_NOISE_VOXELS, SMOOTH_NOISE_VOXELS), truncate=3)
    return np.asarray(smooth * np.float32(NOISE_HU / smooth.std()), np.float32)
