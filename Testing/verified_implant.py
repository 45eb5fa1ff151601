"""A small implant held against its plan: a ball of a target with an organ beside it, seeds that moved a little."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np

from brachyresponse.geometry import Grid, Volume
from brachyresponse.planning import ImplantPlan, Needle, PlanAnatomy, PlanRoles, load_profile, parse_limit
from brachyresponse.seeds import Seeds
from brachyresponse.sources import load_source
from brachyresponse.verification import (
    Registration,
    RegistrationMethod,
    Verification,
    VerificationRequest,
    verify_implant,
)
from pictured_plan import CENTRE_MM, ball

SOURCE = load_source("amersham_6711")
SHIFT_MM = np.array([4.0, -2.0, 3.0])
"""The implant CT lies so far from the planning image."""
MISSING, MOVED = 3, 5
"""Indices of the planned seed that was not found, and of the one that moved far along its needle."""
FAR_MM = 7.0
STRAY_MM = np.array([38.0, 0.0, 5.0])
"""Where an extra seed lies, from the target's centre."""


def small_plan() -> ImplantPlan:
    offsets = np.array([[x, y, 0.0] for x in (-5, 5) for y in (-5, 5)])
    needles = tuple(
        Needle(number, CENTRE_MM + offset + [0, 0, 60], CENTRE_MM + offset - [0, 0, 9])
        for number, offset in enumerate(offsets, start=1)
    )
    positions = np.concatenate([needle.at([56, 63]) for needle in needles])
    return ImplantPlan(
        patient_id="P-1",
        frame_of_reference_uid="",
        created=datetime(2026, 3, 1, 9, 30),
        implant_date=date(2026, 3, 6),
        target="PTV",
        source="amersham_6711",
        prescription_gy=120.0,
        needles=needles,
        seeds=Seeds(positions, np.tile([0, 0, -1.0], (8, 1)), 0.6, needle=np.repeat([1, 2, 3, 4], 2)),
        name="First plan",
    )


def anatomy(centre_mm: np.ndarray) -> PlanAnatomy:
    structures = {
        "PTV": ball("PTV", centre_mm, 9),
        "Nerve": ball("Nerve", centre_mm - np.array([18, 0, 0]), 4),
        "Body": ball("Body", centre_mm, 45),
    }
    limit = parse_limit("Nerve:Dmax<=10%")
    return PlanAnatomy(structures, PlanRoles(gtv="PTV", ptv="PTV", body="Body", organs=("Nerve",), limits=(limit,)))


def found_seeds(plan: ImplantPlan) -> Seeds:
    """The planned seeds on the implant CT: one missing, one far off, each moved by a millimetre, one too many."""
    positions = plan.seeds.positions_mm + SHIFT_MM + np.random.default_rng(5).normal(0, 0.6, (8, 3))
    positions[MOVED] -= [0, 0, FAR_MM]
    kept = np.delete(np.arange(8), MISSING)
    stray = CENTRE_MM + SHIFT_MM + STRAY_MM
    axis_known = np.array([True] * 6 + [False, True])
    directions = np.vstack([plan.seeds.directions[kept], [1.0, 0, 0]])
    return Seeds(np.vstack([positions[kept], stray]), directions, 0.6, axis_known)


def small_request(**changes: Any) -> VerificationRequest:
    plan, moved = small_plan(), np.eye(4)
    moved[:3, 3] = SHIFT_MM
    near = CENTRE_MM + SHIFT_MM
    request = VerificationRequest(
        plan=plan,
        source=SOURCE,
        plan_anatomy=anatomy(CENTRE_MM),
        plan_grid=Grid.covering(CENTRE_MM - 32, CENTRE_MM + 32, 2.0),
        registration=Registration(RegistrationMethod.BONE, moved, 0.6, "Mean distance of the edges of bone."),
        found=found_seeds(plan),
        implant_grid=Grid.covering(near - 34, near + 42, 2.0),
        implant_anatomy=anatomy(near),
        scan_date=date(2026, 3, 7),
        implanted_count=8,
        profile=load_profile("neck_node"),
    )
    return replace(request, **changes)


def small_verification(**changes: Any) -> Verification:
    return verify_implant(small_request(**changes))


def implant_ct() -> Volume:
    """Soft tissue with a bright voxel where each seed was found."""
    centre = CENTRE_MM + SHIFT_MM
    grid = Grid.covering(centre - 50, centre + 50, 1.5)
    values = np.full(grid.shape_kji, 40, np.int16)
    kji = np.rint(grid.to_ijk(found_seeds(small_plan()).positions_mm)).astype(int)[:, ::-1]
    values[tuple(kji.T)] = 3000
    return Volume("Implant CT", values, grid, "HU")
