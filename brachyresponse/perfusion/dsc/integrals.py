"""Integrals over time by the trapezoid rule, for frames that need not be evenly spaced."""

from __future__ import annotations

import numpy as np

from brachyresponse.types import FloatArray


def running_integral(curve: FloatArray, time_s: FloatArray) -> FloatArray:
    """Return the integral of a curve (T,) from the first time to each, (T,), by the trapezoid rule."""
    steps = np.diff(time_s) * (curve[1:] + curve[:-1]) / 2
    return np.concatenate([[0.0], np.cumsum(steps)])


def trapezoid_weights(time_s: FloatArray) -> FloatArray:
    """Return the weights (T,) whose product with a curve is its area by the trapezoid rule, s."""
    steps = np.diff(time_s)
    weights: FloatArray = (np.append(steps, 0.0) + np.append(0.0, steps)) / 2
    return weights
