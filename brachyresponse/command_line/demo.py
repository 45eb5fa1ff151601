"""``python -m brachyresponse demo``: the digital patient, planned with the same command that a user's data take."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from brachyresponse.command_line.inputs import write_labels
from brachyresponse.command_line.messages import StepsOnStderr
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.geometry import Structure, Volume
from brachyresponse.progress import share_of

SUMMARY = "Plan an implant on the digital patient: no data from outside, less than a minute."
EPILOG = """\
The digital patient is made by the program itself: a head with a brain tumour, its CT and MRI on different, oblique
grids. Its files and the plan are written into the output folder, and the command that made the plan is printed, to be
tried again with other needles, seeds or prescriptions. Exit status 1 says that the plan breaks rules of its profile.
"""
PLAN_OPTIONS = (
    "--target GTV --margin-mm 2 --barrier Skull --oar Brainstem Ventricles --avoid Vessel Brainstem --body External "
    "--limit Brainstem:D0.1cc<=60Gy --profile brain --source amersham_6711 --activity-mbq 22 --prescription-gy 120 "
    "--direction I --template-pitch-mm 10 --seed-spacing-mm 10"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommand's arguments."""
    parser.epilog = EPILOG
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the patient and the plan")


def run(options: argparse.Namespace) -> bool:
    """Build the patient, plan, and say where to look; return whether the plan needs a person."""
    from brachyresponse.command_line import plan
    from brachyresponse.digital_patient import build_patient

    report = StepsOnStderr()
    with result_folder(options.out / "patient") as folder:
        patient = build_patient(report=share_of(report, 0.0, 0.9))
        report(0.9, "Writing the patient's files")
        _write_volume(patient.ct, folder / "CT.nrrd")
        _write_volume(patient.mri, folder / "MRI.nrrd")
        write_labels(_layers(patient.structures), folder / "structures.seg.nrrd")
    report.finish()
    arguments = [
        *("--image", str(options.out / "patient" / "CT.nrrd")),
        *("--structures", str(options.out / "patient" / "structures.seg.nrrd")),
        *("--patient-id", patient.patient_id, "--frame-of-reference", patient.frame_of_reference_uid),
        *("--image-date", patient.planning_ct_date.isoformat(), "--implant-date", patient.implant_date.isoformat()),
        *PLAN_OPTIONS.split(),
        *("--out", str(options.out / "plan")),
    ]
    parser = argparse.ArgumentParser()
    plan.add_arguments(parser)
    needs_a_person = plan.run(parser.parse_args(arguments))
    print(f"The same again: python -m brachyresponse plan {shlex.join(arguments)}")
    return needs_a_person


def _layers(structures: Mapping[str, Structure]) -> list[list[Structure]]:
    """Put the outline of the body on a layer of its own, because it holds the others."""
    outline = [structure for name, structure in structures.items() if name == "External"]
    return [[structure for name, structure in structures.items() if name != "External"], outline]


def _write_volume(volume: Volume, path: Path) -> None:
    import SimpleITK as sitk

    whole = np.rint(volume.values).astype(np.int16)  # a quarter of the size; the noise is far above 1
    sitk.WriteImage(volume.grid.to_image(whole), str(path), useCompression=True)
