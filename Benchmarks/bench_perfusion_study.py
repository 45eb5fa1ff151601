"""A whole DCE study of a large series: memory in all, and time."""

from __future__ import annotations

import numpy as np
from figures import Figure, peak_megabytes, seconds

from brachyresponse.geometry import Grid, Structure
from brachyresponse.perfusion import model_curve, parker_aif
from brachyresponse.perfusion.series import Acquisition, DynamicSeries, SeriesKind
from brachyresponse.perfusion.study import PerfusionRequest, measure_perfusion

SHAPE = (60, 256, 256)
FRAMES = 80
TIME_S = 3.75 * np.arange(FRAMES)
TR_S, FLIP_DEG, R1, T1_S, BLOOD_T1_S = 0.005, 15.0, 4.5, 1.2, 1.66
NOISE = 1.5
"""About 2 % of the tissue's signal."""
GRID = Grid(SHAPE, np.diag([1.0, 1.0, 3.0, 1.0]))
SLICE, ROW, COLUMN = np.ogrid[tuple(slice(n) for n in SHAPE)]
HEAD = ((SLICE - 30) / 29) ** 2 + ((ROW - 128) / 110) ** 2 + ((COLUMN - 128) / 95) ** 2 < 1
"""A third of all voxels."""
ARTERY = ((ROW - 60) ** 2 + (COLUMN - 128) ** 2 < 6) & (abs(SLICE - 30) < 15)


def ball(middle_i: int) -> Structure:
    """14 mm round a point at the middle of the head."""
    inside = (3 * (SLICE - 30)) ** 2 + (ROW - 128) ** 2 + (COLUMN - middle_i) ** 2 < 14**2
    return Structure("ball", inside.astype(np.float32), GRID)


LESION, WHITE = ball(80), ball(176)


def signal(concentration: np.ndarray, t1_s: float) -> np.ndarray:
    """Spoiled gradient echo of concentrations, mmol/L."""
    decay, angle = np.exp(-TR_S * (1 / t1_s + R1 * concentration)), np.deg2rad(FLIP_DEG)
    return 1000 * np.sin(angle) * (1 - decay) / (1 - np.cos(angle) * decay)


def large_series() -> DynamicSeries:
    """256 x 256 x 60 voxels, 80 frames in single precision: 1.26 GB."""
    random, blood = np.random.default_rng(0), parker_aif(TIME_S, arrival_s=30.0)
    plasma = blood / (1 - 0.42)
    intact = model_curve("patlak", {"ktrans_per_min": 0.0005, "vp": 0.013}, TIME_S, plasma)
    leaky = model_curve("extended_tofts", {"ktrans_per_min": 0.1, "ve": 0.35, "vp": 0.04}, TIME_S, plasma)
    tissues = ((HEAD, signal(intact, T1_S)), (LESION.mask, signal(leaky, T1_S)), (ARTERY, signal(blood, BLOOD_T1_S)))
    frames = [random.standard_normal(SHAPE, dtype=np.float32) for _ in TIME_S]
    for n, frame in enumerate(frames):
        frame *= NOISE
        for mask, values in tissues:
            frame[mask] += np.float32(values[n] if mask is HEAD else values[n] - tissues[0][1][n])
        np.abs(frame, out=frame)
    acquisition = Acquisition(tr_s=TR_S, te_s=0.002, flip_angle_deg=FLIP_DEG, field_strength_t=3.0, agent="gadobutrol")
    return DynamicSeries("large", frames, GRID, TIME_S, acquisition)


def study() -> None:
    """Make the series and measure it, with the default settings."""
    structures = {"Lesion": LESION}
    request = PerfusionRequest(
        series=large_series(), kind=SeriesKind.DCE, lesions=structures, white_matter=WHITE, t1=T1_S
    )
    measure_perfusion(request)


def bench_large_study() -> list[Figure]:
    """With the series itself, and all that it is made of."""
    memory_mb = 0.0

    def watched() -> None:
        nonlocal memory_mb
        memory_mb = peak_megabytes(study, interval_s=0.05)

    time_s = seconds(watched, 1)
    count = np.count_nonzero(HEAD) / 1e6
    what = f"DCE study of 256 x 256 x 60 voxels, {FRAMES} frames, {count:.1f} million in the head"
    return [
        Figure(f"{what}: memory in all, the series included", memory_mb, "MB", 3000),
        Figure("the same: time", time_s, "s", 300),
    ]
