"""Tables of a perfusion report: ratios, exclusions, timing, fits, figures used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from brachyresponse.lesions.ratios import RatioStatistic
from brachyresponse.perfusion.study import map_facts, setting_facts
from brachyresponse.report.document import bullets, table
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.plan_tables import PASSED
from brachyresponse.report.verification_tables import DASH, number

if TYPE_CHECKING:
    from brachyresponse.perfusion.study import (
        JudgedStudy,
        PerfusionRecord,
        PerfusionStudy,
        RatioEntry,
        VisitRatios,
    )

NOT_EVALUABLE = element("span", "not evaluable", class_="open")


def ratio_table(judged: JudgedStudy) -> Markup:
    """Return the ratios of the judged statistic, with those of the pre-treatment scan beside them."""
    statistic = judged.study.request.settings.statistic
    rows = [visit for visit in judged.visits() if visit.after.statistic == statistic]
    figures = ["In the lesion", "In white matter ± SE", "Valid voxels"]
    headings = ["Lesion", "Ratio", "This scan (95 % interval)", *_before_heading(judged), *figures]
    body = [_ratio_row(visit, judged.before is not None) for visit in rows]
    if not body:
        return NOTHING
    note = element("p", f"Statistic of the lesion: {RatioStatistic(statistic).label}.", class_="quiet")
    return joined(table(headings, body, numbers=range(2, len(headings))), note, bullets(_reasons(rows)))


def ratio_table_in_full(judged: JudgedStudy) -> Markup:
    """Return every ratio and statistic."""
    headings = ["Lesion", "Ratio", "Statistic", "This scan (95 % interval)", *_before_heading(judged), "In the lesion"]
    rows = []
    for visit in judged.visits():
        row = visit.after
        before = [_ratio_words(visit.before)] if judged.before is not None else []
        cells = [
            row.lesion,
            _label(row),
            RatioStatistic(row.statistic).label,
            _ratio_words(row),
            *before,
            _figure(row, "lesion"),
        ]
        rows.append(cells)
    return table(headings, rows, numbers=range(3, len(headings))) if rows else NOTHING


def exclusion_table(record: PerfusionRecord) -> Markup:
    """Return what is left out of each lesion, and the share that is left."""
    rows = [
        [one.structure, one.exclusion, f"{one.share:.0%}", f"{one.share_left:.0%}", one.reason]
        for one in record.exclusions
    ]
    left = [f"{one.name}: {one.share_left:.0%} of {one.volume_cc:.2f} cc are left." for one in record.lesions]
    headings = ["Lesion", "Left out", "Share of it", "Left then", "Why"]
    return joined(table(headings, rows, numbers=(2, 3)) if rows else NOTHING, bullets(left))


def timing_table(judged: JudgedStudy) -> Markup:
    """Return the checked dates."""
    if judged.timing is None:
        return NOTHING
    rows = []
    for row in judged.timing.rows:
        colour, word = PASSED[row.passed]
        days = DASH if row.days is None else f"{row.days} days"
        rows.append([row.label, row.expected, days, element("span", word, class_=colour)])
    source = element("p", judged.timing.source, class_="quiet")
    return joined(table(["Condition", "In the study", "Here", ""], rows, numbers=(2,)), source)


def rule_table(record: PerfusionRecord) -> Markup:
    """Return the rules that fired, each with its source."""
    fired = {one.rule: one.source for found in record.interpretations for one in found.sentences}
    rows = [[element("span", rule, class_="place"), source] for rule, source in fired.items()]
    return table(["Rule", "Where it comes from"], rows) if rows else NOTHING


def curve_facts_table(study: PerfusionStudy) -> Markup:
    """Return the parameters of each curve's fit, one row a curve."""
    rows = []
    for curve in study.curves:
        shown = "; ".join(f"{name} {value}" for name, value in curve.facts)
        rows.append([curve.name, curve.missing or shown])
    return table(["Curve", "Figures"], rows) if rows else NOTHING


def acquisition_table(record: PerfusionRecord) -> Markup:
    """Return every figure that went in, with its origin."""
    return table(
        ["Figure", "Value", "Where it comes from"], [[one.label, one.value, one.origin] for one in record.used]
    )


def setting_table(record: PerfusionRecord) -> Markup:
    """Return every setting that a series of this kind has, with its source."""
    rows = [
        [one.label, element("span", one.value, class_="place"), one.source]
        for one in record.settings
        if setting_facts(one.name).kind in ("", record.kind)
    ]
    return table(["Setting", "Value", "Source"], rows)


def _before_heading(judged: JudgedStudy) -> list[object]:
    if judged.before is None:
        return []
    day = judged.before.scan_date
    return [f"Before treatment{f', {day}' if day else ''}"]


def _ratio_row(visit: VisitRatios, with_before: bool) -> list[object]:
    row = visit.after
    before = [_ratio_words(visit.before)] if with_before else []
    return [
        row.lesion,
        _label(row),
        _ratio_words(row),
        *before,
        _figure(row, "lesion"),
        _figure(row, "white matter"),
        f"{row.valid_voxels} of {row.lesion_voxels}",
    ]


def _ratio_words(row: RatioEntry | None) -> Markup:
    if row is None:
        return joined(DASH)
    if row.value is None:
        return NOT_EVALUABLE
    interval = f" ({number(row.low, 2)} to {number(row.high, 2)})"
    return joined(element("b", f"{row.value:.2f}"), interval)


def _figure(row: RatioEntry, where: str) -> str:
    decimals = map_facts(row.map).decimals
    if where == "lesion":
        return number(row.lesion_value, decimals)
    error = row.white_matter_standard_error
    return number(row.white_matter_value, decimals) + ("" if error is None else f" ± {error:.2g}")


def _label(row: RatioEntry) -> Markup:
    """What a ratio is called, with the unit of its map's values beside it."""
    unit = map_facts(row.map).unit
    return joined(row.label, element("span", f" (values in {unit})", class_="quiet")) if unit else joined(row.label)


def _reasons(rows: Sequence[VisitRatios]) -> list[str]:
    said = [f"{row.lesion}, {row.label}: {' '.join(row.reasons)}" for row in (v.after for v in rows) if row.reasons]
    earlier = (v.before for v in rows if v.before is not None and v.before.reasons)
    return [*said, *(f"Before treatment, {row.lesion}, {row.label}: {' '.join(row.reasons)}" for row in earlier)]
