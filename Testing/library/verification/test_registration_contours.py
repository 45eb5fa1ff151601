"""Plan and implant brought together by the outline of the target."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.geometry import Grid, Structure, grow_structure
from brachyresponse.verification import Registration, RegistrationScan, register
from moved_head import TUMOUR_MM, MovedHead, rigid
from solids import ball, grid_round

LOCAL_MM = (tuple(TUMOUR_MM - 26), tuple(TUMOUR_MM + 26))
INSIDE_MM = TUMOUR_MM + np.random.default_rng(0).uniform(-7, 7, (50, 3))


def drawn(motion: np.ndarray, spacing_mm: float = 1.5) -> Structure:
    return MovedHead(motion, spacing_mm, LOCAL_MM).target


def by_contours(plan: Structure, implant: Structure) -> Registration:
    return register(RegistrationScan(target=plan), RegistrationScan(target=implant), method="contours")


def errors_mm(registration: Registration, motion: np.ndarray) -> np.ndarray:
    """How far points in the target are carried past where they are."""
    return np.linalg.norm(registration.to_implant(INSIDE_MM) - MovedHead(motion).of(INSIDE_MM), axis=1)


def test_an_offset_of_15_mm_and_10_degrees_is_found_inside_the_target() -> None:
    motion = rigid((9, -9, 8), 10)
    registration = by_contours(drawn(np.eye(4)), drawn(motion))
    # The outline is nearly round: most of what is left is a turn that it does not tell.
    assert errors_mm(registration, motion).mean() < 0.6
    assert registration.residual_mm < 0.1  # a fifteenth of a voxel
    assert registration.residual_is.startswith("Mean distance between the target's outline")


@settings(max_examples=4)
@given(st.tuples(*[st.floats(-60, 60)] * 3))
def test_a_shift_is_found_however_long(shift_mm: tuple[float, ...]) -> None:
    motion = rigid(shift_mm, 0)
    registration = by_contours(drawn(np.eye(4)), drawn(motion))
    assert errors_mm(registration, motion).max() < 0.3  # a fifth of a voxel


def test_a_long_target_tells_its_turn() -> None:
    def cigar(motion: np.ndarray) -> Structure:
        grid = Grid.covering(TUMOUR_MM - 30, TUMOUR_MM + 30, 1.5)
        local = (grid.points_mm() - motion[:3, 3]) @ motion[:3, :3] - TUMOUR_MM
        return Structure("GTV", np.linalg.norm(local / [24, 12, 7], axis=-1) < 1, grid)

    motion = rigid((0, 0, 0), 8)
    registration = by_contours(cigar(np.eye(4)), cigar(motion))
    assert errors_mm(registration, motion).mean() < 0.4  # a quarter of a voxel
    assert registration.turn_deg == pytest.approx(8, abs=1.0)  # 0.4 mm at the ends
    assert registration.warnings == ()


def test_a_round_target_is_not_turned_and_it_is_said() -> None:
    there = ball(grid_round(20, shift_mm=(5, 3, 1)), 12, centre_mm=(5, 3, 1))
    registration = by_contours(ball(grid_round(20), 12), there)
    assert registration.turn_deg < 0.01
    np.testing.assert_allclose(registration.matrix[:3, 3], [5, 3, 1], atol=0.01)  # the same voxels, moved
    assert "too round to tell how the patient is turned" in registration.warnings[0]


def test_a_swollen_target_is_warned_of_and_its_outlines_stay_apart() -> None:
    before = drawn(np.eye(4))
    registration = by_contours(before, grow_structure(before, 3.0))
    assert registration.residual_mm == pytest.approx(3.0, abs=0.3)  # a fifth of a voxel
    apart, larger = registration.warnings[-2:]
    assert f"lie {registration.residual_mm:.1f} mm apart" in apart
    assert "volume changed by +" in larger


def test_the_same_outlines_give_the_same_registration() -> None:
    sides = drawn(np.eye(4)), drawn(rigid((2, 1, 0), 4))
    assert np.array_equal(by_contours(*sides).matrix, by_contours(*sides).matrix)
