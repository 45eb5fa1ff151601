"""T1 of a whole brain from five flip angles, and its signal converted: time against curve_fit, error, memory."""

from __future__ import annotations

import numpy as np
from figures import Figure, peak_megabytes, seconds
from scipy.optimize import curve_fit

from brachyresponse.perfusion import (
    concentration_to_signal,
    fit_t1_vfa,
    signal_to_concentration,
    steady_state_signal,
)

ANGLES_DEG, TR_S = np.array([2.0, 5.0, 10.0, 15.0, 25.0]), 0.005
SHAPE_KJI = (60, 256, 256)
NOISE = 2.0
"""Standard deviation; the signals are 20 to 170."""
CURVES, FRAMES = 200_000, 80
PLAIN_VOXELS = 300
"""Fitted by curve_fit and scaled: all voxels take hours."""
BYTES_PER_MB = 1e6


def noisy_signal(count: int) -> np.ndarray:
    """Signals (N, F), float32, of T1 0.3 to 4 s."""
    random = np.random.default_rng(0)
    t1_s, m0 = random.uniform(0.3, 4, (count, 1)), random.uniform(500, 2000, (count, 1))
    clean = steady_state_signal(m0, t1_s, tr_s=TR_S, flip_angle_deg=ANGLES_DEG)
    return (clean + random.normal(0, NOISE, clean.shape)).astype(np.float32)


def plain_t1(signal: np.ndarray) -> np.ndarray:
    """T1 by curve_fit of the same model, voxel by voxel, from one start for all."""

    def model(angle_deg: np.ndarray, m0: float, t1_s: float) -> np.ndarray:
        return steady_state_signal(m0, t1_s, tr_s=TR_S, flip_angle_deg=angle_deg)

    start = [1000.0, 1.5]
    return np.array([curve_fit(model, ANGLES_DEG, voxel, p0=start, maxfev=5000)[0][1] for voxel in signal])


def bench_t1() -> list[Figure]:
    """The size that PerfusionRatios must do in half a minute: 256 x 256 x 60 with five flip angles."""
    signal = noisy_signal(int(np.prod(SHAPE_KJI)))
    few = signal[:PLAIN_VOXELS].astype(float)
    output_mb = len(signal) * 3 * 4 / BYTES_PER_MB  # T1, M0 and residual
    peak_mb = peak_megabytes(lambda: fit_t1_vfa(signal, ANGLES_DEG, TR_S)) - output_mb
    fit_s = seconds(lambda: fit_t1_vfa(signal, ANGLES_DEG, TR_S), repeats=2)
    plain_s = seconds(lambda: plain_t1(few), repeats=1) * len(signal) / PLAIN_VOXELS
    difference = np.nanmedian(np.abs(fit_t1_vfa(few, ANGLES_DEG, TR_S).t1_s / plain_t1(few) - 1))
    return [
        Figure("T1 of 256 x 256 x 60 with 5 flip angles", fit_s, "s", limit=30),
        Figure("the same by curve_fit (scaled)", plain_s, "s"),
        Figure("T1: faster than curve_fit", plain_s / fit_s, "times"),
        Figure("T1: median difference from curve_fit", 1e6 * difference, "ppm", limit=10),
        Figure("T1: peak memory above the result", peak_mb, "MB", limit=100),
    ]


def bench_t1_with_b1() -> Figure:
    """The same with a B1 map, so that every voxel has its own flip angles; measured on a tenth."""
    signal = noisy_signal(int(np.prod(SHAPE_KJI)) // 10)
    b1 = np.random.default_rng(1).normal(1, 0.1, len(signal))
    time_s = seconds(lambda: fit_t1_vfa(signal, ANGLES_DEG, TR_S, b1=b1), repeats=2)
    return Figure("T1 of 256 x 256 x 60 with a B1 map (scaled)", 10 * time_s, "s", limit=60)


def bench_concentration() -> Figure:
    """The signal of 200,000 voxels and 80 frames converted."""
    scan = {"tr_s": TR_S, "flip_angle_deg": 15.0, "relaxivity_per_s_per_mmol_l": 4.5, "t10_s": 1.2}
    rise = np.concatenate([np.zeros(8), np.linspace(0, 2, FRAMES - 8)])
    signal = np.tile(concentration_to_signal(rise, **scan).astype(np.float32), (CURVES, 1))
    time_s = seconds(lambda: signal_to_concentration(signal, baseline=slice(0, 8), **scan))
    return Figure("signal to concentration, 200,000 voxels of 80 frames", time_s, "s")
