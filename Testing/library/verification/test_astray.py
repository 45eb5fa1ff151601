"""Seeds near organs at risk, and seeds far from where seeds belong."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from scipy.spatial import cKDTree

from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import StructureSurface
from brachyresponse.seeds import Seeds, align_for_pairing, match_seeds
from brachyresponse.verification import (
    MigrationLimits,
    SeedPlaces,
    migrated_seeds,
    organ_distances,
    seeds_near_organs,
)
from reference import REFERENCE, needs_reference

TO_CORD, ACROSS = [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]


def seeds_before_the_cord(direction: list[float], *, known: bool = True) -> Seeds:
    """One seed whose centre lies 6 mm before the cord's surface, which is at y = -16, and one far away."""
    return Seeds(np.array([[0.0, -10.0, 0.0], [0.0, 10.0, 0.0]]), np.array([direction, ACROSS]), 0.5, known)


@pytest.mark.parametrize(
    ("direction", "known", "distance_mm"),
    [
        (TO_CORD, True, 6 - 2.25),  # its end points at the cord
        (ACROSS, True, 6 - 0.4),  # its side does
        (ACROSS, False, 6 - 2.25),  # not known: the end is assumed
    ],
)
def test_the_distance_to_an_organ_is_that_of_the_seeds_surface(
    direction: list[float], known: bool, distance_mm: float, anatomy_of: Callable
) -> None:
    distances = organ_distances(seeds_before_the_cord(direction, known=known), anatomy_of())
    assert distances["Cord"][0] == pytest.approx(distance_mm, abs=0.15)  # the surface is known to a fraction of 1 mm


def test_a_seed_inside_an_organ_has_a_negative_distance(anatomy_of: Callable) -> None:
    inside = Seeds(np.array([[0.0, -22.0, 0.0]]), np.array([ACROSS]), 0.5)
    assert organ_distances(inside, anatomy_of())["Cord"][0] < -4


def test_seeds_near_an_organ_are_listed_nearest_first(anatomy_of: Callable) -> None:
    seeds = Seeds(np.array([[0.0, 5.0, 0], [0.0, -9.0, 0], [0.0, -13.0, 0]]), np.tile(ACROSS, (3, 1)), 0.5)
    near = seeds_near_organs(seeds, organ_distances(seeds, anatomy_of()), within_mm=8.0)
    assert [(found.seed, found.organ) for found in near] == [(2, "Cord"), (1, "Cord")]


def test_structures_to_avoid_count_as_organs(anatomy_of: Callable) -> None:
    anatomy = anatomy_of(organs=(), avoid=("Cord",))
    assert list(organ_distances(seeds_before_the_cord(ACROSS), anatomy)) == ["Cord"]


def places_of(found_mm: list[list[float]], a_ball: Callable, planned_mm: list[list[float]] | None = None) -> SeedPlaces:
    """Found seeds round a tumour of 12 mm radius; planned where they were found unless given."""
    found, planned = np.array(found_mm), np.array(planned_mm or found_mm)
    match = match_seeds(planned, found, max_distance_mm=8.0)
    return SeedPlaces.of(found, planned, match, [StructureSurface(a_ball("GTV", 12.0))])


def astray(places: SeedPlaces, **limits: float) -> list[int]:
    """Which seeds have migrated by some limits and no others."""
    none = {"nearest_seed_mm": None, "off_plan_mm": None, "outside_target_mm": None}
    return [seed.seed for seed in migrated_seeds(places, MigrationLimits(**(none | limits)))]


def test_a_seed_far_from_every_other_has_migrated(a_ball: Callable) -> None:
    places = places_of([[0.0, 0, 0], [5.0, 0, 0], [31.0, 0, 0]], a_ball)
    assert astray(places, nearest_seed_mm=20.0) == [2]
    assert astray(places, nearest_seed_mm=27.0) == []


def test_two_seeds_that_went_astray_together_are_found_by_the_target(a_ball: Callable) -> None:
    places = places_of([[0.0, 0, 0], [5.0, 0, 0], [60.0, 0, 0], [64.0, 0, 0]], a_ball)
    assert astray(places, nearest_seed_mm=20.0) == []
    assert astray(places, outside_target_mm=20.0) == [2, 3]


def test_a_seed_where_none_was_planned_has_migrated(a_ball: Callable) -> None:
    planned = [[0.0, 0, 0], [10.0, 0, 0], [0.0, 10, 0]]
    found = [[0.0, 0, 0], [10.0, 0, 0], [19.0, 9.0, 0]]
    places = places_of(found, a_ball, planned)
    np.testing.assert_allclose(places.off_plan_mm, [0, 0, np.hypot(9, 9)])
    assert astray(places, off_plan_mm=10.0) == [2]
    assert astray(places, nearest_seed_mm=15.0) == []


def test_a_shift_of_the_whole_implant_is_no_migration(a_ball: Callable) -> None:
    planned = [[0.0, 0, 0], [10.0, 0, 0], [20.0, 0, 0]]
    found = [[3.0, 6, 0], [13.0, 6, 0], [23.0, 6, 0]]
    assert astray(places_of(found, a_ball, planned), off_plan_mm=5.0) == []  # 6.7 mm, but each has a partner
    aligned = match_seeds(planned, found, max_distance_mm=4.0, alignment=align_for_pairing(planned, found))
    surface = StructureSurface(a_ball("GTV", 12.0))
    assert astray(SeedPlaces.of(np.array(found), np.array(planned), aligned, [surface]), off_plan_mm=5.0) == []


def test_a_lone_seed_inside_the_target_has_not_migrated(a_ball: Callable) -> None:
    assert migrated_seeds(places_of([[0.0, 0, 0]], a_ball), MigrationLimits()) == ()
    assert migrated_seeds(places_of([[11.0, 0, 0], [-11.0, 0, 0]], a_ball), MigrationLimits()) == ()


def test_the_reason_names_the_limits(a_ball: Callable) -> None:
    (seed,) = migrated_seeds(places_of([[0.0, 0, 0], [60.0, 0, 0]], a_ball, [[0.0, 0, 0]]), MigrationLimits())
    assert seed.reason == (
        "60 mm from its nearest seed (limit 15 mm) and 60 mm from the nearest planned place (limit 10 mm) "
        "and 48 mm outside the target (limit 20 mm)"
    )
    assert seed.nearest_seed_mm == pytest.approx(60)


@needs_reference("ct_seeds")
@pytest.mark.parametrize(
    "case", ["dev1_pelvis_1mm", "dev2_pelvis_2.5mm", "dev3_headneck_2mm_oblique", "dev4_pelvis_3mm_lowdose_oblique"]
)
def test_exactly_the_migrated_seeds_of_the_phantoms_are_flagged(case: str) -> None:
    path = REFERENCE / "ct_seeds" / f"{case}.truth.json"
    truth = json.loads(path.read_text(encoding="utf-8"))["seeds"]
    found = np.array([seed["center_ras_mm"] for seed in truth])
    planned = np.array([seed["planned_center_ras_mm"] for seed in truth])
    grid = Grid.covering(planned.min(axis=0) - 8, planned.max(axis=0) + 8, 1.0)
    to_plan_mm = cKDTree(planned).query(grid.points_mm().reshape(-1, 3))[0].reshape(grid.shape_kji)
    target = StructureSurface(Structure("within 5 mm of the plan", to_plan_mm < 5, grid))
    places = SeedPlaces.of(found, planned, match_seeds(planned, found), [target])
    flagged = [seed.seed for seed in migrated_seeds(places, MigrationLimits())]
    assert flagged == [n for n, seed in enumerate(truth) if seed["kind"] == "migrated"]
