"""Planes, slices, holes, parts and warnings of a measurement, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import ResponseError, StructureError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.response import Holes, MeasurementOrigin, Plane, Rule, measure_lesion, measure_structure, parts_of
from lesion_solids import ellipsoid, turned
from reference import REFERENCE, needs_reference

GRID = Grid.covering([-16, -16, -16], [16, 16, 16], 1.0)
EGG = ellipsoid(GRID, (12, 8, 5), (0.3, -0.2, 0.1))
ROUND_GRID = Grid((1, 30, 30), np.diag([1.0, 1.0, 4.0, 1.0]))
VOXEL_MM = 1.0


def flat(*boxes: tuple[slice, slice]) -> np.ndarray:
    """A mask of one slice, made of boxes."""
    mask = np.zeros((1, 30, 30), bool)
    for box in boxes:
        mask[0][box] = True
    return mask


@pytest.mark.parametrize(
    ("plane", "longest_mm", "perpendicular_mm"),
    [
        (Plane.AXIAL, 24, 16),
        ("sagittal", 16, 10),
        ("coronal", 24, 10),
        ((0, 0, 1), 24, 16),
        ((0, -2, 0), 24, 10),
        ((1, 0, 1), 16, 13.06),  # 2 * 12 * 5 * sqrt(2) / 13 in the plane, by hand
    ],
)
def test_an_ellipsoid_is_measured_in_any_plane(plane: object, longest_mm: float, perpendicular_mm: float) -> None:
    found = measure_structure(EGG, plane=plane)
    assert (found.longest_mm, found.perpendicular_mm) == pytest.approx((longest_mm, perpendicular_mm), abs=VOXEL_MM)
    assert found.short_axis_mm == found.perpendicular_mm
    assert found.product_mm2 == pytest.approx(found.longest_mm * found.short_axis_mm)
    assert found.volume_ml == pytest.approx(4 / 3 * np.pi * 12 * 8 * 5 / 1000, rel=0.02)  # voxels at the surface
    assert found.origin == MeasurementOrigin.AUTOMATIC
    assert not found.is_manual


def test_the_lines_lie_where_the_lesion_is() -> None:
    found = measure_structure(ellipsoid(GRID, (9, 4, 4), (3, -2, 1)))
    assert found.longest_ras_mm == pytest.approx(np.array([[-6, -2, 1], [12, -2, 1]]), abs=VOXEL_MM) or (
        found.longest_ras_mm == pytest.approx(np.array([[12, -2, 1], [-6, -2, 1]]), abs=VOXEL_MM)
    )
    assert GRID.to_ras([0, 0, found.slice])[2] == pytest.approx(1)
    assert found.sentence.startswith(f"{found.longest_mm:.1f} mm x {found.perpendicular_mm:.1f} mm in axial slice 17")


def test_a_plane_that_the_grid_does_not_have_is_resampled() -> None:
    grid = turned(GRID, (1, 1, 0), 40)
    found = measure_structure(ellipsoid(grid, (12, 8, 5)))
    assert (found.longest_mm, found.perpendicular_mm) == pytest.approx((24, 16), abs=VOXEL_MM)
    assert found.longest_ras_mm is not None
    assert np.ptp(found.longest_ras_mm[:, 2]) < 1e-6  # truly axial
    assert found.volume_ml == pytest.approx(2.01, rel=0.02)
    assert found.warnings == ()


def test_tilted_slices_of_the_scan_are_used_and_told() -> None:
    grid = turned(GRID, (1, 0, 0), 15)
    mask = grid.to_ijk(grid.points_mm())  # the shape lies in the slices
    inside = np.hypot((mask[..., 0] - 16) / 12, (mask[..., 1] - 16) / 8) <= 1
    found = measure_lesion(inside & (abs(mask[..., 2] - 16) < 3.5), grid)
    assert (found.longest_mm, found.perpendicular_mm) == pytest.approx((24, 16), abs=VOXEL_MM)
    assert any("tilted by 15 degrees" in warning for warning in found.warnings)
    assert found.slices == 7


def test_the_slice_with_the_longest_diameter_is_measured_unless_another_one_is_wanted() -> None:
    found = measure_structure(EGG)
    assert found.slice == 16
    assert (found.slices, found.slice_thickness_mm) == (10, 1.0)
    other = measure_structure(EGG, slice_index=19)
    assert other.slice == 19
    assert other.longest_mm == pytest.approx(24 * np.sqrt(1 - 9 / 25), abs=VOXEL_MM)
    with pytest.raises(ResponseError, match="not in slice 3: it is seen in slices 12 to 21"):
        measure_structure(EGG, slice_index=3)


def test_the_largest_product_may_be_another_pair() -> None:
    cross = flat((slice(14, 16), slice(2, 28)), (slice(4, 24), slice(8, 22)))
    longest, product = (measure_lesion(cross, ROUND_GRID, rule=rule) for rule in Rule)
    assert longest.rule == Rule.LONGEST
    assert longest.longest_mm == pytest.approx(np.hypot(26, 2), abs=VOXEL_MM)
    assert (product.product_mm2 or 0) >= (longest.product_mm2 or 0)
    assert product.longest_mm >= (product.perpendicular_mm or 0)
    assert (product.product_mm2 or 0) == pytest.approx(24.4 * 22, rel=0.15)  # near the diagonals of the block


def test_holes_are_left_out_or_filled_by_choice_and_bays_stay_open() -> None:
    ring = flat((slice(5, 25), slice(5, 25)))
    ring[0, 9:21, 9:21] = False
    left_out, filled = (measure_lesion(ring, ROUND_GRID, holes=choice) for choice in Holes)
    assert filled.longest_mm == pytest.approx(20 * np.sqrt(2), abs=VOXEL_MM)
    assert filled.volume_ml == pytest.approx(20 * 20 * 4 / 1000)
    assert left_out.volume_ml == pytest.approx((20**2 - 12**2) * 4 / 1000)
    assert left_out.longest_mm < filled.longest_mm - 3
    assert len(left_out.outline_ras_mm) == 2
    assert len(filled.outline_ras_mm) == 1
    ring[0, 12:15, 20:] = False
    assert measure_lesion(ring, ROUND_GRID, holes="fill").volume_ml == pytest.approx(0.004 * np.count_nonzero(ring))


def test_a_lesion_in_parts_is_told_and_each_part_measured_on_request() -> None:
    both = flat((slice(4, 10), slice(3, 25)), (slice(15, 20), slice(3, 12)))
    found = measure_lesion(both, ROUND_GRID, measure_parts=True)
    assert found.part_count == 2
    assert found.longest_mm == pytest.approx(np.hypot(22, 6), abs=VOXEL_MM)
    assert any("falls into 2 parts" in warning for warning in found.warnings)
    large, small = found.parts
    assert large.longest_mm == found.longest_mm
    assert small.longest_mm == pytest.approx(np.hypot(9, 5), abs=VOXEL_MM)
    assert (large.volume_ml or 0) + (small.volume_ml or 0) == pytest.approx(found.volume_ml)
    assert measure_lesion(both, ROUND_GRID).parts == ()


def test_parts_are_named_by_size_and_specks_can_be_left_out() -> None:
    mask = flat((slice(4, 10), slice(3, 25)), (slice(15, 16), slice(3, 4)), (slice(10, 12), slice(25, 26)))
    lesion = Structure("Lesion", mask, ROUND_GRID)
    first, speck = parts_of(lesion)  # what touches at a corner hangs together
    assert [first.name, speck.name] == ["Lesion, part 1", "Lesion, part 2"]
    assert np.count_nonzero(first.mask) == 6 * 22 + 2
    assert [part.name for part in parts_of(lesion, smallest_ml=0.01)] == ["Lesion"]
    with pytest.raises(ResponseError, match="No part of 'Lesion' holds a voxel by half and has 9 mL or more"):
        parts_of(lesion, smallest_ml=9)


@pytest.mark.parametrize(("count", "longest_mm"), [(1, 1.0), (2, 2.0), (7, 7.0)])
def test_lesions_of_single_voxels_have_a_size(count: int, longest_mm: float) -> None:
    found = measure_lesion(flat((slice(4, 5), slice(3, 3 + count))), ROUND_GRID)
    assert found.longest_mm == pytest.approx(longest_mm, abs=0.5)
    assert found.perpendicular_mm == pytest.approx(1.0, abs=0.5)
    assert found.slices == 1
    assert any("one slice only, 4 mm thick" in warning for warning in found.warnings)


def test_a_lesion_that_the_image_cuts_off_is_told() -> None:
    found = measure_lesion(flat((slice(0, 6), slice(3, 9))), ROUND_GRID)
    assert any("reaches the edge of the image (along j)" in warning for warning in found.warnings)
    inner = measure_lesion(flat((slice(1, 6), slice(3, 9))), ROUND_GRID)
    assert not any("edge of the image" in warning for warning in inner.warnings)


def test_noise_is_refused_rather_than_searched_for_minutes() -> None:
    mask = np.random.default_rng(0).random((1, 120, 120)) > 0.5
    with pytest.raises(ResponseError, match=r"separate outlines and holes with .* it is noise rather than a lesion"):
        measure_lesion(mask, Grid(mask.shape, np.eye(4)))


def test_of_slices_that_are_the_same_the_middle_one_is_measured() -> None:
    one = flat((slice(5, 25), slice(5, 12)), (slice(18, 25), slice(5, 25)))
    many = np.repeat(one, 9, axis=0)
    alone, found = measure_lesion(one, ROUND_GRID), measure_lesion(many, Grid(many.shape, ROUND_GRID.ijk_to_ras))
    assert (found.longest_mm, found.perpendicular_mm) == (alone.longest_mm, alone.perpendicular_mm)
    assert (found.slice, found.slices) == (4, 9)


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(StructureError, match="'Node' is empty: draw it"):
        measure_lesion(flat(), ROUND_GRID, name="Node")
    with pytest.raises(StructureError, match=r"shape \(1, 30, 30\), its grid \(33, 33, 33\)"):
        measure_lesion(flat((slice(2, 4), slice(2, 4))), GRID)
    for wrong in (np.nan, 7.0):
        values = np.where(flat((slice(2, 4), slice(2, 4))), wrong, 0)
        with pytest.raises(StructureError, match="occupancy goes from 0 to 1"):
            measure_lesion(values, ROUND_GRID)
    with pytest.raises(ResponseError, match="No voxel belongs to 'Lesion' by half"):
        measure_lesion(0.4 * flat((slice(2, 4), slice(2, 4))), ROUND_GRID)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (
            {"plane": "oblique"},
            "Plane 'oblique' is not known: choose axial, sagittal, coronal, acquired, or give a normal",
        ),
        ({"plane": (0, 0, 0)}, r"normal is \[0.0, 0.0, 0.0\]: give three finite numbers, not all 0"),
        ({"plane": (0, np.nan, 1)}, "give three finite numbers"),
        ({"plane": (1, 2)}, "give three finite numbers"),
        ({"holes": "keep"}, "Holes 'keep' is not known: choose exclude or fill"),
        ({"rule": "widest"}, "Rule 'widest' is not known: choose longest diameter or largest product"),
    ],
)
def test_unknown_choices_are_refused_with_the_known_ones(choice: dict[str, object], message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        measure_structure(EGG, **choice)


@needs_reference("mri", "brain1_label.nrrd")
def test_a_real_tumour_is_measured_and_its_lines_lie_in_it() -> None:
    import SimpleITK as sitk

    image = sitk.ReadImage(str(REFERENCE / "mri" / "brain1_label.nrrd"))
    label = Volume("label", sitk.GetArrayFromImage(image), Grid.from_image(image))
    found = measure_lesion(label.values > 0, label.grid)
    inside = np.argwhere(label.values > 0)[:, ::-1]
    assert found.volume_ml == pytest.approx(len(inside) * label.grid.voxel_cc)
    in_slice = label.grid.to_ras(inside[inside[:, 2] == found.slice])
    widest_mm = max(np.linalg.norm(in_slice - point, axis=1).max() for point in in_slice[::7])
    assert 0.4 * widest_mm < found.longest_mm < widest_mm + 2 * max(label.grid.spacing_ijk_mm[:2])
    for line in (found.longest_ras_mm, found.perpendicular_ras_mm):
        assert line is not None
        along = label.grid.to_ijk(line[0] + np.linspace(0, 1, 50)[:, None] * (line[1] - line[0]))
        nearest = np.abs(along[:, None] - inside[inside[:, 2] == found.slice]).max(axis=2).min(axis=1)
        assert nearest.max() < 1.5  # pixels: half a pixel to its edge, and what smoothing moves
