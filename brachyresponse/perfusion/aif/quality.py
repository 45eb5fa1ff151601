"""Whether an arterial curve can be trusted: its figures against a table of limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache, reduce
from importlib.resources import files

import numpy as np

from brachyresponse.perfusion.aif.aif import AifShape, AifVerdict
from brachyresponse.perfusion.aif.curve_shapes import curve_shapes
from brachyresponse.perfusion.dsc.bolus import find_rise
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.types import FloatArray

FLAT = 0.97
"""What is above this share of the peak belongs to its top."""


@dataclass(frozen=True)
class QualityRule:
    """Limits of one figure; None where a side has none.

    Parameters
    ----------
    id, measure
        Its name, and the figure that it judges.
    kind
        Of the series it applies to; None applies to both.
    sentence
        With ``{value}`` and ``{limit}``.
    """

    id: str
    measure: str
    kind: str | None
    doubtful_below: float | None
    failed_below: float | None
    doubtful_above: float | None
    failed_above: float | None
    sentence: str

    def judge(self, value: float) -> tuple[AifVerdict, str]:
        """Return the verdict on a value, with its sentence where it is not good."""
        wanted = self.doubtful_below if self.doubtful_below is not None else self.doubtful_above
        said = self.sentence.format(value=value, limit=wanted)
        for verdict, below, above in (
            (AifVerdict.FAILED, self.failed_below, self.failed_above),
            (AifVerdict.DOUBTFUL, self.doubtful_below, self.doubtful_above),
        ):
            if (below is not None and value < below) or (above is not None and value > above):
                return verdict, said
        return AifVerdict.GOOD, ""


@cache
def quality_rules() -> tuple[QualityRule, ...]:
    """Return the table of limits, ``data/quality.json``."""
    text = (files("brachyresponse.perfusion.aif") / "data" / "quality.json").read_text(encoding="utf-8")
    return tuple(QualityRule(**rule) for rule in json.loads(text)["rules"])


def shape_of(values: FloatArray, time_s: FloatArray) -> AifShape:
    """Return the figures of an arterial curve (T,).

    Raises
    ------
    PerfusionError
        It has no bolus, or the bolus came before the first frame.
    """
    bolus = find_rise(values, time_s)
    height = values - values[bolus.baseline].mean()
    figures = curve_shapes(height[None, :], time_s).at(np.array([0]))
    peak = float(height[bolus.peak_frame])
    tail = float(height[-max(1, len(height) // 4) :].mean())
    first_pass = slice(bolus.baseline.stop - 1, bolus.end_frame + 1)
    above = height[first_pass]
    half, top = np.count_nonzero(above >= peak / 2), np.count_nonzero(above >= FLAT * peak)
    return AifShape(
        peak=peak,
        peak_s=bolus.peak_s,
        fwhm_s=float(figures.fwhm_s[0]),
        arrival_s=bolus.arrival_s,
        first_pass_area=float(np.trapezoid(above, time_s[first_pass])),
        baseline_frames=bolus.baseline_frames,
        peak_over_noise=bolus.rise_over_noise,
        peak_over_tail=peak / tail if tail > 0 else float("inf"),
        frames_above_half=int(half),
        flat_share=top / half if top > 2 else 0.0,
    )


def judge(shape: AifShape, kind: SeriesKind, further: Mapping[str, float]) -> tuple[AifVerdict, tuple[str, ...]]:
    """Return the verdict on a curve with its reasons.

    Parameters
    ----------
    shape
        Its figures.
    kind
        Of the series.
    further
        Figures that are not of the curve: ``voxel_count``, ``saturated_share``.
    """
    figures = asdict(shape) | dict(further)
    found = [
        rule.judge(figures[rule.measure])
        for rule in quality_rules()
        if rule.measure in figures and rule.kind in (None, str(kind))
    ]
    worst = reduce(AifVerdict.or_worse, (verdict for verdict, _ in found), AifVerdict.GOOD)
    return worst, tuple(sentence for _, sentence in found if sentence)
