"""Seeds near organs at risk, and seeds far from where seeds belong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from brachyresponse.planning import StructureSurface
from brachyresponse.seeds import Seeds
from brachyresponse.verification import MigrationLimits, migrated_seeds, organ_distances, seeds_near_organs
from brachyresponse.verification.migration import nearest_seed_mm, outside_target_mm

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


def migrated(positions_mm: list[list[float]], a_ball: Callable, limits: MigrationLimits) -> list[int]:
    places = np.array(positions_mm)
    outside_mm = outside_target_mm(places, [StructureSurface(a_ball("GTV", 12.0))])
    return [seed.seed for seed in migrated_seeds(places, nearest_seed_mm(places), outside_mm, limits)]


def test_a_seed_far_from_every_other_has_migrated(a_ball: Callable) -> None:
    places = [[0.0, 0, 0], [5.0, 0, 0], [31.0, 0, 0]]
    assert migrated(places, a_ball, MigrationLimits(20.0, None)) == [2]
    assert migrated(places, a_ball, MigrationLimits(27.0, None)) == []


def test_two_seeds_that_went_astray_together_are_found_by_the_target(a_ball: Callable) -> None:
    places = [[0.0, 0, 0], [5.0, 0, 0], [60.0, 0, 0], [64.0, 0, 0]]
    assert migrated(places, a_ball, MigrationLimits(20.0, None)) == []
    assert migrated(places, a_ball, MigrationLimits(20.0, 20.0)) == [2, 3]


def test_a_lone_seed_inside_the_target_has_not_migrated(a_ball: Callable) -> None:
    assert migrated([[0.0, 0, 0]], a_ball, MigrationLimits(20.0, 20.0)) == []
    assert migrated([[11.0, 0, 0], [-11.0, 0, 0]], a_ball, MigrationLimits(20.0, 20.0)) == []


def test_the_reason_names_the_limit(a_ball: Callable) -> None:
    places = np.array([[0.0, 0, 0], [60.0, 0, 0]])
    outside_mm = outside_target_mm(places, [StructureSurface(a_ball("GTV", 12.0))])
    (seed,) = migrated_seeds(places, nearest_seed_mm(places), outside_mm, MigrationLimits())
    assert seed.reason == "60 mm from its nearest seed (limit 15 mm) and 48 mm outside the target (limit 20 mm)"
    assert seed.nearest_seed_mm == pytest.approx(60)
