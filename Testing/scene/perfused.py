"""A tiny DCE scan in the scene: lesion, white matter and artery as balls, on an oblique grid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import slicer
import slicer.util

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
from brachyresponse.scene.perfusion_choices import set_aif, set_setting
from brachyresponse.scene.perfusion_images import set_image
from brachyresponse.scene.perfusion_parts import PerfusionRole
from brachyresponse.scene.perfusion_segments import BRAIN, WHITE_MATTER, add_lesion, choose_segment
from brachyresponse.scene.perfusion_sequences import add_sequence
from brachyresponse.scene.perfusion_studies import create_study, set_kind
from brachyresponse.scene.perfusion_t1 import T1Choice, set_t1
from brachyresponse.scene.segments import write_structure
from brachyresponse.types import AnyArray, FloatArray
from scene.building import rotation

SHAPE_KJI, SPACING_MM = (6, 12, 12), 6.0
FRAMES, STEP_S, ARRIVAL_S = 30, 4.0, 30.0
T1_S, RELAXIVITY = 1.4, 4.97
SIGNAL = 300.0
FIGURES = {"tr_s": 0.005, "te_s": 0.0018, "flip_angle_deg": 20.0, "field_strength_t": 3.0, "agent": "gadobutrol"}
ACQUISITION = Acquisition(**FIGURES, origins=dict.fromkeys(FIGURES, "made"))  # type: ignore[arg-type]
BALLS = {"Lesion": ((18.0, 4.0, 0.0), 12.0), "White matter": ((-18.0, 4.0, 0.0), 12.0), "Artery": ((0, -24.0, 0), 8.0)}
TISSUES = {
    "Lesion": {"ktrans_per_min": 0.12, "vp": 0.06},
    "White matter": {"ktrans_per_min": 0.02, "vp": 0.02},
}
"""By the Patlak model, which is fitted in a moment."""
QUICK = {"model": "patlak", "fit_delay": False, "patlak_by_aicc": False, "bootstrap_samples": 50}
TRUE = {"blood_t1_s": T1_S, "relaxivity_per_s_per_mmol_l": RELAXIVITY}
"""What the scan was made with, blood being as bright as tissue."""


@dataclass(frozen=True)
class Perfused:
    """What was put into the scene."""

    node: Any
    series: Any
    anatomical: Any
    segmentation: Any
    ids: dict[str, str]


def grid() -> Grid:
    """Turned by 15 degrees round the origin."""
    matrix = np.eye(4)
    matrix[:3, :3] = SPACING_MM * rotation(15.0, [1, 2, 3])
    matrix[:3, 3] = -matrix[:3, :3] @ (np.array(SHAPE_KJI[::-1]) - 1) / 2
    return Grid(SHAPE_KJI, matrix)


def ball(name: str) -> AnyArray:
    """The voxels of a ball, [k, j, i]."""
    centre, radius = BALLS[name]
    return np.linalg.norm(grid().points_mm() - np.array(centre), axis=-1).reshape(SHAPE_KJI) < radius


def times() -> FloatArray:
    """(T,) s."""
    return np.arange(FRAMES) * STEP_S


@cache
def signals() -> AnyArray:
    """The frames, (T, k, j, i), with a little noise; outside the balls the tissue does not enhance."""
    blood = parker_aif(times(), arrival_s=ARRIVAL_S)
    plasma = blood_to_plasma(blood, hematocrit=DEFAULT_HEMATOCRIT)
    concentration = np.zeros((*SHAPE_KJI, FRAMES))
    for name, tissue in TISSUES.items():
        concentration[ball(name)] = model_curve("patlak", tissue, times(), plasma)
    concentration[ball("Artery")] = blood
    signal = concentration_to_signal(
        concentration,
        tr_s=ACQUISITION.needed("tr_s", "the test"),
        flip_angle_deg=ACQUISITION.needed("flip_angle_deg", "the test"),
        t10_s=T1_S,
        relaxivity_per_s_per_mmol_l=RELAXIVITY,
        baseline_signal=SIGNAL,
    )
    noise = np.random.default_rng(3).normal(0, 0.002 * SIGNAL, signal.shape)
    return np.moveaxis(signal + noise, -1, 0).astype(np.float32)


def series() -> DynamicSeries:
    """The scan as the library knows it."""
    return DynamicSeries("DCE", tuple(signals()), grid(), times(), ACQUISITION, "made")


def add_structures(scene: Any) -> tuple[Any, dict[str, str]]:
    """A segmentation with the balls, and all three as brain; segment IDs by name."""
    node = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Drawn")
    node.CreateDefaultDisplayNodes()
    masks = {name: ball(name) for name in BALLS}
    masks["Brain"] = np.logical_or.reduce(list(masks.values()))
    return node, {name: write_structure(Structure(name, mask, grid()), node) for name, mask in masks.items()}


def add_perfused(scene: Any, name: str = "Follow-up") -> Perfused:
    """A study that is ready to be measured in a moment: maps only where the balls are."""
    sequence = add_sequence(scene, series(), f"{name} DCE")
    matrix = grid().ijk_to_ras
    anatomical = slicer.util.addVolumeFromArray(signals()[-1], ijkToRAS=matrix, name=f"{name} post-contrast")
    segmentation, ids = add_structures(scene)
    node = create_study(scene, sequence, name)
    set_kind(node, "dce")
    set_image(node, PerfusionRole.ANATOMICAL, anatomical, "anatomical image")
    add_lesion(node, segmentation, ids["Lesion"])
    choose_segment(node, WHITE_MATTER, segmentation, ids["White matter"])
    choose_segment(node, BRAIN, segmentation, ids["Brain"])
    set_aif(node, "segment", segmentation, ids["Artery"])
    set_t1(node, T1Choice(seconds=T1_S))
    for key, value in {**QUICK, **TRUE}.items():
        set_setting(node, key, value)
    return Perfused(node, sequence, anatomical, segmentation, ids)
