"""The search for the motion under which two images agree, on small images of a few blobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from brachyresponse.errors import Cancelled, RegistrationError
from brachyresponse.geometry import Grid
from brachyresponse.progress import ignore_progress
from brachyresponse.registration import ImagePair, Measure, inverse, refine, search
from moved_head import rigid

STILL = np.eye(4)
CENTRES_MM = np.random.default_rng(3).uniform(-16, 16, (8, 3))


def shift(shift_mm: Sequence[float]) -> np.ndarray:
    motion = np.eye(4)
    motion[:3, 3] = shift_mm
    return motion


def blobs(grid: Grid, motion: np.ndarray = STILL) -> np.ndarray:
    """Blobs of different brightness after a motion."""
    centres = CENTRES_MM @ motion[:3, :3].T + motion[:3, 3]
    points = grid.points_mm()
    each = ((n + 1) * 100 * np.exp(-np.sum((points - centre) ** 2, axis=-1) / 72) for n, centre in enumerate(centres))
    return sum(each).astype(np.float32)


def a_pair(motion: np.ndarray = STILL, *, moving_grid: Grid | None = None) -> ImagePair:
    """The blobs, and the same after a motion: the answer is that motion."""
    grid = Grid.covering([-30] * 3, [30] * 3, 2.0)
    moving_grid = moving_grid or Grid.covering([-40] * 3, [40] * 3, 2.0)
    everything, usable = np.ones(grid.shape_kji, bool), np.ones(moving_grid.shape_kji, bool)
    return ImagePair(blobs(grid), grid, everything, blobs(moving_grid, motion), moving_grid, usable)


def test_a_motion_is_found_from_afar_and_then_exactly() -> None:
    motion = shift([6, -4, 5])
    motion[:3, :3] = rigid((0, 0, 0), 9)[:3, :3]
    pair = a_pair(motion)
    found = search(pair, [STILL], ignore_progress)
    assert np.linalg.norm((found - motion)[:3, 3]) < 2.0  # a voxel: what the first step is for
    found = refine(pair, found, ignore_progress)
    np.testing.assert_allclose(found[:3, 3], motion[:3, 3], atol=0.1)  # a twentieth of a voxel
    np.testing.assert_allclose(found[:3, :3], motion[:3, :3], atol=0.005)  # 0.15 mm at 30 mm


@pytest.mark.validation
def test_images_of_opposite_contrast_are_laid_together_by_mutual_information() -> None:
    motion = shift([5, -3, 4])
    pair = a_pair(motion)
    turned_round = replace(pair, moving=pair.moving.max() - pair.moving, measure=Measure.MUTUAL_INFORMATION)
    assert turned_round.agreement(motion) > 2 * turned_round.agreement(STILL)
    found = refine(turned_round, search(turned_round, [STILL], ignore_progress), ignore_progress)
    np.testing.assert_allclose(found[:3, 3], motion[:3, 3], atol=0.2)  # a tenth of a voxel


def test_a_start_60_mm_off_along_the_body_is_mended() -> None:
    pair = a_pair()
    found = search(pair, [shift([0, 0, 60])], ignore_progress)
    assert np.linalg.norm(found[:3, 3]) < 2.0  # a voxel


def test_a_motion_there_and_back_is_none() -> None:
    motion = rigid((3, 4, 5), 30)
    np.testing.assert_allclose(inverse(motion) @ motion, np.eye(4), atol=1e-12)  # rounding


def test_correlation_is_one_in_place_and_less_beside_it() -> None:
    pair = a_pair()
    assert pair.correlation(STILL) == pytest.approx(1, abs=1e-6)  # float32
    assert pair.correlation(shift([8, 0, 0])) < 0.9


def test_what_leaves_the_other_image_counts_as_dark_or_not_at_all() -> None:
    half = a_pair(moving_grid=Grid.covering([-30, -30, -30], [0, 30, 30], 2.0))
    assert half.overlap(STILL) == pytest.approx(0.5, abs=0.03)  # a layer of voxels
    assert half.correlation(STILL) < 0.9
    assert half.correlation(STILL, outside_counts=False) == pytest.approx(1, abs=1e-6)  # float32


def test_an_even_image_correlates_with_nothing() -> None:
    pair = a_pair(moving_grid=Grid.covering([300] * 3, [310] * 3, 2.0))
    assert pair.correlation(STILL) == 0
    assert pair.correlation(STILL, outside_counts=False) == 0


def test_images_without_a_common_part_are_refused() -> None:
    apart = a_pair(moving_grid=Grid.covering([300] * 3, [360] * 3, 2.0))
    with pytest.raises(RegistrationError, match="no common part of the patient, wherever they are laid"):
        search(apart, [STILL], ignore_progress)


def test_too_small_a_common_part_is_not_believed() -> None:
    corner = a_pair(moving_grid=Grid.covering([5, 5, 5], [30, 30, 30], 2.0))
    with pytest.raises(RegistrationError, match=r"Only \d+% of what one image shows .* at least 30% are needed"):
        refine(corner, STILL, ignore_progress)


def test_a_wish_to_stop_ends_it() -> None:
    def stop_under_way(fraction: float, message: str) -> None:
        if fraction > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        refine(a_pair(shift([3, 0, 0])), STILL, stop_under_way)
