"""A small DCE scan for tests of the panel: artery, lesion and white matter in a head of balls, in the scene."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from brachyresponse.geometry import Grid, Structure
from brachyresponse.perfusion import (
    DEFAULT_HEMATOCRIT,
    Acquisition,
    DynamicSeries,
    blood_to_plasma,
    concentration_to_signal,
    model_curve,
    parker_aif,
)

SHAPE_KJI, SPACING_MM = (6, 18, 16), 6.0
FRAMES, STEP_S, ARRIVAL_S = 32, 4.0, 34.0
TR_S, FLIP_DEG, T1_S, RELAXIVITY = 0.005, 15.0, 1.4, 4.5
HEAD_MM = 62.0
LESION_MM, WHITE_MATTER_MM, ARTERY_MM = (24.0, 12.0, 0.0), (-24.0, 12.0, 0.0), (0.0, -36.0, 0.0)
RADIUS_MM, ARTERY_RADIUS_MM = 13.0, 8.0
WHITE_MATTER = {"ktrans_per_min": 0.02, "ve": 0.1, "vp": 0.02}
HYPERPERFUSED = {"ktrans_per_min": 0.12, "ve": 0.24, "vp": 0.06}
NOT_HYPERPERFUSED = {"ktrans_per_min": 0.06, "ve": 0.15, "vp": 0.022}
NOISE = 0.004
"""Standard deviation of the signal's noise, of the signal before contrast."""


@dataclass(frozen=True)
class SmallScan:
    """What was put into the scene."""

    series: Any
    anatomical: Any
    segmentation: Any
    lesion: str
    white_matter: str
    artery: str

    @property
    def patient(self) -> dict[str, Any]:
        """As the other panels' tests know it."""
        return {"volume": self.anatomical, "segmentation": self.segmentation}


def grid() -> Grid:
    """Voxels of 6 mm round the origin."""
    matrix = np.diag([SPACING_MM, SPACING_MM, SPACING_MM, 1.0])
    matrix[:3, 3] = -SPACING_MM * (np.array(SHAPE_KJI[::-1]) - 1) / 2
    return Grid(SHAPE_KJI, matrix)


def ball(centre_mm: tuple[float, float, float], radius_mm: float) -> np.ndarray:
    """Voxels in a ball, [k, j, i]."""
    away = np.linalg.norm(grid().points_mm() - np.array(centre_mm), axis=-1)
    return (away < radius_mm).reshape(SHAPE_KJI)


@cache
def signals(hyperperfused: bool) -> np.ndarray:
    """The frames, (T, k, j, i)."""
    time_s = np.arange(FRAMES) * STEP_S
    blood = parker_aif(time_s, arrival_s=ARRIVAL_S)
    plasma = blood_to_plasma(blood, hematocrit=DEFAULT_HEMATOCRIT)
    concentration = np.zeros((*SHAPE_KJI, FRAMES))
    head, lesion = ball((0, 0, 0), HEAD_MM), ball(LESION_MM, RADIUS_MM)
    concentration[head] = model_curve("extended_tofts", WHITE_MATTER, time_s, plasma)
    tissue = HYPERPERFUSED if hyperperfused else NOT_HYPERPERFUSED
    concentration[lesion] = model_curve("extended_tofts", tissue, time_s, plasma)
    concentration[ball(ARTERY_MM, ARTERY_RADIUS_MM)] = blood
    before = np.where(head, 300.0, 0.0)
    signal = concentration_to_signal(
        concentration,
        tr_s=TR_S,
        flip_angle_deg=FLIP_DEG,
        t10_s=T1_S,
        relaxivity_per_s_per_mmol_l=RELAXIVITY,
        baseline_signal=before,
    )
    noise = np.random.default_rng(7).normal(0, NOISE * 300, signal.shape)
    return np.moveaxis(np.where(head[..., None], signal + noise, 0), -1, 0).astype(np.float32)


def add_small_scan(scene: Any, *, hyperperfused: bool = True, name: str = "DCE") -> SmallScan:
    """Add a series with times and acquisition, a post-contrast image, and segments of the three."""
    import slicer

    from brachyresponse.scene.perfusion_sequences import add_sequence
    from brachyresponse.scene.segments import write_structure

    frames, matrix = signals(hyperperfused), grid().ijk_to_ras
    acquisition = Acquisition(tr_s=TR_S, te_s=0.0016, flip_angle_deg=FLIP_DEG, field_strength_t=3.0, agent="gadobutrol")
    series = add_sequence(scene, DynamicSeries(name, frames, grid(), np.arange(FRAMES) * STEP_S, acquisition))
    anatomical = slicer.util.addVolumeFromArray(frames[-1], ijkToRAS=matrix, name=f"{name} post-contrast")
    segmentation = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", f"{name} structures")
    segmentation.CreateDefaultDisplayNodes()
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(anatomical)
    masks = {
        "Lesion": ball(LESION_MM, RADIUS_MM),
        "White matter": ball(WHITE_MATTER_MM, RADIUS_MM),
        "Artery": ball(ARTERY_MM, ARTERY_RADIUS_MM),
    }
    ids = [write_structure(Structure(label, mask, grid()), segmentation) for label, mask in masks.items()]
    return SmallScan(series, anatomical, segmentation, *ids)
