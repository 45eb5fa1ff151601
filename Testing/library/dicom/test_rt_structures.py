from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from brachyresponse.dicom import read_rt_structures
from brachyresponse.errors import InputFileError, StructureError
from brachyresponse.geometry import Grid
from dicom_files import DrawnRoi, ct_slices, save, structure_set

Points = NDArray[np.float64]


def circle(radius_mm: float, z_mm: float, points: int = 180) -> Points:
    angle = np.arange(points) / points * 2 * np.pi
    return np.stack([radius_mm * np.cos(angle) + 30, radius_mm * np.sin(angle) - 12, np.full(points, z_mm)], axis=-1)


def disc_area(radius_mm: float, points: int = 180) -> float:
    return points / 2 * radius_mm**2 * np.sin(2 * np.pi / points)


PLANES = (100.0, 102.5, 105.0)
BALL = DrawnRoi("GTV", [circle(8, z) for z in PLANES])
RING = DrawnRoi("Wall", [circle(radius, z) for z in PLANES for radius in (8, 5)], "ORGAN")


def written(tmp_path: Path, *rois: DrawnRoi) -> Path:
    return save(structure_set(rois), tmp_path / "structures.dcm")


def test_contours_are_slabs_in_the_patients_place(tmp_path: Path) -> None:
    structure = read_rt_structures(written(tmp_path, BALL)).to_structure("GTV")
    assert structure.volume_cc == pytest.approx(disc_area(8) * 7.5 / 1000, rel=1e-3)  # 8 scan lines a millimetre
    np.testing.assert_allclose(structure.centre_mm, [30, -12, 102.5], atol=1e-3)


def test_an_inner_contour_is_a_hole(tmp_path: Path) -> None:
    structure = read_rt_structures(written(tmp_path, BALL, RING)).to_structure("Wall")
    assert structure.volume_cc == pytest.approx((disc_area(8) - disc_area(5)) * 7.5 / 1000, rel=1e-3)


@pytest.mark.parametrize("turned_deg", [(0, 0), (30, 20)])
def test_a_structure_lies_on_the_grid_of_its_ct(turned_deg: tuple[int, int], tmp_path: Path) -> None:
    turn = Rotation.from_euler("zx", turned_deg, degrees=True).as_matrix()
    contours = [contour @ turn.T for contour in BALL.contours_mm]
    matrix = np.eye(4)
    matrix[:3, :3] = turn * [0.5, 0.5, 2.5]
    matrix[:3, 3] = turn @ [15, -27, 95]
    grid = Grid((8, 60, 60), matrix)
    structure = read_rt_structures(written(tmp_path, DrawnRoi("GTV", contours))).to_structure("GTV", grid)
    assert structure.grid == grid
    assert structure.volume_cc == pytest.approx(disc_area(8) * 7.5 / 1000, rel=2e-3)  # pixels of half a millimetre
    np.testing.assert_allclose(structure.centre_mm, turn @ [30, -12, 102.5], atol=0.01)


def test_a_structure_in_one_plane_is_as_thick_as_a_slice(tmp_path: Path) -> None:
    flat = DrawnRoi("Flat", [circle(8, 102.5), circle(5, 102.5)])
    structures = read_rt_structures(written(tmp_path, flat))
    grid = Grid((5, 60, 60), np.diag([0.5, 0.5, 2.5, 1.0]) + [[0, 0, 0, 15], [0, 0, 0, -27], [0, 0, 0, 97.5], [0] * 4])
    expected = (disc_area(8) - disc_area(5)) / 1000
    assert structures.to_structure("Flat", grid).volume_cc == pytest.approx(expected * 2.5, rel=2e-3)
    assert structures.to_structure("Flat", slab_mm=4).volume_cc == pytest.approx(expected * 4, rel=2e-3)
    with pytest.raises(StructureError, match="lie in one plane: give the thickness"):
        structures.to_structure("Flat")


def test_the_thickness_in_the_file_is_used(tmp_path: Path) -> None:
    ds = structure_set([DrawnRoi("Flat", [circle(8, 102.5)])])
    ds.ROIContourSequence[0].ContourSequence[0].ContourSlabThickness = "3"
    structure = read_rt_structures(save(ds, tmp_path / "slab.dcm")).to_structure("Flat")
    assert structure.volume_cc == pytest.approx(disc_area(8) * 3 / 1000, rel=2e-3)


def test_regions_tell_name_type_and_frame(tmp_path: Path) -> None:
    points = DrawnRoi("Seeds", [circle(3, 100)[:1], circle(3, 102)[:1]], "BRACHY_SRC_APP", "POINT")
    lines = DrawnRoi("Line", [circle(3, 100)], "ORGAN", "OPEN_PLANAR")
    structures = read_rt_structures(written(tmp_path, BALL, points, lines, DrawnRoi("Empty", [])))
    assert structures.names == ("GTV", "Seeds", "Line", "Empty")
    assert [roi.interpreted_type for roi in structures.rois] == ["GTV", "BRACHY_SRC_APP", "ORGAN", "GTV"]
    assert (structures.frame_of_reference_uid, structures.patient_id) == ("1.2.3.4", "PAT-1")
    np.testing.assert_allclose(structures.roi("Seeds").points_mm, [[33, -12, 100], [33, -12, 102]], atol=1e-9)
    assert structures.warnings == ("Structure 'Empty' has no contours.",)
    with pytest.raises(StructureError, match="'Seeds' has no closed contours, found 2 points and 0 lines"):
        structures.to_structure("Seeds")
    with pytest.raises(StructureError, match="'Line' has no closed contours, found 0 points and 1 lines"):
        structures.to_structure("Line")


def test_contours_that_enclose_nothing_are_left_out_and_said(tmp_path: Path) -> None:
    """Some systems leave contours of one or two points behind."""
    crumbs = DrawnRoi("GTV", [*BALL.contours_mm, circle(8, 130)[:1], circle(8, 131)[:2]])
    structures = read_rt_structures(written(tmp_path, crumbs))
    assert structures.warnings == ("2 contours of 'GTV' enclose nothing and were left out.",)
    assert structures.to_structure("GTV").volume_cc == pytest.approx(disc_area(8) * 7.5 / 1000, rel=1e-3)


def test_planes_tell_their_thickness_better_than_the_file(tmp_path: Path) -> None:
    ds = structure_set([BALL])
    for contour in ds.ROIContourSequence[0].ContourSequence:
        contour.ContourSlabThickness = "5"
    structure = read_rt_structures(save(ds, tmp_path / "slabs.dcm")).to_structure("GTV")
    assert structure.volume_cc == pytest.approx(disc_area(8) * 7.5 / 1000, rel=1e-3)


def test_an_unknown_or_doubled_name_is_refused(tmp_path: Path) -> None:
    structures = read_rt_structures(written(tmp_path, BALL, BALL))
    assert structures.warnings == ("Several structures are called 'GTV'.",)
    with pytest.raises(StructureError, match="2 structures are called 'GTV'"):
        structures.roi("GTV")
    with pytest.raises(StructureError, match="no structure 'PTV' in 'Structures', found: GTV, GTV"):
        structures.roi("PTV")


def test_a_ct_is_no_structure_set(tmp_path: Path) -> None:
    path = save(ct_slices(np.zeros((2, 2, 2)), Grid((2, 2, 2), np.eye(4)))[0], tmp_path / "ct.dcm")
    with pytest.raises(InputFileError, match=r"'ct.dcm' holds CT, expected RTSTRUCT: give the RT Structure Set"):
        read_rt_structures(path)


def test_a_structure_set_without_structures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="holds no structure"):
        read_rt_structures(written(tmp_path))


def test_contour_data_that_are_cut_off_are_named(tmp_path: Path) -> None:
    ds = structure_set([BALL])
    ds.ROIContourSequence[0].ContourSequence[1].ContourData = ["1", "2", "3", "4"]
    with pytest.raises(InputFileError, match=r"Contour Sequence 2: Contour Data \(3006,0050\) holds 4 numbers"):
        read_rt_structures(save(ds, tmp_path / "cut.dcm"))
