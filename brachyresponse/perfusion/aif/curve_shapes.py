"""The shape of many curves at once: height, width, arrival and noise of a bolus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from brachyresponse.perfusion.dsc.bolus import ENDED, noise_of
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray

LOW, HIGH = 0.2, 0.8
"""The rise is taken as the straight line through these shares of the peak."""


@dataclass(frozen=True, eq=False)
class CurveShapes:
    """Figures of N curves, (N,) each; heights in the curves' unit.

    Parameters
    ----------
    peak, peak_s
        Highest value, and when.
    fwhm_s
        Full width at half the peak; infinite where the curve never falls to half.
    arrival_s
        Where the straight line through 20 % and 80 % of the rise meets zero, between frames.
    noise
        Standard deviation of the noise, from second differences.
    """

    peak: FloatArray
    peak_s: FloatArray
    fwhm_s: FloatArray
    arrival_s: FloatArray
    noise: FloatArray

    @property
    def peak_over_noise(self) -> FloatArray:
        """Peak in standard deviations of the noise; infinite without noise, 0 where nothing rises."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.peak > 0, self.peak / self.noise, 0.0)

    @property
    def merit(self) -> FloatArray:
        """Peak over width and time from arrival to peak: high, narrow, steep curves are arteries (Yin 2014)."""
        to_peak_s = np.maximum(self.peak_s - self.arrival_s, 1e-6)
        return self.peak / (self.fwhm_s * to_peak_s)

    @classmethod
    def joined(cls, parts: Sequence[CurveShapes]) -> CurveShapes:
        """Return the figures of all curves of some parts, in their order."""
        if not parts:
            return cls(*(np.empty(0) for _ in fields(cls)))
        return cls(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(cls)))

    def at(self, chosen: IntArray | BoolArray) -> CurveShapes:
        """Return the figures of some of the curves."""
        return CurveShapes(*(getattr(self, each.name)[chosen] for each in fields(self)))


def curve_shapes(curves: AnyArray, time_s: FloatArray) -> CurveShapes:
    """Return the figures of curves (N, T) that rise from 0 when the agent comes; they must be finite."""
    curves = np.asarray(curves)
    at = curves.argmax(axis=1)
    peak = np.take_along_axis(curves, at[:, None], axis=1)[:, 0].astype(float)
    low_s, high_s = (_reached_s(curves, time_s, at, share * peak) for share in (LOW, HIGH))
    arrival_s = np.maximum(low_s - LOW / (HIGH - LOW) * (high_s - low_s), time_s[0])
    fwhm_s = _left_s(curves, time_s, at, ENDED * peak) - _reached_s(curves, time_s, at, ENDED * peak)
    return CurveShapes(peak, time_s[at], fwhm_s, arrival_s, noise_of(curves).astype(float))


def _reached_s(curves: AnyArray, time_s: FloatArray, at: IntArray, level: FloatArray) -> FloatArray:
    """Return when each curve last crosses a level upwards before its peak; the first time where it starts above it."""
    frames = np.arange(len(time_s))
    below = (curves < level[:, None]) & (frames < at[:, None])
    last = len(frames) - 1 - below[:, ::-1].argmax(axis=1)
    return np.where(below.any(axis=1), _crossing_s(curves, time_s, last, level), time_s[0])


def _left_s(curves: AnyArray, time_s: FloatArray, at: IntArray, level: FloatArray) -> FloatArray:
    """Return when each curve first crosses a level downwards after its peak; infinite where it never does."""
    below = (curves < level[:, None]) & (np.arange(len(time_s)) > at[:, None])
    first = below.argmax(axis=1)
    return np.where(below.any(axis=1), _crossing_s(curves, time_s, np.maximum(first - 1, 0), level), np.inf)


def _crossing_s(curves: AnyArray, time_s: FloatArray, frame: IntArray, level: FloatArray) -> FloatArray:
    """Return when the straight line from a frame to the next one meets a level."""
    frame = np.minimum(frame, len(time_s) - 2)
    here, there = (np.take_along_axis(curves, (frame + step)[:, None], axis=1)[:, 0].astype(float) for step in (0, 1))
    change = np.where(there == here, 1.0, there - here)
    share = np.clip((level - here) / change, 0.0, 1.0)
    when_s: FloatArray = time_s[frame] + share * (time_s[frame + 1] - time_s[frame])
    return when_s
