"""A patient's visits in the scene: small scans with lesions as boxes and balls, and an assessment of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import slicer.util

from brachyresponse.geometry import Grid, Structure
from brachyresponse.scene.segments import write_structure
from brachyresponse.types import AnyArray

SHAPE_KJI, SPACING_MM = (16, 40, 40), (1.0, 1.0, 2.0)
BASELINE, FOLLOW_UP = "2026-03-01", "2026-06-01"


@dataclass(frozen=True)
class Scan:
    """An image of a visit and the segmentation drawn on it."""

    volume: Any
    segmentation: Any

    def draw(self, name: str, centre_mm: tuple[float, float, float], radius_mm: float) -> str:
        """Draw a ball and return its segment ID."""
        return str(write_structure(Structure(name, ball(centre_mm, radius_mm), grid()), self.segmentation, name))


def grid() -> Grid:
    """Slices of 2 mm, the origin in the middle."""
    matrix = np.diag([*SPACING_MM, 1.0])
    matrix[:3, 3] = -np.array(SPACING_MM) * (np.array(SHAPE_KJI[::-1]) - 1) / 2
    return Grid(SHAPE_KJI, matrix)


def ball(centre_mm: tuple[float, float, float], radius_mm: float) -> AnyArray:
    """The voxels of a ball, [k, j, i]."""
    away_mm = np.linalg.norm(grid().points_mm() - np.array(centre_mm), axis=-1).reshape(SHAPE_KJI)
    return away_mm < radius_mm


def add_scan(scene: Any, name: str, bright: AnyArray | None = None) -> Scan:
    """An image, bright where a lesion is, and an empty segmentation on it."""
    values = np.full(SHAPE_KJI, 100.0, np.float32)
    values[:, 5:-5, 5:-5] = 200.0
    if bright is not None:
        values[bright] = 400.0
    volume = slicer.util.addVolumeFromArray(values, ijkToRAS=grid().ijk_to_ras, name=f"{name} T1 post-contrast")
    segmentation = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", f"{name} drawn")
    segmentation.CreateDefaultDisplayNodes()
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    return Scan(volume, segmentation)


def response_logic() -> Any:
    """The Logic of the module file, as Slicer loads it."""
    import sys

    from reference import PROJECT
    from slicer_standin.modules import load_module

    module = sys.modules[load_module(PROJECT / "ResponseAssess" / "ResponseAssess.py").name]
    return module.ResponseAssessLogic()
