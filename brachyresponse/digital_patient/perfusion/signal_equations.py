"""Signal equations of the digital patient's scanner: spoiled gradient echo, T2* decay, and what seeds take from it."""

from __future__ import annotations

import numpy as np

from brachyresponse.digital_patient.perfusion.bolus import TissueCurve
from brachyresponse.digital_patient.perfusion.tables import Tissue, table
from brachyresponse.geometry import Grid
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.types import AnyArray, Float32Array, FloatArray


def steady_state(t1_s: AnyArray | float, tr_s: float, flip_angle_deg: float) -> AnyArray:
    """Return the spoiled gradient echo's signal per M0: sin a (1 - E1) / (1 - cos a E1), E1 = exp(-TR / T1)."""
    e1 = np.exp(-tr_s / np.asarray(t1_s, float))
    a = np.deg2rad(flip_angle_deg)
    result: AnyArray = np.sin(a) * (1 - e1) / (1 - np.cos(a) * e1)
    return result


def tissue_signal(tissue: Tissue, curve: TissueCurve, kind: SeriesKind) -> FloatArray:
    """Return a tissue's signal, (T,), without noise.

    In a DCE series contrast agent shortens the T1 of all water alike (fast exchange), as every method assumes; in a
    DSC series, within seconds, that in the capillaries does not reach the tissue's water. There it shortens T2* much
    more than in an artery or in the interstitium. Each effect is linear in concentration.
    """
    protocol = table("protocols")[kind]
    reaches_tissue = kind is SeriesKind.DCE or is_blood(tissue)
    relaxing = curve.interstitial + (curve.vascular if reaches_tissue else 0.0)
    r1_per_s = 1 / tissue.t1_s + table("tissues")["longitudinal_relaxivity_per_s_per_mmol_l"] * relaxing
    r2star_per_s = 1 / tissue.t2star_s + _added_r2star(tissue, curve, kind)
    signal = steady_state(1 / r1_per_s, protocol["tr_s"], protocol["flip_angle_deg"])
    result: FloatArray = protocol["scale"] * tissue.proton_density * signal * np.exp(-protocol["te_s"] * r2star_per_s)
    return result


def is_blood(tissue: Tissue) -> bool:
    """Tell whether a tissue is nothing but blood."""
    return tissue.cbv_ml_per_100ml == 100


def _added_r2star(tissue: Tissue, curve: TissueCurve, kind: SeriesKind) -> FloatArray:
    relaxivity = table("tissues")["transverse_relaxivity_per_s_per_mmol_l"]
    if kind is SeriesKind.DCE:
        vascular = interstitial = relaxivity["short_te"]
    else:
        vascular, interstitial = relaxivity["blood" if is_blood(tissue) else "tissue"], relaxivity["interstitium"]
    result: FloatArray = vascular * curve.vascular + interstitial * curve.interstitial
    return result


def share_left_by_seeds(grid: Grid, positions_mm: FloatArray, te_s: float) -> Float32Array:
    """Return the share of the signal, 0 to 1 [k, j, i], that the field of the seeds leaves in each voxel.

    A seed is a magnetic dipole along the patient's axis (the titanium of its capsule); the field's gradient g across a
    voxel of width w spreads the phases by g w TE, of which exp(-(g w TE)^2 / 24) of the signal is left: the sinc of a
    uniform gradient to second order. Seeds act one by one, so the field between two does not cancel.
    """
    left = np.ones(grid.shape_kji, np.float32)
    figures = table("protocols")["seed"]
    field = figures["gyromagnetic_rad_per_s_per_t"] * table("protocols")["field_strength_t"]
    moment = field * figures["magnetic_moment_mm3"] / (4 * np.pi)  # rad/s mm3
    width_mm = grid.voxel_cc ** (1 / 3) * 10
    for position in positions_mm:
        box, offset_mm = _near(grid, position)
        distance_mm = np.maximum(np.linalg.norm(offset_mm, axis=-1), 0.5)
        cosine = offset_mm[..., 2] / distance_mm
        along, across = 3 * (3 * cosine**2 - 1), 6 * cosine * np.sqrt(np.maximum(1 - cosine**2, 0))
        gradient = moment * np.hypot(along, across) / distance_mm**4
        left[box] *= np.exp(-np.minimum((gradient * width_mm * te_s) ** 2 / 24, 80)).astype(np.float32)
    return left


def _near(grid: Grid, position_mm: FloatArray, reach_mm: float = 16.0) -> tuple[tuple[slice, slice, slice], FloatArray]:
    """Return the part of a grid round a seed, and how far its voxels lie from it, (..., 3) mm."""
    centre, reach = grid.to_ijk(position_mm), reach_mm / grid.spacing_ijk_mm
    size = np.array(grid.size_ijk)
    first = np.clip(np.floor(centre - reach), 0, size).astype(int)
    last = np.clip(np.ceil(centre + reach) + 1, first, size).astype(int)
    i, j, k = (slice(int(a), int(b)) for a, b in zip(first, last, strict=True))
    return (k, j, i), grid.points_mm(k)[:, j, i] - position_mm
