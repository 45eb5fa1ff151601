"""The report of a verification: one HTML file, the physician's answer on its first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from brachyresponse import __version__
from brachyresponse.report.document import RESEARCH_USE, bullets, document, facts, section
from brachyresponse.report.markup import NOTHING, Markup, data_uri, element, joined
from brachyresponse.report.plan_tables import source_list
from brachyresponse.report.verification_seeds import SeedRows, verified_seed_table
from brachyresponse.report.verification_summary import (
    header,
    plan_against_implant,
    seeds_in_short,
    stamp_box,
    verification_verdict,
    what_to_watch,
)
from brachyresponse.report.verification_tables import (
    axis_table,
    cold_table,
    comparison_table,
    limits_table,
    migrated_table,
    near_table,
    organ_limit_table,
)
from brachyresponse.verification import ComparedRole

if TYPE_CHECKING:
    from brachyresponse.dose.metrics import Metric
    from brachyresponse.verification import Verification


@dataclass(frozen=True)
class VerificationPictures:
    """Pictures of a verification, ready for the page.

    Parameters
    ----------
    slices, legend
        SVG: slices of the implant CT with planned and found seeds and arrows.
    projections
        SVG: metal seen through the patient.
    differences, difference_legend
        SVG: dose of the implant less that of the plan.
    dvh, displacement
        SVG charts.
    implant
        PNG in 3D; None where it could not be rendered.
    implant_missing
        Then why, in a sentence.
    """

    slices: Sequence[Markup] = ()
    legend: Markup = NOTHING
    projections: Sequence[Markup] = ()
    differences: Sequence[Markup] = ()
    difference_legend: Markup = NOTHING
    dvh: Markup = NOTHING
    displacement: Markup = NOTHING
    implant: bytes | None = None
    implant_missing: str = ""


@dataclass(frozen=True)
class VerificationReport:
    """What a report tells.

    Parameters
    ----------
    verification
        What was computed.
    pictures
        Default none.
    sections
        Further sections before the table of seeds: robustness, another CT, the truth where it is known.
    inputs
        What was read: name and description.
    notes
        What was assumed, one sentence each.
    warnings
        What the finding of the seeds warns of, one sentence each.
    """

    verification: Verification
    pictures: VerificationPictures = VerificationPictures()
    sections: Sequence[Markup] = ()
    inputs: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    warnings: Sequence[str] = ()


def verification_report_html(report: VerificationReport) -> str:
    """Return the report as one self-contained HTML document, A4 when printed."""
    plan = report.verification.request.plan
    return document(
        f"Verification of {plan.name}, patient {plan.patient_id or 'without ID'}",
        element("main", *_contents(report), class_="verification"),
    )


def _contents(report: VerificationReport) -> list[Markup]:
    verification = report.verification
    return [
        element("h1", f"Implant verification: {verification.request.plan.name}"),
        element("p", RESEARCH_USE, class_="research"),
        stamp_box(verification),
        header(verification),
        verification_verdict(verification),
        plan_against_implant(verification),
        seeds_in_short(verification, report.pictures.dvh),
        what_to_watch(verification, report.warnings),
        _pictures(report.pictures),
        *_details(verification),
        *report.sections,
        section("Seeds, one by one", _seeds(verification), class_="seeds"),
        section("Registration", _registration(verification)),
        section("Inputs, assumptions and limits", _inputs(report)),
        section("Definitions of the metrics", source_list(_metrics(verification))),
        element("footer", f"BrachyResponse {__version__}. {RESEARCH_USE}"),
    ]


def _pictures(pictures: VerificationPictures) -> Markup:
    return joined(
        section("Planned and found seeds on the implant CT", _grid([*pictures.slices, pictures.legend])),
        section("Metal seen through the patient", _projections(pictures), class_="together"),
        section("Implant", _implant(pictures)),
        section(
            "Where the implant is colder or hotter than the plan",
            _grid(pictures.differences, three=True),
            _figure(pictures.difference_legend, class_="scale"),
            class_="together",
        ),
        section("Displacement of each seed", _figure(pictures.displacement, class_="dvh")),
    )


def _details(verification: Verification) -> list[Markup]:
    targets = [row for row in verification.comparison if row.role is not ComparedRole.ORGAN]
    organs = [row for row in verification.comparison if row.role is ComparedRole.ORGAN]
    return [
        section("Limits of the implant", limits_table(verification.findings), class_="limits"),
        section("Targets: every metric", comparison_table(targets)),
        section("Organs at risk", organ_limit_table(verification.organ_limits), comparison_table(organs)),
        section("Parts of the target below the prescription", cold_table(verification.cold_regions)),
        section("Seeds near organs at risk", near_table(verification.near_organs)),
        section("Seeds that may have migrated", migrated_table(verification.migrated)),
        section("What the seeds' axes matter", axis_table(verification.point_implant)),
    ]


def _seeds(verification: Verification) -> Markup:
    rows = SeedRows(
        verification.planned_seeds,
        verification.found,
        verification.match,
        verification.displacements,
        frozenset(one.seed for one in verification.migrated),
    )
    note = (
        "Positions are in the implant CT's coordinates; planned ones are carried over by the registration of the "
        "images, never by the seeds. Along the needle: deeper is positive; ± where the direction is not known. "
        "Point source: the axis is too uncertain to be used for the dose."
    )
    return joined(verified_seed_table(rows), element("p", note, class_="quiet"))


def _registration(verification: Verification) -> Markup:
    registration = verification.request.registration
    rows = ("  ".join(f"{value:10.4f}" for value in row) for row in registration.matrix)
    return joined(
        facts(
            [
                ("Method", str(registration.method).replace("_", " ")),
                ("Residual", "" if registration.residual_mm is None else f"{registration.residual_mm:.2f} mm"),
                ("What the residual is", registration.residual_is),
                ("Plan to implant, RAS mm", element("pre", "\n".join(rows))),
            ],
            columns=1,
        ),
        bullets(registration.warnings),
    )


def _inputs(report: VerificationReport) -> Markup:
    limits = (
        "Dose is to water by TG-43 (Rivard et al. 2004), without the effect of tissue, bone, air or of other seeds.",
        "Seeds are found on the image; a seed that the image does not show, or that looks like bone or a clip, can be "
        "missed, and something else taken for a seed: compare with the number implanted.",
        *report.verification.request.source.notes,
    )
    return joined(
        facts([*report.inputs, ("Dose grid", report.verification.implant.grid.describe())], columns=1),
        bullets([*report.notes, *limits]),
    )


def _metrics(verification: Verification) -> list[Metric]:
    implant = verification.implant
    return [metric for metrics in (*implant.metrics.values(), *implant.organ_metrics.values()) for metric in metrics]


def _projections(pictures: VerificationPictures) -> Markup:
    if not pictures.projections:
        return NOTHING
    caption = (
        "Largest values along the line of sight; found seeds yellow, planned ones blue, arrows from plan to implant."
    )
    return joined(_grid(pictures.projections, three=True), element("p", caption, class_="quiet"))


def _figure(picture: Markup, *, class_: str | None = None) -> Markup:
    return element("figure", picture, class_=class_) if picture else NOTHING


def _grid(figures: Sequence[Markup], *, three: bool = False) -> Markup:
    drawn = [element("figure", picture) for picture in figures if picture]
    return element("div", *drawn, class_="pictures three" if three else "pictures") if drawn else NOTHING


def _implant(pictures: VerificationPictures) -> Markup:
    if pictures.implant is None:
        return element("p", pictures.implant_missing, class_="quiet") if pictures.implant_missing else NOTHING
    image = element("img", src=data_uri(pictures.implant), alt="The implant from two sides")
    caption = (
        "Target, organs at risk, found seeds (dark), planned seeds (blue) with their displacement, and the isodose "
        "surface of the prescription, from two sides."
    )
    return element("figure", image, element("figcaption", caption))
