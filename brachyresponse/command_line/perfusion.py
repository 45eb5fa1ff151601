"""``python -m brachyresponse perfusion``: maps and ratios of a dynamic MRI, and what they may be taken for."""

from __future__ import annotations

import argparse

from brachyresponse.command_line.messages import StepsOnStderr, warn
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.command_line.perfusion_arguments import add_arguments
from brachyresponse.command_line.perfusion_case import read_case
from brachyresponse.command_line.perfusion_files import needs_a_person, print_summary, write_results
from brachyresponse.command_line.perfusion_truth import read_perfusion_truth, truth_rows
from brachyresponse.perfusion import measure_perfusion
from brachyresponse.perfusion.study import judge_study, read_study_record
from brachyresponse.progress import share_of
from brachyresponse.report.perfusion_truth import perfusion_truth_section

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "Compute perfusion maps and lesion ratios of a DCE or DSC series, and write a report."


def run(options: argparse.Namespace) -> bool:
    """Read, measure, judge and write; return whether something needs a person."""
    report = StepsOnStderr()
    with result_folder(options.out) as folder:
        report(0.0, "Reading the series")
        before = None if options.pre_treatment is None else read_study_record(options.pre_treatment)
        truth = None if options.truth is None else read_perfusion_truth(options.truth)
        case = read_case(options, share_of(report, 0.0, 0.2))
        study = measure_perfusion(case.request, report=share_of(report, 0.2, 0.95))
        judged = judge_study(study, before)
        report(0.95, "Pictures and files")
        sections = [] if truth is None else [perfusion_truth_section(truth_rows(judged, truth))]
        write_results(judged, case.inputs, sections, folder)
    report(1.0, "Done")
    report.finish()
    for note in case.request.notes:
        warn(note)
    print_summary(judged, options.out)
    return needs_a_person(judged)
