"""What it costs to hold an implant against its plan, and to tell how sure its figures are."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
from figures import Figure, seconds

from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import ImplantPlan, Needle, PlanAnatomy, PlanRoles, load_profile
from brachyresponse.seeds import Seeds
from brachyresponse.sources import load_source
from brachyresponse.verification import (
    Registration,
    RegistrationMethod,
    VerificationRequest,
    robustness,
    verify_implant,
)

SEEDS, TARGET_RADIUS_MM = 60, 22.0
DAY = date(2026, 3, 6)
SOURCE = load_source("amersham_6711")


def needles_of_seeds() -> tuple[tuple[Needle, ...], Seeds]:
    """Twelve needles 12 mm apart with five seeds each."""
    places = [(x, z) for x in (-18.0, -6.0, 6.0, 18.0) for z in (-12.0, 0.0, 12.0)]
    needles = tuple(
        Needle(number, np.array([x, 60.0, z]), np.array([x, -25.0, z])) for number, (x, z) in enumerate(places, start=1)
    )
    positions = np.array([(x, y, z) for x, z in places for y in (-20.0, -10.0, 0.0, 10.0, 20.0)])
    numbers = np.repeat(np.arange(1, len(places) + 1), 5)
    return needles, Seeds(positions, np.tile([0.0, -1.0, 0.0], (SEEDS, 1)), 0.6, True, numbers)


def ball(name: str, radius_mm: float, centre_mm: tuple[float, float, float] = (0, 0, 0)) -> Structure:
    """A ball on 1 mm voxels."""
    grid = Grid.covering(np.array(centre_mm) - radius_mm - 3, np.array(centre_mm) + radius_mm + 3, 1.0)
    return Structure(name, np.linalg.norm(grid.points_mm() - np.array(centre_mm), axis=-1) < radius_mm, grid)


def clinical_request() -> VerificationRequest:
    """Sixty seeds scattered by 2 mm about their plan, a target of 45 cc with a PTV and two organs, 1 mm dose grids."""
    needles, planned = needles_of_seeds()
    random = np.random.default_rng(1)
    found = Seeds(planned.positions_mm + random.normal(0, 2, (SEEDS, 3)), random.normal(size=(SEEDS, 3)), 0.6)
    plan = ImplantPlan(
        "P", "1.2", datetime(2026, 3, 1), DAY, "GTV", "amersham_6711", 120.0, needles, planned,
        planning_image_date=date(2026, 3, 1),
    )  # fmt: skip
    structures = {
        "GTV": ball("GTV", TARGET_RADIUS_MM),
        "PTV": ball("PTV", TARGET_RADIUS_MM + 4),
        "Left": ball("Left", 12.0, (-45, 0, 0)),
        "Right": ball("Right", 12.0, (45, 0, 0)),
    }
    anatomy = PlanAnatomy(structures, PlanRoles(gtv="GTV", ptv="PTV", organs=("Left", "Right")))
    grid = Grid.covering([-60, -60, -60], [60, 60, 60], 1.0)
    return VerificationRequest(
        plan=plan,
        source=SOURCE,
        plan_anatomy=anatomy,
        plan_grid=grid,
        registration=Registration(RegistrationMethod.NONE, np.eye(4), None, "one space"),
        found=found,
        implant_grid=Grid.covering([-60.5, -60, -60], [59.5, 60, 60], 1.0),
        implant_anatomy=anatomy,
        scan_date=DAY,
        profile=load_profile("brain"),
    )


def bench_verify() -> Figure:
    """Both doses, histograms, metrics, axes, difference, cold regions and limits."""
    request = clinical_request()
    took_s = seconds(lambda: verify_implant(request), 1)
    return Figure(f"verify_implant, {SEEDS} seeds, 1.8 million voxels of 1 mm, two targets, two organs", took_s, "s")


def bench_robustness() -> Figure:
    """D90 and V100 of 200 implants."""
    found, target = clinical_request().found, ball("GTV", TARGET_RADIUS_MM)
    assert isinstance(found, Seeds)
    took_s = seconds(lambda: robustness(SOURCE, found, target, 120.0), 1)
    return Figure(f"robustness, 200 samples of {SEEDS} seeds at 3000 points of a 45 cc target", took_s, "s", limit=30)
