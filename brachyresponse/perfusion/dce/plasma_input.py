"""The arterial plasma curve as it is understood between its samples, and its exact convolution with exponentials."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PerfusionError
from brachyresponse.types import FloatArray, IntArray

SECONDS_PER_MINUTE = 60.0
FAR_MIN = 60.0
"""How long the last value is held after the last sample: longer than any delay."""
SAME_STEP = 1e-12
"""Steps that differ by a smaller share, by rounding, share their weights."""
SMALL_DECAY = 1e-4
"""Rate times step below which the weights are taken from their series: the closed form loses digits there."""

SMALL_FOR_SLOPES = 1e-2
"""The same for the derivative, which loses more of them; its error there is below 1e-8."""


Weights = tuple[FloatArray, FloatArray, FloatArray]
"""Of a step: decay, the integral of the decaying input where it is level, and where it rises."""


@dataclass(frozen=True)
class Places:
    """Where shifted times lie between the samples of the input, all (T, N)."""

    segment: IntArray
    after_min: FloatArray
    started: FloatArray
    """1 from the first sample on, 0 before."""


class PlasmaInput:
    """Plasma concentration, linear between its samples, zero before the first and held after the last.

    Parameters
    ----------
    time_s
        (T,) rising; the steps may differ.
    values_mmol_l
        (T,) plasma (not whole blood) concentration.

    Raises
    ------
    PerfusionError
        Lengths that differ, times that do not rise, values that are not numbers, or no contrast agent at all.
    """

    def __init__(self, time_s: ArrayLike, values_mmol_l: ArrayLike) -> None:
        time, values = np.asarray(time_s, np.float64), np.asarray(values_mmol_l, np.float64)
        _check(time, values)
        self.time_min = time / SECONDS_PER_MINUTE
        self.values = values
        self._knots = np.append(self.time_min, self.time_min[-1] + FAR_MIN)
        self._steps = np.diff(self._knots)
        changed = np.abs(np.diff(self._steps, prepend=0.0)) > SAME_STEP * self._steps
        self._new_step = changed.tolist()
        self._slopes = np.append(np.diff(values) / self._steps[:-1], 0.0)
        areas = (values[1:] + values[:-1]) / 2 * self._steps[:-1]
        self._areas = np.append(0.0, np.cumsum(areas))

    def places(self, delay_s: FloatArray, time_s: FloatArray | None = None) -> Places:
        """Return where the frames lie on the input's own time when it arrives ``delay_s`` (N,) later."""
        time_min = self.time_min if time_s is None else time_s / SECONDS_PER_MINUTE
        shifted = time_min[:, None] - delay_s / SECONDS_PER_MINUTE
        segment = np.clip(self._knot_before(shifted), 0, len(self.values) - 1)
        return Places(segment, shifted - self._knots[segment], (shifted >= self._knots[0]).astype(np.float64))

    def _knot_before(self, time_min: FloatArray) -> IntArray:
        """Return the last sample at or before times: where the steps are even, by a division, which is quicker."""
        if any(self._new_step[1:-1]):
            return np.searchsorted(self._knots, time_min, side="right") - 1
        return np.asarray(np.floor((time_min - self._knots[0]) / self._steps[0]).astype(np.int64))

    def plasma(self, places: Places | None = None) -> FloatArray:
        """Return the concentration, mmol/L: at the frames (T, 1), or at places (T, N)."""
        if places is None:
            return self.values[:, None]
        inside = self.values[places.segment] + self._slopes[places.segment] * places.after_min
        return inside * places.started

    def integral(self, places: Places | None = None) -> FloatArray:
        """Return the area since the first sample, mmol/L min: at the frames (T, 1), or at places (T, N)."""
        if places is None:
            return self._areas[:, None]
        after = places.after_min
        since = (self.values[places.segment] + self._slopes[places.segment] * after / 2) * after
        return (self._areas[places.segment] + since) * places.started

    def convolved(self, rate_per_min: FloatArray, places: Places | None = None) -> FloatArray:
        """Return the input convolved with exp(-rate t), mmol/L min, exact for an input linear between its samples.

        Parameters
        ----------
        rate_per_min
            (N,) not negative.
        places
            Where to evaluate; at the frames by default.

        Returns
        -------
        FloatArray
            (T, N).
        """
        at_frames = np.zeros((len(self.values), len(rate_per_min)))
        for n, step in enumerate(self._steps[:-1].tolist()):
            if self._new_step[n]:
                decay, whole, rising = step_weights(rate_per_min * step)
                from_start, from_end = step * (whole - rising), step * rising
            gained = from_start * self.values[n] + from_end * self.values[n + 1]
            np.multiply(at_frames[n], decay, out=at_frames[n + 1])
            at_frames[n + 1] += gained
        if places is None:
            return at_frames
        return self._carried_on(at_frames, places, self._weights_at(rate_per_min, places))

    def convolved_with_slope(
        self, rate_per_min: FloatArray, places: Places | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Return what ``convolved`` does, and its derivative by the rate (the input convolved with -t exp(-rate t))."""
        at_frames, slopes = np.zeros((2, len(self.values), len(rate_per_min)))
        for n, step in enumerate(self._steps[:-1].tolist()):
            if self._new_step[n]:
                decay, whole, rising = step_weights(rate_per_min * step)
                first, second = _delay_weights(rate_per_min * step, decay, whole)
                from_start, from_end = step * (whole - rising), step * rising
                slope_from_start, slope_from_end = step**2 * second, step**2 * (first - second)
            start, end = self.values[n], self.values[n + 1]
            np.multiply(decay, slopes[n] - step * at_frames[n], out=slopes[n + 1])
            slopes[n + 1] -= slope_from_start * start + slope_from_end * end
            np.multiply(at_frames[n], decay, out=at_frames[n + 1])
            at_frames[n + 1] += from_start * start + from_end * end
        if places is None:
            return at_frames, slopes
        weights = self._weights_at(rate_per_min, places)
        slope = self._slope_carried_on((at_frames, slopes), rate_per_min, places, weights)
        return self._carried_on(at_frames, places, weights), slope

    def _weights_at(self, rate_per_min: FloatArray, places: Places) -> Weights:
        """The weights from the sample before each place to the place; before the first sample nothing comes of them."""
        return step_weights(rate_per_min * np.abs(places.after_min))

    def _carried_on(self, at_frames: FloatArray, places: Places, weights: Weights) -> FloatArray:
        """From the sample before each place to the place itself."""
        after, segment = places.after_min, places.segment
        decay, whole, rising = weights
        gained = (self.values[segment] * whole + self._slopes[segment] * after * rising) * after
        return np.asarray((_taken(at_frames, segment) * decay + gained) * places.started)

    def _slope_carried_on(
        self, at_frames: tuple[FloatArray, FloatArray], rate_per_min: FloatArray, places: Places, weights: Weights
    ) -> FloatArray:
        """The same for the derivative by the rate."""
        after, segment = places.after_min, places.segment
        decay, whole, _ = weights
        first, second = _delay_weights(rate_per_min * np.abs(after), decay, whole)
        rise = self._slopes[segment] * after
        gained = ((self.values[segment] + rise) * first - rise * second) * after**2
        before = _taken(at_frames[1], segment) - after * _taken(at_frames[0], segment)
        return np.asarray((before * decay - gained) * places.started)

    def rising(self, places: Places) -> FloatArray:
        """Return how fast the concentration rises at places, mmol/L/min, (T, N)."""
        return np.asarray(self._slopes[places.segment] * places.started)


def _taken(at_frames: FloatArray, segment: IntArray) -> FloatArray:
    whole = np.broadcast_to(at_frames, (len(at_frames), segment.shape[1]))
    return np.asarray(np.take_along_axis(whole, segment, axis=0))


def step_weights(decays: FloatArray) -> Weights:
    """Return exp(-x), and the integrals over a unit step of exp(-x (1 - s)) and of s exp(-x (1 - s))."""
    lost = -np.expm1(-decays)
    small = decays < SMALL_DECAY
    if not small.any():
        whole = lost / decays
        return 1 - lost, whole, (1 - whole) / decays
    safe = np.where(small, 1.0, decays)
    whole = np.where(small, 1 - decays / 2 + decays**2 / 6, lost / safe)
    rising = np.where(small, 0.5 - decays / 6 + decays**2 / 24, (1 - whole) / safe)
    return 1 - lost, whole, rising


def _delay_weights(decays: FloatArray, decay: FloatArray, whole: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the integrals over a unit step of r exp(-x r) and of r^2 exp(-x r)."""
    small = decays < SMALL_FOR_SLOPES
    safe = np.where(small, 1.0, decays)
    first = np.where(small, 1 / 2 - decays * (1 / 3 - decays * (1 / 8 - decays / 30)), (whole - decay) / safe)
    second = np.where(small, 1 / 3 - decays * (1 / 4 - decays * (1 / 10 - decays / 36)), (2 * first - decay) / safe)
    return first, second


def _check(time_s: FloatArray, values: FloatArray) -> None:
    if time_s.ndim != 1 or time_s.shape != values.shape:
        raise PerfusionError(
            f"There are {time_s.size} frame times, but the AIF has {values.size} values: give one value a frame."
        )
    if len(time_s) < 2 or not np.isfinite(time_s).all() or not (np.diff(time_s) > 0).all():
        raise PerfusionError("The frame times do not rise from frame to frame: put the frames in order.")
    if not np.isfinite(values).all():
        count = np.count_nonzero(~np.isfinite(values))
        raise PerfusionError(f"The AIF holds {count} values that are not numbers: choose other artery voxels.")
    if not values.max() > 0:
        raise PerfusionError("The AIF never rises above zero: it shows no bolus; choose another artery.")
