"""A block of tissue with an artery, its partly filled edge and a larger, later vein."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.perfusion.aif import parker_aif
from dsc_curves import gamma_bolus

SHAPE_KJI = (6, 26, 26)
TIME_S = 2.0 * np.arange(60)


@dataclass(frozen=True)
class VesselPhantom:
    """Curves [k, j, i, T] that rise from 0, the noise-free ones of the vessels, and where these lie."""

    curves: np.ndarray
    artery: np.ndarray
    vein: np.ndarray
    in_artery: np.ndarray
    in_vein: np.ndarray

    @property
    def time_s(self) -> np.ndarray:
        """(T,) s."""
        return TIME_S


def vessel_phantom(kind: str = "dce", *, noise_share: float = 0.01, random_seed: int = 0) -> VesselPhantom:
    """Make a phantom whose noise is a share of the artery's peak; the artery's edge holds 40 % of it."""
    _, j, i = np.indices(SHAPE_KJI)
    from_artery, from_vein = np.hypot(j - 7, i - 7), np.hypot(j - 18, i - 14)
    artery, vein, tissue = _dce_curves() if kind == "dce" else _dsc_curves()
    curves = np.tile(tissue, (*SHAPE_KJI, 1))
    curves[from_vein <= 3] = vein
    curves[(from_artery > 2) & (from_artery <= 3)] = 0.4 * artery
    curves[from_artery <= 2] = artery
    noise = np.random.default_rng(random_seed).normal(scale=noise_share * artery.max(), size=curves.shape)
    return VesselPhantom((curves + noise).astype(np.float32), artery, vein, from_artery <= 2, from_vein <= 3)


def _dce_curves() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    artery = parker_aif(TIME_S, arrival_s=20.0)
    spread = np.exp(-TIME_S / 3.0)
    vein = 1.3 * np.convolve(parker_aif(TIME_S, arrival_s=26.0), spread / spread.sum())[: len(TIME_S)]
    return artery, vein, 0.03 * artery + 1e-4 * np.cumsum(artery)


def _dsc_curves() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    artery = 30 * (gamma_bolus(TIME_S) + 0.15 * gamma_bolus(TIME_S, 38.0, scale_s=4.0))
    vein = 35 * (gamma_bolus(TIME_S, 25.0, scale_s=2.0) + 0.15 * gamma_bolus(TIME_S, 45.0, scale_s=4.0))
    return artery, vein, 0.1 * np.interp(TIME_S - 3, TIME_S, artery)
