"""``python -m brachyresponse verify``: the implant that was made, found on its CT and held against its plan."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from brachyresponse.command_line.messages import StepsOnStderr, warn
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.command_line.truth_file import KnownTruth, read_truth
from brachyresponse.command_line.verify_arguments import add_arguments
from brachyresponse.command_line.verify_case import VerifiedCase, read_case
from brachyresponse.command_line.verify_files import needs_a_person, print_summary, write_results
from brachyresponse.command_line.verify_truth import true_seeds, truth_rows
from brachyresponse.pictures import found_over_true
from brachyresponse.progress import Report, share_of
from brachyresponse.report.markup import Markup
from brachyresponse.report.verification_sections import rejected_section, robustness_section, scans_section
from brachyresponse.report.verification_truth import truth_section
from brachyresponse.verification import (
    Verification,
    VerificationRecord,
    compare_scans,
    read_verification,
    robustness_of,
    verify_implant,
)

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "Find the seeds on an implant CT, hold the implant against its plan, and write a report."


def run(options: argparse.Namespace) -> bool:
    """Read, find, register, compute and write; return whether something needs a person."""
    report = StepsOnStderr()
    with result_folder(options.out) as folder:
        report(0.0, "Reading plan and images")
        asked = _read_asked(options)
        case = read_case(options, share_of(report, 0.0, 0.6))
        verification = verify_implant(case.request, report=share_of(report, 0.6, 0.8))
        sections = _sections(asked, case, verification, share_of(report, 0.8, 0.9))
        report(0.9, "Pictures and files")
        write_results(case, verification, sections, folder)
    report(1.0, "Done")
    report.finish()
    for note in case.notes:
        warn(note)
    print_summary(case, verification, options.out)
    return needs_a_person(case, verification)


@dataclass(frozen=True)
class _Asked:
    """What was asked for beside the verification itself."""

    robustness: bool
    other: VerificationRecord | None
    truth: KnownTruth | None


def _read_asked(options: argparse.Namespace) -> _Asked:
    """Read small files first: a wrong name is told before anything takes long."""
    return _Asked(
        options.robustness,
        None if options.compare is None else read_verification(options.compare),
        None if options.truth is None else read_truth(options.truth),
    )


def _sections(asked: _Asked, case: VerifiedCase, verification: Verification, report: Report) -> list[Markup]:
    sections = []
    if asked.truth is not None:
        pictures = found_over_true(verification, case.image.volume, true_seeds(verification, asked.truth))
        sections.append(truth_section(truth_rows(verification, asked.truth), pictures))
    if asked.robustness:
        targets = verification.request.anatomy.roles.targets
        sections.append(
            robustness_section([robustness_of(verification, target=name, report=report) for name in targets])
        )
    if asked.other is not None:
        sections.append(scans_section(compare_scans(asked.other, verification)))
    return [*sections, rejected_section(case.found)]
