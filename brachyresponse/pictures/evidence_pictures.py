"""The pictures of the evidence on a lesion, for its section of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brachyresponse.pictures.chart_theme import LIGHT, ChartTheme
from brachyresponse.pictures.evidence_bar import evidence_bar
from brachyresponse.pictures.evidence_sensitivity import sensitivity_chart
from brachyresponse.report.markup import NOTHING, Markup
from brachyresponse.report.response_evidence import Captioned, EvidencePictures, Place
from brachyresponse.response.evidence.weighing import sensitivity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from brachyresponse.response.evidence import LesionEvidence
    from brachyresponse.response.evidence.weighing import Evidence

PRIORS = tuple(number / 100 for number in range(1, 100))


def evidence_pictures(
    found: Sequence[LesionEvidence], beside: Mapping[Place, Sequence[Captioned]] | None = None
) -> dict[Place, EvidencePictures]:
    """Return the bar and the chart of sensitivity of each lesion, by visit and lesion.

    Parameters
    ----------
    found
        Of several lesions.
    beside
        Further pictures with what stands under them, by visit and lesion: spectra, voxels, ADC histograms.
    """
    further = beside or {}
    return {
        (one.visit, one.lesion): EvidencePictures(
            answer_bar(one.evidence), answer_sensitivity(one.evidence), tuple(further.get((one.visit, one.lesion), ()))
        )
        for one in found
    }


def answer_bar(evidence: Evidence, *, theme: ChartTheme = LIGHT) -> Markup:
    """Return the interval of an answer over its prior as an SVG element."""
    return evidence_bar(evidence.interval if evidence.used else None, evidence.prior, theme=theme)


def answer_sensitivity(evidence: Evidence, *, theme: ChartTheme = LIGHT) -> Markup:
    """Return how an answer depends on prior and weight as an SVG element; nothing where no marker was weighed."""
    if not evidence.used:
        return NOTHING
    grid = sensitivity(evidence, priors=PRIORS, weights=sorted({0.0, evidence.settings.weight, 1.0}))
    return sensitivity_chart(grid.priors, grid.weights.tolist(), grid.probability, evidence.prior, theme=theme)
