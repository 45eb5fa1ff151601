"""``python -m brachyresponse respond``: the category at each visit by published criteria, and why."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from brachyresponse.command_line.messages import StepsOnStderr
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.command_line.respond_arguments import add_arguments
from brachyresponse.command_line.respond_case import read_cases
from brachyresponse.command_line.respond_evidence import (
    asked_evidence,
    is_alone,
    refuse_beside_evidence_alone,
    run_alone,
)
from brachyresponse.command_line.respond_files import (
    INDEX,
    REPORT,
    AssessedCase,
    folder_names,
    print_case,
    print_list,
    write_case,
    write_list,
)
from brachyresponse.progress import Report, share_of
from brachyresponse.response.study import evaluate_response

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "Assess lesions over time by response criteria, and write a report."


def run(options: argparse.Namespace) -> bool:
    """Read, assess and write; return whether something needs a person."""
    report = StepsOnStderr()
    report(0.0, "Reading the case")
    asked = asked_evidence(options)
    if asked is not None and is_alone(options, asked):
        refuse_beside_evidence_alone(options)
        return run_alone(asked, options.out)
    cases = read_cases(options, asked, share_of(report, 0.0, 0.5))
    assessed = [AssessedCase(case, evaluate_response(case.request)) for case in cases]
    if options.out is not None:
        _write(assessed, options.out, options.case, share_of(report, 0.5, 1.0))
    report(1.0, "Done")
    report.finish()
    _print_summary(assessed, options.out)
    return any(one.findings for one in assessed)


def _write(cases: Sequence[AssessedCase], out: Path, source: Path | None, report: Report) -> None:
    if len(cases) == 1:
        _write_one(cases[0], out)
    else:
        _write_many(cases, out, source.name if source else "", report)


def _write_one(assessed: AssessedCase, out: Path) -> None:
    with result_folder(out) as folder:
        write_case(assessed, folder)


def _write_many(cases: Sequence[AssessedCase], out: Path, source: str, report: Report) -> None:
    """Write a folder a case, then the page that lists them: a run that is cancelled leaves whole cases."""
    folders = folder_names([one.name for one in cases])
    for number, (one, name) in enumerate(zip(cases, folders, strict=True)):
        report(number / len(cases), f"Reports: {one.name}")
        _write_one(one, out / name)
    with result_folder(out) as folder:
        write_list(cases, folders, f"Response: {source}", folder)


def _print_summary(cases: Sequence[AssessedCase], out: Path | None) -> None:
    if len(cases) == 1:
        print_case(cases[0])
    else:
        print_list(cases)
    if out is not None:
        print(f"Report: {out / REPORT}" if len(cases) == 1 else f"Reports: {out / INDEX}")
