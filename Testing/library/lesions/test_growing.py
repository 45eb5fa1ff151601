"""A lesion grown from one click, on balls, on the digital patient's head and on a real MRI."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.digital_patient.head import Head
from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.lesions import grow_hyperintensity, grow_lesion
from painted_head import head_grid, inside, painted
from reference import REFERENCE, needs_reference

GRID = Grid.covering([-60, -60, -40], [60, 60, 40], 2.0)
POINTS_MM = GRID.points_mm()
TISSUE, LESION, BAND = 400.0, 900.0, 10.0
TUMOUR = Head().tumour


def ball(centre_mm: tuple[float, float, float], radius_mm: float) -> np.ndarray:
    return np.linalg.norm(POINTS_MM - centre_mm, axis=-1) < radius_mm


def an_image(*bright: np.ndarray, level: float = LESION) -> Volume:
    values = TISSUE + np.random.default_rng(0).normal(0, BAND, GRID.shape_kji)
    values[np.logical_or.reduce(bright)] += level - TISSUE
    return Volume("T1 Gd", values.astype(np.float32), GRID)


def dice(one: np.ndarray, other: np.ndarray) -> float:
    return 2 * np.count_nonzero(one & other) / (np.count_nonzero(one) + np.count_nonzero(other))


@pytest.fixture(scope="module")
def head() -> Volume:
    return painted(head_grid(2.5), noise=14)


@pytest.mark.parametrize("click", [(0, 0, 0), (8, 0, 0), (0, -8, 3), (-5, 5, 5)])
def test_a_ball_grows_from_any_click_in_it(click: tuple[float, float, float]) -> None:
    grown = grow_lesion(an_image(ball((0, 0, 0), 10)), click)
    assert dice(grown.structure.mask, ball((0, 0, 0), 10)) > 0.95  # a part of the surface voxels may go either way
    assert TISSUE < grown.threshold < LESION
    assert grown.tissue_level == pytest.approx(TISSUE, abs=BAND)
    assert grown.lesion_level == pytest.approx(LESION, abs=2 * BAND)  # its surface is smoothed
    assert grown.warnings == ()
    assert grown.sentence.startswith(f"Lesion of {grown.structure.volume_cc:.2f} cc above ")


def test_a_ring_is_filled_or_left_open_as_wished() -> None:
    core = ball((0, 0, 0), 6)
    image = an_image(ball((0, 0, 0), 14) & ~core)
    whole, rim = (grow_lesion(image, (0, 10, 0), fill_core=fill) for fill in (True, False))
    assert dice(whole.structure.mask, ball((0, 0, 0), 14)) > 0.95  # as for a ball
    assert not np.any(rim.structure.mask & ball((0, 0, 0), 4))
    assert dice(rim.structure.mask, ball((0, 0, 0), 14) & ~core) > 0.9  # two surfaces


def test_a_thin_vessel_to_another_lesion_is_cut() -> None:
    vessel = (np.abs(POINTS_MM[..., 1]) < 1.1) & (np.abs(POINTS_MM[..., 2]) < 1.1) & (POINTS_MM[..., 0] > 0)
    image = an_image(ball((0, 0, 0), 10), vessel & (POINTS_MM[..., 0] < 40), ball((40, 0, 0), 10))
    grown = grow_lesion(image, (-3, 0, 0), smoothing_mm=0.5)
    assert not np.any(grown.structure.mask & ball((40, 0, 0), 10))
    assert dice(grown.structure.mask, ball((0, 0, 0), 10)) > 0.93  # a stump of the vessel stays


def test_a_barrier_holds_the_lesion_back_and_this_is_said() -> None:
    left = POINTS_MM[..., 0] < 0
    barrier = Structure("Ventricle", ~left, GRID)
    grown = grow_lesion(an_image(ball((0, 0, 0), 12)), (-6, 0, 0), barriers=barrier)
    assert not np.any(grown.structure.mask & ~left)
    assert grown.warnings == ("The lesion ends at a barrier: look at its edge there.",)


def test_a_lesion_far_larger_than_the_radius_leaks_and_this_is_said() -> None:
    tube = (np.abs(POINTS_MM[..., 1]) < 8) & (np.abs(POINTS_MM[..., 2]) < 8) & (np.abs(POINTS_MM[..., 0]) < 50)
    grown = grow_lesion(an_image(tube), (0, 0, 0), radius_mm=25)
    assert any("The lesion leaks: it reaches 25 mm from the click" in warning for warning in grown.warnings)


def test_a_leak_into_something_fainter_is_mended_by_a_higher_threshold() -> None:
    faint = (np.abs(POINTS_MM[..., 1]) < 8) & (np.abs(POINTS_MM[..., 2]) < 8)
    image = an_image(ball((0, 0, 0), 12))
    image.values[faint & ~ball((0, 0, 0), 12)] += 0.55 * (LESION - TISSUE)
    grown = grow_lesion(image, (0, 0, 0), radius_mm=30)
    assert "it reached 30 mm from the click. The threshold was raised to" in grown.warnings[0]
    assert dice(grown.structure.mask, ball((0, 0, 0), 12)) > 0.93  # as for a ball, from a threshold less apt


def test_a_lesion_at_the_edge_of_the_image_is_said_to_be() -> None:
    grown = grow_lesion(an_image(ball((-58, 0, 0), 12)), (-55, 0, 0))
    assert any("reaches the edge of the image" in warning for warning in grown.warnings)


def test_a_click_outside_the_image_is_refused() -> None:
    with pytest.raises(StructureError, match=r"click at \[0\.0, 0\.0, 90\.0\] mm lies outside 'T1 Gd'"):
        grow_lesion(an_image(ball((0, 0, 0), 10)), (0, 0, 90))


def test_a_click_on_background_is_refused() -> None:
    with pytest.raises(StructureError, match="click on the bright part of the lesion"):
        grow_lesion(an_image(ball((0, 0, 0), 10)), (30, 30, 0))


def test_a_click_in_a_barrier_is_refused() -> None:
    with pytest.raises(StructureError, match="The click lies in a barrier"):
        grow_lesion(an_image(ball((0, 0, 0), 10)), (0, 0, 0), barriers=Structure("Vessel", ball((0, 0, 0), 12), GRID))


def test_a_click_that_is_no_position_is_refused() -> None:
    with pytest.raises(StructureError, match=r"three numbers in mm, found \[nan, 0\.0, 0\.0\]"):
        grow_lesion(an_image(ball((0, 0, 0), 10)), (np.nan, 0, 0))


@pytest.mark.parametrize(("radius_mm", "smoothing_mm", "what"), [(0, 1, "reach 0 mm"), (30, -1, "smoothed over -1 mm")])
def test_impossible_lengths_are_refused(radius_mm: float, smoothing_mm: float, what: str) -> None:
    with pytest.raises(StructureError, match=what):
        grow_lesion(an_image(ball((0, 0, 0), 10)), (0, 0, 0), radius_mm=radius_mm, smoothing_mm=smoothing_mm)


@pytest.mark.parametrize("click_offset", [(9, 0, 0), (-6, -6, 4)])
def test_the_digital_tumour_grows_with_its_core(head: Volume, click_offset: tuple[float, float, float]) -> None:
    grown = grow_lesion(head, np.add(TUMOUR.centre_mm, click_offset))
    assert dice(grown.structure.mask, inside(TUMOUR.outline, head.grid)) > 0.92  # voxels of 2.5 mm
    assert grown.structure.volume_cc == pytest.approx(TUMOUR.outline.volume_cc(), rel=0.1)


def test_the_digital_oedema_grows_on_flair() -> None:
    flair = painted(head_grid(2.5), contrast="flair")
    grown = grow_hyperintensity(flair, np.add(TUMOUR.centre_mm, (15, 0, 0)))
    assert dice(grown.structure.mask, inside(TUMOUR.oedema, flair.grid)) > 0.91  # voxels of 2.5 mm
    assert grown.structure.name == "Hyperintensity"


@needs_reference("mri", "brain1_image.nrrd")
def test_a_real_lesion_grows_alike_from_clicks_all_over_it() -> None:
    """Each part of the drawn tumour, clicked at the first and the third quarter of its brighter half's voxels.

    The larger part is drawn with tissue that does not enhance: no threshold at all comes above 0.84.
    """
    import SimpleITK as sitk
    from scipy.ndimage import label

    image = sitk.ReadImage(str(REFERENCE / "mri" / "brain1_image.nrrd"))
    drawn, count = label(sitk.GetArrayFromImage(sitk.ReadImage(str(REFERENCE / "mri" / "brain1_label.nrrd"))) > 0)
    volume = Volume("Brain", sitk.GetArrayFromImage(image), Grid.from_image(image))
    assert count == 2
    for part, least in ((1, 0.84), (2, 0.76)):
        kji = np.argwhere((drawn == part) & (volume.values >= np.median(volume.values[drawn == part])))
        for click in kji[len(kji) // 4 :: len(kji) // 2]:
            grown = grow_lesion(volume, volume.grid.to_ras(click[::-1]))
            assert dice(grown.structure.mask, drawn == part) > least
