"""Invented inputs of the pictures of evidence, spectra, voxels and diffusion: shapes that are known, not physics."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.pictures.diffusion_histogram import HistogramPart
from brachyresponse.pictures.spectrum_picture import PicturedSpectrum
from brachyresponse.pictures.voxel_map_picture import PicturedRatios
from brachyresponse.pictures.voxel_picture import PicturedVoxel
from brachyresponse.response.evidence import Prior
from brachyresponse.types import FloatArray

PRIOR = Prior(0.31, 0.5, 0.69, "biopsied growing lesion after SRS: 11 of 35 (Narloch 2017)", "Tumour board")
LINES = {"NAA": (2.01, 0.5), "Cr": (3.03, 0.6), "Cho": (3.2, 1.4), "Lac": (1.31, -0.5), "Lip13": (1.3, 0.4)}
LINES |= {"Lip09": (0.9, 0.25)}
WIDTH_PPM = 0.05


def grid_of_probability(ratios: tuple[float, float, float] = (4.2, 8.6, 17.0)) -> tuple[FloatArray, FloatArray]:
    """Priors (P,), and probabilities (P, W) for one likelihood ratio a weight."""
    priors = np.linspace(0.01, 0.99, 99)
    odds = priors[:, None] / (1 - priors[:, None]) * np.array(ratios)
    return priors, odds / (1 + odds)


def spectrum(*, noise: float = 0.03, refused: dict[str, str] | None = None) -> PicturedSpectrum:
    """A spectrum of Lorentzian lines on a slope, from high to low ppm as many programs write it."""
    ppm = np.linspace(8.0, -1.0, 2048)
    components = {name: area / (1 + ((ppm - at) / WIDTH_PPM) ** 2) for name, (at, area) in LINES.items()}
    baseline = 0.15 + 0.1 * np.cos(ppm)
    fitted = baseline + np.sum(list(components.values()), axis=0)
    residual = noise * np.random.default_rng(3).normal(size=ppm.size)
    notes = {name: f"bound {5 + number} %" for number, name in enumerate(components)}
    return PicturedSpectrum(
        "Lesion T1", ppm, fitted + residual, fitted, baseline, residual, components, notes, refused or {}
    )


def _turned(
    degrees: float, spacing_mm: tuple[float, float, float], centre_mm: tuple[float, float, float]
) -> FloatArray:
    angle = np.deg2rad(degrees)
    about_z = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]])
    matrix = np.eye(4)
    matrix[:3, :3] = about_x @ about_z @ np.diag(spacing_mm)
    matrix[:3, 3] = centre_mm
    return matrix


def ball(centre_mm: tuple[float, float, float], radius_mm: float) -> Structure:
    """A round lesion on a grid of 2 mm."""
    grid = Grid.covering((-40.0, -40.0, -40.0), (40.0, 40.0, 40.0), 2.0)
    far = np.linalg.norm(grid.points_mm() - np.array(centre_mm), axis=-1)
    return Structure("Lesion", np.clip((radius_mm - far) / 2 + 0.5, 0, 1), grid)


def anatomy() -> Volume:
    """A head-like ball that brightens to the front."""
    grid = Grid.covering((-60.0, -60.0, -50.0), (60.0, 60.0, 50.0), 2.5)
    points = grid.points_mm()
    inside = np.linalg.norm(points / np.array([55.0, 58.0, 48.0]), axis=-1) < 1
    return Volume("T1", np.where(inside, 300 + points[..., 1], 10.0), grid)


def voxel(degrees: float = 25.0) -> PicturedVoxel:
    """A single voxel of 20 x 20 x 15 mm that lies obliquely across the edge of a lesion."""
    grid = Grid((1, 1, 1), _turned(degrees, (20.0, 20.0, 15.0), (5.0, 3.0, 0.0)))
    return PicturedVoxel(anatomy(), grid, (0, 0, 0), {"Lesion": ball((8.0, 8.0, 0.0), 12.0)}, {"lesion": 0.62})


def ratios() -> PicturedRatios:
    """A grid of 8 x 8 voxels, the ratio high in the lesion, three voxels refused and the rim not measured."""
    grid = Grid((1, 8, 8), _turned(12.0, (10.0, 10.0, 12.0), (-30.0, -34.0, -5.0)))
    lesion = ball((8.0, 8.0, 0.0), 14.0)
    far = np.linalg.norm(grid.points_mm() - lesion.centre_mm, axis=-1)
    values = 0.6 + 2.4 * np.exp(-((far / 14) ** 2))
    refused = np.zeros(grid.shape_kji, bool)
    refused[0, [2, 4, 5], [5, 4, 1]] = True
    values[refused] = np.nan
    values[0, [0, -1]] = np.nan
    return PicturedRatios(anatomy(), Volume("Cho/NAA", values, grid), refused, {"Lesion": lesion})


def histogram_part(name: str, mean: float, spread: float, *, is_reference: bool = False) -> HistogramPart:
    """A normal distribution of the ADC in bins of 40 um2/s."""
    edges = np.arange(0.0, 3001.0, 40.0)
    middles = (edges[1:] + edges[:-1]) / 2
    density = np.exp(-0.5 * ((middles - mean) / spread) ** 2)
    steps = {5.0: -1.645, 10.0: -1.282, 50.0: 0.0, 90.0: 1.282}
    percentiles = {percent: mean + step * spread for percent, step in steps.items()}
    return HistogramPart(name, edges, density / density.sum(), percentiles, is_reference)


def histogram() -> list[HistogramPart]:
    """A lesion with its enhancing part and its core, and white matter."""
    return [
        histogram_part("Lesion", 1150, 260),
        histogram_part("Enhancing part", 950, 170),
        histogram_part("Core", 1650, 240),
        histogram_part("White matter", 780, 60, is_reference=True),
    ]
