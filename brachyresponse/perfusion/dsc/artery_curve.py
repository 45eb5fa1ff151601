"""The arterial curve that tissue is deconvolved by, at its own times and at even ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.types import AnyArray, Float32Array, FloatArray

EVEN = 0.01
"""Time steps that differ by less than this share are even."""


@dataclass(frozen=True, eq=False)
class ArteryCurve:
    """An arterial curve with its area, and the same curve at even times.

    Parameters
    ----------
    time_s
        (T,) s, of the frames.
    even_s, even_values
        (E,) even times over the same span, and the curve there; the frames' own where they are even.
    area
        Under the curve, at the frames' times.
    """

    time_s: FloatArray
    even_s: FloatArray
    even_values: FloatArray
    area: float

    @classmethod
    def of(cls, aif: FloatArray, time_s: FloatArray) -> ArteryCurve:
        """Return the curve (T,) at times (T,), checked.

        Raises
        ------
        PerfusionError
            Shapes that do not fit, times that do not rise, a curve that is not finite or has no area above 0.
        """
        if aif.ndim != 1 or aif.shape != time_s.shape or len(aif) < 3:
            raise PerfusionError(
                f"The arterial curve has shape {aif.shape} and the times {time_s.shape}: give one value a frame."
            )
        if not (np.isfinite(time_s).all() and (np.diff(time_s) > 0).all()):
            raise PerfusionError("The times do not rise from frame to frame: put the frames in order.")
        if not np.isfinite(aif).all():
            raise PerfusionError(
                f"The arterial curve is not defined at {np.count_nonzero(~np.isfinite(aif))} of {len(aif)} frames: "
                "choose an artery that is not saturated."
            )
        area = float(np.trapezoid(aif, time_s))
        if not area > 0:
            raise PerfusionError(
                f"The area under the arterial curve is {area:.3g}, not above 0: it has no bolus, choose another artery."
            )
        even_s = even_times(time_s)
        return cls(time_s, even_s, np.interp(even_s, time_s, aif), area)

    @property
    def step_s(self) -> float:
        """Of the even times."""
        return float(self.even_s[1] - self.even_s[0])

    def check_frames(self, tissue: AnyArray) -> None:
        """Refuse tissue curves (..., T) of another number of frames."""
        if tissue.ndim == 0 or tissue.shape[-1] != len(self.time_s):
            raise PerfusionError(
                f"The tissue curves have shape {tissue.shape}, the arterial curve {len(self.time_s)} frames: the last "
                "axis must be time."
            )

    def on_even_times(self, curves: Float32Array) -> Float32Array:
        """Return curves (N, T) at the even times, interpolated linearly where they were not even."""
        if self.even_s is self.time_s:
            return curves
        after = np.clip(np.searchsorted(self.time_s, self.even_s), 1, len(self.time_s) - 1)
        step_s = self.time_s[after] - self.time_s[after - 1]
        share = ((self.even_s - self.time_s[after - 1]) / step_s).astype(np.float32)
        return curves[:, after - 1] * (1 - share) + curves[:, after] * share


def even_times(time_s: FloatArray) -> FloatArray:
    """Return the times themselves where they are even, else times of their median step over the same span."""
    steps = np.diff(time_s)
    step_s = float(np.median(steps))
    if np.ptp(steps) <= EVEN * step_s:
        return time_s
    count = int((time_s[-1] - time_s[0]) / step_s + 1e-6) + 1
    even_s: FloatArray = time_s[0] + step_s * np.arange(count)
    return even_s
