"""What was computed of a plan, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Protocol

import numpy as np

from brachyresponse.dose.dvh import Dvh
from brachyresponse.dose.metrics import Metric
from brachyresponse.planning.exports import Table
from brachyresponse.planning.findings import RuleFinding
from brachyresponse.planning.organ_limits import LimitResult

DVH_STEP_GY = 0.5
DVH_HIGHEST = 4.0
"""The histogram's table ends at this many times the prescription; doses at the seeds go on to thousands of Gy."""


class TabledPlan(Protocol):
    """What the tables need to know of a plan, of seeds or of a balloon."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def prescription_gy(self) -> float: ...  # noqa: D102
    @property
    def surrogate_for(self) -> str: ...  # noqa: D102


class Tabled(Protocol):
    """What was computed of a plan, of seeds or of a balloon."""

    @property
    def plan(self) -> TabledPlan: ...  # noqa: D102
    @property
    def dvhs(self) -> Mapping[str, Dvh]: ...  # noqa: D102
    @property
    def metrics(self) -> Mapping[str, tuple[Metric, ...]]: ...  # noqa: D102
    @property
    def organ_metrics(self) -> Mapping[str, tuple[Metric, ...]]: ...  # noqa: D102
    @property
    def warnings(self) -> tuple[str, ...]: ...  # noqa: D102


def dvh_table(evaluation: Tabled) -> Table:
    """Return the cumulative histograms: a dose column, and the volume of each structure in cc and percent."""
    highest = DVH_HIGHEST * evaluation.plan.prescription_gy
    dose_gy = np.linspace(0, highest, round(highest / DVH_STEP_GY) + 1)
    seed = evaluation.plan.surrogate_for
    columns, cells = [f"dose (Gy; surrogate for {seed})" if seed else "dose (Gy)"], [dose_gy]
    for name, dvh in evaluation.dvhs.items():
        volume_cc = dvh.cumulative_cc(dose_gy)
        columns += [f"{name} (cc)", f"{name} (%)"]
        cells += [volume_cc, volume_cc / dvh.inside_cc * 100]
    return Table("Cumulative dose-volume histograms", tuple(columns), tuple(map(tuple, np.stack(cells, 1).tolist())))


def metrics_table(evaluation: Tabled, *, first: Iterable[Metric] = ()) -> Table:
    """Return the metrics of targets and organs, one a row, with their formulas; last the warnings, as notes.

    ``first`` are metrics of something else, as of a balloon, that stand before them.
    """
    columns = ("structure", "metric", "value", "unit", "formula", "source", "note")
    metrics = chain(first, *evaluation.metrics.values(), *evaluation.organ_metrics.values())
    rows = (
        (m.structure, m.label, "" if m.value is None else m.value, m.unit, m.formula, m.source, m.note) for m in metrics
    )
    warnings = ((evaluation.plan.name, "warning", "", "", "", "", sentence) for sentence in evaluation.warnings)
    return Table("Metrics", columns, (*rows, *warnings))


def limits_table(results: Iterable[LimitResult]) -> Table:
    """Return the dose limits of the organs at risk with what was found."""
    rows = (
        (str(r.limit), "" if r.value is None else r.value, str(r.limit.unit), result_word(r.passed), r.note)
        for r in results
    )
    return Table("Dose limits", ("limit", "found", "unit", "result", "note"), tuple(rows))


def findings_table(findings: Iterable[RuleFinding]) -> Table:
    """Return the rule table; the position, RAS, is where the worst case lies, when it has a place."""
    columns = ("rule", "found", "value", "unit", "limit", "severity", "result", "source", "id", "position (mm)")
    rows = (
        (
            f.label,
            f.found,
            "" if f.value is None else f.value,
            f.unit,
            f.limit,
            str(f.severity),
            result_word(f.passed),
            f.source,
            f.rule,
            "" if f.position_mm is None else " ".join(f"{coordinate:.2f}" for coordinate in f.position_mm),
        )
        for f in findings
    )
    return Table("Rules", columns, tuple(rows))


def result_word(passed: bool | None) -> str:
    """Return how a verdict is called: pass, fail, or not known."""
    return "not known" if passed is None else ("pass" if passed else "fail")
