"""Arterial and tissue curves of DSC made from known flow, volume and delay, by fine convolution."""

from __future__ import annotations

import numpy as np
from scipy.signal import fftconvolve
from scipy.special import gammaincc

FINE_S = 0.02
"""Step of the convolution: frames are sampled from it."""


def gamma_bolus(time_s: np.ndarray, arrival_s: float = 20.0, shape: float = 3.0, scale_s: float = 1.5) -> np.ndarray:
    """A gamma variate of height 1: area and moments are in the reference facts."""
    since = np.maximum(time_s - arrival_s, 0.0) / (shape * scale_s)
    return since**shape * np.exp(shape * (1 - since))


def tissue_curve(
    time_s: np.ndarray, volume_ml_per_100ml: float, transit_s: float, *, delay_s: float = 0.0, exponential: bool = True
) -> np.ndarray:
    """Tissue behind an artery ``gamma_bolus(time_s)``; the transit times are exponential or gamma-distributed."""
    fine_s = np.arange(0, time_s[-1] + FINE_S, FINE_S)
    residue = np.exp(-fine_s / transit_s) if exponential else gammaincc(3, 3 * fine_s / transit_s)
    residue[0] /= 2  # the trapezoid rule
    flow_per_s = volume_ml_per_100ml / 100 / transit_s
    curve = flow_per_s * FINE_S * fftconvolve(gamma_bolus(fine_s), residue)[: len(fine_s)]
    return np.interp(time_s - delay_s, fine_s, curve)


def brain_curve(time_s: np.ndarray) -> np.ndarray:
    """dR2* of brain that does not leak, 1/s: first pass, recirculation, and the agent that stays in the blood."""
    stays = 0.6 * (1 - np.exp(-np.maximum(time_s - 20, 0) / 20))
    return 10 * gamma_bolus(time_s) + 1.5 * gamma_bolus(time_s, 40.0, scale_s=4.0) + stays
