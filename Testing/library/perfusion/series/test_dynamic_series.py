"""A dynamic series is valid once it exists, and gives its curves voxel by voxel."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Grid
from brachyresponse.perfusion import DynamicSeries


def test_curves_are_in_the_order_of_the_mask(frames: np.ndarray, grid: Grid) -> None:
    series = DynamicSeries("dyn", list(frames), grid, np.arange(6.0))
    mask = np.zeros(grid.shape_kji, bool)
    mask[0, 2, 1] = mask[1, 0, 3] = True
    told: list[float] = []
    curves = series.samples(mask, lambda fraction, message: told.append(fraction))
    assert curves.dtype == np.float32
    np.testing.assert_array_equal(curves, [frames[:, 0, 2, 1], frames[:, 1, 0, 3]])
    assert told[-1] == 1
    with pytest.raises(
        PerfusionError, match=r"mask has shape \(2, 3, 3\), series 'dyn' \(2, 3, 4\): resample the mask"
    ):
        series.samples(mask[..., :3])


def test_an_empty_mask_has_no_curves(frames: np.ndarray, grid: Grid) -> None:
    series = DynamicSeries("dyn", list(frames), grid, np.arange(6.0))
    assert series.samples(np.zeros(grid.shape_kji, bool)).shape == (0, 6)


def test_the_mean_of_frames_is_that_of_the_slice(frames: np.ndarray, grid: Grid) -> None:
    series = DynamicSeries("dyn", list(frames), grid, np.arange(6.0))
    np.testing.assert_allclose(series.mean_of(slice(1, 4)), frames[1:4].mean(axis=0))
    with pytest.raises(PerfusionError, match="has no frames 6 to 9: choose others"):
        series.mean_of(slice(6, 9))


@pytest.mark.parametrize(
    ("count", "times", "message"),
    [
        (1, [0.0], "has 1 frame: a dynamic series needs many"),
        (6, [0.0, 1.0], "has 6 frames, but 2 times: give one a frame"),
        (6, [0.0, 1, 2, 4, 3, 5], "do not rise from frame to frame: put the frames in order"),
        (6, [0.0, 1, 2, np.nan, 4, 5], "do not rise"),
    ],
)
def test_a_series_that_is_none_is_refused(
    count: int, times: list[float], message: str, frames: np.ndarray, grid: Grid
) -> None:
    with pytest.raises(PerfusionError, match=message):
        DynamicSeries("dyn", list(frames[:count]), grid, np.array(times))


def test_frames_of_another_size_are_refused(frames: np.ndarray, grid: Grid) -> None:
    with pytest.raises(PerfusionError, match=r"Frame 2 of series 'dyn' has shape \(2, 3, 3\), expected \(2, 3, 4\)"):
        DynamicSeries("dyn", [frames[0], frames[1][..., :3]], grid, np.arange(2.0))


def test_complex_frames_are_refused(frames: np.ndarray, grid: Grid) -> None:
    with pytest.raises(PerfusionError, match="Frame 1 of series 'dyn' holds complex128 values, expected real numbers"):
        DynamicSeries("dyn", list(frames.astype(complex)), grid, np.arange(6.0))
