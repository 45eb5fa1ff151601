"""The report of a response assessment: one HTML file, category and reason on its first page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from brachyresponse import __version__
from brachyresponse.errors import InputFileError, reason_of
from brachyresponse.report.document import RESEARCH_USE, bullets, document, facts, section
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.response_evidence import EvidencePictures, Place, evidence_lines, evidence_sections
from brachyresponse.report.response_markers import marker_section
from brachyresponse.report.response_measurements import lesion_table, visit_table
from brachyresponse.report.response_reasons import reasons_section
from brachyresponse.report.response_rules import rules_section
from brachyresponse.report.response_summary import criteria_title, header, state_box, what_to_watch
from brachyresponse.report.response_tables import (
    assumption_section,
    beside_section,
    radiation_section,
    ratio_section,
    schedule_section,
    site_section,
    treatment_section,
)

if TYPE_CHECKING:
    from brachyresponse.response.study import ResponseStudy

LIMITS = (
    "The category is what published rules say of the findings given; it is no diagnosis, and the reader's word stands "
    "beside it.",
    "Neither perfusion nor diffusion nor spectroscopy changes a category by rule.",
    "Two readers of one lesion differ by -22 to +25 % (95 %), of a sum by 19 % (Yoon 2016): as much as a threshold.",
)
CAPTION = (
    "Outline and diameters of the slice measured: the longest (blue) and its perpendicular (pink). Letters are the "
    "patient's sides."
)


@dataclass(frozen=True)
class KeyPicture:
    """The slice of a lesion at a visit: SVG, and what stands under it."""

    picture: Markup
    caption: str


@dataclass(frozen=True)
class ResponsePictures:
    """Pictures of a study, ready for the page.

    Parameters
    ----------
    timeline, strip
        SVG charts.
    keys
        Key images, in order of the visits.
    missing
        Why there are no key images; empty where there are, or where nothing was measured on images.
    evidence
        Of the evidence on recurrence or necrosis, by visit and lesion.
    """

    timeline: Markup = NOTHING
    strip: Markup = NOTHING
    keys: Sequence[KeyPicture] = ()
    missing: str = ""
    evidence: Mapping[Place, EvidencePictures] = field(default_factory=dict)


@dataclass(frozen=True)
class ResponseReport:
    """What a report tells: the study, its pictures, further sections, and what was read (name and description)."""

    study: ResponseStudy
    pictures: ResponsePictures = ResponsePictures()
    sections: Sequence[Markup] = ()
    inputs: Sequence[tuple[str, str]] = ()


def response_report_html(report: ResponseReport) -> str:
    """Return the report as one self-contained HTML document, A4 when printed."""
    study = report.study
    return document(
        f"Response of patient {study.patient_id or study.case.id}",
        element("main", *_contents(report), class_="verification response"),
    )


def write_response_report(
    study: ResponseStudy,
    pictures: ResponsePictures,
    path: str | Path,
    *,
    sections: Sequence[Markup] = (),
    inputs: Sequence[tuple[str, str]] = (),
) -> Path:
    """Write the report and return its path.

    Raises
    ------
    InputFileError
        The file cannot be written.
    """
    path = Path(path)
    try:
        path.write_text(response_report_html(ResponseReport(study, pictures, sections, inputs)), encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"{path.name} cannot be written: {reason_of(error)}; choose another folder.") from error
    return path


def _contents(report: ResponseReport) -> list[Markup]:
    study, pictures = report.study, report.pictures
    return [
        element("h1", "Response by ", criteria_title(study)),
        element("p", RESEARCH_USE, class_="research"),
        header(study),
        state_box(study),
        evidence_lines(study.evidence),
        _figure(pictures.strip),
        section("Time line", _figure(pictures.timeline)),
        what_to_watch(study),
        section("Sums and categories", visit_table(study), class_="visits"),
        _lesions(study, pictures),
        reasons_section(study),
        beside_section(study),
        radiation_section(study),
        site_section(study),
        schedule_section(study),
        treatment_section(study),
        ratio_section(study),
        evidence_sections(study.evidence, pictures.evidence),
        marker_section(study),
        *report.sections,
        rules_section(study),
        assumption_section(study),
        section("Inputs, versions and limits", _inputs(report)),
        element("footer", f"BrachyResponse {__version__}. {RESEARCH_USE}"),
    ]


def _lesions(study: ResponseStudy, pictures: ResponsePictures) -> Markup:
    figures = [element("figure", key.picture, element("figcaption", key.caption)) for key in pictures.keys]
    shown = [element("div", *figures, class_="pictures keys"), element("p", CAPTION, class_="quiet")] if figures else []
    missing = [element("p", pictures.missing, class_="quiet")] if pictures.missing else []
    return section("Lesions", lesion_table(study), *shown, *missing, class_="lesions")


def _inputs(report: ResponseReport) -> Markup:
    study = report.study
    read = [*report.inputs, *((one.name, one.what) for one in study.inputs)]
    versions = ((one.name, one.version) for one in study.versions)
    criteria = study.assessment.criteria
    used = [("Rules", f"{criteria.title}: {criteria.applies_to}; {criteria.size}")]
    return joined(facts([*read, *used, *versions], columns=1), bullets([*criteria.leaves_out, *LIMITS]))


def _figure(picture: Markup) -> Markup:
    return element("figure", picture) if picture else NOTHING
