"""The TG-43 formalism of one seed, term by term; lengths in cm, angles in degrees from the seed's axis.

References
----------
Rivard et al. 2004, Med Phys 31:633 (TG-43U1) and Rivard et al. 2007, Med Phys 34:2187 (TG-43U1S1), with their
recommendations on interpolation and extrapolation.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from brachyresponse.dose.capsule import Capsule
from brachyresponse.sources import Source
from brachyresponse.types import FloatArray

REFERENCE_RADIUS_CM = 1.0
TRANSVERSE_DEG = 90.0


def line_geometry_function(along_cm: FloatArray, away_cm: FloatArray, length_cm: float) -> FloatArray:
    """Geometry function G_L of a line source, 1/cm2 (TG-43U1, eq. 4), any shape.

    Parameters
    ----------
    along_cm, away_cm
        Position along the seed's axis from its centre, and distance from the axis (not negative).
    length_cm
        L, the effective length of the source.

    Notes
    -----
    beta, the angle under which the source is seen, is taken as atan2(L away, r2 - L2/4): one arc tangent, exact
    close to the axis. On the axis G_L = 1 / (r2 - L2/4). Infinite on the source itself: see ``Capsule``.
    """
    power = along_cm**2 + away_cm**2 - length_cm**2 / 4
    on_axis = away_cm < 1e-7 * length_cm
    away_cm = np.where(on_axis, 1.0, away_cm)  # any value: replaced below, and never a division by zero
    beta = np.arctan2(length_cm * away_cm, np.where(on_axis, 1.0, power))
    with np.errstate(divide="ignore"):
        result: FloatArray = np.where(on_axis, 1 / power, beta / (length_cm * away_cm))
    return result


def radial_dose_function(source: Source, radius_cm: FloatArray) -> FloatArray:
    """Radial dose function g_L: log-linear between the table's radii and beyond the last, the first value below it."""
    radii, log_g = source.radial_radius_cm, np.log(source.radial_dose)
    slope = (log_g[-1] - log_g[-2]) / (radii[-1] - radii[-2])
    beyond = np.maximum(radius_cm - radii[-1], 0.0)
    result: FloatArray = np.exp(np.interp(radius_cm, radii, log_g) + slope * beyond)
    return result


def anisotropy_function(source: Source, radius_cm: FloatArray, theta_deg: FloatArray) -> FloatArray:
    """2D anisotropy function F: bilinear in radius and angle, the nearest radius outside the table."""
    if source.is_symmetric:
        theta_deg = TRANSVERSE_DEG - np.abs(theta_deg - TRANSVERSE_DEG)
    row, row_share = _place(source.anisotropy_radius_cm, radius_cm)
    column, column_share = _place(source.anisotropy_theta_deg, theta_deg)
    table = source.anisotropy
    inner = table[row, column] * (1 - column_share) + table[row, column + 1] * column_share
    outer = table[row + 1, column] * (1 - column_share) + table[row + 1, column + 1] * column_share
    result: FloatArray = inner * (1 - row_share) + outer * row_share
    return result


def anisotropy_factor(source: Source, radius_cm: FloatArray) -> FloatArray:
    """1D anisotropy function phi_an (TG-43U1, eq. 8): linear between the radii of F, the nearest value outside."""
    return np.interp(radius_cm, source.anisotropy_radius_cm, _anisotropy_factors(source))


def line_rate_per_u(source: Source, along_cm: FloatArray, away_cm: FloatArray) -> FloatArray:
    """Dose rate per strength, cGy/h/U, of the 2D formalism (TG-43U1, eq. 1), capped at the capsule's surface."""
    along_cm, away_cm = Capsule.of(source).onto_surface(along_cm, away_cm)
    radius_cm = np.hypot(along_cm, away_cm)
    theta_deg = np.rad2deg(np.arctan2(away_cm, along_cm))
    geometry = line_geometry_function(along_cm, away_cm, source.effective_length_cm) / _reference_geometry(source)
    radial = radial_dose_function(source, radius_cm)
    return source.dose_rate_constant * geometry * radial * anisotropy_function(source, radius_cm, theta_deg)


def point_rate_per_u(source: Source, radius_cm: FloatArray) -> FloatArray:
    """Dose rate per strength, cGy/h/U, of a seed whose axis is unknown (TG-43U1, eq. 11): G_L(r, 90) g_L phi_an.

    Inside the least distance that the capsule's surface can have (its radius) the value stays that of the surface.
    """
    radius_cm = np.maximum(radius_cm, Capsule.of(source).radius_cm)
    across = line_geometry_function(np.zeros_like(radius_cm), radius_cm, source.effective_length_cm)
    radial = radial_dose_function(source, radius_cm)
    relative = across / _reference_geometry(source) * radial * anisotropy_factor(source, radius_cm)
    return source.dose_rate_constant * relative


def _place(nodes: FloatArray, values: FloatArray) -> tuple[np.ndarray, FloatArray]:
    """Index of the interval that holds each value, and the share of its upper end; values outside go to the ends."""
    index = np.clip(np.searchsorted(nodes, values, side="right") - 1, 0, nodes.size - 2)
    share = np.clip((values - nodes[index]) / (nodes[index + 1] - nodes[index]), 0.0, 1.0)
    return index, share


@lru_cache(maxsize=64)
def _reference_geometry(source: Source) -> float:
    """G_L at 1 cm on the transverse axis."""
    across = line_geometry_function(np.zeros(1), np.full(1, REFERENCE_RADIUS_CM), source.effective_length_cm)
    return float(across[0])


@lru_cache(maxsize=64)
def _anisotropy_factors(source: Source) -> FloatArray:
    """phi_an at the radii of F, (P,): the dose rate averaged over all directions by that on the transverse axis."""
    theta_deg = np.linspace(0.0, 180.0, 3601)
    theta = np.deg2rad(theta_deg)
    radius_cm = np.broadcast_to(source.anisotropy_radius_cm[:, None], (source.anisotropy_radius_cm.size, theta.size))
    length = source.effective_length_cm
    beta = np.arctan2(length * radius_cm * np.sin(theta), radius_cm**2 - length**2 / 4)
    weighted = beta * anisotropy_function(source, radius_cm, np.broadcast_to(theta_deg, radius_cm.shape))
    middle = theta.size // 2
    return np.trapezoid(weighted, theta, axis=1) / (2 * weighted[:, middle])
