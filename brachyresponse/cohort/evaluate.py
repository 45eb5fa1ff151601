"""Plan against implant over a cohort: one row a metric, tested together, and what has to be said with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from brachyresponse.cohort.agreement import LEAST_PAIRS, Agreement, bland_altman
from brachyresponse.cohort.case import (
    COUNT,
    D90,
    D90_PERCENT,
    GTV,
    GTV_AND_PTV,
    PTV,
    CaseValue,
    CohortCase,
    MetricKey,
    with_percent_of_prescription,
)
from brachyresponse.cohort.paired import PairedComparison, compare_paired, with_holm
from brachyresponse.dose import indices
from brachyresponse.errors import CohortError
from brachyresponse.types import FloatArray, frozen_array

PUBLISHED_METRICS = (COUNT, "volume", D90, "d100", "v100", "v150", "v200", "hi")
"""What tables of implants print; others by choice, because every metric more makes the adjusted p larger."""
HI_TOLERANCE = 0.051
"""A homogeneity index printed with one digit may be off by half of it."""


@dataclass(frozen=True, eq=False)
class CohortRow:
    """One metric over the cases in which plan and implant are both known.

    Parameters
    ----------
    cases
        Names, in the order of ``plan`` and ``implant`` (N,).
    agreement
        None where there are fewer than 3 pairs.
    missing
        Names of the cases without one of both values.
    stamped
        Names of the cases whose structure was carried over and not verified.
    """

    key: MetricKey
    cases: tuple[str, ...]
    plan: FloatArray
    implant: FloatArray
    comparison: PairedComparison
    agreement: Agreement | None
    missing: tuple[str, ...]
    stamped: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Cohort:
    """A cohort evaluated.

    Parameters
    ----------
    rows
        In the order in which the cases bring their metrics, structures together.
    methods
        How it was computed, one sentence each.
    warnings
        What limits it, one sentence each.
    """

    cases: tuple[CohortCase, ...]
    rows: tuple[CohortRow, ...]
    methods: tuple[str, ...]
    warnings: tuple[str, ...]

    def row(self, structure: str, metric_id: str) -> CohortRow:
        """Return the row of a metric.

        Raises
        ------
        CohortError
            There is none.
        """
        for row in self.rows:
            if (row.key.structure, row.key.id) == (structure, metric_id):
                return row
        raise CohortError(f"The cohort has no metric {metric_id!r} of {structure!r}.")


def evaluate_cohort(cases: Iterable[CohortCase], *, metrics: Sequence[str] | None = PUBLISHED_METRICS) -> Cohort:
    """Return plan against implant over many cases.

    Parameters
    ----------
    metrics
        Ids of the metrics to compare (``d90``); None for all. p is adjusted for their number.

    Raises
    ------
    CohortError
        There are no cases, two have one name, or none of the metrics is known in any of them.
    """
    kept = tuple(cases)
    names = [case.name for case in kept]
    if len(set(names)) < len(names):
        raise CohortError("Two cases have the same name: name them differently.")
    expanded = [with_percent_of_prescription(case) for case in _with_targets_apart(kept)]
    rows = [row for key in _keys(expanded, metrics) if (row := _row(key, expanded)) is not None]
    if not rows:
        wanted = "any metric" if metrics is None else ", ".join(metrics)
        raise CohortError(f"None of {len(kept)} cases has plan and implant of {wanted}: check cases and metrics.")
    adjusted = with_holm([row.comparison for row in rows])
    rows = [replace(row, comparison=comparison) for row, comparison in zip(rows, adjusted, strict=True)]
    return Cohort(kept, tuple(rows), methods_of(rows), tuple(_warnings(kept, rows)))


def methods_of(rows: Sequence[CohortRow]) -> tuple[str, ...]:
    """Return how rows were computed, one sentence each, as a paper's methods would say it."""
    tested = sum(row.comparison.p is not None for row in rows)
    return (
        "Differences are implant minus plan of the same case.",
        "A metric is described by mean and standard deviation where plan and implant are both normal by the "
        "Shapiro-Wilk test (p at least 0.05), else by median and quartiles (25th and 75th percentile, interpolated).",
        "Plan and implant are compared by the paired t test where the differences are normal by the Shapiro-Wilk test "
        "(p at least 0.05), else by the Wilcoxon signed-rank test, two-sided, with its exact distribution given ties "
        "(zeros left out).",
        "The effect size is d (mean difference over its standard deviation) or r (matched-pairs rank-biserial "
        "correlation); the shift is the mean difference with its 95 % interval, or the Hodges-Lehmann estimate with "
        "the exact interval of at least 95 %.",
        f"p (Holm) is adjusted for the {tested} metrics of this table that were tested together.",
        "Limits of agreement are the mean difference and 1.96 standard deviations to either side (Bland and Altman), "
        "with 95 % intervals; they suppose normal differences.",
    )


def homogeneity_contradictions(case: CohortCase) -> tuple[str, ...]:
    """Return where a homogeneity index is not (V100 - V150) / V100 of the same structure, one sentence each."""
    values = {(key.structure, key.id): value for key, value in case.values.items()}
    said = []
    for structure, side in product(dict.fromkeys(key.structure for key in case.values), ("plan", "implant")):
        found, v100, v150 = (getattr(values.get((structure, name)), side, None) for name in ("hi", "v100", "v150"))
        if found is None or v150 is None or not v100:
            continue
        expected = indices.homogeneity_index(v100, v150)
        if abs(found - expected) > HI_TOLERANCE:
            said.append(
                f"Case {case.name!r}: HI of the {side} is {found:.3g}, but (V100 - V150) / V100 is {expected:.3g}."
            )
    return tuple(said)


def _keys(cases: Sequence[CohortCase], metrics: Sequence[str] | None) -> list[MetricKey]:
    """The metrics in the order in which the cases bring them, those of one structure together."""
    found = list(dict.fromkeys(key for case in cases for key in case.values if metrics is None or key.id in metrics))
    structures = list(dict.fromkeys(key.structure for key in found))
    return sorted(found, key=lambda key: structures.index(key.structure))


def _row(key: MetricKey, cases: Sequence[CohortCase]) -> CohortRow | None:
    known: dict[str, tuple[float, float]] = {}
    stamped = []
    for case in cases:
        value = case.values.get(key)
        if value is not None and value.plan is not None and value.implant is not None:
            known[case.name] = (value.plan, value.implant)
            if value.stamp:
                stamped.append(case.name)
    if not known:
        return None
    plan, implant = (frozen_array(column, np.float64) for column in zip(*known.values(), strict=True))
    return CohortRow(
        key=key,
        cases=tuple(known),
        plan=plan,
        implant=implant,
        comparison=compare_paired(plan, implant),
        agreement=bland_altman(plan, implant) if len(known) >= LEAST_PAIRS else None,
        missing=tuple(case.name for case in cases if case.name not in known),
        stamped=tuple(stamped),
    )


def _with_targets_apart(cases: Sequence[CohortCase]) -> tuple[CohortCase, ...]:
    """Cases whose one target is both GTV and PTV count with either, where other cases have two."""
    structures = {key.structure for case in cases for key in case.values}
    apart = [name for name in (GTV, PTV) if name in structures]
    if GTV_AND_PTV not in structures or not apart:
        return tuple(cases)
    return tuple(replace(case, values=dict(_spread(case, apart))) for case in cases)


def _spread(case: CohortCase, targets: Sequence[str]) -> Iterable[tuple[MetricKey, CaseValue]]:
    for key, value in case.values.items():
        for structure in targets if key.structure == GTV_AND_PTV else [key.structure]:
            yield replace(key, structure=structure), value


def _warnings(cases: Sequence[CohortCase], rows: Sequence[CohortRow]) -> Iterator[str]:
    patients = [case.patient_id for case in cases if case.patient_id]
    if len(set(patients)) < len(patients):
        yield (
            f"{len(patients)} cases are of {len(set(patients))} patients: cases of one patient are not independent, "
            "and the tests take them as if they were."
        )
    stamped = [case.name for case in cases if case.stamp]
    if stamped:
        stamp = next(case.stamp for case in cases if case.stamp)
        yield f"{stamp}: the target or an organ of {_named(stamped)}."
    yield from _mixed_prescriptions(cases)
    yield from (f"{row.key.title} is not known of {_named(row.missing)}." for row in rows if row.missing)
    yield from (sentence for case in cases for sentence in homogeneity_contradictions(case))


def _mixed_prescriptions(cases: Sequence[CohortCase]) -> Iterator[str]:
    prescriptions = sorted({case.prescription_gy for case in cases if case.prescription_gy is not None})
    if len(prescriptions) > 1:
        lowest, highest = prescriptions[0], prescriptions[-1]
        yield (
            f"The prescriptions differ, from {lowest:g} to {highest:g} Gy: doses in Gy are of different aims; compare "
            f"{D90_PERCENT}."
        )


def _named(names: Sequence[str], most: int = 5) -> str:
    listed = ", ".join(names[:most]) + (" ..." if len(names) > most else "")
    return f"{len(names)} {'case' if len(names) == 1 else 'cases'} ({listed})"
