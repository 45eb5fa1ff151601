"""From the signal of a DCE series to concentration, with every figure that it takes and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.dsc import Bolus, find_bolus
from brachyresponse.perfusion.series import DynamicSeries
from brachyresponse.perfusion.signal import blood_t1, relaxivity, signal_to_concentration
from brachyresponse.perfusion.study.request import PerfusionRequest
from brachyresponse.perfusion.study.study import UsedValue
from brachyresponse.perfusion.study.t1_values import T1Values
from brachyresponse.types import AnyArray, FloatArray

WHAT_FOR = "the concentration"


@dataclass(frozen=True)
class BloodFigures:
    """T1 and hematocrit of blood."""

    t1_s: float
    hematocrit: float


@dataclass(frozen=True, eq=False)
class DceSignal:
    """How the signal becomes concentration.

    Parameters
    ----------
    series
        The series.
    tr_s, flip_angle_deg, relaxivity_per_s_per_mmol_l
        Of the spoiled gradient echo and the agent.
    bolus
        Its baseline and its arrival in the mean curve.
    t1
        Before contrast.
    blood
        For the arterial curve, whose T1 is not that of tissue.
    used
        These figures with their origin.
    """

    series: DynamicSeries
    tr_s: float
    flip_angle_deg: float
    relaxivity_per_s_per_mmol_l: float
    bolus: Bolus
    t1: T1Values
    blood: BloodFigures
    used: tuple[UsedValue, ...]

    @property
    def baseline(self) -> slice:
        """The frames before the bolus."""
        return self.bolus.baseline

    def concentration(self, signal: AnyArray, t1_s: float | AnyArray) -> AnyArray:
        """Return mmol/L of curves (N, T) with their T1; NaN where it is not defined."""
        return signal_to_concentration(
            signal,
            tr_s=self.tr_s,
            flip_angle_deg=self.flip_angle_deg,
            t10_s=t1_s,
            relaxivity_per_s_per_mmol_l=self.relaxivity_per_s_per_mmol_l,
            baseline=self.baseline,
        )


def dce_signal(request: PerfusionRequest, mean_curve: FloatArray, t1: T1Values) -> DceSignal:
    """Return how the signal of a request's series becomes concentration.

    Parameters
    ----------
    mean_curve
        (T,) mean signal of the voxels that are computed.

    Raises
    ------
    PerfusionError
        A parameter of the acquisition is not known, or the series has no bolus.
    """
    series, acquisition = request.series, request.series.acquisition
    tr_s, angle = acquisition.needed("tr_s", WHAT_FOR), acquisition.needed("flip_angle_deg", WHAT_FOR)
    r1, r1_origin = _relaxivity(request)
    blood_s, blood_origin = _blood_t1(request)
    bolus = bolus_of(request, mean_curve)
    settings = request.settings
    hematocrit = next(row for row in settings.rows() if row.facts.name == "hematocrit")
    used = (
        UsedValue("t10", "T1 before contrast", "by voxel" if not isinstance(t1.t1_s, float) else "", t1.sentence),
        UsedValue("relaxivity", "Relaxivity r1", f"{r1:g} L/(mmol s)", r1_origin),
        UsedValue("blood_t1", "T1 of blood", f"{blood_s:g} s", blood_origin),
        UsedValue("hematocrit", "Hematocrit", f"{settings.hematocrit:g}", hematocrit.source),
        UsedValue("baseline", "Baseline", frame_words(bolus.baseline), bolus.sentence),
    )
    blood = BloodFigures(blood_s, settings.hematocrit)
    return DceSignal(series, tr_s, angle, r1, bolus, t1, blood, used)


def bolus_of(request: PerfusionRequest, mean_curve: FloatArray) -> Bolus:
    """Return the bolus in the mean signal of the tissue, with the baseline that was chosen where one was.

    Raises
    ------
    PerfusionError
        The series has no bolus, or it came before the first frame.
    """
    from dataclasses import replace

    series = request.series
    try:
        bolus = find_bolus(mean_curve, series.time_s, request.kind)
    except PerfusionError as error:
        raise PerfusionError(f"Series {series.name!r}, {request.kind.upper()}: {error}") from error
    frames = request.settings.baseline_frames
    if frames is None:
        return bolus
    if not bolus.baseline.start < frames <= bolus.peak_frame:
        raise PerfusionError(
            f"{frames} frames cannot be the baseline of series {series.name!r}: the bolus peaks in frame "
            f"{bolus.peak_frame + 1}; give fewer, or none to have them found."
        )
    return replace(bolus, baseline=slice(bolus.baseline.start, frames))


def mean_of_valid(curves: AnyArray) -> FloatArray | None:
    """Return the mean (T,) of the curves (N, T) that are defined throughout; None where there is none."""
    defined = np.isfinite(curves).all(axis=1)
    if not defined.any():
        return None
    mean: FloatArray = curves[defined].mean(axis=0, dtype=np.float64)
    return mean


def _relaxivity(request: PerfusionRequest) -> tuple[float, str]:
    chosen, acquisition = request.settings.relaxivity_per_s_per_mmol_l, request.series.acquisition
    if chosen is not None:
        return chosen, "entered"
    if acquisition.agent is None:
        written = [note for note in acquisition.notes if "contrast agent" in note]
        raise PerfusionError(
            written[0]
            if written
            else f"Series {request.series.name!r} does not tell its contrast agent: enter the agent, or its relaxivity "
            "in L/mmol/s."
        )
    row = relaxivity(acquisition.agent, acquisition.needed("field_strength_t", "the relaxivity"))
    return row.per_s_per_mmol_l, row.describe()


def _blood_t1(request: PerfusionRequest) -> tuple[float, str]:
    chosen = request.settings.blood_t1_s
    if chosen is not None:
        return chosen, "entered"
    row = blood_t1(request.series.acquisition.needed("field_strength_t", "T1 of blood"))
    return row.t1_s, row.source


def frame_words(frames: slice) -> str:
    """Return frames in words, counted from 1."""
    return f"frames {frames.start + 1} to {frames.stop}"
