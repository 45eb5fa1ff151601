"""``python -m brachyresponse verify``: the implant that was made, found on its CT and held against its plan."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace

from brachyresponse.command_line.biology import BiologyRequest, ComputedDose, biological_results, read_biology
from brachyresponse.command_line.messages import StepsOnStderr, warn
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.command_line.truth_file import KnownTruth, read_truth
from brachyresponse.command_line.verify_arguments import add_arguments
from brachyresponse.command_line.verify_case import VerifiedCase, read_case
from brachyresponse.command_line.verify_files import needs_a_person, print_summary, write_results
from brachyresponse.command_line.verify_truth import true_seeds, truth_rows
from brachyresponse.dose.biology import Exposure
from brachyresponse.geometry import Volume
from brachyresponse.pictures import found_over_true
from brachyresponse.progress import Report, share_of
from brachyresponse.report.markup import Markup
from brachyresponse.report.verification_sections import rejected_section, robustness_section, scans_section
from brachyresponse.report.verification_truth import truth_section
from brachyresponse.verification import (
    Robustness,
    Verification,
    VerificationRecord,
    compare_scans,
    read_verification,
    robustness_of,
    verify_implant,
    write_studies,
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
        robustness = _robustness(asked, verification, share_of(report, 0.8, 0.9))
        scans = None if asked.other is None else compare_scans(asked.other, verification)
        report(0.9, "Pictures and files")
        write_studies(robustness, scans, folder)
        sections = _truth_section(asked.truth, case, verification)
        sections += [robustness_section(robustness)] if robustness else []
        sections += [] if scans is None else [scans_section(scans)]
        biology, doubts = biological_results(asked.biology, _computed(verification), folder)
        case = replace(case, warnings=(*case.warnings, *doubts))
        sections += [biology] if biology else []
        write_results(case, verification, [*sections, rejected_section(case.found)], folder)
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
    biology: BiologyRequest


def _read_asked(options: argparse.Namespace) -> _Asked:
    """Read small files first: a wrong name is told before anything takes long."""
    return _Asked(
        options.robustness,
        None if options.compare is None else read_verification(options.compare),
        None if options.truth is None else read_truth(options.truth),
        read_biology(options, options.frame_of_reference),
    )


def _computed(verification: Verification) -> ComputedDose:
    implant, request = verification.implant, verification.request
    dose = Volume("dose", implant.dose_gy, implant.grid, "Gy")
    return ComputedDose(dose, Exposure.of(request.source), implant.dvhs, request.anatomy.structures)


def _robustness(asked: _Asked, verification: Verification, report: Report) -> list[Robustness]:
    targets = verification.request.anatomy.roles.targets if asked.robustness else ()
    return [robustness_of(verification, target=name, report=report) for name in targets]


def _truth_section(truth: KnownTruth | None, case: VerifiedCase, verification: Verification) -> list[Markup]:
    if truth is None:
        return []
    pictures = found_over_true(verification, case.image.volume, true_seeds(verification, truth))
    return [truth_section(truth_rows(verification, truth), pictures)]
