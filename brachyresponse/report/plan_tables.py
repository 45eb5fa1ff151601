"""Tables of a plan's report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from brachyresponse.report.document import bullets, table
from brachyresponse.report.markup import NOTHING, Markup, as_markup, element, joined
from brachyresponse.sources import Source, u_to_mbq
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from brachyresponse.dose.metrics import Metric
    from brachyresponse.planning import ImplantPlan, RuleFinding
    from brachyresponse.planning.organ_limits import LimitResult

NO_LIMIT = "no limit"
PASSED = {True: ("pass", "kept"), False: ("fail", "broken"), None: ("open", "not checkable")}


def verdict(findings: Sequence[RuleFinding], limits: Sequence[LimitResult]) -> Markup:
    """Return rules and dose limits in one line: how many are broken, by severity, and how many cannot be told."""
    if not findings and not limits:
        return element("span", "No rules were checked: no site profile and no dose limit was chosen.", class_="open")
    results = [(finding.passed, str(finding.severity)) for finding in findings if finding.limit != NO_LIMIT]
    results += [(result.passed, "dose limit") for result in limits]
    unknown = [passed for passed, _ in results].count(None)
    rest = f"; {unknown} not checkable" if unknown else ""
    broken = [kind for passed, kind in results if passed is False]
    if not broken:
        return element("span", f"No rule or limit is broken{rest}.", class_="pass")
    counted = ", ".join(f"{broken.count(kind)} {kind}" for kind in dict.fromkeys(broken))
    sentence = f"{len(broken)} of {len(results)} rules and limits broken ({counted}){rest}."
    return element("span", sentence, class_="fail")


def metric_table(metrics: Sequence[Metric]) -> Markup:
    """Return metrics as a table: one row a metric, one column a structure, and the formula, also as a tool tip.

    A metric without a value is a dash, and its reason stands below the table.
    """
    if not metrics:
        return NOTHING
    structures = list(dict.fromkeys(metric.structure for metric in metrics))
    cells = {(metric.id, metric.structure): metric for metric in metrics}
    labels = {metric.id: metric for metric in metrics}
    rows = (
        [
            element("abbr", first.label, title=first.formula),
            *(_cell(cells.get((key, name))) for name in structures),
            element("span", first.formula, class_="quiet"),
        ]
        for key, first in labels.items()
    )
    numbers = range(1, len(structures) + 1)
    return joined(table(["Metric", *structures, "Formula"], rows, numbers=numbers), _notes(metrics))


def source_list(metrics: Sequence[Metric]) -> Markup:
    """Return who defined the metrics, one row a source."""
    labels: dict[str, list[str]] = {}
    for metric in {metric.id: metric for metric in metrics}.values():
        labels.setdefault(metric.source, []).append(metric.label)
    return table(["Metrics", "Source"], ([", ".join(known), source] for source, known in labels.items()))


def _cell(metric: Metric | None) -> str:
    return "–" if metric is None else metric.text


def _notes(metrics: Sequence[Metric]) -> Markup:
    """Return what is to be known beside the numbers: each reason once, with the metrics it is about."""
    about: dict[tuple[str, str], list[str]] = {}
    for metric in metrics:
        if metric.note:
            about.setdefault((metric.structure, metric.note), []).append(metric.label)
    return bullets(f"{', '.join(labels)} of {structure}: {note}" for (structure, note), labels in about.items())


def rule_table(findings: Sequence[RuleFinding]) -> Markup:
    """Return the rules, one a row, broken ones in red."""
    if not findings:
        return NOTHING
    rows = ([f.label, f.found, f.limit, str(f.severity), judged(f), f.source] for f in findings)
    return table(["Rule", "Found", "Limit", "Severity", "Result", "Source"], rows)


def limit_table(limits: Sequence[LimitResult]) -> Markup:
    """Return the organs' dose limits with what was found."""
    rows = (
        [
            result.limit.structure,
            f"{result.limit.metric.text} {'at least' if result.limit.at_least else 'at most'}",
            f"{result.limit.limit:g} {result.limit.unit}",
            None if result.value is None else f"{result.value:.1f} {result.limit.unit}",
            verdict_word(result.passed),
            as_markup(result.note),
        ]
        for result in limits
    )
    headings = ["Structure", "Metric", "Limit", "Found", "Result", "Note"]
    return table(headings, rows, numbers=(2, 3)) if limits else NOTHING


def verdict_word(passed: bool | None) -> Markup:
    """Return a result: kept, broken or not checkable."""
    class_, word = PASSED[passed]
    return element("span", word, class_=class_)


def judged(finding: RuleFinding) -> Markup:
    """Return whether a rule or limit is kept, broken, not checkable, or only reported."""
    return element("span", NO_LIMIT, class_="quiet") if finding.limit == NO_LIMIT else verdict_word(finding.passed)


def needle_table(plan: ImplantPlan) -> Markup:
    """Return the needles: hole, ends in RAS, length, seeds and depth of the deepest one."""
    rows = []
    for needle in plan.needles:
        depths = needle.depth_of(plan.seeds_of(needle).positions_mm)
        deepest = f"{depths[-1]:.1f}" if len(depths) else "no seed"
        ends = [f"{x:.1f}" for x in (*needle.entry_mm, *needle.tip_mm)]
        rows.append([needle.number, needle.hole or "-", *ends, f"{needle.length_mm:.1f}", len(depths), deepest])
    ends = [joined(end, element("br"), f"{axis} mm") for end in ("Entry", "Tip") for axis in "RAS"]
    headings = ["Needle", "Hole", *ends, "Length mm", "Seeds", "Deepest seed at depth mm"]
    return table(headings, rows, numbers=range(2, len(headings))) if rows else NOTHING


def seed_table(plan: ImplantPlan, source: Source) -> Markup:
    """Return the seeds: needle, centre and axis in RAS, strength in U and MBq."""
    seeds = plan.seeds
    activities = u_to_mbq(seeds.air_kerma_strength_u, source.radionuclide)
    rows = (
        [
            number + 1,
            int(seeds.needle[number]) or "free",
            *(f"{x:.1f}" for x in seeds.positions_mm[number]),
            _axis(seeds.directions[number], bool(seeds.axis_known[number])),
            f"{seeds.air_kerma_strength_u[number]:.3f}",
            f"{activities[number]:.1f}",
        ]
        for number in range(seeds.count)
    )
    headings = ["Seed", "Needle", "R mm", "A mm", "S mm", "Axis (R, A, S)", "Strength U", "Activity MBq"]
    return table(headings, rows, numbers=range(len(headings))) if seeds.count else NOTHING


def _axis(direction: FloatArray, known: bool) -> str:
    return ", ".join(f"{x:.2f}" for x in direction) if known else "not known (point source)"
