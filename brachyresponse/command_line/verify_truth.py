"""A verification held against the truth, where the image was made and its seeds are known."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from brachyresponse.command_line.truth_file import KnownTruth
from brachyresponse.dose import compute_dvh, implant_dose
from brachyresponse.geometry.rigid import moved_points
from brachyresponse.report.verification_truth import TruthRow
from brachyresponse.seeds import SeedMatch, Seeds, match_seeds
from brachyresponse.types import FloatArray
from brachyresponse.verification import Verification

FOUND_WITHIN_MM = 3.0
"""A found seed further from every true one is a false one."""


def truth_rows(verification: Verification, truth: KnownTruth) -> tuple[TruthRow, ...]:
    """Return truth beside result: seeds, position, axis, displacement, registration, D90 and V100."""
    found = verification.found
    match = match_seeds(truth.positions_mm, found.positions_mm, max_distance_mm=FOUND_WITHIN_MM)
    return (
        *_seed_rows(verification, truth, match),
        *_error_rows(verification, truth, match),
        _registration_row(verification, truth),
        *_dose_rows(verification, truth),
    )


def true_seeds(verification: Verification, truth: KnownTruth) -> Seeds:
    """Return the true seeds with the strengths of the planned ones that they were."""
    planned_u = verification.planned_seeds.air_kerma_strength_u
    usual_u = float(np.median(planned_u))
    strengths = np.where(truth.planned >= 0, planned_u[np.maximum(truth.planned, 0)], usual_u)
    return Seeds(truth.positions_mm, truth.directions, strengths * verification.request.decay)


def _seed_rows(verification: Verification, truth: KnownTruth, match: SeedMatch) -> list[TruthRow]:
    count = len(truth.positions_mm)
    true_of_found = {int(found): int(true) for true, found in match.pairs}
    migrated = {true_of_found.get(one.seed, -1) for one in verification.migrated}
    pairs = verification.match.pairs
    right = sum(truth.planned[true_of_found[found]] == planned for planned, found in pairs if found in true_of_found)
    missed, false = _numbers(match.missing), _numbers(match.extra)
    missing = frozenset(verification.match.missing.tolist())
    astray = frozenset(truth.planned[sorted(truth.migrated)].tolist())  # too far to be paired: missing where planned
    absent = f"{_numbers(truth.missing)}; migrated: {_numbers(astray)}"
    in_reach = sum(planned >= 0 and seed not in truth.migrated for seed, planned in enumerate(truth.planned))
    return [
        TruthRow("Seeds", str(count), f"{verification.found.count} found", f"missed: {missed}; false: {false}"),
        TruthRow("Missing planned seeds", absent, _numbers(missing), _same(missing == truth.missing | astray)),
        TruthRow(
            "Migrated seeds",
            str(len(truth.migrated)),
            str(len(verification.migrated)),
            _same(migrated == truth.migrated),
        ),
        TruthRow("Pairs of planned and found seeds", str(in_reach), f"{len(pairs)}, {right} right"),
    ]


def _error_rows(verification: Verification, truth: KnownTruth, match: SeedMatch) -> list[TruthRow]:
    first, second = match.pairs.T
    cosine = np.abs(np.einsum("nx,nx->n", truth.directions[first], verification.found.directions[second]))
    tilt_deg = np.rad2deg(np.arccos(np.clip(cosine, 0, 1)))
    moved = verification.displacements
    true_of_found = dict(zip(second.tolist(), first.tolist(), strict=True))
    true_mm: list[float] = []
    found_mm: list[float] = []
    planned_mm = moved_points(verification.request.plan.seeds.positions_mm, truth.plan_to_implant)
    for (planned, found), total_mm in zip(moved.pairs.tolist(), moved.total_mm, strict=True):
        if truth.planned[true_of_found.get(found, 0)] == planned and found in true_of_found:
            way = truth.positions_mm[true_of_found[found]] - planned_mm[planned]
            true_mm.append(float(np.linalg.norm(way)))
            found_mm.append(float(total_mm))
    apart = np.abs(np.subtract(true_mm, found_mm))
    return [
        TruthRow("Position of a seed", "", "", _spread(match.displacement_mm, " mm")),
        TruthRow("Axis of a seed", "", "", _spread(tilt_deg, " °")),
        TruthRow("Displacement from the plan, mean", _mean(true_mm), _mean(found_mm), _spread(apart, " mm")),
    ]


def _registration_row(verification: Verification, truth: KnownTruth) -> TruthRow:
    registration, plan = verification.request.registration, verification.request.plan
    right = moved_points(plan.seeds.positions_mm, truth.plan_to_implant)
    apart = np.linalg.norm(registration.to_implant(plan.seeds.positions_mm) - right, axis=1)
    shift = float(np.linalg.norm(right - plan.seeds.positions_mm, axis=1).mean())
    residual = "" if registration.residual_mm is None else f"residual {registration.residual_mm:.2f} mm"
    method = str(registration.method).replace("_", " ")
    return TruthRow(
        f"Registration on {method}, at the seeds", f"moved by {shift:.1f} mm", residual, _spread(apart, " mm")
    )


def _dose_rows(verification: Verification, truth: KnownTruth) -> list[TruthRow]:
    request, implant = verification.request, verification.implant
    dose_gy = implant_dose(request.source, true_seeds(verification, truth), implant.grid)
    rows = []
    for name in request.anatomy.roles.targets:
        true, found = compute_dvh(dose_gy, implant.grid, request.anatomy.structures[name]), implant.dvhs[name]
        prescription_gy = request.plan.prescription_gy
        for label, unit, values in (
            ("D90", "Gy", (true.d(90), found.d(90))),
            ("V100", "%", (true.v(prescription_gy), found.v(prescription_gy))),
        ):
            before, after = values
            share = f" ({100 * (after / before - 1):+.1f} %)" if before else ""
            apart = f"{after - before:+.1f} {unit}{share}"
            rows.append(TruthRow(f"{label} of {name}", f"{before:.1f} {unit}", f"{after:.1f} {unit}", apart))
    return rows


def _numbers(indices: Iterable[int]) -> str:
    return ", ".join(str(int(index) + 1) for index in sorted(indices)) or "none"


def _same(is_same: bool) -> str:
    return "the same" if is_same else "others"


def _mean(values: list[float]) -> str:
    return f"{np.mean(values):.2f} mm" if values else ""


def _spread(values: FloatArray, unit: str) -> str:
    if not len(values):
        return "nothing to compare"
    return f"mean {values.mean():.2f}{unit}, median {np.median(values):.2f}{unit}, largest {values.max():.2f}{unit}"
