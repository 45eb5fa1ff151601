"""Sections that a verification's report has when they are asked for: robustness, another scan, rejected candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from brachyresponse.report.document import bullets, section, table
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.verification_tables import number, place_words, structure_name

if TYPE_CHECKING:
    from brachyresponse.seeds import DetectedSeeds
    from brachyresponse.verification import Interval, Robustness, ScanComparison

MOST_REJECTED = 20
COMPUTED_AT_POINTS = (
    "Here the dose is computed at points of the target by the formulas, elsewhere in this report it is read from the "
    "dose grid: the values as found may differ by up to about one percent."
)
SCAN_METRICS = ("volume", "d90", "d100", "v100", "v150", "v200", "hi", "d2cc", "d0_1cc")


def robustness_section(found: Sequence[Robustness]) -> Markup:
    """Return how sure D90 and V100 of the targets are."""
    rows = [
        [structure_name(one.structure, one.stamp), interval.label, *_interval(interval)]
        for one in found
        for interval in (one.d90, one.v100)
    ]
    headings = ["Target", "Metric", "As found", "Median", "Interval"]
    return section(
        "How sure D90 and V100 are",
        table(headings, rows, numbers=(2, 3, 4)),
        bullets([*(one.sentence for one in found), COMPUTED_AT_POINTS]),
    )


def scans_section(scans: ScanComparison) -> Markup:
    """Return two CTs of one implant side by side."""
    shown = [row for row in scans.rows if row.structure == "seeds" or row.id in SCAN_METRICS]
    rows = [
        [
            structure_name(row.structure, row.stamp),
            row.label,
            *(number(value, row.decimals, row.unit) for value in (row.plan, row.first, row.second)),
            number(row.difference, row.decimals, row.unit, signed=True),
        ]
        for row in shown
    ]
    headings = ["Structure", "Metric", "Plan", f"Day {scans.first_days}", f"Day {scans.second_days}", "Difference"]
    return section(
        f"CT of {scans.first_date} (day {scans.first_days}) and of {scans.second_date} (day {scans.second_days})",
        table(headings, rows, numbers=(2, 3, 4, 5)),
        bullets(scans.warnings),
    )


def rejected_section(found: DetectedSeeds) -> Markup:
    """Return what was not taken for a seed, with the reason, the most seed-like first."""
    ordered = sorted(found.rejected, key=lambda candidate: -candidate.confidence)
    rows = [[place_words(one.position_mm), f"{one.confidence:.2f}", one.sentence] for one in ordered[:MOST_REJECTED]]
    more = len(ordered) - len(rows)
    rest = element("p", f"{more} less seed-like ones are not listed.", class_="quiet") if more > 0 else NOTHING
    return section(
        "Bright places that were not taken for seeds",
        joined(table(["R, A, S mm", "Confidence", "Why not"], rows, numbers=(0, 1)), rest) if rows else NOTHING,
        class_="seeds",
    )


def _interval(interval: Interval) -> list[str]:
    return [
        number(interval.as_found, 1, interval.unit),
        number(interval.median, 1, interval.unit),
        f"{interval.low:.1f} to {interval.high:.1f} {interval.unit}",
    ]
