from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydicom.uid import JPEG2000Lossless

from brachyresponse.dicom import find_series, read_ct_series
from brachyresponse.errors import ImageError, InputFileError
from brachyresponse.geometry import Grid, Volume
from dicom_files import Patient, changed, ct_slices, decimals, save, save_slices, uid
from solids import grid_round

Values = NDArray[np.int16]


def an_image(shape_kji: tuple[int, int, int] = (6, 8, 10), seed: int = 1) -> Values:
    """Noise: no slice, row or column like another."""
    return np.random.default_rng(seed).integers(-1000, 3000, shape_kji).astype(np.int16)


def axial(count: int = 6, step_mm: float = 3.0) -> Grid:
    """An axial grid that starts at 25 mm, so that slices lie at 25, 28, ... 40."""
    matrix = np.diag([-0.8, -0.7, step_mm, 1.0])
    matrix[:3, 3] = [10.0, 20.0, 25.0]
    return Grid((count, 8, 10), matrix)


def values_at(volume: Volume, points_mm: NDArray[np.float64]) -> NDArray[np.int64]:
    i, j, k = np.rint(volume.grid.to_ijk(points_mm)).astype(int).T
    return np.asarray(volume.values[k, j, i])


@pytest.mark.parametrize("turned_deg", [(0, 0), (20, 35), (90, 0), (-130, 75)])
def test_every_voxel_lies_where_it_was_whatever_the_orientation(turned_deg: tuple[int, int], tmp_path: Path) -> None:
    grid = grid_round(9, (1.5, 2.0, 2.5), shift_mm=(30, -12, 400), turned_deg=turned_deg)
    hu = an_image(grid.shape_kji)
    ct = read_ct_series(save_slices(ct_slices(hu, grid), tmp_path))
    np.testing.assert_array_equal(values_at(ct.volume, grid.points_mm().reshape(-1, 3)), hu.ravel())
    assert ct.volume.unit == "HU"
    assert ct.volume.grid.shape_kji == grid.shape_kji
    corners = [np.sort(one.corners_mm(), axis=0) for one in (ct.volume.grid, grid)]
    np.testing.assert_allclose(*corners, atol=1e-6)  # Decimal Strings hold 14 digits


@settings(max_examples=8)
@given(st.permutations(range(5)))
def test_the_order_of_the_files_does_not_matter(order: list[int]) -> None:
    import tempfile

    grid = axial(5)
    hu = an_image(grid.shape_kji)
    with tempfile.TemporaryDirectory() as folder:
        slices = ct_slices(hu, grid)
        paths = [save(slices[k], Path(folder, f"{name}.dcm")) for name, k in enumerate(order)]
        ct = read_ct_series(paths)
    np.testing.assert_array_equal(values_at(ct.volume, grid.points_mm().reshape(-1, 3)), hu.ravel())


def test_the_series_tells_patient_frame_and_day(tmp_path: Path) -> None:
    patient = Patient("PAT-9", "1.2.77", "1.2.5", "20260307")
    ct = read_ct_series(save_slices(ct_slices(an_image(), axial(), patient), tmp_path))
    assert (ct.patient_id, ct.frame_of_reference_uid, ct.study_uid) == ("PAT-9", "1.2.77", "1.2.5")
    assert (ct.date, ct.description, ct.warnings) == (date(2026, 3, 7), "Implant CT", ())
    assert ct.instance_uids[0] == uid("slice", patient, 0)


def test_fractions_of_hounsfield_units_are_kept(tmp_path: Path) -> None:
    stored = np.array([[[-200, 100], [1, 2]]] * 2)
    grid = Grid((2, 2, 2), np.diag([1.0, 1.0, 2.0, 1.0]))
    ct = read_ct_series(save_slices(ct_slices(stored * 0.5 - 10.25, grid, slope=0.5, intercept=-10.25), tmp_path))
    assert ct.volume.values.dtype == np.float32
    np.testing.assert_array_equal(np.unique(ct.volume.values), np.unique(stored * 0.5 - 10.25))


def test_whole_hounsfield_units_take_two_bytes(tmp_path: Path) -> None:
    slices = [changed(ds, BitsStored=12, HighBit=11) for ds in ct_slices(an_image(), axial())]
    assert read_ct_series(save_slices(slices, tmp_path)).volume.values.dtype == np.int16


def test_overlapping_slices_are_fine(tmp_path: Path) -> None:
    slices = [changed(ds, SliceThickness="6") for ds in ct_slices(an_image(), axial())]
    assert read_ct_series(save_slices(slices, tmp_path)).warnings == ()


def test_thin_slices_far_apart_are_said(tmp_path: Path) -> None:
    slices = [changed(ds, SliceThickness="1.5") for ds in ct_slices(an_image(), axial())]
    (warning,) = read_ct_series(save_slices(slices, tmp_path)).warnings
    assert "1.5 mm thick and 3 mm apart" in warning


def test_a_cut_off_end_is_said(tmp_path: Path) -> None:
    slices = [changed(ds, ImagesInAcquisition=8) for ds in ct_slices(an_image(), axial())]
    (warning,) = read_ct_series(save_slices(slices, tmp_path)).warnings
    assert warning == "The series says that it has 8 images, found 6: an end may be missing."


def test_scouts_and_other_files_beside_the_series_are_passed_over(tmp_path: Path) -> None:
    folder = save_slices(ct_slices(an_image(), axial()), tmp_path)
    scout = ct_slices(an_image(), axial(), Patient(study_uid="1.2.9"))[0]
    save(changed(scout, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"]), tmp_path / "sub" / "scout.dcm")
    (tmp_path / "notes.txt").write_text("not DICOM", encoding="utf-8")
    assert read_ct_series(folder).volume.grid.shape_kji == (6, 8, 10)


def test_of_several_series_one_is_chosen_by_its_uid(tmp_path: Path) -> None:
    other = Patient(study_uid="1.2.9")
    save_slices(ct_slices(an_image(), axial()), tmp_path)
    save_slices(ct_slices(an_image(), axial(4), other), tmp_path)
    first, second = find_series(tmp_path)
    with pytest.raises(InputFileError, match=r"hold 2 series, choose one by its UID: 'Implant CT' \(CT, . images"):
        read_ct_series(tmp_path)
    counts = {read_ct_series(tmp_path, series_uid=one.series_uid).volume.grid.shape_kji[0] for one in (first, second)}
    assert counts == {4, 6}
    with pytest.raises(InputFileError, match=r"There is no series with the UID '1.9'"):
        read_ct_series(tmp_path, series_uid="1.9")


def test_a_ct_is_chosen_among_series_of_other_modalities(tmp_path: Path) -> None:
    other = Patient(study_uid="1.2.9")
    save_slices(ct_slices(an_image(), axial()), tmp_path)
    save_slices([changed(ds, Modality="PT") for ds in ct_slices(an_image(), axial(4), other)], tmp_path)
    assert read_ct_series(tmp_path).volume.grid.shape_kji[0] == 6


def test_a_missing_slice_is_named_by_its_gap(tmp_path: Path) -> None:
    slices = ct_slices(an_image((7, 8, 10)), axial(7))
    del slices[4]
    with pytest.raises(ImageError, match=r"between 34.0 and 40.0 mm lie 6 mm, expected 3 mm; 1 slice is missing"):
        read_ct_series(save_slices(slices, tmp_path))


def test_a_missing_slice_of_four_is_still_told_from_the_others(tmp_path: Path) -> None:
    slices = ct_slices(an_image((4, 8, 10)), axial(4))
    del slices[1]
    with pytest.raises(ImageError, match=r"between 25.0 and 31.0 mm lie 6 mm, expected 3 mm"):
        read_ct_series(save_slices(slices, tmp_path))


def shifted(slices: list, place: int, offset_mm: tuple[float, float, float]) -> list:
    ds = slices[place]
    ds.ImagePositionPatient = decimals(np.array(ds.ImagePositionPatient, float) + offset_mm)
    return slices


def test_uneven_steps_are_refused_and_rounding_is_not(tmp_path: Path) -> None:
    slices = shifted(ct_slices(an_image(), axial()), 3, (0, 0, 1.2))
    with pytest.raises(ImageError, match=r"lie 4.2 mm, expected 3 mm; reconstruct it with even slices"):
        read_ct_series(save_slices(slices, tmp_path / "uneven"))
    rounded = shifted(ct_slices(an_image(), axial()), 3, (0, 0, 0.02))
    assert read_ct_series(save_slices(rounded, tmp_path / "rounded")).volume.grid == axial()


def test_steps_that_grow_by_and_by_are_refused(tmp_path: Path) -> None:
    slices = ct_slices(an_image((20, 8, 10)), axial(20))
    for k, ds in enumerate(slices):
        ds.ImagePositionPatient = decimals([10, 20, 3 * k + 0.003 * k**2])
    with pytest.raises(ImageError, match=r"slices lie up to 0.27 mm from even steps, from 3.003 to 3.111 mm apart"):
        read_ct_series(save_slices(slices, tmp_path))


def test_two_slices_in_one_place_are_refused(tmp_path: Path) -> None:
    slices = ct_slices(an_image(), axial())
    slices[2].ImagePositionPatient = slices[3].ImagePositionPatient
    with pytest.raises(ImageError, match=r"two slices at 34.0 mm: remove the copy"):
        read_ct_series(save_slices(slices, tmp_path))


def test_a_gantry_tilt_is_named_by_its_angle(tmp_path: Path) -> None:
    slices = ct_slices(an_image(), axial())
    for k, ds in enumerate(slices):
        ds.ImagePositionPatient = decimals([10, 20 + 3 * k * np.tan(np.radians(15)), 25 + 3 * k])
    with pytest.raises(ImageError, match=r"gantry tilt of 15.0 degrees"):
        read_ct_series(save_slices(slices, tmp_path))


def test_one_slice_shifted_aside_is_refused(tmp_path: Path) -> None:
    slices = shifted(ct_slices(an_image(), axial()), 3, (5.0, 0, 0))
    with pytest.raises(ImageError, match=r"slice 4 is shifted 5 mm"):
        read_ct_series(save_slices(slices, tmp_path))


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"PixelSpacing": ["0.9", "0.9"]}, r"pixels of .* mm: give one series only"),
        ({"ImageOrientationPatient": ["0.8", "0.6", "0", "-0.6", "0.8", "0"]}, r"different orientation \(normals 0.0"),
        ({"ImageOrientationPatient": ["1", "0", "0", "0", "0.8", "0.6"]}, r"different orientation \(normals 36.9 deg"),
        ({"ImageOrientationPatient": ["1", "0", "0", "0.9", "0.8", "0"]}, "expected two unit vectors at right angles"),
        ({"RescaleIntercept": "0"}, r"different rescales \(1 x \+ -1024 and 1 x \+ 0\)"),
        ({"RescaleSlope": None}, "has no Rescale Slope and Intercept"),
        ({"RescaleType": "MGML"}, "is rescaled to 'MGML', expected HU"),
        ({"Modality": "MR"}, "is of modality MR, expected CT: give the CT series"),
        ({"FrameOfReferenceUID": "1.2.99"}, "slices with FrameOfReferenceUID '1.2.3.4' and '1.2.99'"),
        ({"PatientID": "PAT-2"}, "slices with PatientID 'PAT-1' and 'PAT-2'"),
        ({"NumberOfFrames": 3}, "holds 3 frames of 1 values, expected one slice"),
        ({"PixelData": b"\0" * 20}, r"The pixels of .* cannot be read .*: the file is damaged or cut off"),
        ({"PixelData": None}, "has no pixel data"),
    ],
)
def test_a_slice_unlike_the_others_is_refused(attributes: dict, message: str, tmp_path: Path) -> None:
    slices = ct_slices(an_image(), axial())
    changed(slices[2], **attributes)
    with pytest.raises(ImageError, match=message):
        read_ct_series(save_slices(slices, tmp_path))


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"ImagePositionPatient": None}, r"Image Position \(Patient\) \(0020,0032\) is missing"),
        ({"ImagePositionPatient": ["1", "2"]}, "holds 2 numbers, expected 3"),
        ({"AcquisitionDate": "2026-3"}, r"Acquisition Date \(0008,0022\) is '2026-3', expected YYYYMMDD"),
    ],
)
@pytest.mark.filterwarnings("ignore:Invalid value for VR:UserWarning")  # pydicom's, of the damage made here
def test_a_damaged_attribute_is_named(attributes: dict, message: str, tmp_path: Path) -> None:
    slices = [changed(ds, **attributes) for ds in ct_slices(an_image(), axial())]
    with pytest.raises(InputFileError, match=message):
        read_ct_series(save_slices(slices, tmp_path))


def test_slices_of_another_size_are_refused(tmp_path: Path) -> None:
    save_slices(ct_slices(an_image(), axial())[:3], tmp_path)
    larger = Grid((6, 9, 10), axial().ijk_to_ras)
    save_slices(ct_slices(an_image((6, 9, 10)), larger)[3:], tmp_path)
    with pytest.raises(ImageError, match=r"slices of \(., 10\) and of \(., 10\) rows and columns"):
        read_ct_series(tmp_path)


def test_one_slice_is_no_volume(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="has 1 slice, expected a volume"):
        read_ct_series(save_slices(ct_slices(an_image(), axial())[:1], tmp_path))


def test_what_is_not_dicom_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="holds no DICOM file"):
        read_ct_series(tmp_path)
    with pytest.raises(InputFileError, match="does not exist"):
        read_ct_series(tmp_path / "nowhere")
    note = tmp_path / "note.dcm"
    note.write_text("text", encoding="utf-8")
    with pytest.raises(InputFileError, match=r"'note.dcm' is not a DICOM file"):
        read_ct_series([note])
    with pytest.raises(InputFileError, match="No DICOM files were given"):
        read_ct_series([])


def compressed_by_simpleitk(hu: Values, folder: Path) -> list[bytes]:
    """The encapsulated pixels of each slice, in JPEG 2000, as SimpleITK writes them."""
    import pydicom
    import SimpleITK as sitk

    written = []
    for k, one in enumerate(hu):
        path = folder / f"jpeg{k}.dcm"
        sitk.WriteImage(sitk.GetImageFromArray(one + 1024), str(path), useCompression=True)
        ds = pydicom.dcmread(path)
        assert ds.file_meta.TransferSyntaxUID == JPEG2000Lossless
        written.append(ds.PixelData)
        path.unlink()
    return written


def test_slices_that_pydicom_has_no_decoder_for_are_decoded(tmp_path: Path) -> None:
    hu = an_image()
    slices = ct_slices(hu, axial())
    for k, pixels in enumerate(compressed_by_simpleitk(hu, tmp_path)):
        slices[k].PixelData = pixels
        slices[k]["PixelData"].is_undefined_length = True
        save(slices[k], tmp_path / f"{k}.dcm", JPEG2000Lossless)
    volume = read_ct_series(tmp_path).volume
    np.testing.assert_array_equal(volume.values, hu)


def test_slices_that_nothing_can_decode_are_refused_with_their_compression(tmp_path: Path) -> None:
    slices = ct_slices(an_image(), axial())
    for k, ds in enumerate(slices):
        ds.PixelData = b"\xfe\xff\x00\xe0\0\0\0\0" + b"\xfe\xff\x00\xe0\x08\0\0\0" + b"no image"
        ds["PixelData"].is_undefined_length = True
        save(ds, tmp_path / f"{k}.dcm", JPEG2000Lossless)
    with pytest.raises(ImageError, match=r"compressed as JPEG 2000 .* export the series uncompressed"):
        read_ct_series(tmp_path)
