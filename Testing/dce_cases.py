"""Inputs, tissue and OSIPI rows that several tests of the DCE models share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

import osipi
from brachyresponse.perfusion import parker_aif

TIME_S = 3.75 * np.arange(80)
PLASMA = parker_aif(TIME_S, arrival_s=15.0) / (1 - 0.42)

TOLERANCES = {
    "ktrans_per_min": osipi.KTRANS_PER_MIN,
    "ps_per_min": osipi.PS_PER_MIN,
    "ve": osipi.VE,
    "vp": osipi.VP,
    "fp_ml_per_100ml_per_min": osipi.FP_ML_PER_100ML_PER_MIN,
    "delay_s": osipi.DELAY_S,
}
REFERENCE_COLUMNS = {
    "ktrans_per_min": "Ktrans",
    "ps_per_min": "ps",
    "ve": "ve",
    "vp": "vp",
    "fp_ml_per_100ml_per_min": "fp",
}
FILES = {
    "tofts": ("dce_DRO_data_tofts.csv", "dce_DRO_data_tofts.csv"),
    "extended_tofts": ("dce_DRO_data_extended_tofts.csv", "dce_DRO_data_extended_tofts.csv"),
    "patlak": ("patlak_sd_0.02_delay_0.csv", "patlak_sd_0.02_delay_5.csv"),
    "2cum": ("2cum_sd_0.0025_delay_0.csv", "2cum_sd_0.0025_delay_5.csv"),
    "2cxm": ("2cxm_sd_0.001_delay_0.csv", "2cxm_sd_0.001_delay_5.csv"),
}
FRAMES_SHIFTED = {"tofts": 10, "extended_tofts": 5}
"""OSIPI makes the delay of the two reference objects by shifting the tissue curve: 5 s in both."""


@dataclass(frozen=True)
class OsipiCase:
    """One row: curves, times, and the true parameters by our names."""

    label: str
    time_s: np.ndarray
    tissue: np.ndarray
    plasma: np.ndarray
    expected: dict[str, float]


def topic_file(model: str, delayed: bool) -> str:
    return f"dce_models/{FILES[model][delayed]}"


def osipi_cases(model: str, delayed: bool) -> Iterator[OsipiCase]:
    """The rows of a model; with a delay the reference is 5 s."""
    for row in osipi.rows(topic_file(model, delayed)):
        tissue = osipi.curve(row["C"] if "C" in row else row["C_t"])
        if delayed and model in FRAMES_SHIFTED:
            tissue = np.concatenate([np.zeros(FRAMES_SHIFTED[model]), tissue[: -FRAMES_SHIFTED[model]]])
        expected = {name: float(row[column]) for name, column in REFERENCE_COLUMNS.items() if column in row}
        if delayed:
            expected["delay_s"] = 5.0
        plasma = osipi.curve(row["ca"] if "ca" in row else row["cp_aif"])
        yield OsipiCase(row["label"], osipi.curve(row["t"]), tissue, plasma, expected)


def tumour(count: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Extended Tofts parameters of N voxels of an enhancing lesion."""
    random = np.random.default_rng(seed)
    ranges = {"ktrans_per_min": (0.02, 0.3), "ve": (0.1, 0.5), "vp": (0.01, 0.1)}
    return {name: random.uniform(low, high, count) for name, (low, high) in ranges.items()}
