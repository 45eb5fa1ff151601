"""Poses found again in images made by the template itself: what the fit alone can do."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.seeds.detection.exchanged_ends import exchange_spread_deg
from brachyresponse.seeds.detection.fitting import Patch, Poses, fit_poses, pose_covariance
from brachyresponse.seeds.detection.metal import seed_object
from brachyresponse.seeds.detection.pair_search import pair_starts
from brachyresponse.seeds.detection.posterior import flat_spread_mm
from brachyresponse.seeds.detection.pursuit import Search, explain
from brachyresponse.seeds.detection.template import ScannerImage, make_template

TEMPLATE = make_template(seed_object(4.5, 0.8), ScannerImage(1.0, 0.5))
CEILING_HU, TISSUE_HU = 3071.0, 40.0
SEED = Poses(np.array([[0.2, -0.1, 0.3]]), np.array([[0.36, 0.48, 0.8]]))
PAIR = Poses(np.array([[0.7, 0.0, 0.2], [-0.8, 0.2, -0.4]]), np.array([[0.0, 0.0, 1.0], [0.28, 0.0, 0.96]]))


def patch_of(poses: Poses, *, noise_hu: float = 20.0, ceiling_hu: float = CEILING_HU) -> Patch:
    axes = [np.arange(-4.2, 4.3, step) for step in (0.6, 0.6, 1.0)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3)
    image = TEMPLATE.hu(points, poses.centres_mm, poses.axes).sum(axis=0) + TISSUE_HU
    image += np.random.default_rng(0).normal(0, noise_hu, len(points))
    nothing = np.zeros(len(points))
    return Patch(points, np.minimum(image, ceiling_hu), nothing, nothing, ceiling_hu)


def axis_error_deg(fitted: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return np.rad2deg(np.arccos(np.minimum(np.abs((fitted * expected).sum(axis=-1)), 1)))


@pytest.mark.parametrize("ceiling_hu", [CEILING_HU, np.inf])
def test_a_seed_is_found_where_it_is_from_a_start_beside_it(ceiling_hu: float) -> None:
    start = Poses(SEED.centres_mm + [[0.5, 0.4, -0.6]], np.array([[0.0, 0.0, 1.0]]))
    fit = fit_poses(TEMPLATE, patch_of(SEED, ceiling_hu=ceiling_hu), start)
    np.testing.assert_allclose(fit.poses.centres_mm, SEED.centres_mm, atol=0.02)  # noise of 20 HU beside 3000
    assert axis_error_deg(fit.poses.axes, SEED.axes)[0] < 1
    assert fit.tissue_hu == pytest.approx(TISSUE_HU, abs=5)


def test_a_bright_spot_far_from_the_seed_does_not_pull_it() -> None:
    patch = patch_of(SEED)
    patch.values_hu[np.linalg.norm(patch.points_mm - [3.6, 3.6, 0], axis=1) < 1.2] = 1500
    fit = fit_poses(TEMPLATE, patch, SEED)
    np.testing.assert_allclose(fit.poses.centres_mm, SEED.centres_mm, atol=0.05)


def test_the_spread_of_a_flat_seed_is_larger_out_of_the_plane() -> None:
    flat = Poses(np.zeros((1, 3)), np.array([[1.0, 0.0, 0.0]]))
    patch = patch_of(flat)
    covariance = pose_covariance(TEMPLATE, patch, fit_poses(TEMPLATE, patch, flat))[0]
    assert covariance[2, 2] > covariance[1, 1]
    np.testing.assert_allclose(covariance, covariance.T, atol=1e-9)


def test_a_pair_is_among_the_pairs_that_the_image_allows() -> None:
    patch = patch_of(PAIR)
    starts = pair_starts(TEMPLATE, patch, np.maximum(patch.values_hu - 1000, 0), TISSUE_HU, ranks=(0, 6))
    fits = [fit_poses(TEMPLATE, patch, start) for start in starts]
    best = min(fits, key=lambda fit: fit.cost).poses
    gaps = np.linalg.norm(best.centres_mm[:, None] - PAIR.centres_mm[None], axis=-1)
    assert gaps.min(axis=0).max() < 0.1


@pytest.mark.parametrize("poses", [SEED, PAIR], ids=["one seed", "a touching pair"])
def test_as_many_seeds_are_found_as_there_are(poses: Poses) -> None:
    patch = patch_of(poses)
    fit = explain(Search(TEMPLATE, 4.5), patch, np.maximum(patch.values_hu - 1000, 0), float(len(poses)))
    assert len(fit.poses) == len(poses)


def test_touching_seeds_have_less_sure_axes_the_thicker_the_slices() -> None:
    patch = patch_of(PAIR)
    fit = fit_poses(TEMPLATE, patch, PAIR)
    thin, thick = (exchange_spread_deg(TEMPLATE, patch, fit, 4.5, slice_mm) for slice_mm in (1.0, 3.0))
    assert (thin < thick).all()
    assert (thick > 3).all()  # degrees; 1.6 mm over 4.5 mm in one of twenty


def test_seeds_apart_exchange_no_ends() -> None:
    apart = Poses(np.array([[-2.5, 0.0, 0.0], [2.5, 0.0, 0.0]]), PAIR.axes)
    patch = patch_of(apart)
    spread = exchange_spread_deg(TEMPLATE, patch, fit_poses(TEMPLATE, patch, apart), 4.5, 3.0)
    np.testing.assert_array_equal(spread, 0)


def test_the_height_of_a_seed_is_unknown_only_if_it_lies_within_one_slice() -> None:
    flat, tilted = np.array([1.0, 0.0, 0.0]), np.array([0.6, 0.0, 0.8])
    assert flat_spread_mm(flat, 4.5, 3.0) == pytest.approx(3 * flat_spread_mm(flat, 4.5, 1.0))
    assert flat_spread_mm(tilted, 4.5, 3.0) == 0
