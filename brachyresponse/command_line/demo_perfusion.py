"""The perfusion part of the demo: the digital patient's DCE and DSC before the implant and at the follow-up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from brachyresponse.command_line.inputs import write_labels
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.command_line.perfusion_truth import write_perfusion_truth
from brachyresponse.digital_patient import DigitalPatient
from brachyresponse.digital_patient.perfusion import DigitalPerfusion, PatientVariant, Visit, perfusion_visit
from brachyresponse.geometry import Structure, Volume
from brachyresponse.perfusion.series import DynamicSeries, FlipAngleSeries, SeriesKind
from brachyresponse.progress import Report
from brachyresponse.seeds import Seeds

NOT_BRAIN, VESSELS = {"air", "scalp", "skull"}, {"artery", "sinus"}
SLAB_MM = 8.0
VARIANT = PatientVariant.RECURRENCE_AT_MARGIN


def write_visit(
    patient: DigitalPatient, seeds: Seeds, visit: Visit, kind: SeriesKind, folder: Path, report: Report
) -> DigitalPerfusion:
    """Scan the patient and write what a scanner and a reader would give, with the truth beside it."""
    scan = perfusion_visit(patient, variant=VARIANT, visit=visit, kind=kind, seeds=seeds, report=report)
    with result_folder(folder) as work:
        write_series(scan.series, work / f"{kind}.nrrd")
        if scan.vfa is not None:
            write_flip_angles(scan.vfa, work / "flip_angles.nrrd")
        for name, volume in (("t1_post_contrast", scan.anatomical), ("t2star", scan.t2star)):
            write_volume(volume, work / f"{name}.nrrd")
        write_labels([[*scan.lesions.values(), scan.white_matter]], work / "structures.seg.nrrd")
        if kind is SeriesKind.DCE:
            write_labels([[_brain_slab(scan)]], work / "brain.seg.nrrd")
        if scan.seeds.count:
            (work / "seeds.json").write_text(_seeds_text(scan), encoding="utf-8")
        write_perfusion_truth(scan.truth.as_record(), work / "truth.json")
    return scan


def perfusion_arguments(scan: DigitalPerfusion, files: Path, out: Path, before: Path | None) -> list[str]:
    """Return the options of ``perfusion`` for a visit that :func:`write_visit` wrote."""
    vfa = ("--vfa", str(files / "flip_angles.nrrd")) if scan.vfa is not None else ()
    brain = ("--brain", str(files / "brain.seg.nrrd")) if scan.kind is SeriesKind.DCE else ()
    seeds = ("--seeds", str(files / "seeds.json")) if scan.seeds.count else ()
    earlier = ("--pre-treatment", str(before)) if before is not None else ()
    lesions = [part for name in scan.lesions for part in ("--lesion", name)]
    return [
        *("--series", str(files / f"{scan.kind}.nrrd"), "--kind", scan.kind),
        *("--anatomical", str(files / "t1_post_contrast.nrrd"), "--t2star", str(files / "t2star.nrrd")),
        *("--structures", str(files / "structures.seg.nrrd"), *lesions, "--white-matter", scan.white_matter.name),
        *brain,
        *vfa,
        *seeds,
        *("--patient-id", scan.patient_id, "--scan-date", scan.scan_date.isoformat()),
        *("--treatment-date", scan.implant_date.isoformat()),
        *earlier,
        *("--truth", str(files / "truth.json"), "--out", str(out)),
    ]


def _brain_slab(scan: DigitalPerfusion) -> Structure:
    """Return the brain in slices round the lesion, and all vessels: models of all take half a minute more."""
    scanned, grid = scan.truth.scanned, scan.series.grid
    share, vessels = (
        scanned.shares[[name in names for name in scanned.tissues]].sum(axis=0)
        for names in (set(scanned.tissues) - NOT_BRAIN, VESSELS)
    )
    (lesion,) = scan.lesions.values()
    height_mm = grid.points_mm()[..., 2] - lesion.centre_mm[2]
    slab = (share >= 0.5) & (np.abs(height_mm) <= SLAB_MM)
    return Structure("Brain and vessels", slab | (vessels >= 0.25), grid)


def write_series(series: DynamicSeries, path: Path) -> None:
    """Write a series as one 4D image, rounded to whole numbers, with a BIDS side-car beside it."""
    acquisition = series.acquisition
    _write_frames([Volume(series.name, frame, series.grid) for frame in series.frames], path)
    side_car = {
        "RepetitionTimeExcitation": acquisition.tr_s,
        "EchoTime": acquisition.te_s,
        "FlipAngle": acquisition.flip_angle_deg,
        "MagneticFieldStrength": acquisition.field_strength_t,
        "ContrastBolusIngredient": acquisition.agent,
        "ContrastBolusDosePerKg": acquisition.dose_mmol_per_kg,
        "ContrastPreloadDosePerKg": acquisition.preload_dose_mmol_per_kg,
        "FrameTimesStart": series.time_s.tolist(),
    }
    path.with_suffix(".json").write_text(json.dumps(side_car, indent=1), encoding="utf-8")


def write_flip_angles(series: FlipAngleSeries, path: Path) -> None:
    """Write the images of several flip angles as one 4D image with a BIDS side-car."""
    _write_frames([Volume(series.name, frame, series.grid) for frame in series.frames], path)
    side_car = {"FlipAngle": list(series.flip_angle_deg), "RepetitionTimeExcitation": series.tr_s}
    path.with_suffix(".json").write_text(json.dumps(side_car, indent=1), encoding="utf-8")


def _write_frames(volumes: Sequence[Volume], path: Path) -> None:
    import SimpleITK as sitk

    images = [volume.grid.to_image(_whole(volume)) for volume in volumes]
    sitk.WriteImage(sitk.JoinSeries(images, 0.0, 1.0), str(path))  # not compressed: half the demo's time otherwise


def write_volume(volume: Volume, path: Path) -> None:
    """Write an image in whole numbers, compressed."""
    import SimpleITK as sitk

    sitk.WriteImage(volume.grid.to_image(_whole(volume)), str(path), useCompression=True)


def _whole(volume: Volume) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    """Whole numbers: half the size; the noise is far above 1."""
    return np.rint(volume.values).astype(np.int16)


def _seeds_text(scan: DigitalPerfusion) -> str:
    """Return the seeds as those found on a CT and brought to the scan, in the form of ``detected.json``."""
    seeds = scan.seeds
    rows = [
        {"position_ras_mm": position.tolist(), "direction_ras": direction.tolist(), "confidence": 1.0}
        for position, direction in zip(seeds.positions_mm, seeds.directions, strict=True)
    ]
    return json.dumps({"schema": 1, "patient_id": scan.patient_id, "seeds": rows}, indent=1) + "\n"
