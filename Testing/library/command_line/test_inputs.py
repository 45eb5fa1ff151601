from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.command_line.inputs import check_same_space, check_target_inside, read_labels, read_volume
from brachyresponse.errors import InputFileError, StructureError
from brachyresponse.geometry import Grid, Volume

TURN, _ = np.linalg.qr(np.random.default_rng(4).normal(size=(3, 3)))


def oblique_grid() -> Grid:
    matrix = np.eye(4)
    matrix[:3, :3] = TURN * [1.0, 1.5, 2.0]
    matrix[:3, 3] = [10, 20, -30]
    return Grid((6, 8, 10), matrix)


def label_array() -> np.ndarray:
    labels = np.zeros(oblique_grid().shape_kji, np.uint8)
    labels[1:4, 2:5, 3:7] = 1
    labels[4:, 5:, 7:] = 2
    return labels


def write(array: np.ndarray, path: Path, **entries: str) -> Path:
    image = oblique_grid().to_image(array)
    for key, text in entries.items():
        image.SetMetaData(key, text)
    sitk.WriteImage(image, str(path))
    return path


@pytest.mark.parametrize("suffix", [".nrrd", ".nii", ".nii.gz"])
def test_labels_lie_where_they_were_drawn_on_an_oblique_grid(suffix: str, tmp_path: Path) -> None:
    labels = read_labels(write(label_array(), tmp_path / f"labels{suffix}"), {1: "PTV", 2: "Rectum"})
    ptv = labels.structures["PTV"]
    np.testing.assert_array_equal(ptv.mask, label_array() == 1)
    np.testing.assert_allclose(ptv.grid.corners_mm(), oblique_grid().corners_mm(), atol=1e-3)  # NIfTI keeps float32


def test_names_and_values_of_a_slicer_segmentation_are_used(tmp_path: Path) -> None:
    entries = {"Segment0_Name": "GTV", "Segment0_LabelValue": "2", "Segment1_Name": "Skull", "Segment1_LabelValue": "1"}
    labels = read_labels(write(label_array(), tmp_path / "a.seg.nrrd", **entries), {})
    assert list(labels.structures) == ["GTV", "Skull"]
    np.testing.assert_array_equal(labels.structures["GTV"].mask, label_array() == 2)
    assert labels.notes == ()


def test_overlapping_segments_are_read_from_their_layers(tmp_path: Path) -> None:
    layers = np.stack([label_array(), (label_array() > 0).astype(np.uint8)], axis=-1)
    image = sitk.GetImageFromArray(layers, isVector=True)
    image.CopyInformation(oblique_grid().to_image(label_array()))
    for number, (name, value, layer) in enumerate([("PTV", 1, 0), ("Rectum", 2, 0), ("Both", 1, 1)]):
        for field, entry in (("Name", name), ("LabelValue", value), ("Layer", layer)):
            image.SetMetaData(f"Segment{number}_{field}", str(entry))
    sitk.WriteImage(image, str(tmp_path / "layers.seg.nrrd"))
    structures = read_labels(tmp_path / "layers.seg.nrrd", {}).structures
    np.testing.assert_array_equal(structures["Both"].mask, label_array() > 0)
    np.testing.assert_array_equal(structures["PTV"].mask, label_array() == 1)


def test_a_segmentation_as_slicer_writes_it_is_read(tmp_path: Path) -> None:
    header = """NRRD0004
type: unsigned char
dimension: 4
space: left-posterior-superior
sizes: 2 10 8 6
space directions: none (1,0,0) (0,1.5,0) (0,0,2)
kinds: list domain domain domain
encoding: raw
space origin: (-3,4,5)
Segment0_ID:=Segment_1
Segment0_Layer:=0
Segment0_LabelValue:=1
Segment0_Name:=PTV
Segment1_ID:=Segment_2
Segment1_Layer:=1
Segment1_LabelValue:=1
Segment1_Name:=Both of them

"""
    layers = np.stack([label_array() == 1, label_array() > 0], axis=-1).astype(np.uint8)
    (tmp_path / "slicer.seg.nrrd").write_bytes(header.encode() + layers.tobytes())
    structures = read_labels(tmp_path / "slicer.seg.nrrd", {}).structures
    np.testing.assert_array_equal(structures["PTV"].mask, label_array() == 1)
    np.testing.assert_array_equal(structures["Both of them"].mask, label_array() > 0)
    np.testing.assert_allclose(structures["PTV"].grid.to_ras([0, 0, 0]), [3, -4, 5])


def test_values_without_a_name_are_kept_and_said(tmp_path: Path) -> None:
    labels = read_labels(write(label_array(), tmp_path / "labels.nrrd"), {2: "PTV"})
    assert set(labels.structures) == {"PTV", "label 1"}
    assert "no name for the values 1" in labels.notes[0]


def test_an_empty_segment_is_left_out_and_said(tmp_path: Path) -> None:
    entries = {"Segment0_Name": "Chiasm", "Segment0_LabelValue": "9"}
    labels = read_labels(write(label_array(), tmp_path / "a.seg.nrrd", **entries), {})
    assert "Chiasm" not in labels.structures
    assert "Segment 'Chiasm' is empty and was left out." in labels.notes


def test_two_labels_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StructureError, match=r"Two labels are called 'PTV'"):
        read_labels(write(label_array(), tmp_path / "labels.nrrd"), {1: "PTV", 2: "PTV"})


def test_a_label_value_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"--label 7=PTV: .*no voxel of value 7 \(values in it: 1, 2\)"):
        read_labels(write(label_array(), tmp_path / "labels.nrrd"), {7: "PTV"})


def test_an_image_is_not_a_label_image(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).normal(size=oblique_grid().shape_kji)
    with pytest.raises(InputFileError, match=r"is not a label image: it holds 480 different values"):
        read_labels(write(noise, tmp_path / "ct.nrrd"), {})


def test_a_slice_and_a_series_are_not_a_volume(tmp_path: Path) -> None:
    sitk.WriteImage(sitk.Image(8, 8, sitk.sitkUInt8), str(tmp_path / "slice.nrrd"))
    sitk.WriteImage(sitk.Image([4, 4, 4, 3], sitk.sitkUInt8), str(tmp_path / "series.nrrd"))
    sitk.WriteImage(sitk.Image([4, 4, 4], sitk.sitkVectorUInt8, 3), str(tmp_path / "colour.nrrd"))
    with pytest.raises(InputFileError, match=r"image 'slice.nrrd' is 8 x 8 voxels, not a 3D volume"):
        read_volume(tmp_path / "slice.nrrd")
    with pytest.raises(InputFileError, match=r"image 'series.nrrd' is 4 x 4 x 4 x 3 voxels, not a 3D volume"):
        read_volume(tmp_path / "series.nrrd")
    with pytest.raises(InputFileError, match=r"'colour.nrrd' holds 3 values a voxel, expected 1"):
        read_volume(tmp_path / "colour.nrrd")


def test_a_missing_and_a_damaged_file_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "broken.nrrd").write_text("NRRD0004\nrubbish")
    with pytest.raises(InputFileError, match=r"'.*absent.nrrd' does not exist"):
        read_volume(tmp_path / "absent.nrrd")
    with pytest.raises(InputFileError, match=r"'.*broken.nrrd' cannot be read as NRRD or NIfTI"):
        read_volume(tmp_path / "broken.nrrd")


def test_a_ct_is_known_by_its_air(tmp_path: Path) -> None:
    ct, notes = read_volume(write(label_array().astype(np.int16) * 1000 - 1000, tmp_path / "ct.nrrd"))
    mri, _ = read_volume(write(label_array().astype(np.int16), tmp_path / "mri.nrrd"))
    assert (ct.unit, mri.unit) == ("HU", "")
    assert "taken as a CT" in notes[-1]


def test_nan_in_an_image_is_shown_as_zero_and_said(tmp_path: Path) -> None:
    values = np.where(label_array() == 2, np.nan, 1.0)
    volume, notes = read_volume(write(values, tmp_path / "mri.nrrd"))
    assert np.isfinite(volume.values).all()
    assert "holds NaN or infinite values" in notes[0]


def test_an_image_with_and_labels_without_patient_coordinates_do_not_go_together(tmp_path: Path) -> None:
    image = write(label_array(), tmp_path / "ct.nrrd")
    bare = tmp_path / "bare.nrrd"
    header = "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 10 8 6\nspacings: 1 1 1\nencoding: raw\n\n"
    bare.write_bytes(header.encode() + label_array().tobytes())
    with pytest.raises(InputFileError, match=r"'bare.nrrd' has no patient coordinates"):
        check_same_space(image, bare)
    check_same_space(image, image)
    assert "does not say how its axes lie in the patient" in read_labels(bare, {1: "PTV", 2: "Rectum"}).notes[0]


def test_a_target_that_leaves_the_image_is_refused_with_how_much(tmp_path: Path) -> None:
    target = read_labels(write(label_array(), tmp_path / "labels.nrrd"), {1: "PTV", 2: "Rectum"}).structures["PTV"]
    grid = oblique_grid()
    check_target_inside(target, Volume("ct", np.zeros(grid.shape_kji), grid))
    half = Grid((2, 8, 10), grid.ijk_to_ras)
    with pytest.raises(StructureError, match=r"67% of the target 'PTV' lies outside the image 'ct'"):
        check_target_inside(target, Volume("ct", np.zeros(half.shape_kji), half))
