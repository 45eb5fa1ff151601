"""Where T1 before contrast comes from: variable flip angles, a map, or one stated figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.types import AnyArray

T1_LIMIT_OF_SECONDS = 20.0
"""A T1 map without a unit whose median lies above this is in milliseconds."""


@dataclass(frozen=True, eq=False)
class FlipAngleSeries:
    """Spoiled gradient echoes of one geometry with several flip angles, before contrast.

    Parameters
    ----------
    name
        How the user calls it.
    frames
        Images [k, j, i], one a flip angle.
    grid
        Where they lie.
    flip_angle_deg
        One a frame.
    tr_s
        Repetition time.

    Raises
    ------
    PerfusionError
        Fewer than two frames, other sizes, or not one flip angle a frame.
    """

    name: str
    frames: Sequence[AnyArray]
    grid: Grid
    flip_angle_deg: tuple[float, ...]
    tr_s: float

    def __post_init__(self) -> None:
        if len(self.frames) != len(self.flip_angle_deg) or len(self.frames) < 2:
            raise PerfusionError(
                f"Series {self.name!r} has {len(self.frames)} images and {len(self.flip_angle_deg)} flip angles: give "
                "at least two images with one flip angle each."
            )
        wrong = next((frame.shape for frame in self.frames if frame.shape != self.grid.shape_kji), None)
        if wrong is not None:
            raise PerfusionError(
                f"An image of {self.name!r} has shape {wrong}, expected {self.grid.shape_kji}: all must have one size."
            )
        if not 0 < self.tr_s < 1:
            raise PerfusionError(
                f"The repetition time of {self.name!r} is {self.tr_s:g} s: for variable flip angles it is some "
                "milliseconds, as 0.005; check its unit."
            )


T1Source = float | Volume | FlipAngleSeries
"""One figure in seconds for all tissue, a T1 map (in s or ms), or images of several flip angles."""
