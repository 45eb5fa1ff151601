"""``python -m brachyresponse demo``: the digital patient through every command that users have."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, redirect_stdout
from enum import Enum, auto
from io import StringIO
from pathlib import Path
from types import ModuleType

from brachyresponse.command_line.demo_answers import answers_html, print_answers, read_answers
from brachyresponse.command_line.demo_evidence import AskedCourse, CourseFiles, write_evidence, write_other_evidence
from brachyresponse.command_line.demo_gliasite import balloon_arguments, write_gliasite
from brachyresponse.command_line.demo_perfusion import perfusion_arguments, write_visit, write_volume
from brachyresponse.command_line.demo_response import FIRST, write_first, write_others
from brachyresponse.command_line.inputs import write_labels
from brachyresponse.command_line.messages import StepsOnStderr
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.command_line.truth_file import write_truth
from brachyresponse.digital_patient import DigitalImplant, DigitalPatient, build_patient, implant_patient
from brachyresponse.digital_patient.perfusion import Visit
from brachyresponse.geometry import Structure
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.planning import read_plan
from brachyresponse.progress import share_of
from brachyresponse.seeds import Seeds

SUMMARY = "Plan, verify and follow up an implant on the digital patient: no data from outside, about three minutes."
EPILOG = """\
The digital patient is made by the program itself: a head with a brain tumour, its CT and MRI on different, oblique
grids. The planner searches for an implant; its report says how the plan was found, how it bears misplaced seeds and
what it is worth biologically. It is scanned as it really came out: seeds pulled back and strayed by a known law, two of
them missing, one migrated, the head in another position. The verification finds the seeds on that CT and holds the
implant against its plan; its report shows the truth beside the result. The same patient, had the tumour been taken out,
is treated by a GliaSite balloon too, with the truth beside its dose. Then the patient is scanned by DCE and DSC, before
the implant and months after it, when a recurrence grows at its margin; the reports of perfusion show the truth beside
the ratios. At last its visits after the implant are read: lesions grown from clicks, scans registered, lesions
matched, the response assessed; a page lists four other courses, truth beside result. Diffusion and spectra of the
lesion that grew are measured too; what they, perfusion and a PET value that is typed in say of recurrence or radiation
necrosis is weighed, and another page shows the answers of all courses beside the truth. All files and results are
written into the output folder, and the commands are printed, to be tried again with other options.

Exit status 1 says that a result needs a person: here they do, because the implant was made with faults.
"""
WHERE_TO_LOOK = (
    "Look first at {out}/plan/report.html, the plan that was searched for, at {out}/verification/report.html, "
    "{out}/gliasite/report.html, {out}/perfusion_dce_follow_up/report.html and {out}/response/report.html, where truth "
    "stands beside result, at {out}/other_courses/index.html, and at {out}/evidence/index.html on recurrence or "
    "necrosis; {out}/perfusion_* hold the other reports."
)
STRUCTURES = "--target GTV --margin-mm 2 --barrier Skull --oar Brainstem Ventricles --avoid Vessel Brainstem"
STRUCTURES += " --body External --limit Brainstem:D0.1cc<=60Gy --profile brain"
BIOLOGY = "--biology GTV=glioma Brainstem=late_brain"
PLAN_OPTIONS = (
    f"{STRUCTURES} --source amersham_6711 --activity-mbq 22 --prescription-gy 120 "
    "--optimise --direction I --template-pitch-mm 10 --avoid-margin-mm 2 --random-seed 1 --robustness "
    f"{BIOLOGY}"
)
VERIFY_OPTIONS = f"{STRUCTURES} --register bone --robustness {BIOLOGY}"

DETAIL = 4 * " "
"""How the lines begin that ``respond`` prints below the answer of evidence: each marker, and why it was left out."""


class Shown(Enum):
    """How much of what a command prints the demo shows; its report holds all of it."""

    ALL = auto()
    HEADLINES = auto()
    """All but the details below the answers."""
    WHERE = auto()
    """Where the report is: the last line."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommand's arguments."""
    parser.epilog = EPILOG
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for patient and results")


def run(options: argparse.Namespace) -> bool:
    """Build the patient, plan, implant, verify, follow up; return whether a result needs a person."""
    from brachyresponse.command_line import plan, verify

    files = options.out / "patient"
    patient = _write_patient(files)
    plan_arguments = [
        *("--image", str(files / "CT.nrrd"), "--structures", str(files / "structures.seg.nrrd")),
        *("--patient-id", patient.patient_id, "--frame-of-reference", patient.frame_of_reference_uid),
        *("--image-date", patient.planning_ct_date.isoformat(), "--implant-date", patient.implant_date.isoformat()),
        *("--plan-date", patient.planning_ct_date.isoformat()),
        *PLAN_OPTIONS.split(),
        *("--out", str(options.out / "plan")),
    ]
    plan_needs_a_person = _run(plan, "plan", plan_arguments)
    implant = _write_implant(patient, options.out)
    verify_arguments = [
        *("--plan", str(options.out / "plan" / "plan.json"), "--plan-image", str(files / "CT.nrrd")),
        *("--plan-structures", str(files / "structures.seg.nrrd")),
        *("--image", str(files / "implant_CT.nrrd"), "--structures", str(files / "implant_structures.seg.nrrd")),
        *("--patient-id", implant.patient_id, "--frame-of-reference", implant.frame_of_reference_uid),
        *("--image-date", implant.scan_date.isoformat(), "--expected", str(len(implant.truth.positions_mm))),
        *VERIFY_OPTIONS.split(),
        *("--truth", str(files / "truth.json"), "--out", str(options.out / "verification")),
    ]
    verification_needs_a_person = _run(verify, "verify", verify_arguments)
    balloon_needs_a_person = treat_with_balloon(options.out)
    planned = read_plan(options.out / "plan" / "plan.json").seeds
    perfusion_needs_a_person = follow_up(patient, planned, options.out)
    response_needs_a_person = respond_to_treatment(patient, planned, options.out)
    print(WHERE_TO_LOOK.format(out=options.out))
    return any(
        (
            plan_needs_a_person,
            verification_needs_a_person,
            balloon_needs_a_person,
            perfusion_needs_a_person,
            response_needs_a_person,
        )
    )


def treat_with_balloon(out: Path) -> bool:
    """Plan the GliaSite variant of the patient: its tumour taken out, a balloon in the cavity.

    Parameters
    ----------
    out
        Folder for the variant's files and the results.
    """
    from brachyresponse.command_line import balloon

    report, files = StepsOnStderr(), out / "patient_gliasite"
    patient = write_gliasite(files, report)
    report.finish()
    return _run(balloon, "balloon", balloon_arguments(patient, files, out / "gliasite"))


def follow_up(patient: DigitalPatient, seeds: Seeds, out: Path) -> bool:
    """Scan before the implant and after it, each by DCE and DSC, and measure; the earlier stands beside the later.

    Parameters
    ----------
    seeds
        That were implanted, in the plan's space.
    out
        Folder for the visits' files and the results.
    """
    from brachyresponse.command_line import perfusion

    needs_a_person = False
    for kind in SeriesKind:
        before = None
        for visit in Visit:
            name = f"{kind}_{visit}"
            report = StepsOnStderr()
            scan = write_visit(patient, seeds, visit, kind, out / "visits" / name, report)
            report.finish()
            results = out / f"perfusion_{name}"
            arguments = perfusion_arguments(scan, out / "visits" / name, results, before)
            needs_a_person = _run(perfusion, "perfusion", arguments) or needs_a_person
            before = results / "perfusion.json"
    return needs_a_person


def respond_to_treatment(patient: DigitalPatient, seeds: Seeds, out: Path) -> bool:
    """Scan the patient at the visits after the implant, and assess the response with the evidence on what grew.

    Then four other courses in a list, and each with its evidence; the answers are shown beside the truth.

    Parameters
    ----------
    seeds
        That were implanted, in the plan's space.
    out
        Folder for the visits' files and the results; perfusion that was measured there before is taken in.
    """
    from brachyresponse.command_line import respond

    studies = sorted(file.parent for file in out.glob("perfusion_*/perfusion.json"))
    report = StepsOnStderr()
    arguments = write_first(patient, seeds, studies, out / "visits" / "response", share_of(report, 0.0, 0.5))
    others = write_others(patient, out / "visits" / "other_courses", share_of(report, 0.5, 0.7))
    folder = out / "visits" / "evidence"
    first = write_evidence(
        FIRST, patient, seeds, CourseFiles(folder / FIRST, studies=studies), share_of(report, 0.7, 0.75)
    )
    before = next((study for study in studies if study.name == "perfusion_dsc_before"), None)
    asked = write_other_evidence(patient, others.courses, folder, before, share_of(report, 0.75, 1.0))
    report.finish()
    arguments += ["--evidence", str(first.file), "--out", str(out / "response")]
    found = [_run(respond, "respond", arguments, shown=Shown.HEADLINES)]
    found.append(_run(respond, "respond", [*others.arguments, "--out", str(out / "other_courses")]))
    for each in asked:
        if each.file is not None:
            results = out / "evidence" / each.variant
            found.append(
                _run(respond, "respond", ["--evidence", str(each.file), "--out", str(results)], shown=Shown.WHERE)
            )
    _show_answers([first, *asked], out)
    return any(found)


def _show_answers(asked: Sequence[AskedCourse], out: Path) -> None:
    """Print the answers of all courses beside the truth, and write them as a page."""
    page = out / "evidence"
    results = {each.variant: page / each.variant for each in asked} | {FIRST: out / "response"}
    answers = read_answers(asked, results, page)
    with result_folder(page) as work:
        (work / "index.html").write_text(answers_html(answers), encoding="utf-8")
    print_answers(answers)


def _run(command: ModuleType, name: str, arguments: Sequence[str], *, shown: Shown = Shown.ALL) -> bool:
    """Run a command, and print of what it says as much as is asked for."""
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    said = StringIO()
    with nullcontext() if shown is Shown.ALL else redirect_stdout(said):
        needs_a_person: bool = command.run(parser.parse_args(arguments))
    lines = said.getvalue().splitlines()
    for line in lines[-1:] if shown is Shown.WHERE else lines:
        if not line.startswith(DETAIL):
            print(line)
    print(f"The same again: python -m brachyresponse {name} {shlex.join(arguments)}")
    return needs_a_person


def _write_patient(folder: Path) -> DigitalPatient:
    report = StepsOnStderr()
    with result_folder(folder) as work:
        patient = build_patient(report=share_of(report, 0.0, 0.9))
        report(0.9, "Writing the patient's files")
        write_volume(patient.ct, work / "CT.nrrd")
        write_volume(patient.mri, work / "MRI.nrrd")
        write_labels(_layers(patient.structures), work / "structures.seg.nrrd")
    report.finish()
    return patient


def _write_implant(patient: DigitalPatient, out: Path) -> DigitalImplant:
    """Implant the seeds of the plan that was just written, and write what a scanner and a physician would give."""
    report = StepsOnStderr()
    planned = read_plan(out / "plan" / "plan.json").seeds
    with result_folder(out / "patient") as work:
        implant = implant_patient(patient, planned, report=share_of(report, 0.0, 0.9))
        report(0.9, "Writing the implant's files")
        write_volume(implant.ct, work / "implant_CT.nrrd")
        write_labels(_layers(implant.structures), work / "implant_structures.seg.nrrd")
        write_truth(implant.truth.as_record(), work / "truth.json")
    report.finish()
    return implant


def _layers(structures: Mapping[str, Structure]) -> list[list[Structure]]:
    """Put the outline of the body on a layer of its own, because it holds the others."""
    outline = [structure for name, structure in structures.items() if name == "External"]
    return [[structure for name, structure in structures.items() if name != "External"], outline]
