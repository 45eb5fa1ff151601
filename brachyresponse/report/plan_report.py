"""The report of a plan: one HTML file with everything that was computed, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from brachyresponse import __version__
from brachyresponse.report.document import RESEARCH_USE, bullets, document, facts, section
from brachyresponse.report.markup import NOTHING, Markup, data_uri, element, joined
from brachyresponse.report.plan_tables import (
    limit_table,
    metric_table,
    needle_table,
    rule_table,
    seed_table,
    source_list,
    verdict,
)
from brachyresponse.sources import Source, u_to_mbq, u_to_mci

if TYPE_CHECKING:
    from brachyresponse.dose.metrics import Metric
    from brachyresponse.planning import ImplantPlan, PlanEvaluation


@dataclass(frozen=True)
class PlanPictures:
    """Pictures of a plan, ready for the page.

    Parameters
    ----------
    slices
        SVG, one a view.
    legend
        SVG, of the slices.
    dvh
        SVG chart.
    implant
        PNG of the implant in 3D; None where it could not be rendered.
    implant_missing
        Then why, in a sentence.
    """

    slices: Sequence[Markup] = ()
    legend: Markup = NOTHING
    dvh: Markup = NOTHING
    implant: bytes | None = None
    implant_missing: str = ""


@dataclass(frozen=True)
class PlanReport:
    """What a report tells.

    Parameters
    ----------
    evaluation
        What was computed of the plan.
    source
        The model of its seeds.
    pictures
        Default none.
    inputs
        What was read: name and description.
    notes
        What was assumed, one sentence each.
    biology
        The section on biological dose, where it was asked for.
    optimised
        The sections on how the plan was found, its robustness and trade-offs, where it was searched for.
    """

    evaluation: PlanEvaluation
    source: Source
    pictures: PlanPictures = PlanPictures()
    inputs: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    biology: Markup = NOTHING
    optimised: Markup = NOTHING

    @property
    def plan(self) -> ImplantPlan:
        """The plan."""
        return self.evaluation.plan


def plan_report_html(report: PlanReport) -> str:
    """Return the report as one self-contained HTML document, A4 when printed."""
    plan, evaluation = report.plan, report.evaluation
    return document(
        f"{plan.name}, patient {plan.patient_id or 'without ID'}",
        element("h1", f"Implant plan: {plan.name}"),
        element("p", RESEARCH_USE, class_="research"),
        _header(report),
        element("p", verdict(evaluation.findings, evaluation.limits), class_="verdict"),
        section("Warnings", bullets(evaluation.warnings)),
        section("Target metrics", metric_table(_flat(evaluation.metrics)), _metric_note(report)),
        section("Rules", rule_table(evaluation.findings), class_="rules"),
        section("Organs at risk", limit_table(evaluation.limits), metric_table(_flat(evaluation.organ_metrics))),
        _pictures(report.pictures),
        report.optimised,
        report.biology,
        section("Needles", needle_table(plan)),
        section("Seeds", seed_table(plan, report.source), class_="seeds"),
        section("Inputs, assumptions and limits", _inputs(report)),
        section(
            "Definitions of the metrics", source_list([*_flat(evaluation.metrics), *_flat(evaluation.organ_metrics)])
        ),
        element("footer", f"BrachyResponse {__version__}. {RESEARCH_USE}"),
    )


def _header(report: PlanReport) -> Markup:
    plan, source = report.plan, report.source
    return facts(
        [
            ("Patient ID", plan.patient_id),
            ("Prescription", f"{plan.prescription_gy:g} Gy, permanent implant, to complete decay"),
            ("Target", plan.target),
            ("Seeds", f"{plan.seeds.count} on {len(plan.needles)} needles"),
            ("Implant date", plan.implant_date.isoformat()),
            ("Strength a seed", _strengths(report)),
            ("Planning image of", plan.planning_image_date),
            ("Total strength", f"{plan.seeds.air_kerma_strength_u.sum():.4g} U at implantation"),
            ("Plan made", plan.created.isoformat(sep=" ", timespec="minutes")),
            ("Seed model", source.label),
            ("Frame of reference", plan.frame_of_reference_uid),
            ("Seed data", source.citation),
        ]
    )


def _strengths(report: PlanReport) -> str:
    strengths = report.plan.seeds.air_kerma_strength_u
    radionuclide = report.source.radionuclide

    def said(strength_u: float) -> str:
        mbq, mci = u_to_mbq(strength_u, radionuclide), u_to_mci(strength_u, radionuclide)
        return f"{strength_u:.3f} U ({mbq:.1f} MBq, {mci:.3f} mCi {report.plan.activity_basis})"

    if not len(strengths):
        return ""
    low, high = float(strengths.min()), float(strengths.max())
    return said(low) if high - low < 5e-4 else f"{said(low)} to {said(high)}"


def _metric_note(report: PlanReport) -> Markup:
    return element(
        "p",
        f"Doses in percent are of the prescription, {report.plan.prescription_gy:g} Gy. "
        "Who defined each metric is said at the end.",
        class_="quiet",
    )


def _pictures(pictures: PlanPictures) -> Markup:
    figures = [element("figure", picture) for picture in pictures.slices]
    if pictures.legend:
        figures.append(element("figure", pictures.legend))
    return joined(
        section("Dose-volume histogram", element("figure", pictures.dvh, class_="dvh") if pictures.dvh else NOTHING),
        section("Dose in the slices through the target's centre", _grid(figures)),
        section("Implant", _implant(pictures)),
    )


def _grid(figures: Sequence[Markup]) -> Markup:
    return element("div", *figures, class_="pictures") if figures else NOTHING


def _implant(pictures: PlanPictures) -> Markup:
    if pictures.implant is None:
        return element("p", pictures.implant_missing, class_="quiet") if pictures.implant_missing else NOTHING
    image = element("img", src=data_uri(pictures.implant), alt="The implant from two sides")
    caption = "Target, organs at risk, needles, seeds and the isodose surface of the prescription, from two sides."
    return element("figure", image, element("figcaption", caption))


def _inputs(report: PlanReport) -> Markup:
    limits = (
        "Dose is to water by TG-43 (Rivard et al. 2004), without the effect of tissue, bone, air or of other seeds.",
        "Planned positions: seed migration, oedema and deviation of needles are not in these figures.",
        *([] if report.biology else ["No radiobiological dose is given here: it was not asked for."]),
        *report.source.notes,
    )
    return joined(
        facts([*report.inputs, ("Dose grid", report.evaluation.grid.describe())], columns=1),
        bullets([*report.notes, *limits]),
    )


def _flat(by_structure: Mapping[str, Sequence[Metric]]) -> list[Metric]:
    return [metric for metrics in by_structure.values() for metric in metrics]
