"""Seeds found in scanned phantoms of the generator: all of them, nothing else, however the image is stored."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from brachyresponse.errors import Cancelled, ImageError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.seeds import DetectedSeeds, Origin, RejectionReason, detect_seeds, fit_seed_at
from ct_phantom import Case, Recipe, make_case
from seed_scores import SeedScore, SeedTruth, score_seeds
from stored_otherwise import stored_otherwise

SMALL = {"seeds": 6, "field_mm": (44.0, 44.0, 40.0), "views": 360}


@cache
def case(name: str) -> Case:
    if name == "pair":  # side by side, 1.4 mm apart, and one alone
        upright, tilted = [0.05, 0.0, 1.0], [0.2, 0.15, 1.0]
        seeds = [([0.7, 0, 0], upright), ([-0.7, 0.2, 0.3], tilted), ([9, 3, 2], tilted)]
        return make_case(Recipe(**SMALL), seeds=seeds)
    recipes = {
        "plain": Recipe(**SMALL),
        "shifted": Recipe(**SMALL, shift_mm=(0.2, 0.2, 0.2)),
        "oblique": Recipe(**SMALL, oblique=True, thickness_mm=2.5, pixel_mm=0.8),
        "decoys": Recipe(**SMALL, decoys=("gold_fiducial", "clip", "calcification")),
        "unclipped": Recipe(**SMALL, clipped=False),
    }
    return make_case(recipes[name])


@cache
def found_in(name: str) -> DetectedSeeds:
    return detect_seeds(case(name).ct_hu, case(name).grid)


def score(name: str) -> SeedScore:
    found = found_in(name)
    return score_seeds(SeedTruth.of(case(name).truth), found.positions_mm, found.directions)


@pytest.mark.parametrize(
    "name",
    [
        "plain",
        "oblique",
        pytest.param("unclipped", marks=pytest.mark.validation),
        pytest.param("decoys", marks=pytest.mark.validation),  # thirteen seconds each
        pytest.param("pair", marks=pytest.mark.validation),
    ],
)
def test_every_seed_is_found_and_nothing_else(name: str) -> None:
    result = score(name)
    assert result.detected_close == result.seeds
    assert result.false_positive_count == 0


def test_centre_and_axis_are_as_exact_as_slices_of_1_mm_allow() -> None:
    result = score("plain")
    assert result.position_mm.mean() < 0.15  # mm; the limit for slices up to 1.5 mm
    assert np.median(result.axis_deg) < 2  # degrees; the same


@pytest.mark.validation
def test_touching_seeds_are_two_with_their_own_axes() -> None:
    result = score("pair")
    assert result.touching == 0
    assert result.position_mm.max() < 0.4
    assert result.axis_deg.max() < 10


@pytest.mark.validation
def test_what_is_no_seed_is_listed_with_its_reason_and_place() -> None:
    rejected = found_in("decoys").rejected
    gold = next(d for d in case("decoys").decoys if d["type"] == "gold_fiducial")
    there = [r for r in rejected if np.linalg.norm(r.position_mm - gold["center_ras_mm"]) < 3]
    assert there
    assert all(isinstance(r.reason, RejectionReason) and r.sentence.endswith(".") for r in rejected)
    assert all(0 <= r.confidence <= 0.5 for r in rejected)


def test_confidences_are_shares_and_sure_where_the_image_is_plain() -> None:
    found = found_in("plain")
    assert found.confidence.min() > 0.7
    assert found.axis_confidence.min() > 0.7
    assert set(found.origins) == {Origin.DETECTED}


def test_seeds_of_unsure_axis_are_point_sources_in_the_dose() -> None:
    found = found_in("oblique")
    seeds = found.to_seeds(0.5, least_axis_confidence=float(np.median(found.axis_confidence)))
    np.testing.assert_array_equal(seeds.axis_known, found.axis_confidence >= np.median(found.axis_confidence))
    np.testing.assert_array_equal(seeds.positions_mm, found.positions_mm)


@pytest.mark.parametrize(("order", "flips"), [((1, 2, 0), (True, False, True)), ((2, 0, 1), (False, True, True))])
@pytest.mark.validation
def test_the_result_does_not_depend_on_how_the_array_is_stored(
    order: tuple[int, int, int], flips: tuple[bool, bool, bool]
) -> None:
    values, grid = stored_otherwise(case("oblique").ct_hu, case("oblique").grid, order, flips)
    found, expected = detect_seeds(values, grid), found_in("oblique")
    assert found.count == expected.count
    np.testing.assert_allclose(found.positions_mm, expected.positions_mm, atol=1e-3)  # rounding of the matrix
    cosine = np.abs((found.directions * expected.directions).sum(axis=1))
    np.testing.assert_allclose(cosine, 1, atol=1e-4)


def test_the_result_turns_with_the_orientation_matrix() -> None:
    angle = 0.7
    turn = np.eye(4)
    turn[:3, :3] = [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    turn[:3, 3] = 30, -20, 10
    grid = case("oblique").grid
    found = detect_seeds(case("oblique").ct_hu, Grid(grid.shape_kji, turn @ grid.ijk_to_ras))
    expected = found_in("oblique").positions_mm @ turn[:3, :3].T + turn[:3, 3]
    gaps = np.linalg.norm(found.positions_mm[:, None] - expected[None], axis=-1).min(axis=0)
    assert gaps.max() < 1e-2  # mm; which in-plane axis comes first may change, and with it rounding


@pytest.mark.validation
def test_a_shift_of_the_raster_by_a_fraction_of_a_voxel_moves_no_seed() -> None:
    gaps = np.linalg.norm(found_in("shifted").positions_mm[:, None] - found_in("plain").positions_mm[None], axis=-1)
    assert found_in("shifted").count == found_in("plain").count
    assert gaps.min(axis=0).max() < 0.15  # mm: twice what one image errs at most


def test_only_a_region_is_searched_if_one_is_given() -> None:
    grid, centre = case("plain").grid, case("plain").centres_mm[0]
    region = Structure("target", np.linalg.norm(grid.points_mm() - centre, axis=-1) < 4, grid)
    found = detect_seeds(case("plain").ct_hu, grid, region=region)
    expected = np.linalg.norm(case("plain").centres_mm - centre, axis=1) < 4
    assert found.count == expected.sum()


def test_a_count_far_from_the_number_expected_is_said() -> None:
    found = detect_seeds(case("plain").ct_hu, case("plain").grid, expected_count=20)
    assert any("6 seeds were found, 20 expected" in warning for warning in found.warnings)
    assert not any("expected" in warning for warning in found_in("plain").warnings)


def test_progress_only_grows_and_a_wish_to_stop_is_heard() -> None:
    fractions: list[float] = []

    def report(fraction: float, message: str) -> None:
        fractions.append(fraction)
        if fraction > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        detect_seeds(case("plain").ct_hu, case("plain").grid, report=report)
    assert fractions == sorted(fractions)
    assert len(fractions) > 3


def test_an_image_without_metal_is_refused() -> None:
    grid = Grid.covering([-20, -20, -20], [20, 20, 20], 1.0)
    tissue = np.random.default_rng(0).normal(20, 60, grid.shape_kji).astype(np.int16)
    with pytest.raises(ImageError, match="metal"):
        detect_seeds(tissue, grid)


def test_metal_much_larger_than_seeds_is_said_to_be_that() -> None:
    grid = Grid.covering([-50, -50, -25], [50, 50, 25], 1.0)
    ct_hu = np.random.default_rng(0).normal(20, 60, grid.shape_kji).astype(np.int16)
    ct_hu[5:30, 10:35, 10:35] = 3071  # a dental bridge of 15.6 cc
    said = r"No seed was found: 16 cc are brighter .* size of a seed.* metal of 15\.6 cc"
    with pytest.raises(ImageError, match=said):
        detect_seeds(ct_hu, grid)


def test_a_region_without_metal_is_said_to_be_that() -> None:
    plain = case("plain")
    far = max(plain.grid.corners_mm(), key=lambda c: np.linalg.norm(plain.centres_mm - c, axis=1).min())
    corner = Structure("bladder", np.linalg.norm(plain.grid.points_mm() - far, axis=-1) < 6, plain.grid)
    with pytest.raises(ImageError, match="No metal was found in 'bladder': nothing is brighter"):
        detect_seeds(plain.ct_hu, plain.grid, region=corner)


def test_an_array_of_another_shape_than_its_grid_is_refused() -> None:
    with pytest.raises(ImageError, match="they must agree"):
        detect_seeds(np.zeros((4, 4, 4)), case("plain").grid)


def test_a_click_beside_a_seed_snaps_to_it_with_its_axis() -> None:
    plain = case("plain")
    found = fit_seed_at(plain.ct_hu, plain.grid, plain.centres_mm[2] + [0.8, -0.5, 0.9])
    assert np.linalg.norm(found.position_mm - plain.centres_mm[2]) < 0.2
    assert abs(found.direction @ plain.axes[2]) > np.cos(np.deg2rad(4))


def test_a_click_where_there_is_no_metal_is_refused() -> None:
    plain = case("plain")
    far = max(plain.grid.corners_mm(), key=lambda c: np.linalg.norm(plain.centres_mm - c, axis=1).min())
    with pytest.raises(ImageError, match="no metal within 4 mm"):
        fit_seed_at(plain.ct_hu, plain.grid, plain.grid.centre_mm + 0.9 * (far - plain.grid.centre_mm))


def test_a_click_outside_the_image_is_refused() -> None:
    with pytest.raises(ImageError, match="outside the CT"):
        fit_seed_at(case("plain").ct_hu, case("plain").grid, [500, 0, 0])
