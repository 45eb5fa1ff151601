from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from brachyresponse.dicom import read_rt_dose
from brachyresponse.errors import ImageError, InputFileError
from brachyresponse.geometry import Grid
from dicom_files import changed, decimals, rt_dose, save
from solids import grid_round

DOSE = np.random.default_rng(1).uniform(0, 900, (6, 5, 4)).round(3)
AXIAL = Grid((6, 5, 4), np.diag([2.0, 2.0, 2.5, 1.0]) + [[0, 0, 0, 5], [0, 0, 0, 7], [0, 0, 0, 40], [0] * 4])


def turned_axial() -> Grid:
    """Rows and columns to the patient's right and front, as DICOM has them: x and y fall, z rises."""
    matrix = np.diag([-2.0, -2.0, 2.5, 1.0])
    matrix[:3, 3] = [5, 7, 40]
    return Grid((6, 5, 4), matrix)


@pytest.mark.parametrize("turned_deg", [(0, 0), (25, 40), (-90, 10)])
def test_every_voxel_has_its_dose_where_it_was(turned_deg: tuple[int, int], tmp_path: Path) -> None:
    grid = grid_round(5, (1.5, 2.0, 2.5), shift_mm=(30, -12, 400), turned_deg=turned_deg)
    dose = np.random.default_rng(2).uniform(0, 900, grid.shape_kji).round(3)
    volume = read_rt_dose(save(rt_dose(dose, grid), tmp_path / "dose.dcm")).volume
    i, j, k = np.rint(volume.grid.to_ijk(grid.points_mm().reshape(-1, 3))).astype(int).T
    np.testing.assert_allclose(volume.values[k, j, i], dose.ravel(), rtol=1e-6)  # float32
    assert volume.unit == "Gy"


@pytest.mark.parametrize(
    "offsets",
    [
        [0, 2.5, 5, 7.5, 10, 12.5],
        [40, 42.5, 45, 47.5, 50, 52.5],
    ],
)
def test_offsets_from_the_first_frame_or_of_the_table_say_the_same(offsets: list[float], tmp_path: Path) -> None:
    ds = changed(rt_dose(DOSE, turned_axial()), GridFrameOffsetVector=decimals(offsets))
    volume = read_rt_dose(save(ds, tmp_path / "dose.dcm")).volume
    assert volume.grid == turned_axial()
    np.testing.assert_allclose(volume.values, DOSE, rtol=1e-6)


@pytest.mark.parametrize("offsets", [[0, -2.5, -5, -7.5, -10, -12.5], [40, 37.5, 35, 32.5, 30, 27.5]])
def test_frames_that_go_down_are_turned_upright(offsets: list[float], tmp_path: Path) -> None:
    ds = changed(rt_dose(DOSE, turned_axial()), GridFrameOffsetVector=decimals(offsets))
    volume = read_rt_dose(save(ds, tmp_path / "dose.dcm")).volume
    np.testing.assert_allclose(volume.values, DOSE[::-1], rtol=1e-6)
    assert volume.grid.to_ras([0, 0, 5])[2] == pytest.approx(40)
    assert volume.grid.to_ras([0, 0, 0])[2] == pytest.approx(27.5)


def test_a_grid_seen_from_above_counts_its_table_positions_downwards(tmp_path: Path) -> None:
    """Rows to the left and columns to the front: the normal points to the feet."""
    matrix = np.diag([-2.0, 2.0, -2.5, 1.0])
    matrix[:3, 3] = [5, 7, 40]
    ds = rt_dose(DOSE, Grid((6, 5, 4), matrix))
    ds.GridFrameOffsetVector = decimals(40 - 2.5 * np.arange(6))
    volume = read_rt_dose(save(ds, tmp_path / "dose.dcm")).volume
    assert volume.grid == Grid((6, 5, 4), matrix)
    np.testing.assert_allclose(volume.values, DOSE, rtol=1e-6)


def test_the_dose_tells_its_plan_and_comment(tmp_path: Path) -> None:
    ds = rt_dose(DOSE, AXIAL, plan_uid="1.2.3.5")
    dose = read_rt_dose(save(ds, tmp_path / "dose.dcm"))
    assert (dose.plan_uids, dose.comment, dose.summation, dose.warnings) == (
        ("1.2.3.5",),
        "To complete decay",
        "PLAN",
        (),
    )
    (warning,) = read_rt_dose(save(changed(ds, DoseSummationType="FRACTION"), tmp_path / "fraction.dcm")).warnings
    assert warning == "The dose is summed over FRACTION, not over a whole plan."


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"DoseUnits": "RELATIVE"}, "Dose Units is 'RELATIVE', expected GY"),
        ({"DoseType": "EFFECTIVE"}, "Dose Type is 'EFFECTIVE', expected PHYSICAL"),
        ({"DoseGridScaling": None}, r"Dose Grid Scaling \(3004,000E\) is missing"),
        ({"DoseGridScaling": "0"}, "Dose Grid Scaling is 0, expected a positive number"),
        ({"GridFrameOffsetVector": ["0", "2.5"]}, "holds 2 numbers, expected 6"),
        ({"GridFrameOffsetVector": decimals(7 + 2.5 * np.arange(6))}, "starts with 7, expected 0 or, in an axial grid"),
        ({"Modality": "CT"}, "holds CT, expected RTDOSE"),
    ],
)
def test_a_dose_that_is_not_in_gy_or_cannot_be_placed_is_refused(
    attributes: dict, message: str, tmp_path: Path
) -> None:
    path = save(changed(rt_dose(DOSE, turned_axial()), **attributes), tmp_path / "dose.dcm")
    with pytest.raises(InputFileError, match=message):
        read_rt_dose(path)


def test_frames_with_a_gap_are_refused(tmp_path: Path) -> None:
    ds = changed(rt_dose(DOSE, AXIAL), GridFrameOffsetVector=decimals([0, 2.5, 5, 10, 12.5, 15]))
    with pytest.raises(ImageError, match=r"between 5.0 and 10.0 mm lie 5 mm, expected 2.5 mm; 1 slice is missing"):
        read_rt_dose(save(ds, tmp_path / "dose.dcm"))
