"""Diffusion of the digital patient: images at two b values and the ADC map of the scanner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.diffusion.units import ADC_UNIT
from brachyresponse.digital_patient.evidence.tables import session_table
from brachyresponse.digital_patient.painting import turned_grid
from brachyresponse.digital_patient.perfusion.disturbances import with_rician_noise
from brachyresponse.digital_patient.perfusion.lying import LyingHead
from brachyresponse.digital_patient.perfusion.mixing import mixed
from brachyresponse.digital_patient.perfusion.scans import ScannedHead
from brachyresponse.geometry import Grid, Volume
from brachyresponse.progress import Report
from brachyresponse.types import AnyArray, Float32Array, FloatArray

AIR_SHARE = 0.12
"""Of white matter's signal: the scanner gives no ADC below."""


@dataclass(frozen=True, eq=False)
class DigitalDiffusion:
    """Diffusion as a scanner gives it, on one grid.

    Parameters
    ----------
    adc
        1e-6 mm2/s, from the logarithm of the images' quotient; 0 in air.
    images
        One a b value.
    adc_of_tissues
        The truth, by tissue: ``lesion`` is its solid part, ``necrosis`` its core.
    """

    adc: Volume
    images: tuple[Volume, ...]
    b_values_s_per_mm2: tuple[float, ...]
    adc_of_tissues: dict[str, float]


def diffusion_scan(
    lying: LyingHead, adc_of_lesion: dict[str, float], random: np.random.Generator, report: Report
) -> DigitalDiffusion:
    """Scan the diffusion of a head; ``adc_of_lesion`` goes before the table's, by tissue."""
    figures = session_table()["diffusion"]
    adc = {**figures["adc"], **adc_of_lesion}
    scanned = lying.scanned(_grid(lying.plan_to_visit), report)
    varying = _varying(scanned, figures, random)
    left = scanned.share_left(figures["te_s"])
    signals = []
    for b in figures["b_values_s_per_mm2"]:
        decay = {name: figures["signal"][name] * np.exp(-b * 1e-6 * adc[name]) for name in scanned.tissues}
        clean = left * mixed(scanned.shares, list(decay.values()))
        clean = (clean * np.exp(-b * 1e-6 * adc["lesion"] * varying)).astype(np.float32)
        signals.append(with_rician_noise(clean, figures["noise"], random))
    b_values = tuple(map(float, figures["b_values_s_per_mm2"]))
    images = tuple(Volume(f"DWI b {b:g}", signal, scanned.grid) for b, signal in zip(b_values, signals, strict=True))
    least = AIR_SHARE * figures["signal"]["white matter"]
    return DigitalDiffusion(
        Volume("ADC", _adc(signals, b_values, least), scanned.grid, ADC_UNIT), images, b_values, adc
    )


def _grid(plan_to_visit: FloatArray) -> Grid:
    figures = session_table()["diffusion"]
    x, y, z = plan_to_visit[:3, :3] @ figures["centre_mm"] + plan_to_visit[:3, 3]
    size, spacing, angles = (tuple(figures[name]) for name in ("size_ijk", "spacing_mm", "angles_deg"))
    return turned_grid(size, spacing, angles, (float(x), float(y), float(z)))


def _varying(scanned: ScannedHead, figures: dict[str, AnyArray], random: np.random.Generator) -> Float32Array:
    """Return by which share the ADC of the lesion is higher or lower from place to place, [k, j, i]; 0 outside it."""
    from scipy.ndimage import gaussian_filter

    share = scanned.shares[list(scanned.tissues).index("lesion")]
    sigma = figures["smoothness_mm"] / scanned.grid.spacing_ijk_mm[::-1]
    field = gaussian_filter(random.standard_normal(share.shape, dtype=np.float32), sigma)
    inside = field[share > 0.5]
    varying: Float32Array = share * (figures["spread"] * (field - inside.mean()) / inside.std()).astype(np.float32)
    return varying


def _adc(signals: list[Float32Array], b_values: tuple[float, ...], least: float) -> Float32Array:
    """Return what scanners compute: ln(S0 / Sb) / b, never below 0."""
    first, last = signals[0], signals[-1]
    seen = first > least
    adc = np.zeros(first.shape, np.float32)
    quotient = first[seen] / np.maximum(last[seen], 1.0)
    adc[seen] = np.maximum(1e6 * np.log(quotient) / (b_values[-1] - b_values[0]), 0)
    return adc
