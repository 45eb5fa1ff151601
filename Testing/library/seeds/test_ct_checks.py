"""What is no CT with seeds is refused in a sentence, and what is one passes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.digital_patient import implant_patient
from brachyresponse.errors import GeometryError, ImageError
from brachyresponse.geometry import Grid
from brachyresponse.seeds import Seeds
from brachyresponse.seeds.ct_checks import check_ct
from ct_phantom import Case, Recipe, make_case
from reference import REFERENCE, needs_reference
from the_digital_patient import the_patient

CT_PHANTOMS = (
    "dev1_pelvis_1mm",
    "dev2_pelvis_2.5mm",
    "dev3_headneck_2mm_oblique",
    "dev4_pelvis_3mm_lowdose_oblique",
)


@cache
def a_case() -> Case:
    return make_case(Recipe(seeds=6, thickness_mm=2.0, pixel_mm=0.8, views=240, oblique=True))


def _a_copy() -> tuple[np.ndarray, Grid]:
    return a_case().ct_hu.copy(), a_case().grid


def _stretched(factor_ijk: tuple[float, float, float]) -> Grid:
    grid = a_case().grid
    return Grid(grid.shape_kji, grid.ijk_to_ras @ np.diag([*factor_ijk, 1.0]))


def _voxels(image: np.ndarray) -> np.ndarray:
    return image.reshape(-1)


@pytest.mark.parametrize("thickness_mm", [1.0, 3.0, 5.0])
def test_an_implant_ct_passes_without_a_word(thickness_mm: float) -> None:
    case = make_case(Recipe(seeds=6, thickness_mm=thickness_mm, pixel_mm=0.8, views=240, random_seed=2))
    assert check_ct(case.ct_hu, case.grid) == ()


@pytest.mark.parametrize("name", CT_PHANTOMS)
@needs_reference("ct_seeds", "dev1_pelvis_1mm.nrrd")
def test_the_reference_phantoms_pass_without_a_word(name: str) -> None:
    import SimpleITK as sitk

    image = sitk.ReadImage(str(REFERENCE / "ct_seeds" / f"{name}.nrrd"))
    ct_hu, grid = sitk.GetArrayFromImage(image), Grid.from_image(image)
    assert check_ct(ct_hu, grid) == ()
    assert check_ct(ct_hu.astype(np.float32), grid) == ()


@pytest.mark.validation
def test_the_digital_implant_passes_whole_and_cropped() -> None:
    planned = Seeds(np.array([[36.0, 8, z] for z in (20, 27, 34, 41)]), np.tile([0.0, 0.0, 1.0], (4, 1)), 0.5)
    implant = implant_patient(the_patient(), planned)
    grid, ct_hu = implant.ct.grid, implant.ct.values
    assert check_ct(ct_hu, grid) == ()
    i, j, k = np.round(grid.to_ijk(implant.truth.positions_mm[0])).astype(int)
    crop = (slice(k - 12, k + 12), slice(j - 25, j + 25), slice(i - 25, i + 25))
    matrix = grid.ijk_to_ras.copy()
    matrix[:3, 3] = grid.to_ras([i - 25, j - 25, k - 12])
    assert check_ct(ct_hu[crop], Grid((24, 50, 50), matrix)) == ()  # brain and seeds, neither fat nor air


@pytest.mark.parametrize("turn", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_order_of_the_axes_makes_no_difference(turn: tuple[int, int, int]) -> None:
    case = a_case()
    ijk = [2 - axis for axis in turn][::-1]
    columns = [*ijk, 3]
    grid = Grid(tuple(case.ct_hu.shape[n] for n in turn), case.grid.ijk_to_ras[:, columns])
    assert check_ct(case.ct_hu.transpose(turn), grid) == ()


def test_scanner_padding_and_extended_hu_are_no_fault() -> None:
    ct_hu, grid = _a_copy()
    ct_hu[:, :4] = -2000
    _voxels(ct_hu)[_voxels(ct_hu) == 3071] += np.arange(np.count_nonzero(ct_hu == 3071)).astype(np.int16)
    assert check_ct(ct_hu, grid) == ()


def test_values_that_are_never_negative_are_refused_as_perhaps_an_mr_image() -> None:
    ct_hu, grid = _a_copy()
    signal = np.random.default_rng(1).gamma(4.0, 60.0, ct_hu.shape).astype(np.float32)
    with pytest.raises(ImageError, match=r"no air or fat below 0 HU: it is no CT in HU but perhaps an MR image"):
        check_ct(signal, grid)


@needs_reference("mri", "brain1_image.nrrd")
def test_a_real_mr_image_is_refused() -> None:
    import SimpleITK as sitk

    image = sitk.ReadImage(str(REFERENCE / "mri" / "brain1_image.nrrd"))
    with pytest.raises(ImageError, match="perhaps an MR image"):
        check_ct(sitk.GetArrayFromImage(image), Grid.from_image(image))


def test_stored_values_without_rescale_are_refused() -> None:
    case = a_case()
    with pytest.raises(ImageError, match=r"near 1024 instead of 0 HU: these are stored values without rescale"):
        check_ct(case.ct_hu + 1024, case.grid)


def test_stored_values_with_padding_are_refused_too() -> None:
    ct_hu, grid = _a_copy()
    stored = ct_hu + 1024
    stored[:, :6] = -2000
    with pytest.raises(ImageError, match="stored values without rescale"):
        check_ct(stored, grid)


def test_a_second_rescale_is_refused() -> None:
    case = a_case()
    with pytest.raises(ImageError, match=r"of the CT lies between -250 and 250 HU, where soft tissue should be"):
        check_ct(case.ct_hu - 1024, case.grid)


def test_signed_values_read_as_unsigned_are_refused() -> None:
    ct_hu, grid = _a_copy()
    ct_hu[:, :6] = -1000
    with pytest.raises(ImageError, match="signed values were read as unsigned"):
        check_ct(ct_hu.astype(np.uint16), grid)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused(value: float) -> None:
    ct_hu, grid = _a_copy()
    ct = ct_hu.astype(np.float32)
    ct[3, 4, 5:8] = value
    with pytest.raises(ImageError, match="holds 3 values that are not finite"):
        check_ct(ct, grid)


def test_a_slice_of_one_value_between_others_is_missing() -> None:
    ct_hu, grid = _a_copy()
    ct_hu[[4, 5]] = -1024
    with pytest.raises(ImageError, match=r"nothing but one value in slices 5, 6 of 22: missing in the series"):
        check_ct(ct_hu, grid)


def test_blank_slices_at_the_ends_are_a_warning() -> None:
    ct_hu, grid = _a_copy()
    ct_hu[[0, 1, -1]] = -1024
    assert check_ct(ct_hu, grid) == ("3 slices at the ends of the CT hold one single value: no seed is found there.",)


def test_a_gap_filled_with_copies_is_refused() -> None:
    ct_hu, grid = _a_copy()
    ct_hu[7] = ct_hu[6]
    with pytest.raises(ImageError, match="a copy of the slice before in slice 8 of 22: gaps were filled"):
        check_ct(ct_hu, grid)


def test_many_missing_slices_are_counted_not_listed() -> None:
    ct_hu, grid = _a_copy()
    ct_hu[2:14] = 0
    with pytest.raises(ImageError, match="slices 3, 4, 5, 6, 7 and 7 more of 22"):
        check_ct(ct_hu, grid)


def test_an_empty_image_is_refused() -> None:
    with pytest.raises(ImageError, match="Every slice of the CT holds one single value"):
        check_ct(np.zeros((8, 8, 8), np.int16), Grid((8, 8, 8), np.eye(4)))


def test_slices_beyond_5_mm_are_refused_and_5_mm_are_not() -> None:
    ct_hu = a_case().ct_hu
    assert check_ct(ct_hu, _stretched((1, 1, 2.5))) == ()
    with pytest.raises(ImageError, match=r"slices are 6 mm apart, expected at most 5 mm"):
        check_ct(ct_hu, _stretched((1, 1, 3)))


def test_coarse_pixels_are_a_warning() -> None:
    (warning,) = check_ct(a_case().ct_hu, _stretched((1.5, 1.5, 1)))
    assert warning.startswith("The CT's pixels are 1.2 x 1.2 mm, expected at most 1 mm")


def test_a_ct_clipped_among_bone_is_refused_and_above_it_a_warning() -> None:
    ct_hu, grid = _a_copy()
    with pytest.raises(ImageError, match=r"clipped at 1400 HU \(\d+ voxels have exactly this value\): bone and metal"):
        check_ct(ct_hu.clip(None, 1400), grid)
    (warning,) = check_ct(ct_hu.clip(None, 2000), grid)
    assert warning.startswith("The CT is clipped at 2000 HU")


def test_a_ct_before_the_implant_holds_no_metal() -> None:
    ct_hu, grid = _a_copy()
    metal = ct_hu > 600
    ct_hu[metal] = np.random.default_rng(1).integers(0, 600, np.count_nonzero(metal))
    with pytest.raises(ImageError, match=r"holds no metal: its highest value is \d+ HU, expected seeds above 1300 HU"):
        check_ct(ct_hu, grid)


def test_metal_everywhere_is_refused() -> None:
    ct_hu, grid = _a_copy()
    ct_hu[:, 10:30, 10:30] = 3000
    with pytest.raises(ImageError, match=r"\d+ % of the CT is brighter than 2000 HU, expected at most 5 %"):
        check_ct(ct_hu, grid)


def test_a_prosthesis_is_a_warning_that_says_where() -> None:
    ct_hu, grid = _a_copy()
    ct_hu[5:15, 40:56, 5:20] = 3071
    (warning,) = check_ct(ct_hu, grid)
    x, y, z = grid.to_ras([12, 47.5, 9.5])
    assert warning == (
        f"A piece of metal of 3.1 cc lies at R {x:.0f}, A {y:.0f}, S {z:.0f} mm: it is no seed, and seeds in its "
        "streaks may be missed."
    )


def test_a_tilted_gantry_is_refused_by_the_grid() -> None:
    sheared = np.diag([0.8, 0.8, 2.0, 1.0])
    sheared[1, 2] = 0.4  # each slice 0.4 mm further back
    with pytest.raises(GeometryError, match=r"not at right angles .* undo the tilt"):
        Grid((22, 70, 75), sheared)


def test_shape_and_size_are_checked() -> None:
    case = a_case()
    with pytest.raises(ImageError, match="they must agree"):
        check_ct(case.ct_hu[1:], case.grid)
    with pytest.raises(ImageError, match="at least 3 voxels in every direction"):
        check_ct(case.ct_hu[:2], Grid((2, *case.grid.shape_kji[1:]), case.grid.ijk_to_ras))
    with pytest.raises(ImageError, match="values of type bool"):
        check_ct(case.ct_hu > 0, case.grid)


@given(noise_hu=st.floats(2, 40), tissue_hu=st.floats(-110, 80), seed=st.integers(0, 9))
def test_a_crop_of_any_soft_tissue_with_metal_passes(noise_hu: float, tissue_hu: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    ct_hu = random.normal(tissue_hu, noise_hu, (12, 30, 30))
    ct_hu[4:8, 10:13, 10:13] = 2900 + random.normal(0, 20, (4, 3, 3))
    assert check_ct(ct_hu, Grid(ct_hu.shape, np.diag([0.8, 0.8, 2.0, 1.0]))) == ()
