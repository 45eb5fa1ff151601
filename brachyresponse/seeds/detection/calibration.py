"""How the scanner blurred this image, from its own lone seeds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.seeds.detection.fitting import Patch, Poses, fit_poses
from brachyresponse.seeds.detection.metal import MetalObject
from brachyresponse.seeds.detection.template import ScannerImage, Template, make_template

USUAL_BLUR_MM = 0.5
"""Where there is no lone seed to learn from."""
TRIED_BLUR_MM = (0.3, 0.4, 0.5, 0.65, 0.85)
FINEST_STEP_MM = 0.02
MOST_SEEDS = 16


def estimate_blur(metal: MetalObject, slice_mm: float, patches: Sequence[Patch], poses: Sequence[Poses]) -> float:
    """Return the blur in the slice plane that explains some lone seeds best, mm.

    Parameters
    ----------
    slice_mm
        Thickness of the slices.
    patches, poses
        One seed each, found with a blur near the right one.
    """

    def cost(blur_mm: float) -> float:
        template = make_template(metal, ScannerImage(slice_mm, blur_mm))
        return float(np.median([_cost(template, patch, pose) for patch, pose in zip(patches, poses, strict=True)]))

    costs = {blur_mm: cost(blur_mm) for blur_mm in TRIED_BLUR_MM}
    best = min(costs, key=costs.__getitem__)
    step = 0.05
    while step >= FINEST_STEP_MM:
        for blur_mm in (best - step, best + step):
            costs.setdefault(blur_mm, cost(blur_mm))
        nearest = min(costs, key=costs.__getitem__)
        step = step if nearest != best else step / 2
        best = nearest
    return best


def _cost(template: Template, patch: Patch, poses: Poses) -> float:
    return fit_poses(template, patch, poses, rounds=4).misfit
