"""``python -m brachyresponse cohort``: plan against implant over many cases, verified in parallel where needed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from brachyresponse.cohort import (
    PUBLISHED_METRICS,
    CaseOutcome,
    CaseStatus,
    Cohort,
    agreement_table,
    case_table,
    comparison_table,
    evaluate_cohort,
    p_text,
    run_cases,
    spread_text,
)
from brachyresponse.command_line import values
from brachyresponse.command_line.cohort_cases import find_cases, verify_case
from brachyresponse.command_line.messages import StepsOnStderr, warn
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.errors import CohortError
from brachyresponse.pictures.cohort_charts import agreement_chart, paired_chart
from brachyresponse.planning import Table, write_csv
from brachyresponse.progress import share_of
from brachyresponse.report.cohort_report import CohortReport, cohort_report_html

SUMMARY = "Compare plan and implant over many cases, and write the table, its tests and plots."
ALL = "all"
EPILOG = f"""\
DIR: a folder for each case, which holds
  verification.json   as `verify` writes it: it is read; or else
  case.json           {{"schema": 1, "arguments": ["--plan", "plan.json", "--image", "ct", ...]}}: the arguments of
                      `verify` without --out, paths relative to the case's folder; the case is verified

TABLE: a CSV file with a row for each case, named in the column `case`, and one of
  verification        path of its verification.json, or of the folder that holds it
  arguments           the arguments of `verify` as typed, paths relative to the table
  `PTV D90 plan (Gy)`, `PTV D90 implant (Gy)` ...  the values themselves, as pairs of columns

what is written into the output folder
  report.html         the table of a paper, tests, plots, cases, methods; one file
  comparison.csv agreement.csv cases.csv
  failed.csv          the cases that could not be computed, and why
  cases/NAME/         what was verified; a run that is started again goes on where it stopped

exit status
  0 done; 1 done, with cases that failed or sentences that a person should read; 2 wrong use or bad input

metrics compared, unless others are named: {", ".join(PUBLISHED_METRICS)}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommand's arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "cases", type=Path, metavar="DIR|TABLE", help="folder of cases, or a CSV file with one row a case"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    parser.add_argument(
        "--metrics", nargs="+", default=list(PUBLISHED_METRICS), metavar="ID",
        help=f"metrics to compare, as d90 v100 d2cc, or {ALL!r}; p is adjusted for their number",
    )  # fmt: skip
    parser.add_argument(
        "--workers", type=values.count, metavar="N", help="cases computed at a time, default one a processor"
    )


def run(options: argparse.Namespace) -> bool:
    """Compute what is not computed, evaluate and write; return whether something needs a person."""
    report = StepsOnStderr()
    found = find_cases(options.cases, options.out / "cases")
    outcomes = (
        *found.unusable,
        *run_cases(found.tasks, verify_case, workers=options.workers, report=share_of(report, 0.0, 0.9)),
    )
    cases, unread = found.read(outcomes)
    outcomes = (*outcomes, *unread)
    failed = [one for one in outcomes if one.status is CaseStatus.FAILED]
    if not cases:
        raise CohortError(f"None of {len(failed)} cases could be evaluated; the first, {_said(failed)}")
    cohort = evaluate_cohort(cases, metrics=None if options.metrics == [ALL] else options.metrics)
    report(0.9, "Table and plots")
    with result_folder(options.out) as folder:
        _write(cohort, outcomes, folder, str(options.cases))
    if not failed:
        (options.out / "failed.csv").unlink(missing_ok=True)  # of an earlier run
    report(1.0, "Done")
    report.finish()
    _print_summary(cohort, failed, options.out)
    return bool(failed or cohort.warnings)


def _said(failed: Sequence[CaseOutcome]) -> str:
    return f"{failed[0].name}: {failed[0].error}" if failed else "there are none."


def _write(cohort: Cohort, outcomes: Sequence[CaseOutcome], folder: Path, source: str) -> None:
    charts = {
        row.key: [paired_chart(row), *([agreement_chart(row, row.agreement)] if row.agreement else [])]
        for row in cohort.rows
    }
    content = CohortReport(cohort, charts, outcomes, [("Cases from", source)])
    write_csv(comparison_table(cohort), folder / "comparison.csv")
    write_csv(agreement_table(cohort), folder / "agreement.csv")
    write_csv(case_table(cohort), folder / "cases.csv")
    if content.failed:
        rows = tuple((one.name, one.error) for one in content.failed)
        write_csv(Table("Cases that failed", ("case", "why"), rows), folder / "failed.csv")
    (folder / "report.html").write_text(cohort_report_html(content), encoding="utf-8")


def _print_summary(cohort: Cohort, failed: Sequence[CaseOutcome], out: Path) -> None:
    for row in cohort.rows:
        found, decimals = row.comparison, row.key.decimals
        plan, implant = (spread_text(one, found.spread, decimals) for one in (found.plan, found.implant))
        print(f"{row.key.heading}: plan {plan}, implant {implant}, n = {found.count}, p = {p_text(found.p)}")
    for one in failed:
        print(f"failed: {one.name}: {one.error}")
    for sentence in cohort.warnings:
        warn(sentence)
    print(f"Report: {out / 'report.html'}")
