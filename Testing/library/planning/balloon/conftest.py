"""A balloon plan to be changed, and a head with a balloon in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import PlanAnatomy, PlanRoles, parse_limit
from brachyresponse.planning.balloon import BalloonPlan, BalloonSphere, sphere_occupancy

FILLED = datetime(2026, 3, 2, 10)
BALLOON_RADIUS_MM = 5.5
PlanMaker = Callable[..., BalloonPlan]


@pytest.fixture(scope="session")
def balloon_plan() -> PlanMaker:
    """Return a plan of a 2 cm sphere, 60 Gy at 1 cm in 118.05 h, with some fields changed."""
    plan = BalloonPlan(
        patient_id="P1",
        frame_of_reference_uid="1.2.3",
        created=datetime(2026, 3, 1, 9),
        balloon=BalloonSphere((0.0, 0.0, 0.0), 20.0),
        activity_mbq=167 * 37.0,
        assayed=FILLED,
        filled=FILLED,
        removed=datetime(2026, 3, 7, 8, 3),
        prescription_gy=60.0,
        prescription_depth_mm=10.0,
    )

    def make(**changed: Any) -> BalloonPlan:
        return replace(plan, **changed)

    return make


@pytest.fixture(scope="session")
def no_anatomy() -> PlanAnatomy:
    return PlanAnatomy({}, PlanRoles())


@pytest.fixture(scope="session")
def head() -> PlanAnatomy:
    """A small balloon; the skull 6 mm to its right, air on its front, the chiasm 8 mm to its left."""
    grid = Grid.covering([-20, -18, -18], [22, 18, 18], 1.0)
    points = grid.points_mm()
    balloon = sphere_occupancy(grid, np.zeros(3), BALLOON_RADIUS_MM)
    air = np.linalg.norm(points - [0, BALLOON_RADIUS_MM, 0], axis=-1) < 3
    structures = {
        "Balloon": Structure("Balloon", balloon, grid),
        "Skull": Structure("Skull", points[..., 0] > BALLOON_RADIUS_MM + 6, grid),
        "Air": Structure("Air", air & (balloon == 0), grid),
        "Chiasm": Structure("Chiasm", np.linalg.norm(points - [-16, 0, 0], axis=-1) < 3, grid),
    }
    limits = (parse_limit("Chiasm:Dmax<=1Gy"),)
    return PlanAnatomy(structures, PlanRoles(organs=("Chiasm",), limits=limits))
