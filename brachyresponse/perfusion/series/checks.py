"""What may be wrong with a dynamic series: voxels that cannot be used, gaps in time, parameters that do not fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.series.acquisition import Acquisition
from brachyresponse.perfusion.series.dynamic_series import DynamicSeries
from brachyresponse.perfusion.series.kind import LONGEST_DCE_TE_S
from brachyresponse.perfusion.signal.spoiled_gradient import LONGEST_TR_S
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.types import BoolArray, FloatArray

FEWEST_FRAMES = 15
"""Fewer hold no baseline, bolus and tail."""
SHORTEST_S = 30.0
"""Less than the first pass of a bolus with its baseline."""
REGULAR_SHARE = 0.1
"""Steps within this share of the usual one are regular; a missing frame makes one that is a multiple of it."""


@dataclass(frozen=True)
class VoxelCounts:
    """How many of the voxels looked at cannot be used, by reason; a voxel counts for each of its reasons."""

    checked: int
    not_finite: int
    constant: int
    negative: int


@dataclass(frozen=True, eq=False)
class SeriesCheck:
    """What was found.

    Parameters
    ----------
    warnings
        A sentence each.
    usable
        [k, j, i] which voxels are numbers in all frames, never negative, and change.
    """

    warnings: tuple[str, ...]
    usable: BoolArray
    counts: VoxelCounts


def check_series(
    series: DynamicSeries, mask: BoolArray | None = None, *, report: Report = ignore_progress
) -> SeriesCheck:
    """Return what may be wrong with a series; one pass over its frames.

    Parameters
    ----------
    mask
        [k, j, i] voxels that matter; None: all.

    Raises
    ------
    PerfusionError
        The mask has another shape than the frames, or no voxel can be used.
    """
    if mask is None:
        mask = np.ones(series.grid.shape_kji, bool)
    if mask.shape != series.grid.shape_kji:
        raise PerfusionError(f"The mask has shape {mask.shape}, the frames {series.grid.shape_kji}: resample the mask.")
    finite, constant, negative, frame_warnings = _look_at_frames(series, report)
    usable = mask & finite & ~constant & ~negative
    counts = VoxelCounts(*(int(np.count_nonzero(mask & each)) for each in (mask, ~finite, constant, negative)))
    if not usable.any():
        raise PerfusionError(
            f"Series {series.name!r} has no voxel that can be used: of {counts.checked}, {counts.not_finite} are no "
            f"numbers, {counts.constant} never change, {counts.negative} are negative; check the images and the mask."
        )
    warnings = (*frame_warnings, *_voxel_warnings(counts), *_time_warnings(series.time_s))
    return SeriesCheck((*warnings, *acquisition_warnings(series.acquisition)), usable, counts)


def acquisition_warnings(acquisition: Acquisition) -> tuple[str, ...]:
    """Return what does not fit together in how a series was acquired, and what of it could not be read."""
    found = list(acquisition.notes)
    tr_s, te_s = acquisition.tr_s, acquisition.te_s
    if tr_s is not None and te_s is not None and te_s >= tr_s:
        found.append(
            f"The echo time, {1000 * te_s:g} ms, is not shorter than the repetition time, {1000 * tr_s:g} ms: check "
            "both."
        )
    elif tr_s is not None and tr_s > LONGEST_TR_S and te_s is not None and te_s <= LONGEST_DCE_TE_S:
        found.append(
            f"The repetition time is {tr_s:g} s at an echo time of {1000 * te_s:g} ms: for DCE give the time between "
            "excitations, some milliseconds, not between frames."
        )
    return tuple(found)


def _look_at_frames(series: DynamicSeries, report: Report) -> tuple[BoolArray, BoolArray, BoolArray, list[str]]:
    """Return which voxels are finite, constant and negative in all frames together, and warnings about frames."""
    first = series.frames[0]
    finite, negative, constant = np.isfinite(first), first < 0, np.ones(first.shape, bool)
    warnings = []
    for number in range(1, series.frame_count):
        frame, before = series.frames[number], series.frames[number - 1]
        same = frame == before
        constant &= same
        finite &= np.isfinite(frame)
        negative |= frame < 0
        if same.all():
            warnings.append(f"Frames {number} and {number + 1} are identical: was one stored twice?")
        report((number + 1) / series.frame_count, f"{series.name}: checking frames")
    empty = [number + 1 for number, frame in enumerate(series.frames) if not frame.any()]
    if empty:
        warnings.append(f"Frame {', '.join(map(str, empty))} is empty: frames are missing.")
    return finite, constant, negative, warnings


def _voxel_warnings(counts: VoxelCounts) -> list[str]:
    what = (
        (counts.not_finite, "hold values that are no numbers"),
        (counts.constant, "never change"),
        (counts.negative, "have negative signals"),
    )
    return [
        f"{number} of {counts.checked} voxels ({100 * number / counts.checked:.2g} %) {said}: they are left out."
        for number, said in what
        if number
    ]


def _time_warnings(time_s: FloatArray) -> list[str]:
    """Return warnings about few frames, a short series, and about steps that are a multiple of the usual one."""
    found = []
    if time_s.size < FEWEST_FRAMES:
        found.append(
            f"The series has {time_s.size} frames only: {FEWEST_FRAMES} or more show baseline, bolus and tail."
        )
    lasts_s = float(time_s[-1] - time_s[0])
    if lasts_s < SHORTEST_S:
        found.append(f"The series lasts {lasts_s:.3g} s only: if its times are in minutes, give them in seconds.")
    steps = np.diff(time_s)
    usual = float(np.median(steps))
    multiple = np.rint(steps / usual)
    regular = np.abs(steps / usual - multiple) <= REGULAR_SHARE
    gaps = np.flatnonzero(regular & (multiple >= 2))
    if gaps.size and np.mean(regular & (multiple == 1)) > 0.8:
        found += [
            f"Between frames {gap + 1} and {gap + 2} lie {steps[gap]:g} s, {multiple[gap]:.0f} times the usual "
            f"{usual:g} s: frames may be missing."
            for gap in gaps
        ]
    return found
