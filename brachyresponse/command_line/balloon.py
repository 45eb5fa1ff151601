"""``python -m brachyresponse balloon``: a balloon of liquid I-125, computed and reported."""

from __future__ import annotations

import argparse

from brachyresponse.command_line.balloon_arguments import add_arguments
from brachyresponse.command_line.balloon_case import make_case
from brachyresponse.command_line.balloon_files import needs_a_person, print_summary, write_results
from brachyresponse.command_line.messages import StepsOnStderr, warn
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.progress import share_of

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "Plan a balloon of liquid I-125 (GliaSite): dose, time or activity for a prescription, and a report."


def run(options: argparse.Namespace) -> bool:
    """Plan, compute and write; return whether something needs a person."""
    report = StepsOnStderr()
    with result_folder(options.out) as folder:
        report(0.0, "Reading image and structures")
        case = make_case(options)
        evaluation = write_results(case, folder, share_of(report, 0.2, 1.0))
    report(1.0, "Done")
    report.finish()
    for note in case.notes:
        warn(note)
    print_summary(evaluation, options.out)
    return needs_a_person(evaluation)
