from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.geometry import Grid, Volume
from brachyresponse.pictures import (
    Orientation,
    SlicePlane,
    isodose_levels,
    planes_through,
    slice_legend,
    slice_picture,
    structure_styles,
)
from brachyresponse.pictures.slice_picture import window_of
from pictured_plan import CENTRE_MM, ball, pictured_implant

SVG = "{http://www.w3.org/2000/svg}"


def picture(orientation: Orientation, centre_mm: np.ndarray = CENTRE_MM, size_mm: float = 80) -> ET.Element:
    plane = next(p for p in planes_through(centre_mm, size_mm) if p.orientation is orientation)
    return ET.fromstring(slice_picture(pictured_implant(), plane))


def outline(root: ET.Element, title: str) -> np.ndarray:
    path = next(p for p in root.iter(f"{SVG}path") if p.findtext(f"{SVG}title") == title)
    return np.array(re.findall(r"([-\d.]+) ([-\d.]+)", path.get("d", "")), float)


def titles(root: ET.Element, kind: str) -> list[str]:
    return [t.text or "" for t in root.iter(f"{SVG}title") if (t.text or "").startswith(kind)]


@pytest.mark.parametrize("orientation", list(Orientation))
def test_target_and_isodose_are_drawn_in_millimetres_where_they_are(orientation: Orientation) -> None:
    root = picture(orientation)
    assert root.get("viewBox") == "0 0 80 80"
    for title in ("PTV", "120 Gy (100 %)"):
        radius = np.hypot(*(outline(root, title) - 40).T)
        np.testing.assert_allclose(radius, 10, atol=0.4)  # voxels of 1 and 2 mm, interpolated


def test_an_organ_on_the_patient_s_left_is_on_the_right_of_an_axial_slice() -> None:
    assert outline(picture(Orientation.AXIAL), "Nerve <left>")[:, 0].mean() == pytest.approx(56, abs=0.2)


def test_needles_straight_through_are_rings_and_needles_along_are_lines() -> None:
    axial, coronal = picture(Orientation.AXIAL), picture(Orientation.CORONAL)
    rings = list(axial.iter(f"{SVG}circle"))
    assert len(rings) == 2
    assert not list(coronal.iter(f"{SVG}circle"))
    assert titles(coronal, "needle") == ["needle 1 (A1)", "needle 2 (A2)"]


def test_only_seeds_near_the_slice_are_drawn_at_their_size() -> None:
    assert len(titles(picture(Orientation.CORONAL), "seed")) == 5
    assert len(titles(picture(Orientation.SAGITTAL), "seed")) == 3
    assert len(titles(picture(Orientation.SAGITTAL, CENTRE_MM + np.array([20, 0, 0])), "seed")) == 0
    group = next(
        g for g in picture(Orientation.CORONAL).iter(f"{SVG}g") if "seed 1" in (g.findtext(f"{SVG}title") or "")
    )
    body = list(group.iter(f"{SVG}line"))[-1]
    ends = np.array([float(body.get(k, "nan")) for k in ("x1", "y1", "x2", "y2")]).reshape(2, 2)
    assert np.linalg.norm(ends[1] - ends[0]) == pytest.approx(4.5, abs=0.01)
    assert body.get("stroke-width") == "0.8"


def test_letters_position_and_scale_are_written() -> None:
    texts = {t.text for t in picture(Orientation.SAGITTAL).iter(f"{SVG}text")}
    assert texts == {"A", "P", "S", "I", "Sagittal, R 12.0 mm", "20 mm"}


def test_anatomy_is_resampled_from_an_oblique_image(tmp_path: Path) -> None:
    turn, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))
    matrix = np.eye(4)
    matrix[:3, :3] = turn * [1.2, 1.0, 0.8]
    matrix[:3, 3] = CENTRE_MM - matrix[:3, :3] @ [30, 30, 30]
    grid = Grid((61, 61, 61), matrix)
    bright = np.where(np.linalg.norm(grid.points_mm() - CENTRE_MM, axis=-1) < 8, 240, -160)
    implant = replace(pictured_implant(), anatomy=Volume("CT", bright, grid, "HU"))
    plane = SlicePlane(Orientation.AXIAL, tuple(CENTRE_MM), 40, 40)
    root = ET.fromstring(slice_picture(implant, plane))
    pixels = read_png(next(root.iter(f"{SVG}image")).get("href", ""), tmp_path)
    columns, rows = np.meshgrid(*[np.linspace(-20, 20, n) for n in pixels.shape[::-1]])
    assert pixels[np.hypot(columns, rows) < 6].min() == 255
    assert pixels[np.hypot(columns, rows) > 10].max() == 0


def read_png(address: str, folder: Path) -> np.ndarray:
    (folder / "slice.png").write_bytes(base64.b64decode(address.split(",")[1]))
    return sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "slice.png")))


def test_a_ct_is_shown_in_a_soft_tissue_window_and_an_mri_in_its_own() -> None:
    grid = Grid.covering([0, 0, 0], [20, 20, 20], 1.0)
    values = np.random.default_rng(0).uniform(0, 1000, grid.shape_kji)
    assert window_of(Volume("CT", values, grid, "HU"), np.array([10, 10, 10]), 20) == (-160, 240)
    low, high = window_of(Volume("MRI", values, grid), np.array([10, 10, 10]), 20)
    assert 0 < low < 60
    assert 900 < high < 1000


def test_a_flat_image_and_a_slice_beside_the_image_can_be_shown() -> None:
    grid = Grid.covering([0, 0, 0], [20, 20, 20], 1.0)
    flat = Volume("MRI", np.full(grid.shape_kji, 7.0), grid)
    assert window_of(flat, np.array([10, 10, 10]), 20) == (7, 8)
    assert window_of(flat, np.array([500, 0, 0]), 20) == (0, 1)


def test_the_legend_names_doses_in_gray_and_percent_and_every_structure() -> None:
    texts = {t.text for t in ET.fromstring(slice_legend(pictured_implant())).iter(f"{SVG}text")}
    texts |= {t.tail for t in ET.fromstring(slice_legend(pictured_implant())).iter(f"{SVG}title")}
    assert {"240 Gy (200 %)", "120 Gy (100 %), prescription", "60 Gy (50 %)", "PTV (target)", "Nerve <left>"} <= texts


def test_levels_are_sorted_and_the_prescription_is_marked() -> None:
    levels = isodose_levels(145.0, (50, 100, 180))
    assert [level.percent for level in levels] == [180, 100, 50]
    assert [level.dose_gy for level in levels] == pytest.approx([261, 145, 72.5])
    assert [level.is_prescription for level in levels] == [False, True, False]


def test_structures_of_a_report_differ_in_colour_and_dash() -> None:
    styles = structure_styles(["Rectum", "PTV", "Bladder", "PTV"], ["PTV"])
    assert list(styles) == ["PTV", "Rectum", "Bladder"]
    assert len({style.colour for style in styles.values()}) == 3
    assert len({style.dash for style in styles.values()}) == 3


def test_a_structure_that_the_slice_misses_leaves_no_line() -> None:
    implant = pictured_implant()
    far = ball("far", CENTRE_MM + np.array([0, 0, 300]), 5)
    structures = {**implant.structures, "far": far}
    drawn = replace(implant, structures=structures, styles=structure_styles(structures, ["PTV"]))
    root = ET.fromstring(slice_picture(drawn, planes_through(CENTRE_MM, 80)[0]))
    assert len(outline(root, "far")) == 0
