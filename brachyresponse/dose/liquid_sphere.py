"""Dose rate of a sphere filled with a radioactive liquid.

The field is the exact convolution of the liquid's point kernel K(t) = k g(t) / t2 with the sphere, water everywhere::

    D(s) = A / V  *  integral of  k g(t) Omega(t, s) dt

Omega is the solid angle of that part of a sphere of radius t round the point which lies in the liquid. So written,
nothing is singular, neither inside the liquid nor on its surface.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import DoseError
from brachyresponse.sources import LiquidSource, load_liquid
from brachyresponse.types import FloatArray

NODES = 96
CLOSEST_CM = 1e-7
"""Where the integral over ln t begins on the surface itself; what is left out is a ten-millionth of it."""
LEAST_CENTRE_CM = 1e-9
POINTS_AT_ONCE = 4096
MM_PER_CM = 10.0


def liquid_sphere_dose_rate(
    radius_mm: float, distance_mm: ArrayLike, activity_mbq: float, *, liquid: LiquidSource | None = None
) -> FloatArray:
    """Return the dose rate of liquid that fills a sphere, cGy/h.

    Parameters
    ----------
    radius_mm
        Of the liquid.
    distance_mm
        From the liquid's surface, any shape; negative inside, down to the centre at ``-radius_mm``.
    activity_mbq
        Contained in the sphere (not apparent), at the time for which the rate is asked.
    liquid
        Default :func:`brachyresponse.sources.load_liquid`: Iotrex by its bare kernel.

    Raises
    ------
    DoseError
        The radius or the activity is not positive, a distance is not finite or lies beyond the centre.
    """
    _check_positive("radius of the liquid", radius_mm, "mm")
    _check_positive("contained activity", activity_mbq, "MBq")
    distance = np.asarray(distance_mm, float)
    if not np.isfinite(distance).all() or (distance < -radius_mm * (1 + 1e-9)).any():
        raise DoseError(
            f"A distance from the liquid's surface is not finite or below -{radius_mm:g} mm, which is the centre: "
            "give distances from the surface, negative inside."
        )
    liquid = liquid or load_liquid()
    radius_cm = radius_mm / MM_PER_CM
    centre_cm = np.maximum((distance + radius_mm) / MM_PER_CM, LEAST_CENTRE_CM).ravel()
    blocks = np.array_split(centre_cm, max(1, -(-centre_cm.size // POINTS_AT_ONCE)))
    integral = np.concatenate([_seen_kernel(liquid, radius_cm, block) for block in blocks])
    concentration_mbq_per_cc = activity_mbq / (4 / 3 * np.pi * radius_cm**3)
    rate: FloatArray = concentration_mbq_per_cc * liquid.rate_at_1_cm * integral
    return rate.reshape(distance.shape)[()]


def _seen_kernel(liquid: LiquidSource, radius_cm: float, centre_cm: FloatArray) -> FloatArray:
    """Integral of g(t) Omega(t) dt, cm, for distances (M,) from the sphere's centre."""
    nodes, weights = _gauss(NODES)
    surface_cm = np.abs(radius_cm - centre_cm)
    low = np.log(np.maximum(surface_cm, CLOSEST_CM))
    half_width = (np.log(radius_cm + centre_cm) - low) / 2
    t_cm = np.exp((low + half_width)[:, None] + half_width[:, None] * nodes)
    s_cm = centre_cm[:, None]
    cosine = np.clip((s_cm**2 + t_cm**2 - radius_cm**2) / (2 * s_cm * t_cm), -1, 1)
    partial = (liquid.radial(t_cm) * 2 * np.pi * (1 - cosine) * t_cm) @ weights * half_width
    inside = np.where(centre_cm < radius_cm, surface_cm, 0.0)
    whole = liquid.radial(inside[:, None] * (1 + nodes) / 2) @ weights * inside / 2 * 4 * np.pi
    seen: FloatArray = partial + whole
    return seen


def _check_positive(what: str, value: float, unit: str) -> None:
    if not (np.isfinite(value) and value > 0):
        raise DoseError(f"The {what} is {value:g} {unit}: give a positive number.")


@cache
def _gauss(count: int) -> tuple[FloatArray, FloatArray]:
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return nodes, weights
