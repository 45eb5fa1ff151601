"""The frames of a dynamic series, on one grid, with their times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Grid
from brachyresponse.perfusion.series.acquisition import Acquisition
from brachyresponse.perfusion.series.gathering import gather
from brachyresponse.perfusion.vocabulary import Vocabulary
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.types import AnyArray, BoolArray, Float32Array, FloatArray


class SeriesKind(Vocabulary):
    """What the contrast agent does to the signal of a series."""

    DCE = "dce"
    """T1-weighted: the signal rises."""
    DSC = "dsc"
    """T2*-weighted: the signal falls."""


@dataclass(frozen=True, eq=False)
class DynamicSeries:
    """A dynamic series as it was scanned: the frames are kept as they are, never copied as a whole.

    Parameters
    ----------
    name
        How the user calls it.
    frames
        T images [k, j, i] of numbers on the grid, in the order of time.
    grid
        Where all frames lie.
    time_s
        (T,) seconds after the first frame, rising; they need not be evenly spaced.
    acquisition
        How it was acquired.
    time_origin
        Where the times were read, for people.

    Raises
    ------
    PerfusionError
        Fewer than two frames, frames of another shape or not of real numbers, as many times as frames not given, or
        times that do not rise.
    """

    name: str
    frames: Sequence[AnyArray]
    grid: Grid
    time_s: FloatArray
    acquisition: Acquisition = field(default_factory=Acquisition)
    time_origin: str = ""

    def __post_init__(self) -> None:
        if len(self.frames) < 2:
            raise PerfusionError(f"Series {self.name!r} has {len(self.frames)} frame: a dynamic series needs many.")
        if self.time_s.shape != (len(self.frames),):
            raise PerfusionError(
                f"Series {self.name!r} has {len(self.frames)} frames, but {self.time_s.size} times: give one a frame."
            )
        for number, frame in enumerate(self.frames):
            if frame.shape != self.grid.shape_kji:
                raise PerfusionError(
                    f"Frame {number + 1} of series {self.name!r} has shape {frame.shape}, expected "
                    f"{self.grid.shape_kji}: all frames must have one matrix size."
                )
            if frame.dtype.kind not in "buif":
                raise PerfusionError(
                    f"Frame {number + 1} of series {self.name!r} holds {frame.dtype} values, expected real numbers: "
                    "give the magnitude image."
                )
        steps = np.diff(self.time_s)
        if not (np.isfinite(self.time_s).all() and (steps > 0).all()):
            raise PerfusionError(
                f"The times of series {self.name!r} do not rise from frame to frame: put the frames in order, or "
                "correct the times."
            )

    @property
    def frame_count(self) -> int:
        """How many frames there are."""
        return len(self.frames)

    def samples(self, mask: BoolArray, report: Report = ignore_progress) -> Float32Array:
        """Return the curves of the voxels of a mask, (N, T), N in the mask's order [k, j, i].

        Raises
        ------
        PerfusionError
            The mask has another shape than the frames.
        """
        return gather(self.frames, mask, self.name, report)

    def mean_of(self, frames: slice = slice(None)) -> Float32Array:
        """Return the mean image [k, j, i] of some frames."""
        chosen = self.frames[frames]
        if not chosen:
            raise PerfusionError(f"Series {self.name!r} has no frames {frames.start} to {frames.stop}: choose others.")
        total = np.zeros(self.grid.shape_kji, np.float32)
        for frame in chosen:
            total += frame
        return total / np.float32(len(chosen))
