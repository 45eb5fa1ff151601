"""The digital patient with a GliaSite balloon: its files, and the arguments of ``balloon`` that a person would give."""

from __future__ import annotations

from pathlib import Path

from brachyresponse.command_line.balloon_truth import write_balloon_truth
from brachyresponse.command_line.demo_perfusion import write_volume
from brachyresponse.command_line.inputs import write_labels
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.digital_patient.gliasite import GliaSitePatient, gliasite_patient
from brachyresponse.progress import Report, share_of

OPTIONS = (
    "--balloon Balloon --barrier Skull Ventricles --gap Gap --body External --oar Brainstem Ventricles "
    "--limit Brainstem:D0.1cc<=60Gy"
)
OUTLINE = "External"


def write_gliasite(folder: Path, report: Report) -> GliaSitePatient:
    """Build the patient and write images with the balloon and after it, structures and truth into a folder."""
    with result_folder(folder) as work:
        patient = gliasite_patient(report=share_of(report, 0.0, 0.8))
        report(0.8, "Writing the patient's files")
        write_volume(patient.mri, work / "MRI.nrrd")
        write_volume(patient.ct, work / "CT.nrrd")
        write_volume(patient.mri_after, work / "MRI_after_explant.nrrd")
        inside = [structure for name, structure in patient.structures.items() if name != OUTLINE]
        write_labels([inside, [patient.structures[OUTLINE]]], work / "structures.seg.nrrd")
        write_balloon_truth({**patient.truth.as_record(), **patient.treatment.dates}, work / "truth.json")
    return patient


def balloon_arguments(patient: GliaSitePatient, files: Path, out: Path) -> list[str]:
    """Return the arguments of ``balloon`` for the files of :func:`write_gliasite`."""
    treatment = patient.treatment
    return [
        *("--image", str(files / "MRI.nrrd"), "--structures", str(files / "structures.seg.nrrd")),
        *("--patient-id", patient.patient_id, "--frame-of-reference", patient.frame_of_reference_uid),
        *OPTIONS.split(),
        *("--fill-volume-ml", f"{patient.truth.volume_ml:g}", "--balloon-model", treatment.balloon_model),
        *("--activity-mbq", f"{treatment.activity_mbq:g}", "--assayed", treatment.assayed.isoformat()),
        *("--filled", treatment.filled.isoformat(), "--removed", treatment.removed.isoformat()),
        *("--recovered-mbq", f"{treatment.recovered_mbq:.1f}"),
        *("--prescription-gy", f"{treatment.prescription_gy:g}", "--depth-mm", f"{treatment.prescription_depth_mm:g}"),
        *("--biology", f"Shell {treatment.prescription_depth_mm:g} mm=glioma", "Brainstem=late_brain"),
        *("--plan-date", treatment.planned.isoformat(), "--name", "GliaSite balloon"),
        *("--truth", str(files / "truth.json"), "--out", str(out)),
    ]
