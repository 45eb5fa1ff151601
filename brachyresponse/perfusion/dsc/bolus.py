"""Where the bolus begins, peaks and ends in a mean curve, and which frames are the baseline before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.types import AnyArray, FloatArray

LEAST_RISE = 6.0
"""In standard deviations of the noise: what rises less is no bolus."""
ENDED = 0.5
"""The first pass has to fall below this share of its peak before it can end."""
FLAT = 0.1
"""A fall by less than this share of the steepest one has come to its end."""
RISEN = 0.7
"""The rise is fitted up to this share of the peak; above it the curve bends."""
MOST_UNSTEADY = 4
"""So many first frames may be off, before the magnetisation is in its steady state."""
UNSTEADY = 5.0
"""In standard deviations of the noise: a first frame farther from the baseline is not yet in the steady state."""
FEW_FRAMES = 5
"""A baseline of fewer frames is said to be short."""
SURE_FRAMES = 3
"""With fewer frames before it, a rise may as well be the end of something that began earlier."""
QUIET = 3.0
"""In standard deviations of the noise: a last frame of the baseline that is higher belongs to the bolus."""
ROUNDING = 1e-9
STEPS_PER_FRAME = 20
"""How finely the arrival is searched."""


@dataclass(frozen=True)
class Bolus:
    """The first passage of the contrast agent.

    Parameters
    ----------
    baseline
        Frames before arrival, without first frames out of the steady state.
    arrival_s, peak_s, end_s
        When it arrives (between frames), when it is highest, when the first pass has ended.
    peak_frame, end_frame
        The same as frames; the first pass is ``slice(baseline.stop, end_frame + 1)``.
    rise_over_noise
        How far the peak is above the baseline, in standard deviations of the noise.
    warnings
        Sentences.
    """

    baseline: slice
    arrival_s: float
    peak_s: float
    end_s: float
    peak_frame: int
    end_frame: int
    rise_over_noise: float
    warnings: tuple[str, ...] = ()

    @property
    def baseline_frames(self) -> int:
        """How many frames the baseline has."""
        return int(self.baseline.stop - self.baseline.start)

    @property
    def first_pass(self) -> slice:
        """The frames from arrival to the end of the first pass."""
        return slice(self.baseline.stop, self.end_frame + 1)

    @property
    def sentence(self) -> str:
        """What was found, for people."""
        return (
            f"The bolus arrives at {self.arrival_s:.1f} s, after {self.baseline_frames} baseline frames, peaks at "
            f"{self.peak_s:.1f} s and its first pass ends at {self.end_s:.1f} s."
        )


def find_bolus(mean_curve: AnyArray, time_s: FloatArray, kind: str) -> Bolus:
    """Find the bolus in the mean signal of many voxels.

    Parameters
    ----------
    mean_curve
        (T,) signal, or a concentration.
    time_s
        (T,) s.
    kind
        :class:`SeriesKind`: with DCE the curve rises (so does a concentration or dR2*), with DSC it falls.

    Raises
    ------
    PerfusionError
        The curve has no bolus, or it came before the first frame, or the curve is not finite.
    """
    rise = np.asarray(mean_curve, float) * (-1.0 if SeriesKind(kind) is SeriesKind.DSC else 1.0)
    return find_rise(rise, np.asarray(time_s, float))


def find_rise(rise: FloatArray, time_s: FloatArray) -> Bolus:
    """Find the bolus in a curve (T,) that rises when the agent comes; see :func:`find_bolus`."""
    _check(rise, time_s)
    noise = float(noise_of(rise))
    first = _first_steady_frame(rise, noise)
    if _is_flat(rise[first:], noise):
        raise PerfusionError(
            "The curve has no bolus: it does not rise above its noise, so choose another series, mask or artery."
        )
    peak = first + int(np.argmax(rise[first:]))
    arrival_s = fitted_arrival(rise[first:], time_s[first:], peak - first) if peak > first else time_s[first]
    stop = int(np.searchsorted(time_s, arrival_s + ROUNDING * (time_s[-1] - time_s[0])))
    baseline = _quiet_frames(rise, noise, slice(first, stop))
    arrival_s = min(arrival_s, time_s[baseline.stop])
    _check_baseline(rise, noise, baseline, peak)
    height = rise - rise[baseline].mean()
    end, has_ended = end_of_first_pass(height, peak)
    over_noise = float(height[peak] / noise) if noise > 0 else float("inf")
    warnings = _warnings(baseline, peak, len(rise), has_ended)
    return Bolus(baseline, float(arrival_s), float(time_s[peak]), float(time_s[end]), peak, end, over_noise, warnings)


def noise_of(curves: AnyArray) -> AnyArray:
    """Return the standard deviation of the noise of curves (..., T), whatever slow course they have, in (...).

    From the median of the second differences, which a bolus of a few frames does not move.
    """
    second = np.abs(np.diff(curves, n=2, axis=-1))
    # second differences of white noise have sqrt(1 + 4 + 1) times its deviation; 0.6745 of a normal one is its median
    noise: AnyArray = np.median(second, axis=-1) / (0.6745 * np.sqrt(6.0))
    return noise


def fitted_arrival(rise: FloatArray, time_s: FloatArray, peak: int) -> float:
    """Return when a curve (T,) leaves its baseline, s, between frames.

    A constant that turns into a straight or a parabolic rise, fitted by least squares up to the frame that reaches
    ``RISEN`` of the peak; whichever fits better (Cheong et al. 2003, Phys Med Biol 48:N83, use the same two).
    """
    bottom = np.median(rise[: max(1, int(np.argmax(rise[: peak + 1] > (rise[0] + rise[peak]) / 2)))])
    last = int(np.argmax(rise[: peak + 1] - bottom >= RISEN * (rise[peak] - bottom)))
    last = max(last, 1)
    steps = STEPS_PER_FRAME * last + 1
    candidates_s = np.interp(np.linspace(0, last, steps)[:-1], np.arange(last + 1), time_s[: last + 1])
    since_s = np.maximum(time_s[None, : last + 1] - candidates_s[:, None], 0.0)
    shapes = np.concatenate([since_s, since_s**2])
    shapes -= shapes.mean(axis=1, keepdims=True)
    explained = (shapes @ (rise[: last + 1] - rise[: last + 1].mean())) / np.linalg.norm(shapes, axis=1)
    return float(np.tile(candidates_s, 2)[np.argmax(explained)])


def _check(rise: FloatArray, time_s: FloatArray) -> None:
    if rise.ndim != 1 or rise.shape != time_s.shape:
        raise PerfusionError(f"The curve has shape {rise.shape} and the times {time_s.shape}: give one value a frame.")
    if len(rise) < 5:
        raise PerfusionError(f"The curve has {len(rise)} frames: a bolus cannot be found in fewer than 5.")
    if not np.isfinite(rise).all():
        raise PerfusionError(
            f"The curve is not defined at {np.count_nonzero(~np.isfinite(rise))} of {len(rise)} frames: leave out the "
            "voxels with no signal."
        )


def _quiet_frames(rise: FloatArray, noise: float, baseline: slice) -> slice:
    """Return the baseline without last frames that rise already: the foot of a bolus is no straight line."""
    stop = baseline.stop
    while stop - baseline.start > SURE_FRAMES:
        before = rise[baseline.start : stop - 1]
        if rise[stop - 1] - before.mean() <= QUIET * noise + ROUNDING * np.ptp(rise):
            break
        stop -= 1
    return slice(baseline.start, stop)


def _check_baseline(rise: FloatArray, noise: float, baseline: slice, peak: int) -> None:
    """Refuse a curve that starts within or after the bolus, and one that only drifts."""
    before = rise[baseline]
    is_short = len(before) < SURE_FRAMES
    height = float(rise[peak] - before.mean()) if len(before) else 0.0
    falls_below = len(before) and before.mean() - np.median(rise[peak:]) > 0.1 * height
    if height < LEAST_RISE * noise or not height > 0 or (is_short and falls_below):
        raise PerfusionError(
            "The bolus came before the first frame: the curve is highest at its beginning and then falls, so there is "
            "no baseline; choose a series that starts before the injection."
        )
    if is_short and peak == len(rise) - 1:
        raise PerfusionError(
            "The curve has no bolus: it drifts from the first frame to the last, so choose another series or mask, or "
            "the other kind of series."
        )


def _is_flat(rise: FloatArray, noise: float) -> bool:
    spread = float(np.ptp(rise))
    return spread <= 1e-9 * float(np.abs(rise).max(initial=0.0)) or spread < LEAST_RISE * noise


def _first_steady_frame(rise: FloatArray, noise: float) -> int:
    """Return the first frame of the steady state: signals before it are off, and the next ones agree."""
    for first in range(min(MOST_UNSTEADY, len(rise) - 4)):
        following = rise[first + 1 : first + 4]
        if abs(rise[first] - following.mean()) <= max(UNSTEADY * noise, 3 * float(np.ptp(following))):
            return first
    return 0


def end_of_first_pass(height: FloatArray, peak: int) -> tuple[int, bool]:
    """Return the frame in which the first pass ends, and whether it does; the last frame where it does not.

    The first frame below half the peak from which the curve no longer falls: by less than ``FLAT`` of its steepest
    fall in a frame, or where it rises again.
    """
    smooth = height.copy()
    smooth[1:-1] = (height[:-2] + 2 * height[1:-1] + height[2:]) / 4
    falls = -np.diff(smooth[peak:])
    if not len(falls):
        return peak, False
    has_ended = (smooth[peak:-1] < ENDED * height[peak]) & (falls < FLAT * falls.max())
    frame = peak + int(np.argmax(has_ended)) if has_ended.any() else len(height) - 1
    return frame, bool(has_ended.any())


def _warnings(baseline: slice, peak: int, count: int, has_ended: bool) -> tuple[str, ...]:
    warnings = []
    if baseline.start:
        warnings.append(f"The first {baseline.start} frames are left out: the signal was not yet in its steady state.")
    if baseline.stop - baseline.start < FEW_FRAMES:
        warnings.append(
            f"The baseline has only {baseline.stop - baseline.start} frames: the signal before the bolus is uncertain."
        )
    if peak == count - 1:
        warnings.append("The curve is highest in the last frame: the series ends before the bolus has passed.")
    elif not has_ended:
        warnings.append("The first pass does not end, below half the peak, before the series does.")
    return tuple(warnings)
