"""A series of flip angles is read for T1, and never as a dynamic one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Grid
from brachyresponse.perfusion import (
    FlipAngleSeries,
    fit_t1_vfa,
    read_flip_angle_series,
    read_series,
    steady_state_signal,
)

ANGLES = (2.0, 5.0, 8.0, 10.0, 12.0, 15.0)
LABELS = {
    "MultiVolume.FrameLabels": "2,5,8,10,12,15",
    "MultiVolume.FrameIdentifyingDICOMTagName": "FlipAngle",
    "MultiVolume.FrameIdentifyingDICOMTagUnits": "degrees",
    "MultiVolume.DICOM.RepetitionTime": "5.4",
}


@pytest.mark.parametrize("layout", ["multi_volume", "sequence"])
def test_slicers_frame_labels_tell_the_angles(
    layout: str, write_slicer_nrrd: Callable[..., Path], frames: np.ndarray, grid: Grid
) -> None:
    path = write_slicer_nrrd(layout, LABELS)
    series = read_flip_angle_series(path)
    assert series.flip_angle_deg == ANGLES
    assert series.tr_s == pytest.approx(0.0054)
    assert series.origin == "flip angles: frame labels; TR: DICOM RepetitionTime"
    assert series.grid == grid
    np.testing.assert_array_equal(series.samples(np.ones(grid.shape_kji, bool)).T, frames.reshape(6, -1))
    with pytest.raises(PerfusionError, match=r"differ in flip angle .* no dynamic series"):
        read_series(path, frame_interval_s=5)


def test_a_side_car_tells_the_angles_of_a_4d_file(write_4d: Callable[..., Path]) -> None:
    side_car = {"FlipAngle": list(ANGLES), "RepetitionTime": 0.005}
    series = read_flip_angle_series(write_4d("vfa.nii"), side_car=side_car)
    assert (series.flip_angle_deg, series.tr_s) == (ANGLES, 0.005)


def test_each_3d_file_tells_its_angle_in_any_order(write_3d: Callable[..., list[Path]]) -> None:
    paths = write_3d([{"FlipAngle": angle, "RepetitionTimeExcitation": 0.005} for angle in ANGLES])
    series = read_flip_angle_series(paths[::-1])
    assert series.flip_angle_deg == ANGLES[::-1]
    assert series.origin == "flip angles: each image's own; TR: BIDS RepetitionTimeExcitation"


def test_one_side_car_may_tell_the_angles_of_3d_files(write_3d: Callable[..., list[Path]]) -> None:
    series = read_flip_angle_series(write_3d(), side_car={"FlipAngle": list(ANGLES), "RepetitionTime": 0.005})
    assert series.flip_angle_deg == ANGLES


def test_t1_of_a_file_is_the_t1_of_its_signals(write_4d: Callable[..., Path], grid: Grid) -> None:
    t1_s = np.linspace(0.4, 3, grid.voxel_count).reshape(grid.shape_kji)
    signal = steady_state_signal(2000.0, t1_s[None], tr_s=0.005, flip_angle_deg=np.reshape(ANGLES, (-1, 1, 1, 1)))
    path = write_4d("vfa.nii.gz", values=signal.astype(np.float32))
    series = read_flip_angle_series(path, side_car={"FlipAngle": list(ANGLES), "RepetitionTime": 0.005})
    fit = fit_t1_vfa(series.samples(np.ones(grid.shape_kji, bool)), series.flip_angle_deg, series.tr_s)
    np.testing.assert_allclose(fit.t1_s, t1_s.ravel(), rtol=2e-4)  # signals of seven digits


@pytest.mark.parametrize(
    ("side_car", "message"),
    [
        ({"FlipAngle": [2, 5], "RepetitionTime": 0.005}, "has 6 frames, but BIDS FlipAngle tells of 2"),
        ({"RepetitionTime": 0.005}, "tells the flip angle of 0 of its 6 images: write FlipAngle into its side-car"),
        ({"FlipAngle": 15, "RepetitionTime": 0.005}, "tells the flip angle of 1 of its 6 images"),
        ({"FlipAngle": list(ANGLES)}, "does not tell its repetition time, needed for T1"),
        ({"FlipAngle": list(ANGLES), "RepetitionTime": 5}, "repetition time is 5 s"),
        ({"FlipAngle": list(ANGLES), "RepetitionTime": 2}, "repetition time is 2 s, expected at most 0.5 s"),
        ({"FlipAngle": ["a"] * 6, "RepetitionTime": 0.005}, "flip angle is 'a' .*, expected degrees"),
        ({"FlipAngle": [5] * 6, "RepetitionTime": 0.005}, "6 images and 1 different flip angles"),
    ],
)
def test_a_series_without_angles_or_one_repetition_time_is_refused(
    side_car: dict[str, object], message: str, write_4d: Callable[..., Path]
) -> None:
    with pytest.raises(PerfusionError, match=message):
        read_flip_angle_series(write_4d("vfa.nii"), side_car=side_car)


def test_several_repetition_times_are_refused(write_3d: Callable[..., list[Path]]) -> None:
    paths = write_3d([{"FlipAngle": angle, "RepetitionTime": angle / 1000} for angle in ANGLES])
    with pytest.raises(PerfusionError, match=r"repetition times from 0\.002 to 0\.015 s: T1 needs .* one repetition"):
        read_flip_angle_series(paths)


def test_images_of_another_size_are_refused(grid: Grid) -> None:
    images = [np.zeros(grid.shape_kji), np.zeros((1, 3, 4))]
    with pytest.raises(PerfusionError, match=r"image of 'vfa' has shape \(1, 3, 4\), expected \(2, 3, 4\)"):
        FlipAngleSeries("vfa", images, grid, (2.0, 15.0), 0.005)
