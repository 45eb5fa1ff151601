"""The parameters of the acquisition as figures with their origin."""

from __future__ import annotations

import numpy as np

from brachyresponse.perfusion.series import Acquisition
from brachyresponse.perfusion.study.request import PerfusionRequest
from brachyresponse.perfusion.study.study import UsedValue

LABELS = {
    "tr_s": ("Repetition time", "ms", 1000.0),
    "te_s": ("Echo time", "ms", 1000.0),
    "flip_angle_deg": ("Flip angle", "°", 1.0),
    "field_strength_t": ("Field strength", "T", 1.0),
    "agent": ("Contrast agent", "", None),
    "dose_mmol_per_kg": ("Dose", "mmol/kg", 1.0),
    "preload_dose_mmol_per_kg": ("Dose of the preload", "mmol/kg", 1.0),
}
"""Label, unit and factor of each figure for people; no factor for text."""
NOT_KNOWN = "not known"


def acquisition_values(request: PerfusionRequest) -> tuple[UsedValue, ...]:
    """Return what is known of the acquisition, in the order shown, the frames' times and their motion."""
    series = request.series
    span = f"{series.frame_count} frames, {series.time_s[0]:g} to {series.time_s[-1]:.1f} s"
    times = UsedValue("frame_times", "Frame times", span, series.time_origin or NOT_KNOWN)
    return (*(_value(series.acquisition, name) for name in Acquisition.names()), times, _motion(request))


def _motion(request: PerfusionRequest) -> UsedValue:
    motion = request.motion
    if motion is None:
        return UsedValue("motion", "Motion correction", "none", "the series as it was given")
    shift_mm = float(np.linalg.norm(motion.translations_mm, axis=1).max())
    turn_deg = float(np.linalg.norm(motion.rotations_deg, axis=1).max())
    said = f"largest shift {shift_mm:.2f} mm, turn {turn_deg:.2f}°"
    return UsedValue("motion", "Motion correction", said, f"rigid, frames to frame {motion.reference_frame + 1}")


def _value(acquisition: Acquisition, name: str) -> UsedValue:
    label, unit, factor = LABELS[name]
    value = getattr(acquisition, name)
    if value is None:
        return UsedValue(name, label, NOT_KNOWN, NOT_KNOWN)
    shown = str(value) if factor is None else f"{value * factor:.4g} {unit}".strip()
    return UsedValue(name, label, shown, acquisition.origins.get(name, NOT_KNOWN))
