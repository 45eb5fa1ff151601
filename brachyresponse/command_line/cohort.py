"""``python -m brachyresponse cohort``: plan against implant over many cases, verified in parallel where needed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
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
    limits_table,
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
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.report.cohort_report import CohortReport, cohort_report_html

SUMMARY = "Compare plan and implant over many cases, and write the table, its tests and plots."
ALL = "all"
FAILED = "failed.csv"
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
  comparison.csv agreement.csv cases.csv limits.csv
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
    metrics = None if options.metrics == [ALL] else options.metrics
    done = compare_cohort(options.cases, options.out, metrics=metrics, workers=options.workers, report=report)
    report.finish()
    _print_summary(done, options.out)
    return bool(done.failed or done.cohort.warnings)


@dataclass(frozen=True, eq=False)
class CohortRun:
    """A cohort, and what became of the cases that had to be verified or could not be read."""

    cohort: Cohort
    outcomes: tuple[CaseOutcome, ...]

    @property
    def failed(self) -> tuple[CaseOutcome, ...]:
        """The cases that are not in the cohort."""
        return tuple(one for one in self.outcomes if one.status is CaseStatus.FAILED)


def compare_cohort(
    source: str | Path,
    out: str | Path,
    *,
    metrics: Sequence[str] | None = PUBLISHED_METRICS,
    executor: Executor | None = None,
    workers: int | None = None,
    report: Report = ignore_progress,
) -> CohortRun:
    """Verify the cases that are not verified yet, compare plan and implant, and write tables and report.

    Parameters
    ----------
    source
        A folder of cases or a table of them, as the command's help describes.
    out
        Folder for the results.
    metrics
        Ids of the metrics to compare; None for all.
    executor, workers
        As :func:`brachyresponse.cohort.run_cases`.

    Raises
    ------
    InputFileError
        There is no case, or the results cannot be written.
    CohortError
        A table cannot be understood, none of the cases could be evaluated, or none has one of the metrics.
    """
    source, out = Path(source), Path(out)
    found = find_cases(source, out / "cases")
    computed = run_cases(found.tasks, verify_case, executor=executor, workers=workers, report=share_of(report, 0, 0.9))
    cases, unread = found.read(computed)
    outcomes = (*found.unusable, *computed, *unread)
    if not cases:
        first = next(one for one in outcomes if one.status is CaseStatus.FAILED)
        raise CohortError(f"None of {len(found.names)} cases could be evaluated; {first.name}: {first.error}")
    done = CohortRun(evaluate_cohort(cases, metrics=metrics), outcomes)
    report(0.9, "Table and plots")
    with result_folder(out) as folder:
        _write(done, folder, source.name)
    if not done.failed:
        (out / FAILED).unlink(missing_ok=True)  # of an earlier run
    report(1.0, "Done")
    return done


def _write(done: CohortRun, folder: Path, source: str) -> None:
    cohort = done.cohort
    charts = {
        row.key: [paired_chart(row), *([agreement_chart(row, row.agreement)] if row.agreement else [])]
        for row in cohort.rows
    }
    write_csv(comparison_table(cohort), folder / "comparison.csv")
    write_csv(agreement_table(cohort), folder / "agreement.csv")
    write_csv(case_table(cohort), folder / "cases.csv")
    write_csv(limits_table(cohort), folder / "limits.csv")
    if done.failed:
        rows = tuple((one.name, one.error) for one in done.failed)
        write_csv(Table("Cases that failed", ("case", "why"), rows), folder / FAILED)
    content = CohortReport(cohort, charts, done.outcomes, [("Cases from", source)])
    (folder / "report.html").write_text(cohort_report_html(content), encoding="utf-8")


def _print_summary(done: CohortRun, out: Path) -> None:
    for row in done.cohort.rows:
        found, decimals = row.comparison, row.key.decimals
        plan, implant = (spread_text(one, found.spread, decimals) for one in (found.plan, found.implant))
        stamp = f" ({len(row.stamped)} carried, not verified)" if row.stamped else ""
        print(f"{row.key.heading}{stamp}: plan {plan}, implant {implant}, n = {found.count}, p = {p_text(found.p)}")
    for one in done.failed:
        print(f"failed: {one.name}: {one.error}")
    for sentence in done.cohort.warnings:
        warn(sentence)
    print(f"Report: {out / 'report.html'}")
