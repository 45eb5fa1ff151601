"""A small implant whose plan and anatomy are balls: everything about it can be told without a computer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

import numpy as np
import pytest

from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import ImplantPlan, Needle, PlanAnatomy, PlanRoles, seeds_at
from brachyresponse.seeds import Seeds
from brachyresponse.sources import load_source
from brachyresponse.verification import Registration, RegistrationMethod, VerificationRequest

PRESCRIPTION_GY = 100.0
STRENGTH_U = 0.7
PLAN_GRID = Grid.covering([-30, -30, -30], [30, 30, 30], 1.5)


@cache
def ball(name: str, radius_mm: float, centre_mm: tuple[float, float, float] = (0, 0, 0)) -> Structure:
    """A ball with partial voxels of 1 mm; no test changes one, so that each is drawn once."""
    centre = np.array(centre_mm, float)
    grid = Grid.covering(centre - radius_mm - 2, centre + radius_mm + 2, 1.0)
    depth_mm = radius_mm - np.linalg.norm(grid.points_mm() - centre, axis=-1)
    return Structure(name, np.clip(depth_mm + 0.5, 0, 1), grid)


def small_plan(**fields: object) -> ImplantPlan:
    """Nine needles to the back, 8 mm apart, each with two or three seeds, for a tumour of 12 mm radius."""
    needles, seeds = [], Seeds.none()
    for number, (x_mm, z_mm) in enumerate([(x, z) for x in (-8.0, 0.0, 8.0) for z in (-8.0, 0.0, 8.0)], start=1):
        needle = Needle(number, np.array([x_mm, 50.0, z_mm]), np.array([x_mm, -12.0, z_mm]))
        depths = np.array([45.0, 55.0]) if x_mm and z_mm else np.array([41.0, 50.0, 59.0])
        needles.append(needle)
        seeds = seeds.joined(seeds_at(needle, depths, STRENGTH_U))
    known: dict[str, Any] = {
        "patient_id": "PAT-1",
        "frame_of_reference_uid": "1.2.3",
        "created": datetime(2026, 3, 1, 14, 5),
        "implant_date": date(2026, 3, 6),
        "planning_image_date": date(2026, 3, 1),
        "target": "GTV",
        "source": "amersham_6711",
        "prescription_gy": PRESCRIPTION_GY,
        "needles": tuple(needles),
        "seeds": seeds,
    }
    return ImplantPlan(**(known | fields))


def small_anatomy(target: Structure | None = None, **roles: Any) -> PlanAnatomy:
    """Tumour and a cord 22 mm behind, in a body of 46 mm radius; a PTV for those who choose it."""
    structures = {
        "GTV": target or ball("GTV", 12.0),
        "PTV": ball("PTV", 14.0),
        "Cord": ball("Cord", 6.0, (0, -22, 0)),
        "Body": ball("Body", 46.0),
    }
    return PlanAnatomy(structures, PlanRoles(**({"gtv": "GTV", "organs": ("Cord",)} | roles)))


@cache
def usual_anatomy() -> PlanAnatomy:
    """The anatomy of most tests, whose surfaces are computed once."""
    return small_anatomy()


def unmoved() -> Registration:
    """Plan and implant in one space."""
    return Registration(RegistrationMethod.NONE, np.eye(4), None, "nothing was brought together")


def moved_by(matrix: np.ndarray) -> Registration:
    """A registration that found a known motion."""
    return Registration(RegistrationMethod.BONE, matrix, 0.0, "made for a test")


def small_request(**fields: Any) -> VerificationRequest:
    """The plan implanted as it was planned, scanned on the same day, contoured anew."""
    plan = fields.get("plan", small_plan())
    anatomy = usual_anatomy()
    known: dict[str, Any] = {
        "plan": plan,
        "source": load_source("amersham_6711"),
        "plan_anatomy": anatomy,
        "plan_grid": PLAN_GRID,
        "registration": unmoved(),
        "found": plan.seeds,
        "implant_grid": PLAN_GRID,
        "implant_anatomy": anatomy,
        "scan_date": date(2026, 3, 6),
        "patient_id": "PAT-1",
        "frame_of_reference_uid": "1.2.3",
    }
    return VerificationRequest(**(known | fields))


def shifted(seeds: Seeds, *offset_mm: float) -> Seeds:
    """The seeds, all moved by one vector."""
    return replace(seeds, positions_mm=seeds.positions_mm + np.array(offset_mm))


@pytest.fixture(scope="session")
def a_ball() -> Callable[..., Structure]:
    return ball


@pytest.fixture(scope="session")
def plan_of() -> Callable[..., ImplantPlan]:
    return small_plan


@pytest.fixture(scope="session")
def anatomy_of() -> Callable[..., PlanAnatomy]:
    return small_anatomy


@pytest.fixture(scope="session")
def request_of() -> Callable[..., VerificationRequest]:
    return small_request


@pytest.fixture(scope="session")
def registered() -> Callable[[np.ndarray], Registration]:
    return moved_by


@pytest.fixture(scope="session")
def shift() -> Callable[..., Seeds]:
    return shifted
