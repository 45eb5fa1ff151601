"""The section of a report on recurrence or radiation necrosis: the answer with its interval, and all it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from brachyresponse import __version__
from brachyresponse.report.document import bullets, facts, section
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.response_evidence_tables import answer_table, assumption_list, left_out_table, used_table
from brachyresponse.report.response_evidence_words import prior_range, verdict_mark
from brachyresponse.response.evidence.markers.data_files import evidence_data
from brachyresponse.response.evidence.weighing.words import words

if TYPE_CHECKING:
    from brachyresponse.response.evidence import LesionEvidence
    from brachyresponse.response.evidence.weighing import Evidence

TITLE = "Recurrence or radiation necrosis: evidence"
WITHOUT_WEIGHT = "Shown as context; none of it is weighed."
CHART = 'class="chart"'
NO_SOURCE, NOBODY = "no source was given", "nobody said who set it"

Place = tuple[date, str]
"""Visit and lesion."""
Captioned = tuple[Markup, str]
"""A picture and what stands under it."""


@dataclass(frozen=True)
class EvidencePictures:
    """Pictures of the evidence on one lesion, ready for the page.

    Parameters
    ----------
    bar, sensitivity
        SVG charts.
    others
        Further pictures with what stands under them: spectrum, voxel, histogram.
    """

    bar: Markup = NOTHING
    sensitivity: Markup = NOTHING
    others: Sequence[Captioned] = ()


def evidence_sections(evidence: Sequence[LesionEvidence], pictures: Mapping[Place, EvidencePictures]) -> Markup:
    """Return a section for each lesion; pictures by visit and lesion."""
    return joined(*(evidence_section(one, pictures.get((one.visit, one.lesion))) for one in evidence))


def evidence_section(found: LesionEvidence, pictures: EvidencePictures | None = None) -> Markup:
    """Return what the evidence says of one lesion; the statement that it is no diagnosis goes before the answer."""
    evidence, drawn = found.evidence, pictures or EvidencePictures()
    return section(
        f"{TITLE}, {found.lesion}, {found.visit}",
        _answer(evidence, drawn),
        _titled("Prior", _prior(evidence)),
        _titled("Markers weighed", used_table(evidence.used)),
        _titled("Markers left out", left_out_table(evidence.left_out)),
        _titled("Open questions", bullets(one.question for one in found.questions)),
        _titled("Taken for granted", assumption_list(evidence.assumptions)),
        _titled("Beside the markers", _context(found)),
        _titled("How the answer depends on prior and weight", _figure(drawn.sensitivity)),
        _titled("Diffusion and spectra", _others(drawn)),
        _titled("Conditions that were checked", answer_table(found.request.answers)),
        _titled("What it rests on", _basis(found)),
        class_="evidence",
    )


def evidence_lines(evidence: Sequence[LesionEvidence]) -> Markup:
    """Return the verdict on each lesion in a line, for the first page."""
    lines = (
        element("p", element("b", f"Recurrence or necrosis, {one.lesion}, {one.visit}: "), verdict_mark(one.verdict))
        for one in evidence
    )
    return joined(*lines)


def _answer(evidence: Evidence, drawn: EvidencePictures) -> Markup:
    """Return the box: what it is not, the word in large type, its interval as a bar and in sentences of plain type."""
    return element(
        "div",
        element("p", words("not_a_diagnosis"), class_="statement"),
        element("p", verdict_mark(evidence.verdict), class_="verdict"),
        _figure(drawn.bar),
        bullets(evidence.sentences),
        element("p", element("b", "What would change this: "), evidence.what_would_change),
        class_="reading",
    )


def _prior(evidence: Evidence) -> Markup:
    prior, known = evidence.prior, evidence_data("priors.json")
    told = [
        ("Range", prior_range(prior)),
        ("Source", prior.source or NO_SOURCE),
        ("Set by", prior.set_by or NOBODY),
    ]
    note = f"{known['range_words']} {known['no_time_resolved']}"
    return joined(facts(told, columns=1), element("p", note, class_="quiet"))


def _context(found: LesionEvidence) -> Markup:
    said = bullets(found.context)
    return joined(element("p", WITHOUT_WEIGHT, class_="quiet"), said) if said else NOTHING


def _others(drawn: EvidencePictures) -> Markup:
    """Return further pictures: charts as wide as the page allows, views side by side."""
    figures = [
        element("figure", picture, element("figcaption", text), class_="wide bar" if CHART in picture else None)
        for picture, text in drawn.others
    ]
    return element("div", *figures, class_="pictures three") if figures else NOTHING


def _basis(found: LesionEvidence) -> Markup:
    """Return what always has to be said, and where it comes from."""
    evidence = found.evidence
    said = [words(name) for name in ("mixed", "transfer", "optimism")]
    made = f"{evidence.settings.draws:,} random draws, seed {evidence.random_seed}."
    version = words("software").format(version=__version__)
    return bullets([*said, *found.request.inputs, f"{version} {made}"])


def _titled(title: str, content: Markup) -> Markup:
    return joined(element("h3", title), content) if content else NOTHING


def _figure(picture: Markup) -> Markup:
    return element("figure", picture, class_="bar") if picture else NOTHING
