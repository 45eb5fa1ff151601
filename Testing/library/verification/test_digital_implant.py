"""The digital patient's implant, verified from its truth: what was made is what is reported."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest

from brachyresponse.digital_patient import DisplacementLaw, Head
from brachyresponse.digital_patient.displacement import DisplacedSeeds, displace
from brachyresponse.digital_patient.painting import region_structure
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import ImplantPlan, Needle, PlanAnatomy, PlanRoles, StructureSurface, load_profile
from brachyresponse.seeds import Seeds
from brachyresponse.sources import load_source
from brachyresponse.verification import (
    Registration,
    RegistrationMethod,
    Verification,
    VerificationRequest,
    verify_implant,
)

ROLES = PlanRoles(gtv="GTV", ptv="GTV", avoid=("Vessel",))
LYING = np.array([[0.8, -0.6, 0, 14], [0.6, 0.8, 0, -22], [0, 0, 1, 35], [0, 0, 0, 1]])
"""How the patient lies on the implant CT, seen from the planning CT."""


@pytest.fixture(scope="module")
def structures() -> dict[str, Structure]:
    """Tumour and vessel of the digital patient round the tumour, 1 mm voxels."""
    head = Head()
    centre = np.array(head.tumour.centre_mm)
    grid = Grid.covering(centre - 30, centre + 30, 1.0)
    return {name: region_structure(name, head.structures()[name], grid) for name in ("GTV", "Vessel")}


@pytest.fixture(scope="module")
def plan(structures: dict[str, Structure]) -> ImplantPlan:
    """Needles to the back, 9 mm apart, with a seed every 9 mm inside the tumour."""
    surface, (lower, upper) = StructureSurface(structures["GTV"]), structures["GTV"].bounds_mm()
    needles, places, numbers = [], [], []
    for x, z in ((x, z) for x in np.arange(lower[0], upper[0], 9) for z in np.arange(lower[2], upper[2], 9)):
        column = np.array([(x, y, z) for y in np.arange(upper[1], lower[1], -9)])
        held = column[surface.contains(column)]
        if len(held):
            needles.append(Needle(len(needles) + 1, np.array([x, upper[1] + 40, z]), np.array([x, lower[1] - 5, z])))
            places.append(held)
            numbers += [len(needles)] * len(held)
    positions = np.concatenate(places)
    seeds = Seeds(positions, np.tile([0.0, -1.0, 0.0], (len(positions), 1)), 0.6, True, np.array(numbers))
    return ImplantPlan(
        "P", "1.2", datetime(2026, 3, 3), date(2026, 3, 6), "GTV", "amersham_6711", 60.0, tuple(needles), seeds,
        planning_image_date=date(2026, 3, 2),
    )  # fmt: skip


@pytest.fixture(scope="module")
def truth(plan: ImplantPlan) -> DisplacedSeeds:
    """Where the seeds came to lie, in the plan's frame: two missing, one migrated."""
    return displace(plan.seeds, DisplacementLaw(), np.random.default_rng(4))


@pytest.fixture(scope="module")
def verification(structures: dict[str, Structure], plan: ImplantPlan, truth: DisplacedSeeds) -> Verification:
    registration = Registration(RegistrationMethod.BONE, LYING, 0.0, "the truth")
    after = {name: registration.structure(structure) for name, structure in structures.items()}
    return verify_implant(
        VerificationRequest(
            plan=plan,
            source=load_source("amersham_6711"),
            plan_anatomy=PlanAnatomy(structures, ROLES),
            plan_grid=grid_round(structures["GTV"]),
            registration=registration,
            found=registration.seeds(Seeds(truth.positions_mm, truth.directions, 0.6)),
            implant_grid=grid_round(after["GTV"]),
            implant_anatomy=PlanAnatomy(after, ROLES),
            scan_date=date(2026, 3, 7),
            profile=load_profile("brain"),
            patient_id="P",
            frame_of_reference_uid="3.4",
        )
    )


def grid_round(target: Structure) -> Grid:
    lower, upper = target.bounds_mm()
    return Grid.covering(lower - 25, upper + 25, 1.5)


def test_the_missing_and_the_migrated_seed_are_named(verification: Verification, truth: DisplacedSeeds) -> None:
    migrated_plan = truth.planned_index[list(truth.migrated)]
    assert set(verification.match.missing) == {*truth.missing, *migrated_plan}
    assert tuple(verification.match.extra) == truth.migrated
    assert tuple(seed.seed for seed in verification.migrated) == truth.migrated


def test_every_pair_is_the_true_one_with_its_true_displacement(
    verification: Verification, plan: ImplantPlan, truth: DisplacedSeeds
) -> None:
    planned, found = verification.match.pairs.T
    np.testing.assert_array_equal(planned, truth.planned_index[found])
    true_mm = np.linalg.norm(truth.positions_mm[found] - plan.seeds.positions_mm[planned], axis=1)
    np.testing.assert_allclose(verification.displacements.total_mm, true_mm, atol=1e-6)  # both are exact


def test_seeds_that_the_needle_dragged_out_lie_less_deep(verification: Verification) -> None:
    along_mm = verification.displacements.along_mm
    assert along_mm.mean() == pytest.approx(-1.5, abs=1.1)  # three standard errors of ten seeds, sd 1.2 mm each


def test_the_lost_seeds_cost_dose_and_break_limits(verification: Verification) -> None:
    d90 = verification.metric("GTV", "d90")
    assert d90 is not None
    assert d90.difference is not None
    assert d90.difference < 0
    broken = {finding.rule for finding in verification.findings if finding.passed is False}
    assert {"found", "missing", "lone"} <= broken
    assert verification.difference_gy.min() < -50  # where a seed is missing


def test_the_target_kept_its_volume_and_no_stamp(verification: Verification) -> None:
    volume = verification.metric("GTV", "volume")
    assert volume is not None
    assert volume.implant == pytest.approx(volume.plan, rel=1e-6)  # moved with its voxels
    assert verification.target_stamp == ""
