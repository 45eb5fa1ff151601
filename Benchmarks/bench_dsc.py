"""DSC: deconvolution of a whole brain against matrix by matrix, leakage correction, and the search for an artery."""

from __future__ import annotations

import numpy as np
from figures import Figure, peak_megabytes, seconds

from brachyresponse.perfusion.aif import find_aif_in_samples
from brachyresponse.perfusion.dsc import correct_leakage, deconvolve_dsc

SHAPE_KJI = (20, 128, 128)
FRAMES = 80
TIME_S = 1.5 * np.arange(FRAMES)
MATRIX_VOXELS = 4096
"""Matrix by matrix is timed on so many and scaled: all of them take minutes."""
LIMIT = 0.035


def bolus(arrival_s: float = 20.0) -> np.ndarray:
    """A gamma variate of height 1, (T,)."""
    since = np.maximum(TIME_S - arrival_s, 0.0) / 4.5
    return since**3 * np.exp(3 * (1 - since))


def brain() -> np.ndarray:
    """Curves of 128 x 128 x 20 voxels with transit times of 3 to 12 s at a contrast-to-noise ratio of 50, float32."""
    random = np.random.default_rng(0)
    transits_s = np.linspace(3, 12, 32)
    kinds = np.stack([1.5 / each * np.convolve(bolus(), np.exp(-TIME_S / each))[:FRAMES] for each in transits_s])
    curves = kinds[random.integers(0, len(kinds), int(np.prod(SHAPE_KJI)))].astype(np.float32)
    curves += random.normal(scale=kinds.max() / 50, size=curves.shape).astype(np.float32)
    return curves


def matrix_by_matrix(curves: np.ndarray, artery: np.ndarray, step_s: float) -> np.ndarray:
    """Flow, 1/s, (N,), by the block-circulant matrix as it is written down: one pseudo-inverse for each cut-off."""
    length = 2 * len(artery)
    padded = np.append(artery, np.zeros(length - len(artery)))
    smooth = step_s * (np.roll(padded, 1) + 4 * padded + np.roll(padded, -1)) / 6
    left, singular, right = np.linalg.svd(np.stack([np.roll(smooth, shift) for shift in range(length)], axis=1))
    flow, is_open = np.full(len(curves), np.nan), np.ones(len(curves), bool)
    for kept in range(length, 0, -1):
        inverse = (right[:kept].T / singular[:kept]) @ left.T[:kept, : len(artery)]
        residues = curves @ inverse.T.astype(curves.dtype)
        bending = np.abs(np.roll(residues, 1, 1) - 2 * residues + np.roll(residues, -1, 1)).sum(axis=1)
        highest = residues.max(axis=1)
        steady = is_open & (bending < LIMIT * step_s**2 * length * highest)
        flow[steady], is_open[steady] = highest[steady], False
    return flow


def bench_deconvolution() -> list[Figure]:
    """The size that a reader waits for, with the noise of a clinical scan."""
    curves, artery = brain(), bolus()
    where = f"{SHAPE_KJI[2]} x {SHAPE_KJI[1]} x {SHAPE_KJI[0]}, {FRAMES} frames"
    some = curves[:MATRIX_VOXELS]
    plain_s = seconds(lambda: matrix_by_matrix(some, artery, 1.5), repeats=1) * len(curves) / MATRIX_VOXELS
    fast_s = seconds(lambda: deconvolve_dsc(curves, artery, TIME_S))
    memory_mb = peak_megabytes(lambda: deconvolve_dsc(curves, artery, TIME_S))
    flow = deconvolve_dsc(some, artery, TIME_S).cbf_ml_per_100ml_per_min / 6000
    apart = 100 * float(np.median(np.abs(flow / matrix_by_matrix(some, artery, 1.5) - 1)))
    rows = [
        Figure(f"oSVD, {where}, matrix by matrix, plain numpy (scaled)", plain_s, "s"),
        Figure(f"oSVD, {where}", fast_s, "s", limit=10),
        Figure("oSVD: faster than matrix by matrix", plain_s / fast_s, "times", 8, at_least=True),
        Figure("oSVD: flow apart from matrix by matrix, median", apart, "%", limit=5),
        Figure("oSVD: peak memory above the curves", memory_mb, "MB", limit=100),
    ]
    for method in ("csvd", "ssvd"):
        time_s = seconds(lambda method=method: deconvolve_dsc(curves, artery, TIME_S, method=method))
        rows.append(Figure(f"{method[0]}SVD, the same", time_s, "s"))
    return rows


def bench_leakage() -> list[Figure]:
    """Two unknowns and two of shape in every voxel."""
    curves = brain()
    reference = curves[:5000].mean(axis=0)
    return [
        Figure("leakage correction, the same series", seconds(lambda: correct_leakage(curves, TIME_S, reference)), "s"),
        Figure(
            "leakage correction: peak memory above the curves",
            peak_megabytes(lambda: correct_leakage(curves, TIME_S, reference)),
            "MB",
        ),
    ]


def bench_artery() -> list[Figure]:
    """The search of a whole brain."""
    curves = brain()
    mask = np.ones(SHAPE_KJI, bool)
    near = np.hypot(*(np.indices(SHAPE_KJI)[1:] - 40)).ravel() < 3
    curves[near] += (10 * bolus()).astype(np.float32)

    def search() -> object:
        return find_aif_in_samples(curves, mask, TIME_S, kind="dsc")

    return [
        Figure("artery found by rules, 328 thousand curves", seconds(search), "s"),
        Figure("artery found by rules: peak memory above the curves", peak_megabytes(search), "MB"),
    ]
