"""MR images of different contrast brought together, and structures carried with them."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import Cancelled, RegistrationError, StructureError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.lesions import MrRegistration, carry_structure, register_mr
from painted_head import head_grid, painted, turned

SLAB = Grid((16, 50, 44), np.array([[-4.0, 0, 0, 86], [0, -4, 0, 98], [0, 0, 6, -24], [0, 0, 0, 1]]))
MOTION = turned((4, -3, 5), (5, -4, 6))
BALL_GRID = Grid.covering([-20, -20, -20], [20, 20, 20], 1.0)
BALL = Structure("Lesion", np.linalg.norm(BALL_GRID.points_mm(), axis=-1) < 10, BALL_GRID)
BALL_CC = 4 / 3 * np.pi


def a_registration(matrix: np.ndarray) -> MrRegistration:
    return MrRegistration(matrix, 0.1, "")


@pytest.fixture(scope="module")
def images() -> tuple[Volume, Volume]:
    """A dynamic series' mean after a motion, and the whole head before it."""
    return painted(SLAB, motion=MOTION, contrast="t2star", random_seed=1), painted(head_grid(4.0))


@pytest.fixture(scope="module")
def registration(images: tuple[Volume, Volume]) -> MrRegistration:
    return register_mr(*images)


def test_t1_after_contrast_is_brought_to_a_slab_of_another_contrast(registration: MrRegistration) -> None:
    points = np.random.default_rng(0).uniform([-60, -80, -20], [60, 80, 60], (200, 3))
    off = registration.to_fixed(points) - (points @ MOTION[:3, :3].T + MOTION[:3, 3])
    assert np.linalg.norm(off, axis=1).max() < 1.0  # a quarter of a voxel
    assert registration.turn_deg == pytest.approx(7.0, abs=0.5)
    assert registration.warnings == ()


def test_the_residual_is_small_and_says_what_it_measures(registration: MrRegistration) -> None:
    assert 0 < registration.residual_mm < 0.6
    assert "how repeatable it is, not how true" in registration.residual_is


def test_a_cancelled_registration_stops(images: tuple[Volume, Volume]) -> None:
    def stop(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        register_mr(*images, report=stop)


def test_an_empty_image_is_refused(images: tuple[Volume, Volume]) -> None:
    empty = Volume("Blank", np.zeros(SLAB.shape_kji), SLAB)
    with pytest.raises(RegistrationError, match="'Blank' shows 0 cc of tissue"):
        register_mr(images[0], empty)


@pytest.mark.parametrize("spacing_mm", [(1.0, 1.0, 5.0), (1.8, 1.8, 0.6)], ids=["thick slices", "thin slices"])
def test_a_carried_structure_keeps_volume_and_place(spacing_mm: tuple[float, float, float]) -> None:
    matrix = np.diag([*spacing_mm, 1.0])
    matrix[:3, 3] = -30
    grid = Grid(tuple(np.ceil(70 / np.array(spacing_mm[::-1])).astype(int)), matrix)
    carried = carry_structure(BALL, a_registration(turned((10, 20, 30), (3, 4, -2))), grid)
    assert carried.volume_cc == pytest.approx(BALL_CC, rel=0.02)  # the ball's own voxels
    np.testing.assert_allclose(carried.centre_mm, (3, 4, -2), atol=0.1)
    assert carried.name == "Lesion"


def test_without_a_registration_it_stays_where_it_is() -> None:
    carried = carry_structure(BALL, None, Grid.covering([-15] * 3, [15] * 3, 2.0))
    np.testing.assert_allclose(carried.centre_mm, (0, 0, 0), atol=0.05)


def test_a_structure_outside_the_field_of_view_is_refused() -> None:
    with pytest.raises(StructureError, match="0% of 'Lesion' lies in the field of view"):
        carry_structure(BALL, a_registration(turned((0, 0, 0), (0, 0, 80))), BALL_GRID)
