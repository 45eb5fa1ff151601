"""The report of a cohort: the table of a paper, its plots, the cases, and what limits them, in one HTML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from brachyresponse import __version__
from brachyresponse.cohort import (
    CaseOutcome,
    CaseStatus,
    Cohort,
    CohortRow,
    MetricKey,
    limits_table,
    p_text,
    spread_text,
)
from brachyresponse.report.document import RESEARCH_USE, bullets, document, facts, section, table
from brachyresponse.report.markup import Markup, element, joined

P_LIMIT = 0.05


@dataclass(frozen=True)
class CohortReport:
    """What a cohort's report tells.

    Parameters
    ----------
    charts
        SVG of each metric.
    outcomes
        What became of each case that was computed; cases that were only read are not among them.
    inputs
        What was read: name and description.
    """

    cohort: Cohort
    charts: Mapping[MetricKey, Sequence[Markup]] = field(default_factory=dict)
    outcomes: Sequence[CaseOutcome] = ()
    inputs: Sequence[tuple[str, str]] = ()

    @property
    def failed(self) -> tuple[CaseOutcome, ...]:
        """The cases that could not be computed."""
        return tuple(one for one in self.outcomes if one.status is CaseStatus.FAILED)


def cohort_report_html(report: CohortReport) -> str:
    """Return the report as one self-contained HTML document, A4 when printed."""
    cohort = report.cohort
    return document(
        f"Cohort of {len(cohort.cases)} implants",
        element("h1", f"Plan and implant: {len(cohort.cases)} cases"),
        element("p", RESEARCH_USE, class_="research"),
        facts(_header(report)),
        section("Cases that failed", _failed_table(report.failed)),
        section("What limits these figures", bullets(cohort.warnings)),
        section("Plan and implant", _comparison(cohort.rows), element("p", SMALL_PRINT, class_="quiet")),
        section("Effect, shift and choice of test", _tests(cohort.rows)),
        section("Limits of agreement", _agreement(cohort.rows)),
        section("Limits of the implant", _limits(cohort)),
        section("Plots", *(_figures(row, report.charts[row.key]) for row in cohort.rows if row.key in report.charts)),
        section("Cases", _cases(cohort)),
        section("Methods", bullets(cohort.methods)),
        element("footer", f"BrachyResponse {__version__}"),
    )


SMALL_PRINT = (
    "Mean ± SD, or median (lower quartile to upper quartile). p is two-sided; p (Holm) is adjusted for the metrics of "
    "this table."
)


def _header(report: CohortReport) -> list[tuple[str, object]]:
    cohort = report.cohort
    patients = {case.patient_id for case in cohort.cases if case.patient_id}
    methods = sorted({case.registration for case in cohort.cases if case.registration})
    return [
        ("Cases", f"{len(cohort.cases)} evaluated, {len(report.failed)} failed"),
        ("Patients", len(patients) or None),
        ("Prescription", _range([case.prescription_gy for case in cohort.cases], "Gy")),
        ("Scan after implant", _range([case.days_after_implant for case in cohort.cases], "days")),
        ("Registration", ", ".join(methods) or None),
        *report.inputs,
    ]


def _range(values: Sequence[float | None], unit: str) -> str | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    lowest, highest = min(known), max(known)
    return f"{lowest:g} {unit}" if lowest == highest else f"{lowest:g} to {highest:g} {unit}"


def _comparison(rows: Sequence[CohortRow]) -> Markup:
    columns = ("metric", "n", "plan", "implant", "test", "p", "p (Holm)")
    cells = []
    for row in rows:
        found, decimals = row.comparison, row.key.decimals
        cells.append(
            (
                _heading(row),
                found.count,
                spread_text(found.plan, found.spread, decimals),
                spread_text(found.implant, found.spread, decimals),
                str(found.test),
                _p(found.p),
                _p(found.p_holm),
            )
        )
    return table(columns, cells, numbers=(1, 2, 3, 5, 6))


def _tests(rows: Sequence[CohortRow]) -> Markup:
    columns = ("metric", "shift, implant − plan", "interval", "effect size", "why this test")
    cells = []
    for row in rows:
        found, decimals = row.comparison, row.key.decimals
        effect = "–" if found.effect is None else f"{found.effect_name} = {found.effect:.2f}"
        shift = "–" if found.shift is None else f"{found.shift:.{decimals}f}"
        interval = _interval(found.interval, decimals)
        if found.confidence is not None and found.interval is not None:
            interval = f"{interval} ({100 * found.confidence:.1f} %)"
        cells.append((_heading(row), shift, interval, effect, found.reason))
    return table(columns, cells, numbers=(1, 2, 3))


def _agreement(rows: Sequence[CohortRow]) -> Markup:
    columns = ("metric", "n", "bias (95 % interval)", "lower limit (95 % interval)", "upper limit (95 % interval)")
    cells = []
    for row in rows:
        if row.agreement is not None:
            found, decimals = row.agreement, row.key.decimals
            pairs = (
                (found.bias, found.bias_interval),
                (found.lower_limit, found.lower_limit_interval),
                (found.upper_limit, found.upper_limit_interval),
            )
            said = [f"{value:.{decimals}f} ({_interval(interval, decimals)})" for value, interval in pairs]
            cells.append((_heading(row), len(found.means), *said))
    return table(columns, cells, numbers=(1, 2, 3, 4)) if cells else Markup()


def _limits(cohort: Cohort) -> Markup:
    kept = limits_table(cohort)
    return table(kept.columns, kept.rows, numbers=(1, 2, 3, 4)) if kept.rows else Markup()


def _heading(row: CohortRow) -> Markup:
    """The metric, with the number of cases in which it was not verified."""
    stamp = element("span", f" {len(row.stamped)} carried, not verified", class_="stamp") if row.stamped else ""
    return joined(row.key.heading, stamp)


def _figures(row: CohortRow, charts: Sequence[Markup]) -> Markup:
    figures = (element("figure", chart) for chart in charts)
    return joined(element("h3", _heading(row)), element("div", *figures, class_="pictures"))


def _cases(cohort: Cohort) -> Markup:
    columns = ["case", "patient", *(joined(row.key.heading, element("br"), "plan → implant") for row in cohort.rows)]
    values = {
        (name, row.key): f"{plan:.{row.key.decimals}f} → {implant:.{row.key.decimals}f}"
        for row in cohort.rows
        for name, plan, implant in zip(row.cases, row.plan, row.implant, strict=True)
    }
    cells = []
    for case in cohort.cases:
        stamp = element("span", f" {case.stamp}", class_="stamp") if case.stamp else ""
        found = (values.get((case.name, row.key), "–") for row in cohort.rows)
        cells.append((joined(case.name, stamp), case.patient_id or None, *found))
    return element("div", table(columns, cells, numbers=range(2, len(columns))), class_="seeds")


def _failed_table(failed: Sequence[CaseOutcome]) -> Markup:
    return table(("case", "why"), [(one.name, one.error) for one in failed]) if failed else Markup()


def _p(p: float | None) -> Markup:
    return element("b" if p is not None and p < P_LIMIT else "span", p_text(p))


def _interval(interval: tuple[float, float] | None, decimals: int) -> str:
    return "–" if interval is None else f"{interval[0]:.{decimals}f} to {interval[1]:.{decimals}f}"
