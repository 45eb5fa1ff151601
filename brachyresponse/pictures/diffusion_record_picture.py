"""The ADC histogram of a measured lesion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.diffusion.vocabulary import LesionPart
from brachyresponse.pictures.chart_theme import LIGHT, ChartTheme
from brachyresponse.pictures.diffusion_histogram import HistogramPart, diffusion_histogram
from brachyresponse.report.markup import Markup

if TYPE_CHECKING:
    from brachyresponse.diffusion import DiffusionRecord, PartEntry

PERCENTS = (5, 10, 50, 90)
NOT_EVALUABLE = " (not evaluable)"


def diffusion_chart(record: DiffusionRecord, lesion: str, *, theme: ChartTheme = LIGHT) -> Markup:
    """Return the histogram of a lesion's parts against white matter as an SVG element; nothing without a valid voxel.

    A part that is not evaluable says so in its name.
    """
    return diffusion_histogram(histogram_parts(record, lesion), theme=theme)


def histogram_parts(record: DiffusionRecord, lesion: str) -> tuple[HistogramPart, ...]:
    """Return the parts of a lesion and the white matter, where they hold a valid voxel."""
    wanted = (part for part in record.parts if part.lesion == lesion or part.part is LesionPart.REFERENCE)
    return tuple(_part(part) for part in wanted if sum(part.histogram_counts) > 0)


def _part(entry: PartEntry) -> HistogramPart:
    counts = np.asarray(entry.histogram_counts, float)
    return HistogramPart(
        name=entry.label if entry.is_evaluable else f"{entry.label}{NOT_EVALUABLE}",
        edges_um2_per_s=np.asarray(entry.histogram_edges, float),
        share=counts / counts.sum(),
        percentiles={float(one.percent): one.value for one in entry.percentiles if one.percent in PERCENTS},
        is_reference=entry.part is LesionPart.REFERENCE,
    )
