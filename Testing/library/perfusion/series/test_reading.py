"""Series from files: as SimpleITK and Slicer write them, with and without a side-car, and what is no series."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.errors import InputFileError, PerfusionError
from brachyresponse.geometry import Grid
from brachyresponse.perfusion import DynamicSeries, read_series

LABELS = "MultiVolume.FrameLabels"
TAG, UNITS = "MultiVolume.FrameIdentifyingDICOMTagName", "MultiVolume.FrameIdentifyingDICOMTagUnits"
MULTI_VOLUME = {
    LABELS: "34200000,34204500,34209000,34213500,34218000,34222600",
    "MultiVolume.NumberOfFrames": "6",
    TAG: "AcquisitionTime",
    UNITS: "ms",
    "MultiVolume.DICOM.EchoTime": "1.8",
    "MultiVolume.DICOM.RepetitionTime": "5.1",
    "MultiVolume.DICOM.FlipAngle": "15",
}
INDEX = {"DataNodeClassName": "vtkMRMLScalarVolumeNode", "axis 3 index type": "numeric"}

Write4d = Callable[..., Path]
Write3d = Callable[..., list[Path]]
WriteNrrd = Callable[..., Path]


def check_frames(series: DynamicSeries, frames: np.ndarray, grid: Grid) -> None:
    assert series.grid == grid
    np.testing.assert_array_equal(np.stack(list(series.frames)), frames)


@pytest.mark.parametrize("layout", ["multi_volume", "sequence"])
def test_a_multi_volume_is_read_with_times_and_acquisition(
    layout: str, write_slicer_nrrd: WriteNrrd, frames: np.ndarray, grid: Grid
) -> None:
    counting = {**INDEX, "axis 3 index values": "0 1 2 3 4 5"} if layout == "sequence" else {}
    series = read_series(write_slicer_nrrd(layout, {**MULTI_VOLUME, **counting}))
    check_frames(series, frames, grid)
    assert series.name == "dyn"
    np.testing.assert_allclose(series.time_s, [0, 4.5, 9, 13.5, 18, 22.6])
    assert series.time_origin == "frame labels (AcquisitionTime, ms)"
    assert series.acquisition.tr_s == pytest.approx(0.0051)
    assert series.acquisition.origins["flip_angle_deg"] == "DICOM FlipAngle"


def test_a_sequence_tells_its_times_by_its_index(write_slicer_nrrd: WriteNrrd, frames: np.ndarray, grid: Grid) -> None:
    values = "0 1.5 3%2E0 4.5 6 9"  # Slicer writes the values URL-encoded
    path = write_slicer_nrrd("sequence", {**INDEX, "axis 3 index values": values}, label="time", unit="s")
    series = read_series(path)
    check_frames(series, frames, grid)
    np.testing.assert_allclose(series.time_s, [0, 1.5, 3, 4.5, 6, 9])
    assert series.time_origin == "index of the sequence (time, s)"


def test_an_index_that_only_counts_frames_is_not_taken_for_seconds(write_slicer_nrrd: WriteNrrd) -> None:
    path = write_slicer_nrrd("sequence", {**INDEX, "axis 3 index values": "0 1 2 3 4 5"})
    with pytest.raises(PerfusionError, match="only counts its frames, 0 to 5: enter the time between frames"):
        read_series(path)
    assert read_series(path, frame_interval_s=2.5).time_s[-1] == 12.5


def test_frames_of_dicom_sorted_across_midnight_are_put_in_order(
    write_slicer_nrrd: WriteNrrd, frames: np.ndarray
) -> None:
    labels = {**MULTI_VOLUME, LABELS: "1500,6000,86386500,86391000,86395500,86399999"}
    series = read_series(write_slicer_nrrd("multi_volume", labels))
    np.testing.assert_array_equal(np.stack(list(series.frames)), frames[[2, 3, 4, 5, 0, 1]])
    np.testing.assert_allclose(series.time_s, [0, 4.5, 9, 13.499, 15, 19.5])


def test_slicers_multi_volume_of_three_frames_is_no_colour_image(tmp_path: Path, frames: np.ndarray) -> None:
    image = sitk.GetImageFromArray(np.moveaxis(frames[:3], 0, -1), isVector=True)
    image.SetMetaData(LABELS, "0,4500,9000")
    image.SetMetaData(UNITS, "ms")
    sitk.WriteImage(image, str(tmp_path / "three.nrrd"))
    series = read_series(tmp_path / "three.nrrd")
    np.testing.assert_array_equal(np.stack(list(series.frames)), frames[:3])


@pytest.mark.parametrize("name", ["dyn.nii", "dyn.nii.gz"])
def test_a_4d_nifti_file_tells_its_interval(name: str, write_4d: Write4d, frames: np.ndarray, grid: Grid) -> None:
    series = read_series(write_4d(name))
    check_frames(series, frames, grid)
    assert series.name == "dyn"
    np.testing.assert_allclose(series.time_s, 4.5 * np.arange(6))
    assert series.time_origin == "NIfTI pixdim[4], s"


def test_a_side_car_beside_the_image_tells_times_and_acquisition(write_4d: Write4d) -> None:
    path = write_4d("dyn.nii.gz")
    side_car = {"FrameTimesStart": [0, 5, 10, 15, 20, 30], "RepetitionTime": 0.005, "EchoTime": 0.002, "FlipAngle": 20}
    path.with_name("dyn.json").write_text(json.dumps(side_car), encoding="utf-8")
    series = read_series(path)
    assert series.time_s.tolist() == [0, 5, 10, 15, 20, 30]
    assert series.time_origin == "BIDS FrameTimesStart"
    assert series.acquisition.origins["tr_s"] == "BIDS RepetitionTime"
    assert read_series(path, side_car={**side_car, "FlipAngle": 25}).acquisition.flip_angle_deg == 25


def test_a_repetition_time_between_frames_stands_for_an_interval_that_is_not_told(write_4d: Write4d) -> None:
    series = read_series(write_4d("dyn.nrrd"), side_car={"RepetitionTime": 1.5})
    np.testing.assert_allclose(series.time_s, 1.5 * np.arange(6))
    assert series.time_origin == "BIDS RepetitionTime"
    placeholder = read_series(write_4d("dyn.nii", step_s=1.0), side_car={"RepetitionTime": 2.0})
    assert placeholder.time_s[1] == 2.0


def test_one_second_in_a_nifti_header_may_mean_unknown_and_is_not_taken(write_4d: Write4d) -> None:
    with pytest.raises(PerfusionError, match=r"does not tell when .* pixdim\[4\] is 1 s, which programs also write"):
        read_series(write_4d("dyn.nii", step_s=1.0))
    assert read_series(write_4d("dyn.nii", step_s=1.0), frame_interval_s=1.0).time_s[-1] == 5


def test_a_repetition_time_in_the_place_of_the_interval_is_refused(write_4d: Write4d) -> None:
    with pytest.raises(PerfusionError, match=r"frames are 0.005 s apart \(NIfTI pixdim\[4\], s\)"):
        read_series(write_4d("dyn.nii", step_s=0.005))


def test_3d_files_are_one_frame_each(write_3d: Write3d, frames: np.ndarray, grid: Grid) -> None:
    series = read_series(write_3d(), side_car={"VolumeTiming": [0, 1, 2, 4, 8, 16], "EchoTime": 0.03})
    check_frames(series, frames, grid)
    assert series.name == "dyn_1"
    assert series.time_s.tolist() == [0, 1, 2, 4, 8, 16]


def test_3d_files_tell_their_time_of_day_past_midnight(write_3d: Write3d) -> None:
    clocks = ["23:59:48.5", "23:59:53", "23:59:57.5", "0:00:02", "00:00:06.5", "00:00:11.0"]
    series = read_series(write_3d([{"AcquisitionTime": clock, "EchoTime": 0.002} for clock in clocks]))
    np.testing.assert_allclose(series.time_s, 4.5 * np.arange(6), atol=1e-9)
    assert series.acquisition.te_s == 0.002


def test_frames_last_longer_than_the_series_and_are_views_of_one_buffer(write_4d: Write4d, frames: np.ndarray) -> None:
    series = read_series(write_4d("dyn.nii.gz"))
    last, first = series.frames[-1], series.frames[0]
    assert last.base is not None
    assert last.ctypes.data - first.ctypes.data == frames[:-1].nbytes
    del series, first
    gc.collect()
    rubbish = [sitk.Image([4, 3, 12], sitk.sitkInt16) + 7 for _ in range(20)]
    np.testing.assert_array_equal(last, frames[-1])
    assert len(rubbish) == 20


def test_progress_tells_each_file(write_3d: Write3d) -> None:
    told: list[str] = []
    read_series(write_3d(), frame_interval_s=2, report=lambda fraction, message: told.append(message))
    assert told == [f"Reading dyn_{number}.nii" for number in range(1, 7)]


def saved(image: sitk.Image, path: Path) -> Path:
    sitk.WriteImage(image, str(path))
    return path


def test_complex_colour_and_vector_images_are_refused(
    tmp_path: Path, write_slicer_nrrd: WriteNrrd, frames: np.ndarray
) -> None:
    complex_image = sitk.GetImageFromArray(frames[0].astype(np.complex64))
    with pytest.raises(InputFileError, match=r"'c.nii' holds complex numbers, expected the magnitude"):
        read_series(saved(complex_image, tmp_path / "c.nii"))
    colour = sitk.GetImageFromArray(np.zeros((2, 3, 4, 3), np.uint8), isVector=True)
    for name in ("rgb.nrrd", "rgb.nii"):
        with pytest.raises(InputFileError, match=f"'{name}' holds 3 values a voxel .* as a colour image does"):
            read_series(saved(colour, tmp_path / name))
    with pytest.raises(InputFileError, match=r"holds 6 values a voxel \(vector\)"):
        read_series(write_slicer_nrrd("multi_volume", {}, kind="vector"))


def test_one_frame_is_no_series(tmp_path: Path, frames: np.ndarray) -> None:
    for values in (frames[0], frames[:1]):
        path = saved(sitk.GetImageFromArray(values, isVector=False), tmp_path / "one.nii")
        with pytest.raises(InputFileError, match=r"'one.nii' holds one frame: a dynamic series needs many"):
            read_series(path)


def test_mixed_matrix_sizes_and_places_are_refused(tmp_path: Path, write_3d: Write3d, frames: np.ndarray) -> None:
    paths = write_3d()
    other = saved(sitk.GetImageFromArray(frames[0][:, :, :-1]), tmp_path / "dyn_7.nii")
    with pytest.raises(InputFileError, match=r"'dyn_7' has 3 x 3 x 2 .*'dyn_1' 4 x 3 x 2 .* one matrix size"):
        read_series([*paths, other], frame_interval_s=2)
    moved = saved(sitk.GetImageFromArray(frames[0]), tmp_path / "dyn_7.nii")
    with pytest.raises(InputFileError, match="'dyn_7' lies elsewhere than 'dyn_1'"):
        read_series([*paths, moved], frame_interval_s=2)


def test_missing_and_disordered_files_are_seen_by_their_names(write_3d: Write3d) -> None:
    paths = write_3d()
    with pytest.raises(InputFileError, match=r"Between 'dyn_3.nii' and 'dyn_5.nii' frames are missing"):
        read_series(paths[:3] + paths[4:], frame_interval_s=2)
    with pytest.raises(InputFileError, match=r"'dyn_2.nii' comes after number 3: give the frames in the order of time"):
        read_series([paths[0], paths[2], paths[1]], frame_interval_s=2)
    assert read_series(paths[::2], frame_interval_s=2).frame_count == 3  # every second number is no gap


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({LABELS: "0,4500,9000,13500,18000"}, "has 6 frames, but MultiVolume.FrameLabels tells of 5"),
        ({"MultiVolume.NumberOfFrames": "7"}, "has 6 frames, but MultiVolume.NumberOfFrames tells of 7"),
        ({LABELS: "0,9000,4500,13500,18000,22500"}, "Frames 2 and 3 have times that fall"),
        ({LABELS: "2,5,8,10,12,15", TAG: "FlipAngle", UNITS: "degrees"}, "differ in flip angle"),
        ({LABELS: "1,2,3,4,5,6", TAG: "TemporalPositionIdentifier", UNITS: "count"}, "only count the frames"),
        ({"MultiVolume.DICOM.RepetitionTime": "5000"}, "repetition time is 5 s"),
    ],
)
def test_a_multi_volume_that_contradicts_itself_is_refused(
    changed: dict[str, str], message: str, write_slicer_nrrd: WriteNrrd
) -> None:
    with pytest.raises(PerfusionError, match=message):
        read_series(write_slicer_nrrd("multi_volume", {**MULTI_VOLUME, **changed}))


@pytest.mark.parametrize(
    ("side_car", "message"),
    [
        ({"FrameTimesStart": [0, 5, 10]}, "has 6 frames, but BIDS FrameTimesStart tells of 3"),
        ({"VolumeTiming": [0, 5, 4, 15, 20, 25]}, r"Frames 2 and 3 have times that fall \(BIDS VolumeTiming\)"),
        ({"VolumeTiming": 4.5}, "VolumeTiming is not a list of numbers"),
        ({"RepetitionTime": 5.0}, "repetition time is 5 s, .* if 5 is in ms, give 0.005 s"),
        ({"FlipAngle": [2, 5, 10, 15, 20, 25]}, "differ in flip angle"),
        ({"EchoTime": [0.002, 0.004, 0.006, 0.008, 0.01, 0.012]}, "differ in echo time"),
    ],
)
def test_a_side_car_that_does_not_fit_is_refused(side_car: dict[str, Any], message: str, write_4d: Write4d) -> None:
    with pytest.raises((PerfusionError, InputFileError), match=message):
        read_series(write_4d("dyn.nii"), side_car=side_car)


def test_3d_files_of_several_flip_angles_are_no_dynamic_series(write_3d: Write3d) -> None:
    paths = write_3d([{"FlipAngle": angle} for angle in (2, 4, 6, 8, 10, 12)])
    with pytest.raises(PerfusionError, match="differ in flip angle"):
        read_series(paths)


def test_files_without_times_are_refused(write_3d: Write3d, write_4d: Write4d) -> None:
    for paths in (write_3d(), write_4d("dyn.nrrd")):
        with pytest.raises(PerfusionError, match="does not tell when its frames were acquired: enter the time between"):
            read_series(paths)


def test_files_that_cannot_be_read_are_named(tmp_path: Path, write_4d: Write4d, write_3d: Write3d) -> None:
    with pytest.raises(InputFileError, match=r"absent.nrrd' does not exist: give the path"):
        read_series(tmp_path / "absent.nrrd")
    damaged = tmp_path / "damaged.nii"
    damaged.write_bytes(b"no image")
    with pytest.raises(InputFileError, match=r"damaged.nii' cannot be read as NRRD or NIfTI"):
        read_series(damaged)
    renamed = damaged.rename(tmp_path / "renamed.nrrd")
    with pytest.raises(InputFileError, match=r"'renamed.nrrd' does not start as a NRRD file does"):
        read_series(renamed)
    with pytest.raises(InputFileError, match="holds several frames itself: give one 4D file"):
        read_series([write_4d("a.nii"), write_3d()[0]])
    with pytest.raises(InputFileError, match="No file of a dynamic series is given"):
        read_series([])
    with pytest.raises(InputFileError, match=r"side-car .*none.json' cannot be read: No such file"):
        read_series(write_4d("a.nii"), side_car=tmp_path / "none.json")
    broken = tmp_path / "a.json"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(InputFileError, match=r"a.json' is not JSON"):
        read_series(write_4d("a.nii"))
    broken.write_text("[1]", encoding="utf-8")
    with pytest.raises(InputFileError, match="holds a list, expected a JSON object"):
        read_series(write_4d("a.nii"))
