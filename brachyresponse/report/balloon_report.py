"""The report of a balloon plan: one HTML file with everything that was computed, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from brachyresponse import __version__
from brachyresponse.report.balloon_tables import balance_table, depth_table, figure_table, sector_table
from brachyresponse.report.document import RESEARCH_USE, bullets, document, facts, section
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.plan_tables import limit_table, metric_table, rule_table, source_list, verdict

if TYPE_CHECKING:
    from datetime import datetime

    from brachyresponse.dose.metrics import Metric
    from brachyresponse.planning.balloon import BalloonEvaluation, BalloonPlan

MBQ_PER_MCI = 37.0
HOURS_PER_DAY = 24.0


@dataclass(frozen=True)
class BalloonPictures:
    """Pictures of a balloon plan, ready for the page.

    Parameters
    ----------
    slices, legend
        SVG, one a view, and their legend.
    dvh, depth
        SVG charts: histograms, and dose against depth.
    slices_missing
        Why there are no slices, in a sentence; empty where there are.
    """

    slices: Sequence[Markup] = ()
    legend: Markup = NOTHING
    dvh: Markup = NOTHING
    depth: Markup = NOTHING
    slices_missing: str = ""


@dataclass(frozen=True)
class BalloonReport:
    """What a report tells.

    Parameters
    ----------
    evaluation
        What was computed of the plan.
    pictures
        Default none.
    inputs
        What was read: name and description.
    notes
        What was assumed, one sentence each.
    biology
        Section of the biological dose; empty where it was not asked for.
    truth
        Section of truth beside result, for a balloon that was made.
    """

    evaluation: BalloonEvaluation
    pictures: BalloonPictures = BalloonPictures()
    inputs: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    biology: Markup = NOTHING
    truth: Markup = NOTHING


def balloon_report_html(report: BalloonReport) -> str:
    """Return the report as one self-contained HTML document, A4 when printed."""
    evaluation = report.evaluation
    plan, curve = evaluation.plan, evaluation.curve
    is_sphere = evaluation.shape.sphere is not None
    metrics = [*_flat(evaluation.metrics), *_flat(evaluation.organ_metrics)]
    return document(
        f"{plan.name}, patient {plan.patient_id or 'without ID'}",
        element("h1", f"Balloon plan: {plan.name}"),
        element("p", RESEARCH_USE, class_="research"),
        _header(evaluation),
        element("p", verdict(evaluation.findings, evaluation.limits), class_="verdict"),
        element("p", _first_sentence(evaluation)),
        section("Warnings", bullets(evaluation.warnings)),
        report.truth,
        section("Balloon", figure_table(evaluation.figures)),
        section("Tissue round the balloon", metric_table(_flat(evaluation.metrics)), _shell_note(plan)),
        section("Sectors of the surface", sector_table(evaluation)),
        section("Rules", rule_table(evaluation.findings), class_="rules"),
        section("Fill volume and activity", balance_table(evaluation)),
        section("Organs at risk", limit_table(evaluation.limits), metric_table(_flat(evaluation.organ_metrics))),
        section("Dose against depth", _figure(report.pictures.depth), depth_table(curve, is_sphere=is_sphere)),
        section("Dose-volume histogram", _figure(report.pictures.dvh)),
        section("Dose in the slices through the balloon's centre", _slices(report.pictures)),
        report.biology,
        section("Inputs, assumptions and limits", _inputs(report)),
        section("Definitions of the metrics", source_list(metrics)),
        element("footer", f"BrachyResponse {__version__}. {RESEARCH_USE}"),
    )


def _header(evaluation: BalloonEvaluation) -> Markup:
    plan = evaluation.plan
    hours = plan.dwell_days * HOURS_PER_DAY
    count = len(plan.interruptions)
    pauses = f", {count} {'interruption' if count == 1 else 'interruptions'} taken off" if count else ""
    depth = f"{plan.prescription_depth_mm:g} mm outside the balloon"
    return facts(
        [
            ("Patient ID", plan.patient_id),
            ("Prescription", f"{plan.prescription_gy:g} Gy at {depth}"),
            ("Balloon", _balloon(evaluation)),
            ("Surface dose", f"{evaluation.surface_dose_gy:.0f} Gy, mean over the balloon's surface"),
            ("Activity at filling", f"{_activity(plan.activity_at_filling_mbq)} contained"),
            ("Dose at that depth", f"{evaluation.dose_at_depth_gy:.1f} Gy, mean over the surface"),
            ("Activity at assay", f"{_activity(plan.activity_mbq)} contained, {_time(plan.assayed)}"),
            ("Dwell time", f"{hours:.1f} h ({plan.dwell_days:.2f} days){pauses}"),
            ("Filled", _time(plan.filled)),
            ("Removed", _time(plan.removed)),
            ("Liquid", plan.source.label),
            ("Liquid's data", plan.source.citation),
            ("Half-life", f"{plan.source.half_life_days:g} days"),
            ("Plan made", _time(plan.created)),
            ("Frame of reference", plan.frame_of_reference_uid),
            ("Wall", f"{plan.wall_mm:g} mm"),
        ]
    )


def _balloon(evaluation: BalloonEvaluation) -> str:
    plan, shape = evaluation.plan, evaluation.shape
    kind = f"sphere of {shape.sphere.diameter_mm:.4g} mm" if shape.sphere else f"segmented ({plan.balloon_name})"
    return f"{kind}, {shape.liquid_ml:.2f} mL of liquid"


def _first_sentence(evaluation: BalloonEvaluation) -> str:
    plan, at_depth_gy, surface_gy = evaluation.plan, evaluation.dose_at_depth_gy, evaluation.surface_dose_gy
    return (
        f"With {at_depth_gy:.1f} Gy at {plan.prescription_depth_mm:g} mm the surface of the balloon gets "
        f"{surface_gy:.0f} Gy, {surface_gy / at_depth_gy:.2f} times as much."
    )


def _shell_note(plan: BalloonPlan) -> Markup:
    ends = [*plan.barriers, *(f"{gap} (gap)" for gap in plan.gaps)]
    cropped = f"cropped by {', '.join(ends)}" if ends else "not cropped: no skull, ventricle or gap was named"
    sentence = f"A shell is the tissue up to a depth outside the balloon, {cropped}. Percent are of the prescription."
    return element("p", sentence, class_="quiet")


def _figure(picture: Markup) -> Markup:
    return element("figure", picture, class_="dvh") if picture else NOTHING


def _slices(pictures: BalloonPictures) -> Markup:
    if not pictures.slices:
        return element("p", pictures.slices_missing, class_="quiet") if pictures.slices_missing else NOTHING
    figures = (element("figure", picture) for picture in (*pictures.slices, pictures.legend))
    return element("div", *figures, class_="pictures")


def _inputs(report: BalloonReport) -> Markup:
    evaluation = report.evaluation
    limits = [*report.notes, *evaluation.notes, *evaluation.plan.source.notes]
    if not report.biology:
        limits.append("No radiobiological dose is given here: it was not asked for.")
    return joined(facts([*report.inputs, ("Dose grid", evaluation.grid.describe())], columns=1), bullets(limits))


def _activity(activity_mbq: float) -> str:
    return f"{activity_mbq:.5g} MBq ({activity_mbq / MBQ_PER_MCI:.4g} mCi)"


def _time(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="minutes")


def _flat(by_structure: Mapping[str, Sequence[Metric]]) -> list[Metric]:
    return [metric for metrics in by_structure.values() for metric in metrics]
