"""Tables of a verification's report: plan against implant, limits, cold regions, seeds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from brachyresponse.report.document import bullets, table
from brachyresponse.report.markup import NOTHING, Markup, as_markup, element, joined
from brachyresponse.report.plan_tables import judged, verdict_word
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from brachyresponse.planning import RuleFinding
    from brachyresponse.seeds.matching import SeedMatch
    from brachyresponse.verification import (
        AxisEffect,
        ColdRegion,
        LimitComparison,
        MetricComparison,
        MigratedSeed,
        SeedNearOrgan,
    )

DASH = "–"
MOST_COLD_REGIONS = 8
MOST_BESIDE = 2
"""As many structures stand side by side on a page; more follow below."""


def comparison_table(rows: Sequence[MetricComparison], ids: Iterable[str] | None = None) -> Markup:
    """Return metrics of plan and implant side by side: one row a metric, three columns a structure.

    Parameters
    ----------
    rows
        Of all structures that are to be columns; those whose values the oedema model speaks of have a fourth column.
    ids
        Which metrics, in this order; by default all.
    """
    structures = list(dict.fromkeys(row.structure for row in rows))
    known = dict.fromkeys(row.id for row in rows)
    chosen = [key for key in ids or known if key in known]
    if not chosen:
        return NOTHING
    beside = (structures[first : first + MOST_BESIDE] for first in range(0, len(structures), MOST_BESIDE))
    tables = (_side_by_side([row for row in rows if row.structure in some], chosen) for some in beside)
    return joined(*tables, _notes(rows, chosen))


def _side_by_side(rows: Sequence[MetricComparison], chosen: Sequence[str]) -> Markup:
    stamps = {row.structure: row.stamp for row in rows}
    cells = {(row.id, row.structure): row for row in rows}
    corrected = {row.structure for row in rows if row.oedema is not None}
    headings: list[object] = ["Metric"]
    for name, stamp in stamps.items():
        columns = ["plan", "implant", "difference", *(["with oedema"] if name in corrected else [])]
        headings += [joined(structure_name(name, stamp), element("br"), column) for column in columns]
    shown = [key for key in chosen if key in {row.id for row in rows}]
    body = [_comparison_row(key, list(stamps), cells, corrected) for key in shown]
    return table(headings, body, numbers=range(1, len(headings)))


def structure_name(name: str, stamp: str) -> Markup:
    """Return a structure's name with the stamp that goes with every number of it."""
    return joined(name, " ", element("span", stamp, class_="stamp")) if stamp else joined(name)


def number(value: float | None, decimals: int, unit: str = "", *, signed: bool = False) -> str:
    """Return a value as shown; a dash where it is not known, and no minus before zero."""
    if value is None:
        return DASH
    rounded = round(value, decimals) + 0.0
    return f"{rounded:{'+' if signed else ''}.{decimals}f} {unit}".rstrip()


def place_words(position_mm: FloatArray) -> Markup:
    """Return a position in RAS, mm, that is not broken over lines."""
    return element("span", ", ".join(number(float(x), 1) for x in position_mm), class_="place")


def limits_table(findings: Sequence[RuleFinding]) -> Markup:
    """Return the limits of verification with what was found, broken ones in red, and the source of each."""
    if not findings:
        return NOTHING
    rows = ([f.label, f.found, f.limit, str(f.severity), judged(f), f.source] for f in findings)
    return table(["Limit", "Found", "Expected", "Severity", "Result", "Source"], rows)


def organ_limit_table(limits: Sequence[LimitComparison]) -> Markup:
    """Return the organs' dose limits with what plan and implant have of them."""
    rows = [
        [
            one.limit,
            structure_name("", one.stamp) if one.stamp else NOTHING,
            number(one.plan, 1, one.unit),
            element("b", number(one.implant, 1, one.unit)),
            verdict_word(one.passed),
            as_markup(one.note),
        ]
        for one in limits
    ]
    return table(["Limit", "", "Plan", "Implant", "Result", "Note"], rows, numbers=(2, 3)) if rows else NOTHING


def cold_table(regions: Sequence[ColdRegion]) -> Markup:
    """Return the parts of the targets below the prescription, the largest first."""
    rows = [
        [
            structure_name(region.structure, region.stamp),
            f"{region.volume_cc:.2f}",
            f"{region.share_percent:.1f}",
            region.where,
            place_words(region.centre_mm),
            f"{region.least_gy:.1f}",
            f"{region.mean_gy:.1f}",
        ]
        for region in regions[:MOST_COLD_REGIONS]
    ]
    headings = ["Target", "Volume cc", "% of target", "Where", "Centre R, A, S mm", "Least Gy", "Mean Gy"]
    more = len(regions) - len(rows)
    rest = element("p", f"{more} smaller regions are not listed.", class_="quiet") if more > 0 else NOTHING
    return joined(table(headings, rows, numbers=(1, 2, 5, 6)), rest) if rows else NOTHING


def near_table(near: Sequence[SeedNearOrgan]) -> Markup:
    """Return the seeds close to organs at risk, the nearest first."""
    rows = [
        [
            one.seed + 1,
            structure_name(one.organ, one.stamp),
            "inside" if one.distance_mm < 0 else f"{one.distance_mm:.1f}",
            place_words(one.position_mm),
        ]
        for one in near
    ]
    return table(["Found seed", "Organ", "Distance mm", "R, A, S mm"], rows, numbers=(0, 2)) if rows else NOTHING


def migrated_table(migrated: Sequence[MigratedSeed]) -> Markup:
    """Return the seeds that may have migrated, with the reason."""
    rows = [
        [
            one.seed + 1,
            number(one.nearest_seed_mm, 1),
            f"{one.outside_target_mm:.1f}",
            structure_name(one.reason, one.stamp),
            place_words(one.position_mm),
        ]
        for one in migrated
    ]
    headings = ["Found seed", "To the next seed mm", "Outside the target mm", "Why", "R, A, S mm"]
    return table(headings, rows, numbers=(0, 1, 2)) if rows else NOTHING


def axis_table(effects: Sequence[AxisEffect]) -> Markup:
    """Return the target's metrics as reported, with every measured axis, and with point sources only."""
    rows = [
        [
            effect.label,
            structure_name(effect.structure, effect.stamp),
            *(number(value, 1, effect.unit) for value in (effect.used, effect.all_axes, effect.all_points)),
            number(effect.difference, 2, effect.unit, signed=True),
        ]
        for effect in effects
    ]
    headings = ["Metric", "Target", "Reported", "Every measured axis", "Point sources only", "Axes less points"]
    return table(headings, rows, numbers=(2, 3, 4, 5)) if rows else NOTHING


def unmatched(match: SeedMatch) -> tuple[str, str]:
    """Return the numbers of the missing planned seeds and of the extra found ones, in words."""
    return _numbers(match.missing), _numbers(match.extra)


def _numbers(indices: Iterable[int]) -> str:
    return ", ".join(str(int(index) + 1) for index in indices) or "none"


def _comparison_row(
    key: str, structures: Sequence[str], cells: dict[tuple[str, str], MetricComparison], corrected: set[str]
) -> list[object]:
    first = next(cells[key, name] for name in structures if (key, name) in cells)
    row: list[object] = [element("abbr", first.label, title=first.formula)]
    for name in structures:
        cell = cells.get((key, name))
        if cell is None:
            row += [DASH] * (4 if name in corrected else 3)
            continue
        plan, implant = (number(value, cell.decimals, cell.unit) for value in (cell.plan, cell.implant))
        row += [plan, element("b", implant), number(cell.difference, cell.decimals, cell.unit, signed=True)]
        if name in corrected:
            row.append(number(cell.oedema, cell.decimals, cell.unit))
    return row


def _notes(rows: Sequence[MetricComparison], chosen: Sequence[str]) -> Markup:
    """Return what is to be known beside the numbers: each note once, with the metrics it is about."""
    about: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.note and row.id in chosen:
            about.setdefault((row.structure, row.note), []).append(row.label)
    return bullets(f"{', '.join(labels)} of {structure}: {note}" for (structure, note), labels in about.items())
