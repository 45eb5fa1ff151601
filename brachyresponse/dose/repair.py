"""Integrals of a decaying dose rate: the dose, and how much damage meets damage that is not repaired yet."""

from __future__ import annotations

import numpy as np

from brachyresponse.types import FloatArray

MANY_MEAN_LIVES = 60.0
"""After this many mean lives exp(-x) is below the rounding of 1: "for ever" as a finite time."""
SHORT = 1e-3
"""Below this the closed form loses digits to cancellation and its series has them all."""


def decay_integral_h(rate_per_h: float, duration_h: FloatArray) -> FloatArray:
    """Return the integral of ``exp(-rate t)`` from 0 to each duration, h; the durations may be infinite."""
    integral: FloatArray = -np.expm1(-rate_per_h * duration_h) / rate_per_h
    return integral


def unrepaired_integral_h2(decay_per_h: float, repair_per_h: float, duration_h: FloatArray) -> FloatArray:
    """Return the integral of ``exp(-lambda t) u(t)`` from 0 to each duration, h^2.

    ``u(t) = (exp(-lambda t) - exp(-mu t)) / (mu - lambda)`` is the damage not yet repaired at time t, per initial dose
    rate. The closed form, the braces of Dale's equation over ``mu - lambda``, is arranged so that it holds for every
    ratio of the two rates: ``{1 - exp(-aT) - aT exp(-aT) phi(hT)} / (ab)`` with a the smaller and b the larger of
    2 lambda and lambda + mu, ``h = b - a`` and ``phi(x) = (1 - exp(-x)) / x``.

    Parameters
    ----------
    decay_per_h, repair_per_h
        lambda and mu, positive.
    duration_h
        Any shape, 0 to infinity.

    References
    ----------
    Dale 1985, Br J Radiol 58:515 and 1989, Br J Radiol 62:241 (dose rate that decays, exponential repair).
    """
    a, b = sorted((2 * decay_per_h, decay_per_h + repair_per_h))
    hours = np.minimum(duration_h, MANY_MEAN_LIVES / decay_per_h)
    closed = (-np.expm1(-a * hours) - a * hours * np.exp(-a * hours) * _phi((b - a) * hours)) / (a * b)
    series = hours**2 * (1 / 2 - (a + b) * hours / 6 + (a**2 + a * b + b**2) * hours**2 / 24)
    return np.where(b * hours < SHORT, series, closed)


def _phi(x: FloatArray) -> FloatArray:
    """Return ``(1 - exp(-x)) / x``, 1 at 0."""
    safe = np.where(x > 0, x, 1.0)
    return np.where(x > 0, -np.expm1(-safe) / safe, 1.0)
