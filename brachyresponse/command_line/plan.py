"""``python -m brachyresponse plan``: an implant by template, one that is searched for, or one made before."""

from __future__ import annotations

import argparse

from brachyresponse.command_line.anatomy import read_anatomy
from brachyresponse.command_line.images import read_image
from brachyresponse.command_line.messages import StepsOnStderr, warn
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.command_line.plan_arguments import add_arguments
from brachyresponse.command_line.plan_case import PlannedCase, make_case
from brachyresponse.command_line.plan_files import needs_a_person, print_summary, write_results
from brachyresponse.command_line.plan_optimise_arguments import check_switch
from brachyresponse.progress import Report, share_of

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "Plan an implant on an image and its structures, compute its dose, and write a report."


def run(options: argparse.Namespace) -> bool:
    """Plan, compute and write; return whether something needs a person."""
    report = StepsOnStderr()
    with result_folder(options.out) as folder:
        report(0.0, "Reading image and structures")
        case = _read_case(options, share_of(report, 0.05, 0.7))
        evaluation = write_results(case, folder, share_of(report, 0.7 if options.optimise else 0.1, 1.0))
    report(1.0, "Done")
    report.finish()
    for note in case.notes:
        warn(note)
    for flag in case.flags:
        print(f"warning: {flag}")
    print_summary(evaluation, options.out)
    return needs_a_person(evaluation, options.out) or case.needs_a_person


def _read_case(options: argparse.Namespace, report: Report) -> PlannedCase:
    check_switch(options)
    image = read_image(options.image).identified(options.patient_id, options.frame_of_reference, options.image_date)
    known = {
        "patient_id": image.patient_id,
        "frame_of_reference": image.frame_of_reference_uid,
        "image_date": image.day,
    }
    options = argparse.Namespace(**vars(options) | known)
    patient = read_anatomy(options, image, options.structures, dict(options.label))
    case = make_case(options, image.volume, patient, report)
    return case.with_notes((*image.notes, *case.notes))
