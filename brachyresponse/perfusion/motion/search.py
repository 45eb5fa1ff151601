"""The motion of the head in each frame of a series."""

from __future__ import annotations

import numpy as np

from brachyresponse.perfusion.motion.frames import CoarseSeries
from brachyresponse.progress import Report, share_of
from brachyresponse.registration import ImagePair, Level, Measure, refine
from brachyresponse.types import FloatArray

ROUGH = Level(smoothing_mm=3.0, points=8000, first_step_mm=0.5)


def frame_motions(coarse: CoarseSeries, report: Report) -> list[FloatArray]:
    """Return how the head moved from the reference frame to each frame, (4, 4) RAS each."""
    count, reference = len(coarse.frames), coarse.reference_frame
    motions = [np.eye(4)] * count
    order = [*range(reference + 1, count), *range(reference - 1, -1, -1)]
    for done, number in enumerate(order):
        before = number - 1 if number > reference else number + 1
        share = share_of(report, done / count, (done + 1) / count)
        motions[number] = refine(_pair(coarse, number), motions[before], share, ROUGH)
    return motions


def _pair(coarse: CoarseSeries, number: int) -> ImagePair:
    """The reference frame and another one."""
    everywhere = np.ones(coarse.grid.shape_kji, bool)
    fixed, moving = coarse.frames[coarse.reference_frame], coarse.frames[number]
    return ImagePair(fixed, coarse.grid, coarse.steady, moving, coarse.grid, everywhere, Measure.MUTUAL_INFORMATION)
