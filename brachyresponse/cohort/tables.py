"""The tables of a cohort, for spreadsheets: what is not known is empty, never NaN."""

from __future__ import annotations

from brachyresponse.cohort.case import CohortCase
from brachyresponse.cohort.evaluate import Cohort, CohortRow
from brachyresponse.cohort.paired import Spread
from brachyresponse.cohort.summary import Summary
from brachyresponse.planning import Table
from brachyresponse.planning.exports import Cell


def comparison_table(cohort: Cohort) -> Table:
    """Return plan against implant, one row a metric."""
    columns = (
        "structure", "metric", "unit", "n", "shown as",
        *(f"{side} {figure}" for side in ("plan", "implant", "difference") for figure in SUMMARY_COLUMNS),
        "test", "why", "statistic", "p", "p (Holm)", "effect size", "effect", "shift", "shift from", "shift to",
        "confidence (%)", "carried, not verified",
    )  # fmt: skip
    return Table("Plan and implant", columns, tuple(_comparison_row(row) for row in cohort.rows))


def agreement_table(cohort: Cohort) -> Table:
    """Return bias and limits of agreement with their 95 % intervals, one row a metric of at least 3 pairs."""
    columns = (
        "structure", "metric", "unit", "n", "bias", "bias from", "bias to", "lower limit", "lower limit from",
        "lower limit to", "upper limit", "upper limit from", "upper limit to", "SD of differences",
        "Shapiro-Wilk p of differences", "carried, not verified",
    )  # fmt: skip
    rows = tuple(_agreement_row(row) for row in cohort.rows if row.agreement is not None)
    return Table("Agreement of implant with plan", columns, rows)


def case_table(cohort: Cohort) -> Table:
    """Return the values of every case, one row a case; it can be read again as a table of cases."""
    keys = [row.key for row in cohort.rows]
    values = {
        (name, row.key): pair
        for row in cohort.rows
        for name, *pair in zip(row.cases, row.plan.tolist(), row.implant.tolist(), strict=True)
    }
    columns = (
        "case",
        "patient",
        "prescription (Gy)",
        "days to scan",
        "registration",
        "stamp",
        *_headings(cohort),
    )
    rows = []
    for case in cohort.cases:
        known = [values.get((case.name, key), ("", "")) for key in keys]
        rows.append((*_case_cells(case), *(cell for pair in known for cell in pair)))
    return Table("Cases", columns, tuple(rows))


CASE_COLUMNS = ("case", "patient", "prescription (Gy)", "days to scan", "registration", "stamp")
SUMMARY_COLUMNS = (
    "mean", "SD", "median", "lower quartile", "upper quartile", "least", "largest", "Shapiro-Wilk p",
)  # fmt: skip


def limits_table(cohort: Cohort) -> Table:
    """Return the profile's limits of the implant: by how many cases they are kept, and who breaks them."""
    labels = dict.fromkeys(label for case in cohort.cases for label in case.limits)
    rows: list[tuple[Cell, ...]] = []
    for label in labels:
        judged = {case.name: case.limits[label] for case in cohort.cases if case.limits.get(label) is not None}
        broken = [name for name, kept in judged.items() if not kept]
        unknown = sum(label in case.limits for case in cohort.cases) - len(judged)
        if judged:  # what is only reported has no verdict
            who = ", ".join(broken) or "none"
            rows.append((label, len(judged), len(judged) - len(broken), len(broken), unknown, who))
    columns = ("limit", "cases", "kept", "broken", "not known", "broken by")
    return Table("Limits of the implant", columns, tuple(rows))


def spread_text(summary: Summary, spread: Spread, decimals: int) -> str:
    """Return ``94.5 ± 8.3`` or ``15.5 (12.0 to 20.0)``."""
    if spread is Spread.MEAN_SD and summary.sd is not None:
        return f"{summary.mean:.{decimals}f} ± {summary.sd:.{decimals}f}"
    lower, upper = summary.lower_quartile, summary.upper_quartile
    return f"{summary.median:.{decimals}f} ({lower:.{decimals}f} to {upper:.{decimals}f})"


def p_text(p: float | None) -> str:
    """Return p with two digits that count, never as below something; a dash where there is none."""
    if p is None:
        return "–"
    return f"{p:.3f}" if p >= 0.0995 else f"{p:.2g}"


def _comparison_row(row: CohortRow) -> tuple[Cell, ...]:
    found = row.comparison
    start, end = found.interval or (None, None)
    summaries = (found.plan, found.implant, found.differences)
    return (
        row.key.structure, row.key.label, row.key.unit, found.count, str(found.spread),
        *(cell for summary in summaries for cell in _summary_cells(summary)),
        str(found.test), found.reason, _cell(found.statistic), _cell(found.p), _cell(found.p_holm),
        _cell(found.effect), found.effect_name, _cell(found.shift), _cell(start), _cell(end),
        "" if found.confidence is None else 100 * found.confidence, len(row.stamped),
    )  # fmt: skip


def _summary_cells(summary: Summary) -> tuple[Cell, ...]:
    return (
        summary.mean, _cell(summary.sd), summary.median, summary.lower_quartile, summary.upper_quartile,
        summary.least, summary.largest, _cell(summary.normality_p),
    )  # fmt: skip


def _agreement_row(row: CohortRow) -> tuple[Cell, ...]:
    found = row.agreement
    assert found is not None  # only such rows are asked for
    return (
        row.key.structure, row.key.label, row.key.unit, len(found.differences),
        found.bias, *found.bias_interval, found.lower_limit, *found.lower_limit_interval,
        found.upper_limit, *found.upper_limit_interval, found.sd, _cell(found.normality_p), len(row.stamped),
    )  # fmt: skip


def _headings(cohort: Cohort) -> list[str]:
    """Two headings a metric, as a table of cases has them."""
    return [
        f"{row.key.title} {side} ({row.key.unit})" if row.key.unit else f"{row.key.title} {side}"
        for row in cohort.rows
        for side in ("plan", "implant")
    ]


def _case_cells(case: CohortCase) -> tuple[Cell, ...]:
    return (
        case.name, case.patient_id, _cell(case.prescription_gy), _cell(case.days_after_implant), case.registration,
        case.stamp,
    )  # fmt: skip


def _cell(value: float | None) -> Cell:
    return "" if value is None else value
