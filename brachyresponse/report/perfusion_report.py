"""The report of a perfusion study: one HTML file, what may be concluded on its first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from brachyresponse import __version__
from brachyresponse.report.document import RESEARCH_USE, bullets, document, facts, section
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.perfusion_summary import header, reading_boxes, what_to_watch
from brachyresponse.report.perfusion_tables import (
    acquisition_table,
    curve_facts_table,
    exclusion_table,
    ratio_table,
    ratio_table_in_full,
    rule_table,
    setting_table,
    timing_table,
)

if TYPE_CHECKING:
    from brachyresponse.perfusion.study import JudgedStudy

LIMITS = (
    "A ratio is evidence, not a diagnosis; no probability is computed here.",
    "Absolute Ktrans and vp are as uncertain as the relaxivity (published values for one agent differ by up to 30 %), "
    "T1 and the arterial input function; a ratio to white matter mostly cancels these.",
    "Intervals are those of noise within the regions (spatial block bootstrap); how the lesion was drawn is not.",
)


@dataclass(frozen=True)
class PerfusionPictures:
    """Pictures of a study, ready for the page.

    Parameters
    ----------
    anatomy, legend
        SVG: the post-contrast image with lesions and white matter, and what the outlines stand for.
    maps
        SVG: picture and scale of each map.
    aif, curves, motion
        SVG charts.
    missing
        Why there are no pictures of slices; empty where there are.
    """

    anatomy: Sequence[Markup] = ()
    legend: Markup = NOTHING
    maps: Sequence[tuple[Markup, Markup]] = ()
    aif: Markup = NOTHING
    curves: Markup = NOTHING
    motion: Markup = NOTHING
    missing: str = ""


@dataclass(frozen=True)
class PerfusionReport:
    """What a report tells: the study, its pictures, further sections, and what was read (name and description)."""

    judged: JudgedStudy
    pictures: PerfusionPictures = PerfusionPictures()
    sections: Sequence[Markup] = ()
    inputs: Sequence[tuple[str, str]] = ()


def perfusion_report_html(report: PerfusionReport) -> str:
    """Return the report as one self-contained HTML document, A4 when printed."""
    record = report.judged.record
    return document(
        f"Perfusion of patient {record.patient_id or 'without ID'}",
        element("main", *_contents(report), class_="verification perfusion"),
    )


def _contents(report: PerfusionReport) -> list[Markup]:
    judged, pictures = report.judged, report.pictures
    record = judged.record
    return [
        element("h1", f"Perfusion MRI, {record.kind.upper()}"),
        element("p", RESEARCH_USE, class_="research"),
        header(judged),
        reading_boxes(judged),
        section("Lesion to white matter", ratio_table(judged), class_="ratios"),
        what_to_watch(judged),
        section("Left out of the lesions", exclusion_table(record), class_="limits"),
        _maps(pictures),
        _curves(judged, pictures),
        section("Motion of the head", _figure(pictures.motion)),
        *report.sections,
        section("Every ratio and statistic", ratio_table_in_full(judged), class_="seeds"),
        section("Timing, against the study behind the limit", timing_table(judged)),
        section("Rules behind the sentences on the first page", rule_table(record), class_="seeds"),
        section("Protocol, against the consensus on DSC", bullets(record.protocol)),
        section("Acquisition and figures used", acquisition_table(record)),
        section("Settings and where they come from", setting_table(record), class_="seeds"),
        section("Inputs, assumptions and limits", _inputs(report)),
        element("footer", f"BrachyResponse {__version__}. {RESEARCH_USE}"),
    ]


def _maps(pictures: PerfusionPictures) -> Markup:
    if not pictures.maps:
        return element("p", pictures.missing, class_="quiet") if pictures.missing else NOTHING
    drawn = [element("figure", picture) for picture in pictures.anatomy]
    drawn += [element("figure", picture, bar) for picture, bar in pictures.maps]
    caption = element("figure", pictures.legend, class_="key")
    return section("Maps", element("div", *drawn, class_="pictures three"), caption)


def _curves(judged: JudgedStudy, pictures: PerfusionPictures) -> Markup:
    return section(
        "Curves with their fits",
        _figure(pictures.curves),
        _figure(pictures.aif),
        curve_facts_table(judged.study),
    )


def _inputs(report: PerfusionReport) -> Markup:
    record = report.judged.record
    return joined(facts(report.inputs, columns=1) if report.inputs else NOTHING, bullets([*record.notes, *LIMITS]))


def _figure(picture: Markup) -> Markup:
    return element("figure", picture) if picture else NOTHING
