"""Simple anatomy and plans whose distances can be told without a computer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache

import numpy as np
import pytest

from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import ImplantPlan, Needle, seeds_at
from brachyresponse.seeds import Seeds


@cache
def ball_of(name: str = "GTV", radius_mm: float = 15.0, centre_mm: tuple[float, float, float] = (0, 0, 0)) -> Structure:
    """A ball with partial voxels of 1 mm, so that its surface is exact to a twentieth of a millimetre; drawn once."""
    centre = np.array(centre_mm, float)
    grid = Grid.covering(centre - radius_mm - 2, centre + radius_mm + 2, 1.0)
    depth_mm = radius_mm - np.linalg.norm(grid.points_mm() - centre, axis=-1)
    return Structure(name, np.clip(depth_mm + 0.5, 0, 1), grid)


def box_of(name: str, lower_mm: tuple[float, float, float], upper_mm: tuple[float, float, float]) -> Structure:
    """A box whose faces lie half-way between voxels of 1 mm: its surface is exact."""
    lower, upper = np.array(lower_mm), np.array(upper_mm)
    grid = Grid.covering(lower - 2.5, upper + 2.5, 1.0)
    points = grid.points_mm()
    return Structure(name, ((points > lower) & (points < upper)).all(axis=-1), grid)


def plan_with(needles: tuple[Needle, ...], seeds: Seeds, **fields: object) -> ImplantPlan:
    """A plan of 120 Gy to ``GTV`` with amersham_6711, made five days before the implant."""
    known: dict = {
        "patient_id": "PAT-1",
        "frame_of_reference_uid": "1.2.3",
        "created": datetime(2026, 3, 1, 14, 5),
        "implant_date": date(2026, 3, 6),
        "planning_image_date": date(2026, 3, 1),
        "target": "GTV",
        "source": "amersham_6711",
        "prescription_gy": 120.0,
    }
    return ImplantPlan(needles=needles, seeds=seeds, **(known | fields))


def along_y(number: int = 1, x_mm: float = 0.0, z_mm: float = 0.0) -> Needle:
    """A needle straight to the back (100 mm long), its depth 50 at the middle of the ball."""
    return Needle(number, np.array([x_mm, 50.0, z_mm]), np.array([x_mm, -50.0, z_mm]))


def seeds_on(needle: Needle, *depths_mm: float, strength_u: float = 0.6) -> Seeds:
    return seeds_at(needle, np.array(depths_mm), strength_u)


@pytest.fixture(scope="session")
def ball() -> Callable[..., Structure]:
    return ball_of


@pytest.fixture(scope="session")
def box() -> Callable[..., Structure]:
    return box_of


@pytest.fixture(scope="session")
def straight_needle() -> Callable[..., Needle]:
    return along_y


@pytest.fixture(scope="session")
def seeds_along() -> Callable[..., Seeds]:
    return seeds_on


@pytest.fixture(scope="session")
def plan_of() -> Callable[..., ImplantPlan]:
    return plan_with


@pytest.fixture
def a_plan() -> ImplantPlan:
    """Three needles 10 mm apart, two seeds each at 10 mm, one free seed."""
    needles = tuple(along_y(n, x) for n, x in ((1, -10.0), (2, 0.0), (3, 10.0)))
    seeds = Seeds.none()
    for needle in needles:
        seeds = seeds.joined(seeds_on(needle, 45.0, 55.0))
    free = Seeds(np.array([[0.0, 0.0, 8.0]]), np.array([[0.0, 0.0, 1.0]]), np.array([0.6]), np.array([False]))
    return plan_with(needles, seeds.joined(free))
