"""A small head with known perfusion, for studies that are measured in a fraction of a second."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.perfusion import (
    Acquisition,
    AifChoice,
    AifSource,
    DynamicSeries,
    PerfusionRequest,
    PerfusionSettings,
    SeriesKind,
    concentration_to_signal,
    model_curve,
)
from brachyresponse.perfusion.aif import blood_to_plasma, parker_aif
from brachyresponse.perfusion.study import StudyDates

SHAPE_KJI = (8, 20, 20)
VOXEL_MM = (2.0, 2.0, 3.0)
T1_S, BLOOD_T1_S, HEMATOCRIT, RELAXIVITY = 1.2, 1.664, 0.42, 4.5
VP = {"lesion": 0.06, "white matter": 0.02, "tissue": 0.03}
KTRANS_PER_MIN, VE = 0.1, 0.3
ARRIVAL_S = 30.0
DCE = Acquisition(tr_s=0.005, te_s=0.002, flip_angle_deg=20.0, field_strength_t=3.0, agent="gadobutrol",
                  dose_mmol_per_kg=0.1)  # fmt: skip
DSC = Acquisition(tr_s=1.5, te_s=0.03, flip_angle_deg=60.0, field_strength_t=3.0, agent="gadobutrol",
                  dose_mmol_per_kg=0.1, preload_dose_mmol_per_kg=0.1)  # fmt: skip
QUICK = PerfusionSettings(fit_delay=False, patlak_by_aicc=False, bootstrap_samples=100)
DATES = StudyDates(scan=date(2027, 2, 1), treatment=date(2026, 3, 7))


def grid() -> Grid:
    matrix = np.diag([*VOXEL_MM, 1.0])
    matrix[:3, 3] = (-20.0, -20.0, 10.0)
    return Grid(SHAPE_KJI, matrix)


def box(*ranges: tuple[int, int]) -> np.ndarray:
    mask = np.zeros(SHAPE_KJI, bool)
    mask[tuple(slice(a, b) for a, b in ranges)] = True
    return mask


HEAD = box((0, 8), (2, 18), (2, 18))
LESION = box((2, 7), (5, 11), (4, 8))
WHITE_MATTER = box((2, 7), (5, 11), (12, 16))
ARTERY = box((1, 7), (14, 16), (9, 11))


def lesion() -> Structure:
    return Structure("Lesion", LESION, grid())


def white_matter() -> Structure:
    return Structure("White matter", WHITE_MATTER, grid())


def dce_series(vp_lesion: float = VP["lesion"], noise: float = 0.002) -> DynamicSeries:
    """Extended Tofts in the lesion, plasma alone elsewhere; T1 is one for tissue and another in the artery."""
    time_s = 4.0 * np.arange(40)
    blood = parker_aif(time_s, arrival_s=ARRIVAL_S)
    plasma = blood_to_plasma(blood, hematocrit=HEMATOCRIT)
    leaky = {"ktrans_per_min": np.array(KTRANS_PER_MIN), "ve": np.array(VE), "vp": np.array(vp_lesion)}
    curves = np.zeros((*SHAPE_KJI, len(time_s)))
    curves[HEAD] = VP["tissue"] * plasma
    curves[WHITE_MATTER] = VP["white matter"] * plasma
    curves[LESION] = model_curve("extended_tofts", leaky, time_s, plasma)
    curves[ARTERY] = blood
    t1_s = np.where(ARTERY, BLOOD_T1_S, T1_S)
    signal = concentration_to_signal(
        curves, tr_s=0.005, flip_angle_deg=20.0, t10_s=t1_s, relaxivity_per_s_per_mmol_l=RELAXIVITY
    )
    return _series("Small DCE", 1000 * signal, time_s, DCE, noise)


def dsc_series(ratio: float = 2.5, k2_per_s: float = 0.0, noise: float = 0.004) -> DynamicSeries:
    """A gamma variate in all tissue, the lesion with ``ratio`` times the blood of white matter, and its leakage."""
    time_s = 1.5 * np.arange(60)
    since = np.maximum(time_s - ARRIVAL_S, 0.0)
    tissue = since**3 * np.exp(-since / 2.0)
    tissue *= 6.0 / tissue.max()
    artery = np.maximum(time_s - ARRIVAL_S + 2.0, 0.0) ** 3 * np.exp(-np.maximum(time_s - ARRIVAL_S + 2.0, 0) / 1.2)
    leaked = np.cumsum(tissue) * 1.5
    rate = np.zeros((*SHAPE_KJI, len(time_s)))
    rate[HEAD], rate[WHITE_MATTER] = 1.3 * tissue, tissue
    rate[LESION] = ratio * tissue - k2_per_s * leaked
    rate[ARTERY] = 45.0 * artery / artery.max()
    return _series("Small DSC", 1000 * np.exp(-0.03 * rate), time_s, DSC, noise)


def request(series: DynamicSeries | None = None, **changes: Any) -> PerfusionRequest:
    """A DCE study with one stated T1 and the population AIF; ``changes`` replace any of it."""
    given = series or dce_series()
    study = PerfusionRequest(
        series=given,
        kind=SeriesKind.DCE,
        lesions={"Lesion": lesion()},
        white_matter=white_matter(),
        anatomical=anatomical(),
        t1=T1_S,
        aif=AifChoice(AifSource.PARKER),
        settings=replace(QUICK, exclude_vessels=False, exclude_necrosis=False),
        dates=DATES,
        patient_id="P1",
    )
    return replace(study, **changes)


def dsc_request(series: DynamicSeries | None = None, **changes: Any) -> PerfusionRequest:
    artery = AifChoice(AifSource.SEGMENT, Structure("Artery", ARTERY, grid()))
    return request(series or dsc_series(), kind=SeriesKind.DSC, aif=artery, t1=None, **changes)


def anatomical() -> Volume:
    return Volume("T1 post-contrast", (HEAD * 100.0 + LESION * 100.0).astype(np.float32), grid())


def _series(name: str, signal: np.ndarray, time_s: np.ndarray, acquisition: Acquisition, noise: float) -> DynamicSeries:
    random = np.random.default_rng(3)
    scale = float(signal[HEAD].max())
    signal = np.where(HEAD[..., None], signal, 0.0) + scale * 0.001 * random.random(signal.shape)
    noisy = signal * (1 + noise * random.standard_normal(signal.shape))
    frames = [np.ascontiguousarray(frame, np.float32) for frame in np.moveaxis(noisy, -1, 0)]
    return DynamicSeries(name, frames, grid(), time_s, acquisition, "made for tests")
