"""DCE models fitted voxel by voxel: time against curve_fit with np.convolve in the same run, and memory of a series."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

import numpy as np
from figures import Figure, peak_megabytes, seconds
from scipy.optimize import curve_fit

from brachyresponse.perfusion import fit_dce, model_curve, parker_aif

FRAMES = 80
TIME_S = 3.75 * np.arange(FRAMES)
PLASMA = parker_aif(TIME_S, arrival_s=15.0) / (1 - 0.42)
NOISE_MMOL_L = 0.02
PLAIN_VOXELS = 40
"""curve_fit is timed on this many voxels: all of them take minutes."""
STEP_MIN = TIME_S[1] / 60
TIME_MIN = TIME_S / 60
STARTS = {"ktrans": 0.1, "ve": 0.2, "vp": 0.02, "fp": 0.5, "ps": 0.1, "delay": 0.0}
BOUNDS = {"ktrans": (0, 5), "ve": (1e-3, 1), "vp": (1e-3, 1), "fp": (0, 2), "ps": (0, 5), "delay": (-10, 10)}


def noisy_curves(model: str, count: int, delay_s: float = 0.0) -> np.ndarray:
    """Curves (N, T) of tissue as in a tumour, with noise."""
    random = np.random.default_rng(0)
    ranges = {
        "ktrans_per_min": (0.02, 0.3),
        "ve": (0.1, 0.5),
        "vp": (0.01, 0.1),
        "fp_ml_per_100ml_per_min": (20, 80),
        "ps_per_min": (0.02, 0.2),
    }
    names = {
        "extended_tofts": ("ktrans_per_min", "ve", "vp"),
        "2cxm": ("fp_ml_per_100ml_per_min", "ps_per_min", "ve", "vp"),
    }[model]
    parameters = {name: random.uniform(*ranges[name], count) for name in names}
    curves = model_curve(model, {**parameters, "delay_s": np.full(count, delay_s)}, TIME_S, PLASMA)
    return (curves + random.normal(0, NOISE_MMOL_L, curves.shape)).astype(np.float32)


def convolved(rate: float, plasma: np.ndarray = PLASMA) -> np.ndarray:
    """The plain way: a sum over the frames."""
    return np.convolve(plasma, np.exp(-rate * TIME_MIN))[:FRAMES] * STEP_MIN


def extended_tofts(_: np.ndarray, ktrans: float, ve: float, vp: float) -> np.ndarray:
    """Extended Tofts curve with np.convolve."""
    return vp * PLASMA + ktrans * convolved(ktrans / ve)


def delayed_tofts(_: np.ndarray, ktrans: float, ve: float, vp: float, delay: float) -> np.ndarray:
    """The same with a later input."""
    plasma = np.interp(TIME_S - delay, TIME_S, PLASMA, left=0.0)
    return vp * plasma + ktrans * convolved(ktrans / ve, plasma)


def exchange(_: np.ndarray, fp: float, ps: float, ve: float, vp: float) -> np.ndarray:
    """Two-compartment exchange curve with np.convolve."""
    through, out, back = fp / vp, (fp + ps) / vp, ps / ve
    apart = np.sqrt((out + back) ** 2 - 4 * back * through + 1e-12)
    fast, slow = (out + back + apart) / 2, (out + back - apart) / 2
    share = (fast - through) / (fast - slow + 1e-12)
    return fp * ((1 - share) * convolved(fast) + share * convolved(slow))


def plain_seconds_per_voxel(curve: Callable[..., np.ndarray], names: str, curves: np.ndarray) -> float:
    """curve_fit with its defaults, within the same bounds, one voxel after the other."""
    start = [STARTS[name] for name in names.split()]
    low, high = zip(*(BOUNDS[name] for name in names.split()), strict=True)

    def fit_all() -> None:
        for row in curves[:PLAIN_VOXELS].astype(float):
            curve_fit(curve, TIME_S, row, start, bounds=(low, high))

    return seconds(fit_all, 2) / PLAIN_VOXELS


def bench_extended_tofts() -> list[Figure]:
    """One measured input, no delay."""
    curves = noisy_curves("extended_tofts", 20_000)
    plain = plain_seconds_per_voxel(extended_tofts, "ktrans ve vp", curves)
    ours = seconds(lambda: fit_dce(curves, TIME_S, PLASMA), 5) / len(curves)
    return [
        Figure(f"extended Tofts, {FRAMES} frames, curve_fit with np.convolve, per voxel", 1e6 * plain, "us"),
        Figure("fit_dce with standard errors, per voxel of 20,000", 1e6 * ours, "us"),
        Figure("extended Tofts: faster than curve_fit", plain / ours, "times", 600, at_least=True),
    ]


def bench_delay() -> list[Figure]:
    """The delay fitted too."""
    curves = noisy_curves("extended_tofts", 8192, delay_s=3.0)
    plain = plain_seconds_per_voxel(delayed_tofts, "ktrans ve vp delay", curves)
    ours = seconds(lambda: fit_dce(curves, TIME_S, PLASMA, fit_delay=True), 2) / len(curves)
    return [
        Figure("extended Tofts with delay, curve_fit, per voxel", 1e6 * plain, "us"),
        Figure("fit_dce with delay, per voxel", 1e6 * ours, "us"),
        Figure("extended Tofts with delay: faster than curve_fit", plain / ours, "times", 40, at_least=True),
    ]


def bench_exchange() -> list[Figure]:
    """Two-compartment exchange."""
    curves = noisy_curves("2cxm", 4096)
    plain = plain_seconds_per_voxel(exchange, "fp ps ve vp", curves)
    ours = seconds(lambda: fit_dce(curves, TIME_S, PLASMA, model="2cxm"), 2) / len(curves)
    return [
        Figure("2CXM, curve_fit with np.convolve, per voxel", 1e6 * plain, "us"),
        Figure("fit_dce, per voxel", 1e6 * ours, "us"),
        Figure("2CXM: faster than curve_fit", plain / ours, "times", 8, at_least=True),
    ]


def bench_memory() -> Figure:
    """A quarter of a large series (256 x 256 x 15 voxels): what the fit needs beside its curves."""
    curves = np.tile(noisy_curves("extended_tofts", 4096), (240, 1))
    memory_mb = peak_megabytes(lambda: fit_dce(curves, TIME_S, PLASMA))
    return Figure("fit_dce of 256 x 256 x 15 voxels: memory beside the curves", memory_mb, "MB", 300)


def bench_peer() -> list[Figure]:
    """The same fit with the forward model of dcmri (high-flow kinetics), where it is installed: it is no dependency."""
    if importlib.util.find_spec("dcmri") is None:
        return [Figure("extended Tofts by dcmri: not installed, voxels compared", 0, "")]
    from dcmri import conc_tissue

    def peer_curve(_: np.ndarray, ktrans: float, ve: float, vp: float) -> np.ndarray:
        return conc_tissue(PLASMA, t=TIME_S, kinetics="HF", H=0.0, vb=vp, vi=ve, PS=ktrans / 60)

    curves = noisy_curves("extended_tofts", 20_000)
    peer = plain_seconds_per_voxel(peer_curve, "ktrans ve vp", curves)
    ours = seconds(lambda: fit_dce(curves, TIME_S, PLASMA), 5) / len(curves)
    found = fit_dce(curves[:1], TIME_S, PLASMA)
    theirs = peer_curve(TIME_S, float(found.ktrans_per_min[0]), float(found.ve[0]), float(found.vp[0]))
    apart = float(np.abs(theirs - found.curve(0)).max())
    return [
        Figure("extended Tofts by dcmri's curve in curve_fit, per voxel", 1e6 * peer, "us"),
        Figure("fit_dce: faster than with dcmri's curve", peer / ours, "times"),
        Figure("largest difference of the two curves of one voxel", apart, "mmol/L"),
    ]
