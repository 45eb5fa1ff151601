"""Extended Tofts with a delay, for evenly spaced frames: minima over kep and delay by the table of rates.

An input that is linear between its samples, delayed by n frames less s, is at every frame a mixture of two of its
samples, and its convolution one of those two and of the convolution n frames before::

    Cp(t_i - d)   = (1 - s/h) P0 + s/h P1                     P0 = Cp(i - n), P1 = Cp(i - n + 1), h the frames' step
    conv(t_i - d) = exp(-kep s) y0 + s ((w - s/h r) P0 + s/h r P1)      y0 = conv(i - n), w and r the step's weights

So between two whole frames of delay the model is linear but for kep, with three amplitudes a, b, c of y0, P0, P1, from
which Ktrans = a exp(kep s), vp and s follow. At whole frames the curve has a kink, and a minimum may lie there: these
delays, and the bounds of the delay, are fitted as fixed ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from brachyresponse.perfusion.dce.models import DELAY, DceModel
from brachyresponse.perfusion.dce.plasma_input import SECONDS_PER_MINUTE, PlasmaInput, step_weights
from brachyresponse.perfusion.dce.problem import FitProblem
from brachyresponse.perfusion.dce.rate_table import LOG_RATES, Peaks, RateTable
from brachyresponse.types import BoolArray, FloatArray

MOST_TABLES = 24
"""Where the delay may be of more frames, a row of delays and steps from the best of them take less time."""
EVEN = 1e-6
"""What steps may differ, as a share, to count as even."""
ON_FRAME = 1e-9
"""Share of a step by which a whole number of frames is made smaller, so that rounding cannot make it larger."""
PARTS, HALVINGS, SECANTS = 6, 10, 4


@dataclass(frozen=True)
class _Candidate:
    """Minima at one delay, or between two: parameters (4, N) as Ktrans, ve, vp, delay; what they explain (N,).

    ``somewhere`` tells where the minimum lies in this range of the delay, ``inside`` where within all bounds too.
    """

    parameters: FloatArray
    explained: FloatArray
    somewhere: BoolArray
    inside: BoolArray


class EvenDelayTable:
    """Tables of rates for every range of the delay between two frames, and for every whole frame."""

    def __init__(self, problem: FitProblem) -> None:
        self._problem = problem
        step_s, (low, high) = _step_s(problem.plasma), problem.bounds[DELAY]
        self._step_min = step_s / SECONDS_PER_MINUTE
        first, last = int(np.floor(low / step_s)) + 1, int(np.ceil(high / step_s))
        self._between = {n: _table_between(problem.plasma, n, step_s) for n in range(first, last + 1)}
        whole = {n * step_s for n in range(first, last)} | {low, high}
        self._fixed = {delay_s: _table_at(problem.plasma, delay_s) for delay_s in sorted(whole)}

    @classmethod
    def of(cls, problem: FitProblem) -> EvenDelayTable | None:
        """Return the tables where they serve: extended Tofts with a delay of not too many even frames."""
        if problem.model is not DceModel.EXTENDED_TOFTS or not problem.fits_delay:
            return None
        steps = np.diff(problem.plasma.time_min) * SECONDS_PER_MINUTE
        low, high = problem.bounds[DELAY]
        if np.ptp(steps) > EVEN * steps.mean() or 2 * (high - low) / steps.mean() > MOST_TABLES:
            return None
        return cls(problem)

    def minima(self, curves: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Return the parameters (P, N) of the lowest minimum of curves (N, T), and where it is within all bounds.

        It is not where a range of the delay has a lower minimum beyond the bound of another parameter.
        """
        found = np.zeros((4, len(curves)))
        best, beyond = np.full((2, len(curves)), -np.inf)
        for candidate in self._candidates(curves):
            better = candidate.inside & (candidate.explained > best)
            found[:, better] = candidate.parameters[:, better]
            best = np.where(better, candidate.explained, best)
            outside = candidate.somewhere & ~candidate.inside
            beyond = np.where(outside, np.maximum(beyond, candidate.explained), beyond)
        return found, best > beyond

    def _candidates(self, curves: FloatArray) -> Iterator[_Candidate]:
        for delay_s, table in self._fixed.items():
            peaks = table.peaks(curves)
            yield self._candidate(peaks, peaks.amplitude, peaks.others[0], np.full(len(curves), delay_s))
        for n, table in self._between.items():
            peaks = table.peaks(curves)
            before, crossed = _before_frame(peaks, self._step_min)
            ktrans = peaks.amplitude * np.exp(peaks.rate_per_min * before)
            vp = peaks.others.sum(axis=0) - (ktrans - peaks.amplitude) / peaks.rate_per_min
            candidate = self._candidate(peaks, ktrans, vp, (n * self._step_min - before) * SECONDS_PER_MINUTE)
            yield _Candidate(
                candidate.parameters, candidate.explained, candidate.somewhere & crossed, candidate.inside & crossed
            )

    def _candidate(self, peaks: Peaks, ktrans: FloatArray, vp: FloatArray, delay_s: FloatArray) -> _Candidate:
        parameters = np.stack([ktrans, ktrans / peaks.rate_per_min, vp, delay_s])
        problem = self._problem
        near = 1e-6 * (problem.upper - problem.lower)[:3]
        low, high = problem.lower[:3] + near, problem.upper[:3] - near
        inside = peaks.reached & ((parameters[:3] > low) & (parameters[:3] < high)).all(axis=0)
        within = (delay_s >= problem.lower[3]) & (delay_s <= problem.upper[3])
        return _Candidate(parameters, peaks.explained, within, inside & within)


def _step_s(plasma: PlasmaInput) -> float:
    return float(plasma.time_min[-1] - plasma.time_min[0]) / (len(plasma.time_min) - 1) * SECONDS_PER_MINUTE


def _table_at(plasma: PlasmaInput, delay_s: float) -> RateTable:
    """The table of one delay."""
    places = plasma.places(np.full(len(LOG_RATES), delay_s))
    convolved = plasma.convolved(np.exp(LOG_RATES), places)
    return RateTable(convolved, plasma.plasma(places)[:, :1], np.zeros((0, len(LOG_RATES))))


def _table_between(plasma: PlasmaInput, frames: int, step_s: float) -> RateTable:
    """The table of delays from ``frames - 1`` to ``frames`` steps."""
    places = plasma.places(np.full(len(LOG_RATES), (frames - ON_FRAME) * step_s))
    convolved = plasma.convolved(np.exp(LOG_RATES), places)
    before = plasma.plasma(places)[:, 0]
    after = plasma.plasma(plasma.places(np.array([(frames - 1 - ON_FRAME) * step_s])))[:, 0] * places.started[:, 0]
    return RateTable(convolved, np.stack([before, after], axis=1), np.zeros((0, len(LOG_RATES))))


def _before_frame(peaks: Peaks, step_min: float) -> tuple[FloatArray, BoolArray]:
    """Return s (N,), min, and where there is one between 0 and a step: the first of them."""
    amplitude, rate, (of_first, of_second) = peaks.amplitude, peaks.rate_per_min, peaks.others

    def too_much(before: FloatArray) -> FloatArray:
        """Of the second sample, for the s that is tried."""
        share, (_, _, rising) = before / step_min, step_weights(rate * before)
        ktrans = amplitude * np.exp(rate * before)
        vp = of_first + of_second - (ktrans - amplitude) / rate
        return np.asarray(share * (vp + ktrans * before * rising) - of_second)

    tried = np.linspace(0, step_min, PARTS + 1)[:, None] + np.zeros_like(rate)
    at_tried = too_much(tried)
    changes = at_tried[:-1] * at_tried[1:] < 0
    part, voxels, crossed = changes.argmax(axis=0), np.arange(len(rate)), np.asarray(changes.any(axis=0))
    low, high = tried[part, voxels], tried[part + 1, voxels]
    at_low, at_high = at_tried[part, voxels], at_tried[part + 1, voxels]
    for turn in range(HALVINGS + SECANTS):
        middle = (low + high) / 2
        if turn >= HALVINGS:
            rise = np.where(crossed, at_high - at_low, 1.0)
            middle = np.clip(np.where(crossed & (rise != 0), low - at_low * (high - low) / rise, middle), low, high)
        at_middle = too_much(middle)
        below = at_middle * at_low > 0
        low, at_low = np.where(below, middle, low), np.where(below, at_middle, at_low)
        high, at_high = np.where(below, high, middle), np.where(below, at_high, at_middle)
    return middle, crossed
