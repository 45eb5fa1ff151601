"""Plan and implant CT brought together by bone, or by the soft tissue round the target.

Both CTs are painted anew from the head's exact shapes, each with noise of its own, on voxels of 3 mm.
"""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import Cancelled, RegistrationError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.verification import Registration, RegistrationScan, register
from moved_head import TUMOUR_MM, MovedHead, rigid

SPACING_MM = 3.0
HALF_HEAD_MM = ((-84, -105, -5), (84, 105, 75))
STILL = MovedHead(np.eye(4), SPACING_MM)
MOVED = MovedHead(rigid((9, -9, 8), 10), SPACING_MM)
SEEDS_MM = TUMOUR_MM + np.random.default_rng(7).uniform(-9, 9, (15, 3))


@pytest.fixture(scope="module")
def plan() -> RegistrationScan:
    return RegistrationScan(STILL.ct(), STILL.target)


@pytest.fixture(scope="module")
def implant() -> RegistrationScan:
    """15 mm and 10 degrees away, every seed 6 mm deeper than planned."""
    return implanted(MOVED, SEEDS_MM + [0, 0, -6])


def implanted(head: MovedHead, seeds_mm: np.ndarray) -> RegistrationScan:
    seeds_there = head.of(seeds_mm)
    return RegistrationScan(head.ct(seeds_mm=seeds_there, random_seed=1), seeds_mm=seeds_there)


def error_mm(registration: Registration, before: MovedHead, after: MovedHead) -> float:
    """How far points up to 15 mm from the tumour's centre are carried past where they are, on average."""
    points = TUMOUR_MM + np.random.default_rng(0).uniform(-15, 15, (60, 3))
    return float(np.linalg.norm(registration.to_implant(before.of(points)) - after.of(points), axis=1).mean())


@pytest.fixture(scope="module")
def on_bone(plan: RegistrationScan, implant: RegistrationScan) -> Registration:
    return register(plan, implant, method="bone")


@pytest.fixture(scope="module")
def on_soft_tissue(plan: RegistrationScan, implant: RegistrationScan) -> Registration:
    return register(plan, implant, method="soft_tissue")


def test_bone_finds_15_mm_and_10_degrees_whatever_the_seeds_did(on_bone: Registration) -> None:
    assert error_mm(on_bone, STILL, MOVED) < 0.2  # 0.02 mm with voxels of 2.5 mm
    assert on_bone.residual_mm < 0.6  # a fifth of a voxel: what the surface of coarse voxels is good to
    assert on_bone.residual_is.startswith("Median distance between the bone surfaces")
    assert on_bone.warnings == ()


def test_soft_tissue_finds_them_less_exactly_and_gives_no_residual_in_mm(on_soft_tissue: Registration) -> None:
    assert error_mm(on_soft_tissue, STILL, MOVED) < 1.0  # a third of a voxel; 0.3 to 0.6 mm with voxels of 2.5 mm
    assert on_soft_tissue.residual_mm is None
    assert "they tell no distance" in on_soft_tissue.residual_is


@pytest.mark.validation
def test_the_same_images_give_the_same_registration(
    plan: RegistrationScan, implant: RegistrationScan, on_bone: Registration
) -> None:
    assert np.array_equal(register(plan, implant, method="bone").matrix, on_bone.matrix)


@pytest.mark.validation
def test_a_table_far_away_and_a_shorter_scan_are_no_hindrance(plan: RegistrationScan) -> None:
    head = MovedHead(rigid((-60, 80, 150), 5), SPACING_MM, HALF_HEAD_MM)
    registration = register(plan, implanted(head, SEEDS_MM), method="bone")
    assert error_mm(registration, STILL, head) < 0.4  # half the skull holds the turn less tightly


@pytest.mark.validation
def test_a_plan_of_less_than_the_implant_ct_shows_is_laid_on_it(implant: RegistrationScan) -> None:
    head = MovedHead(np.eye(4), SPACING_MM, HALF_HEAD_MM)
    registration = register(RegistrationScan(head.ct()), implant, method="bone")
    assert error_mm(registration, head, MOVED) < 0.4


def test_the_user_may_cancel(plan: RegistrationScan, implant: RegistrationScan) -> None:
    told: list[float] = []

    def stop_at_a_third(fraction: float, message: str) -> None:
        told.append(fraction)
        if fraction > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        register(plan, implant, method="bone", report=stop_at_a_third)
    assert told == sorted(told)
    assert told[-1] < 0.6


def test_without_bone_it_is_refused(plan: RegistrationScan) -> None:
    ct = plan.ct
    soft = RegistrationScan(Volume("Soft CT", np.minimum(ct.values, 100), ct.grid, "HU"))
    with pytest.raises(RegistrationError, match=r"'Soft CT' shows 0\.0 cc of bone above 250 HU.*register on soft"):
        register(plan, soft, method="bone")


def test_air_is_refused_on_soft_tissue(plan: RegistrationScan) -> None:
    air = RegistrationScan(Volume("Air", np.full_like(plan.ct.values, -1000), plan.ct.grid, "HU"))
    with pytest.raises(RegistrationError, match=r"'Air' shows 0\.0 cc of tissue above -300 HU.*check that it is a CT"):
        register(plan, air, method="soft_tissue")


def test_soft_tissue_needs_a_target_on_either_side(plan: RegistrationScan, implant: RegistrationScan) -> None:
    with pytest.raises(RegistrationError, match="needs the target on one of the two CTs"):
        register(RegistrationScan(plan.ct), implant, method="soft_tissue")


def test_a_target_outside_the_ct_has_no_soft_tissue_round_it(plan: RegistrationScan, implant: RegistrationScan) -> None:
    far = Grid.covering([500] * 3, [510] * 3, 2.0)
    target = Structure("GTV", np.ones(far.shape_kji, bool), far)
    scan = RegistrationScan(implant.ct, target, implant.seeds_mm)
    with pytest.raises(RegistrationError, match=r"shows 0\.0 cc of soft tissue round the target"):
        register(plan, scan, method="soft_tissue")


def test_a_few_slices_are_too_thin() -> None:
    thin = Volume("Topogram", np.zeros((2, 40, 40), np.int16), Grid((2, 40, 40), np.diag([2.0, 2, 2, 1])), "HU")
    with pytest.raises(RegistrationError, match=r"'Topogram' has 40 x 40 x 2 voxels.*too thin"):
        register(RegistrationScan(thin), RegistrationScan(thin), method="bone")
