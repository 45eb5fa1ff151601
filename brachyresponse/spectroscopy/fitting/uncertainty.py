"""Cramer-Rao bounds of the whole model, and intervals of ratios."""

from __future__ import annotations

import numpy as np

from brachyresponse.spectroscopy.fitting.model import SpectrumModel
from brachyresponse.spectroscopy.fitting.solver import Solution
from brachyresponse.types import FloatArray

NORMAL_95 = 1.959964
MODEL_ERROR = 0.03
"""Of an amplitude (SD), beside the noise: T2, line shape and macromolecules that differ from the model's.

A convention of this software, from two simulations that each differ from the model in another way; without it
intervals at an SNR of 40 hold the truth in as little as half of the spectra.
"""


def amplitude_covariance(model: SpectrumModel, at: Solution, noise_scale: float) -> FloatArray:
    """Return the covariance (K, K) of the amplitudes: the inverse Fisher matrix of the whole model.

    All parameters are in it; the baseline is, as the slopes are those that it leaves, and what was expected of the
    parameters is. ``noise_scale`` is by how much the misfit exceeds the noise that the slopes are in units of.
    """
    slopes = np.hstack([at.of_amplitudes, at.of_parameters]) / noise_scale
    count = len(at.amplitudes)
    precision = np.concatenate([np.zeros(count), model.parameters.sd**-2.0])
    fisher = slopes.T @ slopes + np.diag(precision)
    size = np.sqrt(np.diag(fisher))
    size[size == 0] = 1  # shift and width of lines that are all absent: nothing is known of them, nor needed
    inverse = np.linalg.pinv(fisher / np.outer(size, size), hermitian=True)
    return np.asarray((inverse / np.outer(size, size))[:count, :count])


def fieller(numerator: float, denominator: float, covariance: FloatArray) -> tuple[float, float]:
    """Return the 95 % interval of a ratio of two normal quantities with a covariance (2, 2).

    Fieller 1954, J. R. Stat. Soc. B 16:175; the denominator has to differ from 0 by more than its own interval.
    The interval ends at 0 where it would reach below: amplitudes are not negative.
    """
    (v_nn, v_nd), (_, v_dd) = NORMAL_95**2 * covariance
    a, b, c = denominator**2 - v_dd, numerator * denominator - v_nd, numerator**2 - v_nn
    root = np.sqrt(max(b**2 - a * c, 0.0))
    return max(float((b - root) / a), 0.0), float((b + root) / a)
