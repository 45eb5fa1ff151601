"""A registration as a value: what it carries over, and the method that changes nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from brachyresponse.errors import RegistrationError, StructureError
from brachyresponse.geometry import Grid
from brachyresponse.seeds import Seeds
from brachyresponse.verification import Registration, RegistrationMethod, RegistrationScan, register
from moved_head import TUMOUR_MM, rigid
from solids import ball, grid_round

MOTION = rigid((9, -9, 8), 10)


def a_registration(matrix: object = MOTION) -> Registration:
    return Registration(RegistrationMethod.BONE, matrix, 0.4, "Median distance.")


def test_points_go_there_and_back() -> None:
    points = np.random.default_rng(1).uniform(-50, 50, (4, 5, 3))
    registration = a_registration()
    np.testing.assert_allclose(registration.to_implant(TUMOUR_MM), TUMOUR_MM + [9, -9, 8], atol=1e-9)  # rounding
    np.testing.assert_allclose(registration.to_plan(registration.to_implant(points)), points, atol=1e-9)


def test_shift_and_turn_are_told() -> None:
    moved_only = np.eye(4)
    moved_only[:3, 3] = [3, 0, -4]
    assert a_registration(moved_only).shift_mm == 5
    assert a_registration(moved_only).turn_deg == 0
    assert a_registration().turn_deg == pytest.approx(10, abs=1e-6)  # rounding of an arc cosine


def test_seeds_are_moved_with_their_axes_and_keep_the_rest() -> None:
    seeds = Seeds([[36, 8, 32], [40, 8, 32]], [[0, 0, 1], [1, 0, 0]], [0.5, 0.6], [True, False], [3, 0])
    carried = a_registration().seeds(seeds)
    ends = seeds.positions_mm + seeds.directions
    np.testing.assert_allclose(carried.positions_mm + carried.directions, a_registration().to_implant(ends), atol=1e-9)
    assert replace(carried, positions_mm=seeds.positions_mm, directions=seeds.directions) == seeds


def test_a_structure_keeps_its_volume_on_its_own_voxels_and_nearly_on_others() -> None:
    target = ball(grid_round(16), 12, centre_mm=(1, 2, 3))
    registration = a_registration()
    assert registration.structure(target).volume_cc == target.volume_cc
    there = registration.to_implant([1.0, 2, 3])
    carried = registration.structure(target, Grid.covering(there - 20, there + 20, 1.5))
    np.testing.assert_allclose(carried.centre_mm, there, atol=0.05)  # 1/30 of a voxel
    assert carried.volume_cc == pytest.approx(target.volume_cc, rel=0.01)  # interpolated occupancy


def test_a_structure_that_misses_the_grid_is_refused() -> None:
    with pytest.raises(StructureError, match="'ball' lies outside the grid"):
        a_registration().structure(ball(grid_round(8), 5), Grid.covering([300] * 3, [320] * 3, 2.0))


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.diag([1.1, 1, 1, 1]), "stretches, shears or mirrors"),
        (np.diag([-1.0, 1, 1, 1]), "stretches, shears or mirrors"),
        (np.eye(3), "needs a finite 4 x 4 matrix"),
        (np.full((4, 4), np.nan), "needs a finite 4 x 4 matrix"),
    ],
)
def test_a_matrix_that_is_not_rigid_is_refused(matrix: object, message: str) -> None:
    with pytest.raises(RegistrationError, match=message):
        a_registration(matrix)


class TestNone:
    """Coordinates taken over as they are."""

    def test_in_one_frame_of_reference_nothing_moves_and_nothing_is_warned_of(self) -> None:
        sides = RegistrationScan(frame_of_reference_uid="2.25.1"), RegistrationScan(frame_of_reference_uid="2.25.1")
        registration = register(*sides, method="none")
        assert np.array_equal(registration.matrix, np.eye(4))
        assert registration.residual_mm is None
        assert registration.residual_is.startswith("Nothing was registered")
        assert registration.warnings == ()

    def test_two_frames_of_reference_are_refused(self) -> None:
        sides = RegistrationScan(frame_of_reference_uid="2.25.1"), RegistrationScan(frame_of_reference_uid="2.25.2")
        with pytest.raises(
            RegistrationError, match=r"different frames of reference \(2.25.1 and 2.25.2\).*register them"
        ):
            register(*sides, method=RegistrationMethod.NONE)

    def test_an_unknown_frame_of_reference_is_warned_of(self) -> None:
        registration = register(RegistrationScan(frame_of_reference_uid="2.25.1"), RegistrationScan(), method="none")
        assert "not known whether plan and implant CT share one frame" in registration.warnings[0]


def test_the_seeds_are_no_way_to_register() -> None:
    assert set(RegistrationMethod) == {"none", "bone", "soft_tissue", "contours"}
    with pytest.raises(
        RegistrationError, match="no registration method 'seeds': choose one of none, bone, soft_tissue"
    ):
        register(RegistrationScan(), RegistrationScan(), method="seeds")


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("bone", "Registration on bone needs the plan CT"),
        ("soft_tissue", "Registration on soft tissue needs the plan CT"),
        ("contours", "needs the target on the plan CT: draw it there"),
    ],
)
def test_what_a_method_needs_is_said(method: str, message: str) -> None:
    with pytest.raises(RegistrationError, match=message):
        register(RegistrationScan(), RegistrationScan(), method=method)
